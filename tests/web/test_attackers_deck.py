"""What an attacker tries at the page and its API, one after another: each is refused (docs/attackers-deck.md)."""

from __future__ import annotations

import asyncio
import html
import json
import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inotrope.access.gate import Gate
from inotrope.access.oidc.fetching import Fetcher
from inotrope.access.oidc.login import Login
from inotrope.access.oidc.settings import OidcSettings
from inotrope.access.roles import Role
from inotrope.access.sessions import IDLE_S, LONGEST_S
from inotrope.access.tokens import digest, new_token
from inotrope.errors import CourseError
from inotrope.patient.examples import read_example
from inotrope.web import Settings, create_app
from inotrope.web.cookies import session_cookie
from inotrope.web.entering import own_path
from inotrope.web.guard import Guard
from inotrope.web.guard.rights import PUBLIC, needed
from tests.web.entering import ADDRESS, PASSWORDS, Ward, log_in, open_ward, proof

pytestmark = pytest.mark.hazard("patient-read-by-others")
CASE = read_example("sound-adult")
NAME = "inotrope.ward.example"
ALLOWED = {
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/login/oidc"),
    ("POST", "/login/oidc"),
    ("GET", "/login/back"),
    ("POST", "/logout"),
    ("GET", "/api/v1/health"),
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/api/v1/who"),
    ("GET", "/static/sheet.css"),
}
"""What anybody may ask: nothing of it says anything of a patient."""


def routes(ward: Ward) -> list[tuple[str, str]]:
    found = []
    for part in ward.client.app.routes:  # type: ignore[attr-defined]
        for route in getattr(getattr(part, "original_router", None), "routes", [part]):
            for method in sorted(getattr(route, "methods", None) or ()):
                found.append((method, re.sub(r"\{[^}]*\}", "k7m2-q9xt-4bhw", route.path)))
    return found


def cookie(ward: Ward, client: TestClient) -> str:
    return str(client.cookies[session_cookie(ward.settings)])


# No session, and a session that is none -------------------------------------------------------------------------------


def test_without_a_session_no_page_and_no_answer_is_had(ward: Ward) -> None:
    asked = [route for route in routes(ward) if route not in ALLOWED and route[0] != "HEAD"]
    assert len(asked) > 40
    for method, path in asked:
        found = ward.client.request(method, path, data={"case": CASE} if method == "POST" else None)
        assert found.status_code == 401, (method, path)
        assert "milrinone:" not in found.text
    for method, path in ALLOWED:
        assert needed(method, path) is PUBLIC


@pytest.mark.parametrize(
    "forged",
    ["", "x", "admin", "1", "null", "A" * 43, "A" * 5_000, "%00", "' OR 1=1 --", "../../etc/passwd", "adams", "é" * 43],
)
def test_a_forged_token_is_nobodys(ward: Ward, forged: str) -> None:
    head = {"cookie": f"{session_cookie(ward.settings)}={forged}".encode("latin-1")}
    assert ward.client.get("/", headers=head).status_code == 401  # type: ignore[arg-type]


def test_what_the_database_keeps_of_a_session_opens_none(ward: Ward) -> None:
    log_in(ward.client)
    kept = digest(cookie(ward, ward.client))
    thief = ward.browser()
    thief.cookies.set(session_cookie(ward.settings), kept)
    assert thief.get("/").status_code == 401


def test_a_token_that_was_logged_out_is_not_played_again(ward: Ward) -> None:
    csrf = log_in(ward.client)
    stolen = cookie(ward, ward.client)
    ward.client.post("/logout", data={"csrf": csrf})
    thief = ward.browser()
    thief.cookies.set(session_cookie(ward.settings), stolen)
    assert thief.get("/").status_code == 401
    assert thief.post("/plan", data={"case": CASE, "csrf": csrf}).status_code == 401


@pytest.mark.parametrize("later", [IDLE_S + 1, LONGEST_S + 1])
def test_a_token_that_has_ended_opens_nothing(ward: Ward, later: int) -> None:
    log_in(ward.client)
    now = datetime.now(UTC).timestamp()
    ward.gate.sessions._clock = lambda: now + later
    assert ward.client.get("/").status_code == 401


