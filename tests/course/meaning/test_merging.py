"""Two edits of one case: both are there, in whichever order they came, and what conflicts is never chosen silently."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inotrope.course.chain import canonical
from inotrope.course.meaning.merging import LISTS, Conflict, merge

BASE: dict[str, Any] = {
    "drug": "milrinone",
    "now": "2026-11-22T08:00:00+01:00",
    "patient": {"sex": "male", "weight": "82 kg"},
    "medicines": ["furosemide"],
    "preparation": {"product": "premix", "concentration": "200 mcg/mL"},
}

names = st.sampled_from(["a", "b", "c", "d"])
values = st.sampled_from(["1", "2", "3"])
edits = st.fixed_dictionaries(
    {},
    optional={
        "drug": values,
        "patient": st.dictionaries(names, values, max_size=3),
        "conditions": st.dictionaries(names, values, max_size=3),
        "medicines": st.lists(names, max_size=4),
        "events": st.lists(st.fixed_dictionaries({"what": names}), max_size=3),
        "preparation": st.dictionaries(names, values, max_size=2),
    },
)


def plain(case: dict[str, Any]) -> dict[str, Any]:
    """Return a case in which the order of a list does not count."""
    return {key: sorted(map(canonical, part)) if key in LISTS else part for key, part in case.items()}


@given(edits, edits, edits)
def test_it_does_not_matter_who_wrote_first(base: dict[str, Any], one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = merge(base, one, other), merge(base, other, one)
    turned = {(item.path, canonical(item.theirs), canonical(item.mine)) for item in second.conflicts}
    assert {(item.path, canonical(item.mine), canonical(item.theirs)) for item in first.conflicts} == turned
    if not first.conflicts:
        assert first.case == second.case


@settings(max_examples=50)
@given(edits, edits, edits, edits)
def test_three_edits_come_to_the_same_in_any_order(
    base: dict[str, Any], one: dict[str, Any], two: dict[str, Any], three: dict[str, Any]
) -> None:
    left = merge(base, one, two)
    right = merge(base, two, three)
    assume(not left.conflicts and not right.conflicts)
    first, second = merge(base, left.case, three), merge(base, one, right.case)
    assume(not first.conflicts and not second.conflicts)
    assert plain(first.case) == plain(second.case)


@given(edits, edits)
def test_who_changed_nothing_takes_the_other_edit(base: dict[str, Any], edit: dict[str, Any]) -> None:
    for merged in (merge(base, base, edit), merge(base, edit, base), merge(base, edit, edit)):
        assert not merged.conflicts
        assert plain(merged.case) == plain(edit)


@given(edits, edits, edits)
def test_nothing_that_either_added_is_lost(base: dict[str, Any], one: dict[str, Any], other: dict[str, Any]) -> None:
    merged = merge(base, one, other).case
    for section in ("medicines", "events"):
        before = {canonical(item) for item in base.get(section, ())}
        added = {canonical(item) for edit in (one, other) for item in edit.get(section, ())} - before
        assert added <= {canonical(item) for item in merged.get(section, ())}


def test_a_value_that_both_changed_is_a_conflict_with_all_three() -> None:
    mine = {**BASE, "patient": {**BASE["patient"], "weight": "84 kg"}}
    theirs = {**BASE, "patient": {"sex": "male"}}
    found = merge(BASE, mine, theirs)
    assert found.conflicts == (Conflict("patient.weight", "82 kg", "84 kg", None),)
    assert "weight" not in found.case["patient"]
    assert merge(BASE, mine, theirs, keep_mine=True).case["patient"]["weight"] == "84 kg"


def test_two_bags_are_never_mixed_into_one_that_hangs_nowhere() -> None:
    mine = {**BASE, "preparation": {"product": "premix", "concentration": "100 mcg/mL"}}
    theirs = {**BASE, "preparation": {"product": "vial", "concentration": "200 mcg/mL"}}
    assert [item.path for item in merge(BASE, mine, theirs).conflicts] == ["preparation"]


def test_the_later_of_two_moments_stands() -> None:
    theirs = {**BASE, "now": "2026-11-22T07:30:00Z"}  # 08:30 in the ward's own clock
    mine = {**BASE, "now": "2026-11-22T08:10:00+01:00"}
    assert merge(BASE, mine, theirs).case["now"] == "2026-11-22T07:30:00Z"


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        (None, [], None, []),
        (None, None, None, None),
        (["a"], None, ["a"], None),
        (["a"], [], ["a"], []),
        (["a"], ["a", "b"], [], ["b"]),
        (["a", "a"], ["a"], ["a", "a"], ["a"]),
        (["a"], ["a", "a"], ["a"], ["a", "a"]),
        (["b", "a"], ["b", "a", "d"], ["b", "a", "c"], ["b", "a", "c", "d"]),
    ],
)
def test_none_recorded_and_none_are_two_statements(base: Any, mine: Any, theirs: Any, merged: Any) -> None:
    def case(medicines: Any) -> dict[str, Any]:
        return {} if medicines is None else {"medicines": medicines}

    assert merge(case(base), case(mine), case(theirs)).case == case(merged)


def test_equal_entries_are_one_whatever_the_order_of_their_keys() -> None:
    one = {"what": "heart rate", "value": "90 /min"}
    other = json.loads('{"value": "90 /min", "what": "heart rate"}')
    assert merge({}, {"measurements": [one]}, {"measurements": [other]}).case == {"measurements": [one]}
