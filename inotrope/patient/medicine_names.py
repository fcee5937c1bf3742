"""Medicines as people write them: with a strength, a route or a frequency, or wrong by a letter.

Knows that a name with words of the closed list `[wording]` of the vocabulary is that name, and which known names a text
is near to. A text that is near is never read as what it is near to: it is named with it, and whoever wrote it decides.
What stands behind a name and is in no list (`stopped`, a second medicine) may change everything: such a text is near to
the name and is not the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple, TypeVar

from inotrope.patient.vocabulary import Medicine, Vocabulary, plain_name, vocabulary

_Entry = TypeVar("_Entry")
_FLUID = "fluid"
"""A class of medicines: a share in % belongs to the name of one, which is another fluid with another share."""
_BRACKETS = str.maketrans(dict.fromkeys("()[]{};,", " "))
_PIECES = re.compile(r"[/\u2013-]")
_ALNUM, _LETTERS = re.compile(r"[^\W_]+"), re.compile(r"[^\W\d_]+")
_SHORTEST = 4
"""Letters of a name from which on one slip is looked for: shorter ones are nearly all near to each other."""
_LONG = 9
"""Letters of a name from which on two slips are."""
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Named:
    """A medicine by the vocabulary's name, or as it was written when the vocabulary does not know it."""

    name: str
    known: bool
    as_written: str


def name_medicine(text: str, words: Vocabulary) -> Named:
    """Return a medicine by the vocabulary's name; an unknown one keeps the name it was written with.

    Words of a strength, a form, a route or a frequency may stand beside the name.
    """
    found = words.medicine(text)
    if found is None:
        found = read_medicine(text)
    return Named(" ".join(text.split()) if found is None else found.name, found is not None, text)


def spelled_medicine(text: str, words: Vocabulary) -> str:
    """Return the vocabulary's name of a spelling that stands alone, and any other text as it is.

    So is the drug itself named, of a case or of a level: a strength written there belongs elsewhere.
    """
    found = words.medicine(text)
    return " ".join(text.split()) if found is None else found.name


@lru_cache(maxsize=4096)
def read_medicine(text: str) -> Medicine | None:
    """Return the medicine that a text names, alone or with words of strength, form, route or frequency; else None.

    Args:
        text: As written: `furosemide`, `Lasix 40 mg iv`, `oral digoxin 0.25 mg daily`.
    """
    words = vocabulary()
    found = words.medicine(text)
    return _without_wording(text, words.medicines) if found is None else found


def read_listed(text: str, listed: Mapping[str, str]) -> str | None:
    """Return the name that a text stands for in another list, such as a site's formulary; else None.

    Args:
        text: As written, alone or with words of strength, form, route or frequency.
        listed: The name by each of its spellings, as `plain_name` writes them.
    """
    return listed.get(plain_name(text)) or _without_wording(text, listed)


class NearName(NamedTuple):
    """A known medicine that an unknown name is near to, and how it is shown: its name, or a spelling and the name."""

    name: str
    shown: str


@lru_cache(maxsize=4096)
def near_medicines(text: str) -> tuple[NearName, ...]:
    """Return the known medicines that a text which is none itself is near to; nothing for a known one.

    Near is one wrong letter (left out, added, exchanged, or two that changed places), and two in a name of nine letters
    and more, in the whole text or in a part of it; or a known name beside words that are in no list.
    """
    if read_medicine(text) is not None:
        return ()
    for pattern in (_ALNUM, _LETTERS):  # `furosemide20mg`: letters alone, where letters and digits are not near
        own = _words_of(plain_name(text), pattern)
        runs = list(_runs(own))
        found = _nearest("".join(own)) or [near for run in runs for near in _exact(run)]
        found = found or [near for run in runs for near in _nearest(run)]
        if found:
            return tuple(dict.fromkeys(found))[:_MOST_NAMED]
    return ()


def near_as_a_whole(text: str) -> tuple[NearName, ...]:
    """Return the known medicines that a text is near to from its first letter to its last, and no part of it alone."""
    return () if read_medicine(text) is not None else _nearest("".join(_words_of(plain_name(text), _ALNUM)))


def did_you_mean(near: Iterable[NearName]) -> str:
    """Return the question behind a name that is not known: `did you mean furosemide?`."""
    return f"did you mean {' or '.join(item.shown for item in near)}?"


