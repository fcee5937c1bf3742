"""Logging in and out in the page: where one was going, what one had sent, and what is told to whom."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys

import pytest
from starlette.testclient import TestClient

from inotrope.access.sessions import IDLE_S
from inotrope.patient.examples import read_example
from tests.web.entering import PASSWORDS, Ward, log_in, proof

CASE = read_example("sound-adult")


def test_without_users_nobody_is_asked_and_there_is_no_login(client: TestClient) -> None:
    for path in ("/login", "/login/oidc", "/login/back", "/audit"):
        assert client.get(path).status_code == 404
    assert client.post("/logout").status_code == 404
    told = client.get("/api/v1/who").json()
    assert told == {"name": "", "roles": ["administer", "confirm", "plan", "view"], "way": "open", "csrf": ""}
    assert 'name="csrf"' not in client.get("/").text
    assert "set-cookie" not in client.get("/").headers


def test_a_server_that_keeps_nothing_loads_no_database() -> None:
    asked = "import sys; from inotrope.web import create_app; create_app()"
    program = f"{asked}; print({{'sqlalchemy', 'argon2', 'joserfc', 'httpx2'}} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "set()"


def test_whoever_is_nobody_sees_the_login_and_goes_on_where_they_wanted(ward: Ward) -> None:
    page = ward.client.get("/drug")
    assert page.status_code == 401
    assert "<h1>Log in</h1>" in page.text
    fields = {"name": "Adams", "password": PASSWORDS["adams"], "to": "/drug", "csrf": proof(page.text)}
    assert '<input type="hidden" name="to" value="/drug">' in page.text
    done = ward.client.post("/login", data=fields, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/drug")
    start = ward.client.get("/").text
    assert "<b>adams</b> (confirm, plan, view)</span>" in start
    assert ward.client.get("/login", follow_redirects=False).headers["location"] == "/"


def test_every_answer_that_was_sent_when_a_session_had_ended_goes_on_after_the_login(ward: Ward) -> None:
    answers = ["support.none=yes", "allergies=none"]
    page = ward.client.post("/plan/change", data={"case": CASE, "answer": answers}).text
    assert re.findall(r'name="sent.answer" value="([^"]*)"', page) == answers
    login = {"name": "adams", "password": PASSWORDS["adams"], "csrf": proof(page), "sent.answer": answers}
    done = ward.client.post("/login", data={**login, "to": "/plan/change", "sent.case": CASE}).text
    assert re.findall(r'name="answer" value="([^"]*)"', done) == answers


def test_what_was_sent_when_a_session_had_ended_goes_on_after_the_login(ward: Ward) -> None:
    csrf = log_in(ward.client)
    ward.gate.sessions._clock = lambda: 9e9  # the session ended meanwhile
    page = ward.client.post("/plan", data={"case": CASE, "csrf": csrf})
    assert page.status_code == 401
    assert "kept in this page, and not yet done" in page.text
    kept = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text))
    assert html.unescape(kept["sent.case"]) == CASE
    assert "sent.csrf" not in kept
    ward.gate.sessions._clock = lambda: 9e9 + IDLE_S * 10
    fields = {name: html.unescape(value) for name, value in kept.items()}
    wrong = ward.client.post("/login", data={**fields, "name": "adams", "password": "wrong words"})
    assert wrong.status_code == 401
    assert "do not belong together" in wrong.text
    assert 'name="sent.case"' in wrong.text
    assert "wrong words" not in wrong.text
    fields["csrf"] = proof(wrong.text)
    done = ward.client.post("/login", data={**fields, "name": "adams", "password": PASSWORDS["adams"]})
    assert "<h1>Logged in</h1>" in done.text
    assert 'action="/plan"' in done.text
    again = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', done.text.split("<main")[1]))
    plan = ward.client.post("/plan", data={name: html.unescape(value) for name, value in again.items()})
    assert plan.status_code == 200
    assert "milrinone: infusion plan" in plan.text


def test_a_page_of_before_the_last_login_is_sent_once_more(ward: Ward) -> None:
    old = log_in(ward.client)
    ward.client.post("/logout", data={"csrf": old})
    log_in(ward.client)
    page = ward.client.post("/plan", data={"case": CASE, "csrf": old})
    assert page.status_code == 403
    assert "Send it again" in page.text
    again = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text.split("<main")[1]))
    assert again["csrf"] != old
    plan = ward.client.post("/plan", data={name: html.unescape(value) for name, value in again.items()})
    assert plan.status_code == 200


def test_logging_out_ends_the_session_and_takes_the_cookie(ward: Ward) -> None:
    csrf = log_in(ward.client)
    stolen = dict(ward.client.cookies)
    done = ward.client.post("/logout", data={"csrf": csrf}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/login")
    assert done.headers["clear-site-data"] == '"cache"'
    assert 'inotrope-session-8480=""' in done.headers["set-cookie"]
    ward.client.cookies.update(stolen)
    assert ward.client.get("/").status_code == 401
    assert ward.client.post("/logout", follow_redirects=False).headers["location"] == "/login"


@pytest.mark.parametrize(
    ("name", "may", "may_not"),
    [
        ("adams", ["/", "/plan", "/second-check/enter", "/api/v1/plan"], ["/audit"]),
        ("brown", ["/", "/second-check/enter", "/dose"], ["/plan", "/audit", "/api/v1/plan"]),
        ("clark", ["/audit"], ["/", "/plan", "/second-check/enter", "/api/v1/drugs", "/api/v1/plan"]),
        (
            "davis",
            ["/", "/dose", "/order", "/api/v1/drugs"],
            ["/plan", "/second-check/enter", "/audit", "/nowhere-post"],
        ),
    ],
)
def test_each_role_opens_what_it_is_for(ward: Ward, name: str, may: list[str], may_not: list[str]) -> None:
    csrf = log_in(ward.client, name)
    posted = {"/plan": {"case": CASE}, "/api/v1/plan": None, "/dose": {}, "/order": {}, "/nowhere-post": {}}

    def ask(path: str) -> int:
        if path not in posted:
            return ward.client.get(path).status_code
        fields = posted[path]
        if fields is None:
            return ward.client.post(path, json={"case": json.loads(CASE)}, headers={"X-CSRF-Token": csrf}).status_code
        return ward.client.post(path, data={**fields, "csrf": csrf}).status_code

    allowed = {path: ask(path) for path in may}
    assert set(allowed.values()) <= {200, 404}, allowed  # 404: no check is open under no code
    assert {path: ask(path) for path in may_not} == dict.fromkeys(may_not, 403)


def test_what_a_role_lacks_is_told_in_words_and_as_an_error(ward: Ward) -> None:
    csrf = log_in(ward.client, "davis")
    page = ward.client.post("/plan", data={"case": CASE, "csrf": csrf})
    assert "needs the role &#39;plan&#39;" in page.text
    told = ward.client.post("/api/v1/plan", json={}, headers={"x-csrf-token": csrf}).json()["error"]
    assert (told["kind"], told["accepted"]) == ("access", "plan")


def test_the_api_without_a_session_is_refused_in_the_one_shape(ward: Ward) -> None:
    found = ward.client.post("/api/v1/plan", json={"case": json.loads(CASE)})
    assert found.status_code == 401
    assert set(found.json()["error"]) == {"kind", "says", "value", "accepted", "where"}
    assert ward.client.get("/api/v1/health").status_code == 200
    assert ward.client.get("/api/v1/who").json() == {"name": "", "roles": [], "way": "none", "csrf": ""}


def test_every_form_that_is_posted_carries_the_proof(ward: Ward) -> None:
    csrf = log_in(ward.client)
    carried = {"case": CASE, "csrf": csrf}
    pages = [ward.client.get(path).text for path in ("/", "/order", "/dose", "/second-check", "/drug")]
    posted = ("/case", "/plan", "/levels", "/target", "/circulation", "/order", "/dose", "/second-check", "/drug")
    pages += [ward.client.post(path, data=carried).text for path in posted]
    forms = [form for page in pages for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL)]
    with_post = [form for form in forms if 'method="post"' in form]
    assert len(with_post) > 30
    assert all(f'name="csrf" value="{csrf}"' in form for form in with_post)
    assert not any("csrf" in form for form in forms if 'method="get"' in form)


def test_the_audit_tells_who_asked_what(ward: Ward) -> None:
    csrf = log_in(ward.client)
    ward.client.post("/plan", data={"case": CASE, "csrf": csrf})
    ward.client.post("/dose", data={"csrf": csrf})  # asked anew with each key: not noted
    ward.client.get("/nowhere")
    ward.client.get("/audit")
    clark = ward.browser()
    log_in(clark, "clark")
    page = clark.get("/audit")
    assert page.status_code == 200
    rows = [(row.who, row.did, row.outcome) for row in reversed(ward.gate.audit.rows())]
    assert [row for row in rows if row[0] == "adams"] == [
        ("adams", "login", "done"),
        ("adams", "GET /api/v1/who", "200"),
        ("adams", "POST /plan", "200"),
        ("adams", "GET (no page)", "404"),
        ("adams", "GET (no page)", "403"),
    ]
    assert "<td>POST /plan</td>" in page.text
    assert "Prove that none of them was changed" in page.text
    assert "each fits the one before" in clark.get("/audit", params={"prove": "yes"}).text
    assert ward.gate.audit.verify()[1] == ()


def test_the_audit_has_pages_and_one_course_alone(ward: Ward) -> None:
    for number in range(101):
        ward.gate.audit.write("adams", "GET /courses/{course}", "200", course="k7m2" if number == 50 else "other")
    clark = ward.browser()
    log_in(clark, "clark")
    first = clark.get("/audit").text
    earlier = re.search(r'href="(/audit\?before=\d+)"', first)
    assert earlier is not None
    assert "<td>1</td>" in clark.get(earlier[1]).text
    assert clark.get("/audit", params={"course": "k7m2"}).text.count("<td>GET /courses/{course}</td>") == 1
    assert "Nothing was noted" in clark.get("/audit", params={"course": "none", "before": "x"}).text


def test_a_broken_audit_is_said_on_its_page(ward: Ward) -> None:
    from sqlalchemy import text

    log_in(ward.client, "clark")
    with ward.courses.database.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET who = 'davis' WHERE number = 1"))
    assert "row 1 is not what was written" in ward.client.get("/audit", params={"prove": "yes"}).text


def test_too_many_logins_at_once_are_told_to_come_again(ward: Ward) -> None:
    page = ward.client.get("/login")
    ward.client.app.state.logins._by_password._under_way = 20  # type: ignore[attr-defined]
    fields = {"name": "adams", "password": PASSWORDS["adams"], "csrf": proof(page.text)}
    busy = ward.client.post("/login", data=fields)
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
    assert PASSWORDS["adams"] not in busy.text
