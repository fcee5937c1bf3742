"""What one waits for at the bedside page, beside a bare route of the same server in one run: `make bench-web`.

Starts `inotrope serve` as a user does and asks it over the network of this machine. Requests take turns, so that each
sees the same machine. No case is asked twice where a fresh answer is measured: its weight is another each time. Then
twenty users at once, every one with its own patients; a request that fails ends with exit code 1.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from inotrope.patient.examples import read_example

BARE = "GET /api/v1/health"
SOUND, LEVEL = (json.loads(read_example(name)) for name in ("sound-adult", "measured-level"))
NUMBERS = count()
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
DONE = 200


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the bedside page.")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--each", type=int, default=5, help="rounds of every user")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load before: {os.getloadavg()[0]:.1f}")
    with serving() as (host, process):
        one = HTTPConnection(host)
        for ask in QUESTIONS.values():  # the first of each loads what it needs
            ask(one)
        taken, _ = rounds(host, options.rounds)
        print(f"\nOne user, {options.rounds} rounds that take turns")
        table(taken)
        begun = time.perf_counter()
        with ThreadPoolExecutor(options.users) as users:
            found = list(users.map(lambda _: rounds(host, options.each), range(options.users)))
        lasted = time.perf_counter() - begun
        together: dict[str, list[float]] = defaultdict(list)
        for times, _ in found:
            for name, values in times.items():
                together[name] += values
        failed = sum(number for _, number in found)
        asked = sum(map(len, together.values()))
        print(f"\n{options.users} users at once: {asked} requests in {lasted:.1f} s, {failed} not answered with 200")
        table(together)
        print(f"\nMemory of the server at most: {peak_mb(process.pid):.0f} MB")
    return 1 if failed else 0


def rounds(host: str, how_many: int) -> tuple[dict[str, list[float]], int]:
    """Ask every question in turn; return the seconds of each, and how many were not answered."""
    connection, taken, failed = HTTPConnection(host), defaultdict(list), 0
    for _ in range(how_many):
        for name, ask in QUESTIONS.items():
            begun = time.perf_counter()
            failed += ask(connection) != DONE
            taken[name].append(time.perf_counter() - begun)
    connection.close()
    return taken, failed


def table(taken: dict[str, list[float]]) -> None:
    bare = statistics.median(taken[BARE])
    print(f"| {'request':44} | p50 ms | p99 ms | p50 / bare route |\n|---|---|---|---|")
    for name, values in taken.items():
        middle, late = statistics.median(values), sorted(values)[int(0.99 * (len(values) - 1))]
        print(f"| {name:44} | {middle * 1e3:6.1f} | {late * 1e3:6.1f} | {middle / bare:6.0f} |")


def asking(method: str, path: str, body: Callable[[], str] | None, headers: dict[str, str]) -> Callable[..., int]:
    """Return a question: it is asked over a connection and gives the status of its answer."""

    def ask(connection: HTTPConnection) -> int:
        connection.request(method, path, None if body is None else body(), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    return ask


def fresh(case: dict[str, object]) -> dict[str, object]:
    """Return the case of a patient that nobody asked about before: 60 kg, and 1 g more each time."""
    return {**case, "patient": {**case["patient"], "weight": f"{60 + next(NUMBERS) / 1000:g} kg"}}  # type: ignore[dict-item]


def rate() -> str:
    return f"rate {0.2 + next(NUMBERS) % 500 / 1000:g} mcg/kg/min"


QUESTIONS: dict[str, Callable[[HTTPConnection], int]] = {
    BARE: asking("GET", "/api/v1/health", None, {}),
    "the start page": asking("GET", "/", None, {}),
    "plan, JSON, a new patient": asking("POST", "/api/v1/plan", lambda: json.dumps({"case": fresh(SOUND)}), JSON),
    "plan, page, a new patient": asking("POST", "/plan", lambda: urlencode({"case": json.dumps(fresh(SOUND))}), FORM),
    "plan, JSON, kept": asking("POST", "/api/v1/plan", lambda: json.dumps({"case": SOUND}), JSON),
    "what-if, another rate, the draws kept": asking(
        "POST", "/api/v1/what-if", lambda: json.dumps({"case": SOUND, "change": rate()}), JSON
    ),
    "fit of levels, a new patient": asking("POST", "/api/v1/fit", lambda: json.dumps({"case": fresh(LEVEL)}), JSON),
}
"""What is asked, by what it is called; the first is the bare route."""


@contextmanager
def serving() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start the server on a free port, give its address, and end it."""
    words = [sys.executable, "-m", "inotrope", "serve", "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        host = re.search(r"http://([^/]+)/", said)
        assert host is not None, said
        try:
            yield host[1], process
        finally:
            process.send_signal(signal.SIGINT)


def peak_mb(pid: int) -> float:
    """Return the most memory that a process ever had, as Linux counts it; 0 elsewhere."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8")) if status.exists() else None
    return 0.0 if found is None else int(found[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
