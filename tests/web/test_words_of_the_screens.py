"""The screens speak of fields and buttons: no option of the command line, no key of a JSON file, no way to call it."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import inotrope
from inotrope.patient.examples import read_example
from inotrope.web.drawing import SCREENS

CASES = Path(inotrope.__file__).parent / "library" / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.json"))
ALIKE = ("/drug", "/dose", "/order")
"""Screens that show every case alike."""
PATHS = (*(screen.path for screen in SCREENS if screen.path not in ALIKE), "/print", "/what-if")
FOREIGN = re.compile(r"(?<![-\w])--[a-z]|\binotrope [a-z]+ [A-Z-]|\"[a-z_]+\":|'[a-z-]+=")
"""An option, a command with its argument, a key of JSON, an option's value."""


def words(source: str) -> str:
    """Return what a page says, without what somebody typed."""
    bare = re.sub(r"<(script|style|textarea)\b[^>]*>.*?</\1>|<input\b[^>]*>", "", source, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", bare)).split())


@pytest.mark.parametrize("name", NAMES)
def test_no_screen_of_a_shipped_case_speaks_as_the_command_line(client: TestClient, name: str) -> None:
    for path in (*PATHS, *(ALIKE if name == "sound-adult" else ())):
        page = client.post(path, data={"case": read_example(name)})
        assert page.status_code == 200
        assert FOREIGN.search(words(page.text)) is None, path


@pytest.mark.parametrize("view", ["", "family"])
def test_no_drug_page_does(client: TestClient, view: str) -> None:
    assert FOREIGN.search(words(client.get(f"/drug?drug=milrinone&view={view}").text)) is None


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/plan", {"filled": "1", "drug": "milrinone"}),
        ("/plan", {"filled": "1", "drug": "milrinone", "now": "2026-11-22T08:00:00+01:00", "indication": "x"}),
        ("/plan/change", {"do": "override:low-pressure-at-start", "reason.low-pressure-at-start": "aaaaaaaa"}),
        ("/plan/change", {"do": "assume", "assume": "60"}),
        ("/what-if", {"change": "rate", "rate": ""}),
        ("/what-if", {"change": "pause", "pause": "2", "pause-after": "x"}),
        ("/levels/add", {"what": "concentration", "value": "200", "unit": "ng/mL", "at": ""}),
        ("/target", {"search": "yes", "penalty": "x"}),
        ("/circulation", {"regimen": "5 mL/h"}),
    ],
)
def test_no_error_does(client: TestClient, path: str, fields: dict[str, str]) -> None:
    sent = fields if "filled" in fields else {"case": read_example("low-pressure"), **fields}
    page = client.post(path, data=sent)
    assert page.status_code == 422
    assert FOREIGN.search(words(page.text)) is None
