"""What a screen asks beside the case: its boxes and its button, and what of them was typed and not asked yet.

Knows that whatever stands in such a box goes along with every button of its page, and that the page has beside it what
its answer was made of: where the two differ, the next page asks before it opens (`not_put_in.py`). It knows no answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from inotrope.web.courses.entry_forms import CONDITION, FORMS, MEDICINE, TEXT, WHEN
from inotrope.web.form.fields import ROWS

STANDS, ANSWERED = "boxes", "answered."
"""The hidden fields: on which screen the boxes stand, and before the name of a box, what was asked with it last."""
WHAT_IF, PLAN, TARGET, CIRCULATION, ORDER, DOSE = "/what-if", "/plan", "/target", "/circulation", "/order", "/dose"
TYPICAL = "typical"
"""The one box that is chosen from a list of names."""
_ENTRY = re.compile(r"/courses/[A-Za-z0-9][A-Za-z0-9._-]{0,63}/(?:record/[a-z]{1,20}|correct/[0-9]{1,9})")
_OF_ENTRY = (TEXT, CONDITION, MEDICINE, WHEN, "why")
"""The boxes of such a form that are no key of a row."""
ENTER = "enter"
"""What stands in the place of a change where the enter key was pressed without scripts: nobody knows in which box."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One thing that is asked.

    Attributes:
        path: The screen that answers it.
        sends: The name and the value of its button.
        says: What stands on that.
        boxes: What each of its boxes is called, by its name.
    """

    path: str
    sends: tuple[str, str]
    says: str
    boxes: Mapping[str, str]

    def open_in(self, fields: Mapping[str, str]) -> dict[str, str]:
        """Return what is typed in its boxes and was not asked, by the names of the boxes."""
        found = {name: fields.get(name, "").strip() for name in self.boxes}
        return {name: text for name, text in found.items() if text and text != _asked(fields, name)}


CHANGES = tuple(
    Inquiry(
        WHAT_IF,
        ("change", word),
        f"Show {called}",
        {word: f"{title}, in {unit}", f"{word}-after": f"{title}: beginning in h, or at"},
    )
    for word, called, title, unit in (
        ("rate", "this rate", "Another rate", "mcg/kg/min"),
        ("pause", "this pause", "A pause", "h"),
        ("kidney", "these kidneys", "Other kidneys", "mL/min/1.73 m2"),
    )
)
INQUIRIES: Mapping[str, tuple[Inquiry, ...]] = {
    PLAN: CHANGES,
    WHAT_IF: CHANGES,
    TARGET: (
        Inquiry(
            TARGET,
            ("search", "yes"),
            "Search",
            {
                "concentration": "Range of levels",
                "penalty": "Time above counts",
                "hours": "A level could be drawn in",
                "result_after": "Its result is there after",
            },
        ),
    ),
    CIRCULATION: (
        Inquiry(
            CIRCULATION,
            ("show", "yes"),
            "Show heart and vessels",
            {"regimen": "What is given from now on", TYPICAL: "A typical heart for what was not measured"},
        ),
    ),
    ORDER: (Inquiry(ORDER, ("check", "yes"), "Check the order", {"order": "The order"}),),
    DOSE: (
        Inquiry(
            DOSE,
            ("convert", "yes"),
            "Convert",
            {
                "weight": "Weight",
                "concentration": "Concentration on the pump",
                "step": "Smallest step of the pump",
                "rate": "Dose",
                "pump": "Pump rate",
            },
        ),
    ),
}
"""What is asked on a screen, by its path."""


@dataclass(frozen=True, slots=True)
class NotAsked:
    """What is typed in the boxes of an inquiry, and was not asked."""

    inquiry: Inquiry
    texts: Mapping[str, str]

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """What each box is called, and what stands in it; what was chosen from a list, in words."""
        return tuple((self.inquiry.boxes[name], _in_words(name, text)) for name, text in self.texts.items())


def _in_words(name: str, text: str) -> str:
    return text.replace("_", " ") if name == TYPICAL else text.replace("|", ", ")


def is_entry(path: str) -> bool:
    """Tell whether a path is that of a form of a course, in which an entry is typed or corrected."""
    return _ENTRY.fullmatch(path) is not None


def stands_on(fields: Mapping[str, str]) -> str:
    """Return the screen on which the boxes stand that a form sent; empty for none."""
    found = fields.get(STANDS, "")
    return found if found in INQUIRIES or is_entry(found) else ""


def not_asked(fields: Mapping[str, str], path: str) -> tuple[NotAsked, ...]:
    """Return what was typed and not asked on the page that sent a form.

    Args:
        fields: What it sent.
        path: Where it was sent: nothing is left behind on the screen of the boxes, and on the one that answers.
    """
    stands = stands_on(fields)
    inquiries = (_entry(stands, fields),) if is_entry(stands) else INQUIRIES.get(stands, ())
    found = ((item, item.open_in(fields)) for item in inquiries)
    return tuple(NotAsked(item, texts) for item, texts in found if texts and path not in (item.path, stands))


def typed_in(fields: Mapping[str, str], screen: str) -> dict[str, str]:
    """Return what stands in the boxes of a screen; empty ones where the form of another screen was sent."""
    stands = stands_on(fields)
    mine = stands in ("", screen) or (screen, stands) == (WHAT_IF, PLAN)
    return {name: fields.get(name, "") if mine else "" for item in INQUIRIES[screen] for name in item.boxes}


def answered_before(fields: Mapping[str, str]) -> dict[str, str]:
    """Return what was asked by the time that a form was sent, by the names of the boxes; nothing where nothing was."""
    return {
        name.removeprefix(ANSWERED): text
        for name, text in fields.items()
        if name.startswith(ANSWERED) and stands_on(fields) in INQUIRIES
    }


def _entry(path: str, fields: Mapping[str, str]) -> Inquiry:
    """Return the form of an entry with the boxes that it sent; a correction is recorded on its own page alone."""
    form = FORMS.get(path.rpartition("/")[2])
    known = {} if form is None else {f"{form.before}{key}": label for key, label in form.keys}
    boxes = {name: known.get(name, name.rpartition(".")[2].capitalize()) for name in fields if _is_of_entry(name)}
    return Inquiry(path, ("record", "yes"), "" if form is None else "Record it", boxes)


def _is_of_entry(name: str) -> bool:
    part, _, key = name.partition(".")
    return name in _OF_ENTRY or (part in (*ROWS, "preparation") and not key.endswith((".unit", ".filed")))


def _asked(fields: Mapping[str, str], name: str) -> str:
    return fields.get(f"{ANSWERED}{name}", "").strip()
