"""The questions of a plan with the boxes that answer them, so that each is answered where it stands.

Knows which boxes a question needs; how an answer is put into the case is known in `form/answering.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from inotrope.display.findings_sheet import FIRST_QUESTIONS, Question, numbered
from inotrope.patient import vocabulary
from inotrope.plan import Plan
from inotrope.web.form import Problem
from inotrope.web.form.answering import boxes_of, condition_of, measurement_of
from inotrope.web.form.fields import EVENT, LINE, LISTS, SUPPORT, measurement_names
from inotrope.web.form.layout import Box, ConditionView, Layout, RowView

_NOTHING = {
    "medicines": "None is given",
    "allergies": "None is known of",
    "administrations": "Nothing runs, and nothing was given",
    "events": "Nothing of this happened",
    "support": "No machine, now or in the last two days",
    "lines": "Nothing else runs in this line",
}
"""What the button says that answers with none."""
_NOTHING_ELSE = {
    "medicines": "No other is given",
    "administrations": "Nothing else runs, and nothing else was given",
    "events": "Nothing else of this happened",
    "support": "No other machine, now or in the last two days",
    "lines": "Nothing else runs in this line",
}
"""The same where some are known, and nobody has said that they are all."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What answers one piece of a question.

    Attributes:
        name: The piece, as the plan names it.
        condition: Where yes or no answers it.
        rows: Where a value with its time answers it.
        boxes: Where boxes answer it.
        nothing: The button that says none, and what it sends; empty where none is no answer.
        elsewhere: Whether more than this is written on the case form.
        see: The number of an earlier question whose boxes answer it too; 0 for none.
    """

    name: str
    condition: ConditionView | None = None
    rows: tuple[RowView, ...] = ()
    boxes: tuple[Box, ...] = ()
    nothing: tuple[str, str] | tuple[()] = ()
    elsewhere: bool = False
    see: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with what answers it."""

    question: Question
    first: bool
    replies: tuple[Reply, ...]


_WORDS = {"present": "yes", "absent": "no"}


def told(answer: str, begun: Iterable[str] = ()) -> str:
    """Return an answer that was pressed in the words of its button, such as `edema: no`.

    Args:
        answer: As the button sends it.
        begun: The lists of the case of which nobody has said that they hold all there is.
    """
    field, _, word = answer.partition("=")
    name = field.removesuffix(".none")
    if name in _NOTHING:
        return _says_none(name, begun)
    return f"{field.rpartition('.')[2]}: {_WORDS.get(word, word)}"


def _says_none(name: str, begun: Iterable[str]) -> str:
    return _NOTHING_ELSE[name] if name in begun else _NOTHING[name]


def questions_of(
    plan: Plan, values: Mapping[str, str], problems: Iterable[Problem] = (), begun: Iterable[str] = ()
) -> tuple[Asked, ...]:
    """Return the questions of a plan, each with its boxes.

    Args:
        plan: The plan that asks.
        values: What was typed into the boxes and not put into the case yet.
        problems: What is wrong with it.
        begun: The lists of the case of which nobody has said that they hold all there is.
    """
    found, drawn = [], dict[str, int]()
    wrong = tuple(problems)
    for question in numbered(plan.missing):
        replies = tuple(_reply(name, plan.drug, values, wrong, begun) for name in question.names)
        replies = tuple(_once(reply, question.number, drawn) for reply in replies)
        found.append(Asked(question, question.number <= FIRST_QUESTIONS, replies))
    return tuple(found)


def names_of(questions: Iterable[Asked]) -> set[str]:
    """Return the names of all boxes of the questions."""
    replies = [reply for item in questions for reply in item.replies]
    found = {box.name for reply in replies for box in reply.boxes}
    return found | {box.name for reply in replies for view in reply.rows for box in view.boxes}


def _once(reply: Reply, number: int, drawn: dict[str, int]) -> Reply:
    """Return a reply without the boxes that stand at an earlier question: a page has each once."""
    names = [*(box.name for box in reply.boxes), *(view.id for view in reply.rows)]
    before = [drawn[name] for name in names if name in drawn]
    boxes = tuple(box for box in reply.boxes if box.name not in drawn)
    rows = tuple(view for view in reply.rows if view.id not in drawn)
    drawn.update(dict.fromkeys((name for name in names if name not in drawn), number))
    return replace(reply, boxes=boxes, rows=rows, see=before[0] if before and not (boxes or rows) else 0)


def _reply(
    name: str, drug: str, values: Mapping[str, str], problems: tuple[Problem, ...], begun: Iterable[str]
) -> Reply:
    """Return what answers one piece. Its fields have the same names on every page: what is typed is never moved."""
    none = f"{name}.none=yes" if name not in LISTS else f"{name}=none"
    nothing = (_says_none(name, begun), none) if name in _NOTHING else ()
    layout = Layout({**values, "drug": drug}, problems)
    if boxes_of(name):
        return Reply(name, boxes=tuple(layout.single(field) for field in boxes_of(name)), nothing=nothing)
    known = condition_of(name)
    if known is not None:
        return Reply(name, condition=layout.condition(known))
    asked = measurement_of(name, drug)
    if asked is not None:
        before = f"measurements.{measurement_names().index(asked.what)}."
        mine = {f"{before}what": asked.what, f"{before}asked": "|".join(filter(None, (asked.what, asked.of)))}
        mine |= {f"{before}of": asked.of} if asked.of else {}
        layout = Layout({**_row(values, before), **mine}, problems)
        return Reply(name, rows=layout.every_measurement())
    kinds = {"support": vocabulary().names("support"), "events": vocabulary().names("event")}.get(name)
    if kinds is not None:
        before = f"{name}.0."
        fields = {"support": SUPPORT[:2], "events": EVENT}[name]
        boxes = [layout.chosen(f"{before}what", {"support": "Machine", "events": "What happened"}[name], kinds)]
        boxes += [layout.box(f"{before}{item.key}", item) for item in fields]
        return Reply(name, boxes=tuple(boxes), nothing=nothing)
    if name == "lines":
        return Reply(name, boxes=(layout.box("lines.0.with", LINE[0]),), nothing=nothing)
    return Reply(name, nothing=nothing, elsewhere=True)


def _row(values: Mapping[str, str], before: str) -> dict[str, str]:
    return {name: text for name, text in values.items() if name.startswith(before)}
