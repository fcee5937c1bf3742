"""The deck's requests, of which the record that comes with them is read and planned as its expected answers say.

What a card says of it is held by `tests/hooks`. The drug is that of the draft; an order of the record may name it too.
"""

from datetime import datetime
from functools import cache

import pytest

from inotrope.fhir.drafts import read_drafts
from inotrope.fhir.reading import Reading, read
from inotrope.files import read_json
from inotrope.plan import Plan, make_plan
from tests.fhir.test_deck_plan import said, status_of, wrong_numbers
from tests.fhir.test_deck_reading import DECK, expected_of, found_words, known, lacks

REQUESTS = sorted(folder.name for folder in DECK.iterdir() if (folder / "request.json").is_file())
UNMET: dict[str, str] = {}
each_request = pytest.mark.parametrize("name", REQUESTS)


@cache
def reading_of(name: str) -> Reading:
    request = read_json((DECK / name / "request.json").read_text("utf-8"), name)
    context, sources = request["context"], tuple((request.get("prefetch") or {}).values())
    entries = (context.get("draftOrders") or {}).get("entry") or []
    drafts = read_drafts([entry["resource"] for entry in entries if "resource" in entry], sources)
    drug = next((draft.medicine for draft in drafts if draft.medicine == "milrinone"), None)
    now = datetime.fromisoformat(expected_of(name)["now"])
    return read(*sources, now=now, patient=context["patientId"], drug=drug)


@cache
def plan_of(name: str) -> Plan | None:
    reading = reading_of(name)
    return None if reading.open else make_plan(reading.to_case(), forecast=False)


@each_request
def test_what_comes_with_a_request_is_read_and_planned_as_the_deck_says(name: str):
    expected, reading, plan = expected_of(name), reading_of(name), plan_of(name)
    wanted = expected["reading"]
    wrong = lacks(wanted["case"], reading.case)
    wrong += [f"{path} is known" for path in wanted["unknown"] if known(path, reading.case)]
    left_out = {(item.resource, item.kind.value) for item in reading.left_out}
    wrong += [str(item) for item in wanted["left_out"] if (item["resource"], item["kind"]) not in left_out]
    status = expected["plan"].get("status", status_of(reading, plan))
    wrong += [] if status == status_of(reading, plan) else [f"status {status_of(reading, plan)}, not {status}"]
    wrong += wrong_numbers(expected["plan"], plan)
    for one in expected["plan"]["fires"]:
        texts = said(reading, plan, one.get("severity"))
        wrong += [] if found_words(one["words"], texts) else [f"nothing says {one}"]
    if "case: allergies = []" in expected["plan"]["must_not"]:
        wrong += [] if reading.case.get("allergies") != [] else ["allergies = []"]
    if name in UNMET:
        assert wrong, f"{name} is met now: take it out of UNMET"
    else:
        assert not wrong


def test_every_folder_of_the_deck_is_read_by_one_of_the_two():
    folders = {folder.name for folder in DECK.iterdir() if folder.is_dir()}
    bundles = {folder.name for folder in DECK.iterdir() if (folder / "bundle.json").is_file()}
    assert bundles | set(REQUESTS) == folders
