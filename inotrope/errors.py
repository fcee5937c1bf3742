"""Every error the program raises, under one root class.

Knows how an error reads: what was wrong, the value in quotes, what is accepted, what to do. An error means that the
program was asked something meaningless. What is meaningful and worrying is a finding (`findings.py`), and what will
not be answered is a refusal; neither is ever raised.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from typing import Any

LONGEST_VALUE = 80
"""Characters of an offending value that an error repeats: enough to recognize it, not enough to flood a terminal."""
_FEW = 12
"""Names, as many as a person reads in one line."""
_PART = 3
"""Letters; fewer are a part of too many names."""


class InotropeError(ValueError):
    """The root of every error; it carries the value, what is accepted and the place, so that doors can show them.

    A `ValueError`, so that a validating library hands it on with the place in the document where it arose.

    Args:
        says: One sentence or two for a person: what was wrong and what to do.
        value: The offending value as it was written, or None where there is none.
        accepted: What would be accepted, in words.
        where: File, line and key, such as `case.json: patient.weight`; None where the caller adds it.
    """

    kind = "error"

    def __init__(
        self, says: str, *, value: object = None, accepted: str | None = None, where: str | None = None
    ) -> None:
        """Keep the parts beside the sentence; see the class for what each means."""
        super().__init__(says)
        self.says = says
        self.value = None if value is None else shorten(str(value))
        self.accepted = accepted
        self.where = where

    def __str__(self) -> str:
        """Give one line: the place, if known, and the sentence."""
        return one_line(self.says if self.where is None else f"{self.where}: {self.says}")

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling with every part, since errors cross process borders."""
        return (_rebuild, (type(self), self.says, self.value, self.accepted, self.where))

    def at(self, where: str) -> InotropeError:
        """Return the same error with its place put in front of the place it already knows."""
        self.where = where if self.where is None else f"{where}: {self.where}"
        return self

    def to_plain(self) -> dict[str, dict[str, str | None]]:
        """Return the one JSON shape that every door shows."""
        return {
            "error": {
                "kind": self.kind,
                "says": one_line(self.says),
                "value": self.value,
                "accepted": None if self.accepted is None else one_line(self.accepted),
                "where": None if self.where is None else one_line(self.where),
            }
        }


def _rebuild(
    kind: type[InotropeError], says: str, value: str | None, accepted: str | None, where: str | None
) -> InotropeError:
    return kind(says, value=value, accepted=accepted, where=where)


class UnitError(InotropeError):
    """A quantity without a unit, with an unknown or ambiguous one, or of the wrong dimension."""

    kind = "unit"


class FileError(InotropeError):
    """A file that cannot be read: absent, too large, not UTF-8, not JSON or TOML, nested too deeply."""

    kind = "file"


class CaseError(InotropeError):
    """A case that says something meaningless: an unknown key, an impossible value, a time in the future."""

    kind = "case"


class RecordError(InotropeError):
    """An electronic record from which no case can be made without a person.

    Args:
        says: As of every error.
        incomplete: Whether it lacks what every case needs; else it contradicts itself or is not whole, and that is a
            refusal.
    """

    kind = "record"

    def __init__(self, says: str, *, incomplete: bool = True, **more: Any) -> None:
        """Keep which of the two it is beside the sentence."""
        super().__init__(says, **more)
        self.incomplete = incomplete

    def __reduce__(self) -> tuple[object, ...]:
        """Keep it across a border of processes, too."""
        return (*super().__reduce__(), {"incomplete": self.incomplete})


class EquationError(InotropeError):
    """An equation asked about somebody outside the population it was made for."""

    kind = "equation"


class LibraryError(InotropeError):
    """A data folder that is not sound: a missing source, a wrong dimension, an unknown key."""

    kind = "library"


class KineticsError(InotropeError):
    """Records, times or parameters from which no amount can be computed: a time that goes back, a volume of zero."""

    kind = "kinetics"


class CirculationError(InotropeError):
    """Bedside numbers that contradict each other, or a heart and vessels for which no steady state was found."""

    kind = "circulation"


class CourseError(InotropeError):
    """A course that cannot be kept or read: a database that is locked, full or of another form, a broken chain."""

    kind = "course"


class Overtaken(InotropeError):
    """What somebody wrote for a state of a course that has changed since, and that cannot be put beside the change.

    Args:
        says: As of every error.
        came: The events that came meanwhile.
        conflicts: Of a case that two people edited, each value that both changed, with what either made of it.
    """

    kind = "overtaken"

    def __init__(self, says: str, *, came: tuple[Any, ...] = (), conflicts: tuple[Any, ...] = (), **more: Any) -> None:
        """Keep what came beside the sentence: nothing that was written is lost by being refused."""
        super().__init__(says, **more)
        self.came = came
        self.conflicts = conflicts

    def __reduce__(self) -> tuple[object, ...]:
        """Keep what came, too, across a border of processes."""
        return (*super().__reduce__(), {"came": self.came, "conflicts": self.conflicts})


class RequestError(InotropeError):
    """A request that cannot be met as asked: an unknown drug, an override of a rule that allows none."""

    kind = "request"


class AccessError(InotropeError):
    """What whoever asks may not do: nobody is logged in, a role is missing, a name or a password is refused."""

    kind = "access"


def one_line(text: str) -> str:
    """Return the text on one line, with what cannot be seen written out: a terminal must not obey an error's value."""
    shown = (
        mark if mark.isprintable() else " " if mark.isspace() else mark.encode("unicode_escape").decode()
        for mark in text
    )
    return " ".join("".join(shown).split())


def shorten(text: str, longest: int = LONGEST_VALUE) -> str:
    """Return the text on one line, as `one_line` shows it, cut to `longest` characters."""
    clean = one_line(text[: longest * 4])
    return clean if len(clean) <= longest and len(text) <= longest * 4 else clean[: longest - 3] + "..."


_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that are drawn as nothing."""


def hides_something(text: str) -> bool:
    """Tell whether a text holds a character that nobody sees: a control, a mark of direction, half a character.

    Blanks of every width, tabs and line feeds are seen well enough.
    """
    if text.isprintable() and (text.isascii() or not any(filler in text for filler in _FILLERS)):
        return False
    return any(
        character in _FILLERS
        or (unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") and character not in "\t\n\r")
        for character in text
    )


def nearest(word: str, known: Iterable[str], how_many: int = 3) -> str:
    """Return the known words nearest to `word`, as text for an error; all of them where none is near and few exist.

    Where many exist and none is written alike, those of which it is a part are near: `valve` of a rule's long name.
    """
    listed = sorted(known)
    by_lower = {item.lower(): item for item in listed}
    close = difflib.get_close_matches(word.lower()[:200], by_lower, n=how_many, cutoff=0.6)
    if close:
        return "the nearest known: " + ", ".join(f"'{by_lower[item]}'" for item in close)
    if len(listed) <= _FEW:
        return "known: " + (", ".join(f"'{item}'" for item in listed) or "none")
    part = [item for lower, item in by_lower.items() if len(word) >= _PART and word.lower() in lower]
    if part:
        return "with that word: " + ", ".join(f"'{item}'" for item in part[:_FEW])
    return f"none of the {len(listed)} known names is near"
