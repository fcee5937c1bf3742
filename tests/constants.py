"""Which files a compiled file takes numbers from: machine code has them in it, and must be made anew with them."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np


def files_with_constants_of(files: Iterable[Path]) -> set[Path]:
    """Return the files of this program from which others import a number or an array of numbers, by name."""
    found = set()
    for file in files:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("inotrope."):
                module = importlib.import_module(node.module)
                if any(isinstance(getattr(module, each.name), int | float | np.ndarray) for each in node.names):
                    found.add(Path(str(module.__file__)).resolve())
    return found
