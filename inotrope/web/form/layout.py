"""The fields of a page as they are drawn: what stands in each box, what is wrong there, and which rows are open.

Knows what a template needs and nothing of HTML. What a page shows follows from what stands in the fields and from the
drug's folder; every field that holds something is shown, so that nothing is sent that nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inotrope.patient import vocabulary
from inotrope.web.form.checking import Problem
from inotrope.web.form.fields import (
    ADMINISTRATION,
    INCOMPLETE,
    NONE_HINT,
    PERSON,
    PREPARATION,
    PUMP,
    ROWS,
    TABLES,
    Field,
    Kind,
    authorities,
    condition_names,
    drugs,
    indications,
    part_of,
    units_of_measurement,
)
from inotrope.web.form.quantities import is_plain_number
from inotrope.web.form.reading import ASKED, Values, is_filed, row_numbers

_UNSAFE = re.compile(r"[^a-z0-9]+")
_TRUTH = (("present", "yes"), ("absent", "no"))


@dataclass(frozen=True, slots=True)
class Box:
    """One field as it is drawn.

    Attributes:
        name: As it is sent.
        label: What stands beside it.
        kind: How it is drawn.
        hint: What to write.
        value: What stands in it.
        unit: The unit that is chosen, of a quantity.
        units: To choose from; the only one is printed.
        choices: The words to choose from, each with what is shown for it.
        required: No plan stands without it.
        problem: What is wrong with it; empty where nothing is.
        filed: What a file held there that is no time, as long as it stands there.
    """

    name: str
    label: str
    kind: Kind
    hint: str = ""
    value: str = ""
    unit: str = ""
    units: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    problem: str = ""
    filed: str = ""

    @property
    def id(self) -> str:
        """The name as an element's id."""
        return identity(self.name)

    @property
    def fixed_unit(self) -> str:
        """The unit that is printed: the only one, unless a number came in without it and somebody must say so."""
        lacks = is_plain_number(self.value) and not self.unit
        return self.units[0] if len(self.units) == 1 and not lacks else ""


@dataclass(frozen=True, slots=True)
class RowView:
    """One row: its title, its boxes, and what it carries unseen."""

    part: str
    number: int
    title: str
    boxes: tuple[Box, ...]
    hidden: tuple[tuple[str, str], ...]
    removable: bool
    problem: str = ""

    @property
    def id(self) -> str:
        """The row as an element's id."""
        return identity(f"{self.part}.{self.number}")


@dataclass(frozen=True, slots=True)
class ConditionView:
    """One condition with its three answers; the first of `choices` is what is sent where nobody knows."""

    box: Box
    says: str


def identity(name: str) -> str:
    """Return a field's name as an element's id: letters, digits and hyphens."""
    return "f-" + _UNSAFE.sub("-", name.lower()).strip("-")


