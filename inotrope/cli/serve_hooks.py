"""The hooks of `inotrope serve`: which file names the clients, and who is believed without a token.

Knows what must hold before a record's system is answered: a file of clients, or, on this machine alone and by an
explicit flag, nobody's proof.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inotrope.cli.serve_access import LOOPBACK
from inotrope.errors import RequestError

if TYPE_CHECKING:
    import argparse

    from inotrope.access.audit import Audit
    from inotrope.cli.serve_access import Reach
    from inotrope.course import Courses
    from inotrope.hooks.app import Hooks

AT = "/cds-services"
"""The path of CDS Hooks."""
TRUSTING = "--hooks-without-tokens"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the hooks take."""
    which = "the systems that may call CDS Hooks at /cds-services: issuers, public keys, FHIR servers, TOML"
    parser.add_argument("--hooks", metavar="FILE", help=which)
    parser.add_argument(TRUSTING, action="store_true", help="answer hooks without a token: this machine alone, to try")


def open_hooks(
    options: argparse.Namespace, reach: Reach, hosts: tuple[str, ...], port: int, store: Courses | None
) -> Hooks | None:
    """Return the hooks, warm; None where none are asked for.

    Args:
        options: As they were written.
        reach: From where the server is reached.
        hosts: The names that it answers to.
        port: Where it listens.
        store: Where courses and the audit are kept, open; without one calls are noted in the log alone.

    Raises:
        RequestError: Another machine could call without a token.
        FileError: The file of the clients, or the hospital's own, cannot be read.
    """
    if options.hooks is None and not options.hooks_without_tokens:
        return None
    if options.hooks_without_tokens and (reach.host not in LOOPBACK or reach.proxies):
        says = f"{TRUSTING} is for this machine alone, and other machines reach this server. Leave it out."
        raise RequestError(says, accepted="--hooks FILE")
    from inotrope.access.clients.settings import Clients, read_clients
    from inotrope.drug import read_site
    from inotrope.hooks.app import Hooks
    from inotrope.hooks.noting import Notes
    from inotrope.hooks.settings import HooksSettings

    here = f"http://{hosts[0]}:{port}"
    clients = Clients(here, page=f"{here}/") if options.hooks is None else read_clients(Path(options.hooks))
    names = tuple(dict.fromkeys(name for host in hosts for name in (host, f"{host}:{port}")))
    hooks = Hooks(
        HooksSettings(clients, names, trusting=options.hooks_without_tokens),
        notes=Notes(_audit(store)),
        site=None if options.site is None else read_site(Path(options.site)),
    )
    hooks.warm()
    return hooks


def told(options: argparse.Namespace, address: str) -> str:
    """Return what the start of the server says of the hooks."""
    proof = "without tokens, for this machine alone" if options.hooks_without_tokens else "for the clients of the file"
    return f"CDS Hooks answer at {address.rstrip('/')}{AT}, {proof}."


def _audit(store: Courses | None) -> Audit | None:
    if store is None:
        return None
    from inotrope.access.audit import Audit as Opened

    return Opened(store.database)
