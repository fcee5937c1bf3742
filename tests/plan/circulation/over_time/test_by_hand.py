"""One draw reckoned again from the equations as printed: its level step by step in time, its circulation by a root.

The drug: dA/dt = rate - CL/V A and dE/dt = k (A/V - E). The circulation: section 2 of the facts, with the effects of
section 3.1, two end-diastolic volumes and the signal of the reflex as the three unknowns.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import root

from inotrope.circulation import UNCHANGED
from inotrope.dosing import read_regimen
from inotrope.forecast.circulation import Foreseen, Person, foresee
from inotrope.plan.circulation.members import members_of
from inotrope.plan.circulation.over_time.asking import TIMES_H, Asked
from inotrope.plan.circulation.over_time.kinetics import Kinetics, kinetics_of
from inotrope.plan.circulation.over_time.learning import Readings, person_of
from inotrope.plan.making import work_out
from inotrope.population.response import load_response

from ....forecast.circulation.patients import typical
from .beds import bed

LOAD_MCG_PER_KG, LOAD_H, RATE_MCG_PER_KG_MIN, WEIGHT_KG = 50.0, 1 / 6, 0.5, 82.0
DRAWS = (0, 123, 777)


def asked() -> Asked:
    outcome = work_out(bed(), {}, None, None, None)
    return Asked(
        case=outcome.case,
        drug=outcome.drug,
        file=load_response(outcome.drug),
        kidney=outcome.kidney,
        past=outcome.past,
        regimen=read_regimen("50 mcg/kg over 10 min; 0.5 mcg/kg/min"),
        supposes="",
        given="",
        entry=outcome.entry,
        shown_first="milrinone/label_adult",
        drive=UNCHANGED,
        drive_says=(),
    )


@pytest.fixture(scope="module", name="one")
def _one() -> tuple[Asked, Kinetics, Person, Foreseen]:
    what = asked()
    kinetics = kinetics_of(what.case, what.drug, what.kidney, what.shown_first).first
    assert kinetics is not None
    found = person_of(what, Readings.of(what), kinetics)
    assert isinstance(found[0], Person)
    person = replace(found[0], misses=None)  # as the equations have him
    site = kinetics.site(what.flowing, TIMES_H, equilibration_per_h=what.file.equilibration_per_h)
    return what, kinetics, person, foresee(person, person.levels(site))[0]


def level_by_steps(clearance: float, volume: float, per_h: float) -> np.ndarray:
    """Return the level at the site at every time of a course, ng/mL."""
    state, reached = np.zeros(2), {0.0: 0.0}
    for begin, end in itertools.pairwise(sorted({*TIMES_H.tolist(), LOAD_H})):
        mcg_per_h = (LOAD_MCG_PER_KG / LOAD_H if begin < LOAD_H else RATE_MCG_PER_KG_MIN * 60) * WEIGHT_KG

        def slope(_: float, now: np.ndarray, flowing: float = mcg_per_h) -> list[float]:
            return [flowing - clearance / volume * now[0], per_h * (now[0] / volume - now[1])]

        state = solve_ivp(slope, (begin, end), state, rtol=1e-10, atol=1e-10).y[:, -1]
        reached[end] = state[1]
    return np.array([reached[hour] for hour in TIMES_H.tolist()])


def circulation_by_root(person: Person, draw: int, level: float) -> dict[str, float]:
    """Return MAP, CVP, PCWP, output and heart rate of one draw at a level."""

    def own(item: Any, name: str) -> float:
        value = np.asarray(getattr(item, name))
        return float(value[draw] if value.ndim else value)

    drug, heart, reflex = person.patients.response, person.patients.heart, person.patients.reflex
    point = own(person.patients.bedside, "mean_arterial_mmhg")

    def hill(half: str, exponent: float) -> float:
        share = (level / own(drug, half)) ** exponent
        return share / (1 + share)

    force, arteries = hill("force_half_ng_per_ml", 1.0), hill("arteries_half_ng_per_ml", own(drug, "arteries_hill"))
    veins = hill("veins_half_ng_per_ml", own(drug, "veins_hill"))
    left, right, vessels = heart.left, heart.right, heart.vessels

    def state(unknown: np.ndarray) -> tuple[list[float], dict[str, float]]:
        edv_left, edv_right, signal = unknown
        rate = own(heart, "rate_per_min") * (1 + own(drug, "rate") * arteries) * (1 - own(reflex, "rate") * signal)
        wide = 1 - own(drug, "arteries") * arteries
        rs = own(vessels, "systemic_mmhg_s_per_ml") * wide * (1 - own(reflex, "resistance") * signal)
        rp = own(vessels, "pulmonary_mmhg_s_per_ml") * wide
        stressed = own(heart, "stressed_volume_ml") * (1 - own(drug, "veins") * veins)
        stressed *= 1 - own(reflex, "volume") * signal
        pull = 1 - own(reflex, "force") * signal
        ees_left = own(left, "elastance_mmhg_per_ml") * (1 + own(drug, "force") * force) * pull
        ees_right = own(right, "elastance_mmhg_per_ml") * pull
        ees_right *= 1 + own(drug, "right_share") * own(drug, "force") * force
        seconds = 60 / rate

        def filling(side: Any, volume: float) -> float:
            return own(side, "filling_mmhg") * (np.exp(own(side, "filling_per_ml") * (volume - own(side, "vd_ml"))) - 1)

        pcwp, cvp = filling(left, edv_left), filling(right, edv_right)
        al, ar = own(left, "end_systolic_share"), own(right, "end_systolic_share")
        sv_left = (ees_left * (edv_left - own(left, "v0_ml")) - al * cvp) / (ees_left + al * rs / seconds)
        sv_right = (ees_right * (edv_right - own(right, "v0_ml")) - ar * pcwp) / (ees_right + ar * rp / seconds)
        flow = sv_left / seconds
        pressure, pulmonary = cvp + flow * rs, pcwp + sv_right / seconds * rp
        held = (
            own(vessels, "systemic_arteries_ml_per_mmhg") * pressure
            + own(vessels, "systemic_veins_ml_per_mmhg") * (cvp + flow * own(vessels, "venous_mmhg_s_per_ml"))
            + own(vessels, "pulmonary_arteries_ml_per_mmhg") * pulmonary
            + own(vessels, "pulmonary_veins_ml_per_mmhg") * pcwp
            + (edv_left - own(left, "vd_ml"))
            + (edv_right - own(right, "vd_ml"))
            - (sv_left + sv_right) / 2
        )
        most = own(reflex, "most")
        away = most * np.tanh((pressure - point) / point / most)
        told = {
            "MAP": pressure,
            "CVP": cvp,
            "PCWP": pcwp,
            "CO": flow * 0.06,
            "HR": rate,
            "SVR": 80 * (pressure - cvp) / (flow * 0.06),
        }
        return [sv_left - sv_right, held - stressed, 100 * (away - signal)], told

    start = [own(left, "start_ml"), own(right, "start_ml"), 0.0]
    found = root(lambda unknown: state(unknown)[0], start, tol=1e-12)
    assert found.success
    return state(found.x)[1]


def test_levels_of_a_load_and_an_infusion_step_by_step(one: tuple[Asked, Kinetics, Person, Foreseen]) -> None:
    what, kinetics, person, found = one
    body = kinetics.persons[0].body
    assert body.q2_l_per_h is None  # one compartment
    for draw in DRAWS:
        of = int(person.kinetics[draw])
        clearance, volume = (
            float(np.asarray(array)[of].ravel()[-1]) for array in (body.clearance_l_per_h, body.volume_l)
        )
        by_hand = level_by_steps(clearance, volume, np.log(2) / 0.1)  # a half-life of 6 min
        assert found.levels[:, draw] == pytest.approx(by_hand, rel=1e-4, abs=0.01)
    assert what.file.equilibration_per_h == pytest.approx(np.log(2) / 0.1)


def test_the_circulation_by_a_root(one: tuple[Asked, Kinetics, Person, Foreseen]) -> None:
    _, _, person, found = one
    surface = person.patients.surface_m2
    for draw in DRAWS:
        for time in (0, 3, 7, 31):
            by_hand = circulation_by_root(person, draw, float(found.levels[time, draw]))
            now = {name: float(rows[time, draw]) for name, rows in found.expected.now.items()}
            assert now["mean_arterial_mmhg"] == pytest.approx(by_hand["MAP"], abs=1e-3)
            assert now["central_venous_mmhg"] == pytest.approx(by_hand["CVP"], abs=1e-3)
            assert now["wedge_mmhg"] == pytest.approx(by_hand["PCWP"], abs=1e-3)
            assert now["heart_rate_per_min"] == pytest.approx(by_hand["HR"], abs=1e-3)
            assert now["cardiac_index_l_per_min_m2"] * surface == pytest.approx(by_hand["CO"], abs=1e-4)
            assert now["systemic_resistance_dyn_s_per_cm5"] == pytest.approx(by_hand["SVR"], abs=0.05)


def test_the_chance_is_a_count_of_draws(one: tuple[Asked, Kinetics, Person, Foreseen]) -> None:
    _, _, _, found = one
    pressures = found.expected.now["mean_arterial_mmhg"]
    ever = sum(any(value < 65 for value in pressures[:, draw]) for draw in range(pressures.shape[1]))
    assert found.below(65).ever == ever / pressures.shape[1]
    middle = sorted(pressures[-1])
    assert float(found.of("mean_arterial_mmhg").median[-1]) == pytest.approx((middle[499] + middle[500]) / 2)


@pytest.mark.parametrize("member", ["P1", "P2", "P3"])
def test_without_any_spread_it_is_what_the_members_say(member: str) -> None:
    file = asked().file
    person, members = typical(member), members_of(file, file.heart.bedside)
    levels = np.array([[0.0], [163.0], [217.0], [326.0]])
    found = foresee(person, levels)[0].expected.now
    answer, _ = members.at(levels)
    at = members.ids.index(member)
    assert member != file.default or at == 0  # what `inotrope circulation` shows first
    for name in (
        "mean_arterial_mmhg",
        "central_venous_mmhg",
        "wedge_mmhg",
        "mean_pulmonary_mmhg",
        "heart_rate_per_min",
    ):
        assert found[name][:, 0] == pytest.approx(getattr(answer, name)[:, at], abs=1e-4), name
    output = found["cardiac_index_l_per_min_m2"][:, 0] * person.patients.surface_m2
    assert output == pytest.approx(answer.cardiac_output_l_per_min[:, at], abs=1e-5)
