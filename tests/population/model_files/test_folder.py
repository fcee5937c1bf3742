"""Where model files are found, by name and by path, and what a folder's check says of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inotrope.drug import list_drugs, load_drug
from inotrope.drug.folder import LIBRARY
from inotrope.errors import FileError, LibraryError, RequestError
from inotrope.population import check_models, list_models, load_model, load_models

from ..conftest import Write

MILRINONE = LIBRARY / "milrinone"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "any name"
    folder.mkdir()
    for name in ("sources.toml", "drug.toml"):
        shutil.copy(MILRINONE / name, folder)
    (folder / "models").mkdir()
    shutil.copy(MILRINONE / "models" / "label_adult.toml", folder / "models")
    return folder


@pytest.mark.parametrize("drug", list_drugs())
def test_every_shipped_model_is_sound_and_found_by_name(drug: str) -> None:
    names, problems = check_models(LIBRARY / drug)
    assert problems == ()
    assert list_models(drug) == tuple(sorted(f"{drug}/{name}" for name in names))
    assert [model.name for model in load_models(load_drug(drug))] == list(list_models(drug))
    for name in list_models(drug):
        assert load_model(name).drug == drug


def test_all_models_are_those_of_all_drugs() -> None:
    assert list_models() == tuple(sorted(name for drug in list_drugs() for name in list_models(drug)))


def test_an_unknown_name_names_the_nearest() -> None:
    with pytest.raises(RequestError, match=r"'milrinone/label_adlt' is not a model.*'milrinone/label_adult'"):
        load_model("milrinone/label_adlt")


def test_a_path_is_read_beside_its_drug_or_alone(copied: Path, write: Write) -> None:
    assert load_model(copied / "models" / "label_adult.toml").name == "label_adult"
    assert load_model(write()).name == "paper_2000"
    with pytest.raises(FileError, match="does not exist"):
        load_model(copied / "nowhere.toml")
    (copied / "sources.toml").write_text("[[", encoding="utf-8")
    with pytest.raises(LibraryError, match=r"does not stand in sources\.toml"):
        load_model(copied / "models" / "label_adult.toml")


def test_a_folder_of_any_name_is_checked_against_its_own_drug(copied: Path) -> None:
    assert check_models(copied) == (("label_adult",), ())
    path = copied / "models" / "label_adult.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('drug = "milrinone"', 'drug = "dobutamine"'), encoding="utf-8")
    (problem,) = check_models(copied)[1]
    assert "'dobutamine' is not the drug of this folder, 'milrinone'" in problem.says
    assert problem.where.startswith("any name/models/label_adult.toml, line ")


@pytest.mark.parametrize("content", ["", "[[", "identity = 1", "[identity]\nname = 1"])
def test_without_a_sound_drug_file_the_folder_names_the_drug(copied: Path, content: str) -> None:
    (copied / "drug.toml").write_text(content or " ", encoding="utf-8")
    (problem,) = check_models(copied)[1]
    assert "is not the drug of this folder, 'any name'" in problem.says


def test_files_that_are_no_models_are_named(copied: Path) -> None:
    models = copied / "models"
    (models / "label_adult.toml").rename(models / "Label Adult.toml")
    (models / "empty_1.toml").write_text("", encoding="utf-8")
    (models / "broken_1.toml").write_text("[[", encoding="utf-8")
    names, problems = check_models(copied)
    assert names == ("Label Adult", "broken_1", "empty_1")
    assert [problem.where.split(",")[0].split(": ")[0] for problem in problems] == [
        "any name/models/Label Adult.toml",
        "any name/models/broken_1.toml",
        "any name/models/empty_1.toml",
    ]
    (models / "folder_1.toml").mkdir()
    assert "any name/models/folder_1.toml" in {problem.where for problem in check_models(copied)[1]}


def test_several_mistakes_are_counted_and_a_folder_without_models_has_none(write: Write, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"1 more in this file"):
        load_model(write(('"0.1 L/kg/h"', '"0.1"'), ('"30 L"', '"30"')))
    assert check_models(tmp_path) == ((), ())
