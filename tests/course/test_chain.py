"""The chain: one text for one value, and each field covered by the hash."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inotrope.course.chain import Walk, canonical, digest, documents_of, hash_of, name_of, start_of
from inotrope.errors import CourseError

SOUND = {
    "course": "bed-4",
    "number": 1,
    "kind": "noted",
    "at": "2026-11-22T08:00:00+01:00",
    "recorded": "2026-11-22T07:00:01+00:00",
    "by": "ada",
    "body": '{"text":"warm"}',
    "previous": start_of("bed-4"),
}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def hashed(**changed: Any) -> dict[str, Any]:
    event = {**SOUND, **changed}
    return {**event, "hash": hash_of(event)}


def test_the_hash_is_sha_256_over_json_that_anybody_can_write() -> None:
    by_hand = (
        '{"at":"2026-11-22T08:00:00+01:00","body":{"text":"warm"},"by":"ada","course":"bed-4","kind":"noted",'
        f'"number":1,"previous":"{hashlib.sha256(b"""{"course":"bed-4","form":1}""").hexdigest()}",'
        '"recorded":"2026-11-22T07:00:01+00:00"}'
    )
    assert hash_of(SOUND) == hashlib.sha256(by_hand.encode()).hexdigest()


def test_the_hash_is_that_of_the_canonical_json_of_the_whole_event() -> None:
    event = {**SOUND, "by": 'Dr. "Löwe" \\ \n\u2028', "body": canonical({"b": 1, "a": ["é", None]})}
    whole = canonical({**event, "body": json.loads(str(event["body"]))})
    assert hash_of(event) == hashlib.sha256(whole.encode()).hexdigest()


def test_canonical_json_has_its_keys_in_order_no_blanks_and_every_letter_as_itself() -> None:
    assert canonical({"b": [1, 2.5, None], "a": "é\n", "c": True}) == '{"a":"é\\n","b":[1,2.5,null],"c":true}'


@given(values)
def test_what_was_written_once_reads_back_as_the_same_text(value: object) -> None:
    text = canonical(value)
    assert canonical(json.loads(text)) == text
    assert canonical(json.loads(text, parse_float=Decimal)) == text


def test_a_number_has_one_form_whoever_reads_it() -> None:
    assert canonical([5.0, Decimal("5.00"), 5, Decimal("0.10"), 0.1]) == "[5,5,5,0.1,0.1]"


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        Decimal("NaN"),
        Decimal("0.1234567890123456789012345"),
        datetime(2026, 1, 1, tzinfo=UTC),
        {1: "one"},
        "\ud800",
        {"a": {"b": object()}},
    ],
)
def test_what_json_has_no_word_for_is_refused(value: object) -> None:
    with pytest.raises(CourseError):
        canonical(value)


def test_a_ring_is_refused() -> None:
    ring: list[object] = []
    ring.append(ring)
    with pytest.raises(CourseError):
        canonical(ring)


@pytest.mark.parametrize("name", list(SOUND))
def test_every_field_is_covered(name: str) -> None:
    other = 2 if name == "number" else str(SOUND[name]) + "x"
    assert hash_of({**SOUND, name: other}) != hash_of(SOUND)


def test_a_walk_along_a_sound_course_finds_nothing() -> None:
    walk = Walk("bed-4")
    first = hashed()
    assert walk.step(first) is None
    assert walk.step(hashed(number=2, previous=first["hash"])) is None
    assert walk.number == 2


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"number": 7}, "'number' was changed"),
        ({"course": "bed-5"}, "'course' was changed"),
        ({"previous": "0" * 64}, "'previous' was changed"),
        ({"by": "eve"}, "does not say what was kept"),
        ({"hash": "0" * 64}, "does not say what was kept"),
        ({"hash": None}, "does not say what was kept"),
        ({"by": b"\x00"}, "does not say what was kept"),
        ({"by": "\udcff"}, "does not say what was kept"),
        ({"body": '{"text": "warm"}'}, "does not say what was kept"),
        ({"number": "1"}, "'number' was changed"),
        ({"number": "1", "by": "eve"}, "does not say what was kept"),
    ],
)
def test_a_changed_field_is_named_where_the_hash_can_tell(changed: dict[str, Any], says: str) -> None:
    assert says in str(Walk("bed-4").step({**hashed(), **changed}))


def test_an_event_that_was_taken_out_is_named() -> None:
    second = hashed(number=2, previous=hashed()["hash"])
    assert "event 1" in str(Walk("bed-4").step(second))


def test_an_event_of_another_chain_does_not_follow() -> None:
    stranger = hashed(previous="0" * 64)
    assert Walk("bed-4").step(stranger) == "it does not follow the event before it"


def test_documents_are_found_wherever_a_body_names_them() -> None:
    one, two = digest("one"), digest("two")
    body = {
        "case": name_of("one"),
        "more": [{"site": name_of("two")}, name_of("one")],
        "text": "document:of old",
        "n": 1,
    }
    assert documents_of(body) == tuple(sorted((one, two)))
    assert documents_of({"text": "document:" + "g" * 64}) == ()
