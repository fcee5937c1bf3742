"""The regimen of entries that are not the label's: no renal table, no cap, a load on the pump, one rate only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from inotrope.dosing import Ahead, Regimen, compute_regimen, history, load_by_rate, no_load, worst_total
from inotrope.drug import RateLoad
from inotrope.findings import Refusal
from tests.dosing.adult import NOW, case, entry, infusion, milrinone, quantity


def regimen(id_: str, weight: str, concentration: str, *, load: bool = True, **changes: Any) -> Regimen:
    """Return the regimen of one entry, with its load where it runs on the pump; the age plays no part in it."""
    preparation = {"product": "vial", "concentration": concentration, "volume": "50 mL"}
    patient = case(weight=weight, preparation=preparation, pump={"step": "0.01 mL/h"}, **changes)
    found, given = entry(id_), no_load("none")
    if load and isinstance(found.load, RateLoad):
        given = load_by_rate(
            found.load,
            weight=quantity(weight),
            concentration=quantity(concentration),
            step=quantity("0.01 mL/h"),
        )
    planned = compute_regimen(
        patient, milrinone(), found, clearance=None, past=history(patient, drug="milrinone"), load=given
    )
    assert isinstance(planned, Regimen), planned
    return planned


def test_a_load_on_the_pump_takes_its_own_time_of_the_24_h() -> None:
    # 135 mcg/kg in 3 h, then 21 h x 0.2 mcg/kg/min x 60 = 252: together 387 mcg/kg. 0.9 kg: 0.3483 mg.
    found = regimen("newborn-below-30-weeks-kemh", "0.9 kg", "18 mcg/mL")
    assert found.total_24_h.per_weight == quantity("0.387 mg/kg")
    assert found.total_24_h.amount == quantity("0.3483 mg")
    assert (found.total_24_h.maximum, found.total_24_h.sources) == (None, ())
    assert found.total_24_h.arithmetic == ("load 0.135 mg/kg + 21 h x 0.2 mcg/kg/min (0.252 mg/kg) = 0.387 mg/kg",)
    # Hallik: 0.73 x 180 = 131.4, and 21 h x 0.16 x 60 = 201.6: 333 mcg/kg.
    duct = regimen("preterm-after-duct-ligation-hallik", "1 kg", "20 mcg/mL")
    assert duct.total_24_h.per_weight == quantity("0.333 mg/kg")


def test_the_worst_window_may_begin_after_a_slow_load() -> None:
    # A load of 1 mcg/kg in 2 h, then 1 mcg/kg/h: the first 24 h hold 1 + 22; the 24 h after the load hold 24.
    nothing = history(case(), drug="milrinone")
    found = worst_total(quantity("1 mcg/kg/h"), nothing, Ahead(quantity("1 mcg/kg").value, quantity("2 h").value))
    assert found == quantity("0.024 mg/kg")


def test_one_printed_rate_is_said_to_be_the_one_and_has_no_steps() -> None:
    found = regimen("newborn-below-30-weeks-kemh", "0.9 kg", "18 mcg/mL")
    assert found.maintenance.because == "the one rate that this text prints (KEMH neonatal guideline)"
    assert (found.maintenance.standard, found.titration) == (None, ())
    assert found.maintenance.pump is not None
    assert found.maintenance.pump.rate == quantity("0.6 mL/h")  # 0.2 x 0.9 x 60 / 18


def test_steps_are_those_that_the_entry_lists() -> None:
    found = regimen("newborn-from-30-weeks-kemh", "3.2 kg", "192 mcg/mL")
    assert [step.rate for step in found.titration] == [
        quantity(f"{rate} mcg/kg/min") for rate in ("0.375", "0.5", "0.75")
    ]
    assert found.maintenance.because == (
        "the entry's minimum rate, the lowest of the range of: KEMH neonatal guideline; raise it by effect, at most to "
        "0.75 mcg/kg/min"
    )
    # 0.375 mL/h, set 0.38: 24 mcg/kg in 1 h, then 23 h x 0.38 x 60 = 524.4: 548.4 mcg/kg.
    assert found.titration[0].total_24_h == quantity("0.5484 mg/kg")
    # Not before the load of 60 min is over: 08:00 + 60 min + 30 min.
    assert [step.not_before - NOW for step in found.titration] == [timedelta(minutes=m) for m in (90, 120, 150)]
    assert found.titration[0].says.endswith(", 30 min after the end of the load of 60 min")


def test_a_step_of_ours_is_not_called_printed() -> None:
    # The guideline's steps are printed by a trial; those between the ends of a child's range by nobody.
    found = regimen("child-septic-shock", "20 kg", "200 mcg/mL")
    assert [step.says for step in found.titration][:2] == ["a step between the printed ones (judgement)"] * 2
    assert found.titration[0].not_before - NOW == timedelta(minutes=30)  # no load is given here


def test_steps_begin_above_what_runs() -> None:
    running = [infusion("5", "0.375 mcg/kg/min")]
    found = regimen("child-septic-shock", "20 kg", "200 mcg/mL", administrations=running)
    assert [step.rate for step in found.titration] == [quantity(f"{rate} mcg/kg/min") for rate in ("0.5", "0.75")]


@pytest.mark.parametrize("rate", ["0.4", "1"])
def test_while_a_load_by_rate_goes_in_the_steps_count_from_its_end(rate: str) -> None:
    """Its rate is none of the infusion's: the steps are those above the start, 30 min after the hour of the load."""
    running = [infusion("0.3334", f"{rate} mcg/kg/min")]  # 20 min ago: 40 min are left
    found = regimen("newborn-from-30-weeks-kemh", "3.2 kg", "192 mcg/mL", administrations=running, load=False)
    assert [step.rate.shown(3) for step in found.titration] == [
        f"{item} mcg/kg/min" for item in ("0.375", "0.5", "0.75")
    ]
    assert [step.not_before - NOW for step in found.titration] == [timedelta(minutes=m) for m in (70, 100, 130)]
    assert found.titration[0].says.endswith(", 30 min after the end of the load that is going in")


