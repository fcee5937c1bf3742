"""Switches one behavior off: an edited copy of the drug folder, or a function that answers with nothing.

An edit names what it takes away, and fails when it finds nothing there: a check must not fail for a typing error. The
copy is read like any folder and must be sound: only the behavior is gone.
"""

from __future__ import annotations

import copy
import importlib
import json
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from inotrope.display import Section
from inotrope.drug import Drug, load_drug, opening
from inotrope.drug.folder import LIBRARY
from inotrope.files import Toml, read_toml
from tests.mutants.killing import patched

ORIGINAL = LIBRARY / "milrinone"
ADVERSE = Path("adverse.toml")
CAUSES = Path("safety.toml")
NAMES = ("id", "name", "with", "what", "clearance")
"""Keys by which an element of a list is called."""

REPLACEMENTS: dict[str, Callable[..., object] | str] = {
    "an empty text": "",
    "nothing": lambda *_, **__: None,
    "no items": lambda *_, **__: (),
    "false": lambda *_, **__: False,
    "an empty section": lambda *_, **__: Section("", ()),
    "its first argument": lambda first, *_, **__: first,
    "no text": lambda *_, **__: "",
}
"""What a function or a text may be replaced by; the list is closed, so that no row can bring its own failure."""

Edit = dict[str, Any]


class NotFound(Exception):
    """An edit names something that the folder does not hold."""


@contextmanager
def without(edits: Iterable[Edit], folder: Path) -> Iterator[Drug]:
    """Give the drug with the behavior switched off, for as long as the block lasts.

    Args:
        edits: `{drop = path}`, `{change = path, to = value}` or `{patch = "module.attribute", by = replacement}`; a
            path is `table/name/key/...`, for example `entry/adult-cardiogenic-shock/load`.
        folder: An empty folder for the copy.
    """
    edits = tuple(edits)
    in_files = [edit for edit in edits if "patch" not in edit]
    with ExitStack() as stack:
        stack.enter_context(patched(opening, "read_toml", _read_once))
        for edit in edits:
            if "patch" in edit:
                stack.enter_context(_patched(edit))
        drug = load_drug(_copy(in_files, folder)) if in_files else load_drug("milrinone")
        assert drug.adverse  # read when first asked for: it must be sound as well
        assert drug.questions
        yield drug


def _patched(edit: Edit) -> Any:
    module_name, _, attribute = edit["patch"].rpartition(".")
    module, by = importlib.import_module(module_name), REPLACEMENTS[edit["by"]]
    before = getattr(module, attribute)
    if isinstance(before, str) != isinstance(by, str):
        raise NotFound(f"{edit['patch']} is not of the kind of '{edit['by']}'")
    return patched(module, attribute, by)


@cache
def _read_once(content: bytes, name: str) -> Toml:
    """Read a file once: all but the edited ones are those of the original, and most of the time goes into them."""
    return read_toml(content, name)


@cache
def _original() -> dict[Path, dict[str, Any]]:
    """Return every file of the folder but the worked cases, by its place in it."""
    files = sorted(path.relative_to(ORIGINAL) for path in ORIGINAL.rglob("*.toml"))
    kept = [path for path in files if not path.parts[0].startswith("cases")]
    return {path: tomllib.loads((ORIGINAL / path).read_text("utf-8")) for path in kept}


def _copy(edits: list[Edit], folder: Path) -> Path:
    copied = folder / "milrinone"
    shutil.copytree(ORIGINAL, copied, ignore=shutil.ignore_patterns("cases*"))
    contents: dict[Path, dict[str, Any]] = {}
    for edit in edits:
        path = next((path for path, content in _original().items() if list(_places(content, _steps(edit)))), None)
        if path is None:
            raise NotFound(f"nothing stands at '{'/'.join(_steps(edit))}'")
        _apply(edit, contents.setdefault(path, copy.deepcopy(_original()[path])))
        if _steps(edit)[:-1] == ["rule"]:
            _speechless(_steps(edit)[-1], contents.setdefault(CAUSES, copy.deepcopy(_original()[CAUSES])))
            _unwatched(_steps(edit)[-1], contents.setdefault(ADVERSE, copy.deepcopy(_original()[ADVERSE])))
    for path, content in contents.items():
        (copied / path).write_text(_written(content), "utf-8")
    return copied


def _unwatched(rule: str, adverse: dict[str, Any]) -> None:
    """Take a rule that is gone off the effects that it watches for: they may name only rules that exist."""
    for effect in adverse["effect"]:
        effect["rules"] = [name for name in effect.get("rules", []) if name != rule]


def _speechless(rule: str, safety: dict[str, Any]) -> None:
    """Take a rule that is gone out of its causes, and a cause that is left without one that speaks."""
    for cause in safety["cause"]:
        for key in ("speaks", "joins"):
            cause[key] = [name for name in cause[key] if name != rule]
    safety["cause"] = [cause for cause in safety["cause"] if cause["speaks"]]


def _steps(edit: Edit) -> list[str]:
    path: str = edit.get("drop") or edit["change"]
    return path.split("/")


def _apply(edit: Edit, content: dict[str, Any]) -> None:
    inside, key = next(_places(content, _steps(edit)))
    if "drop" in edit:
        del inside[key]
        return
    if type(inside[key]) is not type(edit["to"]) or inside[key] == edit["to"]:
        raise NotFound(f"{edit['change']} is already '{edit['to']}', or is not of its kind")
    inside[key] = edit["to"]


def _places(inside: Any, steps: list[str]) -> Iterator[tuple[Any, str | int]]:
    """Yield where a path leads; a name may itself hold the sign that parts the steps (10^9/L)."""
    for count in range(1, len(steps) + 1):
        key = _key(inside, "/".join(steps[:count]))
        if key is not None and count == len(steps):
            yield inside, key
        elif key is not None:
            yield from _places(inside[key], steps[count:])


def _key(inside: Any, step: str) -> str | int | None:
    if isinstance(inside, dict) and step in inside:
        return step
    if isinstance(inside, list):
        for index, item in enumerate(inside):
            if item == step or (isinstance(item, dict) and step in [item.get(name) for name in NAMES]):
                return index
    return None


def _written(content: dict[str, Any]) -> str:
    """Return TOML: what is not an array of tables first, each value on one line."""
    arrays = {key: value for key, value in content.items() if isinstance(value, list) and _is_tables(value)}
    lines = [f"{_quoted(key)} = {_inline(value)}" for key, value in content.items() if key not in arrays]
    for key, tables in arrays.items():
        for table in tables:
            lines += [f"[[{_quoted(key)}]]", *(f"{_quoted(name)} = {_inline(value)}" for name, value in table.items())]
    return "\n".join(lines) + "\n"


def _is_tables(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(item, dict) for item in value)


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_quoted(key)} = {_inline(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
