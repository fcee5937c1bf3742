"""The page's questions and answers, in general and worked out for one case."""

from __future__ import annotations

from decimal import Decimal

from inotrope.drug import Drug
from inotrope.patient import Case
from inotrope.plan import make_plan
from inotrope.plan.answers import Answer, answers
from tests.page.people import adult, ago

PAUSED = [{"of": "milrinone", "start": ago(10), "end": ago(2), "rate": "0.5 mcg/kg/min"}]


def _answer(drug: Drug, name: str, case: Case | None = None) -> Answer:
    given = [item for item in answers(case, drug=drug).answers if item.id == name]
    assert given, f"the question '{name}' has no answer"
    return given[0]


def every_question_of_the_page_is_answered(drug: Drug) -> None:
    asked = [item.asks_family for item in answers(drug=drug).answers]
    assert len(asked) >= 6, "the page has six questions"


def it_asks_how_long(drug: Drug) -> None:
    assert _answer(drug, "how-long").asks_family == "How long will milrinone be given?"


def it_is_for_a_short_time(drug: Drug) -> None:
    assert "short time" in _answer(drug, "how-long").family


def what_is_left_until_48_h_is_worked_out(drug: Drug) -> None:
    worked_out = " ".join(_answer(drug, "how-long", adult(running=40)).computed)
    assert "48 h" in worked_out
    assert "8 h left" in worked_out  # 48 h - 40 h


def it_asks_about_other_medicines(drug: Drug) -> None:
    assert _answer(drug, "other-medicines").asks == "Can milrinone be given with other medicines?"


def what_is_found_and_what_is_not_checked_is_named(drug: Drug) -> None:
    case = adult(medicines=["anagrelide", "grandmother's drops"])
    worked_out = " ".join(_answer(drug, "other-medicines", case).computed)
    assert "anagrelide, warn" in worked_out
    assert "NOT checked" in worked_out
    assert "grandmother's drops" in worked_out


def it_asks_about_a_missed_dose(drug: Drug) -> None:
    assert "interrupted" in _answer(drug, "missed-dose").asks


def an_interrupted_infusion_gets_no_second_load(drug: Drug) -> None:
    plan = make_plan(adult(administrations=PAUSED), forecast=False, drug=drug)
    assert plan.loading_dose is not None
    assert not plan.loading_dose.given
    assert "resumption" in [item.rule for item in plan.findings]


def a_pause_is_resumed_no_faster_than_it_ran(drug: Drug) -> None:
    slow = [{"of": "milrinone", "start": ago(10), "end": ago(2), "rate": "0.25 mcg/kg/min"}]
    rate = make_plan(adult(administrations=slow), forecast=False, drug=drug).maintenance
    assert rate is not None
    assert rate.rate.in_unit("mcg/kg/min") == Decimal("0.25")


def a_missed_dose_is_never_made_up_for(drug: Drug) -> None:
    answer = _answer(drug, "missed-dose", adult(administrations=PAUSED))
    assert "Never make up for it" in answer.staff
    assert any("No second loading dose" in line for line in answer.computed)


def it_asks_about_storage(drug: Drug) -> None:
    assert _answer(drug, "storage").asks_family == "How is milrinone stored?"


def this_bag_has_its_own_end(drug: Drug) -> None:
    bag = {"product": "vial", "concentration": "200 mcg/mL", "volume": "100 mL", "hung": ago(70)}
    worked_out = " ".join(_answer(drug, "storage", adult(preparation=bag)).computed)
    assert "expires" in worked_out
    assert "2 h left" in worked_out  # 72 h - 70 h


def heat_and_frost_are_kept_away_and_light_is_said_to_be_the_lay_pages(drug: Drug) -> None:
    answer = _answer(drug, "storage")
    assert "heat and frost" in answer.family
    assert "kept away from light is said by the Brazilian text and the lay page alone" in answer.staff


def it_asks_about_driving(drug: Drug) -> None:
    assert _answer(drug, "driving").asks_family == "Can I drive while milrinone is given?"


def nobody_drives_on_a_pump_and_dizziness_speaks_against_it_afterwards(drug: Drug) -> None:
    answer = _answer(drug, "driving")
    assert answer.family.startswith("No.")
    assert "dizzy or see blurred" in answer.family


def it_asks_about_addiction(drug: Drug) -> None:
    assert _answer(drug, "addiction").asks == "Is milrinone addictive?"


def it_is_not_considered_addictive_and_only_the_lay_page_says_so(drug: Drug) -> None:
    answer = _answer(drug, "addiction")
    assert "not considered addictive" in answer.family
    assert answer.status == "unconfirmed"
