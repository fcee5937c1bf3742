"""The file that says which clients may call the hooks: their issuers, keys and FHIR servers, and which pages' origins.

Knows the file's keys. It reaches nothing: a client's public keys are a file of this machine, so that nobody who sends a
token decides what is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inotrope.access.oidc.settings import origin
from inotrope.errors import FileError, nearest, shorten
from inotrope.files import Toml, decode, read_bytes, read_json, read_toml

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

_TOP = ("address", "page", "origins", "client")
_OF_CLIENT = ("name", "issuer", "keys", "jku", "fhir", "launch")
_NEEDED = ("name", "issuer", "keys")
_PAIRED = ("RSA", "EC", "OKP")
"""Kinds of keys that come in pairs: with a shared secret whoever can check a token could make one."""
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Client:
    """One system that may call.

    Attributes:
        name: What the audit calls it.
        issuer: Whose tokens are believed, as they stand in them.
        keys: Its public keys.
        jku: The one address that a token may name as that of its keys; it is compared and never fetched.
        fhir: Its FHIR servers, which may be asked with the token that a call brings.
        launch: The address at which it launches the bedside page as a SMART app; None where it does not.
    """

    name: str
    issuer: str
    keys: KeySet = field(repr=False)
    jku: str | None = None
    fhir: tuple[str, ...] = ()
    launch: str | None = None


@dataclass(frozen=True)
class Clients:
    """Who may call this server, and under which address.

    Attributes:
        address: This server's own address, as clients ask it; the audience of a token begins with it.
        clients: By issuer.
        page: The bedside page that a card links to; None for no link.
        origins: Origins of browser clients that may read an answer (CORS).
        fhir: FHIR servers of no client, which a server that believes everybody may ask: on this machine alone.
    """

    address: str
    clients: Mapping[str, Client] = field(default_factory=dict)
    page: str | None = None
    origins: tuple[str, ...] = ()
    fhir: tuple[str, ...] = ()

    @property
    def servers(self) -> tuple[str, ...]:
        """Every FHIR server that is named."""
        return (*self.fhir, *(server for client in self.clients.values() for server in client.fhir))


def read_clients(path: Path) -> Clients:
    """Return what a file says.

    Args:
        path: The file, TOML; the files of keys stand beside it.

    Raises:
        FileError: The file or a file of keys cannot be read, or a key is unknown, missing or says something impossible.
    """
    toml = read_toml(read_bytes(path), str(path))
    _known(toml, toml.content, _TOP, ())
    address = _address(toml, toml.content, "address", ())
    if address is None:
        raise FileError("'address' is missing: write this server's own, such as https://inotrope.ward.example.",
                        where=toml.name)  # fmt: skip
    listed = toml.content.get("client", [])
    if not isinstance(listed, list) or not listed:
        raise FileError("No client may call. Write a [[client]] with name, issuer and keys.", where=toml.name)
    clients: dict[str, Client] = {}
    for place, one in enumerate(listed):
        client = _client(toml, one, ("client", place), path.parent)
        if client.issuer in clients or client.name in {other.name for other in clients.values()}:
            says = "Two clients have the same issuer or name. Write each once."
            raise FileError(says, value=client.name, where=toml.where(("client", place)))
        clients[client.issuer] = client
    origins = _addresses(toml, toml.content, "origins", ())
    for one in origins:
        if origin(one, "origins") not in (one, f"{one}:443", f"{one}:80"):
            says = f"'{shorten(one)}' is no origin. Write scheme and host alone, such as https://ehr.example."
            raise FileError(says, value=one, where=toml.where(("origins",)))
    return Clients(address.rstrip("/"), clients, _address(toml, toml.content, "page", ()), origins)


def _client(toml: Toml, one: Any, path: tuple[str | int, ...], beside: Path) -> Client:
    if not isinstance(one, dict):
        raise FileError("A client is a table. Write [[client]], and its keys under it.", where=toml.where(path))
    _known(toml, one, _OF_CLIENT, path)
    for key in _NEEDED:
        if key not in one:
            raise FileError(f"'{key}' is missing. Add it.", accepted=", ".join(_NEEDED), where=toml.where(path))
    name, issuer, keys = (_text(toml, one, key, path) for key in _NEEDED)
    if len(name) > _LONGEST_NAME:
        raise FileError(
            f"A name has at most {_LONGEST_NAME} characters.", value=name, where=toml.where((*path, "name"))
        )
    return Client(
        name,
        issuer,
        _keys(beside / keys, toml.where((*path, "keys"))),
        _address(toml, one, "jku", path),
        tuple(server.rstrip("/") for server in _addresses(toml, one, "fhir", path)),
        _address(toml, one, "launch", path),
    )


def _keys(path: Path, where: str) -> KeySet:
    from joserfc.errors import JoseError  # noqa: PLC0415 - loaded by a server with hooks, and by no other
    from joserfc.jwk import KeySet  # noqa: PLC0415

    said = read_json(decode(read_bytes(path), path.name), path.name)
    listed = said.get("keys") if isinstance(said, dict) else None
    if not isinstance(listed, list) or not listed:
        raise FileError(f"'{path.name}' is no set of keys: an object with a list 'keys'.", where=where)
    for one in listed:
        if not isinstance(one, dict) or one.get("kty") not in _PAIRED or "d" in one:
            says = f"'{path.name}' holds a key that is no public key of a pair. A private or shared one never leaves"
            raise FileError(f"{says} whom it belongs to.", accepted=", ".join(_PAIRED), where=where)
        if not isinstance(one.get("kid"), str):
            raise FileError(f"A key in '{path.name}' has no 'kid'. Tokens name the key by it.", where=where)
    try:
        return KeySet.import_key_set({"keys": listed})
    except (JoseError, ValueError, TypeError, KeyError):
        raise FileError(f"A key in '{path.name}' cannot be read.", where=where) from None


def _known(toml: Toml, table: Mapping[str, Any], known: tuple[str, ...], path: tuple[str | int, ...]) -> None:
    for key in table:
        if key not in known:
            says = f"'{shorten(key)}' is not known here; {nearest(key, known)}."
            raise FileError(says, value=key, accepted=", ".join(known), where=toml.where((*path, key)))


def _text(toml: Toml, table: Mapping[str, Any], key: str, path: tuple[str | int, ...]) -> str:
    value = table[key]
    if not isinstance(value, str) or not value.strip():
        raise FileError(f"'{key}' is no text. Write one.", value=value, where=toml.where((*path, key)))
    return value.strip()


def _address(toml: Toml, table: Mapping[str, Any], key: str, path: tuple[str | int, ...]) -> str | None:
    if key not in table:
        return None
    value = _text(toml, table, key, path)
    try:
        origin(value, key)
    except FileError as problem:
        raise problem.at(toml.where((*path, key))) from None
    return value


def _addresses(toml: Toml, table: Mapping[str, Any], key: str, path: tuple[str | int, ...]) -> tuple[str, ...]:
    listed = table.get(key, [])
    if not isinstance(listed, list):
        raise FileError(f"'{key}' is no list of addresses.", value=listed, where=toml.where((*path, key)))
    return tuple(filter(None, (_address(toml, {key: value}, key, path) for value in listed)))
