"""`inotrope serve`: on this machine, told in three lines, ended by Ctrl+C, not brought down by what it is sent."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from inotrope.cli import serve as command
from inotrope.patient.examples import read_example
from inotrope.web import Settings, serving
from tests.cli.conftest import ROOT, Run

SOUND = read_example("sound-adult")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    content: bytes


@dataclass(frozen=True)
class Serving:
    """A running server: its port, its process, and where it writes what went wrong."""

    port: int
    process: subprocess.Popen[str]
    log: Path

    def ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Answer:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=120)) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, answer.read())

    def send(self, content: bytes) -> bytes:
        """Send bytes as they are, and return the first that come back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            line.sendall(content)
            return line.recv(65_536)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    log = tmp_path_factory.mktemp("serve") / "log.txt"
    words = [sys.executable, "-W", "error", "-m", "inotrope", "serve", "--port", "0"]
    own = {**os.environ, "XDG_DATA_HOME": str(log.parent)}
    with (
        log.open("w") as errors,
        subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True, env=own) as process,
    ):
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(3))
        address = re.match(
            r"Inotrope answers at http://127\.0\.0\.1:(\d+)/ on this machine alone\. Ctrl\+C ends it\.", said
        )
        assert address is not None, said
        assert f"Courses are kept in {log.parent}/inotrope/courses.sqlite" in said
        assert "replaces none" in said
        yield Serving(int(address[1]), process, log)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert process.stdout.read() == ""
    assert "Traceback" not in log.read_text()


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where courses are kept when nobody says where."""
    monkeypatch.delenv("INOTROPE_DATABASE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))
    return tmp_path / "own" / "inotrope" / "courses.sqlite"


def test_twenty_at_once_are_all_answered(server: Serving) -> None:
    def user(number: int) -> tuple[int, int]:
        case = json.loads(SOUND)
        case["patient"]["weight"] = f"{70 + number} kg"
        plan = server.ask("POST", "/api/v1/plan", json.dumps({"case": case}), JSON)
        page = server.ask("POST", "/plan", urlencode({"case": json.dumps(case)}), FORM)
        return plan.status, page.status

    with ThreadPoolExecutor(20) as users:
        assert list(users.map(user, range(20))) == [(200, 200)] * 20


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil\r\n\r\n",
        b"POST /plan HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /plan HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        b"POST /plan HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"POST /plan HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_and_the_server_goes_on(server: Serving, content: bytes) -> None:
    said = server.send(content)
    assert said[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 414")
    assert b"default-src 'none'" in said
    assert b"server:" not in said.lower()
    assert server.ask("GET", "/api/v1/health").status == 200


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd", "/%00", "/static/%00"],
)
def test_no_file_is_reached_beside_ours(server: Serving, path: str) -> None:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n"
    assert server.send(head.encode()).startswith(b"HTTP/1.1 404")


def test_what_is_too_much_is_told_while_the_browser_still_sends(server: Serving) -> None:
    answer = server.ask("POST", "/plan", "case=" + "a" * 3_000_000, FORM)
    assert answer.status == 413
    assert b"larger than anything" in answer.content


def test_a_head_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The protocol by itself, with a clock that is moved by hand: no test waits ten seconds."""
    closed: list[bool] = []
    protocol: Any = serving._Protocol.__new__(serving._Protocol)
    monkeypatch.setattr(serving._Protocol, "_is_asked", lambda _: False)
    protocol.transport = type("Line", (), {"is_closing": lambda _: False, "close": lambda _: closed.append(True)})()
    protocol._end()
    assert closed == [True]
    monkeypatch.setattr(serving._Protocol, "_is_asked", lambda _: True)
    protocol._end()
    assert closed == [True]


@pytest.mark.hazard("patient-read-by-others")
def test_nothing_of_a_patient_is_logged(server: Serving) -> None:
    server.ask("POST", "/api/v1/plan?name=Adams", json.dumps({"case": {"drug": "Adams"}}), JSON)
    server.ask("POST", "/plan", urlencode({"case": "Adams"}), FORM)
    server.ask("GET", "/Adams")
    assert "Adams" not in server.log.read_text()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "ward.example", ""])
@pytest.mark.hazard("patient-read-by-others")
def test_no_other_machine_is_served(run: Run, host: str) -> None:
    ended = run("serve", "--host", host)
    assert ended.code == 2
    assert ended.is_one_line()
    assert "a password would go there in the open" in ended.err


@pytest.mark.parametrize(
    ("port", "says"), [("x", "Write a whole number"), ("65536", "up to 65535"), ("-1", "whole number")]
)
def test_a_port_is_a_number(run: Run, port: str, says: str) -> None:
    ended = run("serve", "--port", port)
    assert ended.code == 2
    assert ended.is_one_line()
    assert says in ended.err


