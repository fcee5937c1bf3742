"""The way back: a window has its page kept, and asks for it again by the handle that it drew for it (`back.js`).

No screen of its own, and nothing of it in an address.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from inotrope.web.carrying import every, sent
from inotrope.web.drawing import CSRF
from inotrope.web.kept_pages import KeptPage, KeptPages

router = APIRouter(prefix="/kept")
HANDLE, PATH = "kept-handle", "kept-path"
PART, WITHOUT = "kept-part", "kept-without"
"""That only what changed since the page was kept last is sent, and the names of which nothing is left."""
KEPT, NO_HANDLE, FORGOTTEN = 204, 422, 404


@router.post("")
async def keep(request: Request) -> Response:
    """Keep the fields of a page as they stand in its window, or of a large one what has changed since."""
    fields = await every(request)
    named = dict(fields)
    kept = tuple(item for item in fields if item[0] not in (HANDLE, PATH, CSRF, PART, WITHOUT))
    page = KeptPage(named.get(PATH, ""), kept, request.state.who.name)
    handle, pages = named.get(HANDLE, ""), _pages(request)
    if PART in named:
        gone = {name for name, _ in kept} | {name for key, name in fields if key == WITHOUT}
        return Response(status_code=KEPT if pages.mend(handle, page, gone) else FORGOTTEN)
    return Response(status_code=KEPT if pages.keep(handle, page) else NO_HANDLE)


@router.post("/again")
async def again(request: Request) -> Response:
    """Return the fields of a page to the window that had it kept."""
    page = _pages(request).find(str((await sent(request)).get(HANDLE, "")), request.state.who.name)
    if page is None:
        return Response(status_code=FORGOTTEN)
    return JSONResponse({"path": page.path, "sent": page.fields})


def _pages(request: Request) -> KeptPages:
    found: KeptPages = request.app.state.kept_pages
    return found
