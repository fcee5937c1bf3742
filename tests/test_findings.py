"""Truth in three values: the whole tables of Kleene's strong logic (Kleene, Introduction to Metamathematics, § 64)."""

from __future__ import annotations

import dataclasses
import itertools
import json

import pytest

from inotrope.findings import (
    Effect,
    Finding,
    Refusal,
    Severity,
    SourceReference,
    State,
    Status,
    Truth,
    all_of,
    any_of,
)

P, A, U = Truth.PRESENT, Truth.ABSENT, Truth.UNKNOWN

AND = {
    (P, P): P, (P, U): U, (P, A): A,
    (U, P): U, (U, U): U, (U, A): A,
    (A, P): A, (A, U): A, (A, A): A,
}  # fmt: skip
OR = {
    (P, P): P, (P, U): P, (P, A): P,
    (U, P): P, (U, U): U, (U, A): U,
    (A, P): P, (A, U): U, (A, A): A,
}  # fmt: skip
NOT = {P: A, A: P, U: U}


@pytest.mark.parametrize("pair", list(itertools.product(Truth, repeat=2)), ids=lambda pair: f"{pair[0]}-{pair[1]}")
def test_and_or_of_two(pair: tuple[Truth, Truth]) -> None:
    assert all_of(pair) is AND[pair]
    assert any_of(pair) is OR[pair]


@pytest.mark.parametrize("truth", Truth)
def test_not(truth: Truth) -> None:
    assert truth.negated() is NOT[truth]
    assert truth.negated().negated() is truth


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_more_than_two_are_joined_one_by_one_in_any_order(length: int) -> None:
    for truths in itertools.product(Truth, repeat=length):
        joined, either = P, A
        for truth in truths:
            joined, either = AND[joined, truth], OR[either, truth]
        assert all_of(truths) is joined
        assert any_of(truths) is either
        assert all_of(truth.negated() for truth in truths) is any_of(truths).negated()  # De Morgan


def test_of_nothing_all_hold_and_none_holds() -> None:
    assert all_of([]) is P
    assert any_of([]) is A


def test_a_plain_statement_has_its_truth_and_none_is_unknown() -> None:
    assert (Truth.of(True), Truth.of(False), Truth.of(None)) == (P, A, U)


def test_an_unknown_never_becomes_known_without_being_asked() -> None:
    # A refinement of an unknown never turns a known answer around: the logic is monotone.
    for truths in itertools.product(Truth, repeat=3):
        for better in itertools.product(*([P, A] if truth is U else [truth] for truth in truths)):
            assert all_of(truths) in (U, all_of(better))
            assert any_of(truths) in (U, any_of(better))


@pytest.mark.parametrize(
    ("words", "listed"),
    [
        (Truth, ["present", "absent", "unknown"]),
        (Severity, ["stop", "warn", "inform"]),
        (State, ["fires", "silent", "unknown", "overridden"]),
        (Status, ["confirmed", "derived", "judgement", "unconfirmed"]),
        (Effect, ["withhold", "no rate", "no load", "none"]),
    ],
)
def test_the_words_are_those_of_the_data_files(words, listed: list[str]) -> None:
    assert [word.value for word in words] == listed
    assert json.loads(json.dumps(list(words))) == listed
    assert [words(word) for word in listed] == list(words)


def test_a_finding_and_a_refusal_cannot_be_changed_once_said() -> None:
    source = SourceReference("label", "1.1", "A title", "a place", Status.CONFIRMED)
    finding = Finding(
        rule="r", severity=Severity.STOP, state=State.FIRES, title="t", says="s", advice="a", asks="", needs=(),
        effect=Effect.WITHHOLD, override_allowed=False, override_reason=None, evidence={}, sources=(source,),
        status=Status.CONFIRMED,
    )  # fmt: skip
    refusal = Refusal("no-rate", "No rate.", ("serum creatinine",))
    assert refusal.sources == ()
    for said, field in ((source, "status"), (finding, "state"), (refusal, "needs")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(said, field, None)
