"""Lock-out: waits that grow and end, known and unknown names alike, and nobody locked out for good by somebody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from inotrope.access.addresses import network
from inotrope.access.gate import Gate
from inotrope.access.lockout import FORGOTTEN_S, LONGEST_WAIT_S, Lockout, wait_after
from inotrope.access.roles import Role
from inotrope.course.keeping.opening import Database
from inotrope.errors import AccessError
from tests.access.conftest import GOOD, Clock

HERE, THERE = "10.0.0.1", "10.0.0.2"


def test_the_wait_doubles_and_has_an_end() -> None:
    assert [wait_after(count, 5) for count in range(12)] == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]
    assert wait_after(10**6, 5) == LONGEST_WAIT_S


@pytest.mark.parametrize("name", ["adams", "nobody"])
def test_five_slips_are_free_and_then_one_waits_known_or_not(gate: Gate, clock: Clock, name: str) -> None:
    gate.users.add("adams", [Role.VIEW], GOOD)
    said = []
    for _ in range(5):
        with pytest.raises(AccessError, match="do not belong together"):
            gate.log_in(name, "wrong words of a ward", address=HERE)
    for later in (0, 29, 1, 59):
        clock.now += later
        with pytest.raises(AccessError) as told:
            gate.log_in(name, "wrong words of a ward", address=HERE)
        said.append(str(told.value).partition("Wait ")[2].partition(",")[0])
    assert said == ["30 seconds", "1 seconds", "", "1 seconds"]  # the third was taken, and counted


def test_the_right_password_opens_nothing_while_one_waits(gate: Gate, clock: Clock) -> None:
    gate.users.add("adams", [Role.VIEW], GOOD)
    for _ in range(5):
        with pytest.raises(AccessError):
            gate.log_in("adams", "wrong words of a ward", address=HERE)
    with pytest.raises(AccessError, match="Too much was tried"):
        gate.log_in("adams", GOOD, address=HERE)
    assert gate.log_in("adams", GOOD, address=THERE)  # whoever fails in a name elsewhere locks nobody out
    clock.now += 31
    assert gate.log_in("adams", GOOD, address=HERE)
    for _ in range(5):  # and all is forgotten
        with pytest.raises(AccessError, match="do not belong together"):
            gate.log_in("adams", "wrong words of a ward", address=HERE)


def test_one_address_tries_thirty_times_under_whatever_names(gate: Gate) -> None:
    lockout = gate.lockout
    assert [lockout.begin(f"name{number}", HERE) for number in range(31)] == [0] * 30 + [30]
    assert lockout.begin("name0", THERE) == 0


def test_one_name_is_tried_fifty_times_from_wherever(gate: Gate) -> None:
    lockout = gate.lockout
    assert [lockout.begin("adams", f"10.0.1.{number}") for number in range(51)] == [0] * 50 + [30]


def test_a_login_that_succeeds_is_no_failure_of_its_address(gate: Gate) -> None:
    gate.users.add("adams", [Role.VIEW], GOOD)
    for _ in range(40):
        gate.log_in("adams", GOOD, address=HERE)


def test_after_a_day_all_is_forgotten_and_cleared_away(gate: Gate, clock: Clock, opened: Database) -> None:
    for number in range(10):
        gate.lockout.begin(f"name{number}", HERE)
    clock.now += FORGOTTEN_S + 1
    gate.lockout.begin("adams", THERE)
    with opened.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM tries")).scalar_one() == 3


def test_a_clock_that_goes_back_locks_nobody_out(gate: Gate, clock: Clock) -> None:
    for _ in range(5):
        gate.lockout.begin("adams", HERE)
    assert gate.lockout.begin("adams", HERE) == 30
    clock.now -= 86_400
    assert gate.lockout.begin("adams", HERE) == 0
    assert gate.lockout.begin("adams", HERE) == 60


def test_what_was_typed_is_not_kept(gate: Gate, opened: Database) -> None:
    gate.lockout.begin("my password, by mistake", HERE)
    with opened.engine.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM tries")).all())
    assert "mistake" not in kept
    assert HERE not in kept


def test_many_at_once_gain_no_try(gate: Gate) -> None:
    lockout: Lockout = gate.lockout
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: lockout.begin("adams", HERE), range(16)))
    assert sorted(waits) == [0] * 5 + [30] * 11


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("::ffff:10.0.0.1", "10.0.0.1"),  # as a server that listens on both kinds is told it
        ("10.0.0.1:50123", "10.0.0.1"),  # as some proxies write it
        ("[2001:db8:1:2::7]:50123", "2001:db8:1:2::/64"),
        ("[::ffff:10.0.0.1]:50123", "10.0.0.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "no address"),
        ("10.0.0.1:", "no address"),
        ("10.0.0.1:x", "no address"),
        ("10.0.0.999", "no address"),
        ("[10.0.0.1", "no address"),
        ("evil", "no address"),
    ],
)
def test_whoever_has_one_address_of_a_network_has_all(address: str, counts_as: str) -> None:
    assert network(address) == counts_as
