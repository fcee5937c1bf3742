"""The form of every body that this program writes: which members an event of a kind has, and of what sort each is.

Knows sorts and no meaning: what is written here is proved by what it means (`bodies.py`), and so has these forms.
What a file brings is proved by them on its way in, so that an event of a known kind can be read wherever it is shown. A
kind that is not known comes from another program, and is shown as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from inotrope.course.chain import DOCUMENT
from inotrope.course.meaning.kinds import (
    CASE,
    CLOSED,
    CONFIRMED,
    CORRECTED,
    HAPPENED,
    HAPPENINGS,
    LEVEL,
    NOTED,
    OPENED,
    OVERRIDDEN,
    PLANNED,
    RATE,
    READING,
    REOPENED,
)
from inotrope.errors import CourseError, InotropeError, shorten
from inotrope.units import read_time

if TYPE_CHECKING:
    from inotrope.course.record import Event

Sort = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _said(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _number(value: Any) -> bool:
    return type(value) is int


def _table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(map(_text, value.values()))


def _pairs(value: Any) -> bool:
    pairs = value if isinstance(value, list) else [None]
    return all(isinstance(pair, list) and len(pair) == 2 and all(map(_text, pair)) for pair in pairs)  # noqa: PLR2004


def _document(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(DOCUMENT)


def _moment(value: Any) -> bool:
    try:
        read_time(value, what="Time")
    except InotropeError:
        return False
    return True


def _options(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and _pairs(value.get("overrides"))
        and _or_none(_text)(value.get("assume_kidney", 0))
        and isinstance(value.get("what_if"), list)
        and all(map(_text, value["what_if"]))
    )


def _or_none(sort: Sort) -> Sort:
    return lambda value: value is None or sort(value)


def _entry(value: Any) -> bool:
    return isinstance(value, Mapping | str)


_FACT = {"entry": _table}
_WHY = {"why": _said}
_FORMS: Mapping[str, Mapping[str, Sort]] = {
    OPENED: {"label": _text},
    CASE: {"case": _document},
    PLANNED: {
        **{"case": _document, "plan": _document, "site": _or_none(_document), "site_file": _or_none(_text)},
        **{"options": _options, "now": _moment, "headline": _text, "versions": _table, "knowing": _or_none(_text)},
        "seen": _number,
    },
    OVERRIDDEN: {"rule": _text, "reason": _text},
    CONFIRMED: {"meant": _texts, "entered": _texts, "first": _text, "second": _text},
    RATE: _FACT,
    LEVEL: _FACT,
    READING: _FACT,
    HAPPENED: {"section": lambda value: value in HAPPENINGS, "entry": _entry},
    CORRECTED: {"of": _number, "why": _text, "instead": _or_none(_entry)},
    NOTED: {"text": _text},
    CLOSED: _WHY,
    REOPENED: _WHY,
}
"""By kind, what must be there; what stands beside it is of a newer program, and is left alone."""


def prove_form(kind: str, body: Mapping[str, Any], earlier: int) -> None:
    """Prove that the body of a known kind has its members; of another kind nothing is known.

    Args:
        kind: Of the event.
        body: Of the event.
        earlier: How many events stand before it: a correction speaks of one of them.

    Raises:
        CourseError: A member is missing, or of another sort.
    """
    for name, sort in _FORMS.get(kind, {}).items():
        if name not in body or not _holds(sort, body[name]):
            says = f"'{shorten(name)}' of an event '{shorten(kind)}' is missing, or is nothing that can stand there"
            raise CourseError(f"{says}: this was written by no program like this one.", value=kind)
    if kind == HAPPENED and body["section"] != "medicines" and not isinstance(body["entry"], Mapping):
        says = f"'entry' of an event '{kind}' of '{body['section']}' is nothing that can stand there"
        raise CourseError(f"{says}: this was written by no program like this one.", value=kind)
    if kind == CORRECTED and not 0 < body["of"] <= earlier:
        says = f"A correction speaks of event {shorten(str(body['of']))}, which does not stand before it."
        raise CourseError(says, value=kind)


def _holds(sort: Sort, value: Any) -> bool:
    try:
        return sort(value)
    except TypeError:  # what cannot be looked for in a list
        return False


@contextmanager
def blamed(events: Sequence[Event]) -> Iterator[None]:
    """Say which event has not the form of its kind, where something fails over one: it came in before it had to have.

    What fails over none of them fails as it is.

    Raises:
        CourseError: Such an event, by its number.
    """
    try:
        yield
    except (KeyError, TypeError, AttributeError, IndexError):
        for event in events:
            try:
                prove_form(event.kind, event.body, event.number - 1)
            except CourseError as problem:
                raise CourseError(f"Event {event.number}: {problem.says}", value=event.number) from None
        raise
