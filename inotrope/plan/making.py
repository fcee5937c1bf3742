"""The main job: a case in, a checked plan out.

Knows the order: entry, kidney, history, rules that need no dose, dose, rules that judge the dose, status. It is the
only place that proposes a dose for a patient. It computes no dose itself and holds no rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from inotrope.dosing import (
    LABELS_LOAD,
    History,
    LoadingDose,
    compute_regimen,
    entries_beside,
    find_entry,
    history,
    load_by_rate,
    loading_dose,
    no_load,
    possible_entries,
    prepared_concentration,
    pump_step,
)
from inotrope.drug import Drug, Entry, RateLoad, Site, creatinine_is_a_machine_s, load_drug
from inotrope.drug.tightening import SOFT_MAXIMUM
from inotrope.errors import RequestError
from inotrope.findings import Effect, Finding, Refusal, Severity, Shown, State, Truth
from inotrope.patient import Case, assess_kidney
from inotrope.plan.at_site import at_site
from inotrope.plan.circulation.course_record import CirculationCourse, failed_course
from inotrope.plan.circulation.readings_needed import looked_at
from inotrope.plan.forecast_record import LevelForecast, failed_forecast
from inotrope.plan.missing import missing_questions
from inotrope.plan.outcome import Outcome
from inotrope.plan.record import Missing, Plan, PlanStatus, Screening
from inotrope.plan.running import held_down, kidneys_clear
from inotrope.plan.writing import write_plan
from inotrope.safety import (
    Situation,
    apply_overrides,
    case_facts,
    dose_facts,
    gather,
    judge,
    limits_behind,
    told_of_rates,
)
from inotrope.units import Quantity

if TYPE_CHECKING:
    from inotrope.plan.what_if import Change


def make_plan(
    case: Case,
    *,
    forecast: bool = True,
    overrides: Mapping[str, str] | None = None,
    assume_kidney: Quantity | None = None,
    site: Site | None = None,
    drug: Drug | None = None,
    what_if: Iterable[str] = (),
) -> Plan:
    """Return the checked plan for one case.

    Args:
        case: The patient.
        forecast: Whether a forecast of the levels is wanted, and of the circulation where it was looked at; it takes a
            few tenths of a second and changes no dose.
        overrides: Reason by rule id; a rule that allows it and fires no longer withholds, and the reason stands on
            everything shown.
        assume_kidney: A creatinine clearance in mL/min/1.73 m2 to use instead of the patient's own; it stands on
            everything shown.
        site: The hospital's own file.
        drug: A drug folder already read; by default the shipped one that the case names.
        what_if: Changes whose levels the forecast tells beside its own, such as `pause 2 h after 6 h`.

    Returns:
        A plan, a stop or a refusal; which one is `Plan.status`.

    Raises:
        RequestError: The drug is unknown, an override names a rule that does not exist or gives no reason, or the
            assumed clearance is no such quantity, or a change is none that can be supposed. An override whose rule
            allows none, could not be judged or does not fire is no error: it changes nothing, and the plan says so.
        LibraryError: The site's file loosens a limit, or does not fit the drug.
    """
    outcome = work_out(case, overrides or {}, assume_kidney, site, drug)
    levels = _forecast(outcome, what_if) if forecast else None
    circulation = circulation_of(outcome, levels) if forecast else None
    return write_plan(outcome, questions_of(outcome), levels, circulation)


def questions_of(outcome: Outcome) -> tuple[Missing, ...]:
    """Return what a plan asks, those first whose answers would change the dose most."""
    return missing_questions(
        outcome.findings,
        outcome.refusals,
        without_pump_rate=outcome.regimen is not None and outcome.regimen.maintenance.pump is None,
        pump_assumed=outcome.regimen is not None and outcome.regimen.pump_step_assumed,
        measured={item.what for item in outcome.case.measurements},
    )


def _forecast(outcome: Outcome, what_if: Iterable[str]) -> LevelForecast | None:
    """Return the forecast; whatever fails in it is told in its place and withholds nothing else of the plan."""
    texts = tuple(what_if)
    changes: tuple[Change, ...] = ()
    if texts:
        from inotrope.plan.what_if import read_changes  # noqa: PLC0415

        # What is written wrongly is an error, and no failure of the forecast.
        changes = read_changes(texts, now=outcome.case.now)
    try:
        from inotrope.plan.forecasting import plan_forecast  # noqa: PLC0415 - a screening waits for no arrays and models

        return plan_forecast(outcome, changes)
    except Exception as problem:  # whatever it is: a dose that was checked never hangs on a curve
        return failed_forecast(problem)


def circulation_of(outcome: Outcome, levels: LevelForecast | None) -> CirculationCourse | None:
    """Return the circulation ahead, of a patient whose circulation was looked at; else None, and nothing is loaded."""
    if not looked_at(outcome.case):
        return None
    try:
        from inotrope.plan.circulation.over_time.foreseeing import course_of_plan  # noqa: PLC0415 - few plans need it

        return course_of_plan(outcome, levels)
    except Exception as problem:  # as of the forecast
        return failed_course(problem)


def screen(
    case: Case,
    *,
    overrides: Mapping[str, str] | None = None,
    assume_kidney: Quantity | None = None,
    site: Site | None = None,
    drug: Drug | None = None,
) -> Screening:
    """Return the safety findings alone, over the same rules and the same dose as `make_plan`; raises as it does."""
    plan = make_plan(case, forecast=False, overrides=overrides, assume_kidney=assume_kidney, site=site, drug=drug)
    return Screening(
        status=plan.status,
        drug=plan.drug,
        made_for=plan.made_for,
        refusals=plan.refusals,
        findings=plan.findings,
        missing=plan.missing,
        versions=plan.versions,
        notice=plan.notice,
    )


def answering_findings(drug: Drug, case: Case) -> tuple[Finding, ...]:
    """Return what the rules say that only answer a question; no plan and no screening holds it."""
    rules = [rule for rule in drug.rules if rule.shown is Shown.ANSWER]
    return judge(drug, Situation(case, None, {}, {}), rules=rules)


def work_out(
    case: Case,
    overrides: Mapping[str, str],
    assume_kidney: Quantity | None,
    site: Site | None,
    drug: Drug | None,
) -> Outcome:
    """Return everything that is found for one case, before it is written out; arguments as `make_plan`."""
    here = at_site(case, load_drug(case.drug) if drug is None else drug, site)
    case, folder = here.case, here.drug
    if assume_kidney is not None and assume_kidney.dimension != "flow per body surface area":
        raise RequestError(
            f"The assumed kidney function '{assume_kidney}' is not per body surface. Write it such as "
            "'60 mL/min/1.73 m2'.",
            value=str(assume_kidney),
            accepted="a clearance in mL/min/1.73 m2",
        )
    chosen = find_entry(folder, case)
    entry = chosen if isinstance(chosen, Entry) else None
    refusals = [*([chosen] if isinstance(chosen, Refusal) else []), *here.refusals(entry)]
    kidney = assess_kidney(case, assumed=assume_kidney)
    past = history(case, drug=folder.name)
    # Beside a machine no creatinine gives a rate, so none waits for one: its own rule refuses, and says why.
    replaced = creatinine_is_a_machine_s(folder, case)
    refusals += [item for item in kidney.refusals if not replaced or item.id == "conflicting-data"]
    refusals += [*_contradictions(case, past), *_two_values(case, folder)]

    possible = possible_entries(folder, case) if entry is None else ()
    facts, needs = case_facts(folder, case, kidney, past, entry, possible=possible)
    settles = chosen.needs if isinstance(chosen, Refusal) else ()
    told = told_of_rates(folder, past, entry, possible)
    situation = Situation(case, entry, facts, needs, settles, possible, told=told)
    findings = _telling(judge(folder, situation, rules=folder.rules_before_a_dose))
    # A stop that is set aside lets the rate through and keeps what the folder says; a rule of the dose keeps nothing.
    aside, _ = apply_overrides(folder, findings, overrides)
    refusals += [_refusal(finding) for finding in findings if _fires(finding, Effect.NO_RATE)]

    regimen = None
    if entry is not None and not refusals and (kidney.clearance is not None or entry.renal is None):
        computed = compute_regimen(
            case,
            folder,
            entry,
            clearance=kidney.clearance,
            past=past,
            load=_load(case, folder, entry, past=past, findings=aside, site=site),
            default_step=None if site is None else site.pump_step,
            cleared=kidneys_clear(case, entry, kidney),
            held=held_down(aside),
        )
        if isinstance(computed, Refusal):
            refusals.append(computed)
        else:
            regimen = computed
    soft = folder.references.numbers.get(SOFT_MAXIMUM)
    more_facts, more_needs = dose_facts(case, past, regimen, soft_maximum=None if soft is None else soft.value)
    known, asked = {**facts, **more_facts}, {**needs, **more_needs}
    situation = Situation(case, entry, known, asked, settles, possible, limits_behind(regimen), told)
    findings = (*findings, *_telling(judge(folder, situation, rules=folder.rules_of_a_dose)))
    findings, notes = apply_overrides(folder, findings, overrides)
    return Outcome(
        case=case,
        drug=folder,
        here=here,
        entry=entry,
        beside=() if entry is None else entries_beside(folder, case, entry),
        kidney=kidney,
        past=past,
        regimen=regimen,
        findings=gather(folder, tuple(finding for finding in findings if finding.state is not State.SILENT)),
        refusals=tuple(refusals),
        notes=notes,
        status=_status(findings, refusals),
    )


def _telling(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return what fires, asks, or is silent because nobody could judge it; the rest, most of all, changes nothing."""
    return tuple(finding for finding in findings if finding.state is not State.SILENT or finding.needs)


