"""What of a record and of a draft speaks in a card beyond the deck: what is missing, foreign, several or in the bag."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.hooks.conftest import Asked, request_of


def draft_of(request: dict[str, Any]) -> dict[str, Any]:
    return request["context"]["draftOrders"]["entry"][0]["resource"]


@pytest.mark.hazard("card-silent-or-taken-for-a-check")
def test_an_order_for_another_patient_is_told_before_all(ask: Asked, sound: dict[str, Any]):
    draft_of(sound)["subject"] = {"reference": "Patient/pat-b"}
    [card] = ask.cards(sound)
    assert card["indicator"] == "critical"
    assert "another patient" in card["summary"]


def test_an_order_without_a_dosage_is_held_against_the_patient_all_the_same(ask: Asked):
    request = request_of(110)  # an allergy, at the selection
    del draft_of(request)["dosageInstruction"]
    [card] = ask.cards(request)
    assert card["indicator"] == "critical"
    assert "llergy" in card["summary"]


@pytest.mark.parametrize("status", ["cancelled", "completed", "entered-in-error", "stopped"])
def test_an_order_that_is_over_orders_nothing(ask: Asked, grave: dict[str, Any], status: str):
    draft_of(grave)["status"] = status
    assert ask.cards(grave) == []


def test_an_order_not_to_give_orders_nothing(ask: Asked, grave: dict[str, Any]):
    draft_of(grave)["doNotPerform"] = True
    assert ask.cards(grave) == []


def without_weight(request: dict[str, Any]) -> dict[str, Any]:
    found = request["prefetch"]["observations"]
    found["entry"] = [one for one in found["entry"] if not one["resource"]["id"].startswith("weight")]
    return request


@pytest.mark.hazard("card-silent-or-taken-for-a-check")
def test_a_weight_that_is_nowhere_is_asked_for(ask: Asked, sound: dict[str, Any]):
    [card] = ask.cards(without_weight(sound))
    assert card["indicator"] == "warning"
    assert "not checked for this patient" in card["summary"]
    assert "weight" in card["detail"]


def test_an_order_that_contradicts_itself_is_told_without_any_patient(ask: Asked):
    request = request_of(118)
    del request["prefetch"]
    [card] = ask.cards(request)
    assert card["indicator"] == "critical"
    assert "10.5 mL/h" in card["detail"]
    assert "not checked for this patient" in card["detail"]
    assert not [one for one in card["suggestions"] if "Start" in one["label"]]


def test_another_draft_that_must_not_run_beside_it_is_seen(ask: Asked, sound: dict[str, Any]):
    other = copy.deepcopy(draft_of(sound))
    other |= {"id": "draft-2", "medicationCodeableConcept": {"text": "anagrelide"}, "dosageInstruction": []}
    sound["context"]["draftOrders"]["entry"].append({"resource": other})
    [card] = ask.cards(sound)
    assert "anagrelide" in card["summary"].lower()


def test_a_load_and_a_rate_in_one_draft_are_each_looked_at(ask: Asked, sound: dict[str, Any]):
    load = copy.deepcopy(request_of(121)["context"]["draftOrders"]["entry"][0]["resource"]["dosageInstruction"][0])
    draft_of(sound)["dosageInstruction"].append(load)
    [card] = ask.cards(sound)
    assert "75 mcg/kg" in card["summary"]
    assert not [one for one in card["suggestions"] if "Start" in one["label"]]  # two dosages are not made one


def test_a_load_written_as_an_amount_over_a_time_is_a_load(ask: Asked, sound: dict[str, Any]):
    # 50 mcg/kg x 80 kg = 4,000 mcg over 10 min, as this program writes it; as a rate it would be 5 mcg/kg/min.
    amount = {"value": 4000, "unit": "mcg", "system": "http://unitsofmeasure.org", "code": "ug"}
    ten = {"value": 10, "unit": "min", "system": "http://unitsofmeasure.org", "code": "min"}
    ratio = {"numerator": amount, "denominator": ten}
    draft_of(sound)["dosageInstruction"] = [{"doseAndRate": [{"doseQuantity": amount, "rateRatio": ratio}]}]
    assert ask.cards(sound) == []
    amount["value"] = 6000
    [card] = ask.cards(sound)
    assert "75 mcg/kg" in card["detail"]


def rate(value: Any, unit: str = "mcg/kg/min", code: str | None = "ug/kg/min") -> dict[str, Any]:
    found = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org"}
    return found | ({} if code is None else {"code": code})


def only(request: dict[str, Any], amounts: dict[str, Any]) -> dict[str, Any]:
    draft_of(request)["dosageInstruction"] = [{"doseAndRate": [amounts]}]
    return request


def test_a_range_of_rates_is_judged_by_its_upper_end(ask: Asked, sound: dict[str, Any]):
    assert ask.cards(only(sound, {"rateRange": {"low": rate(0.375), "high": rate(0.75)}})) == []
    [card] = ask.cards(only(sound, {"rateRange": {"low": rate(0.375), "high": rate(0.9)}}))
    assert card["indicator"] == "critical"


@pytest.mark.parametrize(
    "amounts",
    [
        {"rateRange": {"low": rate(0.375), "high": {}}},
        {"rateRange": {"low": rate(30, "mcg/min", "ug/min"), "high": rate(0.75)}},
        {"rateQuantity": rate(0.5, "furlongs", None)},
        {"rateQuantity": rate(0.5) | {"comparator": "<"}},
        {"rateQuantity": rate(0.5, "mcg/kg/h")},
        {"rateQuantity": rate(37, "Cel", "Cel")},
        {"rateQuantity": rate(80, "kg", "kg")},
        {"doseQuantity": rate("fifty", "mcg/kg", "ug/kg")},
        {"doseQuantity": rate(20, "mg", "mg"), "rateQuantity": rate(0.5)},
    ],
)
def test_what_cannot_be_read_of_a_milrinone_order_is_said(ask: Asked, sound: dict[str, Any], amounts: Any):
    [card] = ask.cards(only(sound, amounts))
    assert card["indicator"] in ("warning", "critical")
    assert "not read" in card["summary"] or "not compared" in card["summary"] or "rate" in card["summary"]


def test_a_vial_s_strength_is_not_that_of_the_bag(ask: Asked, sound: dict[str, Any]):
    contained = copy.deepcopy(request_of(169))
    strength = draft_of(contained)["contained"][0]["ingredient"][1]["strength"]
    strength["numerator"]["value"], strength["denominator"]["value"] = 10, 10  # 1 mg/mL: a vial, which is diluted
    draft_of(contained)["contained"][0]["code"] = {"text": "milrinone"}
    assert ask.cards(contained) == []


def test_another_drug_is_not_held_against_a_patient(ask: Asked):
    request = request_of(133)
    request["prefetch"] = {}
    [card] = ask.cards(request)
    assert card["indicator"] == "critical"
    assert [one["label"] for one in card["suggestions"]] == ["Take the dobutamine order back"]


@pytest.mark.parametrize("text", ["4 units/h", "", "as told", "5 mcg/kg/min or 10 mcg/kg/min", "x" * 3000])
def test_what_cannot_be_read_of_another_drug_is_no_matter_of_ours(ask: Asked, text: str):
    request = request_of(133)
    draft_of(request)["dosageInstruction"] = [{"text": text}]
    assert ask.cards(request) == []


def test_an_order_without_an_id_gets_no_suggestion(ask: Asked, grave: dict[str, Any]):
    del draft_of(grave)["id"]
    [card] = ask.cards(grave)
    assert "suggestions" not in card


def test_what_is_no_order_of_a_medicine_is_nothing(ask: Asked, sound: dict[str, Any]):
    for drafts in (None, [], {}, {"entry": None}, {"entry": [None, {"resource": 4}]}, {"resourceType": "Device"}):
        assert ask.cards(sound | {"context": {"patientId": "pat-a", "draftOrders": drafts}}) == []


def test_a_lone_order_stands_for_a_bundle_of_one(ask: Asked, grave: dict[str, Any]):
    grave["context"]["draftOrders"] = draft_of(grave)
    assert len(ask.cards(grave)) == 1


def test_a_record_that_does_not_let_what_runs_be_checked_says_so(ask: Asked):
    [card] = ask.cards(without_weight(request_of(128)))
    assert card["indicator"] == "info"
    assert "was not checked" in card["summary"]
    assert "weight" in card["detail"]


def test_a_long_list_is_cut_and_counted(ask: Asked):
    from inotrope.hooks.cards import Indicator
    from inotrope.hooks.saying import Said
    from inotrope.hooks.writing import NO_HINTS, card_of

    said = [Said(Indicator.INFO, f"rule-{number}", f"Thing {number}.") for number in range(20)]
    [card] = card_of("milrinone", said, None, None, NO_HINTS)
    assert "and 8 more" in card.detail
    assert card.reasons == ()
    assert card.summary == "milrinone: Thing 0."


def bag(*strengths: tuple[str, float, float]) -> dict[str, Any]:
    """A Medication of ingredients: their names, mg, and mL."""
    ucum = "http://unitsofmeasure.org"
    return {
        "resourceType": "Medication",
        "id": "bag",
        "ingredient": [
            {
                "itemCodeableConcept": {"text": name},
                "strength": {
                    "numerator": {"value": mg, "unit": "mg", "system": ucum, "code": "mg"},
                    "denominator": {"value": ml, "unit": "mL", "system": ucum, "code": "mL"},
                },
            }
            for name, mg, ml in strengths
        ],
    }


def hung(request: dict[str, Any], medication: dict[str, Any]) -> dict[str, Any]:
    draft = draft_of(request)
    draft.pop("medicationCodeableConcept", None)
    draft |= {"contained": [medication], "medicationReference": {"reference": "#bag"}}
    return request


def test_two_strengths_of_one_bag_are_told(ask: Asked, sound: dict[str, Any]):
    medication = bag(("milrinone", 20, 100), ("milrinone", 40, 100)) | {"code": {"text": "milrinone"}}
    [card] = ask.cards(hung(sound, medication))
    assert "strength" in card["detail"]


def test_a_bag_of_another_drug_is_held_against_its_order(ask: Asked):
    # 5 mcg/kg/min x 80 kg x 60 / 1,000 mcg/mL = 24 mL/h; of 500 mg in 250 mL, which is 2,000 mcg/mL, it is 12 mL/h.
    request = hung(request_of(151), bag(("dobutamine", 500, 250)))
    [card] = ask.cards(request)
    assert card["indicator"] == "critical"
    assert "2,000 mcg/mL" in card["detail"] or "1,000 mcg/mL" in card["detail"]


def test_an_ingredient_without_a_name_is_none(ask: Asked, sound: dict[str, Any]):
    medication = bag(("milrinone", 20, 100)) | {"code": {"text": "milrinone"}}
    medication["ingredient"] += [{"itemCodeableConcept": {}}, {"itemReference": {"reference": "#x"}}]
    assert ask.cards(hung(sound, medication)) == []


def test_a_name_that_no_case_takes_is_no_failure(ask: Asked, sound: dict[str, Any], caplog: Any):
    caplog.set_level("INFO")
    other = copy.deepcopy(draft_of(sound)) | {"id": "draft-2", "medicationCodeableConcept": {"text": "a\u202eb"}}
    sound["context"]["draftOrders"]["entry"].append({"resource": other})
    assert [card["indicator"] for card in ask.cards(sound)] in ([], ["warning"])
    assert "hook failed" not in str([record.__dict__ for record in caplog.records])


def test_numbers_of_a_draft_come_back_as_numbers(ask: Asked):
    request = request_of(111)
    draft_of(request)["dispenseRequest"] = {"quantity": {"value": 1.25}}
    [card] = ask.cards(request)
    [update] = [action for one in card["suggestions"] for action in one["actions"] if action["type"] == "update"]
    assert update["resource"]["dispenseRequest"] == {"quantity": {"value": 1.25}}


def test_what_runs_without_an_allowed_rate_is_told(ask: Asked):
    request = request_of(129)
    machine = copy.deepcopy(request_of(125)["prefetch"])
    request["prefetch"] |= {key: value for key, value in machine.items() if key in ("devices", "deviceUse")}
    [card] = ask.cards(request)
    assert card["indicator"] == "critical"
    assert "CRRT" in card["detail"]


def ordered(request: dict[str, Any], text: str, medicine: dict[str, Any] | None = None) -> dict[str, Any]:
    draft = draft_of(request)
    draft["dosageInstruction"] = [{"text": text}]
    draft["medicationCodeableConcept"] = medicine or {"text": "milrinone"}
    return request


@pytest.mark.hazard("card-silent-or-taken-for-a-check")
def test_a_pump_rate_that_nothing_can_be_compared_with_is_not_taken_for_checked(ask: Asked, sound: dict[str, Any]):
    [card] = ask.cards(ordered(sound, "milrinone 60 mL/h"))
    assert card["indicator"] == "warning"
    assert "compared with nothing" in card["summary"]
    assert "strength" in card["detail"]
    sound["hook"] = "order-select"  # where the details may still be missing
    assert ask.cards(sound) == []
    assert ask.cards(ordered(sound, "titrate to effect")) == []


def test_the_code_of_a_premixed_bag_says_its_strength(ask: Asked, sound: dict[str, Any]):
    # 60 mL/h x 200 mcg/mL / 60 / 80 kg = 2.5 mcg/kg/min, above 0.75; 12 mL/h is 0.5.
    rxnorm = "http://www.nlm.nih.gov/research/umls/rxnorm"
    premix = {"coding": [{"system": rxnorm, "code": "1791840"}], "text": "milrinone"}
    assert ask.cards(ordered(sound, "milrinone 12 mL/h", premix)) == []
    [card] = ask.cards(ordered(sound, "milrinone 60 mL/h", premix))
    assert card["indicator"] == "critical"
    assert "2.5 mcg/kg/min" in card["detail"]


def test_what_speaks_against_a_load_and_its_infusion_is_told_once(ask: Asked, grave: dict[str, Any]):
    other = copy.deepcopy(draft_of(grave)) | {"id": "draft-2"}
    grave["context"]["draftOrders"]["entry"].append({"resource": other})
    assert len(ask.cards(grave)) == 1
    load = {"dosageInstruction": [{"text": "milrinone 75 mcg/kg over 10 min, once"}]}
    other |= load
    first, second = ask.cards(grave)
    assert "obstructive" in first["summary"]
    assert "75 mcg/kg" in second["summary"]


def without_a_reason(request: dict[str, Any]) -> dict[str, Any]:
    request["prefetch"]["conditions"]["entry"] = [
        one for one in request["prefetch"]["conditions"]["entry"] if one["resource"]["id"] != "cond-hf"
    ]
    for entry in request["context"].get("draftOrders", {}).get("entry", ()):
        entry["resource"].pop("reasonCode", None)
    return request


def test_what_holds_whatever_it_is_for_is_told_where_nobody_says_what_for(ask: Asked):
    [card] = ask.cards(without_a_reason(request_of(108)))
    assert card["indicator"] == "critical"
    assert "obstructive" in card["summary"]
    assert "what the drug is for" in card["detail"]
    [card] = ask.cards(without_a_reason(request_of(112)))
    assert card["indicator"] == "critical"
    assert not [one for one in card["suggestions"] if "Start" in one["label"]]
    [card] = ask.cards(without_a_reason(request_of(128)))
    assert "potassium" in card["summary"].lower()


def test_what_would_stop_an_order_for_some_reasons_is_a_warning_where_none_is_told(ask: Asked):
    [card] = ask.cards(without_a_reason(request_of(111)))  # 0.5 at a clearance of 20
    assert card["indicator"] in ("warning", "critical")
    assert "0.2798 mcg/kg/min" in card["detail"]


def test_an_order_without_a_reason_and_without_a_fault_is_for_information(ask: Asked, sound: dict[str, Any]):
    [card] = ask.cards(without_a_reason(sound))
    assert card["indicator"] == "info"


def test_an_infusion_that_has_ended_is_no_matter_of_the_view(ask: Asked):
    request = request_of(128)  # with a potassium that would be told while it runs
    for entry in request["prefetch"]["medicationAdministrations"]["entry"]:
        given = entry["resource"]
        given["status"] = "completed"
        given["effectivePeriod"]["end"] = "2026-11-22T07:00:00+01:00"
    assert ask.cards(request) == []
