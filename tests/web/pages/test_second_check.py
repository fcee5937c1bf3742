"""The screens of the double check: the second person sees nothing of the first one's, and nothing sent is lost."""

from __future__ import annotations

import json
import re

import pytest

from inotrope.patient.examples import read_example
from inotrope.web.clock import clock
from tests.web.pages.conftest import Page, Ward

SOUND = {"weight": "82", "concentration": "200", "concentration__unit": "mcg/mL", "pump__rate": "9.2", "rate": "0.375"}
"""What the label's start comes to in the sound adult: 0.375 x 82 x 60 / 200 = 9.225 mL/h, on his pump 9.2."""
BARE = {"load": "nothing"}
LOAD = {
    "load": "drawn up",
    "strength__of__the__load": "1",
    "strength__of__the__load__unit": "mg/mL",
    "volume__drawn__up": "4.1",
    "volume__in__the__syringe": "4.1",
    "time__of__the__load": "10",
    "time__of__the__load__unit": "min",
    "rate__of__the__load": "24.6",
}
"""Its load: 50 mcg/kg x 82 kg = 4.1 mg, of the vial of 1 mg/mL 4.1 mL; undiluted in 10 min 24.6 mL/h."""
WITHOUT, UNDILUTED = "the start of the infusion, without the load", "the start of the infusion, with its load undiluted"


def opened(ward: Ward, example: str = "sound-adult", setting: str = WITHOUT) -> Page:
    first = ward.post("/second-check", example)
    return ward.post("/second-check/open", example, form=first.hidden("form"), setting=setting)


def code_of(page: Page) -> str:
    return page.hidden("code")


def entering(ward: Ward, code: str, **entry: str) -> Page:
    blind = ward.get(f"/second-check/enter?code={code}")
    return ward.post("/second-check/compare", code=code, form=blind.hidden("form"), **(SOUND | BARE | entry))


def test_the_first_person_chooses_what_to_set_and_gets_a_code(ward: Ward) -> None:
    first = ward.post("/second-check", "sound-adult")
    assert f"Let a second person check {UNDILUTED}" in first.text and "9.2 mL/h" in first.text
    assert "made up to 10 mL" in first.text and "60 mL/h of this syringe" in first.text
    assert f"Let a second person check {WITHOUT}" in first.text
    assert "Not for now: The case is of a time" in first.text and "made up to a larger volume (2)" in first.text
    page = opened(ward)
    assert "Nobody has entered anything yet" in page.text and page.case
    assert code_of(page) in page.text


@pytest.mark.hazard("set-otherwise-than-planned")
def test_the_second_person_enters_the_load_and_both_see_what_was_agreed_and_when(ward: Ward) -> None:
    code = code_of(opened(ward, setting=UNDILUTED))
    assert "DIFFERS: what goes in first" in entering(ward, code).text
    ten = entering(ward, code, **(LOAD | {"time__of__the__load": "1"}))
    assert "DIFFERS: time in which it goes in" in ten.text and "24.6" not in ten.text
    done = entering(ward, code, **LOAD)
    assert "AGREE: Both mean the same" in done.text and "Agreed at 20" in done.text
    for value in ("82 kg", "4.1 mL of the vial", "10 min", "24.6 mL/h of this syringe", "then 9.2 mL/h"):
        assert value in done.text
    again = ward.get(f"/second-check/result?code={code}")
    assert again.text == done.text  # the time is that of the agreement, and not of the look at it


@pytest.mark.hazard("set-otherwise-than-planned")
def test_the_first_rate_of_a_preterm_baby_is_entered_too(ward: Ward) -> None:
    setting = "the start of the infusion, with a first rate in the place of a load"
    code = code_of(opened(ward, "preterm-baby", setting))
    own = {"weight": "0.9", "concentration": "54", "pump__rate": "0.2", "rate": "0.2"}
    assert "DIFFERS: what goes in first" in entering(ward, code, **own).text
    first = {"load": "first rate", "time__of__the__load": "3", "time__of__the__load__unit": "h"}
    assert "AGREE" in entering(ward, code, **own, **first, rate__of__the__load="0.75").text


