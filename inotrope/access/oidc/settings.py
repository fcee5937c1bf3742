"""The file that says how the hospital's own login is reached, and which of its groups have which role.

Knows the file's keys. It reaches nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from inotrope.access.roles import Role
from inotrope.errors import FileError, nearest, shorten
from inotrope.files import Toml, decode, read_bytes, read_toml

SECRET = "INOTROPE_OIDC_SECRET"
"""The variable of the environment that holds the secret, where no file does."""
BACK = "/login/back"
"""Where that login sends a browser back to, under this server's address."""
_TEXTS = ("issuer", "client_id", "address", "client_secret_file", "name_claim", "roles_claim")
_NEEDED = ("issuer", "client_id", "address", "roles")
_LISTS = ("scopes", "also_at")
_SWITCHES = ("ask_again",)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class OidcSettings:
    """How the hospital's own login is reached.

    Attributes:
        issuer: Whose tokens are believed, as they stand in them.
        client_id: What that login calls this server.
        address: This server's own address, as browsers have it.
        roles: Of each role, the groups that have it.
        client_secret: What this server proves itself by; None where that login asks for none.
        name_claim: The claim that a user is named by.
        roles_claim: The claim that holds a user's groups; parts that lie within each other are parted by dots.
        scopes: What is asked for.
        also_at: Origins beside the issuer's at which that login may have what is fetched from it.
        ask_again: Whether that login asks at each login who sits there: on a machine of the ward the one who sat there
            last may be known to it still, and what the next one does would be done in their name.
    """

    issuer: str
    client_id: str
    address: str
    roles: Mapping[Role, frozenset[str]]
    client_secret: str | None = field(default=None, repr=False)
    name_claim: str = "preferred_username"
    roles_claim: str = "groups"
    scopes: tuple[str, ...] = ("openid", "profile")
    also_at: tuple[str, ...] = ()
    ask_again: bool = True

    @property
    def back(self) -> str:
        """The address that a browser comes back to."""
        return self.address.rstrip("/") + BACK

    def roles_of(self, groups: list[str]) -> frozenset[Role]:
        """Return the roles that somebody in these groups has."""
        return frozenset(role for role, of in self.roles.items() if of.intersection(groups))


def read_settings(path: Path, environment: Mapping[str, str] | None = None) -> OidcSettings:
    """Return what a file says.

    Args:
        path: The file, TOML.
        environment: That of this process by default; it may hold the secret.

    Raises:
        FileError: The file cannot be read, or a key is unknown, missing or says something impossible.
    """
    toml = read_toml(read_bytes(path), str(path))
    _prove_keys(toml)
    values = {key: _text(toml, key) for key in _TEXTS if key in toml.content}
    lists = {key: tuple(_texts(toml, key)) for key in _LISTS if key in toml.content}
    switches = {key: _switch(toml, key) for key in _SWITCHES if key in toml.content}
    for key, address in (("issuer", values["issuer"]), ("address", values["address"])):
        _prove_address(toml, key, address)
    for address in lists.get("also_at", ()):
        _prove_address(toml, "also_at", address)
    secret = (os.environ if environment is None else environment).get(SECRET)
    secret_file = values.pop("client_secret_file", None)
    if secret_file is not None:
        secret = decode(read_bytes(path.parent / secret_file), secret_file).strip()
    scopes = lists.get("scopes")
    if scopes is not None and "openid" not in scopes:
        lists["scopes"] = ("openid", *scopes)
    return OidcSettings(roles=_roles(toml), client_secret=secret or None, **values, **lists, **switches)  # type: ignore[arg-type]


def origin(address: str, what: str) -> str:
    """Return scheme, host and port of an address that is fetched from or sent to: HTTPS, except on this machine.

    Raises:
        FileError: It is none, or would go over the network in the open.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    open_here = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or open_here) or parts.username or parts.fragment:
        says = f"'{shorten(address)}' is no address that '{what}' may have. Write one that begins with https://."
        raise FileError(says, value=address, accepted="https://HOST/...")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port or (443 if parts.scheme == 'https' else 80)}"


def _prove_keys(toml: Toml) -> None:
    known = (*_TEXTS, *_LISTS, *_SWITCHES, "roles")
    for key in toml.content:
        if key not in known:
            says = f"'{shorten(key)}' is not known here; {nearest(key, known)}."
            raise FileError(says, value=key, accepted=", ".join(known), where=toml.where((key,)))
    for key in _NEEDED:
        if key not in toml.content:
            raise FileError(f"'{key}' is missing. Add it.", accepted=", ".join(_NEEDED), where=toml.name)


def _prove_address(toml: Toml, key: str, address: str) -> None:
    try:
        origin(address, key)
    except FileError as problem:
        raise problem.at(toml.where((key,))) from None


def _text(toml: Toml, key: str) -> str:
    value = toml.content[key]
    if not isinstance(value, str) or not value.strip():
        raise FileError(f"'{key}' is no text. Write one.", value=value, where=toml.where((key,)))
    return value.strip()


def _switch(toml: Toml, key: str) -> bool:
    value = toml.content[key]
    if not isinstance(value, bool):
        raise FileError(f"'{key}' is neither true nor false. Write one of them.", value=value, where=toml.where((key,)))
    return value


def _texts(toml: Toml, *path: str) -> list[str]:
    value: Any = toml.content
    for key in path:
        value = value[key]
    if not isinstance(value, list) or not value or not all(isinstance(item, str) and item.strip() for item in value):
        says = f"'{path[-1]}' is no list of texts. Write one, such as [\"ward\"]."
        raise FileError(says, value=value, where=toml.where(path))
    return [item.strip() for item in value]


def _roles(toml: Toml) -> dict[Role, frozenset[str]]:
    table = toml.content["roles"]
    if not isinstance(table, dict) or not table:
        says = "'roles' is no table of groups by role. Write one: [roles], and under it such as view = [\"ward\"]."
        raise FileError(says, value=table, where=toml.where(("roles",)))
    for role in table:
        if role not in list(Role):
            says = f"'{shorten(role)}' is not a role; {nearest(role, Role)}."
            raise FileError(says, value=role, accepted=", ".join(Role), where=toml.where(("roles", role)))
    return {Role(role): frozenset(_texts(toml, "roles", role)) for role in table}
