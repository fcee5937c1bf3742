"""What stands on a page and is not in the case yet: an answer that was pressed, and what is typed beside the case.

Knows which fields of a form those are, and that none may be lost: an answer that was pressed goes into the case on the
way to whatever page comes next; of what was typed and not put in, the next page asks (`pages/not_put_in.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from inotrope.web.form import Filled, Problem, check, read_fields
from inotrope.web.form.answering import put_answer
from inotrope.web.form.fields import LISTS, ROWS, TABLES

if TYPE_CHECKING:
    from inotrope.web.form.reading import Document

ANSWER, DO = "answer", "do"
"""The names of the buttons: one that is an answer itself, and one that does something."""
REASON, ASSUME, ASSUMED = "reason.", "assume", "assume_kidney"
ASKED_ONCE = ("indication", "authority")
"""Keys of the case itself that a question asks for; its drug and its time are those of the plan."""
_PARTS = (*TABLES, *ROWS, "conditions")
BESIDE = ("override", "withdraw", "assume")
"""What a button does beside the case."""


class Do(StrEnum):
    """What a button says of all that is typed."""

    PUT = "put"
    """Put it into the case."""
    PUT_ON = "put-on"
    """Put it into the case and go on, without what is typed beside the case."""
    LEAVE = "leave"
    """Go on without it."""
    KEEP = "keep"
    """Show it as it was typed: the way back."""
    ENTER = "enter"
    """The enter key was pressed in a box, without scripts: nobody knows in which."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What is not in the case yet.

    Attributes:
        typed: The fields of the case that were typed into, by their names, with the units chosen for them.
        answers: The answers that were pressed, as their buttons send them; of two for one field the later.
        does: What else was pressed, in its order.
        beside: What is typed that is no part of the case: reasons, an assumed kidney function.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_pressed(self) -> bool:
        """Whether somebody pressed what puts all that is typed into the case."""
        return bool(self.answers) or Do.PUT in self.does or Do.PUT_ON in self.does

    @property
    def of_options(self) -> tuple[str, ...]:
        """What was pressed that changes what is asked beside the case."""
        return tuple(item for item in self.does if item.partition(":")[0] in BESIDE)

    @property
    def has_options(self) -> bool:
        """Whether something is typed, or was pressed, that changes what is asked beside the case."""
        return bool(self.beside or self.of_options)

    def said(self, do: Do) -> bool:
        """Tell whether a button was pressed."""
        return do in self.does


class NotPutIn(Exception):
    """Another page is asked for, and what is typed is not in the case: nothing is opened before somebody decides."""

    def __init__(self, pending: Pending, problems: tuple[Problem, ...] = ()) -> None:
        """Keep what is not put in, and what is wrong with it."""
        super().__init__("something that was typed is not in the case")
        self.pending = pending
        self.problems = problems


def pending_of(fields: tuple[tuple[str, str], ...]) -> Pending:
    """Return what a form sent that is not in the case it carries.

    Args:
        fields: Every field in the order of the form; a name may stand twice.
    """
    values = dict(reversed(fields))
    pressed = [text for name, text in fields if name == ANSWER and "=" in text]
    answers = {text.partition("=")[0]: text for text in pressed}
    does = dict.fromkeys(text for name, text in fields if name == DO)
    beside = {name: text for name, text in values.items() if name.startswith(REASON) and text.strip()}
    assumed = values.get(ASSUME, "").strip()
    if assumed and assumed != values.get(ASSUMED, "").strip():
        beside[ASSUME] = values[ASSUME]
    of_case = {name: text for name, text in values.items() if _is_of_case(name)}
    typed = of_case if _holds(of_case) else {}
    return Pending(typed, tuple(answers.values()), tuple(does), beside)


def entered(pending: Pending) -> Pending:
    """Return what the enter key pressed in a box means, which sends no word of its box where scripts are off.

    Where one thing alone is typed beside the case it means the button beside that; where nothing is, it puts in what is
    typed. Where several things are typed nobody knows: then `Do.ENTER` stays.
    """
    if not pending.said(Do.ENTER) or pending.is_pressed or pending.of_options:
        return replace(pending, does=tuple(item for item in pending.does if item != Do.ENTER))
    if not pending.beside:
        return replace(pending, does=(Do.PUT,))
    if pending.typed or len(pending.beside) > 1:
        return pending
    (name,) = pending.beside
    return replace(pending, does=(ASSUME if name == ASSUME else f"override:{name.removeprefix(REASON)}",))


def is_typed(name: str, text: str) -> bool:
    """Tell whether a field is one that somebody types into beside the case, and holds something."""
    unseen = name.endswith((".unit", ".what", ".of", ".asked"))
    return bool(text.strip()) and not unseen and (_is_of_case(name) or name.startswith(REASON))


def put_in(document: Document, pending: Pending) -> tuple[Filled, tuple[Problem, ...]]:
    """Return the case with all that was typed and pressed in it, and what is wrong with that."""
    pressed = {name: text for name, _, text in (item.partition("=") for item in pending.answers)}
    filled = put_answer(document, {**pending.typed, **pressed})
    return filled, check(filled)


def _is_of_case(name: str) -> bool:
    return name in (*ASKED_ONCE, *LISTS) or name.partition(".")[0] in _PARTS


def _holds(fields: Mapping[str, str]) -> bool:
    """Tell whether anything is typed: a row that stands ready, and a unit alone, are nothing."""
    filled = read_fields(fields)
    return bool(filled.problems) or any(content != {} for content in filled.document.values())
