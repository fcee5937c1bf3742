"""The start: a shipped example, a new patient, or the file of a case."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from inotrope.patient.examples import examples, read_example
from inotrope.web.drawing import render

router = APIRouter()


@router.get("/")
async def start(request: Request) -> Response:
    """Show where a case can come from."""
    return render(request, "start.html.j2", examples=[(name, read_example(name)) for name in examples()])
