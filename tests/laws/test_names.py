"""A medicine's name with a strength beside it fires what the bare name fires, wherever a case holds names."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from inotrope.patient import read_case, vocabulary
from inotrope.plan import make_plan
from tests.worked_cases import worked_cases

SLOTS: dict[str, Any] = {
    "medicines": lambda name: [name],
    "allergies": lambda name: [name],
    "lines": lambda name: [{"with": [name]}],
    "administrations": lambda name: [{"of": name, "start": "2026-11-22T06:00:00+01:00", "dose": "1 mg"}],
}
READ = "read-without-strength"


def fired(slot: str, name: str) -> dict[str, str]:
    """Return the rules that fire and their severity."""
    document = copy.deepcopy(worked_cases()[0]["sound-adult"])
    document[slot] = SLOTS[slot](name)
    plan = make_plan(read_case(document), forecast=False)
    return {item.rule: item.severity.value for item in plan.findings if item.state == "fires"}


@pytest.mark.hazard("electrolytes-and-company")
@pytest.mark.parametrize("slot", SLOTS)
def test_a_name_with_a_strength_fires_what_the_bare_name_fires(slot: str) -> None:
    for name in vocabulary().names("medicine"):
        if name == "milrinone":  # the drug of the case with a strength beside it is an error
            continue
        bare, written = fired(slot, name), fired(slot, f"IV {name} 20 mg twice daily")
        assert written.pop(READ) == "inform", name
        assert READ not in bare
        assert written == bare, name


@pytest.mark.hazard("electrolytes-and-company")
@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize(
    "name", ["furosemid", "bumetanid", "anagrelid 0.5 mg", "amrinon", "digoxn", "furosemide stopped"]
)
def test_a_misspelled_name_warns_wherever_it_stands(slot: str, name: str) -> None:
    assert fired(slot, name)["misspelled-name"] == "warn"
