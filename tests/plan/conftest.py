"""One complete, harmless patient, and a way to change it; the same person as the shipped example."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from inotrope.patient import Case, read_case
from tests.worked_cases import worked_cases


@pytest.fixture(scope="session")
def sound() -> dict[str, Any]:
    bases, _ = worked_cases()
    return dict(bases["sound-adult"])


@pytest.fixture
def make_case(sound: dict[str, Any]) -> Callable[..., Case]:
    """Return a case: the sound adult with whole keys replaced, or removed when the new value is None."""

    def build(measure: dict[str, str] | None = None, **changes: Any) -> Case:
        content = copy.deepcopy(sound)
        for key, value in changes.items():
            if value is None:
                content.pop(key, None)
            elif key == "patient":
                content["patient"] = {**content["patient"], **value}
            else:
                content[key] = value
        for item in content.get("measurements", []):
            item["value"] = (measure or {}).get(item["what"], item["value"])
        return read_case(content, name="test")

    return build
