"""Which clients `inotrope serve` answers hooks of, and that nobody else is without a token."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, KeySet
from starlette.testclient import TestClient

from inotrope.cli import serve_access, serve_hooks
from inotrope.course.keeping.opening import open_database
from inotrope.errors import FileError, RequestError
from inotrope.web import Settings, create_app
from inotrope.web.serving import Doors
from tests.databases import *  # noqa: F403 - its fixtures


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--site")
    serve_access.add_options(parser)
    serve_hooks.add_options(parser)
    return parser.parse_args(words)


def opened(*words: str, store: Any = None) -> Any:
    chosen = options(*words)
    reach = serve_access.read_reach(chosen)
    return serve_hooks.open_hooks(chosen, reach, serve_access.hosts(reach), 8480, store)


def test_without_a_word_of_them_there_are_no_hooks():
    assert opened() is None


@pytest.mark.parametrize("words", [("--host", "0.0.0.0", "--name", "ward.example"), ("--name", "ward.example")])
def test_nobody_elsewhere_is_believed_without_a_token(words: tuple[str, ...]):
    with pytest.raises(RequestError, match="this machine alone"):
        opened("--hooks-without-tokens", "--behind-proxy", "10.0.0.5", *words)


def test_a_file_that_cannot_be_read_ends_it():
    with pytest.raises(FileError):
        opened("--hooks", "/nowhere/hooks.toml")


def test_on_this_machine_hooks_answer_beside_the_page():
    with (
        opened("--hooks-without-tokens") as hooks,
        TestClient(
            Doors(create_app(Settings(workers=1)), {serve_hooks.AT: hooks}), base_url="http://127.0.0.1:8480"
        ) as client,
    ):
        assert client.get("/cds-services").json()["services"]
        assert client.get("/").status_code == 200
        assert client.get("/cds-servicesx").headers["content-type"].startswith("text/html")
        assert client.get("/cds-services", headers={"Host": "evil.example"}).status_code == 421
    assert "/cds-services, without tokens" in serve_hooks.told(options("--hooks-without-tokens"), "http://127.0.0.1/")


def test_the_clients_of_a_file_need_a_token(tmp_path: Path, sqlite_form: Path):
    keys = KeySet([ECKey.generate_key("P-384", {"kid": "one"})]).as_dict(private=False)
    (tmp_path / "keys.json").write_text(json.dumps(keys), "utf-8")
    file = tmp_path / "hooks.toml"
    file.write_text('address = "http://127.0.0.1:8480"\n[[client]]\nname = "n"\nissuer = "i"\nkeys = "keys.json"\n')
    shutil.copy(sqlite_form, tmp_path / "courses.db")
    database = open_database(str(tmp_path / "courses.db"))
    store = argparse.Namespace(database=database)
    page = create_app(Settings(workers=1))
    with opened("--hooks", str(file), store=store) as hooks:
        client = TestClient(Doors(page, {serve_hooks.AT: hooks}), base_url="http://127.0.0.1:8480")
        assert client.get("/cds-services").status_code == 401
    database.close()
    assert "for the clients" in serve_hooks.told(options("--hooks", str(file)), "http://127.0.0.1/")
