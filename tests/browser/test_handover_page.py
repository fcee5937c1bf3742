"""The hand-over is one page of paper, whatever the patient's evening was like."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inotrope.course.meaning.folding import fold
from inotrope.course.meaning.handover import handover
from inotrope.course.meaning.recording import note, record_case, record_given, record_reading
from inotrope.display import to_html
from inotrope.display.handover_sheet import handover_sheet
from tests.course.meaning.story import three_days
from tests.course.meaning.ward import at, rate, reading, ward

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MOMENTS = {
    "a quiet noon": "2026-11-22T12:10:00+01:00",
    "a night with a pause": "2026-11-23T02:05:00+01:00",
    "failing kidneys": "2026-11-23T20:21:00+01:00",
    "CRRT, and stopped": "2026-11-24T20:00:00+01:00",
}


@pytest.mark.parametrize("when", MOMENTS.values(), ids=MOMENTS)
def test_a_hand_over_is_one_page_of_paper(browser: Browser, when: str) -> None:
    story, now = three_days(), datetime.fromisoformat(when)
    known = tuple(event for event in story.events if event.recorded <= now)
    is_one_page(browser, to_html(handover_sheet(handover(known, story.documents, now=now))))


def test_a_day_on_which_too_much_happened_is_one_page_of_paper(browser: Browser, tmp_path: Path) -> None:
    with ward(tmp_path) as bed:
        for hour in range(1, 20):
            bed.set(hour)
            for what, value in (("mean arterial pressure", "70 mmHg"), ("heart rate", "90 /min")):
                record_reading(bed.by("a nurse with a long name"), reading(what, value, hour))
            record_given(bed.by(), rate(f"0.{375 + hour} mcg/kg/min", hour))
            record_given(bed.by(), {**rate(f"0.0{hour} mcg/kg/min", hour), "of": "norepinephrine"})
            note(bed.by(), "What was seen and said at the bedside in this hour. " * 40)
        edited = {**fold(bed.events, bed.store.document), "now": bed.now.isoformat()}
        record_case(bed.by(), {**edited, "patient": {**edited["patient"], "weight": "41 kg"}, "medicines": []})
        html = to_html(handover_sheet(handover(bed.events, bed.store.document, now=at(19.5))))
    is_one_page(browser, html)


def is_one_page(browser: Browser, html: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.set_content(html)
        printed = page.pdf(format="A4", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1
        page.emulate_media(media="print")
        for words in ("Who, and why", "Last values", "Decided", "Checked by", "does not constitute medical advice"):
            assert page.get_by_text(words).first.is_visible()
    finally:
        context.close()
