"""What the tests of logging in stand on: an application with two users, asked as a browser asks it."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from starlette.testclient import TestClient

from inotrope.access.gate import Gate
from inotrope.access.roles import Role
from inotrope.course import Courses
from inotrope.course.keeping.opening import open_database
from inotrope.web import Settings, create_app

ADDRESS = "http://127.0.0.1:8480"
PASSWORDS = {
    "adams": "four words for a ward",
    "brown": "second words for a ward",
    "clark": "third words for a ward",
    "davis": "last words for a ward",
}
ROLES = {
    "adams": (Role.PLAN, Role.CONFIRM),
    "brown": (Role.CONFIRM,),
    "clark": (Role.ADMINISTER,),
    "davis": (Role.VIEW,),
}


@dataclass
class Ward:
    """An application with its users.

    Attributes:
        gate: Whom it lets in.
        courses: What it keeps.
        client: A browser.
        settings: Of the server.
    """

    gate: Gate
    courses: Courses
    client: TestClient
    settings: Settings

    def browser(self, address: str = ADDRESS) -> TestClient:
        """Another browser."""
        return TestClient(self.client.app, base_url=address, headers={"sec-fetch-site": "same-origin"})


def open_ward(form: Path, folder: Path, settings: Settings | None = None, address: str = ADDRESS) -> Ward:
    """Open an application on a copy of an empty database."""
    shutil.copy(form, folder / "ward.sqlite")
    settings = settings or Settings(workers=1, login=True)
    database = open_database(folder / "ward.sqlite")
    gate, courses = Gate(database), Courses(database)
    for name, roles in ROLES.items():
        gate.users.add(name, roles, PASSWORDS[name])
    app = create_app(settings, gate, courses)
    client = TestClient(app, base_url=address, headers={"sec-fetch-site": "same-origin"})
    return Ward(gate, courses, client, settings)


def proof(page: str) -> str:
    """Return the proof that the forms of a page carry."""
    found = re.search(r'<input type="hidden" name="csrf" value="([0-9a-f]{64})">', page)
    assert found is not None, page[:2_000]
    return found[1]


def log_in(client: TestClient, name: str = "adams", password: str | None = None) -> str:
    """Log in as a browser does, and return the proof that the pages of the session carry."""
    page = client.get("/login")
    fields = {"name": name, "password": PASSWORDS[name] if password is None else password, "csrf": proof(page.text)}
    done = client.post("/login", data=fields, follow_redirects=False)
    assert done.status_code == 303, done.text
    told = client.get("/api/v1/who").json()
    assert told["name"] == name
    return str(told["csrf"])