@pytest.mark.hazard("set-otherwise-than-planned")
def test_the_second_person_sees_the_same_whatever_goes_in_first(ward: Ward) -> None:
    pages = [
        ward.get(f"/second-check/enter?code={code_of(opened(ward, setting=name))}") for name in (WITHOUT, UNDILUTED)
    ]
    forms = [re.sub(r'value="[^"]*"', "", page.source) for page in pages]
    assert forms[0] == forms[1]


def test_a_stop_that_was_set_aside_is_told_to_both(ward: Ward) -> None:
    aside = {"override.low-pressure-at-start": "the intensivist decided at the bedside"}
    first = ward.post("/second-check", "low-pressure", **aside)
    assert "Blood pressure too low to start" in first.text
    setting = "the start of the infusion, without a load"
    page = ward.post("/second-check/open", "low-pressure", form="f", setting=setting, **aside)
    blind = ward.get(f"/second-check/enter?code={code_of(page)}")
    assert "A stop is set aside, with a reason: Blood pressure too low to start" in blind.text
    taken_back = ward.post("/second-check/open", "low-pressure", code=code_of(page))
    assert "This check is out of date" in taken_back.text


@pytest.mark.hazard("set-otherwise-than-planned")
def test_nothing_of_the_first_one_stands_on_the_second_one_s_screen(ward: Ward) -> None:
    code = code_of(opened(ward))
    blind = ward.get(f"/second-check/enter?code={code}")
    assert blind.status == 200 and blind.case == ""
    assert "milrinone" in blind.text
    source = blind.source.replace("static/", "")
    for drawn in (code, blind.hidden("form")):  # either may hold any figures by chance
        source = source.replace(drawn, "")
    for value in ("82", "200", "9.2", "0.375"):
        assert value not in source


def test_two_who_mean_the_same_agree_and_both_see_it(ward: Ward) -> None:
    page = opened(ward)
    done = entering(ward, code_of(page))
    assert "AGREE: Both mean the same" in done.text and "can both be wrong" in done.text and "9.2 mL/h" in done.text
    seen = ward.post("/second-check/open", "sound-adult", code=code_of(page))
    assert "AGREE: Both mean the same" in seen.text and "Hand over" not in seen.text and "9.2 mL/h" in seen.text


@pytest.mark.parametrize(
    ("entry", "differs"),
    [
        ({"weight": "28"}, "weight"),
        ({"concentration": "20"}, "concentration"),
        ({"concentration__unit": "mg/mL"}, "concentration"),
        ({"pump__rate": "92"}, "rate on the pump"),
        ({"weight": "81", "pump__rate": "9.1"}, "weight and rate on the pump"),
        ({"rate": "0.5"}, "rate per body weight"),
    ],
)
def test_what_differs_is_named_and_no_value_shown(ward: Ward, entry: dict[str, str], differs: str) -> None:
    done = entering(ward, code_of(opened(ward)), **entry)
    assert f"DIFFERS: {differs}" in done.text and "Do not set the pump" in done.text
    assert "Enter again" in done.text
    for value in ("82 kg", "200 mcg/mL", "9.2 mL/h", "0.375"):
        assert value not in done.text


def test_entries_are_counted_and_one_sent_twice_is_one(ward: Ward) -> None:
    code = code_of(opened(ward))
    blind = ward.get(f"/second-check/enter?code={code}")
    wrong = SOUND | BARE | {"weight": "80"}
    for _ in range(3):
        twice = ward.post("/second-check/compare", code=code, form=blind.hidden("form"), **wrong)
        assert "Entries so far 1" in twice.text
    assert "Entries so far: 1" in ward.get(f"/second-check/enter?code={code}").text
    assert "Entries so far 2" in entering(ward, code).text
    after = ward.get(f"/second-check/enter?code={code}")
    assert "This check has ended: both of you meant the same" in after.text


def test_an_entry_that_cannot_be_read_keeps_all_that_was_typed_and_is_not_counted(ward: Ward) -> None:
    code = code_of(opened(ward))
    page = entering(ward, code, weight="eighty", pump__rate="", rate="")
    assert page.status == 422
    assert 'href="#weight"' in page.source and 'value="eighty"' in page.source and 'value="200"' in page.source
    assert 'aria-invalid="true"' in page.source
    none = entering(ward, code, pump__rate="")
    assert none.status == 422 and "Rate on the pump is missing" in none.text and 'href="#pump-rate"' in none.source
    bare = ward.get(f"/second-check/enter?code={code}")
    empty = ward.post("/second-check/compare", code=code, form=bare.hidden("form"))
    assert "Not read: 5 entries" in empty.text
    unsaid = entering(ward, code, load="")
    assert unsaid.status == 422 and "What goes in first is missing" in unsaid.text and 'href="#load"' in unsaid.source
    assert "Entries so far 1" in entering(ward, code).text


