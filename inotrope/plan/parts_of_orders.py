"""An infusion order of any drug held against itself: its parts, and nothing that is known of the drug.

Knows that a rate, a weight, a strength and a pump rate must fit each other whatever runs in the line, and that what is
stated twice must agree. It knows no limit of any drug, and says nothing of an order whose text it cannot read in one
way: of such a drug nothing else is known that could settle it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inotrope.errors import InotropeError
from inotrope.findings import Severity
from inotrope.order import read_order, read_text, with_text
from inotrope.order.pairs import Pair, Steps, pairs_of
from inotrope.patient import vocabulary

_STEPS = Steps(Decimal("0.1"), Decimal("0.1"))
"""mL/h and mL: bedside-and-exchange.md:76 '0.1 mL/h default'; a larger step is told by no order."""


@dataclass(frozen=True, slots=True)
class PartsApart:
    """Two parts of an order that do not fit each other.

    Attributes:
        severity: A warning above 5 %, a stop above 10 % (the limits `order.parts_disagree_...` of the vocabulary).
        says: What was stated, what the rest makes of it, and by how much they differ.
    """

    severity: Severity
    says: str


def compare_parts(order: Mapping[str, Any]) -> tuple[PartsApart, ...]:
    """Return the parts of an order that do not fit each other; none where nothing can be compared.

    Args:
        order: Its fields, as `inotrope order` reads them; `drug` may be any name.
    """
    fields = {key: value for key, value in order.items() if key not in ("drug", "text")}
    name, text = str(order.get("drug", "")), order.get("text")
    try:
        form = read_order(fields or {"text": text})
        if isinstance(text, str):
            reading = read_text(_without(name, text))
            form = form if reading.problems else with_text(form, reading)
    except InotropeError:
        return ()
    words = vocabulary()
    warn, stop = (words.limit(f"order.parts_disagree_{weight}").value for weight in ("warn", "stop"))
    found = []
    for pair in dict.fromkeys(pairs_of(form.statements, _STEPS)):
        if pair.beyond(warn):
            weight = Severity.STOP if pair.beyond(stop) and not pair.rounded else Severity.WARN
            found.append(PartsApart(weight, _says(pair)))
    return tuple(found)


def _without(name: str, text: str) -> str:
    """Return a text without the drug's own name: beside another name no number would be taken for the order's."""
    parts = [re.escape(part) for part in name.split()]
    return re.sub(r"(?i)\b" + r"\s+".join(parts) + r"\b", " ", text) if parts else text


def _says(pair: Pair) -> str:
    """Return one sentence on a pair."""
    return (
        f"{pair.stated.shown} ({pair.says}) does not fit the rest of the order, which gives {pair.computed.shown(4)}."
    )
