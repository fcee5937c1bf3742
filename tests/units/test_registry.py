# ruff: noqa: RUF001 - letters that look like others are what is tested
"""The closed list: every factor by hand, every spelling and code, every refusal."""

from __future__ import annotations

import importlib
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from inotrope import units
from inotrope.errors import LibraryError, UnitError
from inotrope.units import Unit, find_unit, from_ucum, registry, to_ucum, unit, units_of
from inotrope.units.registry import conversion, normalize

LIST = registry().units

# Written by hand: dimension, and the size of each unit in the first unit of its dimension.
MINUTES = {"h": 60, "min": 1}
BY_HAND: dict[str, dict[str, Fraction | int | str]] = {
    "mass": {"ng": 1, "mcg": 1_000, "mg": 1_000_000, "g": 1_000_000_000},
    "body weight": {"kg": 1},
    "length": {"cm": 1, "m": 100},
    "body surface area": {"m2": 1},
    "volume": {"mL": 1, "L": 1_000},
    "time": {
        "ms": 1,
        "s": 1_000,
        "min": 60_000,
        "h": 3_600_000,
        "day": 86_400_000,
        "week": 604_800_000,
        "month": 2_629_800_000,  # 365.25 / 12 = 30.4375 days, UCUM's mo_j
        "year": 31_557_600_000,  # 365.25 days, UCUM's a_j
    },
    "dose per body weight": {"mcg/kg": 1, "mg/kg": 1_000},
    "rate per body weight": {
        "mcg/kg/min": 1,
        "mcg/kg/h": Fraction(1, 60),
        "mg/kg/h": Fraction(1_000, 60),
        "mg/kg/day": Fraction(1_000, 1_440),
    },
    "mass rate": {
        "mcg/min": 1,
        "mcg/h": Fraction(1, 60),
        "mg/h": Fraction(1_000, 60),
        "mg/day": Fraction(1_000, 1_440),
    },
    "flow": {"mL/h": 1, "mL/min": 60, "L/h": 1_000, "L/min": 60_000},
    "flow per body surface area": {"L/min/m2": 1, "mL/min/1.73 m2": Fraction(1, 1_730)},
    "flow per body weight": {"mL/kg/h": 1, "mL/kg/min": 60, "L/kg/h": 1_000},
    "volume per body weight": {"mL/kg": 1, "L/kg": 1_000},
    "mass concentration": {
        "mg/mL": 1,
        "mcg/mL": Fraction(1, 1_000),
        "ng/mL": Fraction(1, 1_000_000),
        "mcg/L": Fraction(1, 1_000_000),
        "mg/L": Fraction(1, 1_000),
        "mg/dL": Fraction(1, 100),
    },
    "molar concentration": {"umol/L": 1, "mmol/L": 1_000},
    "equivalent concentration": {"mEq/L": 1},
    "number concentration": {"10^9/L": 1},
    "molar mass": {"g/mol": 1},
    "pressure": {
        "mmHg": 1,
        # 13,595.1 kg/m3 x 9.80665 m/s2 x 0.001 m = 133.322387415 Pa (the conventional millimeter of mercury)
        "kPa": Fraction(1_000) / Fraction("133.322387415"),
        "cm H2O": Fraction("98.0665") / Fraction("133.322387415"),  # 1,000 kg/m3 x 9.80665 m/s2 x 0.01 m
    },
    "compliance": {"mL/mmHg": 1},
    "elastance": {"mmHg/mL": 1},
    # 1 dyn is 10^-5 N and 1 mL is 10^-6 m3, so 1 dyn s/cm5 is 10^5 Pa s/m3; 1 mmHg s/mL is 133.322387415 x 10^6.
    "vascular resistance": {"mmHg s/mL": 1, "dyn s/cm5": Fraction(1) / Fraction("1333.22387415")},
    "rate of beats": {"/min": 1},
    "fraction": {"%": 1},
    "temperature": {"degC": 1},
}

