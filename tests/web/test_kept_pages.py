"""Pages that are kept for the way back: by a handle alone, only so many, and never by a browser."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from inotrope.web.kept_pages import KeptPage, KeptPages

HANDLES = [f"{number:032x}" for number in range(10)]


def page(text: str = "x", path: str = "/plan") -> KeptPage:
    return KeptPage(path, (("case", text),))


def test_the_oldest_page_goes_first_and_a_new_one_takes_the_place_of_its_own() -> None:
    pages = KeptPages(most=2)
    for handle in HANDLES[:3]:
        assert pages.keep(handle, page())
    assert [pages.find(handle) is None for handle in HANDLES[:3]] == [True, False, False]
    assert pages.keep(HANDLES[1], page("y"))
    assert pages.find(HANDLES[1]) == page("y")
    assert pages.find(HANDLES[2]) == page()


def test_only_so_many_letters_are_kept() -> None:
    pages = KeptPages(most_letters=30)  # each has the four of its name, too
    for handle in HANDLES[:3]:
        pages.keep(handle, page("x" * 6))
    assert all(pages.find(handle) for handle in HANDLES[:3])
    pages.keep(HANDLES[3], page("x" * 16))
    assert [handle for handle in HANDLES if pages.find(handle)] == [HANDLES[2], HANDLES[3]]
    pages.keep(HANDLES[4], page("x" * 27))
    assert not any(pages.find(handle) for handle in HANDLES)  # larger than all that is kept


def test_nobody_has_the_pages_of_the_others_forgotten() -> None:
    pages = KeptPages(most=4)
    pages.keep(HANDLES[0], KeptPage("/plan", (("case", "x"),), "adams"))
    for handle in HANDLES[1:]:
        pages.keep(handle, KeptPage("/plan", (("case", "x" * 50),), "mallory"))
    assert pages.find(HANDLES[0], "adams") is not None
    assert [handle for handle in HANDLES if pages.find(handle, "mallory")] == HANDLES[-3:]


def test_what_is_taken_is_kept_no_longer() -> None:
    pages = KeptPages()
    pages.keep(HANDLES[0], page())
    assert pages.take(HANDLES[0]) == page()
    assert pages.take(HANDLES[0]) is None
    assert pages._letters == 0


@pytest.mark.parametrize(
    ("handle", "path"), [("", "/plan"), ("a" * 31, "/plan"), ("G" * 32, "/plan"), ("a" * 32, "//elsewhere")]
)
def test_what_is_no_handle_or_no_page_is_not_kept(client: TestClient, handle: str, path: str) -> None:
    sent = {"kept-handle": handle, "kept-path": path, "case": "{}"}
    assert client.post("/kept", data=sent).status_code == 422
    assert client.post("/kept/again", data={"kept-handle": handle}).status_code == 404


@pytest.mark.hazard("answer-lost-on-the-way")
def test_a_page_comes_again_as_it_was_kept_and_to_nobody_else(client: TestClient) -> None:
    sent = {"kept-handle": HANDLES[1], "kept-path": "/plan", "case": "{}", "answer": ["a=b", "c=d"]}
    assert client.post("/kept", data=sent).status_code == 204
    found = client.post("/kept/again", data={"kept-handle": HANDLES[1]})
    assert found.json() == {"path": "/plan", "sent": [["case", "{}"], ["answer", "a=b"], ["answer", "c=d"]]}
    assert found.headers["cache-control"] == "no-store"
    assert client.post("/kept/again", data={"kept-handle": HANDLES[2]}).status_code == 404
    foreign = {"origin": "http://elsewhere.example"}
    assert client.post("/kept/again", data={"kept-handle": HANDLES[1]}, headers=foreign).status_code == 403


def test_of_a_large_page_only_what_changed_since_is_sent_and_stands_in_its_place(client: TestClient) -> None:
    whole = {
        "kept-handle": HANDLES[3],
        "kept-path": "/plan",
        "case": "{}",
        "medicines": "old",
        "answer": ["a=b", "c=d"],
    }
    since = {"kept-handle": HANDLES[3], "kept-part": "yes", "medicines": "heparin", "kept-without": ["answer"]}
    assert client.post("/kept", data=since).status_code == 404  # the whole page was never kept
    client.post("/kept", data=whole)
    assert client.post("/kept", data=since).status_code == 204
    found = client.post("/kept/again", data={"kept-handle": HANDLES[3]}).json()
    assert found == {"path": "/plan", "sent": [["case", "{}"], ["medicines", "heparin"]]}


def test_nobody_changes_the_page_of_another_one() -> None:
    pages = KeptPages()
    assert pages.keep(HANDLES[0], KeptPage("/plan", (("case", "{}"),), "adams"))
    assert not pages.mend(HANDLES[0], KeptPage("", (("case", "other"),), "brown"), {"case"})
    assert pages.find(HANDLES[0], "adams") == KeptPage("/plan", (("case", "{}"),), "adams")
