"""The course of a creatinine: newest and earlier values, whether it is changing, the KDIGO stage, contradictions.

Knows windows and cuts, all from the vocabulary's limits, and urine output where it bears on them. A creatinine that
falls counts as changing too. It estimates no clearance (`kidney.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, groupby, islice, takewhile

from inotrope.findings import Truth, any_of
from inotrope.patient.case import Case, Measurement
from inotrope.patient.vocabulary import Vocabulary, vocabulary
from inotrope.units import Quantity, hours_between, read_quantity

CREATININE, BASELINE, URINE, OLIGURIA = "serum creatinine", "baseline creatinine", "urine output", "oliguria"
KIDNEY_REPLACEMENT = ("CRRT", "hemodialysis", "peritoneal dialysis")
"""The vocabulary's names of what replaces the kidney."""

_MOST_AT_ONCE = 50
"""Values of one moment that are compared with each other; a laboratory sends one, an attacker thousands."""


@dataclass(frozen=True, slots=True)
class Course:
    """What the record says about the creatinine over time.

    Attributes:
        newest: The newest creatinine; of two at one moment the higher, which gives the lower clearance.
        age: Hours since then.
        earlier: Those of earlier moments, newest first, inside the KDIGO window of days before the newest.
        baseline: The newest baseline creatinine on record.
        conflict: Two different creatinines of one moment in that window; None when there are none.
        changing: By the creatinine or by the urine; unknown when one of them is not on record and the other says no.
        needs: Names of what would settle an unknown.
        because: What speaks for a change, in words.
        kdigo_stage: 0 to 3; None when there is nothing to compare.
    """

    newest: Measurement | None
    age: Quantity | None
    earlier: tuple[Measurement, ...]
    baseline: Measurement | None
    conflict: tuple[Measurement, Measurement] | None
    changing: Truth
    needs: tuple[str, ...]
    because: tuple[str, ...]
    kdigo_stage: int | None


def creatinine_course(case: Case) -> Course:
    """Return the course of the creatinine of a case."""
    words = vocabulary()
    baseline = case.latest(BASELINE)
    every = case.every(CREATININE)
    newest = max((m for m in every if m.at == every[0].at), key=lambda m: m.value) if every else None
    age = earlier = None
    conflict = None
    because: list[str] = []
    stages: list[int] = []
    if newest is not None:
        age = Quantity(hours_between(newest.at, case.now), "h")
        window = _hours(words, "kdigo.ratio_window")
        inside = tuple(m for m in every if hours_between(m.at, newest.at) <= window)
        earlier = tuple(m for m in inside if m.at < newest.at)
        conflict = _conflict(inside)
        stage, reason = _stage_by_creatinine(words, newest, earlier, baseline)
        if stage is not None:
            stages.append(stage)
        because.extend(reason)
        because.extend(_difference_in_a_day(words, newest, earlier))
    # An earlier value, however old, says that nothing happened inside the windows; a lone one says nothing.
    compared = bool(stages) or any(m.at < every[0].at for m in every)
    moving = Truth.PRESENT if because else Truth.of(False if compared else None)
    oliguria, reason = _oliguria(words, case)
    because.extend(reason)
    urine_stage = _stage_by_urine(words, case)
    if urine_stage is not None:
        stages.append(urine_stage)
    if any_of(case.supported_by(name) for name in KIDNEY_REPLACEMENT) is Truth.PRESENT:
        stages.append(3)  # KDIGO 2012: replacement is stage 3; it says nothing of a change of the creatinine
    needs = tuple(name for name, truth in ((CREATININE, moving), (OLIGURIA, oliguria)) if truth is Truth.UNKNOWN)
    return Course(
        newest=newest,
        age=age,
        earlier=earlier or (),
        baseline=baseline,
        conflict=conflict,
        changing=any_of((moving, oliguria)),
        needs=needs,
        because=tuple(because),
        kdigo_stage=max(stages) if stages else None,
    )


def _stage_by_creatinine(
    words: Vocabulary, newest: Measurement, earlier: tuple[Measurement, ...], baseline: Measurement | None
) -> tuple[int | None, list[str]]:
    """Return the KDIGO stage and why; a stage 3 by height alone needs a rise that makes a stage 1."""
    compared = [*earlier, *(() if baseline is None else (baseline,))]
    if not compared:
        return None, []
    stage, because = 0, []
    lowest = min(compared, key=lambda m: m.value)
    ratio = newest.value.value / lowest.value.value
    for number in (1, 2, 3):
        if ratio >= words.ratio(f"kdigo.stage_{number}_ratio").value:
            stage = number
    rise, window = words.limit("kdigo.stage_1_rise"), _hours(words, "kdigo.stage_1_rise_window")
    recent = [m for m in earlier if hours_between(m.at, newest.at) <= window]
    least = rise.value.in_unit("mg/dL")
    risen = [m for m in recent if newest.value.in_unit("mg/dL") - m.value.in_unit("mg/dL") >= least]
    if risen:
        stage = max(stage, 1)
    if stage and newest.value >= words.limit("kdigo.stage_3_creatinine").value:
        stage = 3
    if stage:
        from_ = lowest if ratio >= words.ratio("kdigo.stage_1_ratio").value else risen[0]
        name = "the baseline" if from_ is baseline else "an earlier value"
        because.append(f"creatinine rose from {from_.as_written} ({name}) to {newest.as_written}: KDIGO stage {stage}")
    return stage, because