# UCUM's own codes, as ucum.org lists their atoms: u for micro, d, wk, mo, a, meq, Cel, m[Hg], m[H2O].
UCUM = {
    "ng": "ng", "mcg": "ug", "mg": "mg", "g": "g", "kg": "kg", "cm": "cm", "m": "m", "m2": "m2", "mL": "mL", "L": "L",
    "ms": "ms", "s": "s", "min": "min", "h": "h", "day": "d", "week": "wk", "month": "mo", "year": "a",
    "mcg/kg": "ug/kg", "mg/kg": "mg/kg", "mcg/kg/min": "ug/kg/min", "mcg/kg/h": "ug/kg/h", "mg/kg/h": "mg/kg/h",
    "mg/kg/day": "mg/kg/d", "mcg/min": "ug/min", "mcg/h": "ug/h", "mg/h": "mg/h", "mg/day": "mg/d", "mL/h": "mL/h",
    "mL/min": "mL/min", "L/h": "L/h", "L/min": "L/min", "L/min/m2": "L/min/m2",
    "mL/min/1.73 m2": "mL/min/{1.73_m2}", "mL/kg/h": "mL/kg/h", "mL/kg/min": "mL/kg/min",
    "L/kg/h": "L/kg/h", "mL/kg": "mL/kg", "L/kg": "L/kg", "mg/mL": "mg/mL", "mcg/mL": "ug/mL", "ng/mL": "ng/mL",
    "mcg/L": "ug/L", "mg/L": "mg/L", "mg/dL": "mg/dL", "umol/L": "umol/L",
    "mmol/L": "mmol/L", "mEq/L": "meq/L", "10^9/L": "10*9/L", "g/mol": "g/mol", "mmHg": "mm[Hg]", "kPa": "kPa",
    "cm H2O": "cm[H2O]", "mL/mmHg": "mL/mm[Hg]", "mmHg/mL": "mm[Hg]/mL", "mmHg s/mL": "mm[Hg].s/mL",
    "dyn s/cm5": "dyn.s/cm5", "/min": "/min", "%": "%", "degC": "Cel",
}  # fmt: skip


def test_the_list_is_the_one_written_here_by_hand() -> None:
    assert {name: entry.dimension for name, entry in LIST.items()} == {
        name: dimension for dimension, sizes in BY_HAND.items() for name in sizes
    }


@pytest.mark.parametrize("dimension", BY_HAND)
def test_every_factor_is_exact(dimension: str) -> None:
    for old, large in BY_HAND[dimension].items():
        for new, small in BY_HAND[dimension].items():
            up, down = conversion(old, new)
            assert Fraction(up) / Fraction(down) == Fraction(large) / Fraction(small), (old, new)


@pytest.mark.parametrize("dimension", BY_HAND)
def test_the_units_of_a_dimension_come_in_the_order_of_the_list(dimension: str) -> None:
    assert units_of(dimension) == tuple(name for name in LIST if name in BY_HAND[dimension])


def test_a_dimension_that_does_not_exist_has_no_units() -> None:
    assert units_of("happiness") == ()


def test_no_two_dimensions_convert_into_each_other() -> None:
    for old in LIST.values():
        for new in LIST.values():
            if old.dimension != new.dimension:
                with pytest.raises(UnitError, match="neither converts into the other") as caught:
                    conversion(old.name, new.name)
                assert caught.value.accepted == ", ".join(units_of(new.dimension))


def test_ucum_out_and_in() -> None:
    assert {name: to_ucum(name) for name in LIST} == UCUM
    for name, code in UCUM.items():
        assert from_ucum(code) == name


@pytest.mark.parametrize(
    "code", ["mcg/kg/min", "UG/KG/MIN", "µg/kg/min", "ug/kg/min ", "", "ml/h", "\x00", "x" * 10_000]
)
def test_a_code_that_is_not_ucum_or_not_ours_is_refused(code: str) -> None:
    with pytest.raises(UnitError, match="is not one of the closed list") as caught:
        from_ucum(code)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 250


def test_micrograms_are_never_shown_with_u_or_a_micro_sign() -> None:
    for name in LIST:
        assert "ug" not in name and "µ" not in name and "μ" not in name


