"""A plan, and a screening, as a pharmacist reads them line by line.

Knows the order: status, what the dose stands on, load, maintenance, total, preparation, titration, kidney, findings,
questions, monitoring, arithmetic, sources. A number that somebody will set stands beside its product, and an override
or an assumption stands beside the dose. It computes nothing; derived values are rounded for the eye only.
"""

from __future__ import annotations

from inotrope.display.findings_sheet import findings_section, questions_section, refusal_section
from inotrope.display.forecast_sheet import forecast_section
from inotrope.display.headline import first_section, running_card, screening_card, status_card
from inotrope.display.plan_dose import (
    bag,
    folder,
    load_section,
    maintenance_section,
    named_kidneys_section,
    preparation_section,
    product_name,
    titration_section,
)
from inotrope.display.running_sheet import running_section
from inotrope.display.sheet import (
    Block,
    Lines,
    Mark,
    Paragraph,
    References,
    Row,
    Rows,
    Section,
    Sheet,
    Table,
    age,
    beside,
    moment,
    tenth,
)
from inotrope.dosing import shown_weeks
from inotrope.findings import Status
from inotrope.plan import Plan, Screening
from inotrope.plan.authorities import on_whose_label
from inotrope.plan.record import Versions, WatchedEffect
from inotrope.units import Quantity


def plan_sheet(plan: Plan, *, brief: bool = False, override_by: str = "") -> Sheet:
    """Return a plan as a sheet; whatever its status, every part that it has is shown.

    Args:
        plan: The plan.
        brief: Leave out what nobody reads at the bedside, and say so: what other authorities say, the side
            effects in trials, and the list of sources. No number of the dose and no finding is lost.
        override_by: As of `findings_section`.
    """
    references = References()
    parts = [first_section(plan), _patient(plan)]
    if plan.refusals:
        parts.append(refusal_section(plan.refusals, references))
    if plan.rate_at_kidney:
        parts.append(named_kidneys_section(plan))
    if plan.loading_dose is not None:
        parts.append(load_section(plan, plan.loading_dose, references))
    if plan.maintenance is not None:
        parts.append(maintenance_section(plan, plan.maintenance, references))
    if plan.preparation is not None:
        parts.append(preparation_section(plan, plan.preparation, references))
    if plan.titration:
        parts.append(titration_section(plan))
    parts += [running_section(plan), forecast_section(plan.forecast, references, brief=brief)]
    course = plan.circulation
    if course is not None:
        from inotrope.display.circulation_course import course_section, sources_section  # noqa: PLC0415 - few have one

        parts.append(course_section(course, brief=brief))
    parts += [_authorities(plan, brief=brief), _kidney(plan, references)]
    parts.append(findings_section(plan.findings, plan.missing, references, override_by=override_by))
    parts += [questions_section(plan.missing), _monitoring(plan, references, brief=brief)]
    if not brief:
        parts.append(_watch_list(plan, references))
    parts += [_arithmetic(plan), _this_site(plan)]
    apart = () if course is None else course.sources
    references.bare(item for item in plan.sources if item not in apart)  # whatever no line has pointed to, all the same
    parts.append(_left_out(plan) if brief else references.section())
    if course is not None and not brief:
        parts.append(sources_section(course))
    return Sheet(
        title=f"{plan.drug}: infusion plan",
        subtitle=f"for {moment(plan.made_for)}",
        status=status_card(plan),
        sections=tuple(part for part in parts if part.blocks),
        versions=_versions(plan.versions),
        notice=plan.notice,
        alerts=running_card(plan),
    )


def screening_sheet(screening: Screening, *, override_by: str = "") -> Sheet:
    """Return the findings alone as a sheet; no dose stands on it. `override_by` is as of `findings_section`."""
    references = References()
    parts = [refusal_section(screening.refusals, references)] if screening.refusals else []
    parts.append(findings_section(screening.findings, screening.missing, references, override_by=override_by))
    parts.append(questions_section(screening.missing))
    return Sheet(
        title=f"{screening.drug}: safety findings",
        subtitle=f"for {moment(screening.made_for)}",
        status=screening_card(screening),
        sections=(*parts, references.section()),
        versions=_versions(screening.versions),
        notice=screening.notice,
    )


