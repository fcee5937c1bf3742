"""What stands around a token of a text: the words before and behind it, and the quantity that it is tied to.

Knows how far a word reaches: a comma, a clause or another number ends it. It decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from inotrope.drug import list_drugs
from inotrope.order.numerals import whole_number
from inotrope.order.statements import LOADS, Kind, Statement, of_kind
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words
from inotrope.patient import vocabulary
from inotrope.units import Quantity

CLOSES = frozenset(";.\n")
"""Marks that end a clause."""
_LEADS: dict[str, frozenset[str]] = {
    "@": frozenset({"moment"}),
    "~": frozenset({"moment"}),
    ":": frozenset(),
    "=": frozenset(),
    "(": frozenset(),
    "/": frozenset(),
    "+": frozenset({"added"}),
    "&": frozenset({"added"}),
    "-": frozenset(),
}
"""Marks through which a word still tells what a number is."""

A_DAY = Quantity(Decimal(24), "h")
_CHANGING = frozenset({"step", "titrate", "changed"})
_STEPS = frozenset({Kind.STEP, Kind.HIGHEST, Kind.LOWEST, Kind.STEP_PUMP_RATE, Kind.HIGHEST_PUMP_RATE})


@dataclass
class Surroundings:
    """The tokens of one text, and what was taken from them so far; `roles` are known before by the place of a token.

    `in_time` holds the places of each amount that goes in over hours, and of those hours.
    """

    tokens: tuple[Token, ...]
    statements: list[tuple[int, Statement]] = field(default_factory=list)
    load: bool = False
    dosing_weight: int | None = None
    first_weight: int | None = None
    birth_weight: int | None = None
    other_sort: bool = False
    roles: dict[int, Kind | str] = field(default_factory=dict)
    in_time: list[tuple[int, int]] = field(default_factory=list)

    def _at(self, index: int) -> Token | None:
        return self.tokens[index] if 0 <= index < len(self.tokens) else None

    def _cues_before(self, index: int) -> frozenset[str]:
        """Return the meanings of the words right before a token; a comma, a clause or a number ends them."""
        found: set[str] = set()
        for token in reversed(self.tokens[:index]):
            if token.sort is Sort.PHRASE:
                found |= order_words().meanings(token.says)
            elif token.sort is Sort.MARK and token.text in _LEADS:
                found |= _LEADS[token.text]
            else:
                break
        return frozenset(found)

    def _cues_after(self, index: int, most: int = 3) -> frozenset[str]:
        found: set[str] = set()
        for token in self.tokens[index + 1 : index + 1 + most]:
            if token.sort is not Sort.PHRASE:
                break
            found |= order_words().meanings(token.says)
        return frozenset(found)

    def _weight_named_after(self, index: int) -> frozenset[str]:
        """Return what the words behind a weight call it: `31.8 kg last weight`, and not `70 kg last weight 31.8 kg`."""
        place = index + 1
        while place < len(self.tokens) and self.tokens[place].sort is Sort.PHRASE:
            place += 1
        return frozenset() if self._dimension(place) == "body weight" else self._cues_after(index)

    def _marks_before(self, index: int) -> frozenset[str]:
        previous = self._at(index - 1)
        if previous is None or previous.sort is not Sort.MARK:
            return frozenset()
        return frozenset({"/": {"into"}, "+": {"added"}, "&": {"added"}}.get(previous.text, set()))

    def _dimension(self, index: int) -> str:
        token = self._at(index)
        return "" if token is None or token.high is None else token.high.value.dimension

    def _next_quantity(self, index: int, meanings: frozenset[str], marks: str, most: int = 5) -> int | None:
        """Return where the next quantity stands, if only marks and words stand between, one with the meaning."""
        linked = False
        for place in range(index + 1, min(index + 1 + most, len(self.tokens))):
            token = self.tokens[place]
            if token.sort is Sort.QUANTITY:
                return place if linked else None
            if token.sort is Sort.MARK and token.text in marks:
                linked = True
            elif token.sort is Sort.PHRASE:
                linked = linked or bool(order_words().meanings(token.says) & meanings) or token.says in list_drugs()
            elif token.sort is not Sort.MARK or token.text not in "()@~:":
                return None
        return None

    def _into_volume(self, index: int) -> bool:
        place = self._next_quantity(index, frozenset({"into", "added"}), "/&+")
        return place is not None and self._dimension(place) == "volume"

    def _added_to(self, index: int) -> bool:
        """Tell whether a volume is what the drug is added to: `add ... to 80 mL`, not `made up to 100 mL`."""
        previous = self._at(index - 1)
        to = previous is not None and previous.text.lower() in ("to", "into")
        return to and "added" in self._clause_before(index) and not self._has(Kind.DILUENT_VOLUME)

    def _goes_in_over_minutes(self, index: int) -> bool:
        """Tell whether an amount and its volume are a load diluted: `3.5 mg in 20 mL over 10 min`."""
        volume = self._next_quantity(index, frozenset({"into", "added"}), "&+")
        if volume is None:
            return False
        time = self._next_quantity(volume, frozenset({"over"}), "")
        flow = next((at for at in range(volume + 1, min(volume + 4, len(self.tokens))) if self._dimension(at)), None)
        if time is None and flow is not None and self._dimension(flow) == "flow":
            time = self._next_quantity(flow, frozenset({"over", "lasts"}), "")
        token = None if time is None else self.tokens[time]
        return token is not None and token.high is not None and token.high.value.unit == "min"

    def _minutes_over(self, index: int) -> int | None:
        """Return where the minutes stand in which an amount or a volume goes in: `4.1 mL of 1 mg/mL in 10 min`.

        No bag does: whatever it is called, it is a load.
        """
        place, longest = index, vocabulary().limit("order.load_longest").value
        for _ in range(2):  # from the amount, and from what it is diluted in or drawn from
            follows = self._next_quantity(place, frozenset({"over", "total_in", "into", "from"}), "/@", 4)
            token = None if follows is None else self.tokens[follows]
            if follows is None or token is None or token.high is None:
                return None
            if token.high.value.dimension == "time":
                return follows if token.high.value.unit in ("s", "min") and token.high.value <= longest else None
            if token.high.value.dimension not in ("volume", "mass concentration"):
                return None
            place = follows
        return None

    def _opens_load(self, index: int) -> bool:
        """Tell whether a load begins with an amount or a volume by its minutes alone, and take these for its time."""
        minutes = None if self.load else self._minutes_over(index)
        if minutes is None:
            return False
        self.load, self.roles[minutes] = True, Kind.LOAD_TIME
        return True

    def _load_goes_on(self, index: int) -> bool:
        """Tell whether a word such as `run at` tells a load's flow: `to 10 mL, run at 60 mL/h over 10 min`."""
        last = self._statement_before(index)
        if last is None or last.kind not in LOADS | {Kind.LOAD_DILUTED} or self._dimension(index + 1) != "flow":
            return False
        time = self._next_quantity(index + 1, frozenset({"over", "lasts"}), "")
        token = None if time is None else self.tokens[time]
        return token is not None and token.high is not None and token.high.value.unit == "min"

    def _is_load_made_up(self, index: int) -> bool:
        """Tell whether an amount and its volume are a load's: it goes in over minutes, or the load's dose equals it."""
        if self._goes_in_over_minutes(index):
            return True
        last, slash = self._statement_before(index), self._at(index + 1)
        between = self.tokens[self._place_before(index) + 1 : index]
        same = all(token.text in ("=", "(") or "equals" in order_words().meanings(token.says) for token in between)
        made_up = slash is not None and slash.text != "/"
        return last is not None and last.kind is Kind.LOAD_DOSE and bool(between) and same and made_up

    def _strength_follows(self, index: int) -> bool:
        drawn = self.load or "drawn" in self._clause_before(index)
        place = self._next_quantity(index, frozenset({"from"}), "@(" if drawn else "@", 4)
        return place is not None and self._dimension(place) == "mass concentration"

    def _time_follows(self, index: int) -> bool:
        place = self._next_quantity(index, frozenset({"over", "lasts"}), "", 4)
        return place is not None and self._dimension(place) == "time"

    def _hours_over(self, index: int) -> int | None:
        """Return where the hours stand over which an amount goes in: `50 mg over 24 h`; None where none follow.

        `60 mg for 24 h` may be more than what goes in, where the clause says that it is supplied or made up.
        """
        supplied = "supplied" in self._clause_before(index)
        meanings = frozenset({"over"} if supplied else {"over", "lasts"})
        place = self._next_quantity(index, meanings, "", 4)
        token = None if place is None else self.tokens[place]
        hours = token is not None and token.high is not None and token.high.value.unit in ("h", "day")
        return place if hours else None

    def _day_over(self, index: int) -> int | None:
        """Return where the day stands over which a dose goes in, beside a rate: no load goes in over `24 h`."""
        place = self._hours_over(index)
        token = None if place is None else self.tokens[place]
        day = token is not None and token.low is not None and token.low.value == A_DAY
        rated = any(self._dimension(at) == "rate per body weight" for at in range(len(self.tokens)))
        return place if day and rated else None

    def _sum_in_time(self, index: int) -> bool:
        """Tell whether a dose per weight is an amount that goes in over a time: `50 mcg/kg = 260 mcg over 1 h`."""
        place = self._next_quantity(index, frozenset({"equals"}), "=(", 4)
        return place is not None and self._dimension(place) == "mass" and self._time_follows(place)

    def _adds_up(self, index: int) -> bool:
        """Tell whether a volume of a vial is added to another or is an amount: `20 mL + 80 mL`, `20 mL = 20 mg`."""
        other = self._next_quantity(index, frozenset({"added"}), "+&", 4)
        amount = self._next_quantity(index, frozenset({"equals"}), "=", 4)
        added = other is not None and self._dimension(other) == "volume"
        return added or (amount is not None and self._dimension(amount) == "mass")

    def _is_sum(self, index: int) -> bool:
        """Tell whether a volume is added to another by a sign, with no amount told: `20 mL + 80 mL`."""
        mark = self._at(index + 1)
        both = self._dimension(index) == self._dimension(index + 2) == "volume"
        return both and mark is not None and mark.text in "+&"

    def _runs_beside(self, index: int) -> bool:
        """Tell whether a fluid runs in the same line and is no diluent: `via UVC with TPN`, `0.45 mL/h with TPN`."""
        labels, previous = order_words().labels, self._at(index - 1)
        if previous is None or previous.sort is not Sort.PHRASE or previous.says not in labels["beside"]:
            return False
        for token in reversed(self.tokens[max(0, index - 4) : index - 1]):
            if token.high is not None:
                return token.high.value.dimension in ("flow", "rate per body weight")
            if token.sort is Sort.PHRASE and token.says in labels["line"]:
                return True
        return False

    def _flow_follows(self, index: int) -> bool:
        """Tell whether the next quantity is a flow; a time may stand before it, and no mark that ends a part."""
        return self._next_beside(index, passing=frozenset({"time"})) == "flow"

    def _stage_time_follows(self, index: int) -> bool:
        """Tell whether a time says how long a rate runs, behind it or its flow: `0.75 ... = 2.25 mL/h for 3 h`."""
        return self._time_follows(index) or self._next_beside(index, passing=frozenset({"flow"})) == "time"

    def _next_beside(self, index: int, *, passing: frozenset[str]) -> str:
        """Return the dimension of the next quantity that is none of those passed; empty where a mark ends the part."""
        for place in range(index + 1, len(self.tokens)):
            token = self.tokens[place]
            if token.sort is Sort.MARK and token.text in ",;.\n":
                break
            if self._dimension(place) and self._dimension(place) not in passing:
                return self._dimension(place)
        return ""

    def _stands_beside(self, index: int) -> bool:
        """Tell whether no comma or other mark parts a quantity from the statement before it."""
        between = self.tokens[self._place_before(index) + 1 : index]
        return all(token.sort is not Sort.MARK or token.text not in ",;.\n" for token in between)

    def _equals(self, index: int, step: int) -> bool:
        """Tell whether `1 mL/h = ...` stands here: from its flow (`step` 1), or from its rate (-1)."""
        sign, other = self._at(index + step), self._at(index + 2 * step)
        flow, rate = (self.tokens[index], other) if step > 0 else (other, self.tokens[index])
        if sign is None or flow is None or rate is None or flow.low is None or rate.low is None:
            return False
        same = sign.text == "=" or (sign.sort is Sort.PHRASE and "equals" in order_words().meanings(sign.says))
        one = flow.low.value.dimension == "flow" and flow.low.value.in_unit("mL/h") == 1
        return same and one and rate.low.value.dimension == "rate per body weight"

    def _is_of_titration(self, index: int) -> bool:
        """Tell whether an interval says how often the rate is changed, and not how often something is looked at."""
        words = order_words()
        for place in range(index - 1, -1, -1):
            token = self.tokens[place]
            if token.sort is Sort.QUANTITY:
                return any(at == place and item.kind in _STEPS for at, item in self.statements)
            if token.sort is Sort.MARK:
                if token.text in "()-:":
                    continue
                break
            if token.sort is not Sort.PHRASE or token.says in words.labels["looked_at"]:
                return False
            if words.meanings(token.says) & _CHANGING:
                return True
        follows = self._at(index + 1)
        return follows is not None and follows.sort is Sort.PHRASE and bool(words.meanings(follows.says) & _CHANGING)

    def _is_of_bag(self, index: int) -> bool:
        """Tell whether an interval says how often the bag is changed: `bag every 24 h`, `change bag q24h`."""
        follows = self._at(index + 1)
        if follows is not None and order_words().meanings(follows.says) & {"bag", "bag_change"}:
            return True
        for place in range(index - 1, -1, -1):
            token = self.tokens[place]
            if token.sort is not Sort.PHRASE:
                return False
            if order_words().meanings(token.says) & {"bag", "more_bags", "bag_change"}:
                return (whole_number(self.tokens[place - 1]) if place else None) in (None, 1)  # `two bags per day`
        return False

    def _is_joined(self, index: int) -> bool:
        """Tell whether a quantity is joined to the one before it, so that the final volume is open: `+ 100 mL`."""
        words = order_words().final_volume
        for place in range(index - 1, -1, -1):
            token = self.tokens[place]
            if token.sort is Sort.MARK and token.text not in "(:-+&":
                return False
            if token.sort is Sort.QUANTITY or token.says in words["final"]:
                return False
            if token.text in "+&" or token.says in words["joined"]:
                return True
            if token.says in ("to", "into"):
                last = self._statement_before(index)
                if token.says == "into" and last is not None and last.kind is Kind.AMOUNT:
                    return True
                filled = place > 0 and self.tokens[place - 1].says in order_words().fluids
                return not filled and not words["joining"].isdisjoint(self._clause_words(place))
        return False

    def _clause_words(self, index: int) -> set[str]:
        """Return the words and phrases of the clause so far."""
        found: set[str] = set()
        for token in reversed(self.tokens[:index]):
            if token.sort is Sort.MARK and token.text in CLOSES:
                break
            found.add(token.says or token.text.lower())
        return found

    def _is_source_of_load(self, index: int) -> bool:
        """Tell whether a bag is what a load is drawn from: `load ... = 3.5 mL of premix`, `bolus from the bag`."""
        timed = False
        for place in range(index - 1, -1, -1):
            token = self.tokens[place]
            if token.sort is Sort.QUANTITY:
                items = [item for at, item in self.statements if at == place]
                if any(item.kind is Kind.LOAD_TIME for item in items):
                    timed = True
                    continue
                of_load = any(item.kind in (Kind.LOAD_VOLUME, Kind.LOAD_AMOUNT, Kind.LOAD_DOSE) for item in items)
                return of_load and place < index - 1
            if token.sort is not Sort.PHRASE:
                return False
            meanings = order_words().meanings(token.says)
            if "load" in meanings:
                return True
            if timed and "over" in meanings:
                continue
            if not meanings & {"from"} and token.says not in ("the", "our", "same"):
                return False
        return False

    def _linked(self, index: int) -> bool:
        """Tell whether a strength belongs to the quantity right before it."""
        return all(
            token.sort is Sort.PHRASE or (token.sort is Sort.MARK and token.text in "(@x")
            for token in self.tokens[self._place_before(index) + 1 : index]
        )

    def _place_before(self, index: int) -> int:
        return max((at for at, _ in self.statements if at < index), default=-1)

    def _statement_before(self, index: int) -> Statement | None:
        return next((item for at, item in reversed(self.statements) if at < index), None)

    def _of(self, kind: Kind) -> tuple[Statement, ...]:
        return of_kind((item for _, item in self.statements), kind)

    def _has(self, *kinds: Kind) -> bool:
        return any(item.kind in kinds for _, item in self.statements)

    @property
    def _load_text(self) -> bool:
        return self._has(Kind.LOAD_DOSE, Kind.LOAD_TIME, Kind.LOAD_RATE)

    @property
    def _volume_anywhere(self) -> bool:
        return any(self._dimension(index) == "volume" for index in range(len(self.tokens)))

    @property
    def _bag_volume_anywhere(self) -> bool:
        return self._has(Kind.VOLUME)

    def _clause_before(self, index: int) -> frozenset[str]:
        """Return the meanings of all words of the clause so far, such as `increase` in `increase from ... to ...`."""
        found: set[str] = set()
        for token in reversed(self.tokens[:index]):
            if token.sort is Sort.MARK and token.text in CLOSES:
                break
            if token.sort is Sort.PHRASE:
                found |= order_words().meanings(token.says)
        return frozenset(found)
