"""Whom `inotrope serve` lets in: on this machine alone anybody, elsewhere users, over HTTPS, or not at all.

Knows what must be there before another machine can reach the page, and says which of it is missing.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from inotrope.errors import RequestError, one_line, shorten

if TYPE_CHECKING:
    import argparse

    from inotrope.access.gate import Gate
    from inotrope.course import Courses

LOOPBACK = ("127.0.0.1", "localhost", "::1")
EVERYWHERE = ("0.0.0.0", "::")
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
NEEDED = ("argon2", "joserfc", "httpx2")
ADD_A_USER = "inotrope course user add NAME --role ROLES"


@dataclass(frozen=True, slots=True)
class Reach:
    """From where a server is reached, and how.

    Attributes:
        host: Where it listens.
        names: Under which names browsers ask it.
        login: Whether everybody must say who they are.
        certificate: The file of its certificate, and that of its key; None where it speaks HTTP.
        proxies: The addresses of the proxies in front of it, which speak HTTPS.
        oidc: The file that says how the hospital's own login is reached.
    """

    host: str
    names: tuple[str, ...]
    login: bool
    certificate: tuple[Path, Path] | None
    proxies: tuple[str, ...]
    oidc: Path | None

    @property
    def secure(self) -> bool:
        """Whether browsers reach it by HTTPS."""
        return self.certificate is not None or bool(self.proxies)

    def told(self, port: int) -> tuple[str, str]:
        """Return the address to open, and in words who is answered."""
        scheme = "https" if self.secure else "http"
        here = self.host in LOOPBACK and not self.proxies
        name = self.host if here else self.names[0]
        shown = f"[{name}]" if ":" in name and not name.startswith("[") else name
        if self.proxies:
            told = f"to the proxy at {' and '.join(self.proxies)} alone, on port {port}, for users who log in"
            return f"{scheme}://{shown}/", told
        whom = ["on this machine alone"] * here + ["to users who log in"] * self.login
        return f"{scheme}://{shown}:{port}/", ", ".join(whom)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what says who is let in."""
    parser.add_argument("--login", action="store_true", help="let in users alone, on this machine too")
    parser.add_argument("--oidc", metavar="FILE", help="how the hospital's own login is reached (OpenID Connect), TOML")
    parser.add_argument("--certificate", metavar="FILE", help="the server's certificate with those above it, PEM")
    parser.add_argument("--key", metavar="FILE", help="the key of the certificate, PEM")
    proxy = "the address of a proxy that speaks HTTPS in front; believed on whom it was asked by, and nobody else is"
    parser.add_argument("--behind-proxy", metavar="ADDRESS", action="append", default=[], help=proxy)
    named = "a name under which browsers ask the server, such as inotrope.ward.example"
    parser.add_argument("--name", metavar="NAME", action="append", default=[], help=named)


def read_reach(options: argparse.Namespace) -> Reach:
    """Return from where the server is to be reached.

    Raises:
        RequestError: What that needs is missing, or an option says nothing that can be.
    """
    host = options.host
    proxies = tuple(_address(written) for written in options.behind_proxy)
    names = tuple(_name(written) for written in options.name)
    certificate = _certificate(options)
    elsewhere = host not in LOOPBACK
    if elsewhere and certificate is None and not proxies:
        says = (
            f"'{shorten(host)}' can be reached by other machines, and a password would go there in the open. Name "
            "--certificate FILE and --key FILE, or --behind-proxy ADDRESS of a proxy that speaks HTTPS. Or leave "
            "--host out, and open the page on this machine."
        )
        raise RequestError(says, value=host, accepted=", ".join(LOOPBACK))
    if not names and (proxies or host in EVERYWHERE):
        says = "Under which name do browsers ask this server? Name it with --name, such as inotrope.ward.example."
        raise RequestError(says, accepted="--name NAME")
    if elsewhere and not names:
        names = (f"[{host}]" if ":" in host else host.lower(),)
    oidc = None if options.oidc is None else Path(options.oidc)
    login = options.login or elsewhere or bool(proxies) or oidc is not None
    return Reach(host, names, login, certificate, proxies, oidc)


def hosts(reach: Reach) -> tuple[str, ...]:
    """Return the names that the server answers to: its own, and those of this machine where it listens there alone."""
    from inotrope.web.settings import LOOPBACK as OWN

    return reach.names if reach.proxies or reach.host not in LOOPBACK else (*OWN, *reach.names)


def open_gate(reach: Reach, store: Courses | None) -> Gate | None:
    """Return whom the server lets in; None for everybody who reaches it.

    Raises:
        RequestError: Nobody could log in.
        FileError: The file of the hospital's own login cannot be read.
    """
    if not reach.login:
        return None
    if store is None:
        says = "Users are kept where courses are, and no database is open: why stands in the line above. Mend that, or "
        raise RequestError(f"{says}name another one with --database.", accepted="--database FILE|URL")
    lacking = [name for name in NEEDED if find_spec(name) is None]
    if lacking:
        says = f"Users need packages that are not installed: {', '.join(lacking)}. Run: pip install 'inotrope[web]'"
        raise RequestError(says, accepted="pip install 'inotrope[web]'")
    from inotrope.access.gate import Gate
    from inotrope.access.oidc.login import Login
    from inotrope.access.oidc.settings import read_settings

    login = None
    if reach.oidc is not None:
        settings = read_settings(reach.oidc)
        name = urlsplit(settings.address).hostname or ""
        known = [item.strip("[]") for item in hosts(reach)]
        if name not in known:
            says = f"The file {shorten(str(reach.oidc))} has this server at '{shorten(settings.address)}', and it does "
            raise RequestError(
                f"{says}not answer to that name. Name it with --name.", value=name, accepted="--name NAME"
            )
        login = Login(settings)
    gate = Gate(store.database, login)
    if login is None and not any(not user.disabled for user in gate.users.list()):
        add = _add_a_user(store)
        says = f"There are no users yet, so nobody could log in. Add the first: {add}"
        raise RequestError(f"{says}; or name the hospital's own login with --oidc FILE.", accepted=add)
    return gate


def _add_a_user(store: Courses) -> str:
    """Return the command with the database that is open: without it the user would go into one's own."""
    path = getattr(store.database.address, "path", None)  # an address of PostgreSQL is shown without its password
    return f"{ADD_A_USER} --database {'URL' if path is None else quote(one_line(str(path)))}"


def _certificate(options: argparse.Namespace) -> tuple[Path, Path] | None:
    if options.certificate is None and options.key is None:
        return None
    if options.certificate is None or options.key is None:
        lacking = "--certificate" if options.certificate is None else "--key"
        raise RequestError(f"A certificate and its key belong together. Name {lacking} too.", accepted=lacking)
    return Path(options.certificate), Path(options.key)


def _address(written: str) -> str:
    try:
        return str(ipaddress.ip_address(written))
    except ValueError:
        says = f"'{shorten(written)}' is no address of a proxy. Write it in numbers, such as 10.0.0.5."
        raise RequestError(says, value=written, accepted="an address such as 10.0.0.5") from None


def _name(written: str) -> str:
    name = written.lower()
    if not _NAME.fullmatch(name) or len(name) > 253:  # noqa: PLR2004 - RFC 1035, 2.3.4
        says = f"'{shorten(written)}' is no name of a server. Write it without https:// and port."
        raise RequestError(says, value=written, accepted="a name such as inotrope.ward.example")
    return name
