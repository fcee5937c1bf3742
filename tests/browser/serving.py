"""The server that the browser talks to: `inotrope serve` as a user starts it, on a port that is free."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60  # a busy machine; the server answers in about two seconds


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it is, and the file that holds all that it wrote."""

    address: str
    log: Path


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/", timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as refused:  # it asks who somebody is
        return refused.code == 401
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@contextmanager
def serving(folder: Path, port: int | None = None, *words: str) -> Iterator[Server]:
    """Start `inotrope serve`, with more words where they are given, wait until it answers, and end it as Ctrl+C does.

    Where nobody says where, its courses are kept in the folder.
    """
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    log = folder / f"server-{port}.log"
    with log.open("ab") as written:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "inotrope", "serve", "--port", str(port), *words],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "XDG_DATA_HOME": str(folder)},
        )
        try:
            end = time.monotonic() + PATIENCE_S
            while not answers(address):
                assert process.poll() is None and time.monotonic() < end, log.read_text("utf-8")
                time.sleep(0.1)
            yield Server(address, log)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise
