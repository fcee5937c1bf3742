"""The page where courses are kept, asked as a browser without scripts asks it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from inotrope.course import Courses, open_store
from inotrope.web import Settings, create_app
from tests.moments import example_of_now
from tests.web.conftest import ADDRESS


@dataclass
class Page:
    """What came back."""

    status: int
    path: str
    source: str

    @property
    def text(self) -> str:
        """What is read, without its markup."""
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", self.source)).split())

    def hidden(self, name: str) -> str:
        """What a hidden field of it holds, the first of that name."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.source)
        assert found is not None, name
        return html.unescape(found[1])

    def form(self, action: str, *, last: bool = False) -> dict[str, str]:
        """What the form with an action sends, as it stands: its hidden fields and its boxes of text."""
        start = self.source.rpartition if last else self.source.partition
        fields = start(f'action="{action}"')[2].partition("</form>")[0]
        found = re.findall(
            r'<input(?: id="[^"]*")? type="(?:hidden|text)"[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', fields
        )
        found += re.findall(r'<input id="[^"]*" name="([^"]+)" type="text"[^>]*? value="([^"]*)"', fields)
        return {name: html.unescape(text) for name, text in found}


def carried(page: Page) -> dict[str, str]:
    """What a page carries, as its navigation sends it."""
    fields = page.source.partition('<form id="carry"')[2].partition("</form>")[0]
    return {name: html.unescape(text) for name, text in re.findall(r' name="([^"]+)" value="([^"]*)"', fields)}


class Ward:
    """A browser at one course."""

    def __init__(self, client: TestClient, store: Courses) -> None:
        self.client = client
        self.store = store

    def get(self, path: str) -> Page:
        answer = self.client.get(path)
        return Page(answer.status_code, answer.url.path, answer.text)

    def post(self, path: str, **fields: str) -> Page:
        return self.send(path, fields)

    def send(self, path: str, fields: dict[str, str]) -> Page:
        answer = self.client.post(path, data=fields)
        return Page(answer.status_code, answer.url.path, answer.text)

    def begun(self, example: str = "running-since-yesterday", label: str = "Bed 7") -> str:
        """Begin a course with an example of this hour, and return its id."""
        page = self.post("/courses", label=label, by="A. First", case=example_of_now(example))
        assert page.status == 200, page.text
        return page.path.rpartition("/")[2]

    def kinds(self, course: str) -> list[str]:
        return [event.kind for event in self.store.events(course)]

    def last(self, course: str) -> Any:
        return self.store.events(course)[-1]

    def typed(self, course: str, what: str, /, **fields: str) -> dict[str, str]:
        """The form of one kind of entry, filled in: the names of a row stand without what is in front of them."""
        page = self.get(f"/courses/{course}/record/{what}")
        action = f"/courses/{course}/record/{what}"
        names = re.findall(r'name="([^"]+)"', page.source.partition(f'action="{action}"')[2])
        sent = page.form(action) | {"by": "B. Second"}
        for key, text in fields.items():
            name = key.replace("__", ".")
            sent[next(one for one in names if one == name or one.endswith(f".{name}"))] = text
        return sent

    def entered(self, course: str, what: str, /, **fields: str) -> Page:
        return self.send(f"/courses/{course}/record/{what}", self.typed(course, what, **fields))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Courses]:
    with open_store(tmp_path / "courses.sqlite", create=True) as found:
        yield found


@pytest.fixture
def ward(store: Courses) -> Iterator[Ward]:
    with TestClient(create_app(Settings(workers=2), store=store), base_url=ADDRESS) as client:
        yield Ward(client, store)
