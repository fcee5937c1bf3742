"""What was not sent along is asked of the record's own server: of that one alone, within limits, nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest

from inotrope.access.clients.settings import Clients
from inotrope.hooks import fetching
from inotrope.hooks.call import Grant, read_call
from inotrope.hooks.fetching import Server, lacking
from tests.hooks.conftest import HERE, Asked, request_of

FHIR = "https://ehr.example/fhir"
LEAVE = {"access_token": "secret", "token_type": "Bearer", "expires_in": 300, "scope": "patient/*.read", "subject": "i"}


class Record:
    """A FHIR server that holds a request's prefetch, and notes what it is asked."""

    def __init__(self, request: dict[str, Any], answers: dict[str, Callable[[], httpx2.Response]] | None = None):
        self.held = {
            "Patient": request["prefetch"]["patient"],
            "Observation": request["prefetch"]["observations"],
            "Condition": request["prefetch"]["conditions"],
            "AllergyIntolerance": request["prefetch"]["allergies"],
        }
        self.answers = answers or {}
        self.asked: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        kind = request.url.path.split("/")[2]
        if kind in self.answers:
            return self.answers[kind]()
        return httpx2.Response(200, json=self.held.get(kind, {"resourceType": "Bundle", "type": "searchset"}))

    @property
    def server(self) -> Server:
        return Server(httpx2.MockTransport(self))


def bare(number: int, **more: Any) -> dict[str, Any]:
    """A request of the deck with nothing sent along, and leave to ask."""
    request = request_of(number)
    del request["prefetch"]
    return request | {"fhirServer": FHIR, "fhirAuthorization": LEAVE | more}


def test_a_call_without_prefetch_is_answered_from_the_server(make: Callable[..., Asked]):
    record = Record(request_of(108))
    ask = make(clients=Clients(HERE, fhir=(FHIR,)), server=record.server)
    [card] = ask.cards(bare(108))
    assert card["indicator"] == "critical"
    assert {request.headers["authorization"] for request in record.asked} == {"Bearer secret"}
    assert {request.url.host for request in record.asked} == {"ehr.example"}
    asked = {unquote(request.url.path + "?" + request.url.query.decode()) for request in record.asked}
    assert "/fhir/Patient/pat-a?" in asked
    assert "/fhir/Condition?patient=pat-a" in asked
    observation = next(one for one in asked if one.startswith("/fhir/Observation"))
    assert "http://loinc.org|2160-0" in observation


@pytest.mark.parametrize("server", ["https://evil.example/fhir", "https://ehr.example/fhir2", "http://ehr.example/fhir",
                                    "https://ehr.example", "http://169.254.169.254/latest"])  # fmt: skip
def test_a_server_that_is_not_listed_is_not_asked(make: Callable[..., Asked], server: str):
    record = Record(request_of(108))
    ask = make(clients=Clients(HERE, fhir=(FHIR,)), server=record.server)
    assert ask.post(bare(108) | {"fhirServer": server}).status_code == 412
    assert record.asked == []


def test_an_order_that_needs_no_record_asks_for_none(make: Callable[..., Asked]):
    record = Record(request_of(149))
    ask = make(clients=Clients(HERE, fhir=(FHIR,)), server=record.server)
    assert ask.cards(bare(149)) == []
    assert record.asked == []


def test_what_was_sent_along_is_not_asked_for_again():
    call = read_call(request_of(142))  # by the client's own keys
    kinds = {asked.resource for asked in lacking(call).values()}
    assert not kinds & {"Patient", "Observation", "Condition"}


def test_an_empty_answer_to_a_search_was_an_answer():
    request = request_of(158)
    request["prefetch"]["devices"] = {"resourceType": "Bundle", "type": "searchset", "total": 0}
    assert "devices" not in lacking(read_call(request))
    for nothing in ({"resourceType": "OperationOutcome", "issue": []}, {"resourceType": 4}, {"entry": [None]}, 4):
        request["prefetch"]["devices"] = nothing
        assert "devices" in lacking(read_call(request))
    request["prefetch"]["devices"] = {"resourceType": "OperationOutcome", "issue": []}
    assert "devices" in lacking(read_call(request))


FAILURES: dict[str, Callable[[], httpx2.Response]] = {
    "500": lambda: httpx2.Response(500),
    "401": lambda: httpx2.Response(401, json={}),
    "302": lambda: httpx2.Response(302, headers={"Location": "https://evil.example/"}),
    "no JSON": lambda: httpx2.Response(200, text="<html>"),
    "a list": lambda: httpx2.Response(200, json=[]),
    "outcome": lambda: httpx2.Response(200, json={"resourceType": "OperationOutcome"}),
    "huge": lambda: httpx2.Response(200, content=b"x" * (fetching.LARGEST + 1)),
    "deep": lambda: httpx2.Response(200, content=b"[" * 900 + b"]" * 900),
}


@pytest.mark.parametrize("how", FAILURES)
def test_a_patient_who_cannot_be_had_is_412(make: Callable[..., Asked], how: str):
    record = Record(request_of(108), {"Patient": FAILURES[how]})
    ask = make(clients=Clients(HERE, fhir=(FHIR,)), server=record.server)
    assert ask.post(bare(108)).status_code == 412
    assert {request.url.host for request in record.asked} == {"ehr.example"}


