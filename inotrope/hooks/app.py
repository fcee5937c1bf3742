"""The ways in: discovery, calls and feedback, each proved, limited, noted and answered as the specification asks.

Knows HTTP. What is wrong with a request is told as an operation outcome with a 4xx; what fails in here is told as a
card that the order could not be checked, since whoever signs must not take silence for a check. There is no 5xx.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.datastructures import Headers

from inotrope.access.clients.tokens import Trust
from inotrope.access.logs import log
from inotrope.errors import AccessError, InotropeError, RequestError
from inotrope.fhir.writing import operation_outcome
from inotrope.files import decode, read_json
from inotrope.hooks.call import PATIENT_VIEW, Call, read_call
from inotrope.hooks.cards import Card, Indicator, response
from inotrope.hooks.feedback import read_feedback
from inotrope.hooks.fetching import Server
from inotrope.hooks.judging import Answer, Asked, DataLacking, answer, needs_record, warm
from inotrope.hooks.noting import Noted, Notes
from inotrope.hooks.receiving import Refused, body_of
from inotrope.hooks.services import ID, discovery
from inotrope.hooks.writing import Hints

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from inotrope.access.clients.settings import Client
    from inotrope.drug import Site
    from inotrope.hooks.settings import HooksSettings

AT = "/cds-services"
_HERE, _CALL, _FEEDBACK = AT, f"{AT}/{ID}", f"{AT}/{ID}/feedback"
_METHODS = {_HERE: "GET", _CALL: "POST", _FEEDBACK: "POST"}
_KINDS = ("application/json", "application/fhir+json")
_PACKAGE = Path(__file__).resolve().parents[1]
_CODES = {400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported", 408: "timeout",
          412: "required", 413: "too-long", 415: "not-supported", 421: "not-found", 429: "throttled"}  # fmt: skip
_HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}  # fmt: skip
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
}
_NO_CONTENT, _OK = 204, 200
Clock = Callable[[], datetime]
T = TypeVar("T")


class Hooks:
    """The application of the hooks; only HTTP is spoken here."""

    def __init__(
        self,
        settings: HooksSettings,
        *,
        notes: Notes | None = None,
        site: Site | None = None,
        trust: Trust | None = None,
        server: Server | None = None,
        clock: Clock = lambda: datetime.now(UTC).astimezone(),
    ) -> None:
        """Answer by some settings.

        Args:
            settings: How it is set.
            notes: Where calls are noted; by default the log alone.
            site: The hospital's own file, for every answer.
            trust: What proves a call; by default by the clients of the settings.
            server: What asks the records' servers.
            clock: The moment, with its zone.
        """
        self._settings = settings
        self._notes = notes or Notes()
        self._site = site
        self._trust = trust or Trust(settings.clients)
        self._server = server or Server()
        self._clock = clock
        self._pool = ThreadPoolExecutor(max_workers=settings.workers, thread_name_prefix="hook")
        self._lock = Lock()
        self._under_way = 0

    def warm(self) -> None:
        """Read the library before the first call comes, which would wait for it; returns when that is done."""
        self._pool.submit(warm).result()

    def close(self) -> None:
        """Let go of the threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Hooks:
        """Serve for as long as the server runs."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the threads."""
        self.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Headers(scope=scope)
        path = scope["path"].rstrip("/") or "/"
        client = scope.get("client")
        noted = Noted(f"{scope['method']} {path if path in _METHODS else '(no service)'}", client[0] if client else "")
        try:
            status, made = await self._answer(scope["method"], path, headers, receive, noted)
        except Refused as refused:
            status, made = refused.status, _outcome(refused.status, refused.says)
        except Exception as problem:  # whatever it is: a call is answered
            _log_failure(problem)
            status, made = 400, _outcome(400, "The request could not be answered. It was noted.")
        if status != _NO_CONTENT:
            await asyncio.to_thread(self._notes.write, noted, status)
        await _send(send, status, made, self._headers(headers, scope["method"], status))

    async def _answer(
        self, method: str, path: str, headers: Headers, receive: Receive, noted: Noted
    ) -> tuple[int, Mapping[str, Any] | None]:
        settings = self._settings
        if headers.get("host", "").lower() not in settings.hosts:
            raise Refused(421, "The server is asked under a name that is not its own.")
        if path not in _METHODS:
            raise Refused(404, "There is no such service here. Ask /cds-services which there are.")
        if method == "OPTIONS":
            return _NO_CONTENT, None
        if method != _METHODS[path]:
            raise Refused(405, f"This is asked with {_METHODS[path]}.")
        client = self._prove(headers, path)
        noted.who = "" if client is None else client.name
        if path == _HERE:
            return _OK, discovery()
        if headers.get("content-type", "").partition(";")[0].strip().lower() not in _KINDS:
            raise Refused(415, "A call is sent as application/json.")
        body = await body_of(headers, receive, settings.largest_body, settings.slowest_body_s)
        noted.digest = hashlib.sha256(body).hexdigest()
        document = await self._run(lambda: _document(body))
        if path == _FEEDBACK:
            return await self._feedback(document, noted)
        return await self._call(document, client, noted)

    def _prove(self, headers: Headers, path: str) -> Client | None:
        """Return whose call it is; None where nobody has to prove anything."""
        if self._settings.trusting:
            return None
        try:
            return self._trust.prove(headers.get("authorization"), self._settings.clients.address + path)
        except AccessError as problem:
            raise Refused(401, problem.says) from None

    async def _feedback(self, document: object, noted: Noted) -> tuple[int, Mapping[str, Any]]:
        try:
            told = read_feedback(document)
        except RequestError as problem:
            raise Refused(400, problem.says, problem.where) from None
        for one in told:
            await asyncio.to_thread(self._notes.feedback, noted, one)
        return _OK, {}

    async def _call(self, document: object, client: Client | None, noted: Noted) -> tuple[int, Mapping[str, Any]]:
        try:
            call = read_call(document)
        except RequestError as problem:
            raise Refused(400, problem.says, problem.where) from None
        noted.hook, noted.instance, noted.patient = call.hook, call.shown_instance, call.patient or ""
        try:
            found = await self._run(lambda: self._found(call, client))
        except DataLacking as problem:
            raise Refused(412, problem.says) from None
        except TimeoutError:
            found = _not_checked(call, "in time", "too-slow")
        except Refused:
            raise
        except Exception as problem:  # whatever it is: silence would be taken for a check
            _log_failure(problem)
            found = _not_checked(call, "in here", "failed")
        noted.cards, noted.versions, noted.notes = found.cards, found.versions, found.notes
        return _OK, response(found.cards)

    def _found(self, call: Call, client: Client | None) -> Answer:
        """Return what a call is answered with; runs in a thread."""
        sources: list[object] = list(call.prefetch.values())
        notes: tuple[str, ...] = ()
        if needs_record(call):
            allowed = self._settings.clients.servers if client is None else client.fhir
            fetched, notes = self._server.ask(call, allowed)
            sources += [*fetched, *self._server.more(call, allowed)]
        hints = Hints(self._settings.clients.page, None if client is None else client.launch)
        found = answer(Asked(call, sources, self._clock(), self._site, hints))
        return Answer(found.cards, (*found.notes, *notes), found.versions)

    async def _run(self, make: Callable[[], T]) -> T:
        """Run what takes long in a thread, for as long as anybody should wait."""
        with self._lock:
            if self._under_way >= self._settings.workers + self._settings.longest_queue:
                raise Refused(429, "Too much is asked at once. Send it again in a few seconds.")
            self._under_way += 1
        future: Future[T] = self._pool.submit(make)
        future.add_done_callback(lambda _: self._finish())
        return await asyncio.wait_for(asyncio.wrap_future(future), self._settings.longest_answer_s)

    def _finish(self) -> None:
        with self._lock:
            self._under_way -= 1

    def _headers(self, headers: Headers, method: str, status: int) -> dict[str, str]:
        """Return the headers of an answer: a page of another origin may read it where that origin is listed."""
        made = {**_HEADERS, "Vary": "Origin"}
        origin = headers.get("origin")
        if origin is not None and origin in self._settings.clients.origins:
            made |= {"Access-Control-Allow-Origin": origin}
            made |= _PREFLIGHT if method == "OPTIONS" else {}
        if status == 401:  # noqa: PLR2004 - HTTP's own number
            made["WWW-Authenticate"] = "Bearer"
        if status == 429:  # noqa: PLR2004 - likewise
            made["Retry-After"] = "5"
        return made


