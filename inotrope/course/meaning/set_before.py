"""The pump, set by what was known when the rate that runs was written down: another weight, or another bag, than now.

Knows that a record holds a rate per body weight and a pump a flow. Where the weight that doses is corrected, or a bag
of another strength is hung, the pump goes on as it was set, and gives another rate than the record says, until
somebody sets it anew. It computes that rate, and sets nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.folding import CaseTable, Documents, at_moment, fold, medicine_named, moment_for
from inotrope.course.meaning.kinds import CASE, RATE
from inotrope.dosing import history, prepared_concentration
from inotrope.drug import load_drug
from inotrope.patient import Case, read_case, vocabulary
from inotrope.patient.vocabulary import plain_name
from inotrope.units import Quantity, read_time

if TYPE_CHECKING:
    from inotrope.course.record import Event

LIMIT = "order.parts_disagree_warn"
"""How far the parts of an order may be apart before a warning: a judgement of the vocabulary."""


@dataclass(frozen=True, slots=True)
class SetBefore:
    """A pump that was set by another weight or another bag than those of now.

    Attributes:
        number: Of the event that wrote the rate down.
        rate: That runs by the record, mcg/kg/min.
        gives: What a pump that was left as it was gives by the weight and the bag of now, mcg/kg/min.
        weights: That which dosed then, and that of now, where they differ.
        bags: The concentration of the bag then, and that of now, where they differ.
    """

    number: int
    rate: Quantity
    gives: Quantity
    weights: tuple[Quantity, Quantity] | None
    bags: tuple[Quantity, Quantity] | None

    @property
    def says(self) -> str:
        """What a reader must do about it."""
        changed = []
        if self.weights is not None:
            changed.append(f"the weight that doses was {self.weights[0]} and is {self.weights[1]}")
        if self.bags is not None:
            changed.append(f"the bag held {self.bags[0]} and holds {self.bags[1]}")
        return (
            f"Look at the pump. The rate that runs, {self.rate.shown(4)}, was written down (event {self.number}) when "
            f"things were otherwise: {'; '.join(changed)}. A pump that was left as it was set gives "
            f"{self.gives.shown(4)}, and any setting named for what runs is not the one it stands at. Enter the rate "
            "that really runs."
        )


def set_before(events: Sequence[Event], documents: Documents, table: CaseTable) -> SetBefore | None:
    """Return whether the pump was set by another weight or bag than those of now; None where it was not, or none runs.

    Args:
        events: Those that count.
        documents: Gives their texts.
        table: The case that they add up to, for a moment.
    """
    case = read_case(table)
    rate, entry = history(case, drug=case.drug).running_rate, _last_rate(table, case.drug)
    place = None if rate is None or entry is None else _written_down(events, documents, entry)
    if rate is None or place is None:
        return None
    then = fold(events[: place + 1], documents)
    return _compared(events[place].number, rate, read_case(at_moment(then, moment_for(then, case.now))), case)


def _compared(number: int, rate: Quantity, then: Case, now: Case) -> SetBefore | None:
    drug = load_drug(now.drug)
    held, holds = prepared_concentration(then, drug), prepared_concentration(now, drug)
    by_weight = then.patient.weight.in_unit("kg") / now.patient.weight.in_unit("kg")
    by_bag = Decimal(1) if held is None or holds is None else holds.in_unit("mcg/mL") / held.in_unit("mcg/mL")
    limit = vocabulary().limit(LIMIT).value.in_unit("%") / 100
    if all(abs(factor - 1) <= limit for factor in (by_weight, by_bag)):
        return None
    return SetBefore(
        number=number,
        rate=rate,
        gives=Quantity(rate.in_unit("mcg/kg/min") * by_weight * by_bag, "mcg/kg/min"),
        weights=None if by_weight == 1 else (then.patient.weight, now.patient.weight),
        bags=None if by_bag == 1 or held is None or holds is None else (held.to("mcg/mL"), holds.to("mcg/mL")),
    )


def _last_rate(table: CaseTable, drug: str) -> Mapping[str, Any] | None:
    """Return the entry of the rate that was set last."""
    rates = [entry for entry in table.get("administrations", ()) if _is_rate(entry, drug)]
    return max(rates, key=_start, default=None)


def _written_down(events: Sequence[Event], documents: Documents, entry: Mapping[str, Any]) -> int | None:
    """Return the place of the event that first held a rate as it stands now; of a corrected one, of its correction."""
    corrections = Corrections(events)
    for place, event in enumerate(events):
        if event.kind == RATE:
            said = corrections.said(event)
            if said.body is not None and _same(said.body["entry"], entry):
                last = max((event.number, *said.by))
                return next(index for index, other in enumerate(events) if other.number == last)
        elif event.kind == CASE:
            held = json.loads(documents(event.body["case"])).get("administrations", ())
            if any(_same(other, entry) for other in held):
                return place
    return None


def _is_rate(entry: Mapping[str, Any], drug: str) -> bool:
    return "rate" in entry and medicine_named(entry["of"]) == plain_name(drug)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(key) == other.get(key) for key in ("of", "rate")) and _start(one) == _start(other)


def _start(entry: Mapping[str, Any]) -> datetime:
    return read_time(entry["start"], what="Time")
