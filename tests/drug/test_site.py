"""A hospital's own file settles what the label leaves open, and nothing else."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from inotrope.drug import read_site
from inotrope.errors import FileError, InotropeError


@pytest.fixture
def site(tmp_path: Path):
    def read(text: str):
        path = tmp_path / "site.toml"
        path.write_text(text, encoding="utf-8")
        return read_site(path)

    return read


def test_a_site_may_settle_the_load_and_the_step(site) -> None:
    text = '[load]\nfrom_premix = true\n\n[pump]\nstep = "0.5 mL/h"\n'
    found = site(text)
    assert (found.load_from_premix, str(found.pump_step)) == (True, "0.5 mL/h")
    assert found.digest == hashlib.sha256(text.encode()).hexdigest()


def test_what_a_site_does_not_say_stays_open(site) -> None:
    found = site("# nothing settled\n")
    assert (found.load_from_premix, found.pump_step) == (False, None)


@pytest.mark.parametrize(
    ("text", "says", "line", "key"),
    [
        ("[limits]\nmaximum = 2\n", "'limits' is not a table of a site's file", 1, "limits"),
        ("pump = 3\n", "'pump' is not a table", 1, "pump"),
        ('[pump]\nsteps = "1 mL/h"\n', "the nearest known: 'step'", 2, "pump.steps"),
        ('[load]\nfrom_premix = "yes"\n', "'yes' is neither true nor false", 2, "load.from_premix"),
        ('[pump]\nstep = "0.1 mL"\n', "which measures volume", 2, "pump.step"),
        ("[pump]\nstep = 0.1\n", "has no unit", 2, "pump.step"),
    ],
)
def test_what_a_site_may_not_say(site, *, text: str, says: str, line: int, key: str) -> None:
    with pytest.raises(InotropeError) as caught:
        site(text)
    assert says in caught.value.says
    assert caught.value.where == f"site.toml, line {line}: {key}"


def test_a_site_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        read_site(tmp_path / "site.toml")