def _difference_in_a_day(words: Vocabulary, newest: Measurement, earlier: tuple[Measurement, ...]) -> list[str]:
    limit = words.limit("kidney.changing_difference").value.in_unit("%")
    window = words.limit("kidney.changing_window").value
    for item in earlier:
        apart = hours_between(item.at, newest.at)
        if apart > _hours(words, "kdigo.stage_1_rise_window"):
            break
        # Daily samples are never a day apart to the minute: beyond the window the change is taken per window.
        share = min(Decimal(1), window.in_unit("h") / apart)
        difference = (newest.value.value / item.value.value - 1) * 100 * share
        if abs(difference) >= limit:
            way = "rose" if difference > 0 else "fell"
            return [f"creatinine {way} by {Quantity(abs(difference), '%').shown(0)} within {window}"]
    return []


def _oliguria(words: Vocabulary, case: Case) -> tuple[Truth, list[str]]:
    """Return whether there is oliguria, by its name or by a fresh urine output; either one is enough."""
    stated = case.condition(OLIGURIA)
    if stated is Truth.PRESENT:
        return Truth.PRESENT, ["oliguria is present"]
    newest = case.latest(URINE, within=words.limit("kidney.changing_window").value)
    limit = words.limit("kdigo.stage_1_urine").value
    if newest is None:
        return stated, []
    if newest.value < limit:
        return Truth.PRESENT, [f"urine output is {newest.value.shown(2)}, below {limit}"]
    return Truth.ABSENT, []


def _stage_by_urine(words: Vocabulary, case: Case) -> int | None:
    """Return the stage by the unbroken run of low urine outputs up to the newest; each stands until the next one."""
    every = case.every(URINE)
    if not every:
        return None
    low, very_low = words.limit("kdigo.stage_1_urine").value, words.limit("kdigo.stage_3_urine").value
    hours_low = _run(every, lambda value: value < low)
    if _run(every, lambda value: value < very_low) >= _hours(words, "kdigo.stage_3_urine_duration"):
        return 3
    none_at_all = _run(every, lambda value: value.value == 0)
    if none_at_all >= _hours(words, "kdigo.stage_3_no_urine_duration"):
        return 3
    if hours_low >= _hours(words, "kdigo.stage_2_urine_duration"):
        return 2
    return 1 if hours_low >= _hours(words, "kdigo.stage_1_urine_duration") else 0


def _run(every: tuple[Measurement, ...], holds: Callable[[Quantity], bool]) -> Decimal:
    """Return the hours from the first to the last of the newest values that all fulfil a condition."""
    run = list(takewhile(lambda item: holds(item.value), every))
    return hours_between(run[-1].at, run[0].at) if run else Decimal(0)


def _conflict(every: tuple[Measurement, ...]) -> tuple[Measurement, Measurement] | None:
    """Return the newest two values of one moment that cannot both be right."""
    for _, same in groupby(every, key=lambda item: item.at):
        for first, second in combinations(islice(same, _MOST_AT_ONCE), 2):
            if _differ(first, second):
                return second, first
    return None


def _differ(first: Measurement, second: Measurement) -> bool:
    """Tell whether two values differ by more than rounding: 1.2 mg/dL and 106 umol/L are one result, written twice."""
    one, other = _as_read(first), _as_read(second)
    if one.unit == other.unit:
        return one.value != other.value
    per_unit_one, per_unit_other = first.value.value / one.value, second.value.value / other.value
    slack = (_half_digit(one) * per_unit_one) + (_half_digit(other) * per_unit_other)
    return abs(first.value.value - second.value.value) > slack


def _as_read(item: Measurement) -> Quantity:
    return read_quantity(item.as_written, what="Creatinine", dimensions=("mass concentration", "molar concentration"))


def _half_digit(quantity: Quantity) -> Decimal:
    """Return half of the last digit that was written: 0.05 for 1.2, 0.5 for 106."""
    exponent = quantity.value.as_tuple().exponent
    assert isinstance(exponent, int)  # a quantity is a finite number
    return Decimal(5).scaleb(exponent - 1)


def _hours(words: Vocabulary, reference: str) -> Decimal:
    return words.limit(reference).value.in_unit("h")