@pytest.mark.parametrize("change", ["disable", "role", "password"])
def test_whoever_is_changed_is_out_with_the_next_request(ward: Ward, change: str) -> None:
    log_in(ward.client)
    changes = {
        "disable": lambda: ward.gate.users.disable("adams"),
        "role": lambda: ward.gate.users.give("adams", [Role.VIEW]),
        "password": lambda: ward.gate.users.set_password("adams", "quite other words here"),
    }
    changes[change]()
    assert ward.client.get("/").status_code == 401


def test_a_token_in_an_address_or_a_header_opens_nothing(ward: Ward) -> None:
    log_in(ward.client)
    token, thief = cookie(ward, ward.client), ward.browser()
    name = session_cookie(ward.settings)
    assert thief.get("/", params={name: token, "session": token}).status_code == 401
    assert thief.get("/", headers={"authorization": f"Bearer {token}", "x-session": token}).status_code == 401


# Session fixation -----------------------------------------------------------------------------------------------------


def test_a_session_that_somebody_planted_is_never_logged_in(ward: Ward) -> None:
    planted = new_token()
    ward.client.cookies.set(session_cookie(ward.settings), planted)
    page = ward.client.get("/login")
    fields = {"name": "adams", "password": PASSWORDS["adams"], "csrf": proof(page.text)}
    done = ward.client.post("/login", data=fields, follow_redirects=False)
    assert planted not in done.headers["set-cookie"]
    attacker = ward.browser()
    attacker.cookies.set(session_cookie(ward.settings), planted)
    assert attacker.get("/").status_code == 401


def test_a_token_is_another_after_each_login(ward: Ward) -> None:
    first = log_in(ward.client)
    before = cookie(ward, ward.client)
    second = log_in(ward.browser())
    page = ward.browser().get("/login")
    assert len({first, second, proof(page.text)}) == 3
    again = ward.client.post(
        "/login",
        data={"name": "brown", "password": PASSWORDS["brown"], "csrf": proof(ward.client.get("/").text)},
        follow_redirects=False,
    )
    assert again.status_code == 403  # the proof of a session is no proof of a login
    assert cookie(ward, ward.client) == before


# Wrong role -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/plan", "/plan/", "/case", "/courses", "/courses/k7m2/record/level", "/new-one"])
def test_whoever_may_only_look_writes_nothing(ward: Ward, path: str) -> None:
    csrf = log_in(ward.client, "davis")
    assert ward.client.post(path, data={"case": CASE, "label": "bed 4", "csrf": csrf}).status_code == 403
    assert ward.courses.list() == ()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "FOO"])
def test_another_word_for_sending_needs_the_same_role(ward: Ward, method: str) -> None:
    csrf = log_in(ward.client, "davis")
    assert ward.client.request(method, "/plan", headers={"x-csrf-token": csrf}).status_code == 403


def test_a_role_in_the_request_counts_for_nothing(ward: Ward) -> None:
    csrf = log_in(ward.client, "davis")
    fields = {"case": CASE, "csrf": csrf, "role": "plan", "roles": "plan", "who": "adams", "name": "adams"}
    heads = {"x-forwarded-user": "adams", "x-remote-user": "adams", "remote-user": "adams", "x-roles": "plan"}
    assert ward.client.post("/plan", data=fields, headers=heads).status_code == 403


def test_who_keeps_the_users_sees_no_patient(ward: Ward) -> None:
    ward.courses.new("bed 4", "adams", "k7m2")
    log_in(ward.client, "clark")
    for path in ("/", "/courses", "/courses/k7m2"):
        found = ward.client.get(path)
        assert found.status_code == 403
        assert "bed 4" not in found.text
    assert "bed 4" not in ward.client.get("/audit").text


def test_a_page_that_was_kept_for_the_way_back_is_its_owners(ward: Ward) -> None:
    csrf, handle = log_in(ward.client), "0123456789abcdef" * 2
    kept = {"kept-handle": handle, "kept-path": "/plan", "case": CASE, "csrf": csrf}
    assert ward.client.post("/kept", data=kept).status_code == 204
    mine = ward.client.post("/kept/again", data={"kept-handle": handle, "csrf": csrf})
    assert mine.json() == {"path": "/plan", "sent": [["case", CASE]]}
    ward.client.post("/logout", data={"csrf": csrf})
    assert ward.client.post("/kept/again", data={"kept-handle": handle, "csrf": csrf}).status_code == 401
    other = log_in(ward.client, "davis")
    assert ward.client.post("/kept/again", data={"kept-handle": handle, "csrf": other}).status_code == 404


