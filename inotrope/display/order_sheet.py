"""The check of an order as a sheet: the verdict, what does not fit, the slip it looks like, every piece that was read.

Knows that an order is shown with its own words, and that what was not read stands first. It judges nothing.
"""

from __future__ import annotations

from inotrope.display.sheet import Block, Card, Lines, Mark, Paragraph, References, Row, Section, Sheet, Table, signed
from inotrope.findings import Severity
from inotrope.order import OrderStatus
from inotrope.plan.orders import OrderCheck, OrderPair
from inotrope.units import Quantity

_MARKS = {Severity.STOP: Mark.STOP, Severity.WARN: Mark.WARN, Severity.INFORM: Mark.INFORM}
_HEADS = {
    OrderStatus.CONSISTENT: (Mark.PASSED, "CONSISTENT", "The parts that could be compared fit together"),
    OrderStatus.WARNED: (Mark.WARN, "WARNED", "Read the warnings before this order is carried out"),
    OrderStatus.STOPPED: (Mark.STOP, "STOPPED", "This order must not stand: ask the prescriber"),
    OrderStatus.REFUSED: (Mark.REFUSED, "REFUSED", "This order cannot be read in one way only"),
}
_NOT_ALL = "A consistent order can still be wrong: only what it states was compared. A plan looks at the patient."
_LARGEST = 1000


def order_sheet(check: OrderCheck) -> Sheet:
    """Return the check of one order as a sheet."""
    references = References()
    mark, word, title = _HEADS[check.status]
    drug = "no drug named" if check.drug is None else check.drug
    sections = [
        _section("What does not fit", _apart(check)),
        _section("Slips it looks like", _slips(check)),
        _section("Findings", _findings(check, references)),
        _section("Compared", _compared(check)),
        _section("What was read", _read(check)),
        _section("The patient", _patient(check)),
        Section("What this is not", (Paragraph(_NOT_ALL),)),
    ]
    references.short(check.sources)
    return Sheet(
        title=f"{drug}: order check",
        subtitle=check.text or "",
        status=Card(mark, title, "", _because(check), word),
        sections=(*(section for section in sections if section.blocks), references.section()),
        versions=(
            Row("inotrope", check.versions.inotrope),
            Row("drug folder", check.versions.drug_folder or "none"),
            Row("vocabulary", check.versions.vocabulary),
            *(() if check.versions.site is None else (Row("site file", check.versions.site),)),
        ),
        notice=check.notice,
    )


def _section(title: str, blocks: tuple[Block, ...]) -> Section:
    return Section(title, blocks)


def _because(check: OrderCheck) -> tuple[Row, ...]:
    """Return why it ends so, in as few lines as tell it: refusals, stops, then the pair that is furthest apart."""
    rows = [Row("Because", item.says, strong=True) for item in check.refusals]
    rows += [Row("Because", item.says, strong=True) for item in check.findings if item.severity is Severity.STOP]
    apart = [pair for pair in check.pairs if pair.severity is not None]
    if apart:
        worst = max(apart, key=lambda pair: abs(pair.difference.value))
        rows.append(Row("Because", _sentence(worst), strong=True))
    rows += [Row("Looks like", f"{slip.id}: {slip.says}", strong=True) for slip in check.slips]
    return tuple(rows)


def _sentence(pair: OrderPair) -> str:
    return (
        f"The {pair.what} is stated as {pair.stated} ({pair.where}) and computed as {_computed(pair)} ({pair.says}): "
        f"{_difference(pair)}."
    )


def _computed(pair: OrderPair) -> str:
    low = _shown(pair.computed)
    return low if pair.computed == pair.computed_high else f"{low} to {_shown(pair.computed_high)}"


def _shown(quantity: Quantity) -> str:
    """Show a computed value with four significant digits, and whole numbers from a thousand on."""
    size = abs(quantity.value)
    return quantity.shown(0 if size >= _LARGEST else max(0, 3 - size.adjusted()) if size else 0)


def _difference(pair: OrderPair) -> str:
    return f"{signed(pair.difference)}{', as the step rounds it' if pair.rounded and pair.severity else ''}"


def _apart(check: OrderCheck) -> tuple[Block, ...]:
    return tuple(
        Card(
            _MARKS[pair.severity],
            f"{pair.what[0].upper()}{pair.what[1:]}: {_difference(pair)}",
            pair.relation,
            (
                Row("Stated", f"{pair.stated} ({pair.where})", strong=True),
                Row("Computed", _computed(pair), strong=True),
                Row("From", pair.says),
            ),
        )
        for pair in check.pairs
        if pair.severity is not None
    )


def _slips(check: OrderCheck) -> tuple[Block, ...]:
    cards = tuple(
        Card(
            Mark.STOP,
            f"{slip.says[0].upper()}{slip.says[1:]}",
            slip.id,
            (Row("Written", f"{slip.value} ({slip.where})"), Row("Would fit", slip.instead)),
        )
        for slip in check.slips
    )
    if not cards:
        return ()
    several = " Several would explain it." if len(cards) > 1 else ""
    says = (
        f"With this one value corrected the order fits together.{several} Only the prescriber can say what was meant."
    )
    return (*cards, Paragraph(says))


def _findings(check: OrderCheck, references: References) -> tuple[Block, ...]:
    return tuple(
        Card(
            _MARKS[item.severity],
            item.says,
            item.rule,
            (Row("Do", item.advice), Row("Source", references.short(item.sources))),
        )
        for item in check.findings
    )


def _compared(check: OrderCheck) -> tuple[Block, ...]:
    rows = tuple(
        (pair.what, pair.stated, _computed(pair), _difference(pair), pair.severity.value if pair.severity else "fits")
        for pair in check.pairs
    )
    if not rows and check.status is not OrderStatus.REFUSED:
        return (Paragraph("Nothing stands beside anything else in this order that it could be compared with."),)
    return (Table("Stated and computed", ("What", "Stated", "Computed", "Difference", ""), rows),) if rows else ()


def _read(check: OrderCheck) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if check.read:
        blocks.append(Table("The text", ("Piece", "Taken for"), tuple((item.text, item.means) for item in check.read)))
    other = [item for item in check.statements if not item.where.startswith("text")]
    if other:
        blocks.append(
            Lines(tuple(f"{item.what}: {item.text} ({item.where})" for item in other), title="Not from the text")
        )
    return tuple(blocks)


def _patient(check: OrderCheck) -> tuple[Block, ...]:
    if check.patient is None:
        return ()
    found = check.patient
    ceiling = "none can be vouched for" if found.ceiling is None else found.ceiling.shown(4)
    lines = (
        f"plan: {found.plan_status}",
        f"entry: {found.entry or 'none'}",
        f"weight: {found.weight}",
        f"highest rate: {ceiling}",
    )
    return (Lines(lines),)
