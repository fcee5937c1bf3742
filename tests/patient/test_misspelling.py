"""The drug of the case under a name that nobody knows: an error, and never a medicine that was not checked."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope.errors import CaseError
from inotrope.patient import read_case

NOW = "2026-11-22T08:00:00+01:00"
MEANT = (
    "Milrinon",
    "milrinone infusion",
    "Milrinone (Primacor)",
    "mirlinone",
    "milrin0ne",
    "Primacorr",
    "corotrop 10 mg",
)
OTHERS = (
    "herbal tea",
    "zzyzafil",
    "olprinon",
    "levosimendane",
    "wonder drug",
    "Coreg CR",
    "Primaxin",
    "5",
    "ミルリノン",
)


def places(name: str) -> dict[str, tuple[Any, str]]:
    """Return the keys under which a medicine can be named."""
    return {
        "administrations": ([{"of": name, "start": NOW, "rate": "0.5 mcg/kg/min"}], "administrations[0].of"),
        "measurements": (
            [{"what": "concentration", "of": name, "value": "212 ng/mL", "at": NOW}],
            "measurements[0].of",
        ),
        "medicines": (["furosemide", name], "medicines[1]"),
        "allergies": ([name], "allergies[0]"),
        "lines": ([{"with": ["heparin"]}, {"with": ["heparin", name]}], "lines[1].with[1]"),
    }


@pytest.mark.hazard("repeated-or-untimely-load")
@pytest.mark.parametrize("name", MEANT)
@pytest.mark.parametrize("key", places(""))
def test_what_looks_like_the_drug_is_an_error(document, key: str, name: str) -> None:
    value, where = places(name)[key]
    with pytest.raises(CaseError) as caught:
        read_case(document(**{key: value}))
    assert caught.value.says == (
        f"'{name}' is not a known name and looks like milrinone, the drug of the case. Write 'milrinone' alone if that "
        "is meant, else the other medicine's full name."
    )
    assert (caught.value.value, caught.value.where) == (name, where)
    assert caught.value.accepted == "'milrinone', or the name of another medicine"


@pytest.mark.parametrize("name", [*OTHERS, "milrinone", " PRIMACOR ", "Milrinone  lactate", "amrinone"])
@pytest.mark.parametrize("key", places(""))
def test_every_other_name_is_read(document, key: str, name: str) -> None:
    assert getattr(read_case(document(**{key: places(name)[key][0]})), key)


def test_a_drug_that_nobody_knows_has_no_look_alike_but_itself(document) -> None:
    assert read_case(document(drug="wonder drug", medicines=["Wonder Drug", "milrinon"])).medicines
    with pytest.raises(CaseError, match="looks like wonder drug"):
        read_case(document(drug="wonder drug", medicines=["wonder drug 5 mg"]))


@pytest.mark.timeout(250)  # held against every known name letter by letter, they would take an hour
def test_thousands_of_unknown_names_are_all_kept(document) -> None:
    names = [f"unknown medicine number {number}" for number in range(5_000)]
    assert len(read_case(document(medicines=names)).medicines) == len(names)
