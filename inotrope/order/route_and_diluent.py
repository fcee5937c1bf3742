"""The route and the diluent of an order: whether it goes into a vein, in a fluid that the label dilutes the drug in.

Knows the routes of `orders.toml`, the diluents of the drug's preparations, and what its folder says does not go with
the drug.
"""

from __future__ import annotations

from inotrope.drug import Drug
from inotrope.errors import shorten
from inotrope.findings import Severity, Status
from inotrope.order.limits import OrderFinding
from inotrope.order.words import order_words
from inotrope.patient import vocabulary


def words_findings(route: str | None, diluent: str | None, drug: Drug) -> tuple[OrderFinding, ...]:
    """Return what the route and the diluent of an order give rise to.

    Args:
        route: As written; None where none is.
        diluent: As written; None where none is.
        drug: Its folder, whose preparations name the diluents.
    """
    words, found = vocabulary(), []
    into_vein = True if route is None else order_words().is_intravenous(route)
    own = words.cite("inotrope-judgement", "an infusion order is for a vein", Status.JUDGEMENT)
    if into_vein is False:
        says = f"The route is '{shorten(str(route))}': {drug.name} is infused into a vein."
        advice = "Do not give it this way. Ask the prescriber."
        found.append(OrderFinding("route-not-intravenous", Severity.STOP, says, advice, (own,)))
    if into_vein is None:
        says = f"The route '{shorten(str(route))}' is not known."
        found.append(OrderFinding("route-unknown", Severity.WARN, says, "Ask for the route.", (own,)))
    standard = {name for item in drug.preparations for name in item.diluents}
    if diluent is not None and standard:
        known = words.medicine(diluent)
        name = diluent if known is None else known.name
        partner = next((item for item in drug.lines if item.name == name and not item.compatible), None)
        if partner is not None:
            says = f"The diluent is {shorten(name)}, which does not go with {drug.name}. {partner.what_happens}"
            advice = f"Do not hang it. The label's diluents are {', '.join(sorted(standard))}."
            found.append(OrderFinding("diluent-incompatible", Severity.WARN, says, advice, (partner.source,)))
        elif name not in standard:
            says = f"The diluent '{shorten(name)}' is not one of the label's: {', '.join(sorted(standard))}."
            sources = tuple(dict.fromkeys(item.concentration.source for item in drug.preparations))
            advice = "Use one of the label's diluents."
            found.append(OrderFinding("diluent-not-on-label", Severity.WARN, says, advice, sources))
    return tuple(found)
