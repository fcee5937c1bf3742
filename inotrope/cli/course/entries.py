"""What is added to a course, as it is said at the bedside: a few words to the entry of a case.

Knows what each kind of entry is written with. It proves no value: whoever records it does (`course/meaning`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from inotrope.errors import RequestError, shorten
from inotrope.files import read_json


@dataclass(frozen=True, slots=True)
class Said:
    """One entry, and where it stands: `rate`, `level`, `reading`, `note`, or a section of what happened."""

    where: str
    entry: Any


Options = argparse.Namespace
_TWO = 2


def _of(options: Options, drug: str) -> str:
    return str(options.of or drug)


def _rate(words: list[str], options: Options, drug: str, at: str) -> Said:
    return Said("rate", {"of": _of(options, drug), "start": at, "rate": words[0]})


def _dose(words: list[str], options: Options, drug: str, at: str) -> Said:
    over = {} if options.over is None else {"duration": options.over}
    return Said("rate", {"of": _of(options, drug), "start": at, **over, "dose": words[0]})


def _level(words: list[str], options: Options, drug: str, at: str) -> Said:
    site = {} if options.site_of_sample is None else {"site": options.site_of_sample}
    entry = {"what": "concentration", "of": _of(options, drug), "value": words[0], "at": at}
    return Said("level", {**entry, **site})


def _reading(words: list[str], _: Options, __: str, at: str) -> Said:
    return Said("reading", {"what": words[0], "value": words[1], "at": at})


def _event(words: list[str], _: Options, __: str, at: str) -> Said:
    return Said("events", {"what": words[0], "at": at})


def _support(words: list[str], options: Options, _: str, at: str) -> Said:
    more = {name: getattr(options, name) for name in ("effluent", "clearance") if getattr(options, name) is not None}
    end = {} if options.until is None else {"end": options.until}
    return Said("support", {"what": words[0], "start": at, **end, **more})


def _condition(words: list[str], *_: Any) -> Said:
    return Said("conditions", {words[0]: words[1]})


def _medicine(words: list[str], *_: Any) -> Said:
    return Said("medicines", words[0])


def _line(words: list[str], *_: Any) -> Said:
    return Said("lines", {"with": words})


def _bag(words: list[str], _: Options, __: str, at: str) -> Said:
    bag = _json(words[0])
    return Said("preparation", {"hung": at, **bag} if isinstance(bag, Mapping) else bag)


def _note(words: list[str], *_: Any) -> Said:
    return Said("note", words[0])


Reader = Callable[[list[str], Options, str, str], Said]
KINDS: dict[str, tuple[int, str, Reader]] = {
    "rate": (1, '"0.5 mcg/kg/min", and "0 mcg/kg/min" for a pause', _rate),
    "dose": (1, '"50 mcg/kg" --over "10 min"', _dose),
    "level": (1, '"212 ng/mL"', _level),
    "reading": (_TWO, '"serum creatinine" "1.4 mg/dL"', _reading),
    "event": (1, '"ventricular ectopy"', _event),
    "support": (1, 'CRRT --effluent "2000 mL/h"; that it ended: the same --at and --until', _support),
    "condition": (_TWO, '"oliguria" present', _condition),
    "medicine": (1, "furosemide; --ended where it is no longer given", _medicine),
    "line": (1, "furosemide; --ended where it no longer shares the line", _line),
    "bag": (1, '\'{"product": "premix", "concentration": "200 mcg/mL"}\'', _bag),
    "note": (1, '"family informed"', _note),
}
"""What can be added: how many words it takes, such as what, and who reads them. Examples of form, not of a dose."""


def said(kind: str, words: list[str], options: Options, *, drug: str, at: str) -> Said:
    """Return the entry that a few words mean.

    Args:
        kind: One of `KINDS`.
        words: What stands behind it.
        options: What else was said.
        drug: Of the course's case.
        at: When, as a case writes it.

    Raises:
        RequestError: Too few words or too many.
    """
    count, example, reader = KINDS[kind]
    if len(words) != count and not (kind == "line" and words):
        says = f"'{kind}' takes {count} {'text' if count == 1 else 'texts'}, and {len(words)} came. Write {example}."
        raise RequestError(says, value=shorten(" ".join(words)), accepted=example)
    return reader(words, options, drug, at)


def with_value(entry: Any, value: str) -> Any:
    """Return an entry with another value, rate or dose: the slip that is corrected most.

    Raises:
        RequestError: It has none.
    """
    key = next((key for key in ("value", "rate", "dose") if isinstance(entry, Mapping) and key in entry), None)
    if key is None:
        says = "This event has no value, rate or dose. Write what is true as a whole: --entry JSON."
        raise RequestError(says, value=value, accepted="--entry JSON")
    return {**entry, key: value}


def read_entry(text: str) -> Any:
    """Return an entry that was written as JSON, or as plain text where it is none (a note, a medicine)."""
    return _json(text) if text.lstrip()[:1] in ("{", "[") else text


def _json(text: str) -> Any:
    return json.loads(json.dumps(read_json(text, "entry"), default=str))
