"""Errors at the fields of a small form: which field an error belongs to, and its sentence.

Knows that an error names its place, or repeats the value that it refuses; where it does neither it stands above the
form. The case form has its own way (`form/checking.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from inotrope.errors import InotropeError, shorten


def at_field(problem: InotropeError, fields: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong by the name of a field, under an empty name where no field holds it.

    Args:
        problem: What was raised.
        fields: What was typed, by the name of the field, those that the form holds alone.
    """
    place = (problem.where or "").rpartition(": ")[2]
    if place in fields:
        return {place: problem.says}
    value = problem.value
    if value:
        for name, text in fields.items():
            if text.strip() and (shorten(text) == value or shorten(text.strip()) == value):
                return {name: problem.says}
    return {"": problem.says}
