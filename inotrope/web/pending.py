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
from inotrope.web.inquiries import NotAsked, is_entry, not_asked, stands_on

if TYPE_CHECKING:
    from inotrope.web.form.reading import Document

ANSWER, DO = "answer", "do"
"""The names of the buttons: one that is an answer itself, and one that does something."""
REASON, ASSUME, ASSUMED = "reason.", "assume", "assume_kidney"
ASKED_ONCE = ("indication", "authority")
"""Keys of the case itself that a question asks for; its drug and its time are those of the plan."""
ENTRY, LEVEL, IN = "entry", "concentration", "|"
"""The hidden field of the screen of levels, which holds the drug; what is entered there; and what stands between a
reading and the unit it is chosen in: none is guessed, and none has to be typed."""
OF_LEVEL, OF_READING = ("value", "unit", "at", "site"), ("reading-what", "reading-value", "reading-at")
"""The boxes of that screen."""
PLAN, LEVELS = "/plan", "/levels"
TYPED_ON = (PLAN, LEVELS)
"""The screens on which somebody types what goes into the case."""
_PARTS = (*TABLES, *ROWS, "conditions")
BESIDE = ("override", "withdraw", "assume")
"""What a button does beside the case."""


Fields = tuple[tuple[str, str], ...]
"""The fields of a form with their texts, in its order."""


class Do(StrEnum):
    """What a button says of all that is typed."""

    PUT = "put"
    """Put it into the case."""
    PUT_ON = "put-on"
    """Put it into the case and go on, without what is typed beside the case."""
    LEAVE = "leave"
    """Go on without it."""
    KEEP = "keep"
    """A window shows a page again: the way back and a reload."""
    BACK = "back"
    """Show it where it was typed."""
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
        before: Of the answers, those that were pressed on the same page before, and came with no request of their own.
        not_asked: What is typed into a screen that asks something beside the case, and was not asked yet.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)
    not_asked: tuple[NotAsked, ...] = ()
    before: tuple[str, ...] = ()

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
        return bool(self.beside or self.of_options or self.not_asked)

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


def pressed_in(fields: Fields) -> Fields:
    """Return the buttons among the fields that put something into the case, or change what stands beside it."""
    return tuple(
        (name, text)
        for name, text in fields
        if (name == ANSWER and "=" in text) or (name == DO and (text == Do.PUT or text.partition(":")[0] in BESIDE))
    )


def pending_of(fields: Fields, path: str = PLAN) -> Pending:
    """Return what a form sent that is not in the case it carries.

    Args:
        fields: Every field in the order of the form; a name may stand twice.
        path: Where it was sent.
    """
    values = dict(reversed(fields))
    if is_entry(stands_on(values)):  # its boxes have names of a case, and are an entry of a course
        return Pending(does=tuple(text for name, text in fields if name == DO), not_asked=not_asked(values, path))
    pressed = [text for name, text in fields if name == ANSWER and "=" in text]
    answers = {text.partition("=")[0]: text for text in pressed}
    does = dict.fromkeys(text for name, text in fields if name == DO)
    beside = {name: text for name, text in values.items() if name.startswith(REASON) and text.strip()}
    assumed = values.get(ASSUME, "").strip()
    if assumed and assumed != values.get(ASSUMED, "").strip():
        beside[ASSUME] = values[ASSUME]
    of_case = _of_levels(values) | {name: text for name, text in values.items() if _is_of_case(name)}
    typed = of_case if _holds(of_case) else {}
    return Pending(typed, tuple(answers.values()), tuple(does), beside, not_asked(values, path))


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


def _of_levels(values: Mapping[str, str]) -> dict[str, str]:
    """Return what is typed on the screen of levels, by the names of the case form, unless by those."""
    drug, found = values.get(ENTRY, ""), dict[str, str]()
    if not drug or any(name.startswith("measurements.") for name in values):
        return found
    if any(values.get(name, "").strip() for name in OF_LEVEL if name != "unit"):
        own = {"what": LEVEL, "of": drug, "value.unit": values.get("unit", "")}
        own |= {name: values.get(name, "") for name in ("value", "at", "site")}
        found |= {f"measurements.0.{name}": text for name, text in own.items()}
    if values.get("reading-value", "").strip():
        what, _, unit = values.get("reading-what", "").partition(IN)
        own = {"what": what, "value": values["reading-value"], "value.unit": unit, "at": values.get("reading-at", "")}
        found |= {f"measurements.1.{name}": text for name, text in own.items()}
    return found


def as_typed(fields: Mapping[str, str]) -> dict[str, str]:
    """Return what stands in the boxes of the screen of levels, with what was changed of it under the other names."""
    found = dict(fields)
    if "measurements.0.value" in fields:
        of_level = {"value": "value", "unit": "value.unit", "at": "at", "site": "site"}
        found |= {name: fields.get(f"measurements.0.{key}", "") for name, key in of_level.items()}
    if "measurements.1.value" in fields:
        chosen = [fields.get(f"measurements.1.{key}", "") for key in ("what", "value.unit")]
        found |= {"reading-what": IN.join(chosen)} if all(chosen) else {}
        found |= {f"reading-{name}": fields.get(f"measurements.1.{name}", "") for name in ("value", "at")}
    return found


def _is_of_case(name: str) -> bool:
    return name in (*ASKED_ONCE, *LISTS) or name.partition(".")[0] in _PARTS


def shows_again(path: str, fields: Mapping[str, str], pending: Pending) -> bool:
    """Tell whether a page shows what is typed in the boxes in which it was typed, so that nothing is asked.

    Args:
        path: Of the page.
        fields: All that was sent.
        pending: What is not in the case.
    """
    stands = stands_on(fields)
    if path not in TYPED_ON and path != stands:
        return False
    if pending.said(Do.BACK):
        return True
    if stands:
        return pending.said(Do.KEEP) and path == stands
    of_levels = ENTRY in fields and not any(name.startswith("measurements.") for name in fields)
    return pending.said(Do.KEEP) and (of_levels if path == LEVELS else ENTRY not in fields)


def _holds(fields: Mapping[str, str]) -> bool:
    """Tell whether anything is typed: a row that stands ready, and a unit alone, are nothing."""
    filled = read_fields(fields)
    return bool(filled.problems) or any(content != {} for content in filled.document.values())
