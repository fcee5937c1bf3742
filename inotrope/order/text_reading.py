"""What a free text of an order says, with every piece of it accounted for. Knows shapes only."""

from __future__ import annotations

from dataclasses import dataclass

from inotrope.findings import Refusal
from inotrope.order.case_facts import CaseFact
from inotrope.order.parts import UnknownWord
from inotrope.order.statements import Statement
from inotrope.order.told import Told


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
        others: The other medicines that it names.
        partners: The fluids that it says run in the same line.
        unknown: Words that are not known and may be a medicine.
        statements: Its quantities, in their order.
        rows: Further pairs of rate and pump rate, where the text lists several.
        route: As written, or None.
        diluent: As written, or None.
        premix: Whether it speaks of a premixed bag.
        joined: Volumes that the drug is added to, where neither the final volume nor what was taken out is told.
        facts: What it tells about the patient that only a case is judged for.
        is_base: Whether it says that its amounts are the base and no salt.
        load_from: The bag that it draws the load from, as written, and its place; None where it names none.
        strengths: What it calls a strength in a word, such as `double strength`.
        pieces: Every piece and what it was taken for.
        problems: What cannot be read in one way only.
        told: What it tells beside its quantities.
    """

    drugs: tuple[str, ...]
    others: tuple[str, ...]
    partners: tuple[str, ...]
    unknown: tuple[UnknownWord, ...]
    statements: tuple[Statement, ...]
    rows: tuple[tuple[Statement, ...], ...]
    route: str | None
    diluent: str | None
    premix: bool
    joined: tuple[Statement, ...]
    facts: tuple[CaseFact, ...]
    is_base: bool
    load_from: tuple[str, str] | None
    strengths: tuple[str, ...]
    pieces: tuple[Piece, ...]
    problems: tuple[Refusal, ...]
    told: Told
