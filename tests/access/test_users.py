"""Users: a name is one person's for ever, and whoever is changed is logged out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from inotrope.access import gate as access_gate
from inotrope.access.gate import Gate
from inotrope.access.passwords import is_password
from inotrope.access.roles import Role
from inotrope.access.users import User
from inotrope.course.keeping.opening import Database
from inotrope.errors import AccessError
from tests.access.conftest import GOOD

ISSUER = "https://login.ward.example"
OTHER = "other words for a ward"


@pytest.fixture
def adams(gate: Gate) -> User:
    return gate.users.add("Adams", [Role.PLAN], GOOD)


def test_a_user_is_kept_under_a_name_in_small_letters(gate: Gate, adams: User) -> None:
    found = gate.users.find(" ADAMS ")
    assert found is not None
    assert (found.name, found.roles, found.way, found.disabled) == ("adams", {"plan"}, "password", False)
    assert found.may == {"plan", "view"}
    assert found.password is not None
    assert GOOD not in found.password
    assert [user.name for user in gate.users.list()] == ["adams"]
    assert gate.users.find("brown") is None


@pytest.mark.parametrize("name", ["", "two words", "-adams", "a" * 65, "<b>", "ädams", "a\nb", "a\x00b"])
def test_what_is_no_name_is_told(gate: Gate, name: str) -> None:
    with pytest.raises(AccessError, match="no name of a user"):
        gate.users.add(name, [Role.VIEW], GOOD)


def test_a_name_is_given_once(gate: Gate, adams: User) -> None:
    with pytest.raises(AccessError, match="There is a user 'adams' already"):
        gate.users.add("ADAMS", [Role.VIEW], OTHER)
    with pytest.raises(AccessError, match="There is no user 'adam'; the nearest known: 'adams'"):
        gate.users.disable("adam")
    with pytest.raises(AccessError, match="There is no user 'adam'"):
        gate.users.set_password("adam", OTHER)


def test_nobody_is_taken_out(opened: Database, adams: User) -> None:
    with pytest.raises(DBAPIError), opened.engine.begin() as connection:
        connection.execute(text("DELETE FROM users"))


def test_other_roles_count_from_the_next_login(gate: Gate, adams: User) -> None:
    token = gate.log_in("adams", GOOD, address="127.0.0.1")
    assert gate.users.give("adams", [Role.CONFIRM, Role.ADMINISTER]).roles == {"confirm", "administer"}
    assert gate.find(token) is None


def test_whoever_is_disabled_is_out_at_once_and_may_come_again(gate: Gate, adams: User) -> None:
    token = gate.log_in("adams", GOOD, address="127.0.0.1")
    assert gate.users.disable("adams").disabled
    assert gate.find(token) is None
    with pytest.raises(AccessError, match="do not belong together"):
        gate.log_in("adams", GOOD, address="127.0.0.1")
    assert not gate.users.enable("adams").disabled
    assert gate.find(gate.log_in("adams", GOOD, address="127.0.0.1")) is not None


def test_another_password_ends_every_session(gate: Gate, adams: User) -> None:
    token = gate.log_in("adams", GOOD, address="127.0.0.1")
    gate.users.set_password("adams", OTHER)
    assert gate.find(token) is None
    with pytest.raises(AccessError):
        gate.log_in("adams", GOOD, address="127.0.0.1")
    assert gate.log_in("adams", OTHER, address="127.0.0.1")


def test_a_user_of_the_hospitals_login_is_who_it_says_by_its_own_word(gate: Gate, adams: User) -> None:
    first = gate.users.enter(ISSUER, "77", "Brown", [Role.VIEW])
    assert (first.name, first.way) == ("brown", "oidc")
    again = gate.users.enter(ISSUER, "77", "brown-married-clark", [Role.PLAN])
    assert (again.name, again.roles) == ("brown", {"plan"})  # the name stays, the roles are those of now
    assert gate.users.enter(ISSUER, "77", "brown", [Role.PLAN]) == again
    with pytest.raises(AccessError, match="belongs to another user"):
        gate.users.enter(ISSUER, "78", "brown", [Role.PLAN])
    with pytest.raises(AccessError, match="belongs to another user"):
        gate.users.enter(ISSUER, "79", "adams", [Role.ADMINISTER])  # nobody becomes a local user
    gate.users.disable("brown")
    with pytest.raises(AccessError, match="disabled here"):
        gate.users.enter(ISSUER, "77", "brown", [Role.PLAN])


def test_a_user_of_the_hospitals_login_has_no_password_here(gate: Gate) -> None:
    gate.users.enter(ISSUER, "77", "brown", [Role.VIEW])
    with pytest.raises(AccessError, match="by the hospital's own login"):
        gate.users.set_password("brown", GOOD)
    with pytest.raises(AccessError, match="do not belong together"):
        gate.log_in("brown", "", address="127.0.0.1")


OTHER = "quite other words here"


def meanwhile(gate: Gate, monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
    """Let something happen after a password was looked at, and before whoever typed it is in."""
    succeeded = gate.lockout.succeeded

    def then(*of: str) -> None:
        succeeded(*of)
        change()

    monkeypatch.setattr(gate.lockout, "succeeded", then)


@pytest.mark.parametrize("change", ["password", "disable"])
def test_who_logs_in_while_it_is_changed_is_not_in_by_what_held_before(
    gate: Gate, adams: User, opened: Database, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """The sessions end with the change; one that was opened after that, by the old password, would last a shift."""
    changes = {
        "password": lambda: gate.users.set_password("adams", OTHER),
        "disable": lambda: gate.users.disable("adams"),
    }
    meanwhile(gate, monkeypatch, changes[change])
    with pytest.raises(AccessError, match="do not belong together"):
        gate.log_in("adams", GOOD, address="10.0.0.1")
    with opened.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sessions")).scalar_one() == 0
    row = gate.audit.rows(1)[0]
    assert (row.who, row.did, row.outcome) == ("adams", "login", "refused")


def test_a_hash_that_is_made_anew_never_brings_an_old_password_back(
    gate: Gate, adams: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_gate, "is_outdated", lambda _: True)
    meanwhile(gate, monkeypatch, lambda: gate.users.set_password("adams", OTHER))
    with pytest.raises(AccessError, match="do not belong together"):
        gate.log_in("adams", GOOD, address="10.0.0.1")
    monkeypatch.undo()
    kept = gate.users.find("adams")
    assert kept is not None
    assert is_password(OTHER, kept.password)
    assert not is_password(GOOD, kept.password)
    monkeypatch.setattr(access_gate, "is_outdated", lambda _: True)
    assert gate.log_in("adams", OTHER, address="10.0.0.1")
