"""Which tests count the lines that they run.

Counting makes a test two to three times slower. It is done where a test may be the only one that runs a line which the
Makefile demands (COVERED); not where thousands of cases do the same, nor in folders that mirror what is not demanded.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import is_dataclass
from functools import cached_property
from inspect import signature
from pathlib import Path

import inotrope

NEVER = (
    *("browser", "cli", "contracts", "display", "drug", "laws", "mutants", "page"),
    *("plan/double_check", "plan/supposing", "web/form", "web/pages"),
)
"""Folders of tests that are not counted."""
ALL_THE_SAME = (
    *("cli/test_course_command.py", "cli/test_course_meaning_command.py", "cli/test_user_command.py"),
    *("cli/test_dose_command.py", "cli/test_order_command.py", "cli/test_simulate_command.py"),
    *("cli/test_fit_table_command.py", "cli/test_fit_table_plot.py"),
    *("cli/test_serve_access.py", "cli/test_serve_command.py"),
)
"""Files in those folders that are: they alone run some lines of `dosing`, `order`, `evaluation` and `simulation`."""


def is_counted(test: Path) -> bool:
    """Return whether the lines that a file of tests runs are counted."""
    here = Path(__file__).parent
    if any(test == here / file for file in ALL_THE_SAME):
        return True
    return not any(test.is_relative_to(here / part) for part in NEVER)


def counts() -> bool:
    """Return whether lines are counted now; a debugger that follows lines is left alone."""
    return type(sys.gettrace()).__module__.startswith("coverage")


@contextmanager
def not_counting() -> Iterator[None]:
    """Stop the counting, in new threads too."""
    if not counts():
        yield
        return
    here, in_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)  # type: ignore[arg-type] # None is what ends it
    try:
        yield
    finally:
        sys.settrace(here)
        threading.settrace(in_threads)  # type: ignore[arg-type]


def load_everything() -> None:
    """Import every module of the package, and read what it reads once, before collecting does so uncounted."""
    for found in pkgutil.walk_packages(inotrope.__path__, "inotrope."):
        if found.name.endswith(".__main__"):
            continue
        for each in list(vars(importlib.import_module(found.name)).values()):
            if callable(getattr(each, "cache_clear", None)) and not signature(each).parameters:
                kept = each()
                for name, kind in vars(type(kept)).items() if is_dataclass(kept) else ():
                    if isinstance(kind, cached_property):
                        getattr(kept, name)
