"""Nobody is offered a button or a link that would be refused: every page that a role opens, and all that it offers."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from inotrope.access.roles import Role
from inotrope.course.meaning.recording import Writer, record_case
from inotrope.web.guard.rights import needed
from tests.moments import example_of_now
from tests.web.entering import PASSWORDS, ROLES, Ward, log_in, proof

POSTED = ("/dose", "/order", "/drug", "/second-check", "/plan", "/case")


class Offered(HTMLParser):
    """What a page offers: links, and the buttons of its forms with where they send to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.asks: set[tuple[str, str]] = set()
        self._forms: dict[str | None, tuple[str, str]] = {}
        self._form: tuple[str, str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and has.get("href", "").startswith("/"):
            self.asks.add(("GET", plain(has["href"])))
        if tag == "form":
            self._form = self._forms[has.get("id")] = (has.get("method", "get").upper(), has.get("action", "/"))
        if tag == "button" and has.get("type", "submit") == "submit":
            # A form that stands further down is one of ours, that posts.
            form = self._forms.get(has["form"], ("POST", "/")) if "form" in has else self._form
            if form is not None:
                self.asks.add((form[0], plain(has.get("formaction", form[1]))))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def plain(address: str) -> str:
    return address.partition("#")[0].partition("?")[0]


@pytest.mark.parametrize("name", ROLES)
def test_a_role_is_offered_nothing_that_it_may_not(ward: Ward, name: str) -> None:
    course = ward.courses.new("bed 4", "adams").id
    case = example_of_now("running-since-yesterday")
    record_case(Writer(ward.courses, course, "adams", 1), case)
    user = ward.gate.users.find(name)
    assert user is not None
    csrf = log_in(ward.client, name)
    seen, wanted = set(), {"/", "/courses", "/audit", "/second-check", f"/courses/{course}"}

    def look(page: str, asked: str) -> set[str]:
        links = set()
        for method, path in Offered(page).asks:
            role = needed(method, path)
            assert role is None or role in user.may, (asked, method, path)
            links |= {path} if method == "GET" else set()
        return links

    while wanted - seen:
        path = min(wanted - seen)
        seen.add(path)
        found = ward.client.get(path)
        wanted |= look(found.text, path)
    for path in POSTED:
        found = ward.client.post(path, data={"case": case, "course": course, "seen": "2", "csrf": csrf})
        look(found.text, f"POST {path}")
    assert len(seen) > 4


def test_who_keeps_the_users_alone_starts_at_the_audit(ward: Ward) -> None:
    page = ward.client.get("/login")
    fields = {"name": "clark", "password": PASSWORDS["clark"], "to": "/", "csrf": proof(page.text)}
    done = ward.client.post("/login", data=fields, follow_redirects=False)
    assert done.headers["location"] == "/audit"
    assert ward.client.get("/login", follow_redirects=False).headers["location"] == "/audit"
    assert '<p class="name"><a href="/audit">' in ward.client.get("/courses").text  # refused, with a way on


def test_who_may_not_plan_is_told_what_they_may(ward: Ward) -> None:
    log_in(ward.client, "brown")
    start = ward.client.get("/").text
    assert "Your roles do not include <b>plan</b>" in start
    assert 'href="/second-check"' in start and 'href="/courses"' in start
    other = ward.browser()
    log_in(other, "davis")
    assert 'href="/second-check"' not in other.get("/").text
    assert "another person has to check" in other.get("/second-check").text
    assert Role.CONFIRM not in ROLES["davis"]
