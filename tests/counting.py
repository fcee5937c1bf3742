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

NEVER = ("browser", "contracts", "display", "drug", "laws", "mutants", "page", "web/form", "web/pages")
"""Folders of tests that are not counted."""


def is_counted(test: Path) -> bool:
    """Return whether the lines that a file of tests runs are counted."""
    return not any(test.is_relative_to(Path(__file__).parent / folder) for folder in NEVER)


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