def _document(body: bytes) -> object:
    try:
        return read_json(decode(body, "request"), "request")
    except InotropeError as problem:
        raise Refused(400, str(problem)) from None


def _not_checked(call: Call, how: str, note: str) -> Answer:
    """Return that an order was not checked; a record that is opened is told nothing."""
    if call.hook == PATIENT_VIEW or not call.drafts:
        return Answer((), (note,))
    says = f"Inotrope could not check this order {how}. It was not checked; have it checked by hand."
    return Answer((Card(says, Indicator.WARNING, "Inotrope", rules=("not-checked",)),), (note,))


def _outcome(status: int, says: str) -> dict[str, Any]:
    return operation_outcome(says, _CODES[status])


def _log_failure(problem: BaseException) -> None:
    """Log what failed by its type and place; its message could hold what was sent."""
    places = [place for place in traceback.extract_tb(problem.__traceback__)
              if Path(place.filename).is_relative_to(_PACKAGE)]  # fmt: skip
    where = f"{Path(places[-1].filename).name}:{places[-1].lineno}" if places else "an unknown place"
    log("hook failed", kind=type(problem).__name__, where=where)


async def _send(send: Send, status: int, made: Mapping[str, Any] | None, headers: dict[str, str]) -> None:
    content = b"" if made is None else json.dumps(made, default=_number).encode()
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    raw.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": content})


def _number(value: object) -> float:
    """Return a decimal as a JSON number: of a draft that goes back changed, its own numbers are decimals."""
    return float(str(value))
