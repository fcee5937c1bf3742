"""The application: its screens, its API, its files, and what stands in front of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

import inotrope.display
from inotrope.course.meaning.as_of import SiteFile
from inotrope.drug import read_site
from inotrope.web import pages
from inotrope.web.api import answering
from inotrope.web.checks import Checks
from inotrope.web.courses.keeping import Kept
from inotrope.web.faults import add_handlers
from inotrope.web.guard import Guard
from inotrope.web.kept_pages import ANY_PATH, KeptPages
from inotrope.web.logins import Logins
from inotrope.web.presses import Presses
from inotrope.web.settings import Settings
from inotrope.web.working import Answers

if TYPE_CHECKING:
    from inotrope.access.gate import Gate
    from inotrope.course import Courses

STATIC = Path(__file__).with_name("static")
SHEET_STYLE = Path(inotrope.display.__file__).with_name("sheet.css")


def create_app(settings: Settings | None = None, gate: Gate | None = None, store: Courses | None = None) -> FastAPI:
    """Return the application; `app.state.answers` computes, `app.state.settings` says how it is set.

    Args:
        settings: Of this server; by default those of a ward computer.
        gate: Whom it lets in; without one everybody who reaches it may everything.
        store: Where courses are kept, open; it is closed with the application. Without one nothing is kept.

    Raises:
        FileError, LibraryError: The hospital's own file cannot be read, or is not sound.
    """
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.answers.close()
        if app.state.courses is not None:
            app.state.courses.close()

    app = FastAPI(
        title="Inotrope", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    app.state.settings = settings
    app.state.answers = Answers(settings, None if settings.site is None else read_site(settings.site))
    app.state.checks = Checks()
    app.state.gate = gate
    app.state.courses = None if store is None else Kept(store, _site_file(settings))
    app.state.logins = Logins()
    app.state.kept_pages = KeptPages()
    app.state.presses = Presses()
    app.state.kept_while_away = KeptPages(paths=ANY_PATH)
    add_handlers(app)
    app.add_middleware(Guard, settings=settings, gate=gate)
    for found in iter_modules(pages.__path__):
        app.include_router(import_module(f"{pages.__name__}.{found.name}").router, include_in_schema=False)
    app.include_router(answering.router, include_in_schema=False)
    app.add_route("/static/sheet.css", _sheet_style)
    app.mount("/static", StaticFiles(directory=STATIC))
    return app


def _site_file(settings: Settings) -> SiteFile | None:
    """Return the text of the hospital's own file as it was when the server started, as a plan is kept with it."""
    return None if settings.site is None else SiteFile(settings.site.name, settings.site.read_text("utf-8"))


async def _sheet_style(_: Request) -> Response:
    """Return how the blocks of a sheet look."""
    return FileResponse(SHEET_STYLE, media_type="text/css")
