"""Three people write, each from what they had last looked at: whatever was acknowledged stands in the course."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from inotrope.course.meaning.as_of import case_now
from inotrope.course.meaning.folding import fold
from inotrope.course.meaning.recording import correct, record_case, record_reading
from inotrope.patient import read_case
from tests.course.meaning.ward import Ward, reading, ward

OWN = {"Adams": "edema", "Baker": "oliguria", "Clark": "pregnancy"}
STATES = ("present", "absent", "unknown")
steps = st.lists(
    st.tuples(st.sampled_from(sorted(OWN)), st.sampled_from(["look", "measure", "edit", "correct"])),
    min_size=4,
    max_size=14,
)


def look(bed: Ward) -> tuple[int, str]:
    """Return the last event, and the case as somebody who looks at it now would edit it."""
    return bed.last, case_now(bed.events, bed.store.document, bed.now).text


@settings(max_examples=15)
@given(steps)
def test_whoever_wrote_from_whatever_state_everything_acknowledged_is_there(listed: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder, ward(Path(folder)) as bed:
        bed.set(1)
        views = dict.fromkeys(OWN, look(bed))
        facts: dict[int, dict[str, str]] = {}
        conditions: dict[str, str] = {}
        for place, (who, what) in enumerate(listed):
            bed.set(1 + place / 10)
            seen, text = views[who]
            if what == "look":
                views[who] = look(bed)
            elif what == "measure":
                entry = reading("heart rate", f"{60 + place} /min", 1 + place / 10)
                facts[record_reading(bed.by(who, seen), entry).event.number] = entry
            elif what == "correct" and facts:
                number = min(facts)
                entry = {**facts[number], "value": f"{100 + place} /min"}
                correct(bed.by(who, seen), number, why="read anew", instead=entry)
                facts[number] = entry
            elif what == "edit":
                case = json.loads(text)
                conditions[who] = case["conditions"][OWN[who]] = STATES[place % 3]
                record_case(bed.by(who, seen), case)
                views[who] = look(bed)
        found = fold(bed.events, bed.store.document)
        measured = [item for item in found["measurements"] if item["what"] == "heart rate"][
            1:
        ]  # one stood there before
        assert sorted(item["value"] for item in measured) == sorted(item["value"] for item in facts.values())
        for who, state in conditions.items():
            assert found["conditions"][OWN[who]] == state
        assert read_case(case_now(bed.events, bed.store.document, bed.now).text.encode()).now == bed.now
        assert bed.store.verify().breaks == ()
