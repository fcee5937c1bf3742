"""From a case to the walk of its kidneys, or why there is none.

Knows which creatinines of a case speak of the patient's own kidneys, what production and volume are usual for him, and
what a machine does to all that: beside it and for a while after it the creatinine is the machine's. What a machine
clears of the drug is entered by a person and comes along with its dates. It weighs no level and proposes no dose.

Adults only: what a child produces is known here by no equation that a changing creatinine could be read with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike

from inotrope.estimation.chen import chen_clearances
from inotrope.estimation.creatinine_balance import MG_PER_L, Volumes
from inotrope.estimation.kidney_path import ML_PER_MIN, Walk
from inotrope.estimation.kidney_refusals import off_since, refuse_creatinines, refuse_search, refuse_since_machine
from inotrope.estimation.kidney_walk import walk
from inotrope.estimation.problem import Floats
from inotrope.findings import Refusal, Truth
from inotrope.patient import Case, Measurement, body_size, vocabulary
from inotrope.patient.creatinine import BASELINE, CREATININE, OLIGURIA
from inotrope.patient.kidney_equations import cockcroft_gault, reference_surface
from inotrope.population import ExtracorporealClearance, machines_of_case
from inotrope.units import Quantity, hours_between


@dataclass(frozen=True, slots=True, eq=False)
class KidneyOfCase:
    """What the creatinines of a case say of its kidneys over time; hours are from `now`.

    Attributes:
        walk: The draws; None where refused.
        refusals: Why there is none.
        machines: What machines clear of the drug, as entered, each with its dates; they add to the patient's own
            clearance, which is supposed to be nothing where the walk is refused for a machine.
        used: The creatinines that the walk stands on, oldest first.
        baseline: The baseline creatinine among what it stands on; None where there is none.
        last_cockcroft_gault: Of the newest creatinine, as if it were steady, mL/min; None where refused.
        chen_l_per_h: (used - 1,) L/h between each creatinine and the next; None without a baseline or a second one.
        surface_m2: Body surface by Mosteller; None without a height.
        says: What a reader must know of it: what was assumed, and what was left out.
    """

    walk: Walk | None
    refusals: tuple[Refusal, ...]
    machines: tuple[ExtracorporealClearance, ...]
    used: tuple[Measurement, ...] = ()
    baseline: Measurement | None = None
    last_cockcroft_gault: Quantity | None = None
    chen_l_per_h: Floats | None = None
    surface_m2: float | None = None
    says: tuple[str, ...] = ()

    def indexed(self, clearance_l_per_h: ArrayLike) -> Floats | None:
        """Return clearances in mL/min per 1.73 m2, as models ask for them; None without a height."""
        if self.surface_m2 is None:
            return None
        per_surface = float(reference_surface()) / self.surface_m2
        return np.asarray(np.asarray(clearance_l_per_h, dtype=np.float64) * ML_PER_MIN * per_surface)


def kidney_of_case(case: Case, *, ahead_h: float = 48.0, draws: int = 4000, seed: int = 0) -> KidneyOfCase:
    """Return the clearance of creatinine over time that a case's creatinines tell of, with how sure that is.

    Args:
        case: The patient.
        ahead_h: How long after `now` the draws go on, h.
        draws: How many.
        seed: Of the draws.

    Returns:
        See `KidneyOfCase`. A newest creatinine that is too old to set a rate still tells something: the draws are
        the wider for it.

    Raises:
        RequestError: No draw, or no time ahead.
    """
    machines = machines_of_case(case)
    off = off_since(case)
    refusal = refuse_creatinines(case, off)
    if refusal is not None:
        return KidneyOfCase(None, (refusal,), machines)
    used = _series(case, off)
    if not used:
        return KidneyOfCase(None, (refuse_since_machine(),), machines)
    words, person = vocabulary(), case.patient
    baseline = None if off is not None else case.latest(BASELINE)
    one = Quantity(Decimal(1), "mg/dL")
    usual = cockcroft_gault(age_years=case.age_years, sex=person.sex, weight=person.weight, creatinine=one)
    production = float(usual.in_unit("L/h")) * MG_PER_L
    times = np.array([_hours(case, item.at) for item in used])
    measured = np.array([float(item.value.in_unit("mg/dL")) for item in used])
    lead = float(words.limit("kdigo.stage_1_rise_window").value.in_unit("h"))
    start = times[0] if off is not None else times[0] - lead
    all_times, all_measured = times, measured
    if baseline is not None:
        # A baseline written down during the illness is one from before it all the same.
        before = _hours(case, baseline.at) if baseline.at < used[0].at else start
        start = max(start, before)
        all_times = np.append(before, times)
        all_measured = np.append(float(baseline.value.in_unit("mg/dL")), measured)
    volumes, left_out = _volumes(case, start)
    found = walk(
        all_times,
        all_measured,
        production_mg_per_h=production,
        volumes=volumes,
        moves_from_h=start,
        now_h=0.0,
        ahead_h=ahead_h,
        draws=draws,
        seed=seed,
        start_sd=0.0 if off is None else float(words.ratio("kidney_walk.start_sd_after_machine").value),
    )
    chen = None
    if baseline is not None and times.size > 1:
        chen = chen_clearances(
            times,
            measured,
            age_years=case.age_years,
            baseline_creatinine_mg_per_dl=float(all_measured[0]),
            production_mg_per_h=production,
            volume_l=float(volumes.at(np.zeros(1))[0]),
        )
    surface = body_size(case).bsa_mosteller
    newest = used[-1].value
    return KidneyOfCase(
        walk=found if found.converged else None,
        refusals=() if found.converged else (refuse_search(),),
        machines=machines,
        used=used,
        baseline=baseline,
        last_cockcroft_gault=cockcroft_gault(
            age_years=case.age_years, sex=person.sex, weight=person.weight, creatinine=newest
        ),
        chen_l_per_h=chen,
        surface_m2=None if surface is None else float(surface.in_unit("m2")),
        says=_said(case, used, baseline, off, left_out),
    )


def _hours(case: Case, at: datetime) -> float:
    return float(hours_between(case.now, at))


def _series(case: Case, off: datetime | None) -> tuple[Measurement, ...]:
    """Return the creatinines of the patient's own kidneys, oldest first: one of each moment, the highest."""
    window = vocabulary().limit("kdigo.ratio_window").value.in_unit("h")
    every = case.every(CREATININE)
    found: dict[datetime, Measurement] = {}
    for item in sorted(every, key=lambda item: item.value):
        if hours_between(item.at, every[0].at) <= window and (off is None or item.at > off):
            found[item.at] = item
    return tuple(found[at] for at in sorted(found))


