"""A number and its unit: one text in a case, a box and a list on a page.

Knows how to part the text and to join it again, so that both ways give the same. What was typed is never corrected: a
text that is no number with one of the units stands in the box as it is, and the reader of cases says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_PLAIN = re.compile(rf"\s*<?\s*{_NUMBER}\s*")
"""A number without a unit; with `<` before it, a level below what can be measured."""
_WHOLE = re.compile(rf"(?P<number><?\s*{_NUMBER}) (?P<unit>\S.*)")
_WITH_UNIT = re.compile(rf"<?\s*{_NUMBER}\s*(?P<unit>\S.*)")


def part(text: str, units: Sequence[str]) -> tuple[str, str]:
    """Return what stands in the box, and the unit chosen; the unit is empty where it stays in the box.

    Args:
        text: As the case holds it: `82 kg`.
        units: Those that can be chosen.
    """
    found = _WHOLE.fullmatch(text)
    if found is not None and found["unit"] in units:
        return found["number"], found["unit"]
    return text, ""


def join(text: str, unit: str) -> str:
    """Return what the case holds: the box, and the unit where the box does not hold one itself.

    A box with another unit than the one chosen is kept with both, so that the reader refuses them.
    """
    typed = text.strip()
    own = _WITH_UNIT.fullmatch(typed)
    if not typed or not unit or (own is not None and own["unit"] == unit):
        return typed
    return f"{typed} {unit}"


def is_plain_number(text: str) -> bool:
    """Tell whether a text is a number that lacks its unit."""
    return _PLAIN.fullmatch(text) is not None
