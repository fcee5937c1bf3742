"""The case form as a page: drawn for a new patient, for a case, and again for whatever was wrong with either.

Knows that what was typed must come back: an error of any screen that lies in the case ends here, with every field as
it was sent, a list of all that is wrong, and each error at its field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inotrope.errors import InotropeError
from inotrope.patient import vocabulary
from inotrope.web.carrying import CASE, FILLED, typed
from inotrope.web.drawing import render
from inotrope.web.form import Filled, Problem, check, open_case, read_fields, write_fields
from inotrope.web.form.fields import measurement_names, part_of
from inotrope.web.form.layout import Box, Layout, RowView, identity
from inotrope.web.form.opening import with_asked
from inotrope.web.form.reading import KEPT

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from inotrope.display import Section

PARTS = ("body", "labs", "heart", "levels")
"""The parts of the form that hold measurements."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One line of the list of what is wrong: where it leads, what the field is called, and what is said."""

    leads_to: str
    label: str
    says: str


def draw_case_form(
    request: Request,
    values: Mapping[str, str],
    problems: Iterable[Problem] = (),
    *,
    checked: tuple[Section, ...] = (),
    status: int = 200,
) -> Response:
    """Return the case form.

    Args:
        request: What was asked.
        values: What stands in the fields.
        problems: What is wrong with them.
        checked: What to show of a case that was looked at and in which nothing is wrong.
        status: Of HTTP.
    """
    found = tuple(problems)
    layout = Layout(values, found)
    filled = read_fields(values)
    addable = {part: [name for name in measurement_names() if part_of(name) == part] for part in PARTS}
    return render(
        request,
        "case.html.j2",
        status=status,
        case=filled.text,
        here="/case",
        nav_form="filled",
        typed_here=FILLED in values,
        layout=layout,
        wrong=_list(layout, found),
        kept=values.get(KEPT, ""),
        checked=checked,
        addable=addable,
        support=vocabulary().names("support"),
        events=vocabulary().names("event"),
    )


def draw_case_text(request: Request, text: str, says: str) -> Response:
    """Return the text of what is no case that fields could hold, to be mended by hand, and what is wrong with it."""
    return render(request, "case_text.html.j2", status=422, text=text, says=says)


async def mend(request: Request) -> Response | None:
    """Return the case form for a request whose case has something wrong with it; None where nothing has."""
    values = await typed(request)
    if FILLED not in values and CASE not in values:
        return None
    if FILLED in values:
        filled = read_fields(values)
        problems = check(filled)
        return draw_case_form(request, values, problems, status=422) if problems else None
    text = values[CASE]
    try:
        document = open_case(text)
    except InotropeError as problem:
        return draw_case_text(request, text, problem.says)
    problems = check_document(document)
    return draw_case_form(request, with_asked(write_fields(document)), problems, status=422) if problems else None


def check_document(document: dict[str, Any]) -> tuple[Problem, ...]:
    """Return everything that is wrong with a case as a file holds it, each at the field of the form."""
    filled = read_fields(write_fields(document))
    return check(Filled(document, filled.places, filled.problems))


def _list(layout: Layout, problems: tuple[Problem, ...]) -> tuple[Wrong, ...]:
    """Return the list of what is wrong as it stands on the page, each line with the element that it leads to."""
    seen = {KEPT: (identity(KEPT), "Not shown here")}
    seen |= _boxes((*layout.head(), *layout.person()))
    seen |= _rows(row for part in PARTS for row in layout.measurements(part))
    seen |= {
        view.box.name: (f"{view.box.id}-{len(view.box.choices) - 1}", view.box.label) for view in layout.conditions()
    }
    seen |= _boxes((layout.names("medicines", "Other medicines"), layout.names("allergies", "Allergies")))
    for part in ("administrations", "support", "events", "lines"):
        seen |= {f"{part}.none": (identity(part), part)}
        seen |= _rows(layout.administrations() if part == "administrations" else layout.rows(part))
    seen |= _boxes((*layout.preparation(), *layout.pump()))
    order = {name: number for number, name in enumerate(seen)}
    listed = sorted(problems, key=lambda item: order.get(item.field, -1))
    return tuple(Wrong(*seen.get(item.field, ("", "")), item.says) for item in listed)


def _boxes(boxes: Iterable[Box]) -> dict[str, tuple[str, str]]:
    return {box.name: (box.id, box.label) for box in boxes}


def _rows(rows: Iterable[RowView]) -> dict[str, tuple[str, str]]:
    seen: dict[str, tuple[str, str]] = {}
    for row in rows:
        seen |= {name: (row.id, row.title) for name, _ in row.hidden}
        seen |= {box.name: (box.id, f"{row.title}: {box.label}") for box in row.boxes}
    return seen
