"""`inotrope drug`: list, show, check."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from inotrope.drug import list_drugs
from inotrope.plan import NOTICE

from .conftest import ROOT, Run

FOLDER = ROOT / "inotrope" / "library" / "milrinone"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "milrinone"))


def test_the_list_names_every_drug(run: Run) -> None:
    ended = run("drug", "list")
    assert [line.split(":")[0] for line in ended.out.splitlines()] == list(list_drugs())
    assert [item["name"] for item in run("drug", "list", "--json").json] == list(list_drugs())


@pytest.mark.parametrize("form", ["terminal", "md", "html"])
@pytest.mark.parametrize("reader", ["staff", "family"])
def test_a_page_is_shown_in_every_form_for_every_reader(run: Run, form: str, reader: str) -> None:
    ended = run("drug", "show", "milrinone", "--format", form, "--for", reader)
    assert ended.code == 0
    assert NOTICE.split(".", maxsplit=1)[0] in " ".join(ended.out.split())
    assert {"terminal": "MILRINONE", "md": "# milrinone", "html": "<!DOCTYPE html>"}[form] in ended.out
    assert ("0.75 mcg/kg/min" in ended.out) == (reader == "staff")


def test_the_page_for_staff_opens_with_two_screens_and_says_where_the_rest_is(run: Run) -> None:
    short, full = run("drug", "show", "milrinone").out, run("drug", "show", "milrinone", "--full").out
    assert len(short.splitlines()) <= 130  # two screens of a ward's terminal, and its notice
    assert len(full.splitlines()) > 10 * len(short.splitlines())
    assert "--full" in short and "--section NAME" in short
    listed = " ".join(short.split()).partition("NAME is one of ")[2].partition(".")[0].split(", ")
    for name in listed:
        part = run("drug", "show", "milrinone", "--section", name)
        assert part.code == 0
        body = part.out.partition("-- ")[2].partition("-- Sources")[0]
        assert len(body.splitlines()) < len(full.splitlines())
    ids = {rule["id"] for rule in run("drug", "show", "milrinone", "--format", "json").json["rules"]}
    rules = "".join(run("drug", "show", "milrinone", "--section", "rules").out.split())
    assert all(id_ in rules for id_ in ids)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--section", "dose"), "'dose' is no part of the page. Write one of: identity,"),
        (("--section", "doses", "--for", "family"), "--section and --full belong to the page for staff"),
        (("--full", "--format", "json"), "--section and --full belong to the page for staff"),
        (("--full", "--section", "doses"), "not allowed with"),
    ],
)
def test_a_part_that_is_none_is_an_error(run: Run, words: tuple[str, ...], says: str) -> None:
    ended = run("drug", "show", "milrinone", *words)
    assert ended.code == 2
    assert ended.is_one_line()
    assert says in ended.err


def test_the_data_come_as_json(run: Run) -> None:
    found = run("drug", "show", "milrinone", "--format", "json").json
    entry, *others = found["entries"]
    assert [item["authority"] for item in others[:2]] == ["UK text", "ACCF/AHA guideline table"]
    assert entry["maintenance"]["maximum"]["value"] == {"value": 0.75, "unit": "mcg/kg/min"}
    assert entry["maintenance"]["maximum"]["source"]["status"] == "confirmed"
    assert found["notice"] == NOTICE
    assert len({rule["id"] for rule in found["rules"]}) == len(found["rules"]) > 40


@pytest.fixture
def short(copied: Path) -> Path:
    """A copy with the worked cases of two subjects: the whole of them is run once, below."""
    shutil.rmtree(copied / "cases")
    path = copied / "cases.toml"
    bases, *cases = path.read_text(encoding="utf-8").split("\n[[case]]\n")
    kept = [case for case in cases if 'id = "potassium-' in case or 'id = "hypersensitivity-' in case]
    assert len(kept) > 20
    path.write_text("\n[[case]]\n".join([bases, *kept]), encoding="utf-8")
    return copied


@pytest.mark.hazard("unproved-data")
@pytest.mark.usefixtures("uncounted")
def test_the_shipped_folder_stands_by_name(run: Run) -> None:
    """Every worked case of the library comes out as written: those that do not are listed with the difference."""
    found = run("drug", "check", "milrinone", "--json").json
    assert found["problems"] == found["worked_cases"]["failed"] == []
    assert found["worked_cases"]["run"] > 1500


def test_a_folder_stands_by_path(run: Run, short: Path) -> None:
    for where in (str(short), f"{short}/"):
        ended = run("drug", "check", where)
        assert ended.code == 0, ended.out[-2000:]
        assert "0 problems" in ended.out
        assert "0 failed" in ended.out


@pytest.mark.hazard("unproved-data")
@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('value = "0.75 mcg/kg/min", source', 'value = "0.75 mcg/kg", source', "maximum"),
        ('source = "pfizer-us-label:dosage-admin"', 'source = "no-such-text:page"', "no-such-text"),
        (', source = "pfizer-us-label:dosage-admin", status', ", status", "source"),
    ],
)
def test_a_folder_with_a_wrong_dimension_or_a_missing_source_must_not_stand(
    run: Run, copied: Path, old: str, new: str, named: str
) -> None:
    path = copied / "dosing.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    ended = run("drug", "check", str(copied))
    assert ended.code == 3
    assert "milrinone/dosing.toml, line " in ended.out
    assert named in ended.out
    assert run("drug", "check", str(copied), "--json").json["problems"]
    shown = run("drug", "show", str(copied))
    assert shown.code == 2
    assert shown.is_one_line(), shown.err


@pytest.mark.hazard("unproved-data")
@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('value = "0.45 L/kg"', 'value = "0.45 L"', "measures volume"),
        (
            'source = "swiss-text:kinetics, infusion 0.2 to 0.7 mcg/kg/min"',
            'source = "no-such-text:1"',
            "no-such-text",
        ),
    ],
)
def test_a_model_with_a_wrong_dimension_or_source_must_not_stand(
    run: Run, copied: Path, old: str, new: str, named: str
) -> None:
    path = copied / "models" / "label_adult.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    ended = run("drug", "check", str(copied))
    assert ended.code == 3
    assert "milrinone/models/label_adult.toml, line " in ended.out
    assert named in ended.out
    assert "1 problem; worked cases: not run, since the models are not sound." in ended.out
    found = run("drug", "check", str(copied), "--json").json
    assert found["problems"] == []
    assert "label_adult" in found["models"]["read"]
    assert len(found["models"]["problems"]) == 1


@pytest.mark.hazard("unproved-data")
def test_a_response_with_a_wrong_dimension_must_not_stand(run: Run, copied: Path) -> None:
    path = copied / "response.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('half_life = { value = "6 min"', 'half_life = { value = "6 mL"', 1), encoding="utf-8")
    ended = run("drug", "check", str(copied))
    assert ended.code == 3
    assert "milrinone/response.toml, line " in ended.out and "effect_site.half_life" in ended.out


@pytest.mark.hazard("unproved-data")
def test_a_changed_number_is_noticed_by_the_worked_cases(run: Run, short: Path) -> None:
    path = short / "dosing.toml"
    text = path.read_text(encoding="utf-8")
    old = 'potassium_correct_first = { value = "3.5 mmol/L"'
    assert old in text
    path.write_text(text.replace(old, old.replace("3.5", "3.6")), encoding="utf-8")
    ended = run("drug", "check", str(short))
    assert ended.code == 3
    assert "expected" in ended.out


def test_a_folder_without_worked_cases_or_with_broken_ones_must_not_stand(run: Run, copied: Path) -> None:
    decks = copied / "cases.toml"
    decks.unlink()
    ended = run("drug", "check", str(copied))
    assert ended.code == 3
    assert "cases.toml" in ended.out
    decks.write_text("[[case]\n", encoding="utf-8")
    assert run("drug", "check", str(copied)).code == 3


EVIL = "evil\x1b[2J\x07\u202eeman\nsecond"


def test_what_nobody_sees_in_a_folder_reaches_no_page(run: Run, copied: Path) -> None:
    path = copied / "drug.toml"
    text = path.read_text(encoding="utf-8")
    planted = re.sub(r'(?m)^(description = ")', r"\1evil\\u001B[2J\\u0007\\u202E ", text, count=1)
    assert planted != text
    path.write_text(planted, encoding="utf-8")
    for form in ("terminal", "md", "html"):
        ended = run("drug", "show", str(copied), "--format", form)
        assert ended.code == 0, ended.err
        assert "evil" in ended.out
        assert all(mark.isprintable() for line in ended.out.split("\n") for mark in line)


def test_the_check_prints_one_line_for_each_thing_whatever_its_name(run: Run, short: Path) -> None:
    folder = short.rename(short.with_name(EVIL))
    (sound,) = run("drug", "check", str(folder)).out.splitlines()
    cases = folder / "cases.toml"
    text = cases.read_text(encoding="utf-8")
    wrong = re.sub(r'(?m)^id = ".*"$', r'id = "evil\\u001B[2J\\nid"', text, count=1)
    wrong = wrong.replace('status = "stopped"', 'status = "refused"', 1)
    assert wrong != text
    cases.write_text(wrong, encoding="utf-8")
    ended = run("drug", "check", str(folder))
    assert ended.code == 3
    for line in (sound, *ended.out.removesuffix("\n").split("\n")):
        assert line.isprintable()
        assert line.startswith("evil\\x1b[2J\\x07\\u202eeman second")
    assert run("drug", "check", str(folder), "--json").json["folder"].isprintable()