@pytest.mark.parametrize(
    ("id_", "says"),
    [
        ("adult-acute-decompensated-heart-failure", "no controlled experience beyond 48 h"),
        ("adult-acute-decompensated-heart-failure-uk", "no controlled experience beyond 48 h, at most 5 days"),
        ("adult-low-output-after-surgery-uk", "at most 12 h"),
        ("child-low-output-after-surgery-uk", "at most 35 h"),
        ("child-septic-shock", "no longest duration is sourced for this use"),
        ("preterm-first-day-paradisis", "at most 18 h, until the age of 18 h"),
    ],
)
def test_how_long_it_may_run(id_: str, says: str) -> None:
    newborn = {"sex": "male", "weight": "2 kg", "age": "0 days", "gestational_age": "26 weeks"}
    patient = case(patient=newborn) if id_.startswith("preterm") else case()
    found = compute_regimen(
        patient,
        milrinone(),
        entry(id_),
        clearance=quantity("80 mL/min/1.73 m2"),
        past=history(patient, drug="milrinone"),
        load=no_load("none"),
    )
    assert isinstance(found, Regimen)
    assert found.maintenance.duration == says


def of_hours(hours: str, id_: str = "preterm-first-day-paradisis", **changes: Any) -> Regimen | Refusal:
    """Return the regimen of a preterm of so many hours, with its load where nothing was given."""
    person = {"sex": "male", "weight": "0.7 kg", "age": f"{hours} h", "gestational_age": "26 weeks"}
    preparation = {"product": "vial", "amount": "2.1 mg", "volume": "50 mL"}
    patient = case(patient=person, preparation=preparation, pump={"step": "0.01 mL/h"}, **changes)
    found, past = entry(id_), history(patient, drug="milrinone")
    load = no_load("none, because it runs")
    if not past.pieces:
        assert isinstance(found.load, RateLoad)
        load = load_by_rate(
            found.load, weight=quantity("0.7 kg"), concentration=quantity("42 mcg/mL"), step=quantity("0.01 mL/h")
        )
    return compute_regimen(patient, milrinone(), found, clearance=None, past=past, load=load)


