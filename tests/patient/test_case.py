"""What a case answers: three values of truth, measurements by age, and the bag's two ways of saying its strength."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

from inotrope.errors import CaseError
from inotrope.findings import Truth
from inotrope.units import Quantity

PRESENT, ABSENT, UNKNOWN = Truth.PRESENT, Truth.ABSENT, Truth.UNKNOWN
AT = "2026-11-22T06:00:00+01:00"


def q(value: str, unit: str) -> Quantity:
    return Quantity(Decimal(value), unit)


def given(name: str) -> dict[str, str]:
    return {"of": name, "start": AT, "rate": "1 mg/h"}


# --- age


@pytest.mark.parametrize(
    ("born", "now", "years"),
    [
        ("1966-11-22", "2026-11-22T00:00:00+01:00", 60),  # on the birthday
        ("1966-11-23", "2026-11-22T23:59:59+01:00", 59),  # the day before
        ("2026-11-22", "2026-11-22T08:00:00+01:00", 0),
        ("2008-02-29", "2026-02-28T12:00:00Z", 17),  # a leap day's birthday is 1 March
        ("2008-02-29", "2026-03-01T12:00:00Z", 18),
    ],
)
def test_age_from_birth(build, born: str, now: str, years: int) -> None:
    case = build(now=now, patient__born=born, measurements=[])
    assert case.age_years == years
    assert years <= case.exact_age_years < years + 1


def test_exact_age_by_hand(build) -> None:
    # 73 days after the birthday, a fifth of 2026; in 2028 there are 366 from birthday to birthday
    case = build(now="2026-03-15T00:00:00Z", patient__born="1966-01-01", measurements=[])
    assert case.exact_age_years == Decimal("60.2")
    case = build(now="2028-12-31T00:00:00Z", patient__born="1966-01-01", measurements=[])
    assert case.exact_age_years == 62 + Decimal(365) / 366


@pytest.mark.parametrize(("age", "years"), [("68 years", 68), ("68.9 years", 68), ("18 months", 1), ("3 days", 0)])
def test_age_as_written(build, age: str, years: int) -> None:
    assert build(patient__born=..., patient__age=age).age_years == years


# --- measurements


def test_newest_first_and_last_written_first(measured) -> None:
    case = measured(
        ("lactate", "1 mmol/L", 5), ("lactate", "2 mmol/L", 1), ("lactate", "3 mmol/L", 5), ("QTc", "1 s", 0)
    )
    assert [str(item.value) for item in case.every("blood lactate")] == ["2 mmol/L", "3 mmol/L", "1 mmol/L"]
    latest = case.latest("lactate")
    assert latest is not None and latest.value == q("2", "mmol/L")


def test_a_measurement_older_than_asked_is_none(measured) -> None:
    case = measured(("MAP", "74 mmHg", 1))
    assert case.latest("mean arterial pressure", within=q("1", "h")) is not None  # exactly as old is not older
    assert case.latest("mean arterial pressure", within=q("59", "min")) is None
    assert case.latest("lactate") is None


def test_levels_of_one_drug(build) -> None:
    levels = [
        {"what": "level", "of": of, "value": value, "at": AT}
        for of, value in (("Primacor", "200 ng/mL"), ("digoxin", "1 ng/mL"), ("novel drug", "2 ng/mL"))
    ]
    case = build(measurements=levels)
    assert [item.of for item in case.every("concentration")] == ["novel drug", "digoxin", "milrinone"]
    assert [item.value for item in case.every("concentration", "milrinone")] == [q("200", "ng/mL")]
    assert case.latest("concentration", of="novel drug").value == q("2", "ng/mL")


@pytest.mark.parametrize(
    ("ask", "name", "nearest"),
    [
        ("every", "lactat", "lactate"),
        ("latest", "lactat", "lactate"),
        ("condition", "oedemas", "edema"),
        ("supported_by", "EKMO", "ECMO"),
        ("has_event", "bleedings", "bleeding"),
    ],
)
def test_asking_for_an_unknown_name(build, ask: str, name: str, nearest: str) -> None:
    with pytest.raises(CaseError) as caught:
        getattr(build(), ask)(name)
    assert f"'{name}' is not a known" in caught.value.says
    assert caught.value.accepted is not None and nearest in caught.value.accepted


# --- conditions, medicines, allergies, lines


def test_conditions(build) -> None:
    assert build().condition("edema") is UNKNOWN
    case = build(conditions={"oedema": "present", "pregnancy": "absent"})
    assert (case.condition("edema"), case.condition("pregnant"), case.condition("AF")) == (PRESENT, ABSENT, UNKNOWN)


LISTED = [None, [], ["Lasix"], ["digoxin"]]
GIVEN = [None, [], ["furosemide"], ["milrinone"]]


@pytest.mark.parametrize(("listed", "infused"), list(itertools.product(LISTED, GIVEN)))
def test_medicines_by_name_and_by_class(build, listed, infused) -> None:
    changes = {} if listed is None else {"medicines": listed}
    if infused is not None:
        changes["administrations"] = [given(name) for name in infused]
    case = build(**changes)
    shown = listed == ["Lasix"] or infused == ["furosemide"]
    expected = PRESENT if shown else UNKNOWN if listed is None else ABSENT
    assert case.takes("furosemide") is expected
    assert case.takes("Lasix") is expected
    assert case.takes_class("loop diuretic") == (expected, ("furosemide",) if shown else ())
    assert case.takes_class("loop diuretic", exclude=["Lasix"]) == (UNKNOWN if listed is None else ABSENT, ())
    # the drug of the case is not a medicine given beside it
    assert case.takes("milrinone") is (UNKNOWN if listed is None else ABSENT)


def test_a_medicine_that_nobody_knows_is_found_by_its_own_name(build) -> None:
    case = build(medicines=["Wonder  drug"], allergies=["Wonder drug"])
    assert case.takes("wonder drug") is PRESENT
    assert case.allergic_to("WONDER drug") is PRESENT


def test_allergies(build) -> None:
    assert build().allergic_to("milrinone") is UNKNOWN
    assert build(allergies=[]).allergic_to("milrinone") is ABSENT
    assert build(allergies=["milrinone lactate"]).allergic_to("milrinone") is PRESENT


@pytest.mark.parametrize(
    ("lines", "medicines", "expected"),
    [
        (None, None, UNKNOWN),
        (None, [], ABSENT),  # it cannot share a line when it is not given
        (None, ["Lasix"], UNKNOWN),
        ([], ["Lasix"], ABSENT),
        ([{"with": ["heparin"]}], ["Lasix"], ABSENT),
        ([{"with": []}, {"with": ["heparin", "Lasix"]}], None, PRESENT),
    ],
)
def test_lines(build, lines, medicines, expected: Truth) -> None:
    changes = {key: value for key, value in (("lines", lines), ("medicines", medicines)) if value is not None}
    assert build(**changes).shares_line_with("furosemide") is expected


@pytest.mark.parametrize(
    ("support", "expected"),
    [
        (None, UNKNOWN),
        ([], ABSENT),
        ([{"what": "ECMO", "start": AT}], ABSENT),
        ([{"what": "CRRT", "start": AT}], PRESENT),
        ([{"what": "CRRT", "start": AT, "end": "2026-11-22T07:00:00+01:00"}], ABSENT),
        ([{"what": "CRRT", "start": AT, "end": "2026-11-22T08:00:00+01:00"}], ABSENT),  # ended now
        ([{"what": "CRRT", "start": AT, "end": "2026-11-22T09:00:00+01:00"}], PRESENT),
    ],
)
def test_support(build, support, expected: Truth) -> None:
    assert build(**({} if support is None else {"support": support})).supported_by("CVVH") is expected


def test_events(build) -> None:
    assert build().has_event("VT") is UNKNOWN
    assert build(events=[]).has_event("VT") is ABSENT
    case = build(events=[{"what": "ventricular tachycardia", "at": AT}])
    assert (case.has_event("VT"), case.has_event("VF")) == (PRESENT, ABSENT)


# --- the preparation


@pytest.mark.parametrize(
    ("keys", "effective"),
    [
        ({}, None),
        ({"amount": "20 mg"}, None),
        ({"volume": "100 mL"}, None),
        ({"amount": "20 mg", "volume": "100 mL"}, q("200", "mcg/mL")),  # 20 / 100 = 0.2 mg/mL
        ({"concentration": "0.4 mg/mL", "amount": "20 mg", "volume": "100 mL"}, q("0.4", "mg/mL")),
    ],
)
def test_effective_concentration(build, keys, effective) -> None:
    assert build(preparation=keys).preparation.effective_concentration == effective


@pytest.mark.parametrize(
    ("concentration", "percent"),
    [
        ("0.2 mg/mL", None),
        ("0.1905 mg/mL", None),  # 0.2 / 0.1905 = 1.0499
        ("0.1904 mg/mL", "5"),  # 0.2 / 0.1904 = 1.0504
        ("200 mcg/mL", None),
        ("1 mg/mL", "80"),  # 0.2 / 1: 80 % below
        ("100 mcg/mL", "100"),  # 0.2 / 0.1: twice
    ],
)
def test_a_bag_that_contradicts_itself(build, concentration: str, percent: str | None) -> None:
    bag = build(preparation={"concentration": concentration, "amount": "20 mg", "volume": "100 mL"}).preparation
    if percent is None:
        assert bag.contradiction is None
        return
    assert bag.contradiction.startswith("20 mg in 100 mL is ")
    assert f"said to be {concentration}: {percent} % apart" in bag.contradiction


def test_a_bag_with_one_way_of_saying_it_contradicts_nothing(build) -> None:
    assert build(preparation={"concentration": "1 mg/mL"}).preparation.contradiction is None
    assert build(preparation={"amount": "1 mg", "volume": "1 mL"}).preparation.contradiction is None


def test_a_list_that_is_perhaps_not_all_knows_what_it_holds_and_nothing_else(build) -> None:
    every = ["medicines", "administrations", "support", "events", "lines"]
    case = build(
        medicines=["furosemide"],
        administrations=[given("norepinephrine")],
        support=[{"what": "CRRT", "start": AT}, {"what": "ECMO", "start": AT, "end": "2026-11-22T07:00:00+01:00"}],
        events=[{"what": "bleeding", "at": AT}],
        lines=[{"with": ["heparin"]}],
        incomplete=every,
    )
    assert [case.takes(name) for name in ("furosemide", "norepinephrine", "digoxin")] == [PRESENT, PRESENT, UNKNOWN]
    assert [case.supported_by(name) for name in ("CRRT", "ECMO", "hemodialysis")] == [PRESENT, UNKNOWN, UNKNOWN]
    assert [case.has_event(name) for name in ("bleeding", "ventricular ectopy")] == [PRESENT, UNKNOWN]
    assert [case.shares_line_with(name) for name in ("heparin", "insulin")] == [PRESENT, UNKNOWN]
    assert not any(case.holds_all(part) for part in every)


def test_what_is_not_given_at_all_shares_no_line_whatever_else_does(build) -> None:
    case = build(medicines=[], lines=[{"with": ["heparin"]}], incomplete=["lines"])
    assert case.shares_line_with("insulin") is ABSENT


def test_only_lists_of_a_case_are_perhaps_not_all(build) -> None:
    with pytest.raises(CaseError, match="incomplete"):
        build(incomplete=["measurements"])
