"""The vocabulary as shipped, and what is refused in a vocabulary that is not sound."""

from __future__ import annotations

import itertools
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from inotrope.errors import LibraryError
from inotrope.findings import Status
from inotrope.patient.vocabulary import FILES, FOLDER, read_vocabulary, vocabulary
from inotrope.units import Quantity


@pytest.mark.parametrize(
    ("kind", "written", "name"),
    [
        ("condition", "af", "atrial fibrillation"),
        ("condition", " HOCM ", "hypertrophic obstructive cardiomyopathy"),
        ("support", "cvvhdf", "CRRT"),
        ("event", "v  tach", "ventricular tachycardia"),
        ("measurement", "K+", "serum potassium"),
        ("medicine", "PRIMACOR", "milrinone"),
    ],
)
def test_a_synonym_finds_its_name_in_any_case(kind: str, written: str, name: str) -> None:
    found = getattr(vocabulary(), kind)(written)
    assert found is not None and found.name == name
    assert name in vocabulary().names(kind)


@pytest.mark.parametrize("kind", ["condition", "support", "event", "measurement", "medicine"])
def test_an_unknown_name_is_none(kind: str) -> None:
    assert getattr(vocabulary(), kind)("novel") is None


def test_a_name_is_looked_up_within_its_kind() -> None:
    words = vocabulary()
    assert words.condition("atrial fibrillation") is not words.event("atrial fibrillation")
    assert words.support("atrial fibrillation") is None


def test_limits_of_a_measurement() -> None:
    kind = vocabulary().measurement("magnesium")
    assert kind is not None
    assert kind.valence == 2  # Mg2+
    assert kind.limit("valence") is None  # a ratio, not a quantity
    assert kind.limit("novel") is None
    fresh = kind.limit("fresh_for")
    assert fresh is not None and fresh.value == Quantity(Decimal(1), "day")
    lactate = vocabulary().measurement("lactate")
    assert lactate is not None and lactate.valence is None


def test_limits_by_reference() -> None:
    words = vocabulary()
    assert words.limit("kidney.creatinine_fresh").value == Quantity(Decimal(24), "h")  # facts/patient.md
    assert words.limit("potassium.plausible_minimum").value == Quantity(Decimal("2.5"), "mmol/L")  # facts/patient.md
    assert words.ratio("kdigo.stage_2_ratio").value == 2  # facts/patient.md
    assert words.limit("kidney.creatinine_fresh").source.status is Status.JUDGEMENT
    for ask, reference in (
        (words.limit, "novel.limit"),
        (words.limit, "serum potassium.novel"),
        (words.ratio, "kidney.creatinine_fresh"),
    ):
        with pytest.raises(LibraryError, match=f"'{reference}' is no "):
            ask(reference)


def test_bands_cover_childhood() -> None:
    kind = vocabulary().measurement("body weight")
    assert kind is not None
    ages = [(band.age_from.in_unit("year"), band.age_to.in_unit("year")) for band in kind.bands]
    assert ages[0][0] == 0
    assert ages[-1][1] == 18
    assert all(before[1] == after[0] for before, after in itertools.pairwise(ages))
    assert all(band.plausible_minimum.value < band.plausible_maximum.value for band in kind.bands)


def test_codes_have_a_source() -> None:
    kind = vocabulary().measurement("serum creatinine")
    assert kind is not None
    confirmed = {code.code for code in kind.loinc if code.source.status is Status.CONFIRMED}
    assert {"2160-0", "14682-9"} <= confirmed


def test_the_digest_names_the_state_of_the_files(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    assert read_vocabulary(folder).digest == vocabulary().digest
    with (folder / "limits.toml").open("a", encoding="utf-8") as stream:
        stream.write("\n# one more line\n")
    assert read_vocabulary(folder).digest != vocabulary().digest


# --- what is refused


def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    for name in FILES:
        shutil.copy(FOLDER / name, folder / name)
    return folder


SOURCED = 'source = "kdigo-2012:x", status = "confirmed"'
MEASUREMENT = '[[measurement]]\nname = "m"\nsynonyms = []\nunit = "mg/dL"\nunits = ["mg/dL"]\n'


@pytest.mark.parametrize(
    ("file", "text", "says", "where"),
    [
        (
            "limits.toml",
            '[x]\ny = { value = "1 h", source = "nobody:x", status = "confirmed" }',
            "Source 'nobody' is not in sources.toml",
            "limits.toml, line ",
        ),
        (
            "limits.toml",
            '[x]\ny = { value = "1 h", source = "kdigo-2012:x", status = "sure" }',
            "Status 'sure' is not one of",
            "x.y",
        ),
        ("limits.toml", '[x]\ny = { value = "1 h" }', "A limit is written as { value, source, status }", "x.y"),
        ("limits.toml", '[x]\ny = "1 h"', "A limit is written as { value, source, status }", "x.y"),
        ("limits.toml", f'[x]\ny = {{ value = "1 fortnight", {SOURCED} }}', "unknown unit 'fortnight'", "x.y"),
        (
            "conditions.toml",
            '[[condition]]\nname = "n"\nkind = "mood"\nsynonyms = []',
            "Kind 'mood' is not condition, support or event",
            "kind",
        ),
        (
            "conditions.toml",
            '[[condition]]\nname = "n"\nkind = "event"\nsynonyms = ["VT"]',
            "'VT' stands for 'ventricular tachycardia' and for 'n'",
            "conditions.toml",
        ),
        ("measurements.toml", MEASUREMENT.replace('["mg/dL"]', '["stone"]'), "'stone' is not a unit", "units"),
        (
            "measurements.toml",
            MEASUREMENT + '[[measurement.band]]\nage_from = "1 year"\nage_to = "2 years"\n'
            f'plausible_minimum = {{ value = "1", {SOURCED} }}\nplausible_maximum = {{ value = "1 kg", {SOURCED} }}',
            "'1' has no unit",
            "plausible_minimum",
        ),
        (
            "medicines.toml",
            '[[medicine]]\nname = "n"\nclass = "fluid"\nsynonyms = []\nbrands = ["Primacor"]',
            "'Primacor' stands for 'milrinone' and for 'n'",
            "medicines.toml",
        ),
    ],
)
def test_an_unsound_vocabulary(tmp_path: Path, file: str, text: str, says: str, where: str) -> None:
    folder = copied(tmp_path)
    with (folder / file).open("a", encoding="utf-8") as stream:
        stream.write(f"\n{text}\n")
    with pytest.raises(LibraryError) as caught:
        read_vocabulary(folder)
    assert says in caught.value.says
    assert caught.value.where is not None
    assert file in caught.value.where and where in caught.value.where


def test_the_members_of_a_class_are_its_medicines_and_no_others(tmp_path: Path) -> None:
    own = shutil.copytree(FOLDER, tmp_path / "vocabulary")
    words = read_vocabulary(own)  # read anew: whoever asked the shared one first has its answer already
    every = [(class_, name) for class_, names in words.members.items() for name in names]
    assert "milrinone" in words.members["PDE3 inhibitor"] and "milrinone" not in words.members["inotrope"]
    assert len(every) == len({name for _, name in every}) == len({item.name for item in words.medicines.values()})
