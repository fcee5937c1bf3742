"""The page of questions and answers: staff see what was worked out and its sources, families plain words."""

from __future__ import annotations

import re

from inotrope.display import to_html, to_markdown, to_text
from inotrope.display.faq_sheet import faq_sheet
from inotrope.display.sheet import Lines
from inotrope.patient import read_case
from inotrope.plan import NOTICE
from inotrope.plan.answers import answers
from tests.display.conftest import CASES


def test_staff_see_every_question_with_its_sources() -> None:
    found = answers(read_case(CASES / "running-since-yesterday.json"))
    sheet = faq_sheet(found)
    assert [section.title for section in sheet.sections[:-1]] == [answer.asks for answer in found.answers]
    assert sheet.sections[-1].title == "Sources"
    lines = [
        line
        for section in sheet.sections
        for block in section.blocks
        if isinstance(block, Lines)
        for line in block.lines
    ]
    assert all(line in lines for answer in found.answers for line in answer.computed)
    assert sheet.notice == NOTICE


def test_families_see_plain_words_and_no_dose() -> None:
    sheet = faq_sheet(answers(read_case(CASES / "running-since-yesterday.json")), family=True)
    text = to_text(sheet).split("-- Versions")[0]
    assert "How long will milrinone be given?" in text
    assert not re.search(r"mcg|mL/h|mg", text)
    assert "[1]" not in text


def test_every_medium_draws_it() -> None:
    sheet = faq_sheet(answers())
    assert "in plain words" not in to_text(sheet)
    for text in (to_html(sheet), to_markdown(sheet)):
        assert "Is milrinone addictive?" in text