def _volumes(case: Case, start_h: float) -> tuple[Volumes, tuple[Measurement, ...]]:
    """Return the volume that holds creatinine over time, and the weights that were left out as slips.

    The weight of the case stands for `now`; a weight before it differs by water.
    """
    words = vocabulary()
    weight = float(case.patient.weight.in_unit("kg"))
    share = float(words.limit("kidney_walk.volume_per_weight").value.in_unit("L/kg"))
    gained = float(words.limit("kidney_walk.volume_per_weight_gained").value.in_unit("L/kg"))
    most = float(words.limit("kidney_walk.weight_change_highest").value.in_unit("%")) / 100
    entries, left_out = {0.0: share * weight}, []
    for item in reversed(case.every("body weight")):
        hours, change = _hours(case, item.at), float(item.value.in_unit("kg")) - weight
        if abs(change) > most * weight:
            left_out.append(item)
        elif start_h <= hours < 0:
            entries[hours] = share * weight + gained * change
    times = sorted(entries)
    return Volumes(np.array(times), np.array([entries[time] for time in times])), tuple(left_out)


def _said(
    case: Case,
    used: tuple[Measurement, ...],
    baseline: Measurement | None,
    off: datetime | None,
    left_out: tuple[Measurement, ...],
) -> tuple[str, ...]:
    """Return what a reader must know, in sentences."""
    double = vocabulary().limit("kidney_walk.doubling_ahead").value
    found = [
        "How far clearance, production and volume may be from the usual are judgements, set on simulated patients.",
        f"Ahead of now stands what would follow if the clearance stayed, if it doubled in {double} up to the first one "
        f"known, or if it halved in {double}: a judgement and no forecast.",
    ]
    if off is not None:
        found.append(
            "A machine replaced the kidneys before: only creatinines since then count, and the first of them is not "
            "taken to be steady."
        )
    elif baseline is None:
        found.append("No baseline creatinine is recorded; with it the first hours would be surer.")
    if len(used) == 1:
        found.append("One creatinine alone cannot show that the kidneys change.")
    if case.condition(OLIGURIA) is Truth.PRESENT:
        found.append("There is oliguria: the kidneys may be worse than any creatinine can tell yet.")
    if not case.holds_all("support"):
        found.append("Whether a machine replaced the kidneys is not on record; none is supposed.")
    if left_out:
        weights = ", ".join(item.as_written for item in left_out)
        found.append(f"Left out, since no fluid explains it: a weight of {weights}.")
    return tuple(found)
