"""Roles: what each brings along, and what is no role."""

from __future__ import annotations

import pytest

from inotrope.access.roles import ANYBODY, NOBODY, Role, Who, read_roles, roles_kept, with_what_they_bring
from inotrope.errors import RequestError


@pytest.mark.parametrize(
    ("given", "has"),
    [
        ({"view"}, {"view"}),
        ({"plan"}, {"plan", "view"}),
        ({"confirm"}, {"confirm", "view"}),
        ({"administer"}, {"administer"}),  # whoever keeps the users sees no patient by that
        ({"plan", "confirm", "administer"}, {"view", "plan", "confirm", "administer"}),
    ],
)
def test_a_role_brings_along_what_it_cannot_do_without(given: set[str], has: set[str]) -> None:
    assert with_what_they_bring(read_roles(given)) == has


def test_anybody_may_everything_and_nobody_nothing() -> None:
    assert all(ANYBODY.may(role) for role in Role)
    assert not any(NOBODY.may(role) for role in Role)
    assert not ANYBODY.is_known
    assert not NOBODY.is_known
    assert Who("adams", frozenset({Role.VIEW}), "password").is_known
    assert Who("adams", frozenset({Role.VIEW}), "oidc").may("view")


@pytest.mark.parametrize(("written", "says"), [(["plann"], "nearest known: 'plan'"), ([], "No role is named")])
def test_what_is_no_role_is_told(written: list[str], says: str) -> None:
    with pytest.raises(RequestError, match=says) as told:
        read_roles(written)
    assert told.value.accepted == "view, plan, confirm, administer"


def test_a_role_is_read_as_people_write_it() -> None:
    assert read_roles([" Plan ", "view"]) == {"plan", "view"}


def test_a_word_that_is_no_role_gives_nothing_and_fails_nothing() -> None:
    assert roles_kept("view god plan PLAN") == {Role.VIEW, Role.PLAN}
    assert roles_kept("") == frozenset()
