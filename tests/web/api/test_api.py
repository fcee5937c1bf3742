"""The API answers as the command line does, to the byte, and is asked wrongly as it is."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from inotrope.cli.main import main
from inotrope.patient.examples import examples, read_example
from inotrope.plan.published import SCHEMAS, published_schema
from inotrope.web.api.described import components, described
from inotrope.web.api.operations import OPERATIONS

SOUND = json.loads(read_example("sound-adult"))
ENTRY = "adult-acute-decompensated-heart-failure"
ERROR = {"kind", "says", "value", "accepted", "where"}


def post(client: TestClient, name: str, body: object, **more: Any) -> Any:
    return client.post(f"/api/v1/{name}", json=body, **more)


def error_of(answer: Any, status: int = 422) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    (key, error) = next(iter(answer.json().items()))
    assert key == "error" and set(error) == ERROR
    return dict(error)


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    main(words)
    return capsys.readouterr().out


@pytest.mark.parametrize("example", examples())
def test_a_plan_is_that_of_the_command_line_to_the_byte(
    client: TestClient, capsys: pytest.CaptureFixture[str], example: str
) -> None:
    found = post(client, "plan", {"case": json.loads(read_example(example))})
    assert found.status_code == 200
    assert found.headers["content-type"] == "application/json"
    assert found.text == printed(capsys, "plan", example, "--json")


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("screen", {}, ("screen", "low-pressure")),
        ("fit", {}, ("fit", "measured-level")),
        (
            "fit",
            {"models": ["milrinone/label_adult"], "assume_kidney": "60 mL/min/1.73 m2"},
            ("fit", "measured-level", "--model", "milrinone/label_adult", "--assume-kidney", "60 mL/min/1.73 m2"),
        ),
        (
            "target",
            {"concentration": "150-250 ng/mL", "penalty": "3", "hours": "2 h", "result_after": "1 h"},
            (
                *("target", "measured-level", "--concentration", "150-250 ng/mL", "--penalty", "3"),
                *("--hours", "2 h", "--result-after", "1 h"),
            ),
        ),
        (
            "circulation",
            {"regimen": "0.5 mcg/kg/min for 4 h", "model": "milrinone/prielipp_1996"},
            (
                *("circulation", "right-heart-catheter", "--regimen", "0.5 mcg/kg/min for 4 h"),
                *("--model", "milrinone/prielipp_1996"),
            ),
        ),
        (
            "plan",
            {"what_if": ["pause 2 h"], "assume_kidney": "40 mL/min/1.73 m2"},
            ("plan", "sound-adult", "--what-if", "pause 2 h", "--assume-kidney", "40 mL/min/1.73 m2"),
        ),
        (
            "plan",
            {"overrides": {"severe-valve-obstruction": "bridge to surgery tonight, Dr. Adams"}},
            (
                *("plan", "severe-aortic-stenosis", "--override"),
                "severe-valve-obstruction=bridge to surgery tonight, Dr. Adams",
            ),
        ),
    ],
)
def test_an_answer_with_options_is_that_of_the_command_line(
    client: TestClient,
    capsys: pytest.CaptureFixture[str],
    name: str,
    options: dict[str, object],
    words: tuple[str, ...],
) -> None:
    found = post(client, name, {"case": json.loads(read_example(words[1])), "options": options})
    assert found.status_code == 200
    assert found.text == printed(capsys, *words, "--json")


def test_an_order_and_a_dose_are_those_of_the_command_line(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "milrinone 20 mg/100 mL at 0.5 mcg/kg/min, 82 kg, 12.3 mL/h"
    assert post(client, "order", {"order": text}).text == printed(capsys, "order", "--text", text, "--json")
    beside = post(client, "order", {"order": {"text": text}, "case": SOUND})
    assert beside.text == printed(capsys, "order", "--text", text, "--case", "sound-adult", "--json")
    asked = {"weight": "70 kg", "concentration": "200 mcg/mL", "rate": "0.5 mcg/kg/min", "entry": ENTRY}
    words = [part for name, value in asked.items() for part in (f"--{name}", value)]
    assert post(client, "dose", asked).text == printed(capsys, "dose", *words, "--json")


def test_a_change_is_told_beside_what_was_planned(client: TestClient) -> None:
    found = post(client, "what-if", {"case": SOUND, "change": "rate 0.5 mcg/kg/min"})
    assert found.status_code == 200
    Draft202012Validator(published_schema("what-if")).validate(found.json())
    wrong = error_of(post(client, "what-if", {"case": SOUND, "change": "faster"}))
    assert wrong["where"] == "change"
    assert error_of(post(client, "what-if", {"case": SOUND}))["says"] == "'change' is missing. Add it."


@pytest.mark.parametrize(
    ("body", "where", "says"),
    [
        ([], "body", "no JSON object"),
        ({}, "body", "'case' is missing"),
        ({"case": SOUND, "site": "/etc/passwd"}, "body", "'site' is not known here"),
        ({"case": "sound-adult"}, "case", "no JSON object"),
        ({"case": SOUND, "options": []}, "options", "no JSON object"),
        ({"case": SOUND, "options": {"site": "x"}}, "options", "'site' is not known here"),
        ({"case": SOUND, "options": {"assume_kidney": 60}}, "options.assume_kidney", "no text of 1 to 2,000"),
        ({"case": SOUND, "options": {"assume_kidney": "60"}}, "assume_kidney", "has no unit"),
        ({"case": SOUND, "options": {"what_if": "pause 2 h"}}, "options.what_if", "no list of at most 20"),
        ({"case": SOUND, "options": {"what_if": ["pause 2 h"] * 21}}, "options.what_if", "no list of at most 20"),
        ({"case": SOUND, "options": {"what_if": [2]}}, "options.what_if", "no text"),
        ({"case": SOUND, "options": {"overrides": ["x"]}}, "options.overrides", "no object of at most 20"),
        ({"case": SOUND, "options": {"overrides": {"x": 1}}}, "options.overrides: x", "no text"),
        ({"case": {**SOUND, "now": "today"}}, "case: now", "today"),
    ],
)
def test_a_body_that_means_nothing_is_told_with_its_place(
    client: TestClient, body: object, where: str, says: str
) -> None:
    found = error_of(post(client, "plan", body))
    assert (found["where"] or "").startswith(where)
    assert says in found["says"]


def test_what_is_asked_beside_a_case_is_read_as_on_the_command_line(client: TestClient) -> None:
    level = json.loads(read_example("measured-level"))
    unknown = error_of(post(client, "fit", {"case": level, "options": {"models": ["milrinone/label_adlut"]}}))
    assert unknown["where"] == "models" and "milrinone/label_adult" in unknown["says"]
    assert error_of(post(client, "target", {"case": level, "options": {"penalty": "much"}}))["where"] == "penalty"
    assert error_of(post(client, "order", {"order": {"txet": "x"}}))["where"].startswith("order")
    assert error_of(post(client, "order", {"order": "milrinone", "case": {}}))["where"].startswith("case")
    assert error_of(post(client, "order", {"order": 5}))["where"] == "order"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b'{"case": NaN}',
        b"[" * 50,
        b'{"a": 1, "a": 2}',
        b'{"case": "\\ud800"}',
        b'"\x00"',
        b"1" * 5000,
    ],
)
def test_what_is_no_json_is_told(client: TestClient, content: bytes) -> None:
    found = client.post("/api/v1/plan", content=content, headers={"content-type": "application/json"})
    assert (error_of(found)["where"] or "").startswith("body")


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"]
)
def test_what_is_not_called_json_is_not_read(client: TestClient, kind: str | None) -> None:
    headers = {} if kind is None else {"content-type": kind}
    found = client.post("/api/v1/plan", content=b'{"case": {}}', headers=headers)
    assert error_of(found, 415)["accepted"].startswith("application/json")


def test_the_charset_may_be_named(client: TestClient) -> None:
    headers = {"content-type": 'Application/JSON; charset="UTF-8"'}
    assert client.post("/api/v1/screen", content=json.dumps({"case": SOUND}), headers=headers).status_code == 200


def test_what_is_not_there_and_what_is_asked_otherwise(client: TestClient) -> None:
    error_of(client.get("/api/v1/nothing"), 404)
    wrong = client.get("/api/v1/plan")
    error_of(wrong, 405)
    assert wrong.headers["allow"] == "POST"
    assert "'plan'" in error_of(client.get("/api/v1/schema/plna"), 404)["says"]
    assert "'milrinone'" in error_of(client.get("/api/v1/drug/milrinon"), 404)["says"]


def test_schemas_and_drugs_are_those_of_the_command_line(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in SCHEMAS:
        assert client.get(f"/api/v1/schema/{name}").text == printed(capsys, "schema", name)
    shown = printed(capsys, "drug", "show", "milrinone", "--format", "json")
    assert client.get("/api/v1/drug/milrinone").text == shown
    assert client.get("/api/v1/drugs").json() == json.loads(printed(capsys, "drug", "list", "--json"))


def test_the_server_says_that_it_answers(client: TestClient) -> None:
    found = client.get("/api/v1/health").json()
    assert found == {"status": "ok", "version": version("inotrope"), "drugs": ["milrinone"]}


def test_the_description_has_every_route_and_every_schema(client: TestClient) -> None:
    whole = client.get("/api/v1/openapi.json").json()
    assert whole == described()
    assert whole["openapi"].startswith("3.1")
    assert {f"/api/v1/{item.name}" for item in OPERATIONS} < set(whole["paths"])
    assert set(SCHEMAS) <= set(components())
    for name in SCHEMAS:
        # The same rules, wherever their parts stand: each judges an example as the published one does.
        reference = {**whole, "$ref": f"#/components/schemas/{name}"}
        Draft202012Validator.check_schema(whole["components"]["schemas"][name])
        assert Draft202012Validator(reference).is_valid({"error": None}) == Draft202012Validator(
            published_schema(name)
        ).is_valid({"error": None})
    case = {**whole, "$ref": "#/components/schemas/case"}
    for example in examples():
        Draft202012Validator(case).validate(json.loads(read_example(example)))


def test_a_full_queue_is_told_with_when_to_come_again(client: TestClient) -> None:
    answers: Any = client.app.state.answers  # type: ignore[attr-defined]
    answers._under_way = answers._room
    found = post(client, "plan", {"case": SOUND})
    assert error_of(found, 503)["kind"] == "server"
    assert found.headers["retry-after"] == "5"
    page = client.post("/plan", data={"case": read_example("sound-adult")})
    assert page.status_code == 503
    assert "Send it again" in page.text
    assert "&#34;milrinone&#34;" in page.text  # and the case goes on with it


def test_an_answer_that_takes_long_is_told_and_is_there_when_it_is_sent_again(client: TestClient) -> None:
    answers: Any = client.app.state.answers  # type: ignore[attr-defined]
    answers._longest_wait_s = 0.001
    page = client.post("/plan", data={"case": read_example("right-heart-catheter")})
    assert page.status_code == 503 and page.headers["retry-after"] == "5"
    assert "it is still being made" in page.text and "Send it again" in page.text
    answers._longest_wait_s = 60.0
    assert client.post("/plan", data={"case": read_example("right-heart-catheter")}).status_code == 200
