"""The form of an event's body, and the words in which it is told."""

from __future__ import annotations

from typing import Any

import pytest

from inotrope.course.meaning.bodies import LONGEST_TEXT, fact_body, time_of
from inotrope.course.meaning.correcting import Corrections
from inotrope.course.meaning.kinds import HAPPENED, LEVEL, RATE, READING
from inotrope.course.meaning.recording import (
    close,
    note,
    record_happened,
    record_level,
    record_override,
    record_reading,
    reopen,
)
from inotrope.course.meaning.telling import entry_told, told
from inotrope.errors import CaseError, CourseError
from tests.course.meaning.ward import Ward, at, level, reading, written


@pytest.mark.parametrize(
    ("kind", "entry", "more", "where"),
    [
        (RATE, "0.5 mcg/kg/min", {}, None),
        (LEVEL, reading("heart rate", "90 /min", 0), {}, "what"),
        (LEVEL, {"what": 7}, {}, "what"),
        (READING, level("200 ng/mL", 0), {}, "what"),
        (HAPPENED, {}, {"section": "measurements"}, "section"),
        (HAPPENED, {}, {"section": None}, "section"),
        (HAPPENED, {}, {"section": "events", "ended": True}, "ended"),
    ],
)
def test_what_has_not_the_form(kind: str, entry: Any, more: dict[str, Any], where: str | None) -> None:
    with pytest.raises(CourseError) as found:
        fact_body(kind, entry, **more)
    assert found.value.where == where


@pytest.mark.parametrize(
    ("section", "entry", "where"),
    [
        ("events", {"what": "a headlong fall", "at": written(0)}, "what"),
        ("events", "ventricular ectopy", "events"),
        ("conditions", {"oliguria": "perhaps"}, "oliguria"),
        ("conditions", {}, None),
        ("medicines", 7, "medicines"),
        ("support", {"what": "CRRT", "start": written(0), "end": written(-1)}, "end"),
        ("preparation", {"product": "premix", "concentration": "200"}, "concentration"),
        ("lines", {"with": "furosemide"}, "with"),
    ],
)
def test_the_place_of_what_is_wrong_is_inside_the_entry(bed: Ward, section: str, entry: Any, where: str | None) -> None:
    if where is None:
        record_happened(bed.by(), section, entry)  # no condition at all says nothing, and is no error of a case
        return
    with pytest.raises(CaseError if section != "preparation" else Exception) as found:
        record_happened(bed.by(), section, entry)
    assert found.value.where == where  # type: ignore[attr-defined]
    assert bed.last == 2


@pytest.mark.parametrize(
    ("body", "when"),
    [
        ({"section": "events", "entry": {"what": "VT", "at": written(1)}}, 1),
        ({"section": "support", "entry": {"what": "CRRT", "start": written(1)}}, 1),
        ({"section": "support", "entry": {"what": "CRRT", "start": written(1), "end": written(2)}}, 2),
        ({"section": "support", "entry": {"what": "CRRT", "start": written(1), "end": written(9)}}, 1),
        ({"section": "conditions", "entry": {"oliguria": "present"}}, 5),
        ({"section": "preparation", "entry": {"product": "premix"}}, 5),
        ({"section": "preparation", "entry": {"product": "premix", "hung": written(3)}}, 3),
    ],
)
def test_a_fact_happened_at_its_own_time(body: dict[str, Any], when: float) -> None:
    assert time_of(HAPPENED, body, now=at(5)) == at(when)


def test_a_note_has_an_end(bed: Ward) -> None:
    with pytest.raises(CourseError, match="too long"):
        note(bed.by(), "x" * (LONGEST_TEXT + 1))
    note(bed.by(), "two\nlines")


def test_every_kind_of_event_is_told(bed: Ward) -> None:
    record_override(bed.by(), "severe-valve-obstruction", "bridge to surgery tonight")
    close(bed.by(), "moved.")
    reopen(bed.by(), "came back")
    corrections = Corrections(bed.events)
    assert [told(event, corrections) for event in bed.events] == [
        "course opened: bed 4",
        "the whole case written",
        "stop 'severe-valve-obstruction' set aside: bridge to surgery tonight",
        "course closed: moved.",
        "course opened again: came back",
    ]


def test_a_level_of_another_spelling_is_a_level(bed: Ward) -> None:
    bed.set(1)
    record_level(bed.by(), {**level("200 ng/mL", 0.5), "what": "plasma concentration"})
    with pytest.raises(CaseError, match="not a known measurement"):
        record_reading(bed.by(), reading("no such thing", "1 mg/dL", 0))


@pytest.mark.parametrize(
    ("section", "entry", "more", "says"),
    [
        (
            "administrations",
            {"of": "milrinone", "start": written(0), "rate": "0.5 mcg/kg/min", "end": written(2)},
            {},
            "milrinone 0.5 mcg/kg/min until 2026-11-22 10:00",
        ),
        (
            "administrations",
            {"of": "milrinone", "duration": "10 min", "dose": "50 mcg/kg"},
            {},
            "milrinone 50 mcg/kg over 10 min",
        ),
        (
            "measurements",
            {**level("9 ng/mL", 0), "site": "arterial line"},
            {},
            "concentration of milrinone 9 ng/mL, arterial line",
        ),
        (
            "support",
            {"what": "CRRT", "start": written(0), "end": written(2), "effluent": "2 L/h"},
            {},
            "CRRT since 2026-11-22 08:00, effluent 2 L/h, ended 2026-11-22 10:00",
        ),
        ("conditions", {"oliguria": "present", "edema": "absent"}, {}, "oliguria: present, edema: absent"),
        ("events", {"what": "bleeding"}, {}, "bleeding"),
        ("lines", {"with": ["a", "b"]}, {"ended": True}, "no longer in one line: a, b"),
        ("medicines", "digoxin", {}, "given beside it: digoxin"),
        (
            "preparation",
            {"product": "premix", "hung": written(0)},
            {},
            "on the pump since 2026-11-22 08:00: product premix",
        ),
    ],
)
def test_an_entry_in_words(section: str, entry: Any, more: dict[str, Any], says: str) -> None:
    assert entry_told(section, {"entry": entry, **more}) == says
