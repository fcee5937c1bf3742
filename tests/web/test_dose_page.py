"""The converter: two boxes, each its own way, with weight and bag of the case; every error at its box."""

from __future__ import annotations

import html
import json
import re

import pytest
from starlette.testclient import TestClient

from inotrope.patient.examples import read_example
from inotrope.web.form import write_fields

ADULT = read_example("sound-adult")
BAG = {"weight": "70", "weight.unit": "kg", "concentration": "200", "concentration.unit": "mcg/mL"}
RATE, PUMP = {"rate": "0.5", "rate.unit": "mcg/kg/min"}, {"pump": "10.5", "pump.unit": "mL/h"}


def convert(client: TestClient, status: int = 200, **values: str) -> str:
    answer = client.post("/dose", data={"convert": "1"} | values)
    assert answer.status_code == status
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", answer.text.partition('<div id="results"')[2])).split())


def test_each_box_is_converted_on_its_own(client: TestClient) -> None:
    # 0.5 mcg/kg/min x 70 kg x 60 min/h / 200 mcg/mL = 10.5 mL/h
    found = convert(client, **BAG, **RATE)
    assert "10.5 mL/h of milrinone 200 mcg/mL" in found
    assert "From the pump rate" not in found
    found = convert(client, **BAG, **PUMP)
    assert "0.5 mcg/kg/min" in found
    assert "From the dose" not in found
    both = convert(client, **BAG, **RATE, pump="21", **{"pump.unit": "mL/h"})
    assert "10.5 mL/h of milrinone" in both
    assert "1 mcg/kg/min is above" in both


def test_nothing_typed_converts_nothing(client: TestClient) -> None:
    assert "Write a dose, or what the pump shows" in convert(client, **BAG)


@pytest.mark.parametrize("sent", [{"case": ADULT}, {"filled": "1", **write_fields(json.loads(ADULT))}])
def test_weight_and_bag_are_those_of_the_case(client: TestClient, sent: dict[str, str]) -> None:
    page = client.post("/dose", data=sent).text
    boxes = dict(re.findall(r'<input type="text" id="f-([a-z]+)" name="[a-z]+" value="([^"]*)"', page))
    assert boxes == {"weight": "82", "concentration": "200", "step": "0.1", "rate": "", "pump": ""}
    assert re.search(r'<option value="[^"]+" selected>acute decompensated heart failure, adults', page)


def test_a_bag_that_was_made_up_is_known_by_its_parts(client: TestClient) -> None:
    made = {"product": "vial", "amount": "20 mg", "volume": "100 mL", "diluent": "sodium chloride 0.9 %"}
    page = client.post("/dose", data={"case": json.dumps(json.loads(ADULT) | {"preparation": made})}).text
    assert 'name="concentration" value="200"' in page  # 20 mg in 100 mL
    assert '<option value="mcg/mL" selected>' in page


@pytest.mark.parametrize("case", ["{", "[]", json.dumps({"patient": {"weight": "82 kg"}})])
def test_a_case_that_is_not_sound_stands_in_nobodys_way(client: TestClient, case: str) -> None:
    answer = client.post("/dose", data={"case": case})
    assert answer.status_code == 200
    assert ('value="82"' in answer.text) is ("82" in case)


def test_a_strength_that_no_product_has_gives_no_rate(client: TestClient) -> None:
    found = convert(client, **BAG | {"concentration.unit": "mg/mL"}, **RATE)
    assert "no rate is shown" in found
    assert "mL/h" not in found


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"weight": "180 lb"}, "weight"),
        ({"weight": ""}, "weight"),
        ({"concentration.unit": ""}, "concentration"),
        ({"step": "fine"}, "step"),
        ({"rate": "fast"}, "rate"),
        ({"rate": "10 mL/h"}, "rate"),
        ({"entry": "nobody"}, "entry"),
    ],
)
def test_what_is_wrong_stands_at_its_box(client: TestClient, changed: dict[str, str], field: str) -> None:
    answer = client.post("/dose", data={"convert": "1", **BAG, **RATE, **changed})
    assert answer.status_code == 422
    assert (f'id="f-{field}-wrong"' in answer.text) is (field != "entry")
    assert f'<a href="#f-{field}">' in answer.text


def test_the_case_goes_on_from_here(client: TestClient) -> None:
    page = client.post("/dose", data={"convert": "1", "case": ADULT, **BAG, **RATE}).text
    assert page.count(html.escape(ADULT).replace("&quot;", "&#34;")) == 2  # on the way on, and in the form
