"""A screen, asked as a browser without scripts asks it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from inotrope.patient.examples import read_example


@dataclass
class Page:
    """What came back."""

    status: int
    source: str

    @property
    def text(self) -> str:
        """What is read, without its markup."""
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", self.source)).split())

    @property
    def case(self) -> str:
        """The case that it carries; empty for none."""
        found = re.search(r'name="case" value="([^"]*)"', self.source)
        return "" if found is None else html.unescape(found[1])

    def hidden(self, name: str) -> str:
        """What a hidden field of it holds, the first of that name."""
        found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', self.source)
        assert found is not None, name
        return html.unescape(found[1])


class Ward:
    """A browser at one screen after the other."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str) -> Page:
        answer = self.client.get(path)
        return Page(answer.status_code, answer.text)

    def post(self, path: str, example: str = "", *, case: str = "", part: bool = False, **fields: str) -> Page:
        """Send a form; of an example, of a case, or of none."""
        text = read_example(example) if example else case
        sent = ({"case": text} if text else {}) | {name.replace("__", "-"): value for name, value in fields.items()}
        answer = self.client.post(path, data=sent, headers={"hx-request": "true"} if part else {})
        return Page(answer.status_code, answer.text)


@pytest.fixture
def ward(client: TestClient) -> Ward:
    return Ward(client)
