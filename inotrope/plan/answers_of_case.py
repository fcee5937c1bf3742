"""The worked-out parts of an answer for one case: time left, medicines found, a pause, this bag, after the stop.

Knows what the case and its plan say about each. What families read holds no dose.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from inotrope.dosing import prepared_concentration, watch_after_stop
from inotrope.dosing.preparation import vial_strength
from inotrope.drug import Computed, Sourced
from inotrope.findings import Finding, State, Truth
from inotrope.patient import AgeGroup, Case, assess_kidney
from inotrope.plan.answer_parts import About, CaseAtHand, cited, clock, kept, reads_medicines, sourced, spoken
from inotrope.plan.answers_in_general import Lines, shorter_elsewhere
from inotrope.plan.authorities import longest
from inotrope.plan.making import answering_findings
from inotrope.plan.running import how_long, kidneys_clear
from inotrope.safety import unchecked_names
from inotrope.units import Quantity, hours_between, later

NOT_RECORDED = "The case does not say what was given: write every dose and rate with its times, or an empty list."


def of(known: About) -> CaseAtHand:
    """Return the case of an answer that has one."""
    assert known.of_case is not None  # these parts are worked out for a case only
    return known.of_case


# --- how long --------------------------------------------------------------------------------------------------------


def _time_limits(known: About) -> Lines:
    hand = of(known)
    started = _started(hand)
    family = [] if started is None else [f"It has been running since {spoken(started)}."]
    if hand.entry is None:
        return [f"No dosing entry serves this patient, so no limit is known. {_refusals(hand)}".strip()], family
    told = f"{hand.entry.authority}: {longest(hand.entry)}."
    if hand.past.running is Truth.UNKNOWN:
        return [told, NOT_RECORDED], family
    if started is None:
        return [told, "Nothing runs now; the time counts from the start of the infusion."], family
    passed = hours_between(started, hand.case.now)
    lines = [f"It runs since {clock(started)}, {_hours(passed)}, shorter breaks counted."]
    duration = hand.entry.duration
    limits = (
        ("no controlled experience beyond it", duration.controlled_experience),
        ("the usual length" if duration.usual else "the longest", duration.longest),
    )
    lines += [
        _left(f"{number.value} ({words})", later(started, number.value), hand.case.now, number)
        for words, number in limits
        if number is not None
    ]
    born = hand.case.patient.born_at
    if duration.until_age is not None and born is not None:
        end = later(born, duration.until_age.value)
        lines.append(_left(f"The age of {duration.until_age.value}", end, hand.case.now, duration.until_age))
    return lines, family


def _left(words: str, end: datetime, now: datetime, number: Sourced) -> str:
    left = hours_between(now, end)
    word = (
        f"is reached at {clock(end)}, {_hours(left)} left" if left > 0 else f"was reached at {clock(end)}: REVIEW NOW"
    )
    return f"{words} {word} ({cited(number.source)})."


def _started(hand: CaseAtHand) -> datetime | None:
    """Return when the unbroken run began; None when nothing runs."""
    return None if hand.past.running_for is None else _ago(hand, hand.past.running_for)


def _ago(hand: CaseAtHand, span: Quantity) -> datetime:
    return later(hand.case.now, Quantity(-span.value, span.unit))


def _hours(hours: Decimal) -> str:
    return Quantity(hours, "h").shown(1)


def _refusals(hand: CaseAtHand) -> str:
    return " ".join(refusal.says for refusal in hand.plan.refusals if refusal.id.startswith("no-entry"))


# --- other medicines -------------------------------------------------------------------------------------------------


def _medicines(known: About) -> Lines:
    hand, drug = of(known), known.drug
    reading = {rule.id for rule in drug.rules if reads_medicines(rule)}
    told = (*hand.plan.findings, *answering_findings(drug, hand.case))
    about_them = [finding for finding in told if finding.rule in reading and finding.state is not State.SILENT]
    lines = [_found(finding) for finding in about_them if finding.state is not State.UNKNOWN]
    lines += [
        f"Open, {finding.title} ({finding.rule}): {finding.asks}"
        for finding in about_them
        if finding.state is State.UNKNOWN
    ]
    if hand.case.medicines is None:
        lines.append("The case does not list the other medicines: what is not listed is judged by nothing.")
    elif not hand.case.holds_all("medicines"):
        lines.append("Perhaps there are other medicines than those listed: what is not listed is judged by nothing.")
    unchecked = unchecked_names(drug, hand.case)
    named = [item for item in hand.case.medicines or () if item.known and item.name != drug.name]
    read = [item.name for item in named if item.name in drug.judged_medicines.given]
    if read:
        lines.append(f"Read by the rules: {', '.join(dict.fromkeys(read))}. What fires of it stands above.")
    if unchecked:
        lines.append(f"NOT checked, since no rule reads them: {', '.join(unchecked)}. Ask the pharmacist.")
    return lines, []


def _found(finding: Finding) -> str:
    aside = " Overridden with a reason." if finding.state is State.OVERRIDDEN else ""
    return f"{finding.title} ({finding.rule}, {finding.severity.value}): {finding.says} {finding.advice}{aside}".strip()


# --- an interrupted infusion -----------------------------------------------------------------------------------------


def _interruption(known: About) -> Lines:
    hand = of(known)
    past = hand.past
    if past.running is Truth.UNKNOWN:
        return [NOT_RECORDED], []
    if past.running is Truth.PRESENT:
        runs = "" if past.running_rate is None else f" at {past.running_rate.shown(4)}"
        return [f"It runs{runs} now: nothing is interrupted."], ["It is running now."]
    if past.paused is None:
        gave = "A loading dose was given, and no infusion followed." if past.pieces else "Nothing was given so far."
        return [f"{gave} There is no infusion to resume."], []
    stopped = _ago(hand, past.paused.since)
    lines = [
        f"Paused since {clock(stopped)}, {how_long(past.paused.since)}; the last rate was "
        f"{past.paused.last_rate.shown(4)}.",
        "No second loading dose: what is left of the earlier one is not known.",
        _resumption(hand, past.paused.last_rate),
    ]
    return lines, [f"It has been stopped since {spoken(stopped)}."]


def _resumption(hand: CaseAtHand, last: Quantity) -> str:
    if hand.plan.maintenance is None:
        return f"No rate is proposed now (the plan is {hand.plan.status.value}): the prescriber decides."
    highest = min(hand.plan.maintenance.maximum, last)
    return (
        f"Only the prescriber resumes it: at no more than {highest.shown(4)}, the lower of the last rate and of what "
        f"is allowed now. The plan proposes {hand.plan.maintenance.rate.shown(4)}."
    )


# --- this bag --------------------------------------------------------------------------------------------------------


def _storage(known: About) -> Lines:
    hand, drug = of(known), known.drug
    preparation = hand.case.preparation
    if preparation is None or preparation.product is None:
        return ["The case does not say whether a premixed bag or one made from vials hangs on the pump."], []
    hung = "" if preparation.hung is None else f" It hangs since {clock(preparation.hung)}."
    if preparation.product == "premix":
        says = "This bag is premixed. No text that was read says how long one may hang."
        return [f"{says}{hung}", *_kept(known, "premix")], []
    concentration = prepared_concentration(hand.case, drug)
    if concentration is None:
        return [f"This bag is made from vials, and its concentration is not said.{hung}", *_kept(known, "vial")], []
    if concentration >= vial_strength(drug):
        says = "This syringe holds the vial undiluted; how long it may be used is not sourced."
        return [f"{says}{hung}", *_kept(known, "vial")], []
    entries = drug.entries if hand.entry is None else (hand.entry,)
    life = min((entry.storage.diluted_life for entry in entries), key=lambda number: number.value)
    used = f"Made from vials, it may be used for {sourced(life)}"
    elsewhere = shorter_elsewhere(entries, life)
    return [used, *elsewhere, _expiry(hand.case, life), *_kept(known, "vial")], []


def _kept(known: About, form: str) -> list[str]:
    text = kept(known.drug, form)
    return [text] if text else []


def _expiry(case: Case, life: Sourced) -> str:
    assert case.preparation is not None  # the caller has looked at it
    if case.preparation.hung is None:
        return "Since when it hangs is not recorded ('hung' of the preparation), so it is not known when it expires."
    end = later(case.preparation.hung, life.value)
    left = hours_between(case.now, end)
    if left <= 0:
        return f"This bag hangs since {clock(case.preparation.hung)} and EXPIRED at {clock(end)}: change it."
    return f"This bag hangs since {clock(case.preparation.hung)} and expires at {clock(end)}, {_hours(left)} left."


# --- after the stop --------------------------------------------------------------------------------------------------


def _after_stop(known: About) -> Lines:
    hand = of(known)
    if hand.past.running is Truth.PRESENT:
        drives = hand.case.age_group is AgeGroup.ADULT
        return [f"The infusion runs now{': the patient does not drive' if drives else ''}."], ["It is running now."]
    pause = hand.past.paused
    if pause is None:
        return ["No infusion is recorded."], []
    stopped = _ago(hand, pause.since)
    lines = [f"The infusion was stopped at {clock(stopped)}, {how_long(pause.since)} ago."]
    if hand.entry is not None:
        cleared = kidneys_clear(hand.case, hand.entry, assess_kidney(hand.case))
        watch = watch_after_stop(hand.entry, cleared=cleared)
        lines.append(f"{watch[0].upper()}{watch[1:]}.")
    return lines, [f"It was stopped at {spoken(stopped)}."]


OF_CASE: dict[Computed, Callable[[About], Lines]] = {
    Computed.TIME_LIMITS: _time_limits,
    Computed.MEDICINES: _medicines,
    Computed.INTERRUPTION: _interruption,
    Computed.STORAGE: _storage,
    Computed.AFTER_STOP: _after_stop,
}
"""One answer per part of the closed list."""
