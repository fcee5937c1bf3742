"""Logging in and out: by a password, or by the hospital's own login and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inotrope.access.tokens import csrf_of, is_token, new_token
from inotrope.errors import AccessError, CourseError
from inotrope.web.carrying import every, typed
from inotrope.web.cookies import login_cookie, session_cookie, set_login, set_session, take_away
from inotrope.web.drawing import render
from inotrope.web.entering import TO, ask_to_log_in, own_path, sent_before
from inotrope.web.faults import AGAIN_S, SAYS, TOO_BUSY, log_failure
from inotrope.web.guard.audited import address_of
from inotrope.web.threads import waiting
from inotrope.web.working import Busy

if TYPE_CHECKING:
    from inotrope.access.gate import Gate

router = APIRouter()
NOT_FOUND, SEE_OTHER = 404, 303
NOT_NOW = (
    "Nobody can be logged in at the moment: the database of this server does not answer as it should. Try again in a "
    "minute; if it stays, tell whoever runs the server."
)


@router.get("/login")
async def page(request: Request) -> Response:
    """Ask who somebody is."""
    _gate(request)
    if request.state.who.is_known:
        return RedirectResponse("/", SEE_OTHER)
    return await ask_to_log_in(request, to="/", status=200)


@router.post("/login")
async def log_in(request: Request) -> Response:
    """Let somebody in, and on to where they were going, with what they had sent."""
    gate, fields = _gate(request), await typed(request)
    to, name = own_path(fields.get(TO, "/")), fields.get("name", "")
    before = request.cookies.get(session_cookie(request.app.state.settings), "")

    def enter() -> str:
        return gate.log_in(name, fields.get("password", ""), address=address_of(request.scope), before=before)

    try:
        token = await request.app.state.logins.run(enter)
    except AccessError as problem:
        return await ask_to_log_in(request, to=to, problem=problem.says, name=name)
    except CourseError as problem:
        return await _not_now(request, problem, to=to, name=name)
    except Busy:  # told here, since the page that tells it elsewhere holds what was sent, and this is a password
        found = await ask_to_log_in(request, to=to, problem=SAYS[TOO_BUSY], name=name, status=TOO_BUSY)
        found.headers["Retry-After"] = AGAIN_S
        return found
    sent = sent_before(await every(request))
    request.state.csrf = csrf_of(token)
    if sent:
        return _entered(request, render(request, "go_on.html.j2", to=to, sent=sent, seconds=None), token)
    return _entered(request, RedirectResponse(to, SEE_OTHER), token)


@router.get("/login/oidc")
async def to_hospital(request: Request) -> Response:
    """Send a browser to the hospital's own login."""
    gate, settings = _gate(request), request.app.state.settings
    if gate.oidc is None:
        raise HTTPException(NOT_FOUND)
    browser = request.cookies.get(login_cookie(settings), "")
    browser = browser if is_token(browser) else new_token()
    try:
        to = await request.app.state.logins.run_by_hospital(lambda: gate.oidc.begin(browser))
    except AccessError as problem:
        return await ask_to_log_in(request, to="/", problem=problem.says)
    found = RedirectResponse(to, SEE_OTHER)
    set_login(found, settings, browser)
    return found


@router.get("/login/back")
async def from_hospital(request: Request) -> Response:
    """Let somebody in whom the hospital's own login sent back.

    The page that follows is one of ours and goes on by itself: a browser sends the session's cookie with what our own
    page asks for, and not with what another host's page led to.
    """
    gate, settings, asked = _gate(request), request.app.state.settings, request.query_params
    browser = request.cookies.get(login_cookie(settings), "")
    before = request.cookies.get(session_cookie(settings), "")

    def enter() -> str:
        return gate.log_in_by_hospital(
            asked.get("code", ""),
            asked.get("state", ""),
            issuer=asked.get("iss"),
            browser=browser,
            address=address_of(request.scope),
            before=before,
        )

    try:
        token = await request.app.state.logins.run_by_hospital(enter)
    except AccessError as problem:
        return await ask_to_log_in(request, to="/", problem=problem.says)
    except CourseError as problem:
        return await _not_now(request, problem)
    request.state.csrf = csrf_of(token)
    return _entered(request, render(request, "go_on.html.j2", to="/", sent=(), seconds=0), token)


@router.post("/logout")
async def log_out(request: Request) -> Response:
    """End a session."""
    gate, settings, who = _gate(request), request.app.state.settings, request.state.who
    token = request.cookies.get(session_cookie(settings), "")
    if who.is_known:
        await waiting.run(lambda: gate.log_out(token, who, address=address_of(request.scope)))
    found = RedirectResponse("/login", SEE_OTHER)
    take_away(found, settings, session_cookie(settings))
    found.headers["Clear-Site-Data"] = '"cache"'
    return found


async def _not_now(request: Request, problem: CourseError, *, to: str = "/", name: str = "") -> Response:
    """Say that nobody can be logged in: not why, since it names the database, and whoever asks is nobody yet."""
    log_failure(problem)
    return await ask_to_log_in(request, to=to, problem=NOT_NOW, name=name, status=TOO_BUSY)


def _entered(request: Request, answer: Response, token: str) -> Response:
    settings = request.app.state.settings
    set_session(answer, settings, token)
    take_away(answer, settings, login_cookie(settings))
    return answer


def _gate(request: Request) -> Gate:
    """Return the gate; where nobody is asked for a name, there is no such page."""
    gate: Gate | None = request.app.state.gate
    if gate is None:
        raise HTTPException(NOT_FOUND)
    return gate
