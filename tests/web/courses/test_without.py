"""A server that keeps no courses: the page is as it ever was, and says how courses are had."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from inotrope.patient.examples import read_example


def test_nothing_of_courses_is_shown(client: TestClient) -> None:
    for page in (client.get("/"), client.post("/plan", data={"case": read_example("sound-adult")})):
        assert page.status_code == 200 and "course" not in page.text.replace("course.css", "").lower()
    assert client.cookies.jar._cookies == {}  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/courses", "/courses/k7m2-q9xt-4bhw", "/courses/k7m2-q9xt-4bhw/handover"])
def test_who_asks_for_one_is_told_how_they_are_had(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 422 and "inotrope serve --database" in page.text


def test_a_page_of_another_server_that_carries_one_is_told(client: TestClient) -> None:
    page = client.post("/plan", data={"case": read_example("sound-adult"), "course": "a", "seen": "1"})
    assert page.status_code == 422 and "keeps no courses" in page.text