@pytest.mark.parametrize("spelling", sorted(registry().spellings))
def test_every_spelling_reads_as_its_unit(spelling: str) -> None:
    wanted = LIST[registry().spellings[spelling]]
    assert find_unit(spelling) is wanted
    assert find_unit(f" \n{spelling}\t") is wanted
    assert find_unit(spelling.replace("/", " / ")) is wanted
    assert find_unit(spelling.replace("/", " per ")) is wanted
    for micro in "µμ":  # the micro sign U+00B5 and the Greek letter U+03BC
        assert find_unit(spelling.replace("mcg", f"{micro}g")) is wanted
        assert find_unit(spelling.replace("umol", f"{micro}mol").replace("/uL", f"/{micro}L")) is wanted
    assert find_unit(spelling.replace("mcg", "ug")) is wanted


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("micrograms/kilogram/minute", "mcg/kg/min"),
        ("mcg per kg per min", "mcg/kg/min"),
        ("mcg per kg/hours", "mcg/kg/h"),
        ("milligram/kg/d", "mg/kg/day"),
        ("mL per hour", "mL/h"),
        ("per min", "/min"),
        ("per minute", "/min"),
        ("litre/min/m²", "L/min/m2"),
        ("mL/minute/1.73 m2", "mL/min/1.73 m2"),
        ("ng/millilitre", "ng/mL"),
        ("mmol/litre", "mmol/L"),
    ],
)
def test_a_compound_is_read_part_by_part(text: str, name: str) -> None:
    assert find_unit(text) == LIST[name]


@pytest.mark.parametrize(
    "text",
    [
        "", "/", "//", "per", "mcg//kg/min", "mcg/kg/min/", "/mcg/kg/min", "mcg/kg/m", "mcg/min/kg", "kg/mcg", "min/mL",
        "MG", "Mg", "mG", "MCG", "mcG", "UG", "Ug", "NG", "G", "S", "H", "MIN", "CM", "eq", "mol", "mg mL", "m g",
        "ｍｇ", "㎎", "мг", "mg\x00", "mg\u200b", "mcg.kg-1.min-1", "x" * 10_000,
    ],
    ids=lambda text: ascii(text)[:30],
)  # fmt: skip
def test_what_is_not_on_the_list_is_not_found(text: str) -> None:
    assert find_unit(text) is None


def test_normal_text() -> None:
    assert normalize(" µg  per kg /  min ") == "mcg/kg/min"
    assert normalize("μmol / L") == "umol/L"
    assert normalize("cm  H2O") == "cm H2O"
    assert normalize("Hug") == "Hug"  # no microgram within a word


def test_no_refused_unit_can_be_read_by_another_way() -> None:
    for written, reason in registry().refused.items():
        assert find_unit(written) is None, written
        assert "rite " in reason, "says what to write instead"
        assert not reason.endswith(".")


@pytest.mark.parametrize(
    "name", ["µg", "ug", "ML", "", "mcg\n", "kg ", "x" * 10_000], ids=lambda name: ascii(name)[:30]
)
def test_the_code_uses_names_and_no_spellings(name: str) -> None:
    for ask in (unit, to_ucum):
        with pytest.raises(UnitError, match="is not a unit of the closed list") as caught:
            ask(name)
        assert len(str(caught.value)) < 250
    with pytest.raises(UnitError):
        conversion("mg", name)


def test_a_unit_cannot_be_changed_and_is_read_once() -> None:
    assert unit("mg") is unit("mg")
    assert unit("mg") == Unit("mg", "mass", "mg", Fraction(1, 1000))
    assert registry() is registry()


def test_factors_come_as_whole_numbers() -> None:
    assert conversion("mcg/kg/h", "mcg/kg/min") == (Decimal(1), Decimal(60))


def test_every_public_name_is_there() -> None:
    assert all(hasattr(units, name) for name in units.__all__)
    assert list(units.__all__) == sorted(units.__all__)


def _entry(name: str, **other: Any) -> dict[str, Any]:
    return {"name": name, "pint": "gram", "factor": "1", "dimension": "mass", "ucum": name, **other}


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([_entry("g"), _entry("gram", accepts=["g"])], "Spelling 'g' stands for two units."),
        ([_entry("g", accepts=["x"]), _entry("h", accepts=["x"])], "Spelling 'x' stands for two units."),
        ([_entry("g"), _entry("gram", ucum="g")], "Spelling 'g' stands for two units."),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(
    monkeypatch: pytest.MonkeyPatch, entries: list[dict[str, Any]], says: str
) -> None:
    document = {"base": {"lines": ["gram = [drug_mass]", "second = [time]"]}, "unit": entries, "refused": {}}
    module = importlib.import_module("inotrope.units.registry")
    monkeypatch.setattr(module, "tomllib", SimpleNamespace(loads=lambda _: document))
    with pytest.raises(LibraryError) as caught:
        registry.__wrapped__()
    assert str(caught.value) == says
