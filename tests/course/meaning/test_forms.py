"""The forms of bodies: what this program writes has them, and what lacks a member is taken in from no file."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope.course.meaning import forms
from inotrope.course.meaning.forms import blamed, prove_form
from inotrope.course.meaning.kinds import CORRECTED, KINDS
from inotrope.course.record import Event
from inotrope.errors import CourseError
from tests.course.meaning.story import Story, three_days

NOTHING_THAT_CAN_STAND = (None, 5, "", [], {}, [1], {"a": 1}, True, "document", [["a"]])


@pytest.fixture(scope="module")
def story() -> Story:
    return three_days()


def test_every_event_of_three_days_has_the_form_of_its_kind(story: Story) -> None:
    for event in story.events:
        prove_form(event.kind, event.body, event.number - 1)
    assert set(forms._FORMS) == set(KINDS)


def test_a_member_that_is_missing_is_told_with_its_kind(story: Story) -> None:
    seen = {event.kind: event for event in story.events}
    for kind, members in forms._FORMS.items():
        if kind not in seen:
            continue
        event = seen[kind]
        for name in members:
            without = {key: value for key, value in event.body.items() if key != name}
            with pytest.raises(CourseError, match=f"'{name}' of an event '{kind}'"):
                prove_form(kind, without, event.number - 1)


def test_of_everything_that_could_stand_in_a_member_what_is_taken_can_be_shown(story: Story) -> None:
    """What a form lets through is of the sort that whoever shows it takes: a text, a table, a moment."""
    for event in story.events:
        for name in forms._FORMS[event.kind]:
            for value in NOTHING_THAT_CAN_STAND:
                try:
                    prove_form(event.kind, {**event.body, name: value}, event.number - 1)
                except CourseError:
                    continue
                assert value is None or isinstance(value, str | dict) or type(value) is int, (event.kind, name, value)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"overrides": [], "assume_kidney": None},
        {"overrides": {}, "assume_kidney": None, "what_if": []},
        {"overrides": [["a", 1]], "assume_kidney": None, "what_if": []},
        {"overrides": [["a"]], "assume_kidney": None, "what_if": []},
        {"overrides": [], "assume_kidney": 5, "what_if": []},
        {"overrides": [], "what_if": []},
        {"overrides": [], "assume_kidney": None, "what_if": [1]},
        {"overrides": [], "assume_kidney": None, "what_if": "rate"},
    ],
)
def test_what_was_asked_beside_a_plan_has_its_form_too(story: Story, options: dict[str, Any]) -> None:
    event = next(event for event in story.events if event.kind == "planned")
    with pytest.raises(CourseError, match="'options' of an event 'planned'"):
        prove_form("planned", {**event.body, "options": options}, 9)
    prove_form(
        "planned", {**event.body, "options": {"overrides": [["a", "b"]], "assume_kidney": "60", "what_if": ["x"]}}, 9
    )


@pytest.mark.parametrize("of", [0, -1, 3, 10**30])
def test_a_correction_speaks_of_what_stands_before_it(of: int) -> None:
    body = {"of": of, "why": "read from the wrong line", "instead": None}
    with pytest.raises(CourseError, match="does not stand before it"):
        prove_form(CORRECTED, body, 2)
    prove_form(CORRECTED, {**body, "of": 2}, 2)


def test_a_kind_of_another_program_is_left_alone() -> None:
    prove_form("weird", {"anything": [1]}, 0)


def test_only_a_medicine_is_entered_as_a_word() -> None:
    prove_form("happened", {"section": "medicines", "entry": "furosemide"}, 2)
    prove_form("happened", {"section": "preparation", "entry": {"product": "premix"}}, 2)
    with pytest.raises(CourseError, match="'entry' of an event 'happened' of 'preparation'"):
        prove_form("happened", {"section": "preparation", "entry": "a bag"}, 2)


def test_what_fails_over_an_event_names_it_and_what_fails_over_none_fails(story: Story) -> None:
    with pytest.raises(KeyError), blamed(story.events):
        raise KeyError
    event = story.events[2]
    odd = Event(**{name: getattr(event, name) for name in event.__dataclass_fields__} | {"kind": "closed", "body": {}})
    with pytest.raises(CourseError, match="Event 3: 'why' of an event 'closed'"), blamed([*story.events, odd]):
        raise KeyError
    with blamed([odd]):
        pass