def test_a_port_that_is_taken_is_named(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = run("serve", "--port", str(taken.getsockname()[1]))
    assert ended.code == 2
    assert ended.is_one_line()
    assert "Name another with --port" in ended.err


def test_a_site_file_that_cannot_be_read_is_told_before_anything_is_served(run: Run) -> None:
    ended = run("serve", "--port", "0", "--site", "nowhere.toml")
    assert (ended.code, ended.out) == (2, "")
    assert "nowhere.toml" in ended.err


def test_packages_that_are_missing_are_named_with_what_installs_them(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str) -> ModuleSpec | None:
        return None if name == "uvicorn" else ModuleSpec(name, None)

    monkeypatch.setattr("importlib.util.find_spec", find)
    ended = run("serve")
    assert ended.code == 2
    assert "uvicorn. Run: pip install 'inotrope[web]'" in ended.err


@pytest.mark.parametrize("opens", [True, False])
def test_the_page_is_opened_where_it_is_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch, opens: bool) -> None:
    opened: list[str] = []

    class Ended:
        def run(self, sockets: list[socket.socket]) -> None:
            raise KeyboardInterrupt

    def open_it(address: str) -> bool:
        opened.append(address)
        return opens

    monkeypatch.setattr("webbrowser.open", open_it)
    monkeypatch.setattr(serving, "make_server", lambda settings, **_: Ended())
    ended = run("serve", "--port", "0", "--host", "localhost", "--open")
    assert ended.code == 0
    assert opened[0] in ended.out
    assert ("No browser could be opened" in ended.err) is not opens


def ended_at_once(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Let the server end at once; return the stores that it was given."""
    given: list[object] = []

    class Ended:
        def run(self, sockets: list[socket.socket]) -> None:
            raise KeyboardInterrupt

    def made(settings: Settings, store: object, gate: object, beside: object) -> Ended:
        assert gate is None  # nobody is asked for a name on this machine alone
        assert beside == {}  # no hooks without a word of them
        given.append(store)
        return Ended()

    monkeypatch.setattr(serving, "make_server", made)
    return given


def test_courses_are_kept_where_it_is_said(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = ended_at_once(monkeypatch)
    named = tmp_path / "ward.sqlite"
    ended = run("serve", "--port", "0", "--database", str(named))
    assert ended.code == 0 and given[0] is not None
    assert f"Courses are kept in {named}" in ended.out
    assert named.stat().st_mode & 0o077 == 0


def test_a_store_that_everybody_may_open_is_told(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ended_at_once(monkeypatch)
    store = tmp_path / "ward.sqlite"
    words = ("serve", "--port", "0", "--database", str(store))
    assert "may open" not in run(*words).out
    for mode in (0o604, 0o602, 0o666):
        store.chmod(mode)
        told = f"may open '{store}' (mode {mode:03o}), and every patient and every user is in it. Run: chmod o-rwx"
        assert told in run(*words).out
    store.chmod(0o660)  # a group is somebody's word
    assert "may open" not in run(*words).out


def test_without_a_word_they_are_kept_in_the_user_s_own_store(
    run: Run, monkeypatch: pytest.MonkeyPatch, own_store: Path
) -> None:
    given = ended_at_once(monkeypatch)
    ended = run("serve", "--port", "0")
    assert ended.code == 0 and given[0] is not None
    assert f"Courses are kept in {own_store}" in ended.out and own_store.is_file()


@pytest.mark.parametrize("named", [True, False])
def test_a_store_that_cannot_be_opened_ends_only_a_server_that_was_told_of_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, own_store: Path, named: bool
) -> None:
    given = ended_at_once(monkeypatch)
    own_store.parent.mkdir(parents=True)
    own_store.write_bytes(b"no database at all, but a letter of more than sixteen bytes")
    ended = run("serve", "--port", "0", *(("--database", str(own_store)) if named else ()))
    if named:
        assert (ended.code, ended.out, given) == (2, "", []) and ended.is_one_line()
    else:
        assert ended.code == 0 and given == [None]
        assert "No courses are kept." in ended.err and "written nowhere" in ended.out
    assert "is no database of courses" in ended.err


@pytest.mark.parametrize("named", [True, False])
def test_without_the_packages_for_courses_the_page_stays_as_it_was(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: bool
) -> None:
    given = ended_at_once(monkeypatch)

    def find(name: str) -> ModuleSpec | None:
        return None if name == "sqlalchemy" else ModuleSpec(name, None)

    monkeypatch.setattr("importlib.util.find_spec", find)
    ended = run("serve", "--port", "0", *(("--database", str(tmp_path / "ward.sqlite")) if named else ()))
    assert (ended.code, given) == ((2, []) if named else (0, [None]))
    assert "sqlalchemy. Run: pip install 'inotrope[course]'" in ended.err


def test_every_name_of_this_machine_is_answered_to_by_the_guard() -> None:
    from inotrope.web.settings import LOOPBACK

    assert {name.strip("[]") for name in LOOPBACK} == set(command.LOOPBACK)
