"""The hospital of the examples: its keys, its FHIR server and its order, as docs/integration.md has them tried."""

from __future__ import annotations

import importlib.util
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from inotrope.access.clients.settings import read_clients
from tests.hooks.conftest import HERE, Asked

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "examples" / "in_a_hospital" / "hospital.py"


@pytest.fixture(scope="module")
def hospital() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hospital", PLACE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def record(hospital: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the running FHIR server."""
    opened: list[Any] = []
    made = hospital.ThreadingHTTPServer

    def opening(_: Any, handler: Any) -> Any:
        monkeypatch.setattr(handler, "log_message", lambda *_: None)
        opened.append(made(("127.0.0.1", 0), handler))
        return opened[0]

    monkeypatch.setattr(hospital, "ThreadingHTTPServer", opening)
    thread = threading.Thread(target=hospital.serve, args=("http://127.0.0.1:1/fhir",))
    thread.start()
    while not opened:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{opened[0].server_port}/fhir"
    opened[0].shutdown()
    thread.join()


@pytest.fixture
def ask(hospital: ModuleType, record: str, make: Callable[..., Asked], tmp_path: Path) -> Asked:
    hospital.prepare(tmp_path, HERE, record)
    return make(clients=read_clients(tmp_path / "hooks.toml"), now=datetime.now(UTC))


@pytest.mark.parametrize("prefetch", [True, False])
def test_half_gets_a_card_and_the_table_s_rate_gets_none(
    hospital: ModuleType, ask: Asked, record: str, prefetch: bool, capsys: Any
):
    # 68 years, 64 kg, 3.2 mg/dL: (140 - 68) x 64 / (72 x 3.2) = 20 mL/min, and 0.28 at 20 in the label's table.
    answer = ask.post(hospital.order_sign(0.5, record, prefetch)).json()
    [card] = answer["cards"]
    assert card["indicator"] == "critical"
    assert "0.28" in card["summary"] or "0.279" in card["summary"]
    hospital.show(answer)
    assert "[critical]" in capsys.readouterr().out
    assert ask.cards(hospital.order_sign(0.27, record, prefetch)) == []


def test_the_record_answers_nobody_without_its_token(hospital: ModuleType, record: str):
    import urllib.error
    import urllib.request

    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(f"{record}/Patient/pat-1")
    assert told.value.code == 401
    told.value.close()


def test_the_private_key_is_nobody_else_s(hospital: ModuleType, tmp_path: Path):
    hospital.prepare(tmp_path, HERE, "http://127.0.0.1:1/fhir")
    assert (tmp_path / "private.json").stat().st_mode & 0o077 == 0
    assert "d" not in json.loads((tmp_path / "keys.json").read_text("utf-8"))["keys"][0]


def test_the_guide_names_what_is_there():
    guide = (ROOT / "docs" / "integration.md").read_text("utf-8")
    for words in ("hospital.py prepare", "hospital.py record", "hospital.py discover", "hospital.py sign", "--hooks"):
        assert words in guide
    assert "`in_a_hospital/hospital.py`" in (ROOT / "examples" / "README.md").read_text("utf-8")