def _status(findings: tuple[Finding, ...], refusals: list[Refusal]) -> PlanStatus:
    if any(finding.state is State.FIRES and finding.severity is Severity.STOP for finding in findings):
        return PlanStatus.STOPPED
    return PlanStatus.REFUSED if refusals else PlanStatus.PLAN


def _fires(finding: Finding, effect: Effect) -> bool:
    return finding.state is State.FIRES and finding.effect is effect


def _refusal(finding: Finding) -> Refusal:
    return Refusal(finding.rule, f"{finding.says} {finding.advice}".strip(), finding.needs, finding.sources)


def _contradictions(case: Case, past: History) -> list[Refusal]:
    found = []
    if past.conflict is not None:
        found.append(
            Refusal(
                "conflicting-data",
                f"The record of what was given contradicts itself: {past.conflict}. Correct the record.",
                ("administrations",),
            )
        )
    if case.preparation is not None and case.preparation.contradiction is not None:
        found.append(
            Refusal(
                "conflicting-data",
                f"The preparation contradicts itself: {case.preparation.contradiction}. "
                "Read the label of the bag again.",
                ("preparation",),
            )
        )
    return found


CREATININE = "serum creatinine"
"""The kidney judges its own contradictions, over days and across units."""


def _two_values(case: Case, drug: Drug) -> list[Refusal]:
    """Return a refusal for each kind of measurement that a rule reads and that has two values at its newest moment."""
    found = []
    measured = {item.what for item in case.measurements}
    plain = (drug.judged_measurements | {"body weight", "dry weight", "eGFR"}) - {CREATININE}
    read = [*((name, "") for name in plain), *drug.judged_levels]
    for what, of in sorted(item for item in read if item[0] in measured):
        every = case.every(what, of or None)
        values = {item.value for item in every if item.at == every[0].at}
        if len(values) > 1:
            both = " and ".join(str(value) for value in sorted(values))
            says = f"Two values of '{what}' stand at one moment: {both}. Remove the wrong one, or measure again."
            found.append(Refusal("conflicting-data", says, (what,)))
    return found


