"""The converter: a dose to a pump setting, and a pump setting to a dose, each from its own box.

Knows where weight and bag stand in a case, so that nobody types them twice. It concerns no patient and proposes
nothing: what comes out, with its arithmetic, is the plan's conversion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.display import Sheet, conversion_sheet, no_product_sheet
from inotrope.display.entry_sheet import who
from inotrope.drug import load_drug
from inotrope.errors import InotropeError
from inotrope.plan import NotConverted, convert_dose
from inotrope.web.carrying import CASE, FILLED, asked, carried, carry_as_sent, settled, typed
from inotrope.web.drawing import render
from inotrope.web.form import open_case, read_fields, write_fields
from inotrope.web.form.fields import Field, Kind, drugs
from inotrope.web.form.layout import Box
from inotrope.web.form.quantities import join, part
from inotrope.web.inquiries import DOSE, STANDS, typed_in
from inotrope.web.withheld import note_withheld

if TYPE_CHECKING:
    from inotrope.web.options import Options

router = APIRouter()

SHARED = (
    Field("weight", "Weight", Kind.QUANTITY, "such as 82; kilograms only", ("kg",)),
    Field("concentration", "Concentration on the pump", Kind.QUANTITY, "as the label says", ("mcg/mL", "mg/mL")),
    Field("step", "Smallest step of the pump", Kind.QUANTITY, "empty: the dosing entry's own", ("mL/h",)),
)
ASKED = (
    Field("rate", "Dose", Kind.QUANTITY, "such as 0.5", ("mcg/kg/min",)),
    Field("pump", "Pump rate", Kind.QUANTITY, "such as 10.5", ("mL/h",)),
)
"""The two ways, never in one box."""
_OF_CASE = {
    "weight": "patient.weight",
    "concentration": "preparation.concentration",
    "step": "pump.step",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands below the boxes: a conversion, or what is wrong and at which box."""

    way: str
    sheet: Sheet | None = None
    field: str = ""
    says: str = ""


@router.post("/dose")
async def dose(request: Request) -> Response:
    """Convert whatever stands in the two boxes; from another screen, begin with weight and bag of its case."""
    values = await typed(request)
    options = await asked(request)
    await carry_as_sent(request)
    case = read_fields(values).text if FILLED in values else await settled(request, values.get(CASE, ""))
    await note_withheld(request, case)
    if "convert" not in values:
        values = await _of_case(request, case, options)
    shown = [_converted(values, item.key) for item in ASKED if values.get(item.key, "").strip()]
    wrong = {item.field: item.says for item in shown if item.field}
    folder = load_drug(drugs()[0])
    return render(
        request,
        "dose.html.j2",
        status=422 if wrong else 200,
        case=case,
        nav_form="convert",
        answered={name: text for name, text in typed_in(values | {STANDS: DOSE}, DOSE).items() if name not in wrong},
        shared=[_box(item, values, wrong) for item in SHARED],
        ways=[_box(item, values, wrong) for item in ASKED],
        entries=[
            ("", "not said: the first of them"),
            *((item.id, f"{item.indication}, {who(item)}, {item.authority}") for item in folder.entries),
        ],
        entry=values.get("entry", ""),
        shown=shown,
    )


async def _of_case(request: Request, case: str, options: Options) -> dict[str, str]:
    """Return what a case says of weight, bag and pump, and whose dose its plan gives; nothing of what is no case."""
    try:
        held = write_fields(open_case(case))
    except InotropeError:
        return {}
    found = {key: held.get(name, "") for key, name in _OF_CASE.items()}
    found |= {f"{key}.unit": held.get(f"{name}.unit", "") for key, name in _OF_CASE.items() if found[key]}
    try:
        made = await request.app.state.answers.plan(await carried(request), options)
    except InotropeError:
        return found
    bag = None if made.preparation is None else made.preparation.concentration
    if bag is not None and not found["concentration"]:  # made up of an amount and a volume
        found["concentration"], found["concentration.unit"] = part(str(bag), SHARED[1].units)
    return found | {"entry": "" if made.entry is None else made.entry.id}


def _converted(values: Mapping[str, str], way: str) -> Shown:
    """Return the conversion from one of the two boxes."""
    texts = {item.key: join(values.get(item.key, ""), values.get(f"{item.key}.unit", "")) for item in (*SHARED, *ASKED)}
    try:
        found = convert_dose(
            weight=texts["weight"],
            concentration=texts["concentration"],
            rate=texts["rate"] if way == "rate" else None,
            pump=texts["pump"] if way == "pump" else None,
            step=texts["step"] or None if way == "rate" else None,
            entry=values.get("entry") or None,
            drug=drugs()[0],
        )
    except InotropeError as problem:
        return Shown(way, field=problem.where or way, says=problem.says)
    if isinstance(found, NotConverted):
        return Shown(way, sheet=no_product_sheet(found.stopped, drug=found.drug))
    sheet = conversion_sheet(
        found.conversion,
        drug=found.drug,
        entry=found.entry,
        weight=found.weight,
        concentration=found.concentration,
        asked_rate=way == "rate",
        assumed=found.assumed,
    )
    return Shown(way, sheet=sheet)


def _box(item: Field, values: Mapping[str, str], wrong: Mapping[str, str]) -> Box:
    unit = values.get(f"{item.key}.unit", item.units[0] if len(item.units) == 1 else "")
    return Box(
        name=item.key,
        label=item.label,
        kind=item.kind,
        hint=item.hint,
        value=values.get(item.key, ""),
        unit=unit,
        units=item.units,
        problem=wrong.get(item.key, ""),
    )
