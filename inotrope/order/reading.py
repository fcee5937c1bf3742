"""A free text to statements: one pass from left to right in which a load stays open until the infusion begins.

It never guesses: a number without a unit, a unit or word next to a number that it does not know, or two values for one
thing refuse the order, each with its place. Words without a number that it does not know are named and change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from inotrope.drug import list_drugs
from inotrope.findings import Refusal
from inotrope.order.ampoules import with_ampoules
from inotrope.order.case_facts import case_facts
from inotrope.order.numerals import with_numbers_in_words
from inotrope.order.parts import UnknownWord, meant_medicines, pattern_of
from inotrope.order.patterns import AN_AGE, AN_INTERVAL
from inotrope.order.placing import TAKEN_OUT, Placing
from inotrope.order.routes_besides import is_of_another
from inotrope.order.same_line import unknown_beside_line
from inotrope.order.scanning import scan
from inotrope.order.settling import settle
from inotrope.order.staging import STAGED, staged
from inotrope.order.statements import NAMED, TOTALS, Kind, Statement
from inotrope.order.strengths import strength_words
from inotrope.order.surroundings import A_DAY, CLOSES
from inotrope.order.text_reading import Piece, TextReading
from inotrope.order.times import age_of, interval_of, is_gestation
from inotrope.order.tokens import Sort, Token
from inotrope.order.told import told
from inotrope.order.totals import totals_of, with_amounts_in_time
from inotrope.order.withdrawing import withdrawn
from inotrope.order.words import order_words
from inotrope.patient import did_you_mean, vocabulary

_PLAIN_MARKS = frozenset(",.;:()[]{}=@/-+&*~#<>|'\"_!\n\u2265\u2264\u2192\u00d7\u2013\u2014\u2022\u2248\u00ae\u2122\\")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")
_SEVERAL = frozenset({Kind.RATE, Kind.HIGHEST, Kind.LOWEST})
_TO_LOAD = {Kind.AMOUNT: Kind.LOAD_AMOUNT, Kind.VOLUME: Kind.LOAD_VOLUME, Kind.COURSE: Kind.LOAD_TIME}
"""What a quantity becomes when the word `load` stands right behind it."""

NOT_KNOWN = "not known; no number beside it"
"""What a word is taken for that no list holds: it is named and changes nothing."""


def read_text(text: str) -> TextReading:
    """Return what a free text says, with every piece accounted for."""
    counted = with_ampoules(text, with_numbers_in_words(text, scan(text)))
    tokens, totals = counted.tokens, totals_of(counted.tokens)
    roles = totals.roles | dict.fromkeys(counted.drawn, Kind.DRUG_VOLUME)
    return _Reading(tokens, text=text, roles=roles, days=totals.days).read(withdrawn(text, tokens))


@dataclass
class _Reading(Placing):
    """One pass over the tokens of one text."""

    text: str = ""
    pieces: list[tuple[int, Piece]] = field(default_factory=list)
    problems: list[Refusal] = field(default_factory=list)
    drugs: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    unknown: list[UnknownWord] = field(default_factory=list)
    beside: list[tuple[int, Statement]] = field(default_factory=list)
    route: str | None = None
    diluent: str | None = None
    premix: bool = False
    load_from: Token | None = None
    more_bags: bool = False
    joined: list[int] = field(default_factory=list)
    final_told: bool = False
    depth: int = 0
    days: tuple[int, ...] = ()

    def read(self, withdrawn: Iterable[tuple[Token, str]]) -> TextReading:
        for token, why in withdrawn:
            self._problem("not-an-order", token, why)
        for index, token in enumerate(self.tokens):
            self._token(index, token)
        self.unknown += [
            UnknownWord(token.text, token.place, ()) for token in unknown_beside_line(self.text, self.tokens)
        ]
        for index in self.days:
            named = self.tokens[index]
            self.statements.append((index, Statement(Kind.TOTAL_TIME, A_DAY, A_DAY, named.text, named.place)))
        if self.dosing_weight is not None:
            chosen = self.dosing_weight
            others = [(at, item) for at, item in self.statements if item.kind is Kind.WEIGHT and at != chosen]
            self.statements = [item for item in self.statements if item not in others]
            self.beside += [(at, replace(item, kind=Kind.OTHER_WEIGHT)) for at, item in others]
        self._weights_of_before()
        self._filled_up()
        joined = [] if self.final_told else [item for at, item in self.statements if at in self.joined]
        self.statements = with_amounts_in_time(self.statements, self.in_time, more_bags=self.more_bags)
        stages = staged(self.tokens, [*self.statements, *self.beside])
        self._total_of_several([*stages.items, *(item for row in stages.rows for item in row)])
        self._renamed([*stages.items, *(item for row in stages.rows for item in row)])
        settled = settle([item for _, item in stages.items], more_bags=self.more_bags, coupled=stages.coupled)
        return TextReading(
            drugs=tuple(dict.fromkeys(self.drugs)),
            others=tuple(dict.fromkeys(self.others)),
            partners=tuple(dict.fromkeys(self.partners)),
            unknown=tuple(dict.fromkeys(self.unknown)),
            statements=settled.statements,
            rows=tuple(tuple(item for _, item in row) for row in stages.rows),
            route=self.route,
            diluent=self.diluent,
            premix=self.premix,
            joined=tuple(joined),
            facts=case_facts(self.text, self.tokens),
            is_base=bool(pattern_of(order_words().final_volume["base"]).search(self.text)),
            load_from=None if self.load_from is None else (self.load_from.text, self.load_from.place),
            strengths=strength_words(self.tokens),
            pieces=tuple(piece for _, piece in sorted(self.pieces, key=lambda item: item[0])),
            problems=tuple(dict.fromkeys((*self.problems, *settled.problems))),
            told=told(self.text, self.tokens),
        )

    def _weights_of_before(self) -> None:
        """Take a weight of the admission for an earlier one, and name one at birth, where another one is told."""
        for chosen in (self.first_weight, self.birth_weight):
            weights = [at for at, item in self.statements if item.kind is Kind.WEIGHT]
            is_plain = chosen == self.birth_weight or not self.other_sort
            if chosen not in weights or len(weights) == 1 or not is_plain:
                continue
            first = [(at, replace(item, kind=Kind.EARLIER_WEIGHT)) for at, item in self.statements if at == chosen]
            self.statements = [item for item in self.statements if item[0] != chosen]
            self.beside += first if chosen == self.first_weight else []

    def _filled_up(self) -> None:
        """Take a volume that the drug is added to for the diluent, where another one is told to be the final one."""
        volumes = {at: item.low for at, item in self.statements if item.kind is Kind.VOLUME}
        filled = [at for at in self.joined if at in volumes]
        if self.final_told and filled and len(set(volumes.values())) == 2:  # noqa: PLR2004
            self.statements = [
                (at, replace(item, kind=Kind.DILUENT_VOLUME) if at in filled else item) for at, item in self.statements
            ]

    def _total_of_several(self, items: Iterable[tuple[int, Statement]]) -> None:
        """Refuse a total beside several rates: it is not clear which of them it is made of."""
        every = list(items)
        rates = {(item.kind, item.low) for _, item in every if item.kind in _SEVERAL}
        if len(rates) < 2:  # noqa: PLR2004
            return
        for at, item in every:
            if item.kind in TOTALS:
                self._problem("two-readings", self.tokens[at], "of several rates it is not said which the total is of")

    def _renamed(self, items: Iterable[tuple[int, Statement]]) -> None:
        """Tell each piece by the role that its stage gave it."""
        roles = {at: item.kind.value for at, item in items if item.kind in STAGED | TOTALS | {Kind.TOTAL_TIME}}
        self.pieces = [(at, replace(piece, means=roles.get(at, piece.means))) for at, piece in self.pieces]

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
            self._recognized(index, token)
        else:
            self._word(index, token)

    def _recognized(self, index: int, token: Token) -> None:
        """Take what is no value of the order: an age and the interval of a titration are kept, the rest is named."""
        if token.says == AN_AGE:
            kind, value = age_of(token.text)
            if kind is Kind.GESTATION and not is_gestation(value):
                self._problem("token-not-understood", token, "no pregnancy lasts so long or so short")
                return
            self._passed(index, f"{kind.value}; not compared with the rate")
        elif token.says == AN_INTERVAL and self._is_of_titration(index):
            kind, value = Kind.STEP_TIME, interval_of(token.text)
            self._passed(index, kind.value)
        elif token.says == AN_INTERVAL and self._is_of_bag(index):
            kind, value = Kind.BAG_CHANGE, interval_of(token.text)
            self._passed(index, kind.value)
        else:
            self._passed(index, f"{token.says}; not compared")
            return
        self.beside.append((index, Statement(kind, value, value, token.text, token.place)))

    # ------------------------------------------------------------------ words and marks

    def _mark(self, index: int, token: Token) -> None:
        self.depth += (token.text in "([{") - (token.text in ")]}")
        if token.text in CLOSES and self.depth <= 0:
            self.load = False
        if token.text not in _PLAIN_MARKS:
            self._problem("token-not-understood", token, "the sign is not known in an order")
        follows = self._at(index + 1)
        touches = follows is not None and follows.start == token.end
        before = self._at(index - 1)
        free = before is None or before.end < token.start or before.text in ",;:=("
        if token.text == "-" and touches and free and follows is not None and follows.sort is Sort.QUANTITY and index:
            self._problem("token-not-understood", token, "it could be a minus sign")
        if token.text in "<>\u2265\u2264" and follows is not None and follows.sort is Sort.QUANTITY:
            self._problem("two-readings", follows, "a value of an order is neither above nor below a number")

    def _phrase(self, index: int, token: Token) -> None:
        words, plain = order_words(), token.says
        meanings = words.meanings(plain)
        medicine = vocabulary().medicine(words.fluids.get(plain, plain))
        if plain in words.fluids or (medicine is not None and medicine.class_ == "fluid"):
            fluid = words.fluids.get(plain, plain)
            if self._runs_beside(index):
                self.partners.append(fluid if medicine is None else medicine.name)
                self._passed(index, "fluid in the same line; present, not checked")
                return
            self.diluent = self.diluent or fluid
            self._passed(index, "diluent")
            return
        if medicine is not None and plain not in words.known:
            self._medicine(index, token, medicine.name)
            return
        if plain in words.other_routes and is_of_another(self.text, self.tokens, token):
            self._passed(index, "route of something else; not checked")
            return
        if plain in words.other_routes or (plain in words.intravenous and self.route is None):
            self.route = token.text
        if "no_load" in meanings:
            self.load = False
        elif "load" in meanings:
            self._load_word(index)
        elif "infusion" in meanings:
            self.load = self.load and self._load_goes_on(index)
        if plain.replace("-", " ") in words.withdrawn["no_premix"]:
            self._passed(index, "words of an order")
            return
        is_premix = "premix" in words.meanings(plain.replace("-", " "))
        self.premix = self.premix or is_premix
        if (is_premix or plain in words.withdrawn["load_source"]) and self._is_source_of_load(index):
            self.load_from = token
        if "a_day" in meanings and self._is_of_bag(index):
            self.beside.append((index, Statement(Kind.BAG_CHANGE, A_DAY, A_DAY, token.text, token.place)))
        self.more_bags = self.more_bags or "more_bags" in meanings
        self._passed(index, "route" if plain in words.intravenous | words.other_routes else "words of an order")

    def _medicine(self, index: int, token: Token, name: str) -> None:
        if name in list_drugs():
            self._passed(index, f"medicine: {name}")
            self.drugs.append(name)
            return
        self._passed(index, f"medicine: {name}; present, not checked")
        self.others.append(name)
        if self._number_in_clause(index):
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
        if self._has_its_own(index):
            return
        for place, (at, item) in enumerate(self.statements):
            if at == index - 1 and item.kind in _TO_LOAD:
                self.statements[place] = (at, replace(item, kind=_TO_LOAD[item.kind]))

    def _has_its_own(self, index: int) -> bool:
        """Tell whether a load has its own quantity behind it, so that the one before is the bag's."""
        before, behind = self._dimension(index - 1), self._dimension(index + 1)
        of_bag = before == "volume" and "/" in self._marks_at(index - 2)
        return bool(behind) and (behind == before or (of_bag and behind in ("mass", "dose per body weight")))

    def _marks_at(self, index: int) -> str:
        token = self._at(index)
        return token.text if token is not None and token.sort is Sort.MARK else ""

    def _word(self, index: int, token: Token) -> None:
        for beside in (self._at(index - 1), self._at(index + 1)):
            if beside is not None and beside.sort in (Sort.QUANTITY, Sort.NUMBER) and self._touches(token, beside):
                self._problem("token-not-understood", token, "an unknown word beside a number may change it")
                return
        mark, value = self._at(index - 1), self._at(index - 2)
        if (
            mark is not None
            and mark.sort is Sort.PHRASE
            and mark.says in ("via", "route")
            and not self._names_a_route(index)
        ):
            self._problem("token-not-understood", token, "it may be a route that is not known")
            return
        if mark is not None and mark.text == "/" and value is not None and value.sort in (Sort.QUANTITY, Sort.NUMBER):
            self._problem("token-not-understood", token, "it stands behind a slash as part of a unit and is none")
            return
        near = meant_medicines(self.text, self.tokens, index)
        if not near:
            self._passed(index, NOT_KNOWN)
            return
        self._passed(index, f"not known: {did_you_mean(near)} Not checked")
        self.unknown.append(UnknownWord(token.text, token.place, near))
        if self._number_in_clause(index):
            self._problem("another-medicine", token, f"the number behind it is another's: {did_you_mean(near)}")

    def _names_a_route(self, index: int) -> bool:
        """Tell whether a known route stands behind a word, before any mark or number: `via R IJ central line`."""
        words = order_words()
        for token in self.tokens[index + 1 :]:
            if token.sort not in (Sort.WORD, Sort.PHRASE):
                return False
            if token.says in words.intravenous | words.other_routes:
                return True
        return False

    def _touches(self, one: Token, other: Token) -> bool:
        return abs(one.start - other.end) <= 1 or abs(other.start - one.end) <= 1

    def _bare(self, index: int, token: Token) -> None:
        opens = index == 0 or self.tokens[index - 1].text == "\n"
        follows = self._at(index + 1)
        stamped = opens and follows is not None and follows.text in (":", "-")
        if _CLOCK.fullmatch(token.text) and (stamped or "moment" in self._cues_before(index)):
            self._passed(index, "a clock time; not compared")
        else:
            self._problem("number-without-unit", token, "a number without a unit")

    def _quantity(self, index: int, token: Token) -> None:
        assert token.low is not None  # a quantity has both ends
        assert token.high is not None
        before = self._cues_before(index)
        low, high = token.low.value, token.high.value
        arrow = "->" in token.text or "\u2192" in token.text
        changes = "previous" in before or ("from" in before and "changed" in self._clause_before(index))
        if low != high and (arrow or changes):
            low, before = high, before - {"previous"}  # from one value to another: the later one is ordered
        if low > high:
            self._problem("two-readings", token, "it is no range: its ends run backwards")
            return
        kind = self._kind(index, token, before)
        self._final_volume(index, kind)
        if isinstance(kind, Kind):
            written = token.high.unit if token.high.unit != token.high.value.unit else ""
            item = Statement(kind, low, high, token.text, token.place, written)
            if kind in NAMED:
                self.beside.append((index, item))
            else:
                self.statements.append((index, item))
            self.pieces.append((index, Piece(token.text, token.place, kind.value)))
        elif kind.startswith("!"):
            self._problem("two-readings", token, kind[1:])
        else:
            self._passed(index, kind)

    def _final_volume(self, index: int, kind: Kind | str) -> None:
        """Note whether a volume is joined to the drug, tells the final one, or was taken out before."""
        last = self._statement_before(index)
        if kind == TAKEN_OUT:
            self.final_told = True
        if kind in (Kind.VOLUME, Kind.DILUENT_VOLUME):
            if self._is_joined(index) and last is not None:
                self.joined.append(index)
            elif self.joined:
                self.final_told = True
        drug = kind in (Kind.AMOUNT, Kind.AMOUNT_PER_WEIGHT, Kind.DRUG_VOLUME)
        if drug and last is not None and last.kind is Kind.VOLUME and self._is_joined(index):
            self.joined.append(self._place_before(index))

    def _passed(self, index: int, means: str) -> None:
        token = self.tokens[index]
        self.pieces.append((index, Piece(token.text, token.place, means)))

    def _problem(self, id_: str, token: Token, why: str) -> None:
        shown = token.text.strip() or "line end"
        self.problems.append(Refusal(id_, f"'{shown}' ({token.place}) is not understood: {why}.", ("text",)))
