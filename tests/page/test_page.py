"""Every sentence of the drug page has a check that passes, and that fails when the behavior is switched off."""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from docs.page_table import ROOT, SEED, PageRow, Shown, page_table, pieces, problems, read_rows
from inotrope.drug import Drug, load_drug
from inotrope.errors import InotropeError
from inotrope.plan import make_plan
from tests.page.people import adult
from tests.page.switching import NotFound, without

pytestmark = pytest.mark.usefixtures("uncounted")

PAGE_ROWS = read_rows()
EVERY = [one for row in PAGE_ROWS for one in row.shown]
HERE = Path(__file__).parent


def _check(one: Shown) -> Callable[[Drug], None]:
    file, _, name = one.check.partition(":")
    check: Callable[[Drug], None] = getattr(importlib.import_module(f"tests.page.checks.{file}"), name)
    return check


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.check)
def test_a_check_passes_on_the_shipped_folder_and_fails_when_the_behavior_is_switched_off(
    one: Shown, tmp_path: Path
) -> None:
    check = _check(one)
    check(load_drug("milrinone"))
    with without(one.off, tmp_path) as drug:
        make_plan(adult(), forecast=False, drug=drug)  # what is left of the program still answers
        assert _fails(check, drug), f"{one.check} does not notice that this is gone: {one.off}"


def _fails(check: Callable[[Drug], None], drug: Drug) -> bool:
    """Tell whether a check fails as a check does: by its own assertion or an error that the program raised."""
    try:
        check(drug)
    except InotropeError:
        return True
    except AssertionError as problem:
        last = Path(traceback.extract_tb(problem.__traceback__)[-1].filename)
        assert last.is_relative_to(HERE), f"an assertion of the program itself: {last}"
        return True
    return False


def test_every_piece_of_the_page_has_one_row_and_each_row_its_checks() -> None:
    assert problems(PAGE_ROWS, SEED.read_text("utf-8")) == []


def test_a_row_that_calls_the_page_loose_or_dated_names_a_fact_that_stands_there() -> None:
    wanting = []
    for row in PAGE_ROWS:
        for fact in row.facts:
            file, _, quoted = fact.partition(": ")
            text = " ".join((ROOT / "docs" / "facts" / file).read_text("utf-8").split())
            wanting += [] if quoted and quoted in text else [fact]
    assert wanting == []


def test_the_page_is_cut_without_losing_a_word() -> None:
    text = SEED.read_text("utf-8")
    words = [word for word in text.replace("---", " ").split() if word.strip("#*")]
    cut = " ".join(pieces(text)).split()
    assert [word.strip("*") for word in cut] == [word.strip("*") for word in words]


def test_a_new_sentence_a_lost_row_and_a_row_without_a_test_are_noticed() -> None:
    text = SEED.read_text("utf-8")
    first, *others = PAGE_ROWS
    bare = PageRow(first.text, first.verdict, first.facts, first.does, ())
    assert problems(PAGE_ROWS, text + "\nMilrinone cures everything.") != []
    assert problems(tuple(others), text) != []
    assert problems((first, *PAGE_ROWS), text) != []
    assert problems((bare, *others), text) != []
    assert problems((*others, first), text) == ["the rows do not stand in the order of the page"]
    with pytest.raises(SystemExit, match="no test: layout"):
        page_table((bare, *others))


@pytest.mark.parametrize(
    "edit",
    [
        {"drop": "rule/no-such-rule"},
        {"change": "identity/name", "to": "milrinone"},
        {"patch": "inotrope.plan.notice.NOTICE", "by": "nothing"},
    ],
    ids=str,
)
def test_an_edit_that_changes_nothing_is_no_switch(edit: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(NotFound), without([edit], tmp_path):
        pass