def _patient(plan: Plan) -> Section:
    person = plan.patient
    body = [f"{person.sex}, {age(person.age)}"]
    if person.gestational_age is not None:
        body.append(f"born at {shown_weeks(person.gestational_age)}")
    if person.gestational_age is not None and person.postmenstrual_age is not None and person.age.unit != "year":
        body.append(f"postmenstrual age {shown_weeks(person.postmenstrual_age)}")
    if person.height is not None:
        body.append(f"height {person.height}")
    rows = [Row("Patient", ", ".join(body)), Row("Weight", f"{person.weight}, actual; this is the weight that doses")]
    beside = [("ideal", person.ideal_weight, 1), ("adjusted", person.adjusted_weight, 1)]
    shown = [f"{word} {weight.shown(decimals)}" for word, weight, decimals in beside if weight is not None]
    if person.body_surface_area is not None:
        shown.append(f"body surface {person.body_surface_area.shown(2)} (Mosteller)")
    if shown:
        rows.append(Row("Beside it", ", ".join(shown)))
    if plan.entry is not None:
        label = on_whose_label(plan.entry.authority) if plan.entry.on_label else "off label"
        rows.append(Row("Dose from", f"{plan.entry.authority}, {plan.entry.indication}, {label}"))
    return Section("Patient", (Rows(tuple(rows)),))


def _left_out(plan: Plan) -> Section:
    """Return what a brief sheet leaves out, and where it stands."""
    others = "what other authorities say, " if plan.beside else ""
    says = f"{others}the side effects in trials, and the sources by their numbers in brackets"
    where = "'inotrope plan ... --full', the page of '--html' and '--json' hold them."
    says = f"{says[0].upper()}{says[1:]}: {where}"
    return Section("Left out here", (Paragraph(says),))


def _authorities(plan: Plan, *, brief: bool) -> Section:
    """Return what limits the entry in use and must be known of it, and what others say: nothing of it is proposed."""
    entry = plan.entry
    if entry is None:
        return Section("Authorities", ())
    rows = [Row("Dose from", entry.authority), Row("Cap", entry.cap), Row("May run", entry.longest)]
    rows += [Row("Not its own", f"{says[0].upper()}{says[1:]}") for says in entry.not_its_own]
    rows += [Row("To know", remark) for remark in entry.remarks]
    if brief and plan.beside:
        others = "; ".join(item.authority for item in plan.beside)
        rows.append(Row("Others differ", f"{others}. None of their rates is proposed here."))
    if brief or not plan.beside:
        return Section("Authorities", (Rows(tuple(rows)),))
    says = (
        "Others differ for the same patient and use. None of their rates is proposed here; to plan by one of them, "
        "name it as the case's authority."
    )
    lines = tuple(
        (
            f"{item.authority} ({on_whose_label(item.authority) if item.on_label else 'off label'})",
            "; ".join(item.differs) or "in nothing",
        )
        for item in plan.beside
    )
    table = Table("What other authorities say", ("Authority", "Where it differs"), lines)
    return Section("Authorities", (Rows(tuple(rows)), Paragraph(says), table))


def _edges(plan: Plan) -> tuple[Quantity, ...]:
    """Return the ends of the printed renal table: on which side a clearance lies must be seen."""
    drug = folder(plan)
    entries = () if drug is None or plan.entry is None else (item for item in drug.entries if item.id == plan.entry.id)
    tables = [entry.renal for entry in entries if entry.renal is not None]
    return tuple(end.value for table in tables for end in (table.lower, table.upper))


