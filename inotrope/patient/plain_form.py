"""A case whose form is plainly sound, read in no time; and what no case may hold, refused at sight.

Knows a narrow part of what `form.py` accepts: its keys, and plain texts, lists and tables under them. Whatever is not
plainly sound gets None here, and `form.py`, which loads Pydantic, says what is wrong with it or accepts it after all. A
test holds both together: the keys, and that both read the same out of a case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from inotrope.errors import CaseError, hides_something, shorten
from inotrope.files import DEEPEST_NESTING, Path_, dotted

MOST_ITEMS = 5_000
"""Entries of any list of a case, and of what shares the lines in all: hourly values of more than half a year."""
MOST_ADMINISTRATIONS = 1_000
"""Entries of what was given: a change of rate every hour for six weeks."""


def refuse_at_sight(node: Any, path: Path_ = ()) -> None:
    """Refuse what no key of a case may hold.

    Raises:
        CaseError: A null, an endless list, a character that nobody can see, too many levels; with its key.
    """
    if len(path) > DEEPEST_NESTING:
        raise CaseError(f"The case is nested more than {DEEPEST_NESTING} levels deep; a case needs six.")
    if node is None:
        raise CaseError(
            f"'{dotted(path) or 'The case'}' is null. Leave a key out when it is not known.",
            value="null",
            where=dotted(path) or None,
        )
    if isinstance(node, list):
        _refuse_too_many(len(node), MOST_ADMINISTRATIONS if path == ("administrations",) else MOST_ITEMS, path)
    texts = (node,) if isinstance(node, str) else tuple(node) if isinstance(node, dict) else ()
    for text in texts:
        if isinstance(text, str) and hides_something(text):
            raise CaseError(
                f"'{shorten(text)}' holds a character that cannot be seen. Type it again.",
                value=text,
                accepted="letters, digits, signs and blanks",
                where=dotted(path) or None,
            )
    if path == ("lines",) and isinstance(node, list):
        partners = sum(
            len(line["with"]) for line in node if isinstance(line, dict) and isinstance(line.get("with"), list)
        )
        _refuse_too_many(partners, MOST_ITEMS, path)
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        refuse_at_sight(value, (*path, key))


def _refuse_too_many(number: int, most: int, path: Path_) -> None:
    if number > most:
        raise CaseError(
            f"'{dotted(path) or 'The case'}' has {number:,} entries; at most {most:,} are read. Send the last days.",
            value=f"{number} entries",
            accepted=f"at most {most} entries",
            where=dotted(path) or None,
        )


LONGEST_NAME = 200
"""Characters, as `form.py` allows."""

_Read = Callable[[Any], Any]


class _NotPlain(Exception):
    """Something that is for `form.py` to judge."""


def _anything(value: Any) -> Any:
    """A quantity or a time: what it means, `reading.py` judges."""
    return value


def _name(value: Any) -> str:
    if type(value) is not str or not value.isascii() or not value.strip() or len(value) > LONGEST_NAME:
        raise _NotPlain
    return value


def _one_of(*words: str) -> _Read:
    def read(value: Any) -> str:
        if type(value) is not str or value not in words:
            raise _NotPlain
        return value

    return read


def _list_of(read: _Read) -> _Read:
    def read_list(value: Any) -> list[Any]:
        if type(value) is not list:
            raise _NotPlain
        return [read(item) for item in value]

    return read_list


def _words(value: Any) -> dict[str, str]:
    if type(value) is not dict:
        raise _NotPlain
    truth = _one_of("present", "absent", "unknown")
    return {_name(key): truth(word) for key, word in value.items()}


def _table(required: Mapping[str, _Read], optional: Mapping[str, _Read] | None = None) -> _Read:
    """Return what reads a table into attributes; a key that is not there is None, and one more is not plain."""
    known = {**required, **(optional or {})}
    absent = {_attribute(key): None for key in known}

    def read(value: Any) -> SimpleNamespace:
        if type(value) is not dict or not (value.keys() <= known.keys() and required.keys() <= value.keys()):
            raise _NotPlain
        return SimpleNamespace(**absent | {_attribute(key): known[key](item) for key, item in value.items()})

    return read


def _attribute(key: str) -> str:
    return "with_" if key == "with" else key


TABLES: dict[str, tuple[dict[str, _Read], dict[str, _Read]]] = {
    "patient": (
        {"sex": _one_of("male", "female"), "weight": _anything},
        dict.fromkeys(("born", "age", "height", "gestational_age"), _anything),
    ),
    "measurements": ({"what": _name, "value": _anything, "at": _anything}, {"of": _name, "site": _name}),
    "administrations": (
        {"of": _name, "start": _anything},
        dict.fromkeys(("duration", "end", "dose", "rate"), _anything),
    ),
    "support": ({"what": _name, "start": _anything}, dict.fromkeys(("end", "effluent", "clearance"), _anything)),
    "events": ({"what": _name, "at": _anything}, {}),
    "lines": ({"with": _list_of(_name)}, {}),
    "preparation": (
        {},
        {
            "product": _one_of("premix", "vial"),
            "diluent": _name,
            **dict.fromkeys(("concentration", "amount", "volume", "hung"), _anything),
        },
    ),
    "pump": ({}, {"step": _anything, "minimum": _anything}),
}
"""Required and optional keys of each part of a case, and what reads each."""
_PARTS = {key: _table(*keys) for key, keys in TABLES.items()}
_LISTED = ("measurements", "administrations", "support", "events", "lines")
CASE: tuple[dict[str, _Read], dict[str, _Read]] = (
    {"drug": _name, "indication": _name, "now": _anything, "patient": _PARTS["patient"]},
    {
        "conditions": _words,
        "medicines": _list_of(_name),
        "allergies": _list_of(_name),
        "authority": _name,
        **{key: _list_of(_PARTS[key]) for key in _LISTED},
        "preparation": _PARTS["preparation"],
        "pump": _PARTS["pump"],
        "incomplete": _list_of(_one_of("medicines", "administrations", "support", "events", "lines")),
    },
)
"""The same of the case itself."""
_CASE = _table(*CASE)


def read_plainly(document: Any) -> SimpleNamespace | None:
    """Return a case as `form.read_form` does, attribute by attribute; None where that must look at it.

    Raises:
        CaseError: What no key of a case may hold.
    """
    refuse_at_sight(document)
    try:
        found: SimpleNamespace = _CASE(document)
    except _NotPlain:
        return None
    return found
