"""The parts of a plan that somebody will set or draw up: load, maintenance, preparation, titration.

Knows that every mL stands beside its product and strength, and that an override or an assumption stands inside the
same box as the dose. It computes nothing but the flow of a load that is made up to a larger volume; derived values are
rounded for the eye only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from inotrope.display.pressure_chances import WHERE, load_rows, step_chances
from inotrope.display.sheet import (
    Block,
    Lines,
    Mark,
    Paragraph,
    References,
    Row,
    Rows,
    Section,
    Table,
    rate,
    signed,
    tenth,
    total,
)
from inotrope.dosing import LoadingDose, Volume
from inotrope.drug import Drug, load_drug
from inotrope.errors import RequestError
from inotrope.plan import Plan
from inotrope.plan.record import PreparationProposal, RateProposal
from inotrope.plan.running import asked_of_the_rate, waits_for_the_physician
from inotrope.plan.running_record import RunningInfusion
from inotrope.units import Quantity

_COMPARED = "That would be"
_NO_BAG = "no mL/h without a preparation: choose one of those offered below, and plan again"

_LOAD_DECIMALS = 4
"""mg; finer than any syringe of a newborn."""

_WHOLE_MG = 10
"""Below it a tenth of a milligram is more than one part of a hundred."""

_PUMP_STEP = "The pump's step is not in the case"


def _stands_on(line: str) -> Mark:
    """Tell whether a line about the dose names an override or an assumption."""
    return Mark.OVERRIDDEN if line.startswith("OVERRIDDEN") else Mark.ASSUMED


def beside_the_dose(plan: Plan) -> list[Row]:
    """Repeat what the dose stands on inside its own box: nobody reads a rate without it.

    An assumed pump step is told once, where the pump step stands.
    """
    told = plan.preparation is not None and plan.preparation.pump_step_assumed
    return stands_on([line for line in plan.assumptions if not (told and line.startswith(_PUMP_STEP))])


def stands_on(lines: Iterable[str]) -> list[Row]:
    """Return what a dose stands on and no record says, each with its sign."""
    words = {Mark.OVERRIDDEN: "Overridden", Mark.ASSUMED: "Assumed"}
    marked = [(line, _stands_on(line)) for line in lines]
    return [Row(words[mark], line.removeprefix("OVERRIDDEN: "), strong=True, mark=mark) for line, mark in marked]


def bag(plan: Plan) -> str:
    """Name what hangs on the pump, with its strength; empty where nobody knows."""
    part = plan.preparation
    if part is None or part.concentration is None:
        return ""
    kind = {"premix": "premix", "vial": "diluted from vials,"}.get(part.product or "", "preparation")
    if part.product == "vial" and part.concentration == _vial_strength(plan):
        kind = "undiluted vial"
    return f"{plan.drug} {kind} {part.concentration}"


def folder(plan: Plan) -> Drug | None:
    """Return the shipped drug folder that the plan names; None when the plan was made from another one."""
    try:
        found = load_drug(plan.drug)
    except RequestError:
        return None
    return found if found.digest == plan.versions.drug_folder else None


def _vial_strength(plan: Plan) -> Quantity | None:
    drug = folder(plan)
    return None if drug is None else next((item.strength.value for item in drug.products if item.kind == "vial"), None)


def runs_at(plan: Plan, running: RunningInfusion) -> str:
    """Say how fast the infusion runs, with the pump's rate beside its product where the bag is known.

    What a recorded rate comes to is rarely a whole step of the pump: then its setting stands first.
    """
    if running.pump_rate is None:
        return rate(running.rate)
    flow, product = running.pump_rate, bag(plan) or "the present bag"
    setting = running.pump_setting
    if setting is None or setting.value == flow.value:
        return f"{rate(running.rate)} ({flow.shown(2)} of {product})"
    return (
        f"{rate(running.rate)} as recorded (setting of the pump: {setting} of {product}; worked out it is "
        f"{flow.shown(3)}, which the pump cannot be set to)"
    )


def setting(flow: Quantity | None, *, do_not_set: bool) -> str:
    """Show a setting of the pump in a table, or that this one must not be set."""
    shown = _or_none(flow)
    return f"do not set (it would be {shown})" if do_not_set else shown


def off_by(error: Quantity | None) -> str:
    """Say how far a delivered rate is off; empty where it is not, or nobody knows."""
    shown = "" if error is None else signed(error)
    return "" if shown.startswith("0 ") or not shown else f" ({shown})"


def product_name(plan: Plan, part: Volume) -> str:
    """Name a product with the drug and the strength, each once."""
    name = part.product if plan.drug in part.product else f"{plan.drug} {part.product}"
    return name if str(part.strength) in name else f"{name} {part.strength}"


def load_section(plan: Plan, load: LoadingDose, references: References) -> Section:
    """Return the load, with what to draw up, or that there is none and why."""
    by_rate = plan.running is not None and plan.running.loading_until is not None
    going_in = by_rate or (plan.given is not None and plan.given.dose_until is not None)
    none = "no other than the one that is going in" if going_in else "none"
    rows = [Row("Load", none, strong=True), Row("Why", load.because.removeprefix("none, because "))]
    if load.given and load.dose is not None and load.dose_per_weight is not None:
        given = f"{load.dose.shown(_LOAD_DECIMALS)} ({tenth(load.dose_per_weight)}) over {load.duration}"
        rows = [Row("Load", given, strong=True)]
        if load.entry_dose is not None:
            exact = f"{load.entry_dose} over {load.duration}"
            rows.append(Row("Entry's dose", f"{exact}; the pump's step makes it {tenth(load.dose_per_weight)}"))
        if load.rate is not None:
            rows.append(Row("Given as", f"{rate(load.rate)} of {bag(plan) or 'the bag or syringe on the pump'}"))
            flow = _NO_BAG if load.pump_rate is None else f"{rate(load.pump_rate)} of {bag(plan)} for {load.duration}"
            rows.append(Row("Set the pump", f"{flow}; then lower it to the maintenance rate", strong=True))
        printed = ", over ".join(item for item in (load.dose_range, load.duration_range) if item)
        if printed:
            rows.append(Row("Printed range", f"{printed}; the lowest dose over the longest time is proposed"))
        if load.only_if:
            rows.insert(0, Row("", f"ONLY IF: {'; and '.join(load.only_if)}", strong=True, mark=Mark.ASK))
        for part in load.volumes:
            rows.append(Row("Draw up", f"{part.volume} of {product_name(plan, part)}", strong=True))
            if load.too_little:
                rows.append(
                    Row(
                        "Dilute it",
                        f"{part.volume} of {product_name(plan, part)} is {load.too_little}; then take this syringe "
                        f"off{_then(plan)}",
                        strong=True,
                        mark=Mark.WARN,
                    )
                )
            elif load.pump_rate is not None:
                flow = f"{rate(load.pump_rate)} of {product_name(plan, part)}, undiluted, for {load.duration}"
                flow += f"; {load.setting}" if load.setting else ""
                rows.append(Row("Runs at", f"{flow}; then take this syringe off{_then(plan)}"))
        larger = [item for item in load.made_up_to if all(item > part.volume for part in load.volumes)]
        if larger and load.duration is not None:
            flows = ", to ".join(f"{item}: {rate(_flow(item, load.duration))}" for item in larger)
            rows.append(Row("May be", f"diluted {plan.drug}, made up to {flows}, for the same {load.duration}"))
        rows.append(Row("Why", load.because))
        rows += load_rows(plan)
    rows += beside_the_dose(plan)
    if load.sources:
        rows.append(Row("Sources", references.short(load.sources)))
    return Section("Loading dose", (Rows(tuple(rows)),), loud=True)


def _then(plan: Plan) -> str:
    return " and start the infusion" if plan.running is None else ""


def _flow(volume: Quantity, duration: Quantity) -> Quantity:
    return Quantity(volume.in_unit("mL") * 60 / duration.in_unit("min"), "mL/h")


def maintenance_section(plan: Plan, part: RateProposal, references: References) -> Section:
    """Return the rate, what to set on the pump, what that delivers, and the limits it keeps.

    Where an infusion runs, its rate stands first and the entry's start is there to compare: it orders nothing. It is
    the label's start only where the use is on a label. A start that waits for the physician is there to compare too.
    """
    product, running = bag(plan), plan.running
    start = "label's start" if plan.entry is not None and plan.entry.on_label else "entry's start"
    title, pump, rows = _what_is_set(plan, part, start)
    if part.pump_rate is None:
        rows.append(Row(pump, _NO_BAG, mark=Mark.ASK))
    else:
        rows.append(Row(pump, f"{rate(part.pump_rate)} of {product}", strong=pump != _COMPARED))
    if part.delivered_rate is not None:
        error = "" if part.delivered_error is None else f" ({signed(part.delivered_error)} from the rate)"
        rows.append(Row("Delivers", f"{rate(part.delivered_rate)}{error}"))
    if part.rounding:
        rows.append(Row("Rounding", f"{part.rounding} Every mL here is of {product}."))
    rows.append(Row("Why", part.because))
    rows += beside_the_dose(plan)
    rows.append(Row("Never above", f"{rate(part.maximum)} now: {part.maximum_because}"))
    standard = "" if part.standard is None else f", standard {part.standard} (a step of titration)"
    rows.append(Row("Entry's rates", f"minimum {part.minimum}{standard}"))
    rows += [Row(label, says) for label, says in (("Duration", part.duration), ("Level", part.kinetics)) if says]
    if plan.total_24_h is not None:
        cap = plan.total_24_h.maximum
        against = "" if cap is None else f", of at most {cap}"
        earlier = plan.given is not None and plan.given.since is not None
        load = "what was given before counted, no new load" if earlier else "no load"
        load = "load included" if plan.loading_dose is not None and plan.loading_dose.given else load
        load = "rest of the load included" if running is not None and running.loading_until is not None else load
        load += "" if running is None else f", at the {start}"
        amount = f"{total(plan.total_24_h.per_weight)} ({plan.total_24_h.amount.shown(_mg_decimals(plan))})"
        rows.append(Row("In 24 h", f"{amount}{against}; worst window, {load}"))
        if plan.total_24_h.says:
            rows.append(Row("Counted", plan.total_24_h.says))
        if cap is None:
            rows.append(Row("Cap", "none sourced: no text that was read gives a total for 24 h in this use"))
    sources = (*part.sources, *(() if plan.total_24_h is None else plan.total_24_h.sources))
    rows.append(Row("Sources", references.short(sources)))
    return Section(title, (Rows(tuple(rows)),), loud=True)


def _what_is_set(plan: Plan, part: RateProposal, start: str) -> tuple[str, str, list[Row]]:
    """Return the title, how the setting of the pump is called, and the first rows: what is set now, or then."""
    running = plan.running
    if running is None and waits_for_the_physician(plan.findings) is not None:
        title = "Maintenance (for comparison, until the physician has decided)"
        return title, _COMPARED, [Row("Rate", f"{rate(part.rate)}, for comparison")]
    if running is None:
        until = None if plan.given is None else plan.given.dose_until
        by_rate = plan.loading_dose is not None and plan.loading_dose.given and plan.loading_dose.rate is not None
        pump = "Set the pump" if until is None and not by_rate else "Then set the pump"
        title = "Maintenance" if until is None else _after_the_load(until, plan)
        return title, pump, [Row("Rate", rate(part.rate), strong=True)]
    runs = runs_at(plan, running)
    if running.loading_until is not None and asked_of_the_rate(plan.findings) is None:
        rows = [Row("Runs now", f"{runs}, the load", strong=True), Row("Then", rate(part.rate), strong=True)]
        return _after_the_load(running.loading_until, plan), "Then set the pump", rows
    above = f". {running.says.rstrip('.')}." if running.above_allowed else ""
    rows = [Row("Runs now", f"{runs}{above}", strong=True, mark=Mark.WARN if above else None)]
    rows.append(Row(start.capitalize(), f"{rate(part.rate)}, for comparison"))
    return f"Maintenance ({start}, for comparison)", _COMPARED, rows


def _after_the_load(until: datetime, plan: Plan) -> str:
    return f"Maintenance (after the load, from {_clock(until, plan.made_for)})"


def _mg_decimals(plan: Plan) -> int:
    """Return how many decimals an amount of a day needs so that it agrees with its amount per body weight."""
    return 1 if plan.total_24_h is None or plan.total_24_h.amount.in_unit("mg") >= _WHOLE_MG else 3


def preparation_section(plan: Plan, part: PreparationProposal, references: References) -> Section:
    """Return what hangs on the pump, or the standard preparations to choose from."""
    rows = []
    if part.concentration is not None:
        volume = "" if part.volume is None else f", {part.volume}"
        rows.append(Row("On the pump", f"{bag(plan)}{volume}", strong=True))
    if part.recipe:
        rows.append(Row("Made as", part.recipe))
    if part.bag_lasts is not None:
        rows.append(_lasts(plan, part.bag_lasts))
    if part.use_within is not None:
        rows.append(Row("Use within", f"{part.use_within} of dilution"))
    assumed = " (assumed: the case does not say)" if part.pump_step_assumed else ""
    rows.append(Row("Pump step", f"{part.pump_step} of {bag(plan) or 'whatever is prepared'}{assumed}"))
    if part.sources:
        rows.append(Row("Sources", references.short(part.sources)))
    blocks: list[Block] = [Rows(tuple(rows))]
    if part.offered:
        lines = tuple(
            (f"{plan.drug} {item.concentration.to('mcg/mL')}", str(item.volume), item.recipe) for item in part.offered
        )
        blocks.append(Table("Standard preparations to choose from", ("Preparation", "Volume", "How"), lines))
    if part.left_out:
        instead = "" if part.offered else ". Ask the pharmacy for a weaker preparation, or take a pump with finer steps"
        blocks.append(Paragraph(f"{part.left_out}{instead}."))
    return Section("Preparation", tuple(blocks))


def _lasts(plan: Plan, lasts: Quantity) -> Row:
    """Say how long a full bag lasts: at what runs, where something does; when the one that hangs ends stands below."""
    running = plan.running
    if running is None or running.loading_until is not None:
        flow = None if plan.maintenance is None else plan.maintenance.pump_rate
        at = "this pump rate" if flow is None else f"{rate(flow)} of {bag(plan)}"
        return Row("Lasts", f"{tenth(lasts)} at {at}")
    hangs = "" if running.bag_ends is None else "; when the one that hangs is empty stands below"
    return Row("A full bag", f"lasts {tenth(lasts)} at {rate(running.rate)}, which runs now{hangs}")


def titration_section(plan: Plan) -> Section:
    """Return the steps upward that every hard limit allows."""
    pump = any(step.pump_rate is not None for step in plan.titration)
    chances = step_chances(plan)
    head = ("Rate", *(("Set the pump", "Delivers") if pump else ()), "Not before", "In 24 h")
    head += () if chances is None else (chances[0],)
    rows, remarks = [], []
    for step in plan.titration:
        delivers = f"{_or_none(step.delivered_rate)}{off_by(step.delivered_error)}"
        middle = (setting(step.pump_rate, do_not_set=step.do_not_set), delivers) if pump else ()
        rows.append((rate(step.rate), *middle, _clock(step.not_before, plan.made_for), total(step.total_24_h)))
        remarks.append(f"{rate(step.rate)}: {step.says}")
    if chances is not None:
        rows = [(*row, chance) for row, chance in zip(rows, chances[1], strict=True)]
        remarks.append(f"{chances[0]}: the chance at that rate, from when it may run (judgement; {WHERE}).")
    product = f", {bag(plan)}" if pump else ""
    says = (
        "By effect only: pressure, rhythm, urine. Every step keeps every hard limit. The clock times are the earliest, "
        "not a schedule."
    )
    blocks = (Paragraph(says), Table(f"Steps upward{product}", head, tuple(rows)), Lines(tuple(remarks)))
    return Section("Titration", blocks)


def _clock(when: datetime, today: datetime) -> str:
    """Show the time of day, and the date where it is another day than the plan's."""
    return f"{when:%H:%M}" if when.date() == today.date() else f"{when:%Y-%m-%d %H:%M}"


def _or_none(quantity: Quantity | None) -> str:
    return "none" if quantity is None else rate(quantity)


def named_kidneys_section(plan: Plan) -> Section:
    """Return the rates to compare where the kidney function of this patient is not known."""
    bags = {str(item.concentration) for item in plan.rate_at_kidney if item.pump_rate is not None}
    head = ("If the kidneys were", "Clearance", "the rate would be", *(f"Pump, {plan.drug} {bag}" for bag in bags))
    rows = tuple(
        (item.name, str(item.clearance), rate(item.rate), *((_or_none(item.pump_rate),) if bags else ()))
        for item in plan.rate_at_kidney
    )
    says = (
        "Not a proposal. Decide which is meant, and plan again with that kidney function assumed, or with a fresh "
        "creatinine."
    )
    return Section("Rates at named kidney functions", (Paragraph(says), Table("Rates to compare", head, rows)))
