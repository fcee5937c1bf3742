"""A login by the hospital's own: what ties the way back to the way there, and what is asked of whom."""

from __future__ import annotations

import hashlib
from base64 import b64decode, urlsafe_b64encode
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from inotrope.access.gate import Gate
from inotrope.access.oidc.login import LONGEST_S, NoWayBack
from inotrope.access.roles import Role
from inotrope.access.tokens import new_token
from inotrope.course.keeping.opening import Database
from inotrope.errors import AccessError
from tests.access.conftest import Clock
from tests.access.oidc.conftest import CLIENT, HERE, ISSUER, SETTINGS, Hospital

BROWSER = new_token()


def test_somebody_comes_in_with_the_roles_of_their_groups(hospital: Hospital) -> None:
    login = hospital.login()
    told = login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER, ISSUER)
    assert (told.issuer, told.subject, told.name, told.roles) == (ISSUER, "77", "Adams", {"plan", "confirm"})


def test_what_a_browser_is_sent_with_is_what_rfc_7636_and_openid_ask(hospital: Hospital) -> None:
    login = hospital.login()
    to = login.begin(BROWSER)
    code, _ = hospital.sends_back(to)
    asked = {name: value[0] for name, value in parse_qs(urlsplit(to).query).items()}
    assert to.startswith(f"{ISSUER}/authorize?")
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", CLIENT, "openid profile")
    assert asked["redirect_uri"] == f"{HERE}/login/back"
    assert asked["code_challenge_method"] == "S256"
    login.finish(code, asked["state"], BROWSER)
    method, where, sent = hospital.asked[-2]  # the keys come last
    assert (method, where) == ("POST", f"{ISSUER}/token")
    assert sent["code"] == code
    assert 43 <= len(sent["code_verifier"]) <= 128  # RFC 7636, 4.1
    digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
    assert asked["code_challenge"] == urlsafe_b64encode(digest).decode().rstrip("=")
    assert sent["client_id"] == CLIENT
    assert "client_secret" not in sent
    assert len({asked["state"], asked["nonce"], sent["code_verifier"]}) == 3


def test_an_address_that_asks_something_already_is_asked_more(hospital: Hospital) -> None:
    hospital.said = {"authorization_endpoint": f"{ISSUER}/authorize?realm=ward"}
    assert hospital.login().begin(BROWSER).startswith(f"{ISSUER}/authorize?realm=ward&response_type=code")


@pytest.mark.parametrize(
    ("methods", "in_head"),
    [(None, True), (["client_secret_basic", "client_secret_post"], True), (["client_secret_post"], False)],
)
def test_this_server_proves_itself_as_the_login_wants_it(
    hospital: Hospital, methods: list[str] | None, in_head: bool
) -> None:
    hospital.said = {"token_endpoint_auth_methods_supported": methods}
    login = hospital.login(replace(SETTINGS, client_secret="s3cret/+"))
    login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER)
    sent, head = hospital.asked[-2][2], hospital.heads[-2]
    assert ("client_secret" in sent) is not in_head
    if in_head:
        assert b64decode(head.removeprefix("Basic ")) == b"inotrope:s3cret%2F%2B"  # RFC 6749, 2.3.1
    else:
        assert (sent["client_secret"], head) == ("s3cret/+", "")
    assert "s3cret" not in repr(SETTINGS) + repr(login._settings)


def test_the_way_back_is_used_once_in_the_same_browser_and_soon(hospital: Hospital, clock: Clock) -> None:
    login = hospital.login()
    code, state = hospital.sends_back(login.begin(BROWSER))
    for wrong in ("", "no state", new_token()):
        with pytest.raises(AccessError, match="no login that was begun in this browser"):
            login.finish(code, wrong, BROWSER)
    login.finish(code, state, BROWSER)
    with pytest.raises(AccessError, match="no login that was begun"):  # replayed
        login.finish(code, state, BROWSER)
    for other in ("", new_token(), "\udcff"):  # of another browser: a login of somebody else's is not made mine
        code, state = hospital.sends_back(login.begin(BROWSER))
        with pytest.raises(AccessError, match="no login that was begun"):
            login.finish(code, state, other)
        with pytest.raises(AccessError, match="no login that was begun"):  # nor tried twice
            login.finish(code, state, BROWSER)
    code, state = hospital.sends_back(login.begin(BROWSER))
    clock.now += LONGEST_S + 1
    with pytest.raises(AccessError, match="no login that was begun"):
        login.finish(code, state, BROWSER)
    for wrong in ("", "x" * 5_000):
        _, state = hospital.sends_back(login.begin(BROWSER))
        with pytest.raises(AccessError, match="no login that was begun"):
            login.finish(wrong, state, BROWSER)


def test_a_way_back_from_another_login_is_refused(hospital: Hospital) -> None:
    """RFC 9207: a mix-up of two logins."""
    login = hospital.login()
    code, state = hospital.sends_back(login.begin(BROWSER))
    with pytest.raises(AccessError, match="no login that was begun"):
        login.finish(code, state, BROWSER, "https://evil.example")


def test_a_login_that_says_who_it_is_is_believed_only_when_it_does(hospital: Hospital) -> None:
    """RFC 9207, 2.4: a way back without `iss` is refused where that login says that it sends one."""
    hospital.said = {"authorization_response_iss_parameter_supported": True}
    login = hospital.login()
    with pytest.raises(AccessError, match="no login that was begun"):
        login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER)
    assert login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER, ISSUER).name == "Adams"


