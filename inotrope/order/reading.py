"""A free text to statements: what each quantity is for, told by the words around it; and what cannot be told.

Knows one pass from left to right, in which a load stays open until the infusion begins. It never guesses: a number
without a unit, a unit or word next to a number that it does not know, or two values for one thing refuse the order, each
with its place. Words without a number that it does not know are named and change nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from inotrope.drug import list_drugs
from inotrope.findings import Refusal
from inotrope.order.scanning import Sort, Token, scan
from inotrope.order.settling import settle
from inotrope.order.statements import Kind, Statement, of_kind
from inotrope.order.words import order_words
from inotrope.patient import vocabulary

_CLOSES = frozenset(";.\n")
_PLAIN_MARKS = frozenset(",.;:()[]{}=@/-+&*~#<>|'\"_!\n\u2265\u2264\u2192\u00d7\u2013\u2014\u2022\u2248\u00ae\u2122\\")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")
_LABORATORY = frozenset({"mg/dL", "ng/mL", "mcg/L"})
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
_TO_LOAD = {Kind.AMOUNT: Kind.LOAD_AMOUNT, Kind.VOLUME: Kind.LOAD_VOLUME, Kind.COURSE: Kind.LOAD_TIME}
"""What a quantity becomes when the word `load` stands right behind it."""
_AGES = frozenset({"year", "month", "week"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text and what it was taken for."""

    text: str
    where: str
    means: str


@dataclass(frozen=True, slots=True)
class TextReading:
    """What a free text says.

    Attributes:
        drugs: The drugs it names, by the vocabulary's names.
        statements: Its quantities, in their order.
        rows: Further pairs of rate and pump rate, where the text lists several.
        route: As written, or None.
        diluent: As written, or None.
        premix: Whether it speaks of a premixed bag.
        pieces: Every piece and what it was taken for.
        problems: What cannot be read in one way only.
    """

    drugs: tuple[str, ...]
    statements: tuple[Statement, ...]
    rows: tuple[tuple[Statement, ...], ...]
    route: str | None
    diluent: str | None
    premix: bool
    pieces: tuple[Piece, ...]
    problems: tuple[Refusal, ...]


def read_text(text: str) -> TextReading:
    """Return what a free text says, with every piece accounted for."""
    return _Reading(scan(text)).read()


