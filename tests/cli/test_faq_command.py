"""`inotrope faq`: for staff, for a family, as JSON, in general and for a case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from inotrope.cli.main import main
from inotrope.plan import NOTICE
from inotrope.plan.schemas import answers_schema

EXAMPLE_SITE = Path(__file__).parents[2] / "inotrope" / "library" / "sites" / "example-site.toml"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["faq", *words]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_in_general(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys)
    assert "How long can milrinone be given?" in text
    assert "Is milrinone addictive?" in text
    assert NOTICE in text


def test_for_a_case_and_a_family(capsys: pytest.CaptureFixture[str]) -> None:
    staff = said(capsys, "running-since-yesterday")
    assert "It runs since" in staff
    family = said(capsys, "running-since-yesterday", "--for", "family")
    assert "It has been running since" in family
    assert "mcg" not in family
    assert NOTICE in family


@pytest.mark.parametrize("words", [(), ("running-since-yesterday",), ("no-creatinine", "--site", str(EXAMPLE_SITE))])
def test_as_json(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert main(["faq", *words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    Draft202012Validator(answers_schema()).validate(found)
    assert len(found["answers"]) == 6
    assert (found["made_for"] is None) == (words == ())


def test_a_case_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faq", "nobody"]) == 2
    assert "neither a file nor a shipped example" in capsys.readouterr().err