@pytest.mark.parametrize(("hours", "fits"), [("15", True), ("15.1", False), ("17", False)])
def test_a_load_that_cannot_end_before_its_protocol_is_not_started(hours: str, fits: bool) -> None:
    found = of_hours(hours)  # 3 h of load; the protocol ends at 18 h of age
    if fits:
        assert isinstance(found, Regimen) and found.total_24_h.per_weight == quantity("0.135 mg/kg")
        return
    assert isinstance(found, Refusal)
    assert (found.id, found.needs) == ("no-time-left", ("age",))
    assert [source.id for source in found.sources] == ["paradisis-2007"]


def test_what_runs_already_is_not_refused_for_its_age() -> None:
    assert isinstance(of_hours("17", administrations=[infusion("5", "0.2 mcg/kg/min")]), Regimen)


@pytest.mark.parametrize(("hours", "runs"), [("18", []), ("19", []), ("18.5", [infusion("5", "0.2 mcg/kg/min")])])
def test_past_its_age_an_entry_gives_no_rate(hours: str, runs: list[dict[str, str]]) -> None:
    found = of_hours(hours, administrations=runs)
    assert isinstance(found, Refusal)
    assert (found.id, found.needs) == ("no-time-left", ("age",))
    assert found.says == (
        f"At an age of {hours} h nothing is started: the Paradisis 2007 study protocol ends it at 18 h of age."
    )


def test_an_entry_that_ends_before_24_h_totals_its_own_hours() -> None:
    # 6 h old: 3 h of load, 135; then until 18 h of age 9 h x 0.2 x 60 = 108: 243 mcg/kg.
    found = of_hours("6")
    assert isinstance(found, Regimen)
    assert found.total_24_h.per_weight == quantity("0.243 mg/kg")
    assert found.total_24_h.says == (
        "Paradisis 2007 study protocol ends at 18 h of age: only its own hours are counted, 12 h from now and not 24 h"
    )
    assert found.total_24_h.arithmetic[:2] == (
        "load 0.135 mg/kg + 9 h x 0.2 mcg/kg/min (0.108 mg/kg) = 0.243 mg/kg",
        found.total_24_h.says,
    )


@pytest.mark.parametrize(
    ("run", "total"),
    [
        ("10", "0.27"),  # at most 12 h: 10 h and 2 h of 0.375 x 60 = 22.5 mcg/kg/h
        ("13", "0.54"),  # past its end the whole day counts: nothing says that it stops now
    ],
)
def test_a_run_that_ends_before_24_h_totals_what_is_left_of_it(run: str, total: str) -> None:
    patient = case(administrations=[infusion(run, "0.375 mcg/kg/min")])
    found = compute_regimen(
        patient,
        milrinone(),
        entry("adult-low-output-after-surgery-uk"),
        clearance=quantity("80 mL/min/1.73 m2"),
        past=history(patient, drug="milrinone"),
        load=no_load("none, because it runs"),
    )
    assert isinstance(found, Regimen)
    assert found.total_24_h.per_weight.shown(2) == f"{total} mg/kg"
    assert bool(found.total_24_h.says) == (total == "0.27")


def test_the_rest_of_a_load_that_goes_in_counts_at_its_own_rate() -> None:
    # 1.5 h of 3 h given: 67.5; 1.5 h to come: 67.5; then 21 h x 0.2 x 60 = 252 in the same 24 h: 387 mcg/kg.
    going = [infusion("1.5", "0.75 mcg/kg/min")]
    found = of_hours("60", "newborn-below-30-weeks-kemh", administrations=going)
    assert isinstance(found, Regimen)
    assert found.total_24_h.per_weight == quantity("0.387 mg/kg")
    assert found.total_24_h.arithmetic[0].startswith("rest of the load 0.0675 mg/kg + 22.5 h x 0.2 mcg/kg/min")
    # At 17 h of age one of the two hours to come still fits: 45 + 45 mcg/kg.
    late = of_hours("17", administrations=[infusion("1", "0.75 mcg/kg/min")])
    assert isinstance(late, Regimen)
    assert late.total_24_h.per_weight == quantity("0.09 mg/kg")
