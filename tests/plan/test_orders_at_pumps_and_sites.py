"""Orders against what a pump can be set to and against a hospital's own file: worked cases written before the code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inotrope.display import to_text
from inotrope.display.order_sheet import order_sheet
from inotrope.drug import Site, read_site
from inotrope.findings import Severity
from inotrope.patient import Case, read_case
from inotrope.plan import check_order
from inotrope.plan.orders import OrderCheck
from tests.cli.conftest import CASES

Make = Callable[..., Case]

HARD = '[limits]\n"maintenance.maximum" = "0.7 mcg/kg/min"\n'
SOFT = '[soft]\nmaximum = "0.6 mcg/kg/min"\n'
LIST = """
list = [
  { id = "premix-100-mL" },
  { id = "icu-syringe-50-mL", amount = "10 mg", volume = "50 mL", diluent = "dextrose 5 %" },
  { id = "3-mg-per-kg-in-50-mL" },
]
"""


def preterm(step: str | None) -> Case:
    """The shipped preterm baby, 0.9 kg, on a pump with this step; a step of 0.01 mL/h is the shipped one."""
    content = json.loads((CASES / "preterm-baby.json").read_text(encoding="utf-8"))
    content.pop("pump")
    return read_case({**content, **({} if step is None else {"pump": {"step": step}})}, name="preterm")


@pytest.fixture
def at_site(tmp_path: Path) -> Callable[[str], Site]:
    def write(text: str) -> Site:
        file = tmp_path / "ward-7.toml"
        file.write_text(text, encoding="utf-8")
        return read_site(file)

    return write


def finding(check: OrderCheck, rule: str) -> Any:
    return next((item for item in check.findings if item.rule == rule), None)


def as_rounded(check: OrderCheck) -> list[bool]:
    return [pair.rounded for pair in check.pairs if pair.severity is not None]


# --- what a pump's step makes of a rate ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "pump", "status", "rounded"),
    [
        # 0.1 x 0.9 x 60 / 54 = 0.1: half as much again, 50 steps of 0.001 and 5 of 0.01
        ("0.1", "0.15", "stopped", [False]),
        ("0.1", "0.1", "consistent", []),
        ("0.1", "0.08", "stopped", [False]),
        # 0.2 x 0.9 x 60 / 54 = 0.2: 25 % more
        ("0.2", "0.25", "stopped", [False]),
        # 0.15 x 0.9 x 60 / 54 = 0.15: 7 % more is one step, and no rounding: the rate itself can be set
        ("0.15", "0.16", "warned", [False]),
        ("0.15", "0.15", "consistent", []),
    ],
)
def test_the_step_of_the_patients_own_pump_counts(rate: str, pump: str, status: str, rounded: list[bool]) -> None:
    check = check_order(f"milrinone {rate} mcg/kg/min, 54 mcg/mL at {pump} mL/h", case=preterm("0.01 mL/h"))
    assert check.status == status
    assert as_rounded(check) == rounded
    assert "as the step rounds it" not in to_text(order_sheet(check))


def test_a_difference_that_a_coarse_step_makes_warns_and_is_called_so() -> None:
    # 0.15 mL/h on steps of 0.1 is 0.2, half up: 33 % more, and 0.2 mcg/kg/min is this baby's highest rate
    check = check_order("milrinone 0.15 mcg/kg/min, 54 mcg/mL at 0.2 mL/h", case=preterm("0.1 mL/h"))
    assert check.status == "warned"
    assert as_rounded(check) == [True]
    assert "as the step rounds it" in to_text(order_sheet(check))


def test_no_step_makes_a_value_that_is_none_of_its_steps() -> None:
    # steps of 0.1: 0.25 cannot be set at all; without a case the entry's step is 0.1
    assert as_rounded(check_order("milrinone 0.2 mcg/kg/min, 54 mcg/mL at 0.25 mL/h", case=preterm("0.1 mL/h"))) == [
        False
    ]
    alone = check_order("milrinone 0.2 mcg/kg/min, 4 kg, 240 mcg/mL, 0.25 mL/h")  # 0.2 x 4 x 60 / 240 = 0.2
    assert (alone.status, as_rounded(alone)) == ("stopped", [False])
    # 0.21 x 4 x 60 / 240 = 0.21, and 0.2 is what a step of 0.1 makes of it
    assert check_order("milrinone 0.21 mcg/kg/min, 4 kg, 240 mcg/mL, 0.2 mL/h").status == "consistent"


def test_the_cases_pump_goes_before_the_sites(at_site: Callable[[str], Site]) -> None:
    coarse, text = at_site('[pump]\nstep = "0.1 mL/h"\n'), "milrinone 0.15 mcg/kg/min, 54 mcg/mL at 0.2 mL/h"
    assert check_order(text, case=preterm("0.01 mL/h"), site=coarse).status == "stopped"
    assert check_order(text, case=preterm(None), site=coarse).status == "warned"
    assert check_order(text, case=preterm(None), site=at_site('[pump]\nstep = "0.01 mL/h"\n')).status == "stopped"


def test_what_a_syringe_s_step_does_not_make_is_no_rounding() -> None:
    # 50 mcg/kg x 2 kg of a 1 mg/mL vial: 0.1 mL; 0.14 lies within half a step of 0.1 mL, and no such step makes it
    double = "milrinone GA 39 weeks 2 kg load 50 mcg/kg over 60 min of 1 mg/mL vial = {} mL then 0.5 mcg/kg/min"
    assert check_order(double.format("0.1")).status != "stopped"
    assert check_order(double.format("0.14")).status == "stopped"


# --- what the pump delivers, beside the plan's ceiling ---------------------------------------------------------------


def test_a_step_does_not_carry_the_dose_above_the_plans_ceiling() -> None:
    # the ceiling of the shipped case, 64 kg, is 0.3081 mcg/kg/min: 5.92 mL/h of 200 mcg/mL
    renal = read_case(CASES / "reduced-kidneys.json")
    ward = "milrinone 0.3 mcg/kg/min, 200 mcg/mL at {} mL/h"  # 0.3 x 64 x 60 / 200 = 5.76
    assert check_order(ward.format("5.8"), case=renal).status == "consistent"
    near = check_order(ward.format("6"), case=renal)  # 6 x 200 / 60 / 64 = 0.3125: 1.4 % above the ceiling
    assert (near.status, finding(near, "delivered-above-ceiling").severity) == ("warned", Severity.WARN)
    far = check_order(ward.format("6.3"), case=renal)  # 6.3 x 200 / 60 / 64 = 0.328: 6.5 % above the ceiling
    assert (far.status, finding(far, "delivered-above-ceiling").severity) == ("stopped", Severity.STOP)
    assert "0.3081 mcg/kg/min" in finding(far, "delivered-above-ceiling").says


def test_a_coarse_step_is_no_excuse_above_the_ceiling() -> None:
    # 0.2 x 0.9 x 60 / 72 = 0.15, on steps of 0.1 half up 0.2: 0.2 x 72 / 60 / 0.9 = 0.267, a third above the ceiling
    check = check_order("milrinone 0.2 mcg/kg/min, 72 mcg/mL at 0.2 mL/h", case=preterm("0.1 mL/h"))
    assert check.status == "stopped"


# --- the hospital's own limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("0.6 mcg/kg/min, 70 kg, 200 mcg/mL, 12.6 mL/h", "consistent"),  # 0.6 x 70 x 60 / 200
        ("0.65 mcg/kg/min, 70 kg, 200 mcg/mL, 13.7 mL/h", "warned"),  # 13.65
        ("0.7 mcg/kg/min, 70 kg, 200 mcg/mL, 14.7 mL/h", "warned"),
        ("0.72 mcg/kg/min, 70 kg, 200 mcg/mL, 15.1 mL/h", "stopped"),  # 15.12
        ("0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 10.5 mL/h, titrate to max 0.65 mcg/kg/min", "warned"),
        ("70 kg, 20 mg/100 mL = 200 mcg/mL, 13.7 mL/h", "warned"),  # 0.652 mcg/kg/min
        ("0.5 mcg/kg/min = 10.5 mL/h for 3 h then 0.65 mcg/kg/min = 13.7 mL/h, 70 kg, 200 mcg/mL", "warned"),
    ],
)
def test_a_rate_above_the_soft_limit_warns_and_one_above_the_hard_limit_stops(
    text: str, status: str, at_site: Callable[[str], Site]
) -> None:
    site = at_site(HARD + SOFT)
    assert check_order(f"milrinone {text}").status == "consistent"
    check = check_order(f"milrinone {text}", site=site)
    assert check.status == status
    soft = finding(check, "above-site-soft-limit")
    assert (soft is not None) is (status == "warned")
    if soft is not None:
        assert soft.severity is Severity.WARN
        assert "0.6 mcg/kg/min" in soft.says
        assert "this site's" in soft.says
        assert "ward-7.toml" in soft.says
        assert {source.id for source in soft.sources} == {"site"}


def test_the_soft_limit_holds_with_a_patient_too(make_case: Make, at_site: Callable[[str], Site]) -> None:
    check = check_order("milrinone 0.65 mcg/kg/min", case=make_case(), site=at_site(SOFT))
    assert finding(check, "above-site-soft-limit") is not None


def test_a_maximum_of_the_site_is_called_the_sites(at_site: Callable[[str], Site]) -> None:
    text = "milrinone 0.72 mcg/kg/min, 70 kg, 200 mcg/mL, 15.1 mL/h"
    hard = finding(check_order(text, site=at_site(HARD)), "rate-above-maximum")
    assert "0.7 mcg/kg/min" in hard.says
    assert "this site's own limit, ward-7.toml" in hard.says
    assert "US label" not in hard.says
    label = finding(check_order(text.replace("0.72", "0.9"), site=at_site(SOFT)), "rate-above-maximum")
    assert "0.75 mcg/kg/min (US label)" in label.says


def test_other_limits_of_the_site_are_called_the_sites(at_site: Callable[[str], Site]) -> None:
    site = at_site(
        '[limits]\n"maintenance.maximum" = "0.7 mcg/kg/min"\n"duration.controlled_experience" = "24 h"\n'
        '"load.dose" = "40 mcg/kg"\n'
    )
    cases = {
        "0.7 mcg/kg/min, 70 kg, 200 mcg/mL, 15 mL/h": "rounding-crosses-maximum",  # 15 gives 0.714
        "0.6 mcg/kg/min, 70 kg, 200 mcg/mL, 17 mL/h": "delivered-rate-above-maximum",
        "load 50 mcg/kg over 10 min then 0.5 mcg/kg/min": "load-above-entry",
        "0.5 mcg/kg/min for 36 h, 70 kg": "longer-than-controlled-experience",
        "previously 0.72 mcg/kg/min, now 0.5 mcg/kg/min": "earlier-rate-above-maximum",
    }
    for text, rule in cases.items():
        found = finding(check_order(f"milrinone {text}", site=site), rule)
        assert found is not None, text
        assert "this site's own limit, ward-7.toml" in found.says, text


def test_the_plans_ceiling_is_called_the_sites_where_the_site_set_it(
    make_case: Make, at_site: Callable[[str], Site]
) -> None:
    check = check_order("milrinone 0.72 mcg/kg/min", case=make_case(), site=at_site(HARD))
    assert "this site's maximum rate is 0.7 mcg/kg/min" in finding(check, "rate-above-ceiling").advice


# --- the hospital's own bags -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("0.5 mcg/kg/min, 70 kg, 20 mg/100 mL, 10.5 mL/h", True),
        ("0.5 mcg/kg/min, 70 kg, 200 mcg/mL, 10.5 mL/h", True),
        ("0.5 mcg/kg/min, 70 kg, 10 mg in 50 mL syringe, 10.5 mL/h", True),
        ("0.5 mcg/kg/min, 70 kg, premixed bag, 10.5 mL/h", True),
        ("3 mg/kg in 50 mL, 3.4 kg, GA 39 weeks, 0.5 mcg/kg/min = 0.5 mL/h", True),
        ("10 mL of 1 mg/mL vial + 40 mL D5W = 50 mL, 70 kg, 0.5 mcg/kg/min, 10.5 mL/h", True),
        ("0.5 mcg/kg/min, 70 kg, 40 mg/100 mL, 5.25 mL/h", False),
        ("0.5 mcg/kg/min, 70 kg, 100 mcg/mL, 21 mL/h", False),
        ("1.5 mg/kg in 50 mL, 3.4 kg, GA 39 weeks, 0.5 mcg/kg/min = 1 mL/h", False),
    ],
)
def test_a_bag_that_the_site_does_not_stock_is_told(text: str, listed: bool, at_site: Callable[[str], Site]) -> None:
    order = f"milrinone {text}"
    assert check_order(order).status == "consistent"
    for only, weight, status in (
        ("only = true", Severity.WARN, "warned"),
        ("only = false", Severity.INFORM, "consistent"),
    ):
        check = check_order(order, site=at_site(f"[bags]\n{only}{LIST}"))
        told = finding(check, "bag-not-on-site-list")
        assert (told is None) is listed, only
        assert check.status == ("consistent" if listed else status), only
        if told is not None:
            assert told.severity is weight
            assert "ward-7.toml" in told.says
            assert "200 mcg/mL" in told.says
            assert {source.id for source in told.sources} == {"site"}


def test_an_order_that_names_no_bag_is_told_nothing_of_bags(at_site: Callable[[str], Site]) -> None:
    check = check_order("milrinone 0.5 mcg/kg/min, 70 kg", site=at_site(f"[bags]\nonly = true{LIST}"))
    assert finding(check, "bag-not-on-site-list") is None
    # a site without a list of its own says nothing of bags
    other = check_order("milrinone 0.5 mcg/kg/min, 70 kg, 400 mcg/mL", site=at_site(SOFT))
    assert finding(other, "bag-not-on-site-list") is None


def test_a_list_of_nothing_for_this_weight_is_said(at_site: Callable[[str], Site]) -> None:
    only = at_site('[bags]\nonly = true\nlist = [{ id = "3-mg-per-kg-in-50-mL" }]\n')
    told = finding(check_order("milrinone 0.5 mcg/kg/min, 200 mcg/mL", site=only), "bag-not-on-site-list")
    assert "3-mg-per-kg-in-50-mL" in told.says


def test_a_load_at_a_site_that_gives_none_stops(at_site: Callable[[str], Site]) -> None:
    none = at_site("[load]\ngiven = false\n")
    text = "milrinone load 50 mcg/kg over 10 min then 0.5 mcg/kg/min"
    check = check_order(text, site=none)
    assert (check.status, finding(check, "load-not-given-here").severity) == ("stopped", Severity.STOP)
    assert "ward-7.toml" in finding(check, "load-not-given-here").says
    assert finding(check_order("milrinone 0.5 mcg/kg/min", site=none), "load-not-given-here") is None


# --- what would let it be compared -----------------------------------------------------------------------------------

RATE = "Which rate is it to give, in mcg/kg/min?"
STRENGTH = "What is the strength in the bag or syringe, in mcg/mL or as mg in mL?"
WEIGHT = "What does the patient weigh, in kg?"
PUMP = "At how many mL/h is the pump to run?"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("milrinone drip 5 mL/hr", {RATE, STRENGTH, WEIGHT}),
        ("milrinone 5 mL/hr, 70 kg", {RATE, STRENGTH}),
        ("milrinone premix 5 mL/hr", {RATE, WEIGHT}),
        ("milrinone 0.5 mcg/kg/min", {PUMP, STRENGTH, WEIGHT}),
        ("milrinone 0.5 mcg/kg/min, 70 kg", {PUMP, STRENGTH}),
    ],
)
def test_an_order_of_which_nothing_is_compared_asks_what_would_let_it(text: str, asked: set[str]) -> None:
    check = check_order(text)
    assert check.status == "not-compared"
    assert [set(item.asks) for item in check.lacking] == [asked]
    shown = " ".join(to_text(order_sheet(check)).split())
    assert all(question in shown for question in asked)
    assert "time over which the bag runs" not in shown


def test_every_missing_value_has_a_question() -> None:
    for text in ("milrinone load 50 mcg/kg over 10 min", "milrinone 20 mg/100 mL", "milrinone 2 mg/h"):
        for item in check_order(text).lacking:
            assert len(item.asks) == len(item.missing)
            assert all(question.endswith("?") for question in item.asks)


# --- what came to light while mending ---------------------------------------------------------------------------------


def test_a_site_that_loads_from_the_premix_is_told_and_not_warned(at_site: Callable[[str], Site]) -> None:
    text = "milrinone load 50 mcg/kg from 200 mcg/mL premix over 10 min = 17.5 mL, 70 kg, then 0.5 mcg/kg/min"
    plain = check_order(text)
    assert (plain.status, finding(plain, "load-from-bag").severity) == ("warned", Severity.WARN)
    here = check_order(text, site=at_site("[load]\nfrom_premix = true\n"))
    assert (here.status, finding(here, "load-from-bag").severity) == ("consistent", Severity.INFORM)
    assert "ward-7.toml" in finding(here, "load-from-bag").advice


def test_a_size_that_the_site_does_not_stock_is_told(at_site: Callable[[str], Site]) -> None:
    site = at_site(f"[bags]\nonly = true{LIST}")
    check = check_order("milrinone 40 mg/200 mL, 70 kg, 0.5 mcg/kg/min, 10.5 mL/h", site=site)
    told = finding(check, "bag-size-not-on-site-list")
    assert (check.status, told.severity) == ("consistent", Severity.INFORM)
    assert "200 mL" in told.says


def test_a_load_given_as_a_rate_is_a_load_against_the_plan_too() -> None:
    content = json.loads((CASES / "preterm-baby.json").read_text(encoding="utf-8"))
    running = [{"of": "milrinone", "start": "2026-11-22T02:00:00+01:00", "rate": "0.2 mcg/kg/min"}]
    text = "milrinone 3 mg/kg in 50 mL, load 0.75 mcg/kg/min for 3 h = 0.75 mL/h then 0.2 mcg/kg/min = 0.2 mL/h"
    check = check_order(text, case=read_case({**content, "administrations": running}, name="preterm"))
    assert finding(check, "load-against-plan").severity is Severity.STOP
    first = check_order(text, case=read_case(content, name="preterm"))
    assert finding(first, "load-against-plan") is None
