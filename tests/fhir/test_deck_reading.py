"""The deck's records as they are read: what stands in the case, what stays unknown, what is left out, what conflicts.

Each expected answer was written from the facts before the reader. A case that the reader cannot meet stands in `UNMET`
with its reason; nothing is skipped.
"""

import json
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from inotrope.fhir.reading import Reading, read_bundle
from inotrope.files import read_json
from inotrope.patient import vocabulary
from inotrope.patient.measuring import read_measurement
from inotrope.units import Quantity, read_quantity, read_time

DECK = Path(__file__).parent / "deck"
BUNDLES = sorted(folder.name for folder in DECK.iterdir() if (folder / "bundle.json").is_file())
TOLERANCE = Decimal("0.005")
UNMET: dict[str, str] = {}
each_record = pytest.mark.parametrize("name", BUNDLES)


def expected_of(name: str) -> dict:
    return json.loads((DECK / name / "expected.json").read_text("utf-8"))


@cache
def reading_of(name: str) -> Reading:
    bundle = read_json((DECK / name / "bundle.json").read_text("utf-8"), name)
    return read_bundle(bundle, now=datetime.fromisoformat(expected_of(name)["now"]))


def alike(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= TOLERANCE * max(abs(one), abs(other))


def written(value: dict) -> str:
    return f"{value['value']} {value['unit']}"


def measured(item: dict) -> Decimal:
    kind = vocabulary().measurement(item["what"])
    value = item["value"] if isinstance(item["value"], str) else written(item["value"])
    at = datetime.fromisoformat("2026-11-22T00:00:00+01:00")
    return read_measurement(value, kind=kind, of=None, at=at, site=None, weight=Quantity(Decimal(70), "kg")).value.value


def per_minute(text: str, weight: Decimal) -> Decimal:
    """A rate in mcg/min, and an amount in mcg."""
    found = read_quantity(text, what="Rate", dimensions=("rate per body weight", "mass rate", "mass"), positive=False)
    if found.dimension == "mass":
        return found.in_unit("mcg")
    if found.dimension == "mass rate":
        return found.in_unit("mcg/min")
    return found.in_unit("mcg/kg/min") * weight


def same_moment(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    return read_time(one, what="Time") == read_time(other, what="Time")


def same_person(wanted: dict, case: dict) -> bool:
    person = case.get("patient", {})
    for key, value in wanted.items():
        if isinstance(value, dict):
            unit = "kg" if key == "weight" else "cm"
            ours = read_quantity(person[key], what=key, dimensions=("body weight", "length")).in_unit(unit)
            if not alike(ours, Decimal(str(value["value"]))):
                return False
        elif person.get(key, "")[: len(value)] != value:
            return False
    return True


def holds_measurement(wanted: dict, case: dict) -> bool:
    return any(
        item["what"] == wanted["what"]
        and alike(measured(item), measured(wanted))
        and ("at" not in wanted or same_moment(item["at"], wanted["at"]))
        for item in case.get("measurements", [])
    )


def holds_administration(wanted: dict, case: dict) -> bool:
    weight = read_quantity(case["patient"]["weight"], what="Weight", dimensions=("body weight",)).in_unit("kg")
    key = "rate" if "rate" in wanted else "dose"
    return any(
        item["of"] == wanted["of"]
        and same_moment(item["start"], wanted["start"])
        and same_moment(item.get("end"), wanted.get("end"))
        and key in item
        and alike(per_minute(item[key], weight), per_minute(written(wanted[key]), weight))
        for item in case.get("administrations", [])
    )


def holds_support(wanted: dict, case: dict) -> bool:
    return any(
        item["what"] == wanted["what"] and same_moment(item["start"], wanted["start"])
        for item in case.get("support", [])
    )


HOLDS = {
    "measurements": holds_measurement,
    "administrations": holds_administration,
    "support": holds_support,
}


def lacks(wanted: dict, case: dict) -> list[str]:
    """What the deck wants in a case and the case does not hold."""
    missing = []
    for key, value in wanted.items():
        if key == "patient":
            missing += [] if same_person(value, case) else [f"patient {value}: {case.get('patient')}"]
        elif key == "conditions":
            ours = case.get("conditions", {})
            missing += [f"{name}: {state}" for name, state in value.items() if ours.get(name, "unknown") != state]
        elif isinstance(value, list):
            if not value and case.get(key) != []:
                missing.append(f"{key} = {case.get(key)}, not []")
            holds = HOLDS.get(key, lambda item, case, key=key: item in case.get(key, []))
            missing += [f"{key}: {item}" for item in value if not holds(item, case)]
        elif case.get(key) != value:
            missing.append(f"{key} = {case.get(key)}, not {value}")
    return missing


def known(path: str, case: dict) -> bool:
    """Whether a case says something of `measurements.eGFR`, `conditions.pregnancy`, `patient.weight` or `allergies`."""
    part, _, name = path.partition(".")
    if not name:
        return part in case
    if part == "measurements":
        return any(item["what"] == name for item in case.get(part, []))
    return case.get(part, {}).get(name, "unknown") != "unknown"


def found_words(words: str, texts: list[str]) -> bool:
    return any(word.casefold() in text.casefold() for word in words.split("|") for text in texts)


@pytest.mark.hazard("electronic-record-misread")
@each_record
def test_it_is_read_as_the_deck_says(name: str):
    wanted, reading = expected_of(name)["reading"], reading_of(name)
    wrong = lacks(wanted["case"], reading.case)
    wrong += [f"{path} is known" for path in wanted["unknown"] if known(path, reading.case)]
    left_out = {(item.resource, item.kind.value) for item in reading.left_out}
    for item in wanted["left_out"]:
        told = {kind for resource, kind in left_out if resource == item["resource"]}
        if not told or ("kind" in item and item["kind"] not in told):
            wrong.append(f"left out: {item}, told {told}")
    conflicts = [" ".join((item.says, *item.resources)) for item in reading.conflicts]
    wrong += [
        f"no conflict of {words}: {conflicts}" for words in wanted["conflict"] if not found_words(words, conflicts)
    ]
    if name in UNMET:
        assert wrong, f"{name} is met now: take it out of UNMET"
    else:
        assert not wrong


@each_record
def test_every_resource_stands_in_one_of_the_lists(name: str):
    bundle = json.loads((DECK / name / "bundle.json").read_text("utf-8"))
    told = json.dumps(reading_of(name).to_plain(), default=str)
    for entry in bundle["entry"]:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and resource.get("resourceType") not in (None, "Medication", "Encounter"):
            assert resource["id"] in told
