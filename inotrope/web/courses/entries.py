"""What was typed into the form of an entry, read: what the case will hold of it, when it was, and what is wrong.

Knows how the boxes of each kind become a part of a case. It is read as the case form is read, so that an error stands
at its box and has the words that it has everywhere. Nothing is kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inotrope.errors import InotropeError, UnitError
from inotrope.units import read_time
from inotrope.web.courses.entry_forms import (
    CONDITION,
    ENDED,
    IN,
    LEVEL,
    MEDICINE,
    STATE,
    TEXT,
    WHEN,
    EntryForm,
    draw,
)
from inotrope.web.form import Problem, check
from inotrope.web.form.answering import put_answer
from inotrope.web.form.reading import Filled, read_fields
from inotrope.web.form.times import whole_time

MOST_TEXT = 2_000
"""Characters of a note."""
_NOT_CHOSEN = "Nothing was chosen. Choose one."
_TIMES = {"administrations": "start", "measurements": "at", "events": "at", "support": "start", "preparation": "hung"}


@dataclass(frozen=True, slots=True)
class Entered:
    """What was typed, read.

    Attributes:
        entry: As the case holds it: a row, a name of a list, a condition with its state; of a note its text.
        at: When it was.
        ended: Whether it says that something is no longer so.
        problems: What is wrong, each with the name of its box, or with none; where there is any, nothing else counts.
    """

    entry: Any
    at: datetime
    ended: bool = False
    problems: tuple[Problem, ...] = ()


def read_entry(form: EntryForm, typed: Mapping[str, str], case: Mapping[str, Any], now: datetime) -> Entered:
    """Return what was typed into one form.

    Args:
        form: Which.
        typed: The fields, by name.
        case: The case that it goes into, as it is now.
        now: The moment that a short time is of, and that of an entry without a time.
    """
    document = {**case, "now": now.isoformat()}
    values = _values(form, typed, str(case.get("drug", "")))
    problems = [Problem(name, says) for name, says in _missing(form, typed)]
    at, wrong = _when(typed, now)
    problems += [Problem(WHEN, wrong)] if wrong else []
    if form.word == "note":
        return Entered(_text(typed), at, problems=tuple(problems))
    if not problems:
        ended = typed.get(STATE) == ENDED
        problems = _checked(form, typed, values, document)
        if not problems:
            entry = _entry(form, read_fields({**values, "now": document["now"]}))
            at = read_time(entry[_TIMES[form.part]], what="Time") if _has_time(form, entry) else at
            return Entered(entry, at, ended)
    return Entered(None, at, problems=tuple(problems))


def moment_typed(text: str, now: datetime, *, what: str) -> datetime:
    """Return a time as it is typed at a bedside, such as `yesterday 20:00`.

    Args:
        text: As typed.
        now: What a short time is of, in the clock of the ward.
        what: Its name for the error.

    Raises:
        UnitError: It is no time, or no certain one.
    """
    found = whole_time(text, now.isoformat())
    if found.asks:
        raise UnitError(found.asks, value=text)
    return read_time(found.text, what=what)


def _missing(form: EntryForm, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what must be there and is not, by box."""
    chosen = [name for name in (CONDITION, STATE) if name in form.own]
    chosen += [f"{form.before}{key}" for key, _ in form.keys if key == "what"]
    found = [(name, _NOT_CHOSEN) for name in chosen if not typed.get(name, "").strip()]
    keys = [f"{form.before}{key}" for key, _ in form.keys]
    if keys and not found and not any(typed.get(name, "").strip() for name in keys):
        found.append((keys[0], "Nothing was typed. Write it, or go back to the course."))
    if form.word == "medicine" and not typed.get(MEDICINE, "").strip():
        found.append((MEDICINE, "Nothing was typed. Write the name of the medicine."))
    if form.word == "note" and not _text(typed):
        found.append((TEXT, "Nothing was typed. Write the note, or leave it out."))
    if form.word == "note" and len(_text(typed)) > MOST_TEXT:
        found.append((TEXT, f"The note has {len(_text(typed)):,} characters; {MOST_TEXT:,} are kept. Shorten it."))
    return found


def _checked(
    form: EntryForm, typed: Mapping[str, str], values: Mapping[str, str], document: dict[str, Any]
) -> list[Problem]:
    """Return what the reader of cases finds wrong, each at the box that holds it."""
    if form.part == "preparation":
        document = {key: content for key, content in document.items() if key != "preparation"}
    filled = put_answer(document, values)
    names = [box.name for box in draw(form, typed, str(document.get("drug", "")))]
    return [Problem(_box_of(form, item.field, names), item.says) for item in check(filled)]


def _values(form: EntryForm, typed: Mapping[str, str], drug: str) -> dict[str, str]:
    """Return the fields that the case form would have for it."""
    if form.word == "medicine":
        return {"medicines": " ".join(typed.get(MEDICINE, "").split())}
    if form.word == "condition":
        return {f"conditions.{typed.get(CONDITION, '')}": typed.get(STATE, "")}
    found = {name: text for name, text in typed.items() if name.startswith(form.before)}
    before, anything = form.before, any(text.strip() for text in found.values())
    if form.word in ("rate", "load") and anything:
        found[f"{before}of"] = drug
    if form.word == "level" and anything:
        found |= {f"{before}what": LEVEL, f"{before}of": drug}
    if form.word == "reading":
        what, _, unit = found.get(f"{before}what", "").partition(IN)
        found |= {f"{before}what": what, f"{before}value.unit": unit}
    return found


def _entry(form: EntryForm, filled: Filled) -> Any:
    """Return what the case holds of it."""
    held = filled.document[form.part]
    return held if form.part in ("conditions", "preparation") else held[0]


def _has_time(form: EntryForm, entry: Any) -> bool:
    return form.part in _TIMES and _TIMES[form.part] in entry


def _when(typed: Mapping[str, str], now: datetime) -> tuple[datetime, str]:
    """Return the time in the box for it, and what is wrong with that."""
    text = typed.get(WHEN, "").strip()
    if not text:
        return now, ""
    try:
        at = moment_typed(text, now, what="When")
    except InotropeError as problem:
        return now, problem.says
    return (now, "This lies ahead of the clock of this computer. Enter it when it is so.") if at > now else (at, "")


def _box_of(form: EntryForm, field: str, names: list[str]) -> str:
    """Return the box that an error's field is drawn in; empty where none of these holds it."""
    own = {"medicines": MEDICINE, "conditions": CONDITION}.get(field.partition(".")[0], "")
    at = field if field in names else field.removesuffix(".unit")
    if at in names:
        return at
    first = names[0] if form.word == "reading" and field.startswith(form.before) else ""
    return own or first


def _text(typed: Mapping[str, str]) -> str:
    return "\n".join(line.rstrip() for line in typed.get(TEXT, "").splitlines()).strip()
