"""Every allowed rate against its own simulation, against levels by hand, and against other seeds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from inotrope.dosing import RegimenPart, WrittenRegimen
from inotrope.forecast.giving import flows
from inotrope.patient import Case
from inotrope.plan.fitting.of_model import Answer
from inotrope.plan.target.ahead.levels import Going
from inotrope.plan.target.allowing.allowed import Allowed
from inotrope.plan.target.allowing.ways import Setting, Way
from inotrope.plan.target.asking import read_range, wanted_of
from inotrope.plan.target.curves import Draws, Part
from inotrope.plan.target.record import TargetStatus
from inotrope.plan.target.scoring import ALIKE, Scored, Searched, score_ways, search_ways
from inotrope.population import Flow
from inotrope.units import Quantity
from tests.forecast.persons import CL, K
from tests.plan.fitting.bedside_levels import level, shipped
from tests.plan.target.bedside_targets import (
    RISING,
    allowed,
    case,
    fit_models,
    models,
    outcome,
    shipped_case,
    target,
)


def part(of: Case, found: Allowed, *, name: str, draws: int = 1000) -> Part:
    seen = outcome(of)
    fitted = fit_models(seen.case, seen.drug, models(name), draws=draws, seed=3)
    answer = fitted.fits[f"milrinone/{name}"][2]
    assert isinstance(answer, Answer)
    weight = seen.case.patient.weight
    return Part(answer.person, answer.error, flows(seen.past, None, weight), float(weight.in_unit("kg")))


def written(way: Way, setting: Setting) -> WrittenRegimen | None:
    """Return the course of one rate as an order would write it; None for a pause."""
    parts, place = list[RegimenPart](), way.stage_of(setting.rate)
    if way.load is not None:
        assert way.load.dose_per_weight is not None and way.load.duration is not None
        parts.append(RegimenPart.load(way.load.dose_per_weight, way.load.duration))
    for before, after in zip(way.stages[:place], way.stages[1 : place + 1], strict=True):
        lasts = Quantity(after.from_h - before.from_h, "h")
        parts.append(RegimenPart.infusion(before.highest, lasts) if before.highest.value else RegimenPart.pause(lasts))
    left = None if way.ends_h is None else Quantity(way.ends_h - way.stages[place].from_h, "h")
    if setting.rate.value:
        parts.append(RegimenPart.infusion(setting.rate, left))
    return WrittenRegimen(tuple(parts)) if setting.rate.value else None


PRETERM = shipped("preterm-baby")
BORN = "2026-11-21T22:00:00+01:00"
FIRST_DAY = shipped_case(
    "preterm-baby",
    indication="low systemic blood flow on the first day of life",
    patient=PRETERM["patient"] | {"born": BORN},
    measurements=[item for item in PRETERM["measurements"] if item["at"] > BORN],
)
"""The same baby ten hours old: what it may be given ends at 18 hours of age."""
PATIENTS: dict[str, tuple[Case, str]] = {
    "runs, a level": (case(level("260 ng/mL")), "label_adult"),
    "runs, no level": (case(), "prielipp_1996"),
    "kidneys move": (case(level("260 ng/mL"), creatinine=RISING), "label_adult"),
    "load and steps": (shipped_case("sound-adult"), "label_adult"),
    "a newborn": (shipped_case("preterm-baby"), "paradisis_2007"),
    "an entry that ends": (FIRST_DAY, "paradisis_2007"),
}


@pytest.mark.parametrize("which", PATIENTS)
def test_every_rate_is_as_if_it_were_simulated_by_itself(which: str) -> None:
    of, name = PATIENTS[which]
    found = allowed(of)
    every = part(of, found, name=name)
    one = replace(every, person=every.person.first(100))
    assert (which == "an entry that ends") == any(way.ends_h is not None for way in found.ways)
    wanted = wanted_of(read_range("100-300 ng/mL", ()), 2, ())
    curves, past = one.curves(found.ways, wanted.times_h), outcome(of).past
    scored = score_ways(found.ways, curves, wanted)
    every_rate, weight = Searched(found.ways, curves, wanted, scored), of.patient.weight
    share = wanted.weights / wanted.weights.sum() / len(one.person.etas)
    assert scored.rate.size == sum(len(way.settings) for way in found.ways)
    for place in range(scored.rate.size):
        way = found.ways[scored.way[place]]
        if way.pause_h and place % 11:
            continue  # one way with a pause is as another
        setting = way.settings[scored.setting[place]]
        levels = one.levels(flows(past, written(way, setting), weight), wanted.times_h)
        below, above = levels < wanted.low, levels > wanted.high
        counted = [(where * share).sum() for where in (below, ~below & ~above, above)]
        assert [scored.below[place], scored.inside[place], scored.above[place]] == pytest.approx(
            counted, rel=0, abs=1e-12
        )
        _, again = every_rate.levels(place)
        assert np.allclose(again, levels, rtol=1e-12, atol=1e-9)


def test_one_patient_by_hand() -> None:
    """1 mcg/kg/min of 70 kg is 4,200 mcg/h: it comes to 4,200 / 9.8 x (1 - exp(-K t)) in the typical adult."""
    of = case(creatinine=("1.0 mg/dL",) * 3)
    found = allowed(of)
    one = part(of, found, name="label_adult", draws=2)
    person = one.person.with_etas(np.zeros((1, 2)))
    clearance = float(person.now("clearance")[0])
    volume = float(person.now("volume")[0])
    hours = np.array([0.0, 1.0, 6.0, 24.0])
    ((first, *_), *_) = Part(person, one.error, one.past, one.weight_kg).curves(found.ways, hours)
    assert volume == pytest.approx(CL / K)
    assert first.unit[0] == pytest.approx(4200 / clearance * -np.expm1(-clearance / volume * hours))


def scored(*rows: tuple[float, float, float]) -> Scored:
    """Return rates of one way: rate, inside, above, at a penalty of 2."""
    rate, inside, above = (np.array(column) for column in zip(*rows, strict=True))
    place = np.arange(rate.size)
    return Scored(np.zeros_like(place), place, rate, 1 - inside - above, inside, above, inside - 2 * above)


def test_the_lowest_rate_that_is_as_good_is_named() -> None:
    found = scored((0.1, 0.5, 0.0), (0.2, 0.695, 0.0), (0.3, 0.72, 0.01), (0.4, 0.9, 0.2))
    assert found.ranked() == [2, 1, 0, 3]  # 0.70, 0.695, 0.5 and 0.5: of equals the lower rate first
    assert found.named() == 1 and ALIKE == 0.01
    assert found.status() is TargetStatus.FOUND


def test_none_is_safe_and_none_reaches() -> None:
    assert scored((0.0, 0.0, 0.0), (0.1, 0.1, 0.06)).status() is TargetStatus.NONE_SAFE
    assert scored((0.0, 0.0, 0.3), (0.1, 0.0, 0.4)).status() is TargetStatus.NONE_SAFE
    assert scored((0.0, 0.0, 0.0), (0.1, 0.0, 0.0)).status() is TargetStatus.NONE_REACHES
    assert scored((0.0, 0.0, 0.0), (0.1, 0.01, 0.0)).status() is TargetStatus.NONE_REACHES  # no pause is named
    assert scored((0.0, 0.0, 0.0), (0.1, 0.011, 0.0)).status() is TargetStatus.FOUND
    assert scored((0.0, 0.0, 0.0), (0.1, 0.005, 0.0)).named() == 1  # a pause that does nothing is no answer


STEP = Decimal(20) / 60 / 70
"""mcg/kg/min of 0.1 mL/h of 200 mcg/mL for 70 kg."""


@pytest.mark.parametrize(
    "of",
    [
        case(),
        case(level("260 ng/mL")),
        case(level("120 ng/mL")),
        case(level("260 ng/mL"), creatinine=RISING),
        case(level("400 ng/mL")),
    ],
    ids=["no level", "a level", "a low level", "a level, kidneys that move", "a high level, after a pause"],
)
def test_two_seeds_name_rates_at_most_one_pump_step_apart(of: Case) -> None:
    named: dict[str, list[Decimal]] = {}
    for seed in range(4):
        found = target(of, draws=4000, seed=seed, only=("label_adult", "label_adult_bolus", "prielipp_1996"))
        for item in found.searches:
            assert item.named is not None
            named.setdefault(item.by, []).append(item.named.candidate.rate.value)
    for rates in named.values():
        assert max(rates) - min(rates) <= STEP * Decimal("1.03")  # rates are shown to four decimals


@pytest.mark.parametrize("which", ["runs, a level", "kidneys move", "load and steps", "an entry that ends"])
def test_a_rate_that_is_chosen_anew_is_as_if_its_course_were_simulated(which: str) -> None:
    """As named until an hour, then another rate until the entry ends: against what flows in both together."""
    of, name = PATIENTS[which]
    found, past, weight = allowed(of), outcome(of).past, of.patient.weight
    every = part(of, found, name=name)
    draws = Draws((replace(every, person=every.person.first(50)),))
    wanted = wanted_of(read_range("100-300 ng/mL", ()), 2, ())
    kg = float(weight.in_unit("kg"))
    for way in (found.ways[0], found.ways[-1]):
        setting = way.settings[-1]
        searched = search_ways(draws, (way,), wanted)
        levels = searched.levels(searched.place_of(len(way.settings) - 1))[1]
        for begin in (0.4, 3.0, 9.0):
            anew = Going(draws, way, setting, wanted, levels).anew(begin, levels[:, 0])
            until = [
                Flow(float(piece.from_h), min(begin, float(piece.to_h or begin)), float(piece.rate.value) * 60 * kg)
                for piece in way.segments(setting.rate)
                if float(piece.from_h) < begin
            ]
            ends = np.inf if way.ends_h is None else float(way.ends_h)
            for rate in (0.0, 0.3):
                given = (*flows(past, None, weight), *until, Flow(begin, ends, rate * 60 * kg))
                by_itself = draws.levels(given, wanted.times_h)[:, anew.first :]
                assert np.allclose(anew.base + rate * anew.unit, by_itself, rtol=1e-10, atol=1e-7)
            # What may be chosen ends at the last rate of the pump that the valve allows at that hour.
            highest = way.highest_anew(setting.rate, begin)
            assert anew.rates.max() == max(float(one.rate.value) for one in way.settings if one.rate <= highest)
            assert (anew.kept == levels[:, anew.first :]).all() and wanted.times_h[anew.first] > begin
            assert anew.hours.sum() == pytest.approx(24 - wanted.times_h[anew.first] + 0.125, abs=0.01)