def _load(
    case: Case, drug: Drug, entry: Entry, *, past: History, findings: tuple[Finding, ...], site: Site | None
) -> LoadingDose:
    """Return the load, or its absence with the reason; an unknown withholds nothing and is asked."""
    if entry.load is None:
        return no_load("the dosing entry has no load")
    if site is not None and not site.load_given:
        return no_load(f"none, because this site gives no loading dose ({site.file})")
    if past.running is Truth.PRESENT:
        runs = "a dose is going in" if past.running_rate is None else "the infusion is already running"
        return no_load(f"none, because {runs}: a load is never repeated")
    if past.given_before is Truth.PRESENT:
        return no_load("none, because the drug was given before: a load is never repeated on resumption")
    against = [finding for finding in findings if finding.keeps_the_load_away]
    if against:
        return no_load(
            "none, because " + "; ".join(_why_not(finding) for finding in against),
            tuple(source for finding in against for source in finding.sources),
        )
    only_if = [
        f"this is answered and speaks for it: {finding.asks}"
        for finding in findings
        if finding.state is State.UNKNOWN and finding.effect is Effect.NO_LOAD
    ]
    if not past.complete:
        only_if.append("nothing runs and nothing was given before: the case does not say")
    because = LABELS_LOAD if entry.on_label else f"the load of: {entry.authority}; the kidney does not change it"
    if site is not None and any(
        number.source.id == "site" for path, number in entry.numbers.items() if path in ("load.dose", "load.rate")
    ):
        because = (
            f"this hospital's own load ({site.file}), less than the {entry.authority}'s; the kidney does not change it"
        )
    if isinstance(entry.load, RateLoad):
        return load_by_rate(
            entry.load,
            weight=case.patient.weight,
            concentration=prepared_concentration(case, drug),
            step=pump_step(case, entry, None if site is None else site.pump_step)[0],
            only_if=tuple(only_if),
            because=because,
        )
    hangs_premix = case.preparation is not None and case.preparation.product == "premix"
    kind = "premix" if site is not None and site.load_from_premix and hangs_premix else entry.load.product_kind
    product = next(item for item in drug.products if item.kind == kind)
    strength = product.strength.value if kind == "premix" else entry.load.strength.value
    return loading_dose(
        entry.load,
        weight=case.patient.weight,
        product=f"{drug.name} {strength.to('mg/mL')} {kind}",
        strength=strength,
        step=_known_step(case, site),
        only_if=tuple(only_if),
        because=because,
    )


def _why_not(finding: Finding) -> str:
    """Say why no load is given; a stop that was set aside is named as one, since its reason lifted no more."""
    says = finding.says.rstrip(".")
    return f"{says}; this stop was overridden, which opens no load" if finding.state is State.OVERRIDDEN else says


def _known_step(case: Case, site: Site | None) -> Quantity | None:
    """Return the pump's step where the case or the site says it."""
    own = None if case.pump is None else case.pump.step
    return own if own is not None or site is None else site.pump_step
