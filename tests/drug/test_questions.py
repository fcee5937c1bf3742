"""The questions of a drug folder: read with their sources, and every mistake named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inotrope.drug import Computed, check_drug_folder, load_drug
from inotrope.drug.folder import LIBRARY
from inotrope.errors import LibraryError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LIBRARY / "milrinone", tmp_path / "milrinone"))


def change(folder: Path, old: str, new: str) -> Path:
    path = folder / "questions.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return folder


def test_the_six_questions_of_the_lay_page_have_sources_and_a_status() -> None:
    found = load_drug("milrinone").questions
    assert len(found) == 6
    assert found[0].computed == (Computed.TIME_LIMITS,)
    assert all(question.sources for question in found)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('computed = ["storage"]', 'computed = ["storag"]', "'storag' is worked out by nothing"),
        ('id = "storage"', 'id = "driving"', "stands twice"),
        ('status = "unconfirmed"', 'status = "sure"', "'sure' is not one of"),
        ('family = "No, it is not', 'famly = "No, it is not', "Key 'family' is missing"),
        ('source_unconfirmed = ["inj', 'source_unconfirmed = [3, "inj', "a list of texts '<id>:<place>'"),
        ('drug = "milrinone"', 'drug = "digoxin"', "is not the drug of this folder"),
    ],
)
def test_a_mistake_is_named_by_the_check_of_the_folder(folder: Path, *, old: str, new: str, says: str) -> None:
    problems = check_drug_folder(change(folder, old, new))
    assert any(says in problem.says and "questions.toml, line" in problem.where for problem in problems)
    with pytest.raises(LibraryError):
        _ = load_drug(folder).questions


def test_a_folder_without_questions_has_none(folder: Path) -> None:
    (folder / "questions.toml").unlink()
    assert load_drug(folder).questions == ()
    assert check_drug_folder(folder) == ()


def test_an_empty_file_is_a_problem(folder: Path) -> None:
    (folder / "questions.toml").write_text("", "utf-8")
    assert [problem.says for problem in check_drug_folder(folder)] == ["The file is empty."]
