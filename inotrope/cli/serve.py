"""`inotrope serve`: the bedside page and its JSON API, on this machine alone, or elsewhere to users who log in."""

from __future__ import annotations

import socket
import sys
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from inotrope.cli import serve_access, serve_hooks
from inotrope.cli.serve_access import LOOPBACK
from inotrope.cli.serve_courses import open_courses, open_to_others, where_kept
from inotrope.cli.written import whole
from inotrope.errors import RequestError, one_line, shorten

if TYPE_CHECKING:
    import argparse

    from inotrope.course import Courses
    from inotrope.web.settings import Settings

PORT, HIGHEST_PORT = 8480, 65_535
SHORT_NOTICE = "Supports professionals and replaces none. Not cleared as a medical device. Check every line."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    host = "where it listens, else 127.0.0.1, this machine alone; another address needs users and HTTPS"
    parser.add_argument("--host", metavar="NAME", default=LOOPBACK[0], help=host)
    parser.add_argument("--port", metavar="NUMBER", help=f"where it listens, else {PORT}; 0 for one that is free")
    parser.add_argument("--site", metavar="FILE", help="the hospital's own site.toml, for every answer")
    where = "where courses are kept: a file, or a PostgreSQL URL; else INOTROPE_DATABASE, else your own"
    parser.add_argument("--database", metavar="FILE|URL", help=where)
    serve_access.add_options(parser)
    serve_hooks.add_options(parser)
    parser.add_argument("--open", action="store_true", help="also open the page in this machine's browser")


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl+C, and return 0."""
    reach, port = serve_access.read_reach(options), _port(options.port)
    _prove_packages()
    from inotrope.web.serving import make_server

    with _listen(reach.host, port) as listening, open_courses(options.database) or nullcontext() as store:
        port = listening.getsockname()[1]
        gate = serve_access.open_gate(reach, store)
        settings = _settings(options, reach, port, store)
        hooks = serve_hooks.open_hooks(options, reach, settings.hosts, port, store)
        beside = {} if hooks is None else {serve_hooks.AT: hooks}
        server = make_server(settings, store=store, gate=gate, beside=beside)
        address, to_whom = reach.told(port)
        print(f"Inotrope answers at {address} {to_whom}. Ctrl+C ends it.")
        if hooks is not None:
            print(serve_hooks.told(options, address))
        others = open_to_others(store, reach.certificate and reach.certificate[1])
        print(f"{where_kept(store)}\n{others}{SHORT_NOTICE}", flush=True)
        if options.open:
            _open(address)
        with suppress(KeyboardInterrupt), hooks or nullcontext():  # that is how it is ended
            server.run(sockets=[listening])
    return 0


def _settings(options: argparse.Namespace, reach: serve_access.Reach, port: int, store: Courses | None) -> Settings:
    from inotrope.web.settings import Settings

    certificate, key = reach.certificate or (None, None)
    return Settings(
        port=port,
        hosts=serve_access.hosts(reach),
        site=None if options.site is None else Path(options.site),
        database=None if store is None else store.shown,
        login=reach.login,
        secure=reach.secure,
        proxies=reach.proxies,
        certificate=certificate,
        key=key,
        oidc=reach.oidc,
    )


def _port(written: str | None) -> int:
    port = whole(written, "--port")
    if port is None:
        return PORT
    if port > HIGHEST_PORT:
        says = f"--port is {shorten(str(port))}. Write a number up to {HIGHEST_PORT}, such as {PORT}."
        raise RequestError(says, value=port, accepted=f"0 to {HIGHEST_PORT}")
    return port


def _prove_packages() -> None:
    """Refuse where the web packages are missing, with what installs them."""
    from importlib.util import find_spec

    lacking = [name for name in ("fastapi", "uvicorn", "python_multipart") if find_spec(name) is None]
    if lacking:
        says = f"The page needs packages that are not installed: {', '.join(lacking)}. Run: pip install 'inotrope[web]'"
        raise RequestError(says, accepted="pip install 'inotrope[web]'")


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on this machine.

    Raises:
        RequestError: The port is taken, or not free to be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # By its name, since without it asyncio does not take it for TCP and lets small answers wait for 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError as problem:
        listening.close()
        why = one_line(problem.strerror or str(problem))
        says = f"Port {port} of {host} cannot be listened on: {why}. Name another with --port, or 0 for a free one."
        raise RequestError(says, value=port) from None
    return listening


def _open(address: str) -> None:
    import webbrowser

    if not webbrowser.open(address):
        print("No browser could be opened here. Open the address above in one.", file=sys.stderr)
