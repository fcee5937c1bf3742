"""The file of the clients: what it says, and every mistake in it with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from inotrope.access.clients.settings import Clients, read_clients
from inotrope.errors import FileError
from tests.access.clients.conftest import HERE, ISSUER, SOUND


def test_what_a_sound_file_says(clients: Clients) -> None:
    assert clients.address == HERE
    assert clients.page == f"{HERE}/case"
    assert clients.origins == ("https://ehr.example",)
    client = clients.clients[ISSUER]
    assert (client.name, client.jku) == ("ward record", "https://ehr.example/keys")
    assert client.fhir == ("https://ehr.example/fhir",)
    assert client.launch == f"{HERE}/launch"
    assert clients.servers == client.fhir
    assert [key.kid for key in client.keys] == ["one"]
    assert "KeySet" not in repr(client)


def test_what_may_be_left_out(write: Callable[..., Path]) -> None:
    text = f'address = "{HERE}"\n[[client]]\nname = "n"\nissuer = "i"\nkeys = "keys.json"\n'
    clients = read_clients(write(text))
    assert (clients.page, clients.origins, clients.fhir) == (None, (), ())
    assert clients.clients["i"].jku is None
    assert clients.clients["i"].fhir == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("page =", "pages =", "'pages' is not known here"),
        (f'address = "{HERE}/"\n', "", "'address' is missing"),
        (f'address = "{HERE}/"', 'address = "http://ward.example"', "no address"),
        (f'address = "{HERE}/"', "address = 4", "'address' is no text"),
        ('origins = ["https://ehr.example"]', 'origins = "https://ehr.example"', "no list of addresses"),
        ('origins = ["https://ehr.example"]', 'origins = ["https://ehr.example/a"]', "is no origin"),
        ('origins = ["https://ehr.example"]', "origins = [1]", "is no text"),
        ("[[client]]", "[client]", "No client may call"),
        (SOUND[SOUND.index("[[client]]") :], "client = [3]", "A client is a table"),
        ('name = "ward record"\n', "", "'name' is missing"),
        ('name = "ward record"', f'name = "{"n" * 81}"', "at most 80"),
        ('issuer = "https://ehr.example"', 'issuer = " "', "'issuer' is no text"),
        ("jku =", "jkus =", "'jkus' is not known here"),
        ('fhir = ["https://ehr.example/fhir/"]', 'fhir = ["http://ehr.example/fhir"]', "no address"),
        ("keys.json", "other.json", "does not exist"),
    ],
)
def test_a_mistake_is_named_with_its_place(write: Callable[..., Path], old: str, new: str, says: str) -> None:
    assert old in SOUND
    with pytest.raises(FileError, match=says):
        read_clients(write(SOUND.replace(old, new)))


def test_a_file_without_a_client_lets_nobody_in(write: Callable[..., Path]) -> None:
    with pytest.raises(FileError, match="No client may call"):
        read_clients(write(f'address = "{HERE}"\n'))


@pytest.mark.parametrize("change", [("name", "other"), ("issuer", "https://other.example")])
def test_two_clients_are_told_apart(write: Callable[..., Path], change: tuple[str, str]) -> None:
    own = SOUND[SOUND.index("[[client]]") :]
    key, value = change
    second = "\n".join(f'{key} = "{value}"' if line.startswith(f"{key} =") else line for line in own.splitlines())
    with pytest.raises(FileError, match="same issuer or name"):
        read_clients(write(SOUND + second + "\n"))


def public(key: Any, **more: Any) -> dict[str, Any]:
    return {**key.as_dict(private=False), **more}


BROKEN = {"kty": "EC", "crv": "P-384", "x": "!", "y": "!", "kid": "one"}


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ([], "no set of keys"),
        ({"keys": []}, "no set of keys"),
        ({"keys": ["one"]}, "no public key"),
        ({"keys": [OctKey.generate_key(256, {"kid": "one"}).as_dict(private=True)]}, "no public key"),
        ({"keys": [ECKey.generate_key("P-384", {"kid": "one"}).as_dict(private=True)]}, "no public key"),
        ({"keys": [{**public(RSAKey.generate_key(2048)), "kid": 4}]}, "has no 'kid'"),
        ({"keys": [BROKEN]}, "cannot be read"),
    ],
)
def test_a_file_of_keys_holds_public_keys_with_names(write: Callable[..., Path], keys: Any, says: str) -> None:
    with pytest.raises(FileError, match=says):
        read_clients(write(keys=keys))
