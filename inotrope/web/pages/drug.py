"""The drug page: for staff, part by part, and in plain words for patient and family."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.display import PARTS, Sheet, drug_overview, drug_sheet, family_sheet
from inotrope.drug import list_drugs, load_drug
from inotrope.errors import RequestError, nearest, shorten
from inotrope.web.carrying import carried, typed
from inotrope.web.drawing import render
from inotrope.web.withheld import note_withheld

router = APIRouter()
FAMILY, OVERVIEW, WHOLE = "family", "overview", "whole"
MORE = "More"
"""The part of the overview that names commands; a screen has buttons."""
VIEWS = ((OVERVIEW, "In short"), *((part, f"{part[0].upper()}{part[1:]}") for part in PARTS), (WHOLE, "The whole page"))


@router.get("/drug")
async def named(request: Request) -> Response:
    """Show the page of a drug, without a patient; drug and part may stand in the address."""
    return _page(request, "", dict(request.query_params))


@router.post("/drug")
async def drug(request: Request) -> Response:
    """Show the page of a drug, with the case carried on."""
    case = await carried(request)
    await note_withheld(request, case)
    return _page(request, case, await typed(request))


def _page(request: Request, case: str, fields: dict[str, str]) -> Response:
    known = list_drugs()
    name, view = fields.get("drug", known[0]), fields.get("view", OVERVIEW)
    if name not in known:
        says = f"'{shorten(name)}' is no drug of this program; {nearest(name, known)}."
        raise RequestError(says, value=name, accepted=", ".join(known), where="drug")
    if view != FAMILY and view not in {word for word, _ in VIEWS}:
        says = f"'{shorten(view)}' is no part of the page; {nearest(view, [word for word, _ in VIEWS])}."
        raise RequestError(says, value=view, accepted=", ".join(word for word, _ in VIEWS), where="view")
    return render(
        request, "drug.html.j2", case=case, drug=name, drugs=known, view=view, views=VIEWS, sheet=_sheet(name, view)
    )


@cache
def _sheet(name: str, view: str) -> Sheet:
    """Return one part of one page; a server reads the library once."""
    found = load_drug(name)
    if view == FAMILY:
        return family_sheet(found)
    if view != OVERVIEW:
        return drug_sheet(found, None if view == WHOLE else view)
    overview = drug_overview(found)
    return replace(overview, sections=tuple(part for part in overview.sections if part.title != MORE))
