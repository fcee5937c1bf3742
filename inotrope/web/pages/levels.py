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
from inotrope.web.carrying import asked, carried, in_its_course, pending, typed
from inotrope.web.courses.carried import course_of
from inotrope.web.courses.taking_in import put_in
from inotrope.web.drawing import render
from inotrope.web.form import check, open_case
from inotrope.web.form.answering import put_answer
from inotrope.web.form.fields import TIME_HINT, measurement_names, part_of, units_of_measurement
from inotrope.web.pending import IN, LEVEL, OF_LEVEL, OF_READING, Do, as_typed, shows_again
from inotrope.web.withheld import note_withheld

router = APIRouter(prefix="/levels")
BAD_INPUT = 422
FIELDS = ("what", "value", "unit", "at", "site")
READING = "reading"
FOLDED = (
    *("With another error of the measurement", "Deviations from the typical patient"),
    *("What speaks against it, and what nobody knows", "Models that do not answer", "Sources"),
)
"""Sections of a fit that stand folded: how sure it is, and what it stands on."""
_ROW = "measurements.0."


@router.post("")
async def levels(request: Request) -> Response:
    """Show the levels and the fit."""
    case, fields = await carried(request), await typed(request)
    again = shows_again(request.url.path, fields, await pending(request))
    return await _page(request, case, as_typed(fields) if again else {}, {}, "")


@router.post("/add")
async def add(request: Request) -> Response:
    """Put one level, or one reading, into the case; what is typed beside it stays typed."""
    case, fields = await carried(request, answering=True), await typed(request)
    document = open_case(case)
    entry, standing = _entry(fields)
    if not entry["what"]:
        nothing = {"reading-what": "Nothing was chosen. Choose what was measured."}
        return await _page(request, case, standing, nothing, "")
    filled = put_answer(document, _row(entry, str(document.get("drug", ""))))
    problems = {_own(item.field): item.says for item in check(filled)}
    if entry["what"] == LEVEL and entry["value"] and not entry["unit"]:
        problems["unit"] = "The level has no unit. Choose the one that the laboratory wrote."
    if problems:
        found = {_id(entry, name): says for name, says in problems.items()}
        return await _page(request, case, standing, found, "")
    own = OF_LEVEL if entry["what"] == LEVEL else OF_READING
    left = {name: text for name, text in standing.items() if name not in own}
    text = filled.text
    if course_of(request) is not None:
        alone = await put_in(request, filled.document["measurements"][-1])
        text = await in_its_course(request, text if alone else "")
    return await _page(request, text, left, {}, _said(entry))


def _entry(fields: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what was pressed, by the keys of a measurement, and what stands in the boxes, by their names."""
    standing = {name: fields.get(name, "").strip() for name in (*OF_LEVEL, *OF_READING)}
    what = fields.get("what", "")
    if what == Do.ENTER:  # without scripts nobody knows in which box
        what = LEVEL if any(standing[name] for name in OF_LEVEL) else READING
    if what not in (LEVEL, READING):  # a reading that is named as such
        standing |= {f"reading-{name}": standing[name] for name in ("value", "at")} | {"reading-what": what}
        standing |= dict.fromkeys(OF_LEVEL, "")
    if what == LEVEL:
        return {"what": LEVEL, **{name: standing[name] for name in OF_LEVEL}}, standing
    named, _, unit = standing["reading-what"].partition(IN)
    found = {"what": named, "value": standing["reading-value"], "unit": unit, "at": standing["reading-at"], "site": ""}
    return found, standing


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


async def _page(request: Request, case: str, standing: dict[str, str], problems: dict[str, str], said: str) -> Response:
    fit = await request.app.state.answers.fit(case, await asked(request))
    await note_withheld(request, case)
    return render(
        request,
        "levels.html.j2",
        status=BAD_INPUT if problems else 200,
        case=case,
        nav_form="entry",
        drug=open_case(case).get("drug", ""),
        typed=standing,
        asks=any(standing.get(name, "") for name in (*OF_LEVEL, *OF_READING)),
        problems=problems,
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