def test_logins_that_nobody_comes_back_from_take_no_other_ones_away(hospital: Hospital) -> None:
    login = hospital.login()
    first = hospital.sends_back(login.begin(BROWSER))
    for _ in range(2_000):
        login.begin(new_token())
    assert not login._used  # nothing is kept of a login that is under way
    assert login.finish(*first, BROWSER).name == "Adams"


def test_what_came_back_is_kept_for_as_long_as_it_could_come_again(
    hospital: Hospital, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inotrope.access.oidc import login as file

    login = hospital.login()
    for _ in range(3):
        login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER)
    assert len(login._used) == 3
    clock.now += LONGEST_S + 1
    login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER)
    assert len(login._used) == 1
    monkeypatch.setattr(file, "MOST_USED", 2)
    for _ in range(3):
        login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER)
    assert len(login._used) == 2


def test_a_state_of_somebody_elses_making_is_none(hospital: Hospital, clock: Clock) -> None:
    login, other = hospital.login(), hospital.login()
    code, state = hospital.sends_back(login.begin(BROWSER))
    token, at, mac, bound = state.split(".")
    forged = [
        hospital.sends_back(other.begin(BROWSER))[1],  # by another process
        f"{token}.{int(at) + 1}.{mac}.{bound}",
        f"{new_token()}.{at}.{mac}.{bound}",
        f"{token}.{at}.{new_token()}.{bound}",
        f"{token}.x.{mac}.{bound}",
        f"{token}.{'9' * 280}.{mac}.{bound}",
        f"{token}.\u0663.{mac}.{bound}",
        f"{token}.{at}.{mac}",
        "." * 3,
    ]
    for written in forged:
        with pytest.raises(NoWayBack):
            login.finish(code, written, BROWSER)
    assert not login._used  # nobody fills the memory by what is none
    with pytest.raises(NoWayBack):
        login.finish(code, f"{token}.{at}.{mac}.{new_token()}", BROWSER)
    clock.now -= LONGEST_S + 1
    code, state = hospital.sends_back(login.begin(BROWSER))
    clock.now += LONGEST_S + 2
    with pytest.raises(NoWayBack):
        login.finish(code, state, BROWSER)


def test_whoever_sits_there_is_asked_and_the_one_before_is_not_believed(hospital: Hospital, clock: Clock) -> None:
    """A machine of the ward: the login may still know who sat there last (OpenID Connect Core 1.0, 3.1.2.1)."""
    login, trusting = hospital.login(), hospital.login(replace(SETTINGS, ask_again=False))
    asked = parse_qs(urlsplit(login.begin(BROWSER)).query)
    assert asked["prompt"] == ["login"]
    assert "prompt" not in parse_qs(urlsplit(trusting.begin(BROWSER)).query)
    hospital.claims = {"auth_time": int(clock.now) - 30}
    assert login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER).name == "Adams"
    for long_ago in (int(clock.now) - 3_600, "yesterday"):
        hospital.claims = {"auth_time": long_ago}
        with pytest.raises(AccessError, match="nobody was asked now"):
            login.finish(*hospital.sends_back(login.begin(BROWSER)), BROWSER)
        assert trusting.finish(*hospital.sends_back(trusting.begin(BROWSER)), BROWSER).name == "Adams"


def test_a_way_back_that_is_none_fills_no_audit(
    opened: Database, hospital: Hospital, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate(opened, hospital.login(), clock)
    with caplog.at_level("INFO"):
        for _ in range(50):
            with pytest.raises(NoWayBack):
                gate.log_in_by_hospital("code", "state", browser=BROWSER, address="10.0.0.1")
    assert gate.audit.count() == 0
    assert [record.getMessage() for record in caplog.records] == ["login"] * 50


def test_through_the_gate_they_are_a_user_of_that_login(opened: Database, hospital: Hospital, clock: Clock) -> None:
    login = hospital.login()
    gate = Gate(opened, login, clock)
    assert gate.ways == ("password", "oidc")
    token = gate.log_in_by_hospital(*hospital.sends_back(login.begin(BROWSER)), browser=BROWSER, address="10.0.0.1")
    found = gate.find(token)
    assert found is not None
    assert (found.who.name, found.who.way, found.who.roles) == ("adams", "oidc", {"plan", "confirm", "view"})
    gate.users.disable("adams")
    code, state = hospital.sends_back(login.begin(BROWSER))
    with pytest.raises(AccessError, match="disabled here"):
        gate.log_in_by_hospital(code, state, browser=BROWSER, address="10.0.0.1")
    gate.users.add("brown", [Role.VIEW], "four words for a ward")
    hospital.claims = {"sub": "78", "preferred_username": "brown"}
    code, state = hospital.sends_back(login.begin(BROWSER))
    with pytest.raises(AccessError, match="belongs to another user"):
        gate.log_in_by_hospital(code, state, browser=BROWSER, address="10.0.0.1")
    assert [(row.who, row.outcome) for row in gate.audit.rows()] == [
        ("", "refused"),
        ("", "refused"),
        ("adams", "done"),
    ]