def _without_wording(text: str, listed: Mapping[str, _Entry]) -> _Entry | None:
    """Return the one entry that a text names where all else in it is wording; None where that is not so."""
    parts = [part.strip(".:") for part in plain_name(text).translate(_BRACKETS).split()]
    found: list[_Entry] = []
    start, share = 0, False
    while start < len(parts):
        last = min(len(parts), start + vocabulary().longest_name)
        end = next((end for end in range(last, start, -1) if " ".join(parts[start:end]) in listed), None)
        if end is not None:
            found.append(listed[" ".join(parts[start:end])])
            start = end
            continue
        if not _is_wording(parts[start]):
            return None
        share = share or "%" in parts[start]
        start += 1
    if not found or any(entry != found[0] for entry in found):
        return None
    is_fluid = isinstance(found[0], Medicine) and found[0].class_ == _FLUID
    return None if share and is_fluid else found[0]


def _is_wording(word: str) -> bool:
    """Tell whether a word belongs to a strength, a form, a route or a frequency: `20-40mg`, `q6h`, `po`."""
    piece = _piece()
    return word in vocabulary().wording or all(map(piece.fullmatch, _PIECES.split(word)))


@cache
def _piece() -> re.Pattern[str]:
    """Return the pattern of a piece of a strength, between two slashes or dashes: a number, a listed word, or both."""
    each = "|".join(re.escape(word) for word in sorted(vocabulary().wording, key=lambda word: (-len(word), word)))
    return re.compile(rf"[~<>=\u00d7]?(?:[qx]?\d[\d.,]*)?(?:{each})?")


def _words_of(text: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Return the words of a text without numbers, units and other wording."""
    return tuple(word for word in pattern.findall(text) if not _is_wording(word))


def _runs(own: Sequence[str]) -> Iterator[str]:
    """Yield the runs of up to three words of a text without their blanks, the longer ones first."""
    runs = ("".join(own[at : at + size]) for size in (3, 2, 1) for at in range(len(own) - size + 1))
    return (run for run in runs if len(run) >= _SHORTEST - 1)


class _Known(NamedTuple):
    """The letters of a spelling without blanks and numbers, which letters they are, and what they stand for."""

    letters: str
    which: int
    near: tuple[NearName, ...]


@cache
def _known_names() -> Mapping[str, _Known]:
    """Return each known spelling by its letters: as the name itself, or as a spelling of that name."""
    shown: dict[str, dict[str, str]] = {}
    for spelling, medicine in vocabulary().medicines.items():
        named = shown.setdefault("".join(_words_of(spelling, _ALNUM)), {})
        own = spelling == plain_name(medicine.name)
        named[medicine.name] = medicine.name if own else named.get(medicine.name, f"{spelling} ({medicine.name})")
    return {
        letters: _Known(letters, _which(letters), tuple(NearName(*item) for item in each.items()))
        for letters, each in shown.items()
    }


def _exact(letters: str) -> tuple[NearName, ...]:
    known = _known_names().get(letters)
    return () if known is None else known.near


@lru_cache(maxsize=4096)
def _nearest(letters: str) -> tuple[NearName, ...]:
    """Return the known names with the fewest slips from these letters, where those are few enough."""
    found: dict[int, list[NearName]] = {}
    which = _which(letters)
    for known in _known_names().values():
        most = 0 if len(known.letters) < _SHORTEST else 1 if len(known.letters) < _LONG else 2
        if abs(len(known.letters) - len(letters)) > most or (known.which ^ which).bit_count() > 2 * most:
            continue
        slips = _slips(letters, known.letters)
        if slips <= most:
            found.setdefault(slips, []).extend(known.near)
    return tuple(found[min(found)]) if found else ()


def _which(letters: str) -> int:
    """Return which letters stand in a word, a bit each: a slip changes two at most, so that most names need no more."""
    return sum({1 << ord(letter) % 64 for letter in letters})


def _slips(one: str, other: str) -> int:
    """Return how many letters are left out, added, exchanged, or change places with their neighbor.

    The optimal string alignment distance: no pair of letters is changed twice.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        before, last = row, before
        row = [at]
        for place, wanted in enumerate(other, start=1):
            least = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != wanted))
            if at > 1 < place and letter == other[place - 2] and one[at - 2] == wanted:
                least = min(least, last[place - 2] + 1)
            row.append(least)
    return row[-1]
