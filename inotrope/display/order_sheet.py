"""The check of an order as a sheet: the verdict, what does not fit, the slip it looks like, every piece that was read.

Knows that an order is shown with its own words, and that what was not read stands first. It judges nothing.
"""

from __future__ import annotations

from inotrope.display.sheet import Block, Card, Lines, Mark, Paragraph, References, Row, Section, Sheet, Table, signed
from inotrope.findings import Severity
from inotrope.order import HANGING, NOT_KNOWN, OrderStatus
from inotrope.plan.orders import CASE_WEIGHT, OrderCheck, OrderPair, OrderStatement
from inotrope.units import Quantity

_MARKS = {Severity.STOP: Mark.STOP, Severity.WARN: Mark.WARN, Severity.INFORM: Mark.INFORM}
_HEADS = {
    OrderStatus.CONSISTENT: (Mark.PASSED, "CONSISTENT", "The parts that could be compared fit together"),
    OrderStatus.NOT_COMPARED: (
        Mark.ASK,
        "NOTHING COMPARED",
        "The order was read; nothing in it stands beside anything to compare it with",
    ),
    OrderStatus.WARNED: (Mark.WARN, "WARNED", "Read the warnings before this order is carried out"),
    OrderStatus.STOPPED: (Mark.STOP, "STOPPED", "This order must not stand: ask the prescriber"),
    OrderStatus.REFUSED: (Mark.REFUSED, "REFUSED", "This order cannot be read in one way only"),
}
_ASKED = "Something about the patient has to be asked before this order can be judged"
_NO_PLAN = "The plan of this patient gives no rate: this order cannot be taken for checked"
_NOT_ALL = "A consistent order can still be wrong: only what it states was compared. A plan looks at the patient."
_UNCHECKED = "The stated mL/h was compared with nothing: this order cannot be taken for checked"
_WITHIN = "What it asks for is within the plan of this patient; nothing else in it could be compared"
_WARNS = "the plan of this case warns of: {}"
_OF_CASE = (HANGING, CASE_WEIGHT)
_LARGEST = 1000


