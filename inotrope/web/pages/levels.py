"""Levels and the fit: a level or a reading entered, and what the levels say of this patient beside the typical one.

What was entered is put into the case that the page carries, as the case form would; what a fit makes of it `plan` says.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.display.fit_sheet import fit_sheet
from inotrope.display.on_the_clock import on_the_clock
from inotrope.web.carrying import asked, carried, in_its_course, typed
from inotrope.web.courses.carried import course_of
from inotrope.web.courses.taking_in import put_in
from inotrope.web.drawing import render
from inotrope.web.form import check, open_case
from inotrope.web.form.answering import put_answer
from inotrope.web.form.fields import TIME_HINT, measurement_names, part_of, units_of_measurement

router = APIRouter(prefix="/levels")
BAD_INPUT = 422
LEVEL = "concentration"
FIELDS = ("what", "value", "unit", "at", "site")
FOLDED = (
    *("With another error of the measurement", "Deviations from the typical patient"),
    *("What speaks against it, and what nobody knows", "Models that do not answer", "Sources"),
)
"""Sections of a fit that stand folded: how sure it is, and what it stands on."""
IN = "|"
"""Between a reading and the unit it is chosen in: none is guessed, and none has to be typed."""
_ROW = "measurements.0."


@router.post("")
async def levels(request: Request) -> Response:
    """Show the levels and the fit."""
    return await _page(request, await carried(request), {}, {}, "")


@router.post("/add")
async def add(request: Request) -> Response:
    """Put one level, or one reading, into the case."""
    case, fields = await carried(request), await typed(request)
    document = open_case(case)
    entry = {name: fields.get(name, "").strip() for name in FIELDS}
    entry["what"], _, unit = entry["what"].partition(IN)
    entry["unit"] = unit or entry["unit"]
    if not entry["what"]:
        return await _page(request, case, entry, {"what": "Nothing was chosen. Choose what was measured."}, "")
    filled = put_answer(document, _row(entry, str(document.get("drug", ""))))
    problems = {_own(item.field): item.says for item in check(filled)}
    if entry["what"] == LEVEL and entry["value"] and not entry["unit"]:
        problems["unit"] = "The level has no unit. Choose the one that the laboratory wrote."
    if problems:
        return await _page(request, case, entry, problems, "")
    text = filled.text
    if course_of(request) is not None:
        alone = await put_in(request, filled.document["measurements"][-1])
        text = await in_its_course(request, text if alone else "")
    return await _page(request, text, {}, {}, _said(entry))


def _row(entry: dict[str, str], drug: str) -> dict[str, str]:
    """Return the fields that the case form would have for it."""
    what = entry["what"]
    found = {
        "what": what,
        "value": entry["value"],
        "value.unit": entry["unit"],
        "at": entry["at"],
        "site": entry["site"],
    }
    found |= {"of": drug} if part_of(what) == "levels" else {}
    return {f"{_ROW}{name}": text for name, text in found.items()}


def _id(entry: dict[str, str], name: str) -> str:
    """Return the identifier of a field: two forms have one of each name."""
    return name if not name or entry.get("what") == LEVEL else f"reading-{name}"


def _own(field: str) -> str:
    """Return the field of the form that an error's field of the case form is; empty for any other."""
    name = field.removeprefix(_ROW).removesuffix(".unit")
    return name if name in FIELDS else ""


def _said(entry: dict[str, str]) -> str:
    amount = " ".join(filter(None, (entry["value"], entry["unit"])))
    return f"Entered: {entry['what']} {amount} at {entry['at']}. It stands in the case from here on."


async def _page(request: Request, case: str, entry: dict[str, str], problems: dict[str, str], said: str) -> Response:
    fit = await request.app.state.answers.fit(case, await asked(request))
    return render(
        request,
        "levels.html.j2",
        status=BAD_INPUT if problems else 200,
        case=case,
        entry=entry,
        chosen=f"{entry.get('what', '')}{IN}{entry.get('unit', '')}",
        problems={_id(entry, name): says for name, says in problems.items()},
        said=said,
        sheet=on_the_clock(fit_sheet(fit), fit.made_for),
        fitted=bool(fit.levels),
        folded=FOLDED,
        **_choices(),
    )


def _choices() -> dict[str, Any]:
    names = [name for name in measurement_names() if part_of(name) != "levels"]
    readings = [(f"{name}{IN}{unit}", f"{name}, {unit}") for name in names for unit in units_of_measurement(name)]
    units = [("", "choose"), *((unit, unit) for unit in units_of_measurement(LEVEL))]
    return {"readings": [("", "choose"), *readings], "units": units, "time_hint": TIME_HINT, "level": LEVEL}
