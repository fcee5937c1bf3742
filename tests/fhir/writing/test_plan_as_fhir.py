"""A plan as FHIR R4: what is written says what the plan says and holds against itself; no rate, no order."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from inotrope import Quantity, make_plan, read_case
from inotrope.errors import CaseError, FileError, RequestError, UnitError
from inotrope.fhir.writing import (
    detected_issues,
    level_request,
    medication_requests,
    operation_outcome,
    outcome_of,
    plan_bundle,
    prove_resource,
)
from inotrope.findings import State
from inotrope.order import OrderStatus
from inotrope.plan import PlanStatus, check_order, screen
from inotrope.units import from_ucum

CASES = Path(__file__).parents[3] / "inotrope" / "library" / "cases"
SHIPPED = sorted(CASES.glob("*.json"))
each_case = pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])


def case_of(name: str):
    return read_case(CASES / f"{name}.json")


def plan_of(name: str, **options):
    return make_plan(case_of(name), forecast=False, **options)


def in_units(plain) -> Quantity:
    """The quantity by its UCUM code, as whoever reads it takes it."""
    return Quantity(Decimal(str(plain["value"])), from_ucum(plain["code"]))


@each_case
def test_every_shipped_case_is_written_in_the_form_of_r4(path: Path):
    plan = make_plan(read_case(path), forecast=False)
    bundle = plan_bundle(plan, "Patient/test")
    prove_resource(bundle)
    kinds = [entry["resource"]["resourceType"] for entry in bundle.get("entry", [])]
    shown = [item for item in plan.findings if item.state is not State.SILENT]
    assert kinds.count("DetectedIssue") == len(shown)
    assert kinds.count("OperationOutcome") == len(plan.refusals)
    if plan.status is not PlanStatus.PLAN or plan.running is not None:
        assert "MedicationRequest" not in kinds
    else:
        assert kinds.count("MedicationRequest") == 1 + (plan.loading_dose is not None and plan.loading_dose.given)


@each_case
def test_what_is_written_holds_against_itself_and_against_the_plan(path: Path):
    case = read_case(path)
    for request in medication_requests(make_plan(case, forecast=False), "Patient/test"):
        dosage = request["dosageInstruction"][0]
        amounts = dosage["doseAndRate"][0]
        order = {"drug": "milrinone", "text": dosage["text"]}
        if "rateQuantity" in amounts:
            order["rate"] = str(in_units(amounts["rateQuantity"]))
        check = check_order(order, case=case)
        assert check.status not in (OrderStatus.STOPPED, OrderStatus.REFUSED), dosage["text"]
        assert not [pair for pair in check.pairs if pair.severity is not None]


def test_the_sound_adult_s_orders_by_hand():
    # 82 kg: 50 mcg/kg x 82 kg = 4,100 mcg = 4.1 mg; 0.375 x 82 x 60 / 200 = 9.225 mL/h, set to 9.2 mL/h.
    load, infusion = medication_requests(plan_of("sound-adult"), "Patient/p-1", id_="draft-1")
    assert "id" not in load
    assert infusion["id"] == "draft-1"
    assert {item["code"] for item in infusion["medicationCodeableConcept"]["coding"]} == {"52769", "C01CE02"}
    assert infusion["subject"] == {"reference": "Patient/p-1"}
    assert infusion["status"] == "draft"
    assert infusion["intent"] == "proposal"
    dosage = infusion["dosageInstruction"][0]
    for words in ("0.375 mcg/kg/min", "9.2 mL/h", "200 mcg/mL", "82 kg (actual body weight)"):
        assert words in dosage["text"]
    rate = dosage["doseAndRate"][0]["rateQuantity"]
    assert rate == {"value": 0.375, "unit": "mcg/kg/min", "system": "http://unitsofmeasure.org", "code": "ug/kg/min"}
    amounts = load["dosageInstruction"][0]["doseAndRate"][0]
    assert in_units(amounts["doseQuantity"]) == Quantity(Decimal("4.1"), "mg")
    assert amounts["rateRatio"]["denominator"]["code"] == "min"
    assert "4.1 mL of 1 mg/mL" in load["dosageInstruction"][0]["text"]


def test_no_micro_sign_and_no_ug_is_shown():
    for path in SHIPPED:
        for request in medication_requests(make_plan(read_case(path), forecast=False), "Patient/test"):
            assert "ug" not in request["dosageInstruction"][0]["text"]
            assert "µ" not in str(request)


def test_without_a_bag_there_is_no_setting_of_the_pump():
    infusion = medication_requests(plan_of("almost-nothing-known"), "Patient/test")[-1]
    assert "mL/h" not in infusion["dosageInstruction"][0]["text"]
    assert infusion["medicationCodeableConcept"]["text"] == "milrinone"


def test_a_finding_is_an_issue_with_its_weight_and_its_sources():
    plan = plan_of("severe-aortic-stenosis")
    issues = {issue["code"]["coding"][0]["code"]: issue for issue in detected_issues(plan, "Patient/t", ["#draft"])}
    stop = issues["severe-valve-disease"] if "severe-valve-disease" in issues else next(iter(issues.values()))
    assert stop["severity"] == "high"
    assert stop["status"] == "final"
    assert stop["implicated"] == [{"reference": "#draft"}]
    assert stop["evidence"][0]["code"]
    assert stop["detail"]


def test_what_could_not_be_judged_is_preliminary_and_asks():
    plan = plan_of("almost-nothing-known")
    open_ones = [item for item in plan.findings if item.state is State.UNKNOWN]
    issues = [issue for issue in detected_issues(plan, "Patient/t") if issue["status"] == "preliminary"]
    assert len(issues) == len(open_ones) > 0
    assert all(item.asks in issue["detail"] for item, issue in zip(open_ones, issues, strict=True))


def test_a_stop_set_aside_says_so():
    case = case_of("severe-aortic-stenosis")
    rule = next(
        item.rule
        for item in make_plan(case, forecast=False).findings
        if item.override_allowed and item.severity == "stop"
    )
    issues = detected_issues(make_plan(case, forecast=False, overrides={rule: "surgery is tonight"}), "Patient/t")
    [aside] = [issue for issue in issues if "mitigation" in issue]
    assert aside["mitigation"][0]["action"]["text"] == "Set aside with a reason: surgery is tonight"


def test_the_findings_alone_can_be_written():
    assert detected_issues(screen(case_of("low-pressure")), "Patient/t")


def test_a_level_is_asked_for_in_words():
    plan = plan_of("dialysis")
    request = level_request(plan, "Patient/t", "No label gives a rate on a machine.")
    assert request["code"] == {"text": "milrinone concentration in plasma"}
    assert "occurrenceDateTime" not in request
    at = datetime(2026, 11, 22, 7, tzinfo=UTC)
    assert level_request(plan, "Patient/t", "A reason.", at=at)["occurrenceDateTime"] == "2026-11-22T07:00:00+00:00"


@pytest.mark.parametrize(
    "name", ["", "Patient/", "Patient/a b", "Patient/" + "a" * 65, "Group/1", "http://x/Patient/1"]
)
def test_a_patient_is_named_as_a_patient(name: str):
    with pytest.raises(RequestError):
        plan_bundle(plan_of("sound-adult"), name)


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (FileError("It is no JSON."), "structure"),
        (UnitError("No unit."), "value"),
        (CaseError("No weight."), "value"),
        (RequestError("No."), "invalid"),
    ],
)
def test_an_error_has_the_word_of_r4(problem, code: str):
    issue = outcome_of(problem)["issue"][0]
    assert (issue["severity"], issue["code"]) == ("error", code)
    assert issue["details"]["text"] == str(problem)


def test_an_outcome_names_its_place():
    assert operation_outcome("No.", "required", where="context.patientId")["issue"][0]["expression"] == [
        "context.patientId"
    ]
    with pytest.raises(RequestError, match="none of"):
        operation_outcome("No.", "made-up")