def _kidney(plan: Plan, references: References) -> Section:
    kidney, edges = plan.kidney, _edges(plan)
    value = "not known" if kidney.clearance is None else beside(kidney.clearance, edges)
    value += " ASSUMED, not measured" if kidney.assumed else ""
    rows = [Row("Clearance", value, strong=True, mark=Mark.ASSUMED if kidney.assumed else None)]
    rows.append(Row("Why", kidney.because))
    if kidney.creatinine is not None:
        old = "" if kidney.creatinine_age is None else f", {tenth(kidney.creatinine_age)} old"
        rows.append(Row("Creatinine", f"{kidney.creatinine.shown(2)}{old}; changing: {kidney.changing}"))
    if kidney.kdigo_stage is not None:
        rows.append(Row("KDIGO stage", str(kidney.kdigo_stage or "none")))
    if kidney.sources:
        rows.append(Row("Sources", references.short(kidney.sources)))
    blocks: list[Block] = [Rows(tuple(rows))]
    if kidney.estimates:
        lines = tuple(
            (item.title, beside(item.value, edges), "none" if item.unindexed is None else tenth(item.unindexed))
            for item in kidney.estimates
        )
        blocks.append(Table("Estimates beside each other", ("Equation", "Indexed", "Not indexed"), lines))
    return Section("Kidney", tuple(blocks))


def _monitoring(plan: Plan, references: References, *, brief: bool) -> Section:
    rows = tuple(
        (
            item.what,
            item.how_often + (" (judgement)" if item.source.status is Status.JUDGEMENT else ""),
            f"{item.why} {references.bare((item.source,))}",
        )
        for item in plan.monitoring
    )
    if brief:
        lines = Lines(tuple(f"{what}: {often.rstrip('.')}. {why}" for what, often, why in rows))
        return Section("Monitoring", (lines,) if rows else ())
    return Section("Monitoring", (Table("What to watch", ("What", "How often", "Why"), rows),) if rows else ())


def _this_site(plan: Plan) -> Section:
    rows = tuple((item.path, item.library, item.site) for item in plan.this_site)
    table = Table("What this site's own file settles or tightens", ("Setting", "Library", "This site"), rows)
    return Section("This site", (table,) if rows else ())


def _watch_list(plan: Plan, references: References) -> Section:
    """Return the side effects to watch for: how often, and what this plan already noticed of them."""
    rows = tuple(
        (
            f"{'of these: ' if item.part_of else ''}{item.effect}",
            _how_often(item),
            "a finding above speaks of it" if item.noticed else "" if item.rules else "look for it yourself",
            references.short(item.sources),
        )
        for item in plan.watch_list
    )
    says = (
        "Tell the prescriber at once; record it as an event, and plan again: a rule then says what to do. How often: "
        "share of the treated patients; what is 'of these' is counted in the wider one above it."
    )
    table = Table("Side effects", ("Effect", "How often", "Now", "Source"), rows)
    return Section("Side effects to watch for", (Paragraph(says), table) if rows else ())


def _how_often(item: WatchedEffect) -> str:
    """Say how often an effect was seen; where no share is known, what the source says in words."""
    if item.frequency is not None:
        return str(item.frequency)
    said = [part.strip() for part in item.context.split(";")]
    return "rare" if "rare" in said else "not known"


def _arithmetic(plan: Plan) -> Section:
    product = bag(plan)
    load = plan.loading_dose
    drawn = "" if load is None else ", ".join(product_name(plan, part) for part in load.volumes)
    groups = [("Kidney", plan.kidney.arithmetic)]
    groups += [] if load is None else [(f"Load, {drawn}" if drawn else "Load", load.arithmetic)]
    if plan.maintenance is not None:
        groups.append((f"Maintenance, {product}" if product else "Maintenance", plan.maintenance.arithmetic))
    groups += [] if plan.total_24_h is None else [("Total in 24 h", plan.total_24_h.arithmetic)]
    blocks: list[Block] = []
    number = 1
    for title, lines in groups:
        if lines:
            blocks.append(Lines(tuple(lines), title=title, first=number))
            number += len(lines)
    return Section("Arithmetic", tuple(blocks))


def _versions(versions: Versions) -> tuple[Row, ...]:
    rows = [
        Row("inotrope", versions.inotrope),
        Row("drug folder", versions.drug_folder),
        Row("vocabulary", versions.vocabulary),
    ]
    return (*rows, Row("site", versions.site or "none"))
