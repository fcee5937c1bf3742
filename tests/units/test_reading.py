# ruff: noqa: RUF001 - letters that look like others are what is tested
"""What a person may write as a quantity, and the error that says what is accepted when it is not one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inotrope.errors import UnitError
from inotrope.units import Quantity, read_quantity, registry, units_of
from inotrope.units.reading import _EXAMPLES

LIST = registry().units
EVERY = tuple(dict.fromkeys(entry.dimension for entry in LIST.values()))
RATE = ("rate per body weight",)
DOSE = ("dose per body weight",)


def refused(text: object, *, dimensions: tuple[str, ...] = ("mass",), units: tuple[str, ...] = ()) -> UnitError:
    with pytest.raises(UnitError) as caught:
        read_quantity(text, what="Dose", dimensions=dimensions, units=units)
    line = str(caught.value)
    assert line.startswith("Dose '")
    assert line.isprintable()
    assert len(line) < 900
    accepted = units or tuple(name for dimension in dimensions for name in units_of(dimension))
    assert (caught.value.accepted or "").endswith(", ".join(accepted))
    return caught.value


def short(text: object) -> str:
    return ascii(text)[:30]


# --- accepted --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "name"),
    [
        ("3.5 mg", "3.5", "mg"),
        ("3.5mg", "3.5", "mg"),
        ("  3.5 \t mg \n", "3.5", "mg"),
        ("3.5\u00a0mg", "3.5", "mg"),  # the blank that word processors put between number and unit
        (".5 mg", "0.5", "mg"),
        ("5. mg", "5", "mg"),
        ("+5 mg", "5", "mg"),
        ("5.00 mg", "5.00", "mg"),
        ("1e3 mg", "1000", "mg"),
        ("1E-3mg", "0.001", "mg"),
        ("0.1e+1 mg", "1", "mg"),
        ("5 µg", "5", "mcg"),
        ("5 μg", "5", "mcg"),
        ("5 ug", "5", "mcg"),
        ("5 mcg", "5", "mcg"),
        ("1e12 mg", "1e12", "mg"),
        ("1e-12 mg", "1e-12", "mg"),
        ("123456789012345e-3 mg", "123456789012.345", "mg"),
        ("000000000000000000000000000001 mg", "1", "mg"),
        ("1.000000000000000000000000000000 mg", "1", "mg"),
        ("60/min", "60", "/min"),
        ("60 per min", "60", "/min"),
        ("60 1/min", "60", "/min"),
        ("150 10^9/L", "150", "10^9/L"),
        ("150 x10^9/L", "150", "10^9/L"),
        ("150 K/µL", "150", "10^9/L"),
        ("35%", "35", "%"),
        ("90 mL/min/1.73m²", "90", "mL/min/1.73 m2"),
        ("0.375 mcg per kg per minute", "0.375", "mcg/kg/min"),
        ("1.13 mg/kg/24 h", "1.13", "mg/kg/day"),
        ("8 cm H2O", "8", "cm H2O"),
    ],
)
def test_what_people_write(text: str, value: str, name: str) -> None:
    found = read_quantity(text, what="Amount", dimensions=EVERY)
    assert (found.value, found.unit) == (Decimal(value), name)


@pytest.mark.parametrize("spelling", sorted(registry().spellings))
def test_every_spelling_and_code_with_its_number(spelling: str) -> None:
    name = registry().spellings[spelling]
    for text in (f"7.25 {spelling}", f"7.25\n{spelling}\n"):
        found = read_quantity(text, what="Amount", dimensions=(LIST[name].dimension,), units=(name,))
        assert (found.value, found.unit) == (Decimal("7.25"), name)


def test_zero_and_below_where_they_make_sense() -> None:
    for text, value in [("0 mg", "0"), ("-1.5 mg", "-1.5"), ("0e9 mg", "0")]:
        found = read_quantity(text, what="Change", dimensions=("mass",), positive=False)
        assert found.value == Decimal(value)


@pytest.mark.parametrize("text", ["-0 mg", "-0.00 mg", "-0e5 mg"])
def test_minus_zero_is_zero(text: str) -> None:
    found = read_quantity(text, what="Change", dimensions=("mass",), positive=False)
    assert str(found.value) == "0"


@settings(deadline=None)
@given(st.decimals("1e-6", "1e6", places=6), st.sampled_from(sorted(LIST)))
def test_any_ordinary_number_in_any_unit(value: Decimal, name: str) -> None:
    assert read_quantity(f"{value} {name}", what="Amount", dimensions=EVERY) == Quantity(value, name)


# --- not a number ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "mg", "a 5 mg", "NaN mg", "nan", "inf mg", "-inf mg", "Infinity mg", "five mg", "- 5 mg", "--5 mg",
        ". mg", "1..2 mg", "1.5.2 mg", "\u2212 5 mg", "−5 mg", "½ mg", "<5 mg", "\x00", "\x005 mg", "\x1b[31m5 mg",
        "٣ mg", "５ mg", "५ mg", "٠.٥ mg", "５.0 mg", "² mg", "x" * 10_000, "5 mg" + " " * 10_000, "9" * 10_000 + " mg",
        "5 " + "m" * 10_000,
    ],
    ids=short,
)  # fmt: skip
def test_what_is_not_a_number_with_a_unit(text: str) -> None:
    assert "is not a number with a unit. Write it such as '3.5 mg'." in str(refused(text))


@pytest.mark.parametrize("text", ["0,5 mg", "1,130 mcg", "1.130,5 mg", "1,5", ",5 mg", "5, mg", "5 ,5 mg", "5,5,5 mg"])
def test_a_comma_is_never_guessed(text: str) -> None:
    says = str(refused(text))
    assert "is not a number with a unit." in says
    if text[0].isdigit() and "," in text.replace(" ", "") and text not in ("5, mg", "5 ,5 mg"):
        assert "Write a decimal point and no thousands separator." in says


@pytest.mark.parametrize(
    "text", ["5٣ mg", "1٫5 mg", "5 ٣mg", "1_000 mg", "1'000 mg", "10 000 mg", "1/2 mg", "0x10 mg", "5-6 mg", "5±1 mg"]
)
def test_a_number_that_goes_on_is_not_cut_off(text: str) -> None:
    assert "has the unknown unit" in str(refused(text))


@pytest.mark.parametrize(
    "text", [5, 0, 5.0, -1, True, None, b"5 mg", [], ["5 mg"] * 1000, {"value": 5, "unit": "mg"}], ids=short
)
def test_what_is_not_text_has_no_unit(text: object) -> None:
    assert "has no unit. Write it as text with its unit, such as '3.5 mg'." in str(refused(text))


@pytest.mark.parametrize(
    "number",
    ["1e308", "-1e308", "1e13", "1.000001e12", "1e-13", "9e-13", "1e999999999999999999", "1e-999999999999999999",
     "0e999999999999999999999", "-1e99999999999999999999999", "1234567890123456",
     "0.123456789012345678", "0.30000000000000001", "1e100", "0e100", "1e-100"],
)  # fmt: skip
@pytest.mark.parametrize("positive", [True, False])
def test_numbers_of_no_patient_and_no_drug(number: str, positive: bool) -> None:
    with pytest.raises(UnitError, match=r"is no value of a patient or a drug\. Check the number\.") as caught:
        read_quantity(f"{number} mg", what="Dose", dimensions=("mass",), positive=positive)
    assert caught.value.accepted == "a number of ordinary size in ng, mcg, mg, g"


@pytest.mark.parametrize("value", [200 / 3, 1 / 3, 0.1 + 0.2, 100 / 7, 1e-12 / 3 * 4, -2 / 3])
def test_a_number_that_a_program_printed_in_full_is_read(value: float) -> None:
    read = read_quantity(f"{value!r} mg", what="Dose", dimensions=("mass",), positive=False)
    assert float(read.value) == value


@pytest.mark.parametrize("number", ["0", "-0", "0.000", "-1", "-1e-9", "-1e12", "0e9", "+0"])
def test_zero_and_negative_amounts(number: str) -> None:
    error = refused(f"{number} mg")
    assert str(error) == f"Dose '{number} mg' must be above zero. Check the number."
    assert error.accepted == "a number above 0 in ng, mcg, mg, g"


# --- the unit --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dimension", EVERY)
def test_a_number_without_a_unit_is_told_an_example_of_its_own_kind(dimension: str) -> None:
    error = refused("82", dimensions=(dimension,))
    example = str(error).partition("Write it such as ")[2].removesuffix(".").strip("'")
    assert "has no unit" in str(error)
    assert read_quantity(example, what="Example", dimensions=(dimension,)).value > 0


@pytest.mark.parametrize("dimension", EVERY)
def test_a_unit_of_every_other_dimension_is_refused_and_named(dimension: str) -> None:
    for name, entry in LIST.items():
        if entry.dimension != dimension:
            says = str(refused(f"5 {name}", dimensions=(dimension,)))
            assert f"'5 {name}' is in '{name}', which measures {entry.dimension}" in says
            assert says.endswith(f"Accepted: {', '.join(units_of(dimension))}.")


@pytest.mark.parametrize("written", sorted(registry().refused))
@pytest.mark.parametrize("blank", ["", " ", "\n\n"])
def test_every_refused_unit_says_why_whatever_was_asked(written: str, blank: str) -> None:
    for dimensions in (("mass",), ("body weight",), RATE, EVERY):
        error = refused(f"5{blank}{written}", dimensions=dimensions)
        assert str(error) == f"Dose '5{blank and ' '}{written}': {registry().refused[written]}."


@pytest.mark.parametrize(
    "text", ["5 µ", "5 μ", "5 µM", "5 μM", "5 µg/min/kg", "5 μg / min / kg", "5 drops per min", "5 mcg per min per kg"]
)
def test_a_refused_unit_is_known_in_every_spelling(text: str) -> None:
    assert "unknown unit" not in str(refused(text))


def test_pounds_are_told_to_be_kilograms() -> None:
    assert str(refused("180 lb", dimensions=("body weight",))) == (
        "Dose '180 lb': weights are read in kg only. Convert on the scale's own setting and write 'kg'."
    )


def test_a_body_weight_in_grams_has_no_unit_to_be_written_in() -> None:
    assert "is in 'g', which measures mass. Accepted: kg." in str(refused("3200 g", dimensions=("body weight",)))
    assert "is in 'kg', which measures body weight." in str(refused("0.001 kg"))


@pytest.mark.parametrize("text", ["0.375 mcg/kg", "0.5 mg/kg", "50 ug/kg"])
def test_a_rate_without_a_time_is_told_so(text: str) -> None:
    assert str(refused(text, dimensions=RATE)).endswith(
        "which measures dose per body weight and has no time: a rate needs one, such as mcg/kg/min. "
        "Accepted: mcg/kg/min, mcg/kg/h, mg/kg/h, mg/kg/day."
    )


def test_a_dose_with_a_time_is_told_so() -> None:
    assert str(refused("50 mcg/kg/min", dimensions=DOSE)).endswith(
        "which measures rate per body weight: a dose is an amount, without a time. Accepted: mcg/kg, mg/kg."
    )


def test_where_both_are_welcome_both_are_read() -> None:
    for text in ("50 mcg/kg", "0.5 mcg/kg/min"):
        assert str(read_quantity(text, what="Amount", dimensions=DOSE + RATE)) == text


@pytest.mark.parametrize(
    "text",
    [
        "5 Mg",
        "5 MG",
        "5 mcG",
        "5 MCG",
        "5 Ug",
        "5 UG",
        "5 mgs",
        "5 mg.",
        "5 mg/",
        "5 ｍｇ",
        "5 мг",
        "5 mg\x00",
        "5 mg\u200b",
        "5 mg\x1b[31m",
        "5\x00mg",
        "5 e",
        "5e mg",
    ],
    ids=short,
)
def test_unknown_units_are_not_guessed(text: str) -> None:
    assert "has the unknown unit" in str(refused(text))


def test_the_nearest_known_unit_is_named() -> None:
    says = str(refused("5 mcg/kg/mn", dimensions=RATE))
    assert "has the unknown unit 'mcg/kg/mn'; the nearest known: 'mcg/kg/min'" in says


def test_what_cannot_be_seen_is_shown() -> None:
    assert r"Dose '5 mg\x00' has the unknown unit 'mg\x00'" in str(refused("5 mg\x00"))
    assert r"'5 mg\x1b[2J'" in str(refused("5 mg\x1b[2J"))


# --- some units only -------------------------------------------------------------------------------------------------


def test_only_the_units_asked_for_are_read() -> None:
    only = {"dimensions": ("mass concentration",), "units": ("ng/mL", "mcg/L")}
    assert read_quantity("212 ng/mL", what="Level", **only).unit == "ng/mL"
    says = "which measures mass concentration, but not in a unit that is read here. Accepted: ng/mL, mcg/L."
    assert says in str(refused("0.2 mg/L", **only))
    assert "Write it such as '1 ng/mL'." in str(refused("212", **only))
    assert "Write it such as '3.5 mg'." in str(refused("212", units=("mg",)))


def test_examples_of_two_kinds_stand_side_by_side() -> None:
    creatinine = ("mass concentration", "molar concentration")
    assert "Write it such as '200 mcg/mL' or '4.1 mmol/L'." in str(refused("90", dimensions=creatinine))


def test_a_kind_without_an_example_gets_one_of_its_first_unit() -> None:
    creatinine = ("mass concentration", "molar concentration")
    creatinine_units = {"dimensions": creatinine, "units": ("mg/dL", "umol/L", "mg/L", "mmol/L")}
    assert "Write it such as '1 mg/dL'." in str(refused("90", **creatinine_units))  # 4.1 mmol/L would be 46 mg/dL
    assert "Write it such as '4.1 mmol/L'." in str(refused("4", dimensions=creatinine, units=("mmol/L", "mg/dL")))
    assert "Write it such as '1 m2'." in str(refused("1.9", dimensions=("body surface area",)))


@pytest.mark.parametrize("dimension", sorted(_EXAMPLES))
def test_every_example_reads_as_what_it_is_an_example_of(dimension: str) -> None:
    text = _EXAMPLES[dimension]
    assert str(read_quantity(text, what="Example", dimensions=(dimension,))) == text


# --- anything --------------------------------------------------------------------------------------------------------

parts = st.sampled_from(
    ["5", "0.5", "1e", "-", "+", ".", ",", " ", "/", "mg", "kg", "min", "µ", "u", "g", "per", "٣", "\x00", "\n"]
)


@settings(deadline=None)
@given(st.text(st.characters()) | st.lists(parts, max_size=8).map("".join))
def test_any_text_is_a_quantity_or_one_line(text: str) -> None:
    try:
        found = read_quantity(text, what="Amount", dimensions=EVERY, positive=False)
    except UnitError as problem:
        assert str(problem).isprintable()
    else:
        assert found.unit in LIST
        assert found.value.is_finite()