def order_sheet(check: OrderCheck) -> Sheet:
    """Return the check of one order as a sheet."""
    references = References()
    mark, word, title = _HEADS[check.status]
    if check.status is OrderStatus.REFUSED and check.versions.drug_folder:
        # it was read and judged, and only a question is open, or the patient's plan refuses
        title = _ASKED if check.patient is None else _NO_PLAN
    if check.status is OrderStatus.NOT_COMPARED and (check.pairs or _has_plan(check)):
        word, title = "NOT COMPARED", _UNCHECKED
    if check.status is OrderStatus.CONSISTENT and not check.pairs:
        title = _WITHIN
    warned = _warned_of(check)
    if check.status is OrderStatus.CONSISTENT and warned:
        mark, title = Mark.WARN, f"{title}; {warned}"
    drug = "no drug named" if check.drug is None else check.drug
    sections = [
        _section("What does not fit", _apart(check, references)),
        _section("Slips it looks like", _slips(check, references)),
        _section("To be asked" if check.patient is None else "What the plan refuses", _asked(check, references)),
        _section("Findings", _findings(check, references)),
        _section("What the plan of this case warns of", _plan_warnings(check, references)),
        _section("What the pump would deliver", _delivered(check)),
        _section("Compared", _compared(check)),
        _section("What could not be compared", _lacking(check)),
        _section("What was read", _read(check)),
        _section("The patient", _patient(check)),
        Section("What this is not", (Paragraph(_NOT_ALL),)),
    ]
    references.bare(check.sources)
    return Sheet(
        title=f"{drug}: order check",
        subtitle=check.text or "",
        status=Card(mark, title, "", _because(check), word),
        sections=(*(section for section in sections if section.blocks), references.section()),
        versions=(
            Row("inotrope", check.versions.inotrope),
            Row("drug folder", check.versions.drug_folder or "none"),
            Row("vocabulary", check.versions.vocabulary),
            Row("words of an order", check.versions.order_words),
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
    named = [item.says for item in check.findings if item.rule == "another-medicine-named"]
    if check.status is OrderStatus.NOT_COMPARED:
        rows.append(Row("Read", "; ".join(f"{item.what} {item.text}" for item in check.statements), strong=True))
        needs = [" ".join(item.asks) for item in check.lacking]
        rows.append(Row("Ask", " Or: ".join(needs) or "for anything that could be compared", strong=True))
    taken = [f"{item.what} from the case: {item.text}" for item in _from_case(check)]
    rows += [Row("Taken", "; ".join(taken))] if taken else []
    unknown = list(dict.fromkeys(f"'{item.text}'" for item in check.read if item.means == NOT_KNOWN))
    rows += [Row("Not known", f"{', '.join(unknown)}: not understood, not compared, not checked")] if unknown else []
    if check.status is not OrderStatus.CONSISTENT and _warned_of(check):
        named.append(f"{_warned_of(check)}.")
    return (*rows, *(Row("Beside", f"{says[0].upper()}{says[1:]}") for says in named))


def _has_plan(check: OrderCheck) -> bool:
    return check.patient is not None and bool(check.patient.compared)


def _from_case(check: OrderCheck) -> list[OrderStatement]:
    """Return what the case stands in for, where something was worked out with it."""
    own = {item.what for item in check.statements if item.where not in _OF_CASE}
    stand_in = [item for item in check.statements if item.where in _OF_CASE and item.what not in own]
    return stand_in if check.pairs or check.delivered else []


def _warned_of(check: OrderCheck) -> str:
    """Return the titles of what the plan warns of; one that stands under another there is not named twice."""
    titles = [item.title for item in check.plan_warnings if not item.under]
    return _WARNS.format("; ".join(titles)) if titles else ""


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


def _apart(check: OrderCheck, references: References) -> tuple[Block, ...]:
    return tuple(
        Card(
            _MARKS[pair.severity],
            f"{pair.what[0].upper()}{pair.what[1:]}: {_difference(pair)}",
            pair.relation,
            (
                Row("Stated", f"{pair.stated} ({pair.where})", strong=True),
                Row("Computed", _computed(pair), strong=True),
                Row("From", pair.says),
                Row("Limit", f"above {pair.limit}"),
                Row("Source", references.full(pair.sources)),
            ),
        )
        for pair in check.pairs
        if pair.severity is not None
    )


def _slips(check: OrderCheck, references: References) -> tuple[Block, ...]:
    cards = tuple(
        Card(
            Mark.STOP,
            f"{slip.says[0].upper()}{slip.says[1:]}",
            slip.id,
            (
                Row("Written", f"{slip.value} ({slip.where})"),
                Row("Would fit", slip.instead),
                Row("Source", references.full(slip.sources)),
            ),
        )
        for slip in check.slips
    )
    if not cards:
        return ()
    several = " Several are as likely." if len(cards) > 1 else " Others that fit less well are not named."
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
            (Row("Do", item.advice), Row("Source", references.full(item.sources))),
        )
        for item in check.findings
    )


def _plan_warnings(check: OrderCheck, references: References) -> tuple[Block, ...]:
    return tuple(
        Card(
            _MARKS[item.severity],
            item.title,
            item.rule,
            (Row("Says", item.says), Row("Do", item.advice), Row("Source", references.full(item.sources))),
        )
        for item in check.plan_warnings
    )


def _asked(check: OrderCheck, references: References) -> tuple[Block, ...]:
    mark = Mark.ASK if check.patient is None else Mark.REFUSED
    return tuple(
        Card(mark, item.says, item.id, (Row("Source", references.full(item.sources)),))
        for item in check.refusals
        if item.sources
    )


def _delivered(check: OrderCheck) -> tuple[Block, ...]:
    lines = tuple(
        f"{item.rate.shown(4) if item.rate == item.high else f'{item.rate.shown(4)} to {item.high.shown(4)}'}: "
        f"{item.says} ({item.where})"
        for item in check.delivered
    )
    if lines:
        return (Lines(lines),)
    judged = bool(check.versions.drug_folder)
    says = "It cannot be worked out: it takes a pump rate, a strength and a weight."
    return (Paragraph(says),) if judged else ()


def _lacking(check: OrderCheck) -> tuple[Block, ...]:
    lines = tuple(f"{item.what} ({item.says}): not stated: {', '.join(item.missing)}" for item in check.lacking)
    return (Lines(lines),) if lines else ()


def _compared(check: OrderCheck) -> tuple[Block, ...]:
    rows = tuple(
        (pair.what, pair.stated, _computed(pair), _difference(pair), pair.severity.value if pair.severity else "fits")
        for pair in check.pairs
    )
    if not rows and check.versions.drug_folder:
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
        f"compared with the plan: {'; '.join(found.compared) or 'nothing'}",
    )
    return (Lines(lines),)
