"""What can be put into a course at the bedside, each kind with a small form of its own, and the boxes of that form.

Knows which boxes each kind has and what stands in them for an entry that is kept. What is typed is read in
`entries.py`; which event it becomes is known in `course`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from inotrope.patient import vocabulary
from inotrope.web.form import Problem, write_fields
from inotrope.web.form.fields import (
    ADMINISTRATION,
    EVENT,
    LINE,
    MEASUREMENT,
    PREPARATION,
    SUPPORT,
    Field,
    Kind,
    condition_names,
    measurement_names,
    part_of,
    units_of_measurement,
)
from inotrope.web.form.layout import Box, Layout

LEVEL = "concentration"
IN = "|"
"""Between a reading and the unit that it is chosen in: none is guessed, and none has to be typed."""
TEXT, CONDITION, MEDICINE, STATE, WHEN = "text", "condition", "medicine", "state", "when"
"""Boxes that are no key of a row."""
ENDED = "stopped"
TIME_HINT = "06:10 (today), yesterday 20:00, or 2026-11-21 20:00"
_WHEN_HINT = f"{TIME_HINT}; empty: now"


@dataclass(frozen=True, slots=True)
class EntryForm:
    """One kind of entry.

    Attributes:
        word: As the address has it.
        title: What it is called.
        part: The part of a case that holds such an entry; empty for a note.
        keys: The keys of it, in order, each with the label that its box has here.
        says: What to know before it is typed; empty for nothing.
        own: Boxes that are no key of it.
    """

    word: str
    title: str
    part: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    says: str = ""
    own: tuple[str, ...] = ()

    @property
    def before(self) -> str:
        """What stands in front of the names of the boxes of its keys."""
        return "preparation." if self.part == "preparation" else f"{self.part}.0."


_ALL = (
    EntryForm(
        "rate",
        "Rate",
        "administrations",
        (("rate", "Rate that runs from then on"), ("start", "From")),
        "A rate that was set or changed: it takes the place of the one before. A pause is 0; the rate again ends it.",
    ),
    EntryForm("load", "Load", "administrations", (("dose", "Dose"), ("duration", "Given over"), ("start", "From"))),
    EntryForm(
        "level",
        "Level",
        "measurements",
        (("value", "Level in the blood"), ("at", "Drawn at"), ("site", "Drawn from")),
        "Below what can be measured: <20 ng/mL. Not from the lumen in which the drug runs.",
    ),
    EntryForm(
        "reading",
        "Reading",
        "measurements",
        (("what", "What was measured, and in which unit"), ("value", "Value"), ("at", "Measured at")),
        "Creatinine, pressures, cardiac index, labs, weight.",
    ),
    EntryForm("event", "Event", "events", (("what", "What happened"), ("at", "At"))),
    EntryForm(
        "support",
        "Machine",
        "support",
        (
            *(("what", "Machine"), ("start", "Since"), ("end", "Until")),
            *(("effluent", "Effluent, of CRRT"), ("clearance", "Clears of the drug, where measured")),
        ),
        "When a machine has ended, enter it again with the same 'Since' and its 'Until'.",
    ),
    EntryForm("condition", "Condition", "conditions", own=(CONDITION, STATE, WHEN)),
    EntryForm("medicine", "Medicine", "medicines", own=(MEDICINE, STATE, WHEN)),
    EntryForm(
        "other",
        "Other infusion",
        "administrations",
        (
            *(("of", "Medicine"), ("rate", "Rate (an infusion)"), ("dose", "or dose"), ("duration", "Given over")),
            *(("start", "From"), ("end", "Until")),
        ),
        "Another drug whose rate or dose counts, such as norepinephrine.",
    ),
    EntryForm("line", "Line", "lines", (("with", "Runs in the same line"),), own=(STATE, WHEN)),
    EntryForm(
        "bag",
        "Bag or syringe",
        "preparation",
        tuple((item.key, item.label) for item in PREPARATION),
        "What hangs from now on. It takes the place of the bag before, with all that is left empty here.",
    ),
    EntryForm(
        "note",
        "Note",
        says="In words. Nothing is computed from it; it stands in the record and on the hand-over.",
        own=(TEXT, WHEN),
    ),
)
FORMS = {form.word: form for form in _ALL}
"""The kinds, in the order in which they are needed."""
_FIELDS = {
    "administrations": {item.key: item for item in ADMINISTRATION},
    "measurements": {item.key: item for item in MEASUREMENT},
    "support": {item.key: item for item in SUPPORT},
    "events": {item.key: item for item in EVENT},
    "lines": {item.key: item for item in LINE},
    "preparation": {item.key: item for item in PREPARATION},
}
STATES = {"conditions": ("present", "absent"), "medicines": ("given", ENDED), "lines": ("runs", ENDED)}
"""What is said of an entry that has no time of its own."""


def draw(form: EntryForm, typed: Mapping[str, str], drug: str, problems: Iterable[Problem] = ()) -> tuple[Box, ...]:
    """Return the boxes of a form, with what stands in them and what is wrong."""
    layout = Layout({**typed, "drug": drug}, problems)
    return (
        *(_box(form, layout, key, label) for key, label in form.keys),
        *(_own(form, layout, key) for key in form.own),
    )


def fields_of(form: EntryForm, entry: Any) -> dict[str, str]:
    """Return what stands in the boxes of a form for an entry that is kept, so that it can be corrected."""
    if form.word == "note":
        return {TEXT: str(entry)}
    if form.word == "condition":
        name, state = next(iter(entry.items()))
        return {CONDITION: name, STATE: state}
    if form.word == "medicine":
        return {MEDICINE: str(entry), STATE: STATES["medicines"][0]}
    held = entry if form.part == "preparation" else [entry]
    found = write_fields({form.part: held})
    if form.word == "reading":
        before = form.before
        found[f"{before}what"] = f"{entry['what']}{IN}{found.pop(f'{before}value.unit', '')}"
    return found | ({STATE: STATES[form.part][0]} if STATE in form.own else {})


def form_of(section: str, entry: Any, drug: str) -> EntryForm:
    """Return the form in which an entry of a part of the case is typed."""
    if section == "administrations":
        if entry.get("of") != drug:
            return FORMS["other"]
        return FORMS["rate" if "rate" in entry else "load"]
    if section == "measurements":
        return FORMS["level" if entry.get("what") == LEVEL else "reading"]
    return next(form for form in _ALL if form.part == section)


def _box(form: EntryForm, layout: Layout, key: str, label: str) -> Box:
    name = f"{form.before}{key}"
    if key == "what" and form.part == "measurements":
        return _readings(layout, name, label)
    if key == "what":
        kind = {"events": "event", "support": "support"}[form.part]
        return layout.chosen(name, label, vocabulary().names(kind))
    base = _FIELDS[form.part][key]
    units = units_of_measurement(LEVEL) if form.word == "level" and key == "value" else base.units
    kind = Kind.TEXT if form.word == "reading" and key == "value" else base.kind
    hint = TIME_HINT if kind is Kind.TIME and key in ("start", "at", "hung") else base.hint
    return layout.box(name, Field(key, label, kind, hint, units, base.choices), units)


def _readings(layout: Layout, name: str, label: str) -> Box:
    names = [item for item in measurement_names() if part_of(item) != "levels"]
    words = [f"{item}{IN}{unit}" for item in names for unit in units_of_measurement(item)]
    box = layout.chosen(name, label, words)
    choices = tuple((word, shown.replace(IN, ", ")) for word, shown in box.choices)
    return Box(box.name, box.label, Kind.CHOICE, value=box.value, choices=choices, problem=box.problem)


def _own(form: EntryForm, layout: Layout, key: str) -> Box:
    if key == CONDITION:
        return layout.chosen(key, "Condition", condition_names(layout.drug))
    if key == STATE:
        return layout.chosen(key, "It is", STATES[form.part])
    if key == MEDICINE:
        return layout.box(key, Field(key, "Medicine", hint="one, by its name"))
    if key == TEXT:
        return layout.box(key, Field(key, "Note", Kind.LIST))
    return layout.box(key, Field(key, "When", Kind.TIME, _WHEN_HINT))
