"""`inotrope course user add | list | role | disable | enable | password`: who may use a server that keeps courses.

Knows that a password is typed or piped in, and stands in no command line: others can read those, and shells keep them.
What is done here is written to the audit, in the name that this machine knows.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from inotrope.cli.course.opened import add_verb
from inotrope.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inotrope.access.audit import Audit
    from inotrope.access.roles import Role
    from inotrope.access.users import User, Users

NEEDED = ("argon2",)
LONGEST_LINE = 2_000


def add_verbs(under: Any) -> None:
    """Describe the verbs."""
    says = "who may use a server that keeps courses"
    user = under.add_parser("user", help=says, description=f"{says[0].upper()}{says[1:]}.")
    verbs = user.add_subparsers(dest="user_verb", metavar="VERB", required=True, title="what to do")
    listed = "view, plan, confirm, administer; more than one with a comma"
    typed = "The password is asked for; in a pipe it is the first line of standard input."
    add = _named(verbs, "add", "add a user with a password", _add)
    add.epilog = typed
    add_verb(verbs, "list", "every user, with roles", _list)
    role = _named(verbs, "role", "give a user other roles than before; they are logged out", _role)
    for parser in (add, role):
        parser.add_argument("--role", metavar="ROLES", required=True, help=listed)
    _named(verbs, "disable", "let a user in no longer; what they did keeps their name", _disable)
    _named(verbs, "enable", "let a user in again", _enable)
    _named(verbs, "password", "give a user another password; they are logged out", _password).epilog = typed


def _named(verbs: Any, name: str, says: str, verb: Any) -> argparse.ArgumentParser:
    parser = add_verb(verbs, name, says, verb)
    parser.add_argument("name", metavar="NAME", help="of the user, such as adams")
    return parser


@contextmanager
def _opened(options: argparse.Namespace, *, create: bool = False) -> Iterator[tuple[Users, Audit]]:
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in NEEDED):
        says = "Users need packages that are not installed. Run: pip install 'inotrope[web,course]'"
        raise RequestError(says, accepted="pip install 'inotrope[web,course]'")
    from inotrope.access.audit import Audit
    from inotrope.access.users import Users
    from inotrope.cli.course.opened import opened

    with opened(options, create=create) as store:
        yield Users(store.database), Audit(store.database)


def _add(options: argparse.Namespace) -> int:
    from inotrope.access.users import prove_name

    name, roles = prove_name(options.name), _roles(options)
    with _opened(options, create=True) as (users, audit):
        return _done(options, audit, "add", users.add(name, roles, _typed(name)))


def _list(options: argparse.Namespace) -> int:
    with _opened(options) as (users, _):
        found = users.list()
    if options.json:
        print(json.dumps({"users": [_plain(user) for user in found]}, indent=2))
        return 0
    for user in found:
        print(_line(user))
    print(f"{len(found)} user{'s' * (len(found) != 1)}.")
    return 0


def _role(options: argparse.Namespace) -> int:
    roles = _roles(options)
    with _opened(options) as (users, audit):
        return _done(options, audit, "role", users.give(options.name, roles))


def _disable(options: argparse.Namespace) -> int:
    with _opened(options) as (users, audit):
        return _done(options, audit, "disable", users.disable(options.name))


def _enable(options: argparse.Namespace) -> int:
    with _opened(options) as (users, audit):
        return _done(options, audit, "enable", users.enable(options.name))


def _password(options: argparse.Namespace) -> int:
    with _opened(options) as (users, audit):
        return _done(options, audit, "password", users.set_password(options.name, _typed(options.name)))


def _roles(options: argparse.Namespace) -> frozenset[Role]:
    from inotrope.access.roles import read_roles

    return read_roles(part for part in options.role.split(",") if part.strip())


def _typed(name: str) -> str:
    """Return a password: asked for twice at a terminal, else the first line of standard input.

    Raises:
        RequestError: The two differ, or nothing came.
    """
    if sys.stdin.isatty():
        first = getpass.getpass(f"Password for {name}: ")
        if getpass.getpass("The same once more: ") != first:
            raise RequestError("The two passwords differ. Nothing was changed; begin anew.")
        return first
    line = sys.stdin.readline(LONGEST_LINE).rstrip("\r\n")
    if not line:
        raise RequestError("No password came. Type it at the prompt, or pipe it in as one line.")
    return line


def _done(options: argparse.Namespace, audit: Audit, verb: str, user: User) -> int:
    try:
        by = getpass.getuser()
    except (KeyError, OSError):
        by = "unknown"
    audit.write(f"{by} (command line)", f"user {verb} {user.name}", "done")
    print(json.dumps(_plain(user), indent=2) if options.json else _line(user))
    return 0


def _plain(user: User) -> dict[str, Any]:
    return {"name": user.name, "roles": sorted(user.roles), "way": user.way, "disabled": user.disabled}


def _line(user: User) -> str:
    way = "by a password" if user.way == "password" else "by the hospital's own login"
    return f"{user.name}: {', '.join(sorted(user.roles))}; logs in {way}{'; DISABLED' * user.disabled}"