def test_what_cannot_be_reached_is_412(make: Callable[..., Asked]):
    def unreachable() -> httpx2.Response:
        raise httpx2.ConnectError("no")

    record = Record(request_of(108), {"Patient": unreachable})
    ask = make(clients=Clients(HERE, fhir=(FHIR,)), server=record.server)
    assert ask.post(bare(108)).status_code == 412


def test_no_time_left_is_nothing_had(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetching, "SLOWEST_S", 0.0)
    record = Record(request_of(108))
    pages, notes = record.server.ask(read_call(bare(108)), (FHIR,))
    assert pages == []
    assert "not-had: patient" in notes
    assert record.asked == []


def paged(where: str) -> Callable[[], httpx2.Response]:
    held = request_of(108)["prefetch"]["conditions"]
    empty = {key: value for key, value in held.items() if key != "entry"}
    first = empty | {"link": [{"relation": "self"}, {"relation": "next", "url": where}]}
    answers = iter([first])
    return lambda: httpx2.Response(200, json=next(answers, held))


def test_further_pages_are_asked_for_on_the_same_server_alone(make: Callable[..., Asked]):
    record = Record(request_of(108), {"Condition": paged(f"{FHIR}/Condition?page=2")})
    [card] = make(clients=Clients(HERE, fhir=(FHIR,)), server=record.server).cards(bare(108))
    assert card["indicator"] == "critical"
    for where in ("https://evil.example/fhir/Condition?page=2", f"{FHIR}.evil.example/x", f"{FHIR}/../admin", 4):
        record = Record(request_of(108), {"Condition": paged(where)})  # type: ignore[arg-type]
        make(clients=Clients(HERE, fhir=(FHIR,)), server=record.server).cards(bare(108))
        assert sum("Condition" in request.url.path for request in record.asked) == 1
        assert {request.url.host for request in record.asked} == {"ehr.example"}


def test_pages_without_an_end_end():
    endless = Record(request_of(108), {"Patient": lambda: httpx2.Response(200, json={
        "resourceType": "Bundle", "link": [{"relation": "next", "url": f"{FHIR}/Patient?again"}]})})  # fmt: skip
    endless.server.ask(read_call(bare(108)), (FHIR,))
    assert sum("Patient" in request.url.path for request in endless.asked) == fetching.MOST_PAGES


def test_a_further_page_of_what_was_sent_along_is_asked_for(make: Callable[..., Asked]):
    request = request_of(158) | {"fhirServer": FHIR, "fhirAuthorization": LEAVE}
    obstructed = request_of(108)
    request["prefetch"]["conditions"]["link"] = [{"relation": "next", "url": f"{FHIR}/Condition?page=2"}]
    record = Record(obstructed)
    [card] = make(clients=Clients(HERE, fhir=(FHIR,)), server=record.server).cards(request)
    assert card["indicator"] == "critical"
    alone = make(clients=Clients(HERE), server=record.server).cards(request)
    assert [one["indicator"] for one in alone] == ["info"]


@pytest.mark.parametrize(
    ("scope", "reads"),
    [
        ("patient/Observation.read", True),
        ("patient/Observation.rs", True),
        ("patient/Observation.s", True),
        ("patient/*.read", True),
        ("user/*.*", True),
        ("system/Observation.cruds", True),
        ("patient/Observation.rs?category=laboratory", True),
        ("openid fhirUser launch", True),
        ("", True),
        ("patient/Observation.write", False),
        ("patient/Observation.r", False),
        ("patient/Condition.read", False),
        ("patient/Condition.read patient/Observation.rs", True),
    ],
)
def test_both_syntaxes_of_scopes_are_read(scope: str, reads: bool):
    assert Grant(FHIR, "t", tuple(scope.split())).reads("Observation") is reads


def test_what_the_scopes_do_not_allow_is_not_asked(make: Callable[..., Asked]):
    record = Record(request_of(108))
    ask = make(clients=Clients(HERE, fhir=(FHIR,)), server=record.server)
    ask.cards(bare(108, scope="patient/Patient.rs patient/Observation.read"))
    assert {request.url.path.split("/")[2] for request in record.asked} == {"Patient", "Observation"}


@pytest.mark.parametrize("more", [{"access_token": None}, {"access_token": "a\r\nX: y"}, {"token_type": "MAC"},
                                  {"access_token": "\u00fc"}])  # fmt: skip
def test_a_token_that_is_none_is_not_sent(more: dict[str, Any]):
    assert read_call(bare(108, **more)).grant is None


@pytest.mark.parametrize("patient", ["pat-a/../..", "pat a", "", None, 4, "p" * 65, "pat-a?_count=9", ["pat-a"]])
def test_a_patient_s_id_leads_nowhere_else(patient: Any):
    request = bare(108)
    request["context"]["patientId"] = patient
    record = Record(request_of(108))
    call = read_call(request)
    assert call.patient is None
    assert record.server.ask(call, (FHIR,)) == ([], ())
    assert read_call(request | {"context": {"patientId": "Patient/pat-a"}}).patient == "pat-a"


def test_a_grant_shows_no_token():
    assert "secret" not in repr(read_call(bare(108)))
    assert replace(Grant(FHIR, "secret"), scopes=("a",)).token == "secret"
    assert json.dumps("secret") not in repr(Grant(FHIR, "secret"))
