"""`inotrope serve` elsewhere than on this machine: users and HTTPS, or not at all, and what is missing is named."""

from __future__ import annotations

import json
import re
import shlex
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path

import pytest

from inotrope.cli import serve_access
from inotrope.cli.main import _parser
from tests.cli.conftest import ROOT, Run

NAME = "inotrope.ward.example"


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INOTROPE_DATABASE", str(tmp_path / "ward.sqlite"))
    return tmp_path


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--host", "0.0.0.0"], "in the open"),
        (["--host", "192.168.1.5", "--login"], "in the open"),
        (["--host", "0.0.0.0", "--behind-proxy", "10.0.0.5"], "Under which name"),
        (["--behind-proxy", "10.0.0.5"], "Under which name"),
        (["--host", "::", "--certificate", "c.pem", "--key", "k.pem"], "Under which name"),
        (["--behind-proxy", "proxy.example"], "no address of a proxy"),
        (["--name", "https://ward.example/"], "no name of a server"),
        (["--certificate", "c.pem"], "Name --key too"),
        (["--key", "k.pem"], "Name --certificate too"),
        (["--login", "--port", "0"], "There are no users yet"),
        (["--behind-proxy", "10.0.0.5", "--name", NAME, "--port", "0"], "There are no users yet"),
        (["--oidc", "nowhere.toml", "--port", "0"], "'nowhere.toml' does not exist"),
    ],
)
@pytest.mark.hazard("patient-read-by-others")
def test_what_is_missing_is_named_before_anything_is_served(run: Run, at: Path, words: list[str], says: str) -> None:
    ended = run("serve", *words)
    assert ended.code == 2, ended.out
    assert ended.is_one_line()
    assert says in ended.err


def test_users_need_a_database(run: Run, at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inotrope.cli.serve.open_courses", lambda _: None)
    assert "name another one with --database" in run("serve", "--login", "--port", "0").err


def test_packages_that_users_need_are_named(run: Run, at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve_access, "NEEDED", ("no_such_package",))
    assert "not installed: no_such_package" in run("serve", "--login", "--port", "0").err


def test_the_first_user_is_added_to_the_database_that_is_served(run: Run, at: Path) -> None:
    ended = run("serve", "--login", "--port", "0", "--database", str(at / "other ward.sqlite"))
    told = re.search(r"Add the first: inotrope (.*);", ended.err)
    assert told is not None, ended.err
    words = shlex.split(told[1].replace("NAME", "adams").replace("ROLES", "plan"))
    assert run(*words, given=b"four words for a ward\n").code == 0
    assert "adams" in run("course", "user", "list", "--database", str(at / "other ward.sqlite")).out


def test_a_disabled_user_is_nobody_who_could_log_in(run: Run, at: Path) -> None:
    run("course", "user", "add", "adams", "--role", "plan", given=b"four words for a ward\n")
    run("course", "user", "disable", "adams")
    assert "There are no users yet" in run("serve", "--login", "--port", "0").err


def test_the_hospitals_login_must_lead_back_to_this_server(run: Run, at: Path) -> None:
    said = at / "login.toml"
    said.write_text(
        'issuer = "https://login.ward.example"\nclient_id = "inotrope"\naddress = "https://other.example"\n'
        '[roles]\nview = ["ward"]\n'
    )
    ended = run("serve", "--oidc", str(said), "--port", "0")
    assert "does not answer to that name" in ended.err


@pytest.mark.parametrize(
    ("words", "address", "whom", "hosts"),
    [
        ([], "http://127.0.0.1:80/", "on this machine alone", ("127.0.0.1", "localhost", "[::1]")),
        (["--host", "::1", "--login"], "http://[::1]:80/", "on this machine alone, to users who log in", None),
        (
            ["--host", "10.0.0.7", "--certificate", "c", "--key", "k"],
            "https://10.0.0.7:80/",
            "to users who log in",
            ("10.0.0.7",),
        ),
        (
            ["--host", "fd00::7", "--certificate", "c", "--key", "k"],
            "https://[fd00::7]:80/",
            "to users who log in",
            None,
        ),
        (
            ["--behind-proxy", "127.0.0.1", "--name", "Inotrope.Ward.Example"],
            f"https://{NAME}/",
            "to the proxy at 127.0.0.1 alone, on port 80, for users who log in",
            (NAME,),
        ),
    ],
)
def test_who_is_answered_under_which_name(
    words: list[str], address: str, whom: str, hosts: tuple[str, ...] | None
) -> None:
    reach = serve_access.read_reach(_parser(["serve"]).parse_args(["serve", *words]))
    assert reach.told(80) == (address, whom)
    assert hosts is None or serve_access.hosts(reach) == hosts
    assert reach.login is (bool(words))


@dataclass(frozen=True)
class Served:
    """A server that speaks HTTPS."""

    port: int
    trusted: ssl.SSLContext
    log: Path
    said: str

    def ask(self, path: str, host: str = NAME) -> HTTPResponse:
        with closing(HTTPSConnection("127.0.0.1", self.port, timeout=60, context=self.trusted)) as line:
            line.request("GET", path, headers={"Host": f"{host}:{self.port}"})
            found = line.getresponse()
            found.read()
            return found


def certificate(folder: Path) -> None:
    """Write a certificate for 127.0.0.1 and its key."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, named = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(named, named, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "c.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "k.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@pytest.fixture
def served(run: Run, at: Path) -> Iterator[Served]:
    certificate(at)
    (at / "k.pem").chmod(0o644)
    run("course", "user", "add", "adams", "--role", "plan", given=b"four words for a ward\n")
    words = ["--host", "0.0.0.0", "--port", "0", "--name", NAME, "--certificate", f"{at}/c.pem", "--key", f"{at}/k.pem"]
    command = [sys.executable, "-W", "error", "-m", "inotrope", "serve", *words]
    with (
        (at / "log").open("w") as errors,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.match(rf"Inotrope answers at https://{re.escape(NAME)}:(\d+)/ to users who log in\.", said)
        assert found is not None, (at / "log").read_text()
        said = process.stdout.readline() + process.stdout.readline()
        yield Served(int(found[1]), ssl.create_default_context(cafile=at / "c.pem"), at / "log", said)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


@pytest.mark.hazard("patient-read-by-others")
def test_by_https_nobody_is_answered_but_who_logs_in(served: Served) -> None:
    assert f"may open '{served.log.parent}/k.pem'" in served.said
    start = served.ask("/")
    assert start.status == 401
    assert start.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = start.headers["Set-Cookie"]
    assert cookie.startswith("__Host-inotrope-login=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert served.ask("/api/v1/health").status == 200
    assert served.ask("/", host="evil.example").status == 421
    assert served.ask("/?name=Adams").status == 401
    for line in served.log.read_text().splitlines():
        assert "Adams" not in line
        assert json.loads(line)["level"]


def test_a_certificate_that_cannot_be_used_is_told(run: Run, at: Path) -> None:
    run("course", "user", "add", "adams", "--role", "plan", given=b"four words for a ward\n")
    (at / "c.pem").write_text("none")
    words = ["--certificate", f"{at}/c.pem", "--key", f"{at}/c.pem", "--login", "--port", "0"]
    ended = run("serve", *words)
    assert (ended.code, "cannot be used" in ended.err) == (2, True)
    assert ended.is_one_line()
    assert str(at) in ended.err, "which file, where two are named"
