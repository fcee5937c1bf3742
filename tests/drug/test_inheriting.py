"""An entry that is like another takes what it does not state, less what stands in `without`."""

from __future__ import annotations

from pathlib import Path

import pytest

from inotrope.drug import Entry, Load, RateLoad, check_drug_folder, load_drug
from inotrope.patient import AgeGroup

GUIDELINE = """
[[entry]]
id = "guideline"
drug = "dobutamine"
like = "adult"
without = ["load", "maintenance.standard", "total_24_h"]
authority = "a guideline"
on_label = false

[entry.maintenance]
minimum = { value = "0.1 mcg/kg/min", source = "label:dose", status = "confirmed" }

[entry.duration]
longest = { value = "5 days", source = "label:dose", status = "confirmed" }

"""

CHILD = """
[[entry]]
id = "child"
drug = "dobutamine"
like = "adult"
without = [
  "age", "weight", "load", "total_24_h", "duration", "titration.half_life", "renal", "named_kidney",
  "maintenance.standard",
]
group = "child"
authority = "the label"
on_label = true

[entry.maintenance]
minimum = { value = "0.2 mcg/kg/min", source = "label:dose", status = "confirmed" }
maximum = { value = "0.5 mcg/kg/min", source = "label:dose", status = "confirmed" }

[entry.titration]
half_life = { value = "4 h", source = "label:dose", status = "confirmed" }

"""


def add(folder: Path, text: str) -> Path:
    """Put entries after the first, before what is watched."""
    path = folder / "dosing.toml"
    written = path.read_text("utf-8")
    path.write_text(written.replace("[[monitoring]]", f"{text}[[monitoring]]"), "utf-8")
    return folder


def entries(folder: Path) -> dict[str, Entry]:
    return {entry.id: entry for entry in load_drug(folder).entries}


def problems(folder: Path) -> list[tuple[str, str]]:
    return [(problem.where, problem.says) for problem in check_drug_folder(folder)]


def test_what_is_not_stated_is_the_other_s(folder: Path) -> None:
    found = entries(add(folder, GUIDELINE))
    adult, guideline = found["adult"], found["guideline"]
    assert (guideline.indication, guideline.synonyms) == ("heart failure", ("HF",))
    assert (guideline.authority, guideline.on_label) == ("a guideline", False)
    assert str(guideline.maintenance.minimum.value) == "0.1 mcg/kg/min"
    assert guideline.maintenance.maximum == adult.maintenance.maximum
    assert (guideline.load, guideline.maintenance.standard, guideline.total_24_h) == (None, None, None)
    assert guideline.duration.controlled_experience == adult.duration.controlled_experience
    assert guideline.renal == adult.renal and guideline.titration == adult.titration
    assert guideline.named_kidneys == adult.named_kidneys
    assert "total_24_h.maximum" not in guideline.numbers and "renal.upper" in guideline.numbers
    assert isinstance(adult.load, Load) and adult.maintenance.standard is not None  # the other keeps its own


def test_an_entry_can_be_like_one_that_is_like_another(folder: Path) -> None:
    third = GUIDELINE.replace('"guideline"', '"trial"').replace('like = "adult"', 'like = "guideline"')
    third = third.replace('["load", "maintenance.standard", "total_24_h"]', '["renal"]')
    third = third.replace('authority = "a guideline"', 'indication = "shock"\nauthority = "a trial"')
    found = entries(add(folder, GUIDELINE + third))["trial"]
    assert (found.load, found.renal, found.indication, found.synonyms) == (None, None, "shock", ())
    assert found.storage == entries(folder)["adult"].storage


def test_another_group_states_its_own_limits(folder: Path) -> None:
    child = entries(add(folder, CHILD))["child"]
    assert child.group is AgeGroup.CHILD
    assert (child.total_24_h, child.renal, child.named_kidneys, child.age.limits) == (None, None, (), ())
    assert str(child.titration.interval.value) == "30 min"
    assert str(child.titration.half_life.value) == "4 h"
    assert child.duration.controlled_experience is None


@pytest.mark.parametrize(
    ("left_out", "named"),
    [
        ('"total_24_h", ', "total_24_h"),
        ('"renal", ', "renal"),
        ('"named_kidney",', "named_kidney"),
        ('"maintenance.standard",', "maintenance"),
    ],
)
@pytest.mark.hazard("adult-dose-for-somebody-else")
def test_no_limit_of_one_group_is_taken_for_another(folder: Path, left_out: str, named: str) -> None:
    assert CHILD.count(left_out) == 1
    found = problems(add(folder, CHILD.replace(left_out, "")))
    assert [says for _, says in found] == [
        f"'{named}' is taken from entry 'adult', which is for other patients. Write it here, or leave it out with "
        "'without'."
    ]
    assert all(where.endswith(": entry[1].like") for where, _ in found)


def test_a_number_of_one_group_alone_is_told_too(folder: Path) -> None:
    # The half-life left to the adult's, and a load of which only a part is left out.
    text = CHILD.replace('"titration.half_life", ', "")
    text = text.replace('half_life = { value = "4 h", source = "label:dose", status = "confirmed" }', "")
    text = text.replace('"load", ', '"load.dilute_to_minimum", ')
    assert {says.split("'")[1] for _, says in problems(add(folder, text))} == {"titration.half_life", "load"}


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ('like = "adult"', 'like = "adlt"', "like", "'adlt' is no entry that stands before this one; the nearest"),
        ('like = "adult"', "like = 3", "like", "'3' is no entry that stands before this one"),
        ('"load", ', '"lode", ', "without[0]", "'lode' does not stand in entry 'adult'."),
        ('"maintenance.standard"', '"maintenance.usual"', "without[1]", "'maintenance.usual' does not stand in"),
    ],
)
def test_what_it_is_like_and_without_must_exist(folder: Path, old: str, new: str, key: str, says: str) -> None:
    found = problems(add(folder, GUIDELINE.replace(old, new)))
    assert [where.partition(": ")[2] for where, told in found if says in told] == [f"entry[1].{key}"]


def test_a_mistake_in_what_is_shared_is_told_once_where_it_is_written(folder: Path) -> None:
    path = add(folder, GUIDELINE) / "dosing.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('diluted_life = { value = "72 h"', 'diluted_life = { value = "72"'), "utf-8")
    ((where, says),) = problems(folder)
    line = path.read_text("utf-8").splitlines().index("[entry.storage]") + 2
    assert where == f"dobutamine/dosing.toml, line {line}: entry[0].storage.diluted_life.value"
    assert "has no unit" in says


def test_an_entry_without_a_maximum_is_none(folder: Path) -> None:
    found = problems(add(folder, GUIDELINE.replace('"load", ', '"load", "maintenance.maximum", ')))
    assert [says.split(".")[0] for _, says in found] == ["Key 'maximum' is missing"]


def test_the_shipped_children_take_no_limit_of_an_adult() -> None:
    drug = load_drug("milrinone")
    adult = drug.entries[0]
    own = {"titration.interval", "titration.half_life"} | {
        path for path in adult.numbers if path.startswith(("storage.", "rounding.", "electrolytes."))
    }
    for entry in drug.entries:
        if entry.group is not AgeGroup.ADULT:
            assert not [
                path for path in adult.numbers if path not in own and entry.numbers.get(path) is adult.numbers[path]
            ]
            assert entry.total_24_h is None and entry.renal is None
            assert "pressure.systolic" not in entry.numbers
            assert entry.kidney is not None and entry.remarks
        if entry.group is AgeGroup.NEWBORN:
            assert isinstance(entry.load, RateLoad)