def test_a_code_that_nobody_opened_is_told_kindly(ward: Ward) -> None:
    asked = "?code=ABCD-%3Cb%3E"
    pages = [ward.get(f"/second-check/{path}{asked}") for path in ("enter", "result")]
    for page in (*pages, ward.post("/second-check/compare", code="ABCD-<b>", **SOUND)):
        assert page.status == 404 and "No check is open under this code" in page.text
        assert 'value="ABCD-&lt;b&gt;"' in page.source
    lost = ward.post("/second-check/open", "sound-adult", code="ABCD-EFGH-JKMN")
    assert lost.status == 404 and lost.case  # the first person keeps the case
    assert ward.get("/second-check/enter").status == 404


def test_before_the_first_entry_there_is_no_result(ward: Ward) -> None:
    page = ward.get(f"/second-check/result?code={code_of(opened(ward))}")
    assert "Enter what you find yourself" in page.text


def test_the_second_person_begins_without_a_case(ward: Ward) -> None:
    for page in (ward.get("/second-check"), ward.post("/second-check")):
        assert page.status == 200 and "Code from the first person" in page.text and page.case == ""


@pytest.mark.parametrize(
    ("example", "why"), [("severe-aortic-stenosis", "gives no rate"), ("no-creatinine", "gives no rate")]
)
def test_where_no_rate_is_given_there_is_nothing_to_check(ward: Ward, example: str, why: str) -> None:
    page = ward.post("/second-check", example)
    assert "Nothing to check" in page.text and why in page.text
    offer = "Let a second person check"
    assert offer not in ward.post("/plan", example).text and offer in ward.post("/plan", "sound-adult").text
    assert "Nothing to check" in ward.post("/second-check/open", example, setting=WITHOUT).text


def test_a_check_of_a_plan_that_has_changed_since_is_out_of_date(ward: Ward) -> None:
    code = code_of(opened(ward))
    assert "AGREE" in entering(ward, code).text
    case = json.loads(read_example("sound-adult"))
    case["patient"]["weight"] = "83 kg"
    page = ward.post("/second-check/open", case=json.dumps(case), code=code)
    assert "This check is out of date" in page.text and "AGREE" not in page.text and "Hand over" not in page.text


@pytest.mark.hazard("wrong-clock")
def test_a_check_of_a_plan_of_another_time_says_so_to_the_second_person_and_beside_what_was_agreed(ward: Ward) -> None:
    says = "the plan of this check is of a time"
    old = code_of(opened(ward))
    assert says in ward.get(f"/second-check/enter?code={old}").text
    agreed = entering(ward, old).text
    assert says in agreed and "AGREE" in agreed
    case = json.loads(read_example("sound-adult"))
    now = {"now": clock(), "measurements": [], "conditions": case["conditions"]}
    creatinine = [{"what": "serum creatinine", "value": "1.1 mg/dL", "at": now["now"]}]
    case = json.dumps(case | now | {"measurements": creatinine})
    code = code_of(ward.post("/second-check/open", case=case, form="of-now", setting=WITHOUT))
    assert says not in ward.get(f"/second-check/enter?code={code}").text
    assert says not in entering(ward, code).text


def test_what_runs_and_a_step_are_checked_each_for_itself(ward: Ward) -> None:
    # 0.5 x 82 x 60 / 200 = 12.3 mL/h
    code = code_of(opened(ward, "running-since-yesterday", "the rate that runs"))
    assert "What goes in first" not in ward.get(f"/second-check/enter?code={code}").text  # a load is never given twice
    assert "AGREE" in entering(ward, code, pump__rate="12.3", rate="0.5").text
    down = code_of(opened(ward, "running-since-yesterday", "the next step down"))
    assert "DIFFERS: rate on the pump" in entering(ward, down, pump__rate="12.3").text


def test_a_script_in_a_field_is_text(ward: Ward) -> None:
    code = code_of(opened(ward))
    page = entering(ward, code, weight="<script>alert(1)</script>")
    assert page.status == 422 and "<script>alert" not in page.source
