"""Browsers that are known again: whoever fails elsewhere in a name keeps its owner out of none of them."""

from __future__ import annotations

import pytest

from inotrope.access.browsers import MOST_NAMES, Browsers
from inotrope.access.gate import Gate
from inotrope.access.roles import Role
from inotrope.access.tokens import new_token
from inotrope.errors import AccessError
from tests.access.conftest import GOOD

WARD = "10.0.0.1"


@pytest.fixture
def known(gate: Gate) -> str:
    """What the browser keeps in which adams logged in before."""
    gate.users.add("adams", [Role.VIEW], GOOD)
    gate.users.add("brown", [Role.VIEW], GOOD)
    gate.log_in("adams", GOOD, address=WARD)
    return gate.browsers.remember("", "adams")


def fail(gate: Gate, name: str, address: str, times: int, browser: str = "") -> None:
    for _ in range(times):
        with pytest.raises(AccessError):
            gate.log_in(name, "wrong words of a ward", address=address, browser=browser)


def test_whoever_fails_in_a_name_everywhere_keeps_its_owner_out_of_no_browser_of_theirs(gate: Gate, known: str) -> None:
    for number in range(51):
        fail(gate, "adams", f"10.9.{number}.1", 1)
    with pytest.raises(AccessError, match="Too much was tried"):
        gate.log_in("adams", GOOD, address="10.0.0.2")
    assert gate.log_in("adams", GOOD, address=WARD, browser=known)


def test_whoever_fails_at_the_address_of_a_ward_keeps_the_ward_out_of_none_of_its_browsers(
    gate: Gate, known: str
) -> None:
    for number in range(31):
        fail(gate, f"name{number}", WARD, 1)
    with pytest.raises(AccessError, match="Too much was tried"):
        gate.log_in("brown", GOOD, address=WARD, browser=known)  # who never logged in there
    assert gate.log_in("adams", GOOD, address=WARD, browser=known)


def test_in_a_known_browser_one_guesses_as_seldom_as_anywhere(gate: Gate, known: str) -> None:
    fail(gate, "adams", WARD, 5, known)
    for address in (WARD, "10.0.0.2"):
        with pytest.raises(AccessError, match="Too much was tried"):
            gate.log_in("adams", GOOD, address=address, browser=known)
    assert gate.log_in("adams", GOOD, address=WARD)  # elsewhere nobody failed


def test_a_browser_is_known_by_the_proof_of_this_server_alone(gate: Gate, known: str) -> None:
    browsers = gate.browsers
    token, proof = known.split(".")
    assert browsers.known(known, " Adams ") == token
    other = Browsers("another site").remember("", "adams")
    for forged in ("", token, f"{new_token()}.{proof}", f"{token}.{'0' * 32}", other, f"{known}\n", "\udcff", "." * 99):
        assert browsers.known(forged, "adams") == ""
    assert browsers.known(known, "brown") == ""
    assert "adams" not in known


def test_many_may_share_a_browser_and_it_keeps_only_so_many(gate: Gate, known: str) -> None:
    kept = known
    for number in range(MOST_NAMES - 1):
        kept = gate.browsers.remember(kept, f"name{number}")
    assert gate.browsers.remember(kept, "adams").count(".") == MOST_NAMES
    assert gate.browsers.known(kept, "adams") == known.split(".", maxsplit=1)[0]
    kept = gate.browsers.remember(kept, "one more")
    assert gate.browsers.known(kept, "adams") == ""
    assert gate.browsers.known(kept, "name0") == known.split(".", maxsplit=1)[0]
    assert kept.count(".") == MOST_NAMES
