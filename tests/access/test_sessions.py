"""Sessions: given at the login alone, ended by the clock, and nothing of them to be read in the database."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from inotrope.access.gate import Gate
from inotrope.access.roles import Role
from inotrope.access.sessions import IDLE_S, LONGEST_S, Sessions
from inotrope.access.tokens import new_token
from inotrope.access.users import Users
from inotrope.course.keeping.opening import Database
from inotrope.errors import CourseError
from tests.access.conftest import GOOD, Clock

HOUR = 3600


@pytest.fixture
def sessions(gate: Gate) -> Sessions:
    gate.users.add("adams", [Role.CONFIRM], GOOD)
    return gate.sessions


def begin(sessions: Sessions, name: str = "adams") -> str:
    """Open a session with the password that its user has."""
    user = Users(sessions._database).find(name)
    assert user is not None
    token = sessions.open(name, "password", user.password)
    assert token is not None
    return token


def test_no_session_is_opened_with_what_held_a_moment_ago(sessions: Sessions, opened: Database) -> None:
    users = Users(opened)
    old = users.find("adams")
    assert old is not None
    assert sessions.open("nobody", "password", old.password) is None
    assert sessions.open("adams", "password", None) is None
    users.set_password("adams", "quite other words here")
    assert sessions.open("adams", "password", old.password) is None
    users.disable("adams")
    new = users.find("adams")
    assert new is not None
    assert sessions.open("adams", "password", new.password) is None


def test_a_token_leads_to_its_user_with_what_they_may(sessions: Sessions) -> None:
    who = sessions.find(begin(sessions))
    assert who is not None
    assert (who.name, who.way, who.roles) == ("adams", "password", {"confirm", "view"})


def test_no_other_token_leads_to_anybody(sessions: Sessions, opened: Database) -> None:
    token = begin(sessions)
    with opened.engine.connect() as connection:
        kept = connection.execute(text("SELECT digest FROM sessions")).scalar_one()
    assert token not in kept
    for other in ("", new_token(), kept, token[:-1], token + "A", token.swapcase(), f"{token}\n", "\udcff" * 43, "%"):
        assert sessions.find(other) is None


def test_a_session_ends_when_nothing_is_asked(sessions: Sessions, clock: Clock) -> None:
    token = begin(sessions)
    for _ in range(5):
        clock.now += IDLE_S
        assert sessions.find(token) is not None
    clock.now += IDLE_S + 1
    assert sessions.find(token) is None


def test_a_session_ends_after_a_shift_whatever_is_asked(sessions: Sessions, clock: Clock) -> None:
    token, begun = begin(sessions), clock.now
    while clock.now < begun + LONGEST_S:
        assert sessions.find(token) is not None
        clock.now += IDLE_S - 1
    clock.now = begun + LONGEST_S + 1
    assert sessions.find(token) is None


def test_a_clock_that_goes_back_ends_what_it_cannot_date(sessions: Sessions, clock: Clock) -> None:
    token = begin(sessions)
    clock.now -= 200
    assert sessions.find(token) is not None
    clock.now -= HOUR
    assert sessions.find(token) is None


def test_what_has_ended_is_cleared_away(sessions: Sessions, clock: Clock, opened: Database) -> None:
    ended, token = begin(sessions), begin(sessions)
    sessions.end(ended)
    sessions.end("no token")
    assert sessions.find(ended) is None
    clock.now += IDLE_S + 1
    begin(sessions)
    with opened.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sessions")).scalar_one() == 1
    assert sessions.find(token) is None


def test_a_database_that_takes_no_writing_lets_one_look_on(
    sessions: Sessions, clock: Clock, opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = begin(sessions)
    clock.now += 120

    def full(_: Database) -> None:
        raise CourseError("The disk is full.")

    monkeypatch.setattr(Database, "writing", full)
    assert sessions.find(token) is not None
