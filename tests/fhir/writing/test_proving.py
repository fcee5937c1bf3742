"""What is no resource of R4 does not leave: each kind of mistake, one at a time, in a sound resource."""

import copy
from decimal import Decimal
from typing import Any

import pytest

from inotrope.errors import RequestError
from inotrope.fhir.writing.definitions import RESOURCES, elements_of
from inotrope.fhir.writing.proving import problems_of, prove_resource

SOUND: dict[str, Any] = {
    "resourceType": "MedicationRequest",
    "id": "draft-1",
    "meta": {"lastUpdated": "2026-11-22T08:00:00.5+01:00"},
    "contained": [{"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "value"}]}],
    "status": "draft",
    "intent": "proposal",
    "doNotPerform": False,
    "medicationCodeableConcept": {"text": "milrinone"},
    "subject": {"reference": "Patient/1"},
    "authoredOn": "2026-11-22",
    "dosageInstruction": [{"sequence": 1, "text": "as told", "doseAndRate": [{"rateQuantity": {"value": 0.5}}]}],
}


def test_a_sound_one_passes():
    assert list(problems_of(SOUND)) == []
    prove_resource(SOUND)


def changed(*path: Any, to: Any = ..., drop: bool = False) -> dict[str, Any]:
    whole = copy.deepcopy(SOUND)
    at = whole
    for key in path[:-1]:
        at = at[key]
    if drop:
        del at[path[-1]]
    else:
        at[path[-1]] = to
    return whole


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (changed("status", drop=True), "lacks 'status'"),
        (changed("status", to="ready"), "MedicationRequest.status is none of"),
        (changed("status", to=" draft"), "is no code"),
        (changed("medicationReference", to={"reference": "#m"}), "has 2 of medication"),
        (changed("medicationCodeableConcept", drop=True), "has 0 of medication"),
        (changed("dosage", to=[]), "no element 'dosage'"),
        (changed("dosageInstruction", to={}), "is no list"),
        (changed("dosageInstruction", to=[]), "is no list, or empty"),
        (changed("dosageInstruction", 0, to={}), "no object, or empty"),
        (changed("dosageInstruction", 0, "sequence", to=1.5), "is no number"),
        (changed("dosageInstruction", 0, "sequence", to=True), "is no number"),
        (changed("dosageInstruction", 0, "text", to=""), "is no string"),
        (changed("dosageInstruction", 0, "doseAndRate", 0, "rateQuantity", "value", to="0.5"), "is no number"),
        (changed("dosageInstruction", 0, "doseAndRate", 0, "rateQuantity", "value", to=float("nan")), "is no number"),
        (changed("dosageInstruction", 0, "doseAndRate", 0, "rateRatio", to={"numerator": {}}), "has 2 of rate"),
        (changed("doNotPerform", to="no"), "not true or false"),
        (changed("authoredOn", to="22.11.2026"), "is no dateTime"),
        (changed("authoredOn", to="2026-11-22T08:00:00"), "is no dateTime"),
        (changed("meta", "lastUpdated", to="2026-11-22"), "is no instant"),
        (changed("id", to="a b"), "is no id"),
        (changed("subject", to="Patient/1"), "no object"),
        (changed("contained", 0, "issue", drop=True), "OperationOutcome is no object, or empty"),
        (changed("contained", 0, "resourceType", to="Patient"), "'Patient' is not written here"),
        ([], "is not written here"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(wrong: Any, says: str):
    with pytest.raises(RequestError, match=says.replace("[", r"\[")):
        prove_resource(wrong)


def test_a_decimal_is_a_number():
    assert (
        list(problems_of(changed("dosageInstruction", 0, "doseAndRate", 0, "rateQuantity", "value", to=Decimal("0.5"))))
        == []
    )


def test_every_type_that_a_definition_names_is_defined():
    primitives = {"id", "code", "uri", "string", "markdown", "dateTime", "instant", "boolean", "decimal", "integer"}
    seen, open_ones = set(), list(RESOURCES)
    while open_ones:
        name = open_ones.pop()
        if name in seen or name in primitives or name == "Resource":
            continue
        seen.add(name)
        open_ones += [element.type for element in elements_of(name).values()]
    assert {"Dosage", "Quantity", "Annotation", "Issue", "Mitigation"} <= seen
