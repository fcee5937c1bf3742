"""A case that is plainly sound: read without Pydantic, to the same attributes; everything else is for `form.py`."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel

from inotrope.drug import load_drug
from inotrope.errors import CaseError
from inotrope.patient.form import PARTS, CaseForm, read_form
from inotrope.patient.plain_form import CASE, TABLES, read_plainly
from inotrope.plan.decks import read_decks

ROOT = Path(__file__).parents[2]
SHIPPED = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in (ROOT / "inotrope" / "library" / "cases").glob("*.json")
}
FULL: dict[str, Any] = {
    "drug": "milrinone",
    "indication": "acute decompensated heart failure",
    "now": "2026-11-22T08:00:00+01:00",
    "patient": {"born": "1958-03-02", "sex": "male", "weight": "82 kg", "height": "178 cm"},
    "conditions": {"atrial fibrillation": "present"},
    "medicines": ["furosemide"],
    "allergies": [],
    "measurements": [{"what": "potassium", "value": "4 mmol/L", "at": "2026-11-22T06:00:00+01:00", "site": "vein"}],
    "administrations": [{"of": "milrinone", "start": "2026-11-21T20:00:00+01:00", "rate": "0.5 mcg/kg/min"}],
    "support": [
        {"what": "CRRT", "start": "2026-11-22T01:00:00+01:00", "effluent": "2000 mL/h", "clearance": "20 mL/min"}
    ],
    "events": [{"what": "ventricular tachycardia", "at": "2026-11-22T05:30:00+01:00"}],
    "lines": [{"with": ["furosemide"]}],
    "preparation": {"product": "premix", "concentration": "200 mcg/mL"},
    "pump": {"step": "0.1 mL/h"},
    "authority": "US label",
}
STRANGE = (None, "", "  ", "x" * 201, "\u00e9", 7, True, [], {}, ["x"], {"with": []}, "present", [[]], "male", ("a",))


def plain(form: Any) -> Any:
    """Return what either reader read as tables and lists, attribute by attribute."""
    if isinstance(form, SimpleNamespace):
        return {key: plain(value) for key, value in vars(form).items()}
    if isinstance(form, BaseModel):
        return {key: plain(getattr(form, key)) for key in type(form).model_fields}
    if isinstance(form, list):
        return [plain(item) for item in form]
    return form


def bases() -> list[dict[str, Any]]:
    found, _ = read_decks(load_drug("milrinone"))
    return [*SHIPPED.values(), FULL, *(copy.deepcopy(dict(base)) for base in found.values())]


@pytest.mark.parametrize("part", [None, *PARTS])
def test_both_know_the_same_keys(part: str | None) -> None:
    required, optional = CASE if part is None else TABLES[part]
    fields = (CaseForm if part is None else PARTS[part]).model_fields
    assert {field.alias or name for name, field in fields.items() if field.is_required()} == set(required)
    assert {field.alias or name for name, field in fields.items() if not field.is_required()} == set(optional)
    assert all(field.default is None for field in fields.values() if not field.is_required())


def test_a_sound_case_is_read_plainly_and_alike() -> None:
    for document in bases():
        found = read_plainly(copy.deepcopy(document))
        assert found is not None
        assert plain(found) == plain(read_form(copy.deepcopy(document)))


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(deeper for key, value in pairs for deeper in places(value, (*path, key)))]


def damaged(document: dict[str, Any], chance: random.Random) -> Any:
    """Return the case with one place changed, dropped or added."""
    whole: list[Any] = [copy.deepcopy(document)]
    path = chance.choice(places(whole)[1:])
    node: Any = whole
    for key in path[:-1]:
        node = node[key]
    what = chance.randrange(3)
    if what == 0 or not isinstance(node, dict):
        node[path[-1]] = chance.choice(STRANGE)
    elif what == 1:
        del node[path[-1]]
    else:
        node[chance.choice(("with_", "patients", "of", "value", "dose", "site", "x y"))] = chance.choice(STRANGE)
    return whole[0]


@pytest.mark.usefixtures("uncounted")
def test_what_is_read_plainly_is_what_the_form_accepts() -> None:
    chance, documents, taken = random.Random(4), bases(), 0
    for _ in range(4000):
        document = damaged(chance.choice(documents), chance)
        try:
            found = read_plainly(document)
        except CaseError as problem:
            with pytest.raises(CaseError) as other:
                read_form(document)
            assert str(other.value) == str(problem)
            continue
        if found is not None:
            taken += 1
            assert plain(found) == plain(read_form(document)), document
    assert taken > 500  # the rest was for the form to judge


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("medicines", ["Caf\u00e9"]),
        ("medicines", "furosemide"),
        ("conditions", {"edema": "maybe"}),
        ("conditions", ["edema"]),
        ("drug", " "),
        ("patient", "a man"),
        ("lines", [{}]),
        ("pump", {"steps": "1 mL/h"}),
    ],
)
def test_what_is_not_plain_is_for_the_form(key: str, value: Any) -> None:
    assert read_plainly({**FULL, key: value}) is None


def test_a_sound_case_loads_no_pydantic() -> None:
    program = (
        "import sys; from inotrope.patient import read_case; read_case({'drug': 'milrinone', 'indication': 'gout', "
        "'now': '2026-11-22T08:00:00+01:00', 'patient': {'age': '60 years', 'sex': 'male', 'weight': '70 kg'}}); "
        "print('pydantic' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert shown.stdout.strip() == "False"
