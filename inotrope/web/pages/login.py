"""Logging in and out: by a password, or by the hospital's own login and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inotrope.access.addresses import network
from inotrope.access.roles import NOBODY
from inotrope.access.tokens import csrf_of, digest
from inotrope.errors import AccessError, CourseError
from inotrope.web.carrying import every, typed
from inotrope.web.cookies import browser_cookie, login_cookie, session_cookie, set_browser, set_session, take_away
from inotrope.web.drawing import home_of, render
from inotrope.web.entering import TO, ask_to_log_in, own_path, sent_before
from inotrope.web.faults import AGAIN_S, SAYS, TOO_BUSY, log_failure
from inotrope.web.guard.audited import address_of
from inotrope.web.kept_pages import KeptPage, KeptPages
from inotrope.web.threads import waiting
from inotrope.web.working import Busy

if TYPE_CHECKING:
    from inotrope.access.gate import Gate
    from inotrope.web.pending import Fields

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
        return RedirectResponse(home_of(request.state.who), SEE_OTHER)
    return await ask_to_log_in(request, to="/", status=200)


@router.post("/login")
async def log_in(request: Request) -> Response:
    """Let somebody in, and on to where they were going, with what they had sent."""
    gate, fields = _gate(request), await typed(request)
    to, name = own_path(fields.get(TO, "/")), fields.get("name", "")
    settings = request.app.state.settings
    before, browser = (request.cookies.get(of(settings), "") for of in (session_cookie, browser_cookie))

    def enter() -> str:
        password, address = fields.get("password", ""), address_of(request.scope)
        return gate.log_in(name, password, address=address, before=before, browser=browser)

    try:
        token = await request.app.state.logins.run(enter)
    except AccessError as problem:
        return await ask_to_log_in(request, to=to, problem=problem.says, name=name)
    except CourseError as problem:
        return await _not_now(request, problem, to=to, name=name)
    except Busy:  # told here, since the page that tells it elsewhere holds what was sent, and this is a password
        return await _busy(request, to, name)
    sent = sent_before(await every(request))
    request.state.csrf = csrf_of(token)
    if to == "/":
        to = await _home(gate, token)
    answer = RedirectResponse(to, SEE_OTHER)
    found = render(request, "go_on.html.j2", to=to, sent=sent, seconds=None) if sent else answer
    set_browser(found, settings, gate.browsers.remember(browser, name))
    return _entered(request, found, token)


@router.get("/login/oidc")
async def ask_by_hospital(request: Request) -> Response:
    """Show the login page: a login is begun by its button alone, and by no address that a foreign page leads to."""
    if _gate(request).oidc is None:
        raise HTTPException(NOT_FOUND)
    return await page(request)


@router.post("/login/oidc")
async def to_hospital(request: Request) -> Response:
    """Send a browser to the hospital's own login, by a page of ours: no browser follows there from a form that it sent.

    What was typed before stays here meanwhile, in memory, for whoever comes back in this browser.
    """
    gate, fields = _gate(request), await typed(request)
    oidc, browser = gate.oidc, request.cookies.get(login_cookie(request.app.state.settings), "")
    if oidc is None:
        raise HTTPException(NOT_FOUND)
    back, sent = own_path(fields.get(TO, "/")), sent_before(await every(request))
    try:
        to = await request.app.state.logins.run_by_hospital(lambda: oidc.begin(browser))
    except AccessError as problem:
        return await ask_to_log_in(request, to=back, problem=problem.says)
    except Busy:
        return await _busy(request, back)
    kept = KeptPage(back, sent, network(address_of(request.scope)))
    request.app.state.kept_while_away.keep(_handle(browser), kept)
    return render(request, "go_there.html.j2", to=to, here="/login")


@router.get("/login/back")
async def from_hospital(request: Request) -> Response:
    """Let somebody in whom the hospital's own login sent back.

    The page that follows is one of ours and goes on by itself: a browser sends the session's cookie with what our own
    page asks for, and not with what another host's page led to.
    """
    gate, settings, asked = _gate(request), request.app.state.settings, request.query_params
    browser = request.cookies.get(login_cookie(settings), "")
    before = request.cookies.get(session_cookie(settings), "")
    away: KeptPages = request.app.state.kept_while_away
    kept = away.take(_handle(browser))
    to, sent = ("/", ()) if kept is None else (kept.path, kept.fields)

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
        return await ask_to_log_in(request, to=to, problem=problem.says, sent=sent)
    except CourseError as problem:
        return await _not_now(request, problem, to=to, sent=sent)
    except Busy:
        return await _busy(request, to, sent=sent)
    request.state.csrf = csrf_of(token)
    if to == "/":
        to = await _home(gate, token)
    return _entered(request, render(request, "go_on.html.j2", to=to, sent=sent, seconds=None if sent else 0), token)


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


async def _not_now(
    request: Request, problem: CourseError, *, to: str = "/", name: str = "", sent: Fields | None = None
) -> Response:
    """Say that nobody can be logged in: not why, since it names the database, and whoever asks is nobody yet."""
    log_failure(problem)
    return await ask_to_log_in(request, to=to, problem=NOT_NOW, name=name, status=TOO_BUSY, sent=sent)


async def _busy(request: Request, to: str, name: str = "", sent: Fields | None = None) -> Response:
    found = await ask_to_log_in(request, to=to, problem=SAYS[TOO_BUSY], name=name, status=TOO_BUSY, sent=sent)
    found.headers["Retry-After"] = AGAIN_S
    return found


def _entered(request: Request, answer: Response, token: str) -> Response:
    settings = request.app.state.settings
    set_session(answer, settings, token)
    take_away(answer, settings, login_cookie(settings))
    return answer


async def _home(gate: Gate, token: str) -> str:
    """Return where whoever is in by now starts."""
    found = await waiting.run(gate.find, token)
    return home_of(NOBODY if found is None else found.who)


def _handle(browser: str) -> str:
    """Return by what is found again what a browser typed before it was sent away."""
    return digest(browser)[:32]


def _gate(request: Request) -> Gate:
    """Return the gate; where nobody is asked for a name, there is no such page."""
    gate: Gate | None = request.app.state.gate
    if gate is None:
        raise HTTPException(NOT_FOUND)
    return gate
