"""Which amounts and volumes of a text are totals over a time: `24 h total 50 mg`, `daily total 50 mg`, `50 mg in 24 h`.

Knows how people word a total, as patterns over the tokens, one letter for each. A total is compared with what the rate
gives in that time; it is never taken for what is in the bag.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from inotrope.drug import list_drugs
from inotrope.order.relations import RELATIONS
from inotrope.order.statements import Kind, Statement
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words

_QUANTITIES = {"mass": "m", "volume": "v", "dose per body weight": "w"}
_KINDS = {"m": Kind.TOTAL, "v": Kind.TOTAL_VOLUME, "w": Kind.TOTAL_PER_WEIGHT}
_MEANINGS = (
    ("day_total", "D"),
    ("total", "T"),
    ("a_day", "y"),
    ("no_load", "x"),
    ("load", "l"),
    ("already", "g"),
    ("highest", "h"),
    ("total_in", "i"),
    ("over", "o"),
    ("lasts", "o"),
    ("total_of", "n"),
    ("total_between", "f"),
)
"""The letter of a word, by its first meaning."""
_MARKS = {"/": "i", **dict.fromkeys(":()-~[]", "f")}
_ENDS = ".;,\n"
_RATES = frozenset({Kind.RATE, Kind.HIGHEST, Kind.LOWEST})
_OF_A_BAG = frozenset({Kind.VOLUME, Kind.DRUG_VOLUME, Kind.AMOUNT_PER_WEIGHT})
_F, _FL = "[fn]*", "[fnlg]*"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<t>t){_F}T[fnlgi]*(?P<q>[mvw])",  # 24 h total dose: 50 mg
        rf"(?P<t>t)n{_FL}(?P<q>[mvw])",  # 24 h volume 252 mL
        rf"(?P<t>D){_FL}(?P<q>[mvw])",  # daily total = 50 mg
        rf"T{_FL}[oi]+{_F}(?P<t>t){_FL}(?P<q>[mvw])",  # total dose over 24 h: 50 mg
        rf"T{_FL}(?P<t>y){_FL}(?P<q>[mvw])",  # total per day 50 mg
        rf"T[fng]*(?P<q>[mw]){_F}[oi]+{_F}(?P<t>t)",  # total 50 mg over 24 h
        rf"T[fng]*(?P<q>v){_F}i{_F}(?P<t>t)",  # total 252 mL in 24 h
        rf"T[fng]*(?P<q>[mvw]){_F}(?P<t>y)",  # total 50 mg daily
        rf"(?P<q>[mw]){_F}T[fng]*[oi]+{_F}(?P<t>t)",  # 50 mg total over 24 h
        rf"(?P<q>v){_F}T[fng]*i{_F}(?P<t>t)",  # 252 mL total in 24 h
        rf"(?P<q>[mvw]){_F}[oi]+{_F}(?P<t>t){_F}T",  # 50 mg over 24 h total
        rf"(?P<q>[mvw]){_F}(?:T{_F})?(?P<t>[Dy])",  # 50 mg daily
        r"(?P<q>[mvw])i(?P<t>t)",  # 50 mg in 24 h
        rf"(?P<t>t){_F}(?P<q>m)",  # 24 h: 50 mg
        r"T[fng]*(?P<q>m)(?P<t>)",  # for 24 h, total 50 mg
        rf"(?P<q>m){_F}T(?P<t>)",  # 50 mg total
    )
)  # fmt: skip
CAP = "a cap of the order; not compared"
_WITH_LOAD = "!whether the load is part of the total is not for a program to choose: write the infusion's own"
_ALREADY = "!whether it was given or is ordered is not clear: write what is ordered"


@dataclass(frozen=True, slots=True)
class Totals:
    """What in a text is a total.

    Attributes:
        roles: By the place of a quantity among the tokens what it is; a text is a reason, as in `placing.py`.
        days: The places of words that say the time of a total: a day.
    """

    roles: dict[int, Kind | str] = field(default_factory=dict)
    days: tuple[int, ...] = ()


def totals_of(tokens: Sequence[Token]) -> Totals:
    """Return the totals of a text.

    Args:
        tokens: Of the text, in their order.
    """
    letters = "".join(_letter(token) for token in tokens)
    roles: dict[int, Kind | str] = {}
    days = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(letters):
            place, time = match.start("q"), match.start("t")
            clause = _clause(letters, match.start(), match.end())
            role = _role(match, clause, is_bag=_goes_into_volume(letters, match))
            if place in roles or role is None:
                continue
            roles[place] = role
            if not isinstance(role, Kind):
                continue
            if match["t"] == "t":
                roles[time] = Kind.TOTAL_TIME
            elif match["t"]:
                days.append(time)
    return Totals(roles, tuple(days))


def with_amounts_in_time(
    items: Sequence[tuple[int, Statement]], in_time: Sequence[tuple[int, int]], *, more_bags: bool
) -> list[tuple[int, Statement]]:
    """Return the statements with `252 mg over 24 h` as a total over a time, where something tells what it should be.

    It stays what is in the bag and how long that lasts where a bag's volume stands in the text and no other amount for
    it, and beside several rates.

    Args:
        items: What a text states, each with its place among the tokens.
        in_time: The places of each amount that goes in over hours, and of those hours.
        more_bags: Whether further bags follow, so that `20 mg for 24 h` may be the first of them.
    """
    times = {Kind.BAG_TIME} if more_bags else {Kind.BAG_TIME, Kind.COURSE}
    kinds = {at: item.kind for at, item in items}
    if len({(item.kind, item.low) for _, item in items if item.kind in _RATES}) > 1:
        return list(items)
    for amount, time in in_time:
        if kinds.get(amount) is not Kind.AMOUNT or kinds.get(time) not in times:
            continue
        others = {kind for at, kind in kinds.items() if at not in (amount, time)}
        is_bag = Kind.AMOUNT not in others and not others.isdisjoint(_OF_A_BAG)
        told = others | {Kind.TOTAL_TIME}
        if not is_bag and any({*way.up, *way.down} <= told for way in RELATIONS if way.output is Kind.TOTAL):
            kinds |= {amount: Kind.TOTAL, time: Kind.TOTAL_TIME}
    return [(at, replace(item, kind=kinds[at])) for at, item in items]


def _role(match: re.Match[str], clause: str, *, is_bag: bool) -> Kind | str | None:
    """Return what a total is; None where the words say that it is none."""
    says_total = "T" in match[0] or "D" in match[0]
    if is_bag or (not (says_total and match["t"]) and ("l" in clause or "g" in clause)):
        return None  # a load's own amount, what has run already, or what is in the bag
    if "h" in clause:
        return CAP
    if "l" in clause:
        return _WITH_LOAD
    if "g" in clause:
        return None if match["q"] == "v" else _ALREADY
    return _KINDS[match["q"]]


def _goes_into_volume(letters: str, match: re.Match[str]) -> bool:
    """Tell whether an amount goes into a volume, `20 mg in 100 mL`; a total that has its time does not."""
    timed = match["t"] and ("T" in match[0] or "D" in match[0])
    return not timed and re.match(r"[mw][fnT]*[io]?[fnT]*v", letters[match.start("q") :]) is not None


def _clause(letters: str, start: int, end: int) -> str:
    """Return the letters of the clause that a match stands in: a mark such as a comma begins and ends it."""
    before, after = letters[:start].rfind("."), letters.find(".", end)
    return letters[before + 1 : len(letters) if after < 0 else after]


def _letter(token: Token) -> str:
    if token.sort is Sort.QUANTITY:
        assert token.high is not None  # a quantity has both ends
        value = token.high.value
        if value.dimension == "time":
            return "t" if value.unit in ("h", "day") else "x"
        return _QUANTITIES.get(value.dimension, "x")
    if token.sort is Sort.MARK:
        return "." if token.text in _ENDS else _MARKS.get(token.text, "x")
    plain = (token.says if token.sort is Sort.PHRASE else token.text.lower()).rstrip(":")
    if plain in list_drugs() or plain == "=":
        return "f"
    meanings = order_words().meanings(plain)
    return next((letter for name, letter in _MEANINGS if name in meanings), "x")
