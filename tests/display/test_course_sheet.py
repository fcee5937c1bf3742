"""The events of a course in plain words, and what computing a plan anew came to."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from inotrope.course.meaning.replaying import Difference, Replay
from inotrope.display import to_html, to_text
from inotrope.display.course_sheet import MOST_DIFFERENCES, course_sheet, replay_sheet
from tests.course.meaning.story import Story, three_days


@pytest.fixture(scope="module")
def story() -> Story:
    return three_days()


def test_every_event_is_told_once_in_its_order(story: Story) -> None:
    text = to_text(course_sheet(story.course, story.events), width=160)
    numbers = [int(found) for found in re.findall(r"^  (\d+) +2026-", text, flags=re.MULTILINE)]
    assert numbers == [event.number for event in story.events]
    assert story.course.hash in text


def test_a_level_that_the_laboratory_told_later_says_both_times(story: Story) -> None:
    text = to_text(course_sheet(story.course, story.events), width=160)
    assert re.search(r"2026-11-22 20:00; recorded 21:00 .*concentration of milrinone 231 ng/mL", text)


def test_what_was_recorded_on_another_day_says_the_day(story: Story) -> None:
    event = story.events[-1]
    late = replace(event, recorded=event.recorded.replace(month=12))
    assert "recorded 2026-12-24" in to_text(course_sheet(story.course, (late,)), width=160)


def test_a_plan_that_is_the_same_says_so(story: Story) -> None:
    event = story.events[2]
    text = to_text(replay_sheet(story.course, event, Replay(3, same=True, versions=(), differences=())))
    assert "SAME" in text and "Every value" in text
    other = Replay(3, same=True, versions=(Difference("inotrope", "0.0.9", "0.1.0"),), differences=())
    assert re.search(r"inotrope +\"0\.0\.9\" +\"0\.1\.0\"", to_text(replay_sheet(story.course, event, other)))


def test_a_plan_that_differs_names_the_places_and_both_values(story: Story) -> None:
    places = tuple(Difference(f"titration[{place}].rate.value", 0.5, None) for place in range(MOST_DIFFERENCES + 3))
    sheet = replay_sheet(story.course, story.events[2], Replay(3, same=False, versions=(), differences=places))
    text = to_text(sheet)
    assert f"{MOST_DIFFERENCES + 3} values differ. The versions are the same." in text
    assert re.search(r"titration\[0\]\.rate\.value +0\.5 +nothing", text)
    assert "3 more" in text
    assert "<table" in to_html(sheet)


def test_a_plan_that_cannot_be_made_says_why(story: Story) -> None:
    found = Replay(3, same=False, versions=(), differences=(), failed="No such rule.")
    assert "No plan can be made of it today: No such rule." in to_text(
        replay_sheet(story.course, story.events[2], found)
    )
