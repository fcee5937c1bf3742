"""Whose page this is, in one line at the head of every screen of a case: two windows of two patients are told apart.

Knows that no name is in a case; sex, age, weight and the time of the case tell two patients of one ward apart. The
second person's screens carry no case, and so nothing of it.
"""

from __future__ import annotations

from contextlib import suppress

from inotrope.display.sheet import age, moment
from inotrope.errors import InotropeError
from inotrope.patient import read_case
from inotrope.plan.person import patient_summary

SHOWS_ITSELF = "/case"
"""The case form, whose fields are the case."""


def whose(case: str, here: str) -> str:
    """Return the line; empty on the case form, and for what is no case.

    Args:
        case: The text of the case that the page carries; empty for none.
        here: Which screen it is.
    """
    if not case or here == SHOWS_ITSELF:
        return ""
    with suppress(InotropeError):
        found = read_case(case.encode("utf-8", "surrogatepass"))
        person = patient_summary(found)
        height = "" if person.height is None else f", {person.height}"
        of = f"{person.sex}, age {age(person.age)}, {person.weight}{height}"
        return f"{of}; {found.drug}, case of {moment(found.now)}"
    return ""
