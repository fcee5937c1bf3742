"""The sheet of a fit: the levels, what each model makes of them, how much each model counts, and what was refused.

Knows the order: levels first, then the average and the model that counts most with its chart, then all models in one
table, the same at other errors, the kidneys, and what speaks against it. It computes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from inotrope.display.chart import Chart, rounded_top
from inotrope.display.eta_sheet import eta_section
from inotrope.display.findings_sheet import why_refused
from inotrope.display.leaving import leaving_line, leaving_table
from inotrope.display.sheet import (
    Block,
    Card,
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
    moment,
)
from inotrope.display.what_if_sheet import short_name
from inotrope.plan.fitting.record import AtError, Fit, FitStatus, FittedValue, ModelFit
from inotrope.plan.fitting.saying import WARNING
from inotrope.plan.forecast_record import THIS_SITE
from inotrope.units import Quantity, plain_number

_TITLES = {
    FitStatus.FITTED: (Mark.PLAN, "FITTED", "What the levels say of this patient"),
    FitStatus.NOTHING_TO_FIT: (Mark.ASK, "NOTHING TO FIT", "No level was measured"),
    FitStatus.REFUSED: (Mark.REFUSED, "REFUSED", "No level is fitted"),
}
_TIMES = {0.5: "half", 2.0: "double"}
_HEAD = ("Now", "Typical", "Most probable", "Draws: median, 90 %", "Left open")
_OF_THE_KIDNEYS = "creatinine clearance"


def drawn_chart(fit: Fit) -> Chart | None:
    """Return the chart of the model that counts most; None where nothing can be drawn."""
    first = next((model for model in fit.models if not model.refusals), None)
    return None if first is None or first.curve is None else _chart(fit, first)


def fit_sheet(fit: Fit) -> Sheet:
    """Return a fit as a sheet; every refusal and every remark is shown."""
    references = References()
    answering = [model for model in fit.models if not model.refusals]
    parts = [_patient(fit), _levels(fit, references), _together(fit, answering)]
    parts += [_model(fit, model, place == 0, references) for place, model in enumerate(answering)]
    parts += [_errors(answering), _kidneys(fit, answering), eta_section(answering), _against(fit, answering)]
    parts.append(_refusing(fit, references))
    references.bare(source for model in answering for source in model.sources)
    parts.append(references.section())
    mark, word, title = _TITLES[fit.status]
    says = tuple(why_refused(fit.refusals, "all stand below")) or _in_short(fit)
    versions = fit.versions
    return Sheet(
        title=f"{fit.drug}: fit to measured levels",
        subtitle=f"for {moment(fit.made_for)}",
        status=Card(mark, title, "", says, word),
        sections=tuple(part for part in parts if part.blocks),
        versions=(
            Row("Inotrope", versions.inotrope),
            Row("Drug folder", versions.drug_folder),
            Row("Vocabulary", versions.vocabulary),
            *(() if versions.site is None else (Row("This site", versions.site),)),
        ),
        notice=fit.notice,
        alerts=tuple(Card(Mark.ASSUMED, says, "", ()) for says in fit.assumptions),
    )


def _in_short(fit: Fit) -> tuple[Row, ...]:
    """Return the answer in a line; nothing where models are not averaged."""
    said = [f"{item.name} {_spread(item)}" for item in fit.average.values]
    return (Row("", f"Median, and 90 % of the draws, over all models: {'; '.join(said)}."),) if said else ()


def _patient(fit: Fit) -> Section:
    person = fit.patient
    rows = [Row("Patient", f"{person.sex}, {age(person.age)}, {person.weight}")]
    rows += [Row("To know", says, mark=Mark.WARN if says.startswith(WARNING) else Mark.INFORM) for says in fit.says]
    given = Lines(fit.given or ("nothing that is on record",), "Given")
    return Section("What the fit stands on", (Rows(tuple(rows)), given))


def _levels(fit: Fit, references: References) -> Section:
    if not fit.levels:
        return Section("Levels", ())
    rows = []
    for item in fit.levels:
        where = "place not written" if item.site is None else item.site
        text = f"{item.as_written} at {moment(item.at)}, {_hour(item.hours)}, {where}"
        if item.refused is not None:
            rows.append(Row("Not fitted", f"{text}: {item.refused.says}", mark=Mark.REFUSED))
        else:
            rows.append(Row("Level", text, strong=True))
    error = next((model.error for model in fit.models if not model.refusals), None)
    blocks: list[Block] = [Rows(tuple(rows))]
    if error is not None:
        parts = f"a = {error.a}, b = {error.b} {references.short(error.sources)}"
        blocks.append(Paragraph(f"Error of a measured level, one SD: {error.form}, {parts}; {error.says}."))
    return Section("Levels", tuple(blocks))


def _together(fit: Fit, answering: Sequence[ModelFit]) -> Section:
    """Return the average and the shares, or why there is none."""
    average, blocks = fit.average, list[Block]()
    if average.refused is not None:
        blocks.append(Lines((average.refused.says,), "Models are not averaged"))
    if average.values:
        rows = tuple(Row(_title(item.name), _spread(item), strong=True) for item in average.values)
        blocks += [
            Paragraph("Over all models that count, in proportion to how well each foresaw the levels:"),
            Rows(rows),
        ]
    weights = tuple(
        (short_name(model.model), model.standing, _share(model), model.method, str(model.draws_worth))
        for model in answering
    )
    if weights:
        head = ("Model", "Fits", "Share", "Draws by", "Effective draws")
        blocks.append(Table("The models", head, weights))
    if average.left_out:  # they answer, and no weight is theirs
        blocks.append(Lines(average.left_out, "Not weighed"))
    return Section("All models together", tuple(blocks), loud=bool(average.values))


def _share(model: ModelFit) -> str:
    if model.share is None:
        return "none"
    error = "" if model.share_error is None else f" (standard error {model.share_error.shown(1)})"
    return f"{model.share.shown(0)}{error}"


def _model(fit: Fit, model: ModelFit, first: bool, references: References) -> Section:
    rows = tuple(_line(item) for item in model.values if item.name != _OF_THE_KIDNEYS)
    blocks: list[Block] = [Paragraph(f"{model.title} {references.bare(model.sources[:1])}")]
    if model.curve is not None and first:
        blocks.append(_chart(fit, model))
    blocks.append(Table("", _HEAD, rows) if model.levels else _expected(rows))
    left = [item for item in model.values if item.name == _OF_THE_KIDNEYS]
    blocks += [Paragraph(f"Creatinine clearance now, after the levels: {_spread(item)}.") for item in left]
    if model.levels:
        lines = tuple(
            (
                _hour(item.hours),
                f"{'<' if item.below else ''}{item.measured.shown(0)}",
                item.typical.shown(0),
                item.most_probable.shown(0),
                _range(item.ninety_from, item.ninety_to, 0),
                "below the limit" if item.residual_sds is None else f"{item.residual_sds:+.1f} SD",
            )
            for item in model.levels
        )
        head = ("Drawn", "Measured", "Typical", "Most probable", "90 % of the draws", "Lies off")
        blocks.append(Table("Levels against it", head, lines))
    band, by = fit.bands[0], short_name(model.model)
    if model.ahead:
        ways = [(way.kidneys, _spread(way.level), way.leaves) for way in model.ahead]
        blocks.append(leaving_table(by, ways, band, model.ahead[0].at.shown(0)))
    elif model.curve is not None:
        blocks.append(leaving_line(by, model.leaves, band, f"{model.curve.time.values[-1]:g} h"))
    return Section(f"By {short_name(model.model)}", tuple(blocks))


def _expected(rows: tuple[tuple[str, ...], ...]) -> Table:
    """Return the table of a model without a level: there is no most probable patient, and all is left open."""
    return Table("", (_HEAD[0], _HEAD[1], _HEAD[3]), tuple((row[0], row[1], row[3]) for row in rows))


def _line(item: FittedValue) -> tuple[str, ...]:
    typical, own = (_shown(value) for value in (item.typical, item.most_probable))
    left = "" if item.left is None else item.left.shown(0)
    return (_title(item.name), typical, own, _spread(item), left)


def _chart(fit: Fit, model: ModelFit) -> Chart:
    """Return the chart of one model: this patient against the typical one, with the levels."""
    assert model.curve is not None  # the caller looked
    curve, fitted = model.curve, model.curve.most_probable is not None
    band = fit.bands[0]
    name = "this site's band" if band.id == THIS_SITE else "the studied range"
    ends = (_ng_per_ml(band.low), _ng_per_ml(band.high))
    first, last = curve.time.values[0], curve.time.values[-1]
    inside = [item for item in model.levels if first <= float(item.hours.value) <= last]
    points = tuple((float(item.hours.value), _ng_per_ml(item.measured)) for item in inside)
    errors = tuple(0.0 if item.below else _ng_per_ml(item.sd) for item in inside)
    tops = (level + error for (_, level), error in zip(points, errors, strict=True))
    highest = max(*curve.intervals.highest.values, *curve.typical.values, *tops, ends[1] * 1.05)
    whom = "this patient against the typical one" if fitted else "what the model expects"
    title = f"{model.title}: {whom}, {_plain(first)} to {_plain(last)} h from now"
    used = [item for item in fit.levels if not item.refused]
    measured = ", ".join(f"{plain_number(item.value.value)} {item.value.unit} at {_hour(item.hours)}" for item in used)
    return Chart(
        title=title,
        time_h=curve.time.values,
        middle=curve.intervals.median.values,
        half=(curve.intervals.lower.values, curve.intervals.upper.values),
        ninety=(curve.intervals.lowest.values, curve.intervals.highest.values),
        band=ends,
        top=rounded_top(highest),
        says=f"{title}. Measured: {measured or 'nothing'}. {name[0].upper()}{name[1:]}: {band.low} to {band.high}.",
        band_is=name,
        middle_is="median of this patient's draws" if fitted else "median of the draws",
        other=curve.typical.values,
        other_is="typical patient",
        points=points,
        errors=errors,
        errors_are="one SD of a measurement",
        below=tuple(item.below for item in inside),
    )


def _errors(answering: Sequence[ModelFit]) -> Section:
    """Return the same answers at half and at double the error of a measurement."""
    rows = []
    for model in answering:
        if not model.at_errors:
            continue
        names = [item.name for at in model.at_errors for item in at.values]
        stated = AtError(1.0, tuple(item for item in model.values if item.name in names), "")
        for at in sorted((*model.at_errors, stated), key=lambda at: at.times):
            which = _TIMES.get(at.times, "as stated")
            cells = [f"{_title(item.name)} {_spread(item)}" for item in at.values] or [at.refused]
            rows.append((short_name(model.model), which, "; ".join(cells)))
    if not rows:
        return Section("With another error of the measurement", ())
    says = "How far the answer rests on the error that is supposed: median, and ends of 90 % of the draws."
    table = Table("", ("Model", "Error", "Answer"), tuple(rows))
    return Section("With another error of the measurement", (Paragraph(says), table))


def _kidneys(fit: Fit, answering: Sequence[ModelFit]) -> Section:
    kidney = fit.kidney
    if not answering:
        return Section("Kidneys", ())
    rows = [Row("Taken as", "moving: a walk through the creatinines" if kidney.moving else "held")]
    rows += [Row("Because", text) for text in kidney.because]
    rows += [Row("Creatinines", ", ".join(kidney.creatinines))] if kidney.creatinines else []
    rows += [Row("Now", f"{_spread(kidney.now)}, before any level is seen")] if kidney.now is not None else []
    rows += [Row("Refused", refusal.says, mark=Mark.REFUSED) for refusal in kidney.refusals]
    rows += [Row("To know", text, mark=Mark.INFORM) for text in kidney.says]
    return Section("Kidneys", (Rows(tuple(rows)),))


def _against(fit: Fit, answering: Sequence[ModelFit]) -> Section:
    lines = [
        f"{short_name(model.model)}: {text}"
        for model in answering
        for text in (*model.remarks, *model.says, *model.conflicts, *model.unknown)
    ]
    lines += [
        f"{short_name(model.model)}: recalled and never read: {', '.join(model.unconfirmed)}."
        for model in answering
        if model.unconfirmed
    ]
    lines += [
        f"{short_name(model.model)}: this project's choice: {', '.join(model.judged)}."
        for model in answering
        if model.judged
    ]
    return Section("What speaks against it, and what nobody knows", (Lines(tuple(lines)),) if lines else ())


def _refusing(fit: Fit, references: References) -> Section:
    lines = []
    for model in fit.models:
        for refusal in model.refusals:
            pointed = references.short(refusal.sources)
            lines.append(f"{short_name(model.model)} ({refusal.id}): {refusal.says}{f' {pointed}' if pointed else ''}")
    blocks: list[Block] = [Lines(tuple(lines))] if lines else []
    if fit.not_fitted:
        names = ", ".join(short_name(name) for name in fit.not_fitted)
        blocks.append(
            Paragraph(f"Cannot be fitted, for they draw no curve or do not say how patients differ: {names}.")
        )
    return Section("Models that do not answer", tuple(blocks))


def _title(name: str) -> str:
    return name[0].upper() + name[1:]


def _spread(item: FittedValue) -> str:
    return f"{_shown(item.median)}, {_range(item.ninety_from, item.ninety_to)}"


def _range(low: Quantity, high: Quantity, decimals: int | None = None) -> str:
    low_text, high_text = _shown(low, decimals), _shown(high, decimals)
    return high_text if low == high else f"{low_text.partition(' ')[0]} to {high_text}"


def _shown(value: Quantity | None, decimals: int | None = None) -> str:
    """Show a level to the nearest whole number, and everything else as it is."""
    if value is None:
        return ""
    return value.shown(0 if value.unit == "ng/mL" else 6 if decimals is None else decimals)


def _ng_per_ml(value: Quantity) -> float:
    return float(value.in_unit("ng/mL"))


def _hour(hours: Quantity) -> str:
    return f"{Quantity(-hours.value, hours.unit).shown(1)} before now"


def _plain(hour: float) -> str:
    return f"{hour:g}"
