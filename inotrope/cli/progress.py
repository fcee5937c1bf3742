"""A bar on a terminal while long work goes on, for every command that can take long."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_LONG = 0.5
"""s. Work shorter than that shows no bar."""


@contextmanager
def bar(doing: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal's stderr while long work goes on; in a pipe nothing.

    Args:
        doing: What, in a word or two.

    Yields:
        What is to be told how much of how much is done; it may begin anew with another total.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from time import monotonic

    start = monotonic()
    shown: list[Any] = []

    def told(done: int, total: int) -> None:
        if not shown and (monotonic() - start < _LONG or done >= total):
            return
        if not shown:
            from rich.console import Console
            from rich.progress import Progress

            progress = Progress(console=Console(stderr=True), transient=True)
            progress.start()
            shown.append((progress, progress.add_task(doing, total=total)))
        progress, task = shown[0]
        progress.update(task, completed=done, total=total)

    try:
        yield told
    finally:
        for progress, _ in shown:
            progress.stop()
