"""From what was found to the plan that is shown: shapes, sources, versions, the notice.

Knows how each part is laid out in the record. A stop withholds every dose here, in one place.
"""

from __future__ import annotations

from dataclasses import replace

from inotrope.dosing import Regimen, compute_regimen, no_load
from inotrope.findings import Finding, SourceReference, State, Truth
from inotrope.patient import vocabulary
from inotrope.plan.authorities import beside, entry_sources, entry_summary
from inotrope.plan.circulation.course_record import CirculationCourse
from inotrope.plan.forecast_record import LevelForecast
from inotrope.plan.notice import NOTICE
from inotrope.plan.outcome import Outcome
from inotrope.plan.person import patient_summary
from inotrope.plan.record import (
    KidneyEstimate,
    KidneySummary,
    Missing,
    Plan,
    PlanStatus,
    PreparationProposal,
    RateAtKidney,
    RateProposal,
    TitrationStep,
    Versions,
    Watch,
    WatchedEffect,
)
from inotrope.plan.running import beyond_the_stop, given_so_far, running_infusion, with_rounding
from inotrope.plan.versions import program_version

LIFTED_BY_ASSUMPTION = frozenset({"creatinine-absent", "creatinine-stale", "height-absent"})
"""Refusals that concern the kidney value alone: for these the plan shows rates at named kidney functions."""


def write_plan(
    outcome: Outcome,
    questions: tuple[Missing, ...],
    forecast: LevelForecast | None = None,
    circulation: CirculationCourse | None = None,
) -> Plan:
    """Return the plan for what was found, with the forecast and the course of the circulation where one was made."""
    shown = outcome.regimen if outcome.status is PlanStatus.PLAN else None
    entry, stopped = outcome.entry, outcome.status is PlanStatus.STOPPED
    plan = Plan(
        status=outcome.status,
        drug=outcome.drug.name,
        made_for=outcome.case.now,
        patient=patient_summary(outcome.case),
        entry=None if entry is None else entry_summary(entry, doses=not stopped),
        beside=() if entry is None or stopped else beside(entry, outcome.beside),
        running=running_infusion(outcome),
        given=given_so_far(outcome),
        loading_dose=None if shown is None else shown.load,
        maintenance=None if shown is None else _rate(shown),
        total_24_h=None if shown is None else shown.total_24_h,
        preparation=None if shown is None else _preparation(shown),
        titration=() if shown is None else _titration(shown),
        kidney=_kidney(outcome),
        rate_at_kidney=_rates_at_named_kidneys(outcome),
        refusals=outcome.refusals,
        findings=in_order(outcome.findings),
        missing=questions,
        assumptions=assumptions_of(outcome),
        this_site=outcome.here.changes_for(outcome.entry),
        monitoring=tuple(Watch(item.what, item.how_often, item.why, item.source) for item in outcome.drug.monitoring),
        watch_list=_watch_list(outcome),
        forecast=forecast,
        circulation=circulation,
        sources=(),
        versions=Versions(
            inotrope=program_version(),
            drug_folder=outcome.drug.digest,
            vocabulary=vocabulary().digest,
            site=None if outcome.site is None else outcome.site.digest,
        ),
        notice=NOTICE,
    )
    return _with_sources(plan, () if entry is None or stopped else entry_sources(entry))


_SEVERITY = {"stop": 0, "warn": 1, "inform": 3}


