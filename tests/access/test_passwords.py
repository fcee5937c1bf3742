"""Passwords: what may be one, and that the same work is done whether or not there is one to compare with."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from inotrope.access import passwords
from inotrope.access.passwords import hash_of, is_outdated, is_password, prove_password
from inotrope.errors import AccessError
from tests.access.conftest import GOOD


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("a" * 14, "has 14"),
        ("", "has 0"),
        ("ab" * 128 + "c", "has 257"),
        ("aaaaaaaaaaaaaaa", "guessed easily"),
        ("123451234512345", "guessed easily"),
        ("the nurse Adams again", "guessed easily"),
        ("Inotrope is my word", "guessed easily"),
        ("123456789012345", "guessed easily"),
        ("0987654321 fedcba", "guessed easily"),
        ("PasswordPassword", "guessed easily"),
        ("Password 1234567!", "guessed easily"),
        ("qwertyuiopasdfgh", "guessed easily"),
        ("milrinone-milrinone", "guessed easily"),
        ("xkqzwvxkqzwvxkqzwv", "guessed easily"),
    ],
)
def test_what_is_guessed_is_no_password_and_is_not_repeated(given: str, says: str) -> None:
    with pytest.raises(AccessError, match=says) as told:
        prove_password(given, "adams")
    assert told.value.value is None
    assert not given or given not in told.value.says


@pytest.mark.parametrize(
    "given", [GOOD, "correcthorsebat", "пять слов на одной койке", "x1 " * 60 + "ghost", "my password is a long one"]
)
def test_a_long_password_of_any_form_is_one(given: str) -> None:
    assert prove_password(given, "adams") == given


def test_a_password_is_the_one_that_was_set_and_no_other() -> None:
    kept = hash_of(GOOD)
    assert GOOD not in kept
    assert kept != hash_of(GOOD)  # salted
    assert is_password(GOOD, kept)
    for other in (GOOD + " ", GOOD.upper(), GOOD[:-1], "", "\udcff", kept):
        assert not is_password(other, kept)
    assert not is_password(GOOD, None)
    assert not is_password(GOOD, "no hash at all")


def test_the_same_letters_of_another_keyboard_are_the_same_password() -> None:
    assert is_password("cafe\u0301 au lait noir", hash_of("caf\u00e9 au lait noir"))


def test_a_hash_of_less_work_is_made_anew() -> None:
    assert not is_outdated(hash_of(GOOD))
    assert is_outdated(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(GOOD))


def test_the_work_is_what_rfc_9106_recommends(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 9106, 4: Argon2id, 3 passes, 4 lanes, 64 MiB, a salt of 128 bits and a hash of 256."""
    monkeypatch.undo()
    made = extract_parameters(passwords._HASHER.hash(GOOD))
    assert made.type is Type.ID
    assert (made.time_cost, made.parallelism, made.memory_cost) == (3, 4, 64 * 1024)
    assert (made.salt_len, made.hash_len) == (16, 32)


def test_the_same_work_is_done_for_a_user_who_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    made = passwords._HASHER

    class Counting:
        def verify(self, kept: str, given: bytes) -> bool:
            done.append(kept.rsplit("$", 2)[0])  # how it is made, without salt and hash
            return made.verify(kept, given)

        def hash(self, given: bytes) -> str:
            return made.hash(given)

    kept = hash_of(GOOD)
    monkeypatch.setattr(passwords, "_HASHER", Counting())
    is_password("wrong words of a ward", kept)
    is_password("wrong words of a ward", None)
    assert len(done) == 2
    assert done[0] == done[1]
