"""The routes of the API: what comes in is read, asked of `plan`, and goes out as the command line writes it.

A stopped or refused plan is an answer. What was asked wrongly is an error (`faults.py`).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.drug import list_drugs, load_drug
from inotrope.errors import RequestError, nearest, shorten
from inotrope.plan import to_plain
from inotrope.plan.drug_record import drug_to_plain, drugs_to_plain
from inotrope.plan.published import SCHEMAS, published_schema
from inotrope.plan.versions import program_version
from inotrope.web.api import PREFIX
from inotrope.web.api.bodies import Asked, read_body
from inotrope.web.api.described import described
from inotrope.web.api.operations import OPERATIONS, Operation
from inotrope.web.faults import tell
from inotrope.web.working import Answers

router = APIRouter(prefix=PREFIX)
UNKNOWN = 404

Answer = Callable[[Answers, Asked], Awaitable[object]]
_ANSWERS: dict[str, Answer] = {
    "plan": lambda answers, asked: answers.plan(asked.parts["case"], asked.options),
    "screen": lambda answers, asked: answers.screen(asked.parts["case"], asked.options),
    "fit": lambda answers, asked: answers.fit(asked.parts["case"], asked.options),
    "target": lambda answers, asked: answers.target(asked.parts["case"], asked.options),
    "circulation": lambda answers, asked: answers.circulation(asked.parts["case"], asked.options),
    "what-if": lambda answers, asked: answers.what_if(asked.parts["case"], asked.parts["change"], asked.options),
    "order": lambda answers, asked: answers.order(asked.parts["order"], asked.parts.get("case")),
    "dose": lambda answers, asked: answers.convert(asked.parts),
}
"""How each operation is asked of what computes."""


def written(value: object) -> Response:
    """Return a value as the command line prints it, to the byte."""
    return Response(json.dumps(value, indent=2) + "\n", media_type="application/json")


def _add(operation: Operation) -> None:
    async def answer(request: Request) -> Response:
        asked = await read_body(request, operation)
        found = await _ANSWERS[operation.name](request.app.state.answers, asked)
        return written(to_plain(found))

    router.add_api_route(f"/{operation.name}", answer, methods=["POST"], response_model=None)


for _operation in OPERATIONS:
    _add(_operation)


@router.get("/schema/{name}")
async def schema(request: Request, name: str) -> Response:
    """Return a published schema, as `inotrope schema` prints it."""
    if name not in SCHEMAS:
        return _unknown(request, name, tuple(SCHEMAS), "no published schema")
    return written(published_schema(name))


@router.get("/drugs")
async def drugs() -> Response:
    """Return the drugs of the library."""
    return written(drugs_to_plain(load_drug(name) for name in list_drugs()))


@router.get("/drug/{name}")
async def drug(request: Request, name: str) -> Response:
    """Return one drug's folder, as `inotrope drug show --format json` prints it."""
    if name not in list_drugs():
        return _unknown(request, name, list_drugs(), "not a drug of this program")
    return written(drug_to_plain(load_drug(name)))


@router.get("/health")
async def health() -> Response:
    """Return that the server answers, and by which version."""
    return written({"status": "ok", "version": program_version(), "drugs": list(list_drugs())})


@router.get("/who")
async def who(request: Request) -> Response:
    """Return who asks, and the proof that a program sends as a header with what it asks in their name."""
    asks = request.state.who
    return written({"name": asks.name, "roles": sorted(asks.roles), "way": asks.way, "csrf": request.state.csrf})


@router.get("/openapi.json")
async def openapi() -> Response:
    """Return the description of this API."""
    return written(described())


def _unknown(request: Request, name: str, known: tuple[str, ...], what: str) -> Response:
    says = f"'{shorten(name)}' is {what}; {nearest(name, known)}."
    problem: Any = RequestError(says, value=name, accepted=", ".join(known))
    return tell(request, problem, UNKNOWN)
