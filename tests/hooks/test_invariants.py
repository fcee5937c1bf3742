"""Every invariant of CDS Hooks 2.0 on requests, responses, discovery and feedback, each by its id or its sentence.

The ids are those of HL7/cds-hooks, `input/fsh/invariants`; what has no id there is quoted from 2.0.1.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from inotrope.access.clients.settings import Clients
from inotrope.fhir.writing import prove_resource
from inotrope.hooks.cards import Action, Card, Indicator, Link, Reason, Suggestion
from tests.hooks.conftest import AT, HERE, REQUESTS, Asked, request_of

ANSWERS: dict[str, dict[str, Any]] = {}


@pytest.fixture
def cards(make: Callable[..., Asked]) -> list[dict[str, Any]]:
    """Every card that any request of the deck gets, with a page to link to."""
    if not ANSWERS:
        ask = make(clients=Clients(HERE, page=f"{HERE}/case"))
        for folder in REQUESTS:
            answer = ask.post(json.loads((folder / "request.json").read_text("utf-8")))
            ANSWERS[folder.name] = answer.json() if answer.status_code == 200 else {"cards": []}
    found = [card for answer in ANSWERS.values() for card in answer["cards"]]
    assert len(found) > 25
    return found


@pytest.fixture
def actions(cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [action for card in cards for one in card.get("suggestions", ()) for action in one["actions"]]


def each_key(value: Any) -> list[tuple[str, Any]]:
    """Every key and value anywhere in a document."""
    if isinstance(value, dict):
        return [*value.items(), *(pair for inner in value.values() for pair in each_key(inner))]
    return [pair for inner in value for pair in each_key(inner)] if isinstance(value, list) else []


# --- responses


def test_cds_resp_1_suggestions_and_the_way_to_choose_among_them_stand_together(cards: list[dict[str, Any]]):
    assert any("suggestions" in card for card in cards)
    for card in cards:
        assert ("suggestions" in card) == ("selectionBehavior" in card)


def test_cds_resp_2_an_action_has_its_resource_or_the_id_of_what_it_deletes(actions: list[dict[str, Any]]):
    assert {action["type"] for action in actions} == {"create", "update", "delete"}
    for action in actions:
        assert ("resource" in action) == (action["type"] in ("create", "update"))
        assert ("resourceId" in action) == (action["type"] == "delete")


def test_cds_resp_3_a_context_goes_to_a_smart_app_alone(cards: list[dict[str, Any]]):
    for card in cards:
        assert card["links"] == [{"label": "Open the bedside page", "url": f"{HERE}/case", "type": "absolute"}]
    with pytest.raises(ValueError, match="SMART"):
        Link("a", "https://a.example", app_context="{}")


def test_cds_resp_4_a_reason_is_told_in_words(cards: list[dict[str, Any]]):
    reasons = [reason for card in cards for reason in card.get("overrideReasons", ())]
    assert reasons
    assert all(reason["display"].strip() and reason["code"] and reason["system"] for reason in reasons)
    with pytest.raises(ValueError, match="words"):
        Reason("a", " ")


def test_cds_resp_5_every_action_has_a_description(actions: list[dict[str, Any]]):
    assert all(action["description"].strip() for action in actions)
    with pytest.raises(ValueError, match="description"):
        Action("delete", " ", resource_id="MedicationRequest/1")


def test_cds_resp_6_where_there_are_suggestions_one_at_most_is_chosen(cards: list[dict[str, Any]]):
    assert {card.get("selectionBehavior") for card in cards} == {None, "at-most-one"}


def test_cds_resp_7_no_other_behavior_of_actions_is_asked_for(cards: list[dict[str, Any]]):
    assert not [key for card in cards for key, _ in each_key(card) if key == "actionSelectionBehavior"]


def test_a_summary_has_fewer_than_140_characters(cards: list[dict[str, Any]]):
    assert all(0 < len(card["summary"].strip()) < 140 for card in cards)
    assert all("\n" not in card["summary"] for card in cards)
    with pytest.raises(ValueError, match="139"):
        Card("s" * 140, Indicator.INFO, "Inotrope")
    Card("s" * 139, Indicator.INFO, "Inotrope")


def test_an_indicator_is_one_of_three_words(cards: list[dict[str, Any]]):
    assert {card["indicator"] for card in cards} <= {"info", "warning", "critical"}


def test_a_card_has_a_source_with_a_label(cards: list[dict[str, Any]]):
    assert all(card["source"]["label"].startswith("Inotrope") for card in cards)


def test_a_card_and_a_suggestion_have_a_uuid_of_their_own(cards: list[dict[str, Any]]):
    ids = [card["uuid"] for card in cards] + [one["uuid"] for card in cards for one in card.get("suggestions", ())]
    assert len(set(ids)) == len(ids)
    assert all(str(UUID(one)) == one for one in ids)


def test_nothing_is_null_and_nothing_that_is_optional_is_empty(cards: list[dict[str, Any]]):
    for card in cards:
        for _, value in each_key({key: value for key, value in card.items() if key != "suggestions"}):
            assert value is not None
            assert value not in ("", [], {})


@pytest.mark.hazard("card-silent-or-taken-for-a-check")
def test_there_is_never_a_system_action(cards: list[dict[str, Any]]):
    assert cards
    assert all(answer.keys() == {"cards"} for answer in ANSWERS.values())


def test_no_link_starts_by_itself(cards: list[dict[str, Any]]):
    assert not [key for card in cards for key, _ in each_key(card) if key == "autolaunchable"]


def test_an_update_holds_the_whole_resource(ask: Asked):
    request = request_of(111)
    draft = request["context"]["draftOrders"]["entry"][0]["resource"]
    [card] = ask.cards(request)
    [update] = [action for one in card["suggestions"] for action in one["actions"] if action["type"] == "update"]
    changed = update["resource"]
    assert changed.keys() == draft.keys()
    assert {key for key in draft if changed[key] != draft[key]} == {"dosageInstruction"}
    assert changed["dosageInstruction"][0]["doseAndRate"][0]["rateQuantity"]["value"] == pytest.approx(0.28, abs=0.002)


def test_what_is_created_is_a_resource_of_r4(actions: list[dict[str, Any]]):
    for action in actions:
        if action["type"] == "create":
            prove_resource(action["resource"])


def test_nothing_to_say_is_an_empty_list(ask: Asked, sound: dict[str, Any]):
    answer = ask.post(sound)
    assert (answer.status_code, answer.json()) == (200, {"cards": []})


# --- requests


@pytest.mark.parametrize("key", ["hook", "hookInstance", "context"])
def test_a_call_has_its_hook_instance_and_context(ask: Asked, sound: dict[str, Any], key: str):
    del sound[key]
    answer = ask.post(sound)
    assert answer.status_code == 400
    assert key in answer.json()["issue"][0]["details"]["text"]


@pytest.mark.parametrize("hook", ["appointment-book", "", None, 4, ["order-sign"]])
def test_a_hook_that_is_not_offered_is_told_so(ask: Asked, sound: dict[str, Any], hook: Any):
    assert ask.post(sound | {"hook": hook}).status_code == 400


LEAVE = {"access_token": "t", "token_type": "Bearer", "expires_in": 300, "scope": "patient/*.rs", "subject": "i"}


def test_cds_r_1_without_the_server_s_address_its_leave_counts_for_nothing(ask: Asked, sound: dict[str, Any]):
    assert ask.cards(sound | {"fhirAuthorization": LEAVE}) == []


@pytest.mark.parametrize("patient", [None, "pat-a", 4])
def test_cds_r_2_a_leave_may_name_its_patient_or_not(ask: Asked, sound: dict[str, Any], patient: Any):
    more = {"fhirServer": "https://ehr.example/fhir", "fhirAuthorization": LEAVE | {"patient": patient}}
    assert ask.cards(sound | more) == []


def test_a_prefetch_may_be_missing_null_or_an_operation_outcome(ask: Asked, sound: dict[str, Any]):
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
    for value in (None, outcome, [], "text", 4):
        changed = copy.deepcopy(sound)
        changed["prefetch"]["conditions"] = value
        assert ask.post(changed).status_code == 200
    for whole in (None, [], "text", {}):
        assert ask.post(sound | {"prefetch": whole}).status_code == 412


def test_fields_that_nobody_knows_are_accepted(ask: Asked, sound: dict[str, Any]):
    changed = copy.deepcopy(sound) | {"version": "3.0", "extension": {"a": [1]}, "hookVersion": 4}
    changed["context"] |= {"more": None}
    assert ask.cards(changed) == []


def test_ord_1_a_selection_is_a_type_and_an_id(ask: Asked):
    request = request_of(110)
    assert request["context"]["selections"] == ["MedicationRequest/draft-1"]
    assert ask.cards(request)
    for selections in (["draft-1"], [], None, [4], "MedicationRequest/draft-1", ["MedicationRequest/other"]):
        changed = copy.deepcopy(request)
        changed["context"]["selections"] = selections
        assert ask.cards(changed), selections  # what cannot be told apart is looked at


def test_of_two_drafts_the_selected_one_is_looked_at(ask: Asked):
    request = request_of(144) | {"hook": "order-select"}
    drafts = [entry["resource"]["id"] for entry in request["context"]["draftOrders"]["entry"]]
    assert drafts == ["draft-2", "draft-1"]
    request["context"]["selections"] = ["MedicationRequest/draft-2"]
    assert ask.cards(request) == []
    request["context"]["selections"] = ["MedicationRequest/draft-1"]
    assert len(ask.cards(request)) == 1


def test_an_instance_that_is_no_uuid_is_answered_and_not_logged(ask: Asked, sound: dict[str, Any], caplog: Any):
    caplog.set_level("INFO")
    assert ask.cards(sound | {"hookInstance": "Mr. Testmann, room 4"}) == []
    assert caplog.records
    assert "Testmann" not in str([record.__dict__ for record in caplog.records])


# --- discovery


def services(ask: Asked) -> list[dict[str, Any]]:
    answer = ask("GET", "/cds-services")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    return answer.json()["services"]


def test_each_service_has_hook_id_description_and_title(ask: Asked):
    found = services(ask)
    assert [one["hook"] for one in found] == ["patient-view", "order-select", "order-sign"]
    for one in found:
        assert re.fullmatch(r"[a-z0-9-]+", one["id"])
        assert one["description"].strip()
        assert one["title"].strip()


def test_one_id_stands_under_every_hook_so_that_a_later_card_replaces_an_earlier_one(ask: Asked):
    assert {one["id"] for one in services(ask)} == {"inotrope"}


def test_a_template_is_of_the_recommended_subset(ask: Asked):
    names = {"patient", "code", "status", "date", "_count", "_sort"}
    for one in services(ask):
        for key, template in one["prefetch"].items():
            assert re.fullmatch(r"[A-Za-z]+", key)
            path, _, search = template.partition("?")
            if not search:
                assert template == "Patient/{{context.patientId}}"
                continue
            assert re.fullmatch(r"[A-Z][A-Za-z]+", path)
            asked = dict(part.split("=", 1) for part in search.split("&"))
            assert asked.keys() <= names
            assert asked["patient"] == "{{context.patientId}}"
            assert set(re.findall(r"{{(.*?)}}", template)) == {"context.patientId"}


# --- feedback

CARD = "f6b95768-b1c8-40dc-8385-bf3504b82ffb"
SET_ASIDE = {"card": CARD, "outcome": "overridden", "outcomeTimestamp": "2026-11-22T08:05:31Z"}
TAKEN = SET_ASIDE | {"outcome": "accepted", "acceptedSuggestions": [{"id": CARD}]}


def told(ask: Asked, entry: Any) -> int:
    return ask.post({"feedback": [entry]}, f"{AT}/feedback").status_code


def test_cds_fb_1_an_outcome_is_accepted_or_overridden(ask: Asked):
    assert told(ask, TAKEN) == told(ask, SET_ASIDE) == 200
    for outcome in ("ignored", "", None, 4):
        assert told(ask, SET_ASIDE | {"outcome": outcome}) == 400


def test_cds_fb_2_what_was_accepted_is_named(ask: Asked):
    for chosen in (None, [], [{}], [{"id": "x"}], ["x"]):
        assert told(ask, TAKEN | {"acceptedSuggestions": chosen}) == 400


def test_cds_fb_3_a_reason_for_setting_aside_has_a_reason_or_a_comment(ask: Asked):
    assert told(ask, SET_ASIDE | {"overrideReason": {}}) == 400
    assert told(ask, SET_ASIDE | {"overrideReason": "seen"}) == 400
    assert told(ask, SET_ASIDE | {"overrideReason": {"userComment": "seen"}}) == 200
    assert told(ask, SET_ASIDE | {"overrideReason": {"reason": {"code": "already-known"}}}) == 200


@pytest.mark.parametrize("card", [None, "", "card-1", 4])
def test_feedback_names_its_card(ask: Asked, card: Any):
    assert told(ask, SET_ASIDE | {"card": card}) == 400


@pytest.mark.parametrize("at", [None, "", "yesterday", "2026-11-22T08:05:31", 4])
def test_feedback_has_a_moment_with_its_zone(ask: Asked, at: Any):
    assert told(ask, SET_ASIDE | {"outcomeTimestamp": at}) == 400


def test_feedback_may_come_twice_and_of_a_card_that_nobody_knows(ask: Asked):
    assert told(ask, SET_ASIDE) == told(ask, SET_ASIDE) == 200


@pytest.mark.parametrize("document", [{}, {"feedback": []}, {"feedback": "x"}, [], {"feedback": [4]}])
def test_what_is_no_feedback_is_told_so(ask: Asked, document: Any):
    assert ask.post(document, f"{AT}/feedback").status_code == 400


def test_what_somebody_typed_beside_a_reason_is_kept_nowhere(ask: Asked, caplog: Any):
    caplog.set_level("INFO")
    other = {"reason": {"code": "Mr Testmann", "system": "urn:other"}, "userComment": "Testmann is allergic"}
    assert told(ask, SET_ASIDE | {"overrideReason": other}) == 200
    assert caplog.records
    assert "Testmann" not in str([record.__dict__ for record in caplog.records])


# --- the parts of a card refuse what is none


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Card(" ", Indicator.INFO, "Inotrope"),
        lambda: Card("says", Indicator.INFO, " "),
        lambda: Action("replace", "d", {}),
        lambda: Action("update", "d"),
        lambda: Action("delete", "d"),
        lambda: Action("delete", "d", {"resourceType": "Bundle"}, "Bundle/1"),
        lambda: Suggestion(" ", (Action("delete", "d", resource_id="Bundle/1"),)),
        lambda: Suggestion("label", ()),
        lambda: Link("label", "javascript:alert(1)"),
        lambda: Link(" ", "https://a.example"),
    ],
)
def test_what_the_specification_does_not_allow_is_no_card(wrong: Callable[[], Any]):
    with pytest.raises(ValueError, match=r"no card of CDS Hooks"):
        wrong()
