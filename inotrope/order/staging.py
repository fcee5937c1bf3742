"""Which flow belongs to which rate: an order in stages states a pair, or more, for each of them.

Knows what ties a rate to the flow beside it (`=`, a bracket, nothing) and what parts two stages (a comma, `then`,
`increase to`). It gives a flow the role of its rate, and puts each further stage into a row of its own, so that every
pair of every stage is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from inotrope.order.statements import FLOW_OF, Kind, Statement
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words
from inotrope.units import Quantity

Item = tuple[int, Statement]

_CATEGORIES = (
    *((rate, "rate") for rate in FLOW_OF),
    *((flow, "flow") for flow in FLOW_OF.values()),
    (Kind.MASS_RATE, "mass"),
    (Kind.PUMP_RATE_PER_WEIGHT, "flow per weight"),
)
_CATEGORY = dict(_CATEGORIES)
_TIMES = frozenset({Kind.COURSE, Kind.BAG_TIME, Kind.LOAD_TIME})
_PARTS = frozenset({"then", "highest", "lowest", "step", "previous", "load", "no_load"})
"""What a word means that parts a flow from the rate before it."""
_LOOSE = {Kind.RATE: Kind.PUMP_RATE, Kind.HIGHEST: Kind.HIGHEST_PUMP_RATE, Kind.LOWEST: Kind.LOWEST_PUMP_RATE}
STAGED = frozenset({*FLOW_OF.values(), Kind.STAGE_TIME})
"""The kinds that a stage gives."""
SUM_OF_STAGES = "the sum of the stages"


@dataclass(frozen=True, slots=True)
class Staged:
    """The statements of a text by stage.

    Attributes:
        items: The first stage of each role with everything that is no stage, each with its place among the tokens.
        rows: Each further stage of a role.
        coupled: The places of the flows that belong to a rate.
    """

    items: tuple[Item, ...]
    rows: tuple[tuple[Item, ...], ...]
    coupled: frozenset[str]


def staged(tokens: Sequence[Token], items: Sequence[Item]) -> Staged:
    """Return the statements of a text with each flow in the role of its rate, and further stages as rows.

    Args:
        tokens: Of the text.
        items: Its statements, each with the place of its token.
    """
    every = sorted(items, key=lambda item: item[0])
    line = [item for item in every if item[1].kind in _CATEGORY]
    groups = [_in_role(group) for group in _in_turn(tokens, line) or _loosely(_tightly(tokens, line))]
    groups.sort(key=lambda group: group[0][0])
    every = sorted(
        (*(item for item in every if item[1].kind not in _CATEGORY), *(item for group in groups for item in group)),
        key=lambda item: item[0],
    )
    every, times = _timed(tokens, every, groups)
    rows: list[tuple[Item, ...]] = []
    seen: set[Kind] = set()
    for group in groups:
        kinds = {item.kind for _, item in group}
        if len(group) > 1 and not kinds.isdisjoint(seen):
            rows.append((*group, *(times[at] for at, _ in group if at in times)))
        else:
            seen |= kinds
    used = {at for row in rows for at, _ in row}
    flows = frozenset(item.where for group in groups if len(group) > 1 for _, item in group if _is_flow(item))
    return Staged(tuple(item for item in every if item[0] not in used), tuple(rows), flows)


def _is_flow(item: Statement) -> bool:
    return _CATEGORY[item.kind] == "flow"


def _in_turn(tokens: Sequence[Token], line: Sequence[Item]) -> list[list[Item]]:
    """Return the couples of rates and flows told in turn: `0.5 then 0.25 mcg/kg/min (10.5 then 5.25 mL/h)`."""
    half = len(line) // 2
    first, second = line[:half], line[half:]
    sorts = [{_CATEGORY[item.kind] for _, item in part} for part in (first, second)]
    if half < 2 or len(first) != len(second) or sorted(map(sorted, sorts)) != [["flow"], ["rate"]]:  # noqa: PLR2004
        return []
    words = order_words()
    for (one, _), (other, _) in pairwise(second):
        between = tokens[one + 1 : other]
        if not any(token.sort is Sort.PHRASE and "then" in words.meanings(token.says) for token in between):
            return []
    return [[one, other] for one, other in zip(first, second, strict=True)]


def _tightly(tokens: Sequence[Token], line: Sequence[Item]) -> list[list[Item]]:
    """Return chains of a rate, an amount per time and a flow that stand side by side; each at most once in a chain."""
    groups: list[list[Item]] = []
    for item in line:
        group = groups[-1] if groups else []
        held = {_CATEGORY[other.kind] for _, other in group}
        if group and _CATEGORY[item[1].kind] not in held and _is_tied(tokens, group[-1][0], item[0]):
            group.append(item)
        else:
            groups.append([item])
    return groups


def _is_tied(tokens: Sequence[Token], first: int, second: int) -> bool:
    """Tell whether nothing between two tokens parts them; a comma in a bracket does not, and a time may stand there."""
    words = order_words()
    depth = sum((token.text == "(") - (token.text == ")") for token in tokens[: first + 1])
    for token in tokens[first + 1 : second]:
        depth += (token.text == "(") - (token.text == ")")
        if token.sort is Sort.MARK and token.text in ",;.\n" and depth <= 0:
            return False
        if token.sort is Sort.PHRASE and not _PARTS.isdisjoint(words.meanings(token.says)):
            return False
        if token.high is not None and token.high.value.dimension != "time":
            return False
    return True


def _loosely(groups: Sequence[list[Item]]) -> list[list[Item]]:
    """Return the groups with the rates and flows that stand alone coupled: by role, side by side, or in their order."""
    alone = [group for group in groups if len(group) == 1]
    rates = [group for group in alone if group[0][1].kind in _LOOSE]
    flows = [group for group in alone if group[0][1].kind in _LOOSE.values()]
    if len(groups) < 3 or len(rates) != len(flows):  # noqa: PLR2004
        return list(groups)
    roles = [_LOOSE[group[0][1].kind] for group in rates]
    by_role = {group[0][1].kind: group for group in flows}
    if len(set(roles)) == len(roles) and set(roles) == set(by_role):
        couples = [(rate, by_role[role]) for rate, role in zip(rates, roles, strict=True)]
    elif len(rates) == 1:
        return list(groups)  # one of each that do not fit: neither is taken for the other's
    else:
        couples = list(zip(rates, flows, strict=True))
    taken = [id(group) for couple in couples for group in couple]
    joined = [sorted((*rate, *flow), key=lambda item: item[0]) for rate, flow in couples]
    return [*(group for group in groups if id(group) not in taken), *joined]


def _role(group: Sequence[Item]) -> Kind:
    """Return the kind of the rate of a group; an amount per time alone is a rate."""
    return next((item.kind for _, item in group if item.kind in FLOW_OF), Kind.RATE)


def _in_role(group: Sequence[Item]) -> list[Item]:
    if len(group) == 1:
        return list(group)
    rate = _role(group)
    if rate in _LOOSE and any(item.kind in (Kind.MASS_RATE, Kind.PUMP_RATE_PER_WEIGHT) for _, item in group):
        rate = Kind.RATE  # only a rate has an amount per time and a flow per weight beside it: it is a stage
    kinds = {"rate": rate, "flow": FLOW_OF[rate]}
    return [(at, replace(item, kind=kinds.get(_CATEGORY[item.kind], item.kind))) for at, item in group]


def _timed(
    tokens: Sequence[Token], every: Sequence[Item], groups: Sequence[list[Item]]
) -> tuple[list[Item], dict[int, Item]]:
    """Return the statements with the time of a stage as such, the sum of the stages, and each time by its stage.

    A time is a stage's where another stage follows it after `then`, and of the last stage where those before have one.
    """
    words = order_words()
    starts = [group[0][0] for group in groups if _role(group) in (Kind.RATE, Kind.HIGHEST, Kind.LOWEST)]
    found: dict[int, Item] = {}
    flowing = {group[0][0] for group in groups if len(group) > 1}
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(tokens)
        last = place + 1 == len(starts)
        follows = any(token.sort is Sort.PHRASE and "then" in words.meanings(token.says) for token in tokens[start:end])
        own = [item for item in every if start < item[0] < end and item[1].kind is Kind.COURSE]
        if own and (found if last else follows):
            kind = Kind.STAGE_TIME if start in flowing or not place else Kind.LONG_COURSE
            found[start] = (own[0][0], replace(own[0][1], kind=kind))
    changed = dict(found.values())
    items = [(at, changed.get(at, item)) for at, item in every]
    if len(found) > 1:
        total = Quantity(sum((item.ends[1] for item in changed.values()), Decimal(0)), "h")
        text = " + ".join(item.text for item in changed.values())
        items.append((len(tokens), Statement(Kind.LONG_COURSE, total, total, text, SUM_OF_STAGES)))
    return items, found