# Sent by a foreign page (CSRF) ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [None, "", "0" * 64, "another"])
def test_what_does_not_carry_the_proof_of_the_session_is_not_done(ward: Ward, given: str | None) -> None:
    log_in(ward.client)
    other = log_in(ward.browser(), "brown")
    fields = {"case": CASE} | ({} if given is None else {"csrf": other if given == "another" else given})
    for path in ("/plan", "/courses", "/logout", "/second-check/open"):
        assert ward.client.post(path, data={**fields, "label": "bed 4"}).status_code == 403, path
    assert ward.client.get("/").status_code == 200
    assert ward.courses.list() == ()


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/json", "application/x-www-form-urlencoded;x", "multipart/form-data; boundary=x", ""],
)
def test_a_body_of_another_kind_carries_no_proof(ward: Ward, kind: str) -> None:
    log_in(ward.client)
    body = json.dumps({"case": json.loads(CASE)})
    found = ward.client.post("/api/v1/plan", content=body, headers={"content-type": kind})
    assert found.status_code == 403
    assert found.json()["error"]["kind"] == "access"


@pytest.mark.parametrize(
    "heads",
    [
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:9999", "sec-fetch-site": "same-site"},
    ],
)
def test_a_foreign_page_is_refused_even_with_the_proof(ward: Ward, heads: dict[str, str]) -> None:
    csrf = log_in(ward.client)
    found = ward.client.post("/plan", data={"case": CASE, "csrf": csrf}, headers=heads)
    assert found.status_code == 403
    assert "not ours" in found.text


def test_nobody_is_logged_in_by_a_foreign_page(ward: Ward) -> None:
    """Login CSRF: a victim who works in the attacker's name."""
    good = {"name": "adams", "password": PASSWORDS["adams"]}
    victim = ward.browser()
    victim.get("/login")
    own = proof(ward.client.get("/login").text)  # the attacker's own
    for csrf in ("", own):
        assert victim.post("/login", data={**good, "csrf": csrf}).status_code == 403
    bare = ward.browser()
    assert bare.post("/login", data={**good, "csrf": own}).status_code == 403
    assert victim.get("/").status_code == 401


def test_what_was_not_meant_is_not_offered_once_more_unless_a_browser_vouches_for_the_page(ward: Ward) -> None:
    log_in(ward.client)
    program = TestClient(ward.client.app, base_url=ADDRESS, cookies=dict(ward.client.cookies))
    page = program.post("/plan", data={"case": CASE, "csrf": "x"})
    assert page.status_code == 403
    assert "Send it again" not in page.text
    vouched = program.post("/plan", data={"case": CASE, "csrf": "x"}, headers={"origin": ADDRESS})
    assert "Send it again" in vouched.text


# Tricks of a path, a name and a header --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/static/../audit",
        "/static/%2e%2e/audit",
        "/static/..%2faudit",
        "/static/..%5caudit",
        "//audit",
        "/audit/",
        "/AUDIT",
        "/audit;x",
        "/audit%00",
        "/audit%20",
        "/login/../audit",
        "/login/%2e%2e/plan",
        "/./audit",
        "/api/v1/health/../drugs",
        "/static/%2e%2e/%2e%2e/inotrope/web/app.py",
        "/login/back/../../audit",
    ],
)
def test_no_way_of_writing_a_path_leads_around_the_login(ward: Ward, path: str) -> None:
    ward.gate.audit.write("adams", "marker-of-a-row", "200")
    found = ward.client.send(httpx2.Request("GET", httpx2.URL(ADDRESS).copy_with(raw_path=path.encode())))
    assert found.status_code in (401, 404), found.status_code
    assert "marker-of-a-row" not in found.text
    assert "create_app" not in found.text


