"""A conversion and a ward's table as sheets, with the arithmetic shown.

Knows that a bare conversion concerns no patient, and says so: nothing was checked but the strengths of the drug and the
range of the entry. A concentration that no product has gets a page without any rate.
"""

from __future__ import annotations

from inotrope.display.entry_sheet import who
from inotrope.display.plan_dose import off_by
from inotrope.display.sheet import Block, Card, Lines, Mark, Paragraph, Row, Rows, Section, Sheet, Table, rate
from inotrope.dosing import Conversion, RateTable
from inotrope.drug import Drug, Entry
from inotrope.plan import NOTICE
from inotrope.units import Quantity, plain_number

_NO_PATIENT = "A bare conversion: no patient, no kidney and no rule of safety was looked at. A plan does that."


def conversion_sheet(
    conversion: Conversion,
    *,
    drug: Drug,
    entry: Entry,
    weight: Quantity,
    concentration: Quantity,
    asked_rate: bool,
    assumed: str = "",
) -> Sheet:
    """Return one conversion as a sheet; `asked_rate` tells which way it went, `assumed` what nobody said."""
    bag = f"{drug.name} {concentration.to('mcg/mL')}"
    off = Quantity((conversion.delivered.value / conversion.rate.value - 1) * 100, "%")
    given = Row("Delivers", f"{rate(conversion.delivered)}{off_by(off)}", strong=True)
    pump = Row("Pump", f"{rate(conversion.pump_rate)} of {bag}", strong=True)
    rows = [Row("Rate asked", rate(conversion.rate), strong=True), pump, given] if asked_rate else [pump, given]
    rows += [Row("Weight", str(weight)), Row("Entry", f"{entry.indication}, {who(entry)}, {entry.authority}")]
    low, high = entry.maintenance.minimum.value, entry.maintenance.maximum.value
    rows.append(Row("Its range", f"{low} to {high}"))
    blocks: list[Block] = [Rows(tuple(rows))]
    weight_of_off = Mark.STOP if conversion.must_not_stand else Mark.WARN
    told = Card(weight_of_off, conversion.off, "", ()) if conversion.off else None
    if conversion.says:
        mark = Mark.STOP if conversion.must_not_stand else Mark.WARN if conversion.off else Mark.INFORM
        more = tuple(Row("", text) for text in (conversion.instead, conversion.off) if text)
        told = Card(mark, conversion.says[0], "", more)
    return Sheet(
        title=f"{drug.name}: {'dose to pump rate' if asked_rate else 'pump rate to dose'}",
        subtitle="",
        status=told,
        sections=(
            Section("Conversion", tuple(blocks), loud=True),
            Section("Arithmetic", (Lines(conversion.arithmetic, title=bag, first=1),)),
            Section("What this is not", (Paragraph(_NO_PATIENT),)),
        ),
        versions=_versions(drug),
        notice=NOTICE,
        alerts=(Card(Mark.ASSUMED, f"{assumed}.", "", ()),) if assumed else (),
    )


def no_product_sheet(says: str, *, drug: Drug) -> Sheet:
    """Return a page that says why a concentration cannot be; it shows no rate."""
    status = Card(Mark.STOP, "This concentration must not stand: no rate is shown", "", (Row("", says, strong=True),))
    return Sheet(
        title=f"{drug.name}: no conversion",
        subtitle="",
        status=status,
        sections=(),
        versions=_versions(drug),
        notice=NOTICE,
    )


def table_sheet(table: RateTable, *, drug: Drug, entry: Entry, assumed: str = "") -> Sheet:
    """Return the weight x rate table as a sheet: one line per weight, one column per rate, mL/h in each cell.

    Args:
        table: The settings.
        drug: Its folder.
        entry: Whose range is compared.
        assumed: What was taken because nobody said it, as a sentence.
    """
    bag = f"{drug.name} {table.concentration}"
    lines = tuple(
        (str(weight), *(f"{plain_number(row[column])} mL/h" for row in table.cells))
        for column, weight in enumerate(table.weights)
    )
    head = ("Weight", *(str(item) for item in table.rates))
    blocks: list[Block] = [Card(Mark.ASSUMED, assumed, "", ())] if assumed else []
    if table.above:
        listed = ", ".join(map(str, table.above))
        top = entry.maintenance.maximum.value
        whose = "label's" if entry.on_label else "entry's"
        says = f"Above the {whose} maximum of {top}: {listed}. Do not use the column."
        blocks.append(Card(Mark.STOP, says, "", ()))
    blocks += [Table(f"Pump rates in mL/h of {bag}", head, lines)]
    says = f"Raw arithmetic (rate x weight x 60 min/h / concentration), rounded half up to {table.step}, as printed."
    blocks.append(Paragraph(says))
    if table.far_off:
        says = "The pump's step puts these cells so far off the rate that a plan stops: do not use them"
        blocks.append(Card(Mark.STOP, says, "", _listed(table.far_off)))
    if table.off:
        says = "The pump's step puts these cells further off the rate than a plan lets pass unmarked"
        blocks.append(Card(Mark.WARN, says, "", _listed(table.off)))
    if table.crossings:
        blocks.append(Card(Mark.WARN, "Rounding carries these cells above the maximum", "", _listed(table.crossings)))
    return Sheet(
        title=f"{drug.name}: pump rates by weight",
        subtitle=bag,
        status=None,
        sections=(
            Section("Table", tuple(blocks), loud=True),
            Section("Entry", (Paragraph(f"{entry.indication}, {who(entry)}, {entry.authority}. {_NO_PATIENT}"),)),
        ),
        versions=_versions(drug),
        notice=NOTICE,
    )


def _listed(lines: tuple[str, ...]) -> tuple[Row, ...]:
    return tuple(Row("", line) for line in lines)


def _versions(drug: Drug) -> tuple[Row, ...]:
    return (Row("drug folder", drug.digest),)
