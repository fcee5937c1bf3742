"""The application: its screens, its API, its files, and what stands in front of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

import inotrope.display
from inotrope.drug import read_site
from inotrope.web import pages
from inotrope.web.api import answering
from inotrope.web.checks import Checks
from inotrope.web.faults import add_handlers
from inotrope.web.guard import Guard
from inotrope.web.kept_pages import KeptPages
from inotrope.web.settings import Settings
from inotrope.web.working import Answers

STATIC = Path(__file__).with_name("static")
SHEET_STYLE = Path(inotrope.display.__file__).with_name("sheet.css")


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application; `app.state.answers` computes, `app.state.settings` says how it is set.

    Args:
        settings: Of this server; by default those of a ward computer.

    Raises:
        FileError, LibraryError: The hospital's own file cannot be read, or is not sound.
    """
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.answers.close()

    app = FastAPI(
        title="Inotrope", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    app.state.settings = settings
    app.state.answers = Answers(settings, None if settings.site is None else read_site(settings.site))
    app.state.checks = Checks()
    app.state.kept_pages = KeptPages()
    add_handlers(app)
    app.add_middleware(Guard, settings=settings)
    for found in iter_modules(pages.__path__):
        app.include_router(import_module(f"{pages.__name__}.{found.name}").router, include_in_schema=False)
    app.include_router(answering.router, include_in_schema=False)
    app.add_route("/static/sheet.css", _sheet_style)
    app.mount("/static", StaticFiles(directory=STATIC))
    return app


async def _sheet_style(_: Request) -> Response:
    """Return how the blocks of a sheet look."""
    return FileResponse(SHEET_STYLE, media_type="text/css")