@pytest.mark.parametrize(
    "heads",
    [
        {"x-forwarded-for": "127.0.0.1"},
        {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"},
        {"x-original-url": "/audit", "x-rewrite-url": "/audit"},
        {"x-http-method-override": "GET", "x-method-override": "GET"},
        {"forwarded": "for=127.0.0.1;host=evil.example"},
        {"host": "127.0.0.1:8480", "x-real-ip": "127.0.0.1"},
    ],
)
def test_no_header_leads_around_the_login(ward: Ward, heads: dict[str, str]) -> None:
    found = ward.client.get("/", headers=heads)
    assert found.status_code == 401
    assert "evil.example" not in found.text + str(found.headers)
    assert ward.client.post("/plan", data={"case": CASE}, headers=heads).status_code == 401


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "/x\r\nSet-Cookie: a=b",
        "/\u2028/evil.example",
        "",
    ],
)
def test_after_a_login_one_goes_on_here_and_nowhere_else(ward: Ward, to: str) -> None:
    """An open redirect, and a header put in by one."""
    assert own_path(to) == "/"
    page = ward.client.get("/login", params={"to": to, "next": to})
    fields = {"name": "adams", "password": PASSWORDS["adams"], "to": to, "csrf": proof(page.text)}
    done = ward.client.post("/login", data=fields, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert "a=b" not in str(done.headers)


def test_what_was_sent_before_goes_on_here_and_nowhere_else(ward: Ward) -> None:
    page = ward.client.get("/login")
    fields = {"name": "adams", "password": PASSWORDS["adams"], "to": "https://evil.example/", "sent.case": CASE}
    done = ward.client.post("/login", data={**fields, "csrf": proof(page.text)})
    assert 'action="/"' in done.text
    assert "evil.example" not in done.text


# Stored scripts -------------------------------------------------------------------------------------------------------

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_a_script_that_was_typed_is_text_wherever_it_is_shown(ward: Ward) -> None:
    page = ward.client.post("/plan", data={"case": SCRIPT, SCRIPT: SCRIPT})
    assert page.status_code == 401
    fields = {
        "name": SCRIPT,
        "password": SCRIPT,
        "to": f"/{SCRIPT}",
        f"sent.{SCRIPT}": SCRIPT,
        "csrf": proof(page.text),
    }
    wrong = ward.client.post("/login", data=fields)
    assert wrong.status_code == 401
    csrf = log_in(ward.client)
    pages = [page.text, wrong.text]
    begun = ward.client.post("/courses", data={"label": SCRIPT, "by": SCRIPT, "csrf": csrf})
    pages += [begun.text, ward.client.get("/courses").text]
    for course in ward.courses.list():
        pages.append(ward.client.get(f"/courses/{course.id}").text)
    pages.append(ward.client.post("/plan", data={"case": CASE, "csrf": "x", "do": SCRIPT}).text)
    ward.gate.audit.write(SCRIPT, SCRIPT, SCRIPT, address=SCRIPT)
    clark = ward.browser()
    log_in(clark, "clark")
    pages += [clark.get("/audit").text, clark.get("/audit", params={"course": SCRIPT}).text]
    for text in pages:
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in html.unescape(pages[-2]).replace("<", "&lt;").replace(">", "&gt;")


def test_no_page_runs_what_stands_in_it(ward: Ward) -> None:
    for path in ("/", "/login", "/audit", "/nowhere"):
        policy = ward.client.get(path).headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


# Brute force, and what an answer gives away ---------------------------------------------------------------------------


def guess(client: TestClient, name: str, password: str, csrf: str) -> httpx2.Response:
    return client.post("/login", data={"name": name, "password": password, "csrf": csrf})  # type: ignore[return-value]


def test_whoever_guesses_waits_and_the_right_guess_is_not_told(ward: Ward) -> None:
    csrf = proof(ward.client.get("/login").text)
    told = []
    for number in range(7):
        page = guess(ward.client, "adams", PASSWORDS["adams"] if number == 6 else f"wrong words {number}", csrf)
        assert page.status_code == 401
        told.append("Too much was tried" in page.text)
    assert told == [False] * 5 + [True] * 2


def test_whoever_locks_a_name_keeps_its_owner_out_of_no_browser_of_theirs(ward: Ward) -> None:
    csrf = log_in(ward.client)
    ward.client.post("/logout", data={"csrf": csrf})
    kept = ward.client.cookies["inotrope-browser-8480"]
    assert "adams" not in kept
    attacker = ward.browser()
    guesses = proof(attacker.get("/login").text)
    for number in range(6):
        guess(attacker, "adams", f"wrong words {number}", guesses)
    assert "Too much was tried" in guess(attacker, "adams", PASSWORDS["adams"], guesses).text
    log_in(ward.client)
    assert ward.gate.sessions.find(kept) is None  # it opens nothing by itself
    attacker.cookies.set("inotrope-browser-8480", "x" * 43 + "." + "0" * 32)
    assert "Too much was tried" in guess(attacker, "adams", PASSWORDS["adams"], guesses).text


def test_an_answer_does_not_say_whether_there_is_such_a_user(ward: Ward) -> None:
    """The words, the status, the headers and the work (tests/access) are the same; no clock is asked."""
    csrf = proof(ward.client.get("/login").text)
    ward.gate.users.disable("brown")
    answers = []
    for name in ("adams", "nobody", "brown"):
        page = guess(ward.client, name, "wrong words of a ward", csrf)
        heads = {key: value for key, value in page.headers.items() if key != "set-cookie"}
        heads["content-length"] = str(int(heads["content-length"]) - len(name))
        answers.append((page.status_code, page.text.replace(f'value="{name}"', ""), heads))
    assert answers[0] == answers[1] == answers[2]


def test_a_password_stands_in_no_page_log_or_row(ward: Ward, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        csrf = proof(ward.client.get("/login").text)
        page = guess(ward.client, "the secret typed as a name", "the secret itself", csrf)
        log_in(ward.client)
    token = cookie(ward, ward.client)
    kept = str(ward.gate.audit.rows()) + caplog.text
    assert "the secret itself" not in page.text + kept
    assert "the secret typed" not in kept
    assert PASSWORDS["adams"] not in kept
    assert token not in kept


# Who hangs up, and what fails -----------------------------------------------------------------------------------------


def hang_up(ward: Ward, begun: threading.Event, app: ASGIApp) -> list[Message]:
    """Ask an application behind the guard with a session, and hang up as soon as it has begun; return the answer."""
    head = f"{session_cookie(ward.settings)}={cookie(ward, ward.client)}".encode()
    scope = {
        **{"type": "http", "method": "GET", "path": "/courses", "query_string": b"", "client": ("10.1.2.3", 1)},
        **{"headers": [(b"host", b"127.0.0.1:8480"), (b"cookie", head)]},
    }
    messages: list[Message] = [{"type": "http.request", "body": b""}]
    answered: list[Message] = []

    async def receive() -> Message:
        if messages:
            return messages.pop()
        while not begun.is_set():
            await asyncio.sleep(0.001)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        answered.append(message)

    asyncio.run(Guard(app, ward.settings, ward.gate)(scope, receive, send))
    return answered


def test_whoever_hangs_up_stands_in_the_audit(ward: Ward) -> None:
    """An event could be written, and a page be made, of which the audit knew nothing."""
    begun = threading.Event()

    async def waits(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()
        await asyncio.sleep(60)

    log_in(ward.client)
    assert hang_up(ward, begun, waits) == []
    row = ward.gate.audit.rows(1)[0]
    assert (row.who, row.outcome, row.address) == ("adams", "gone", "10.1.2.3")


def test_whoever_hangs_up_while_it_is_written_takes_no_row_out(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    write, begun = ward.gate.audit.write, threading.Event()

    def slow(*given: Any, **named: Any) -> None:
        begun.set()
        time.sleep(0.05)
        write(*given, **named)

    async def answers(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})

    log_in(ward.client)
    monkeypatch.setattr(ward.gate.audit, "write", slow)
    hang_up(ward, begun, answers)
    assert [row.outcome for row in ward.gate.audit.rows(1)] == ["299"]


def test_what_fails_inside_stands_in_the_audit(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    log_in(ward.client)

    def fails(*_: object) -> None:
        raise KeyError("Adams, 82 kg")

    monkeypatch.setattr(type(ward.courses), "reading", fails)
    assert ward.client.get("/courses").status_code == 500
    row = ward.gate.audit.rows(1)[0]
    assert (row.who, row.did, row.outcome) == ("adams", "GET /courses", "500")


def test_a_database_that_cannot_puts_no_password_into_a_page(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another page offers to send once more what was sent; this one holds a password, and whoever asks is nobody."""

    def locked(*_: object, **__: object) -> None:
        raise CourseError("'/srv/ward.sqlite' is locked by another program.")

    page = ward.client.get("/login")
    monkeypatch.setattr(ward.gate.lockout, "begin", locked)
    fields = {"name": "adams", "password": PASSWORDS["adams"], "sent.case": CASE, "csrf": proof(page.text)}
    found = ward.client.post("/login", data=fields)
    assert found.status_code == 503
    assert PASSWORDS["adams"] not in found.text
    assert "/srv/" not in found.text
    assert 'name="sent.case"' in found.text  # what was typed before is kept


@pytest.mark.parametrize("coding", ["undefined", "no-such", "idna", "hex", "utf-7", "punycode"])
def test_a_form_in_a_coding_that_is_none_is_told_and_fails_nothing(ward: Ward, coding: str) -> None:
    body = b'--x\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n\xffzz\r\n--x--'
    kind = f"multipart/form-data; boundary=x; charset={coding}"
    for path in ("/login", "/plan"):
        found = ward.client.post(path, content=body, headers={"content-type": kind})
        assert found.status_code in (400, 401, 403)


# By HTTPS, behind a proxy ---------------------------------------------------------------------------------------------


@pytest.fixture
def proxied(sqlite_form: Path, tmp_path: Path, ward: Ward) -> Iterator[Ward]:
    """A server behind the proxy at 10.0.0.5."""
    folder = tmp_path / "proxied"
    folder.mkdir()
    settings = Settings(workers=1, login=True, secure=True, hosts=(NAME,), proxies=("10.0.0.5",))
    found = open_ward(sqlite_form, folder, settings, f"https://{NAME}")
    found.client = TestClient(
        found.client.app, base_url=f"https://{NAME}", headers={"sec-fetch-site": "same-origin"}, client=("10.0.0.5", 1)
    )
    with found.client:
        yield found


def test_by_https_a_cookie_is_this_hosts_alone(proxied: Ward) -> None:
    page = proxied.client.get("/login")
    fields = {"name": "adams", "password": PASSWORDS["adams"], "csrf": proof(page.text)}
    done = proxied.client.post("/login", data=fields, headers={"origin": f"https://{NAME}"}, follow_redirects=False)
    session = next(item for item in done.headers.get_list("set-cookie") if "session" in item)
    assert session.startswith("__Host-inotrope-session=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=strict"} <= set(session.split("; "))
    assert "Domain" not in session
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    in_the_open = proxied.client.post("/login", data=fields, headers={"origin": f"http://{NAME}"})
    assert in_the_open.status_code == 403


def test_who_comes_beside_the_proxy_is_refused(proxied: Ward) -> None:
    beside = TestClient(proxied.client.app, base_url=f"https://{NAME}", client=("10.0.0.9", 1))
    found = beside.get("/login", headers={"x-forwarded-for": "10.0.0.5"})
    assert found.status_code == 403
    assert "is not asked beside it" in found.text


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ({"x-forwarded-for": "192.0.2.7"}, "192.0.2.7"),
        ({"x-forwarded-for": "127.0.0.1, 192.0.2.7"}, "192.0.2.7"),  # the first is what the attacker wrote
        ({"x-forwarded-for": "192.0.2.7, 10.0.0.5"}, "192.0.2.7"),
        ({"x-forwarded-for": "192.0.2.7:50123"}, "192.0.2.7"),
        ({"x-forwarded-for": "127.0.0.1, ::ffff:192.0.2.7"}, "192.0.2.7"),
        ({"x-forwarded-for": "192.0.2.7, ::ffff:10.0.0.5"}, "192.0.2.7"),
        ({"x-forwarded-for": "127.0.0.1, <script>, unknown"}, "10.0.0.5"),  # what stands before is not believed instead
        ({}, "10.0.0.5"),
    ],
)
def test_an_address_is_believed_as_the_proxy_saw_it(proxied: Ward, told: dict[str, str], counts: str) -> None:
    csrf = proof(proxied.client.get("/login").text)
    fields = {"name": "adams", "password": "wrong words of a ward", "csrf": csrf}
    proxied.client.post("/login", data=fields, headers=told)
    assert proxied.gate.audit.rows()[0].address == counts


def test_a_proxy_is_known_as_a_server_on_both_kinds_of_address_is_told_it(proxied: Ward) -> None:
    app = proxied.client.app
    mapped = TestClient(app, base_url=f"https://{NAME}", client=("::ffff:10.0.0.5", 1))
    assert mapped.get("/login", headers={"x-forwarded-for": "192.0.2.7"}).status_code == 200
    other = TestClient(app, base_url=f"https://{NAME}", client=("::ffff:10.0.0.9", 1))
    assert other.get("/login").status_code == 403


def test_machines_of_the_older_kind_are_not_locked_out_together(ward: Ward) -> None:
    """A server that listens on both kinds is told them all with one beginning."""
    fields = {"name": "adams", "password": "wrong words of a ward"}
    guesser = TestClient(ward.client.app, base_url=ADDRESS, client=("::ffff:10.0.0.9", 1))
    csrf = proof(guesser.get("/login").text)
    for number in range(31):
        told = guesser.post("/login", data={**fields, "name": f"n{number}", "csrf": csrf}).text
    assert "Too much was tried" in told
    owner = TestClient(ward.client.app, base_url=ADDRESS, client=("::ffff:10.0.0.7", 1))
    log_in(owner)
    assert ward.gate.audit.rows(1)[0].address == "10.0.0.7"


# The hospital's own login; the tokens themselves are in tests/access/oidc ---------------------------------------------

ISSUER = "https://login.ward.example"


@pytest.fixture
def hospital(ward: Ward) -> Iterator[tuple[TestClient, dict[str, str]]]:
    """A browser at a server that has the hospital's own login, and what that login says beside the usual."""
    key, says = ECKey.generate_key("P-256", {"kid": "one"}), {"sub": "77", "preferred_username": "evans"}
    settings = OidcSettings(ISSUER, "inotrope", ADDRESS, {Role.PLAN: frozenset({"doctors"})})

    def carry(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.startswith("/.well-known"):
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            return httpx2.Response(
                200, json={"issuer": ISSUER, **{name: f"{ISSUER}/{path}" for name, path in places.items()}}
            )
        if request.url.path == "/keys":
            return httpx2.Response(200, json=KeySet([key]).as_dict(private=False))
        now = int(datetime.now(UTC).timestamp())
        claims = {"iss": ISSUER, "aud": "inotrope", "iat": now, "exp": now + 60, "groups": ["doctors"], **says}
        return httpx2.Response(200, json={"id_token": jwt.encode({"alg": "ES256", "kid": "one"}, claims, key)})

    gate = Gate(ward.courses.database, Login(settings, fetcher=Fetcher(settings, httpx2.MockTransport(carry))))
    app = create_app(ward.settings, gate)
    with TestClient(app, base_url=ADDRESS, headers={"sec-fetch-site": "same-origin"}) as found:
        yield found, says


def begun(client: TestClient, says: dict[str, str], **sent: str) -> dict[str, str]:
    page = client.post("/login/oidc", data={**sent, "csrf": proof(client.get("/login").text)})
    to = re.search(r'<meta http-equiv="refresh" content="0;url=([^"]*)">', page.text)
    assert page.status_code == 200 and to is not None, page.text
    asked = dict(httpx2.URL(html.unescape(to[1])).params)
    assert html.unescape(to[1]).startswith(f"{ISSUER}/authorize?")
    says["nonce"] = asked["nonce"]
    return {"code": "c", "state": asked["state"]}


def test_whoever_comes_back_from_it_is_in_by_a_page_of_ours(hospital: tuple[TestClient, dict[str, str]]) -> None:
    client, says = hospital
    assert "the hospital's own login" in html.unescape(client.get("/login").text)
    back = client.get("/login/back", params=begun(client, says), headers={"sec-fetch-site": "cross-site"})
    assert back.status_code == 200
    assert '<meta http-equiv="refresh" content="0;url=/">' in back.text
    assert client.get("/api/v1/who").json()["name"] == "evans"


def test_a_way_back_is_not_played_again_nor_pushed_into_another_browser(
    hospital: tuple[TestClient, dict[str, str]],
) -> None:
    client, says = hospital
    asked = begun(client, says)
    victim = TestClient(client.app, base_url=ADDRESS)
    pushed = victim.get("/login/back", params=asked)
    assert pushed.status_code == 401
    assert "no login that was begun in this browser" in pushed.text
    asked = begun(client, says)
    assert client.get("/login/back", params=asked).status_code == 200
    client.cookies.clear()
    for params in (asked, {**asked, "state": "x"}, {"error": "access_denied"}, {}):
        assert client.get("/login/back", params=params).status_code == 401
    asked = begun(client, says)
    assert client.get("/login/back", params={**asked, "iss": "https://evil.example"}).status_code == 401
    asked = begun(client, says)
    says["nonce"] = "of another login"
    assert client.get("/login/back", params=asked).status_code == 401


def test_no_foreign_page_begins_a_login_in_a_browser(hospital: tuple[TestClient, dict[str, str]]) -> None:
    """Else it would put whom the hospital's login still knows in the place of whoever is logged in here."""
    client, _ = hospital
    page = client.get("/login/oidc", follow_redirects=False)
    assert page.status_code == 200
    assert "location" not in page.headers
    assert 'http-equiv="refresh"' not in page.text
    client.get("/login")
    for fields in ({}, {"csrf": "0" * 64}):
        assert client.post("/login/oidc", data=fields).status_code == 403
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert client.post("/login/oidc", data={"csrf": proof(page.text)}, headers=foreign).status_code == 403


def test_what_was_typed_goes_on_after_the_hospitals_own_login_in_the_same_browser_alone(
    hospital: tuple[TestClient, dict[str, str]],
) -> None:
    client, says = hospital
    page = client.post("/plan", data={"case": CASE})
    assert page.status_code == 401
    form = page.text.partition('action="/login/oidc"')[2].partition("</form>")[0]
    sent = {name: html.unescape(text) for name, text in re.findall(r'name="([^"]*)" value="([^"]*)"', form)}
    assert (sent["sent.case"], sent["to"]) == (CASE, "/plan")
    del sent["csrf"]
    asked = begun(client, says, **sent)
    other = TestClient(client.app, base_url=ADDRESS)
    assert CASE not in html.unescape(other.get("/login/back", params=asked).text)
    lost = client.get("/login/back", params={**asked, "state": "x"})  # refused: nothing of it is lost
    assert lost.status_code == 401
    kept = {name: html.unescape(text) for name, text in re.findall(r'name="([^"]*)" value="([^"]*)"', lost.text)}
    assert kept["sent.case"] == CASE
    back = client.get("/login/back", params=begun(client, says, **{"sent.case": CASE, "to": "/plan"}))
    assert back.status_code == 200
    assert 'action="/plan"' in back.text and html.escape(CASE, quote=True)[:40] in back.text.replace("&#34;", "&quot;")
    assert 'http-equiv="refresh"' not in back.text  # nothing is sent before somebody presses
    assert client.get("/api/v1/who").json()["name"] == "evans"
    assert not client.app.state.kept_while_away._kept  # type: ignore[attr-defined]


def test_the_way_to_the_hospitals_own_login_goes_nowhere_else_afterward(
    hospital: tuple[TestClient, dict[str, str]],
) -> None:
    client, says = hospital
    back = client.get("/login/back", params=begun(client, says, to="//evil.example/", **{"sent.a": "b"}))
    assert "evil.example" not in back.text


def test_whoever_asks_without_end_for_the_hospitals_own_login_holds_no_place_of_the_others(
    hospital: tuple[TestClient, dict[str, str]],
) -> None:
    client, _ = hospital
    logins = client.app.state.logins  # type: ignore[attr-defined]
    logins._by_hospital._under_way = 20
    csrf = proof(client.get("/login").text)
    busy = client.post("/login/oidc", data={"csrf": csrf, "sent.case": CASE})
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
    assert 'name="sent.case"' in busy.text
    assert client.get("/login/back", params={"state": "x"}).status_code == 503
    password = guess(client, "adams", PASSWORDS["adams"], csrf)
    assert password.history[0].status_code == 303  # who has a password is in as ever


def test_a_login_that_cannot_be_reached_is_told_and_lets_nobody_in(ward: Ward) -> None:
    def carry(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(502)

    settings = OidcSettings(ISSUER, "inotrope", ADDRESS, {Role.PLAN: frozenset({"doctors"})})
    login = Login(settings, fetcher=Fetcher(settings, httpx2.MockTransport(carry)))
    client = TestClient(create_app(ward.settings, Gate(ward.courses.database, login)), base_url=ADDRESS)
    page = client.post("/login/oidc", data={"csrf": proof(client.get("/login").text), "sent.case": CASE, "to": "/plan"})
    assert page.status_code == 401
    assert "cannot be reached at the moment" in page.text
    assert 'name="sent.case"' in page.text
    assert ward.client.get("/login/oidc").status_code == 404  # where there is none
    csrf = proof(ward.client.get("/login").text)
    assert ward.client.post("/login/oidc", data={"csrf": csrf}).status_code == 404