@dataclass
class _Reading:
    """One pass over the tokens of one text."""

    tokens: tuple[Token, ...]
    statements: list[tuple[int, Statement]] = field(default_factory=list)
    pieces: list[tuple[int, Piece]] = field(default_factory=list)
    problems: list[Refusal] = field(default_factory=list)
    drugs: list[str] = field(default_factory=list)
    route: str | None = None
    diluent: str | None = None
    premix: bool = False
    more_bags: bool = False
    load: bool = False
    depth: int = 0

    def read(self) -> TextReading:
        for index, token in enumerate(self.tokens):
            self._token(index, token)
        settled = settle([item for _, item in self.statements], more_bags=self.more_bags)
        return TextReading(
            drugs=tuple(dict.fromkeys(self.drugs)),
            statements=settled.statements,
            rows=settled.rows,
            route=self.route,
            diluent=self.diluent,
            premix=self.premix,
            pieces=tuple(piece for _, piece in sorted(self.pieces, key=lambda item: item[0])),
            problems=(*self.problems, *settled.problems),
        )

    def _token(self, index: int, token: Token) -> None:
        if token.sort is Sort.MARK:
            self._mark(index, token)
        elif token.sort is Sort.PHRASE:
            self._phrase(index, token)
        elif token.sort is Sort.QUANTITY:
            self._quantity(index, token)
        elif token.sort is Sort.NUMBER:
            self._bare(index, token)
        elif token.sort is Sort.BAD:
            self._problem("token-not-understood", token, token.says)
        elif token.sort is Sort.PASSED:
            self._passed(index, f"{token.says}; not compared")
        else:
            self._word(index, token)

    # ------------------------------------------------------------------ words and marks

    def _mark(self, index: int, token: Token) -> None:
        self.depth += (token.text in "([{") - (token.text in ")]}")
        if token.text in _CLOSES and self.depth <= 0:
            self.load = False
        if token.text not in _PLAIN_MARKS:
            self._problem("token-not-understood", token, "the sign is not known in an order")
        follows = self._at(index + 1)
        touches = follows is not None and follows.start == token.end
        free = index == 0 or self.tokens[index - 1].end < token.start
        if token.text == "-" and touches and free and follows is not None and follows.sort is Sort.QUANTITY and index:
            self._problem("token-not-understood", token, "it could be a minus sign")
        if token.text in "<>\u2265\u2264" and follows is not None and follows.sort is Sort.QUANTITY:
            self._problem("two-readings", follows, "a value of an order is neither above nor below a number")

    def _phrase(self, index: int, token: Token) -> None:
        words, plain = order_words(), token.says
        meanings = words.meanings(plain)
        medicine = vocabulary().medicine(words.fluids.get(plain, plain))
        if plain in words.fluids or (medicine is not None and medicine.class_ == "fluid"):
            self.diluent = self.diluent or words.fluids.get(plain, plain)
            self._passed(index, "diluent")
            return
        if medicine is not None and plain not in words.known:
            self._medicine(index, token, medicine.name)
            return
        if plain in words.other_routes or (plain in words.intravenous and self.route is None):
            self.route = token.text
        if "no_load" in meanings:
            self.load = False
        elif "load" in meanings:
            self._load_word(index)
        elif "infusion" in meanings:
            self.load = False
        self.premix = self.premix or plain.startswith("premix")
        self.more_bags = self.more_bags or "more_bags" in meanings
        self._passed(index, "route" if plain in words.intravenous | words.other_routes else "words of an order")

    def _medicine(self, index: int, token: Token, name: str) -> None:
        self._passed(index, f"medicine: {name}")
        if name in list_drugs():
            self.drugs.append(name)
        elif self._number_in_clause(index):
            self._problem("another-medicine", token, f"the number behind it belongs to {name}, which is not checked")

    def _number_in_clause(self, index: int) -> bool:
        """Tell whether a quantity stands behind a word before its clause ends."""
        for token in self.tokens[index + 1 :]:
            if token.sort is Sort.MARK and token.text in ",;.\n":
                return False
            if token.sort in (Sort.QUANTITY, Sort.NUMBER):
                return True
        return False

    def _load_word(self, index: int) -> None:
        """Open a load; a word behind the quantity makes that quantity the load's: `5 mg load`."""
        self.load = True
        for place, (at, item) in enumerate(self.statements):
            if at == index - 1 and item.kind in _TO_LOAD:
                self.statements[place] = (at, replace(item, kind=_TO_LOAD[item.kind]))

    def _word(self, index: int, token: Token) -> None:
        for near in (self._at(index - 1), self._at(index + 1)):
            if near is not None and near.sort in (Sort.QUANTITY, Sort.NUMBER) and self._touches(token, near):
                self._problem("token-not-understood", token, "an unknown word beside a number may change it")
                return
        self._passed(index, "not known; no number beside it")

    def _touches(self, one: Token, other: Token) -> bool:
        return abs(one.start - other.end) <= 1 or abs(other.start - one.end) <= 1

    def _bare(self, index: int, token: Token) -> None:
        if _CLOCK.fullmatch(token.text) and "moment" in self._cues_before(index):
            self._passed(index, "a clock time; not compared")
        else:
            self._problem("number-without-unit", token, "a number without a unit")

    # ------------------------------------------------------------------ quantities

    def _quantity(self, index: int, token: Token) -> None:
        assert token.low is not None  # a quantity has both ends
        assert token.high is not None
        before = self._cues_before(index)
        low, high = token.low.value, token.high.value
        arrow = "->" in token.text or "\u2192" in token.text
        if low != high and (arrow or ("from" in before and self._changed(index))):
            low = high  # from one value to another: the later one is ordered
        if low > high:
            self._problem("two-readings", token, "it is no range: its ends run backwards")
            return
        kind = self._kind(index, token, before)
        if isinstance(kind, Kind):
            written = token.high.unit if token.high.unit != token.high.value.unit else ""
            item = Statement(kind, low, high, token.text, token.place, written)
            self.statements.append((index, item))
            self.pieces.append((index, Piece(token.text, token.place, kind.value)))
        elif kind.startswith("!"):
            self._problem("two-readings", token, kind[1:])
        else:
            self._passed(index, kind)

    def _kind(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        """Return what a quantity is for; a text is a reason to pass it over, or with `!` to refuse."""
        assert token.high is not None
        value = token.high.value
        reader = {
            "body weight": self._weight,
            "rate per body weight": self._rate,
            "mass rate": self._mass_rate,
            "dose per body weight": self._dose,
            "mass": self._mass,
            "volume": self._volume,
            "flow": self._flow,
            "flow per body weight": self._flow_per_weight,
            "mass concentration": self._concentration,
            "time": self._time,
        }.get(value.dimension)
        if reader is not None:
            return reader(index, token, before)
        if value.dimension in ("pressure", "rate of beats", "length"):
            return "a measured value; not compared"
        return f"!{value.dimension} has no place in an infusion order"

    def _changed(self, index: int) -> bool:
        """Tell whether the clause speaks of a change: `increase from ... to ...`."""
        for token in reversed(self.tokens[:index]):
            if token.sort is Sort.MARK and token.text in _CLOSES:
                return False
            if token.sort is Sort.PHRASE and "changed" in order_words().meanings(token.says):
                return True
        return False

    def _weight(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        if "other_weight" in before or "other_weight" in self._cues_after(index):
            return "another weight; not compared"
        if token.low != token.high:
            return "!a weight is no range"
        return Kind.WEIGHT

    def _rate(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        if "previous" in before:
            return "an earlier rate; not compared"
        follows = self._at(index + 1)
        each = follows is not None and follows.sort is Sort.PASSED and follows.says == "an interval"
        if "step" in before or ("titrate" in before and each):
            return Kind.STEP
        if self._equals(index, -1):
            return Kind.RATE_PER_ML_PER_H
        load_known = self._has(Kind.LOAD_DOSE, Kind.LOAD_AMOUNT, Kind.LOAD_RATE)
        if self.load and not load_known and self._time_follows(index):
            return Kind.LOAD_RATE
        self.load = False
        if "highest" in before or ("titrate" in before and self._has(Kind.RATE)):
            return Kind.HIGHEST
        if "lowest" in before:
            return Kind.LOWEST
        known = [item for item in self._of(Kind.RATE) if token.low is not None and item.low != token.low.value]
        return Kind.HIGHEST if known and "infusion" in before and not self._flow_follows(index) else Kind.RATE

    def _mass_rate(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        return "an earlier rate; not compared" if "previous" in before else Kind.MASS_RATE

    def _dose(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        assert token.high is not None
        if self.load or "load" in self._cues_after(index) or self._time_follows(index):
            self.load = True
            return Kind.LOAD_DOSE
        if self._load_text and not self._has(Kind.LOAD_DOSE):
            return Kind.LOAD_DOSE
        if token.high.unit == "mg/kg" and self._volume_anywhere:
            return Kind.AMOUNT_PER_WEIGHT
        return "!it has no time: a rate needs one, and a load needs to be called one"

    def _mass(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        if "load" in self._cues_after(index, 1):
            return Kind.LOAD_AMOUNT
        if self._into_volume(index):
            return Kind.AMOUNT
        if self.load or (self._load_text and not self._has(Kind.LOAD_AMOUNT) and not self._bag_volume_anywhere):
            return Kind.LOAD_AMOUNT
        return Kind.AMOUNT

    def _volume(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        after = self._cues_after(index)
        if "carrier" in before:
            return "another fluid; not compared"
        if "removed" in before and "from" in after:
            return "diluent taken out; not compared"
        if "vtbi" in before or "vtbi" in after:
            return "volume to be infused" if self._has(Kind.VOLUME) else Kind.VOLUME
        previous = self._statement_before(index)
        in_bag = previous is not None and previous.kind in (Kind.AMOUNT, Kind.AMOUNT_PER_WEIGHT)
        if in_bag and "into" in before | self._marks_before(index):
            return Kind.VOLUME
        if self._strength_follows(index):
            return Kind.LOAD_VOLUME if self.load else Kind.DRUG_VOLUME
        if self._has(Kind.DRUG_VOLUME) and "added" in before | self._marks_before(index):
            return Kind.DILUENT_VOLUME
        if self.load:
            return Kind.LOAD_VOLUME
        if "vial" in after and not self._has(Kind.VOLUME) and self._has(Kind.AMOUNT, Kind.CONCENTRATION):
            return "size of a vial; not compared"
        return Kind.VOLUME

    def _flow(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        assert token.high is not None
        if token.high.value.unit in ("L/min", "L/h"):
            return "!no infusion runs in liters"
        if before & {"carrier", "previous"}:
            return "another or an earlier flow; not compared"
        if self._equals(index, 1):
            return Kind.SCALE_PUMP_RATE
        if self.load:
            return Kind.LOAD_PUMP_RATE
        last = self._statement_before(index)
        if "highest" in before or (last is not None and last.kind is Kind.HIGHEST):
            return Kind.HIGHEST_PUMP_RATE
        return Kind.PUMP_RATE

    def _flow_per_weight(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        return Kind.PUMP_RATE_PER_WEIGHT

    def _concentration(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        assert token.high is not None
        if token.high.value.unit in _LABORATORY:
            return "!it is a unit of the laboratory, and nothing says what was measured"
        last = self._statement_before(index)
        drawn = last is not None and last.kind in (Kind.LOAD_VOLUME, Kind.DRUG_VOLUME) and self._linked(index)
        if drawn and last is not None:
            return Kind.LOAD_STRENGTH if last.kind is Kind.LOAD_VOLUME else Kind.VIAL_STRENGTH
        if "vial" in self._cues_after(index, 1) | before:
            return Kind.LOAD_STRENGTH if self.load else Kind.VIAL_STRENGTH
        return Kind.CONCENTRATION

    def _time(self, index: int, token: Token, before: frozenset[str]) -> Kind | str:
        assert token.high is not None
        if token.high.value.unit in _AGES:
            return "an age; not compared"
        last = self._statement_before(index)
        if self.load and last is not None and not before & {"other_time", "highest"} - {"previous"}:
            return Kind.LOAD_TIME
        if "over" in before:
            return Kind.BAG_TIME
        if before & {"other_time", "highest", "moment", "step"} and "lasts" not in before:
            return "a time; not compared"
        return Kind.COURSE

    # ------------------------------------------------------------------ what stands around

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

    def _marks_before(self, index: int) -> frozenset[str]:
        previous = self._at(index - 1)
        if previous is None or previous.sort is not Sort.MARK:
            return frozenset()
        return frozenset({"/": {"into"}, "+": {"added"}, "&": {"added"}}.get(previous.text, set()))

    def _dimension(self, index: int) -> str:
        token = self._at(index)
        return "" if token is None or token.high is None else token.high.value.dimension

    def _next_quantity(self, index: int, meanings: frozenset[str], marks: str, most: int = 5) -> int | None:
        """Return where the next quantity stands, if only marks and words stand between, one of them with the meaning."""
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

    def _strength_follows(self, index: int) -> bool:
        place = self._next_quantity(index, frozenset({"from"}), "@(" if self.load else "@", 4)
        return place is not None and self._dimension(place) == "mass concentration"

    def _time_follows(self, index: int) -> bool:
        place = self._next_quantity(index, frozenset({"over", "lasts"}), "", 4)
        return place is not None and self._dimension(place) == "time"

    def _flow_follows(self, index: int) -> bool:
        place = self._next_quantity(index, frozenset({"moment"}), "=@(", 4)
        return place is not None and self._dimension(place) == "flow"

    def _equals(self, index: int, step: int) -> bool:
        """Tell whether `1 mL/h = ...` stands here: from its flow (`step` 1), or from its rate (-1)."""
        sign, other = self._at(index + step), self._at(index + 2 * step)
        flow, rate = (self.tokens[index], other) if step > 0 else (other, self.tokens[index])
        if sign is None or flow is None or rate is None or flow.low is None or rate.low is None:
            return False
        same = sign.text == "=" or (sign.sort is Sort.PHRASE and "equals" in order_words().meanings(sign.says))
        one = flow.low.value.dimension == "flow" and flow.low.value.in_unit("mL/h") == 1
        return same and one and rate.low.value.dimension == "rate per body weight"

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

    # ------------------------------------------------------------------ the end

    def _passed(self, index: int, means: str) -> None:
        token = self.tokens[index]
        if token.text.strip() and (token.sort is not Sort.MARK):
            self.pieces.append((index, Piece(token.text, token.place, means)))

    def _problem(self, id_: str, token: Token, why: str) -> None:
        shown = token.text.strip() or "line end"
        self.problems.append(Refusal(id_, f"'{shown}' ({token.place}) is not understood: {why}.", ("text",)))
