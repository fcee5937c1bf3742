"""The file of the hospital's own login: what it must say, and each slip with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from inotrope.access.oidc.settings import SECRET, origin, read_settings
from inotrope.errors import FileError

SOUND = """\
issuer = "https://login.ward.example/realm"
client_id = "inotrope"
address = "https://inotrope.ward.example/"
scopes = ["profile", "groups"]
also_at = ["https://keys.ward.example"]
name_claim = "upn"

[roles]
view = ["ward", "pharmacy"]
plan = ["doctors"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "login.toml"
    path.write_text(text)
    return path


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    found = read_settings(written(tmp_path, SOUND), {})
    assert found.issuer == "https://login.ward.example/realm"
    assert found.back == "https://inotrope.ward.example/login/back"
    assert found.scopes == ("openid", "profile", "groups")
    assert (found.name_claim, found.roles_claim, found.client_secret) == ("upn", "groups", None)
    assert found.roles_of(["ward", "doctors"]) == {"view", "plan"}
    assert found.roles_of(["golf"]) == frozenset()


def test_the_secret_is_in_a_file_of_its_own_or_in_the_environment(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    beside = written(tmp_path, 'client_secret_file = "secret"\nscopes = ["openid"]\n' + SOUND.replace("scopes", "#"))
    assert read_settings(beside, {SECRET: "other"}).client_secret == "s3cret"
    assert read_settings(written(tmp_path, SOUND), {SECRET: "other"}).client_secret == "other"
    missing = written(tmp_path, 'client_secret_file = "nowhere"\n' + SOUND)
    with pytest.raises(FileError, match="does not exist"):
        read_settings(missing, {})


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('client_id = "inotrope"', "", "'client_id' is missing"),
        ('client_id = "inotrope"', "client_id = 7", "line 2: client_id: 'client_id' is no text"),
        ('client_id = "inotrope"', 'client_id = "inotrope"\nclient_secret = "x"', "'client_secret' is not known here"),
        ("https://login", "http://login", "line 1: issuer: 'http://login.ward.example/realm' is no address"),
        ("https://inotrope", "ftp://inotrope", "line 3: address"),
        ("https://keys.ward.example", "//keys", "line 5: also_at"),
        (
            'client_id = "inotrope"',
            'client_id = "inotrope"\nask_again = "no"',
            "line 3: ask_again: 'ask_again' is neither",
        ),
        ('["profile", "groups"]', '"profile"', "line 4: scopes: 'scopes' is no list of texts"),
        ('["doctors"]', "[]", "line 10: roles.plan: 'plan' is no list of texts"),
        ("plan = ", "doctor = ", "'doctor' is not a role"),
        ('[roles]\nview = ["ward", "pharmacy"]\nplan = ["doctors"]', "roles = 7", "no table of groups"),
    ],
)
def test_a_slip_is_told_with_its_line(tmp_path: Path, before: str, after: str, says: str) -> None:
    assert before in SOUND
    with pytest.raises(FileError) as told:
        read_settings(written(tmp_path, SOUND.replace(before, after)), {})
    assert says in str(told.value)


@pytest.mark.parametrize(
    ("address", "is_at"),
    [
        ("https://login.ward.example/realm", "https://login.ward.example:443"),
        ("https://login.ward.example:8443", "https://login.ward.example:8443"),
        ("http://localhost:8080/realm", "http://localhost:8080"),
        ("http://[::1]/", "http://[::1]:80"),
        ("HTTPS://Login.Ward.Example", "https://login.ward.example:443"),
    ],
)
def test_an_origin_is_scheme_host_and_port(address: str, is_at: str) -> None:
    assert origin(address, "issuer") == is_at


@pytest.mark.parametrize(
    "address",
    [
        "http://login.ward.example",
        "https://",
        "https://a:b@c",
        "https://c/#x",
        "https://c:99999",
        "https://[x",
        "x",
        "",
    ],
)
def test_what_is_no_address_or_an_open_one_is_refused(address: str) -> None:
    with pytest.raises(FileError, match="begins with https://"):
        origin(address, "issuer")


def test_whether_somebody_is_asked_again_is_the_hospitals_word(tmp_path: Path) -> None:
    assert read_settings(written(tmp_path, SOUND), {}).ask_again
    again = SOUND.replace('client_id = "inotrope"', 'client_id = "inotrope"\nask_again = false')
    assert not read_settings(written(tmp_path, again), {}).ask_again