class Layout:
    """What is drawn for the fields of one page."""

    def __init__(self, values: Values, problems: Iterable[Problem] = ()) -> None:
        """Keep what stands in the fields, and the first thing that is wrong with each."""
        self.values = values
        self.problems: dict[str, str] = {}
        for item in problems:
            self.problems.setdefault(item.field, item.says)
        self.drug = values.get("drug", "")

    def head(self) -> tuple[Box, ...]:
        """Return what the plan is for: the drug, the time, the use, and whose dose."""
        return (
            self.chosen("drug", "Drug", drugs(), required=True),
            self.box("now", Field("now", "Time of this plan", hint="with its zone, such as 2026-11-22T08:00+01:00")),
            self.chosen("indication", "Given for", indications(self.drug), required=True),
            self.chosen("authority", "Whose dose", authorities(self.drug), nothing="the order of the drug's folder"),
        )

    def person(self) -> tuple[Box, ...]:
        """Return who the patient is."""
        return self.table("patient", PERSON)

    def preparation(self) -> tuple[Box, ...]:
        """Return what hangs on the pump."""
        return self.table("preparation", PREPARATION)

    def pump(self) -> tuple[Box, ...]:
        """Return what the pump can be set to."""
        return self.table("pump", PUMP)

    def table(self, part: str, fields: Sequence[Field]) -> tuple[Box, ...]:
        """Return the boxes of a part of the case that stands once."""
        return tuple(self.box(f"{part}.{item.key}", item) for item in fields)

    def single(self, name: str) -> Box:
        """Return one box by the name of its field."""
        part, _, key = name.rpartition(".")
        if name in ("medicines", "allergies"):
            return self.names(name, name.capitalize())
        if not part:
            return next(box for box in self.head() if box.name == name)
        return self.box(name, next(item for item in TABLES[part] if item.key == key))

    def names(self, key: str, label: str) -> Box:
        """Return the box for a list of names."""
        return Box(key, label, Kind.LIST, NONE_HINT, self.values.get(key, ""), problem=self._wrong(key))

    def conditions(self) -> tuple[ConditionView, ...]:
        """Return every condition of the vocabulary, and those that only the case names."""
        before = "conditions."
        named = [name.removeprefix(before) for name in self.values if name.startswith(before)]
        every = dict.fromkeys((*condition_names(self.drug), *named))
        return tuple(self.condition(name) for name in every)

    def condition(self, name: str) -> ConditionView:
        """Return one condition; an answer that is none of the three stands there as it was written."""
        field = f"conditions.{name}"
        value = self.values.get(field, "")
        unknown = "unknown" if value == "unknown" else ""
        choices = [(unknown, "not known"), *_TRUTH]
        if value not in (word for word, _ in choices):
            choices.append((value, f"'{value}'"))
        known = vocabulary().condition(name)
        box = Box(field, name, Kind.CHOICE, "", value, choices=tuple(choices), problem=self._wrong(field))
        return ConditionView(box, "" if known is None else known.says)

    def measurements(self, section: str) -> tuple[RowView, ...]:
        """Return the rows of one part of the form: body, labs, heart or levels."""
        rows = []
        for number in row_numbers(self.values, "measurements"):
            what = self.values.get(f"measurements.{number}.what", "")
            if part_of(what) == section:
                rows.append(self._measurement(number, what))
        return tuple(rows)

    def every_measurement(self) -> tuple[RowView, ...]:
        """Return the rows of all measurements, in whatever part of the form they stand."""
        numbers = row_numbers(self.values, "measurements")
        return tuple(
            self._measurement(number, self.values.get(f"measurements.{number}.what", "")) for number in numbers
        )

    def _measurement(self, number: int, what: str) -> RowView:
        before = f"measurements.{number}."
        kind = vocabulary().measurement(what)
        boxes = []
        hidden = [(f"{before}{ASKED}", self.values.get(f"{before}{ASKED}", ""))]
        for item in ROWS["measurements"]:
            name = f"{before}{item.key}"
            shown = {"what": kind is None, "of": kind is not None and kind.needs_of, "site": part_of(what) == "levels"}
            if item.key == "what" and kind is not None:
                hidden.append((name, what))
            if not (shown.get(item.key, True) or self._holds(name, item)):
                continue
            units = units_of_measurement(what) if item.key == "value" else item.units
            boxes.append(self.box(name, item, units))
        asked = bool(hidden[0][1])
        title = what if kind is None else kind.name
        carried = tuple(hidden if asked else hidden[1:])
        return RowView("measurements", number, title, tuple(boxes), carried, not asked, self._wrong_unseen(carried))

    def administrations(self) -> tuple[RowView, ...]:
        """Return what was given and what runs; of a load and of an infusion only the boxes that they need."""
        rows = []
        for number in row_numbers(self.values, "administrations"):
            before = f"administrations.{number}."
            shape = self.values.get(f"{before}shape", "") or self._shape(before)
            needs = {"load": ("dose", "duration", "start"), "infusion": ("rate", "start", "end")}.get(shape)
            of = self.values.get(f"{before}of", "")
            asked = self.values.get(f"{before}{ASKED}", "")
            hidden = [(f"{before}shape", shape)]
            if shape != "any":
                hidden += [(f"{before}of", of)]
            hidden += [(f"{before}{ASKED}", asked)] if asked else []
            order = ("of", "rate", "dose", "duration", "start", "end") if needs is None else needs
            every = {item.key: item for item in ADMINISTRATION}
            shown = [*order, *(key for key in every if key not in order and key != "of")]
            boxes = [
                self.box(f"{before}{key}", every[key])
                for key in shown
                if key in order or self._holds(f"{before}{key}", every[key])
            ]
            title = {"load": f"Load of {of}", "infusion": f"Infusion of {of}"}.get(shape, of or "Another medicine")
            wrong = self._wrong_unseen(hidden)
            rows.append(RowView("administrations", number, title, tuple(boxes), tuple(hidden), True, wrong))
        return tuple(rows)

    def _shape(self, before: str) -> str:
        of, drug = self.values.get(f"{before}of", ""), self.drug
        dose, rate = (bool(self.values.get(f"{before}{key}", "")) for key in ("dose", "rate"))
        if dose == rate or not of or of != drug:
            return "any"
        return "load" if dose else "infusion"

    def rows(self, part: str) -> tuple[RowView, ...]:
        """Return the rows of support, events or lines."""
        known = {"support": vocabulary().support, "events": vocabulary().event}.get(part)
        found = []
        for number in row_numbers(self.values, part):
            before = f"{part}.{number}."
            what = self.values.get(f"{before}what", "")
            named = known is not None and known(what) is not None
            hidden = ((f"{before}what", what),) if named else ()
            fields = [item for item in ROWS[part] if not (item.key == "what" and named)]
            if named and what != "CRRT":
                fields = [item for item in fields if item.key != "effluent" or self._holds(f"{before}effluent", item)]
            boxes = tuple(self.box(f"{before}{item.key}", item) for item in fields)
            title = what or {"lines": f"Line {number + 1}"}.get(part, "Not named")
            found.append(RowView(part, number, title, boxes, hidden, True, self._wrong_unseen(hidden)))
        return tuple(found)

    def perhaps_more(self, part: str) -> bool:
        """Tell whether nobody has said that a list holds all there is."""
        return bool(self.values.get(f"{INCOMPLETE}.{part}", ""))

    def none(self, part: str) -> bool:
        """Tell whether a list is known to be empty."""
        return bool(self.values.get(f"{part}.none", ""))

    def _holds(self, name: str, item: Field) -> bool:
        """Tell whether a field that is not asked for here holds something, or something is wrong with it."""
        return bool(self.values.get(name, "") or self._wrong(name)) and item.key != "what"

    def _wrong_unseen(self, hidden: Iterable[tuple[str, str]]) -> str:
        """Return what is wrong with a field of a row that is not drawn: it stands at the row."""
        return " ".join(filter(None, (self._wrong(name) for name, _ in hidden)))

    def chosen(self, name: str, label: str, words: Sequence[str], *, nothing: str = "", required: bool = False) -> Box:
        """Return a box in which one of a few words is chosen; another that stands there is kept as it is."""
        value = self.values.get(name, "")
        known = list(words) if value in words or not value else [*words, value]
        choices = (("", nothing or "choose"), *((word, word) for word in known))
        return Box(name, label, Kind.CHOICE, "", value, choices=choices, required=required, problem=self._wrong(name))

    def box(self, name: str, item: Field, units: tuple[str, ...] | None = None) -> Box:
        """Return one box.

        Args:
            name: As it is sent.
            item: What it holds.
            units: To choose from, where they are not those of the field.
        """
        value = self.values.get(name, "")
        unit = self.values.get(f"{name}.unit", "")
        choices = item.choices
        if choices:
            written = () if not value or value in [word for word, _ in choices] else ((value, f"'{value}'"),)
            choices = (("", "not known" if not item.required else "choose"), *choices, *written)
        listed = item.units if units is None else units
        if not value and len(listed) == 1 and f"{name}.unit" not in self.values:
            unit = listed[0]
        if unit and unit not in listed:
            listed = (*listed, unit)
        return Box(
            name=name,
            label=item.label,
            kind=item.kind,
            hint=item.hint,
            value=value,
            unit=unit,
            units=listed,
            choices=choices,
            required=item.required,
            problem=self._wrong(name),
            filed=value if is_filed(self.values, name) else "",
        )

    def _wrong(self, name: str) -> str:
        return self.problems.get(name, "")