def in_order(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return findings as every answer has them, the weightiest first."""
    return tuple(sorted(findings, key=_order))


def _order(finding: Finding) -> tuple[int, int]:
    state = {State.FIRES: 0, State.OVERRIDDEN: 0, State.UNKNOWN: 2, State.SILENT: 4}[finding.state]
    return (max(state, _SEVERITY[finding.severity]), _SEVERITY[finding.severity])


def _rate(regimen: Regimen) -> RateProposal:
    part = regimen.maintenance
    pump = part.pump
    return RateProposal(
        rate=part.rate,
        because=part.because,
        pump_rate=None if pump is None else pump.rate,
        printed_pump_rate=None if pump is None else pump.printed,
        delivered_rate=None if pump is None else pump.delivered,
        delivered_error=None if pump is None else pump.error,
        rounding="" if pump is None else pump.says,
        minimum=part.minimum,
        standard=part.standard,
        maximum=part.maximum,
        maximum_because=part.maximum_because,
        duration=part.duration,
        kinetics=part.kinetics,
        arithmetic=part.arithmetic,
        sources=_once(part.sources),
    )


def _preparation(regimen: Regimen) -> PreparationProposal:
    part = regimen.preparation
    return PreparationProposal(
        concentration=part.concentration,
        volume=part.volume,
        product=part.product,
        recipe=part.recipe,
        bag_lasts=part.lasts,
        use_within=part.use_within,
        pump_step=regimen.pump_step,
        pump_step_assumed=regimen.pump_step_assumed,
        offered=part.offered,
        left_out=part.left_out,
        sources=_once(part.sources),
    )


def _titration(regimen: Regimen) -> tuple[TitrationStep, ...]:
    return tuple(
        TitrationStep(
            rate=step.rate,
            pump_rate=None if step.pump is None else step.pump.rate,
            printed_pump_rate=None if step.pump is None else step.pump.printed,
            delivered_rate=None if step.pump is None else step.pump.delivered,
            delivered_error=None if step.pump is None else step.pump.error,
            do_not_set=beyond_the_stop(step.pump),
            not_before=step.not_before,
            total_24_h=step.total_24_h,
            says=with_rounding(step.says, step.pump, regimen.entry),
        )
        for step in regimen.titration
    )


def _kidney(outcome: Outcome) -> KidneySummary:
    kidney, because = outcome.kidney, outcome.kidney.because
    machine = any(refusal.id == "kidney-replacement" for refusal in outcome.refusals)
    if machine:
        because = (
            "A machine cleans the blood, or did until lately: no estimate from a creatinine holds, and none is shown."
        )
    return KidneySummary(
        clearance=None if machine else kidney.clearance,
        equation=None if machine else kidney.equation,
        assumed=kidney.assumed,
        because=because,
        changing={Truth.PRESENT: "yes", Truth.ABSENT: "no", Truth.UNKNOWN: "unknown"}[kidney.changing],
        kdigo_stage=kidney.kdigo_stage,
        creatinine=None if kidney.creatinine is None else kidney.creatinine.value,
        creatinine_age=kidney.creatinine_age,
        estimates=()
        if machine
        else tuple(
            KidneyEstimate(item.equation, item.title, item.value, item.unindexed, item.arithmetic, item.citation)
            for item in kidney.estimates
        ),
        arithmetic=() if machine else kidney.arithmetic,
        sources=() if machine else _once(kidney.sources),
    )


def _rates_at_named_kidneys(outcome: Outcome) -> tuple[RateAtKidney, ...]:
    """Return what the rate would be at the folder's named kidney functions, where only the kidney is missing."""
    kinds = {refusal.id for refusal in outcome.refusals}
    if outcome.entry is None or outcome.status is not PlanStatus.REFUSED or not kinds <= LIFTED_BY_ASSUMPTION:
        return ()
    found = []
    for named in outcome.entry.named_kidneys:
        regimen = compute_regimen(
            outcome.case,
            outcome.drug,
            outcome.entry,
            clearance=named.clearance.value,
            past=outcome.past,
            load=no_load("not part of this comparison"),
            default_step=None if outcome.site is None else outcome.site.pump_step,
        )
        if isinstance(regimen, Regimen):
            pump = regimen.maintenance.pump
            found.append(
                RateAtKidney(
                    name=named.name,
                    clearance=named.clearance.value,
                    rate=regimen.maintenance.rate,
                    pump_rate=None if pump is None else pump.rate,
                    concentration=regimen.preparation.concentration,
                )
            )
    return tuple(found)


def assumptions_of(outcome: Outcome) -> tuple[str, ...]:
    """Return what a dose stands on that no record says: an assumed kidney, a stop set aside, notes of the site."""
    lines = []
    if outcome.kidney.assumed:
        lines.append(f"Kidney function is ASSUMED to be {outcome.kidney.clearance}. {_measured(outcome)}")
    lines += [
        f"OVERRIDDEN: {finding.title} ({finding.rule}). Reason given: {finding.override_reason}{_still_held(finding)}"
        for finding in outcome.findings
        if finding.state is State.OVERRIDDEN
    ]
    lines += (*outcome.notes, *outcome.here.notes)
    if outcome.regimen is not None and outcome.regimen.pump_step_assumed:
        lines.append(f"The pump's step is not in the case; steps of {outcome.regimen.pump_step} are used.")
    largest = outcome.past.largest_dose
    if outcome.site is not None and not outcome.site.load_given and largest is not None:
        lines.append(
            f"This site gives no loading dose ({outcome.site.file}), and a single dose of {largest.shown(1)} was given "
            "in the last 24 h: find out who ordered it, and watch the blood pressure."
        )
    if outcome.site is not None and outcome.site.load_from_premix:
        lines.append("The site allows the load to be drawn from the premixed bag; the label's texts do not.")
    return tuple(lines)


def _still_held(finding: Finding) -> str:
    """Say what a stop that was set aside withholds all the same; empty where that is nothing."""
    reason = finding.override_reason or ""
    dot = "" if reason.endswith((".", "!", "?")) else "."
    return f"{dot} Held all the same: no load, and no step upward" if finding.keeps_the_load_away else ""


def _measured(outcome: Outcome) -> str:
    measured = outcome.kidney.measured
    if measured is None:
        return "The record gives no usable one."
    return f"The record gives {measured.shown(1)}, which is not used."


def _watch_list(outcome: Outcome) -> tuple[WatchedEffect, ...]:
    firing = {finding.rule for finding in outcome.findings if finding.state in (State.FIRES, State.OVERRIDDEN)}
    return tuple(
        WatchedEffect(
            effect=item.name,
            plain=item.plain,
            part_of=item.part_of,
            frequency=None if item.frequency is None else item.frequency.value,
            context=item.context,
            rules=item.rules,
            noticed=not firing.isdisjoint(item.rules),
            sources=item.sources,
        )
        for item in outcome.drug.adverse
        if not item.ages or outcome.case.age_group in item.ages
    )


def _once(sources: tuple[SourceReference, ...]) -> tuple[SourceReference, ...]:
    return tuple(dict.fromkeys(sources))


def _with_sources(plan: Plan, words: tuple[SourceReference, ...]) -> Plan:
    """Return the plan with one list of every source that its parts name, each once."""
    parts: list[SourceReference] = [item for finding in plan.findings for item in finding.sources]
    for part in (plan.loading_dose, plan.maintenance, plan.total_24_h, plan.preparation, plan.kidney):
        parts += [] if part is None else part.sources
    parts += [item for refusal in plan.refusals for item in refusal.sources]
    parts += [item.source for item in plan.monitoring]
    parts += [source for item in plan.watch_list for source in item.sources]
    if plan.forecast is not None:
        parts += [source for band in plan.forecast.bands for source in band.sources]
        parts += [] if plan.forecast.kidney is None else plan.forecast.kidney.sources
        parts += [source for model in plan.forecast.models if not model.refused for source in model.sources]
    parts += [] if plan.circulation is None else plan.circulation.sources
    parts += words
    once = {(item.id, item.place, item.status): item for item in parts}
    return replace(plan, sources=tuple(sorted(once.values(), key=lambda item: (item.id, item.place))))
