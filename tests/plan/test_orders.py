"""An order against the plan of its patient, against a site's file, and the words by which it is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inotrope.drug import load_drug, read_site
from inotrope.errors import CaseError, RequestError
from inotrope.order import OrderForm, order_words, read_order
from inotrope.patient import Case, vocabulary
from inotrope.plan import check_order, make_plan
from inotrope.plan.orders import OrderCheck

Make = Callable[..., Case]


def rules(check: OrderCheck) -> set[str]:
    return {item.rule for item in check.findings}


def test_the_weight_of_the_case_works_an_order_out(make_case: Make) -> None:
    # 82 kg x 0.375 mcg/kg/min x 60 / 200 mcg/mL = 9.225 mL/h
    text = "milrinone 0.375 mcg/kg/min, 200 mcg/mL, {} mL/h"
    assert check_order(text.format("9.2"), case=make_case()).status == "consistent"
    assert check_order(text.format("92"), case=make_case()).status == "stopped"


def test_another_weight_than_the_patients_is_compared(make_case: Make) -> None:
    near = check_order("milrinone 0.375 mcg/kg/min, 77 kg", case=make_case())  # 82 / 77 = 1.065
    assert near.status == "warned"
    far = check_order("milrinone 0.375 mcg/kg/min, 60 kg", case=make_case())
    assert far.status == "stopped"
    assert {pair.relation for pair in far.pairs} == {"stated-twice"}


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        ("82 kg", "86 kg", "consistent"),  # 4 / 82 = 4.9 %
        ("82 kg", "86.2 kg", "warned"),  # 4.2 / 82 = 5.1 %; of the heavier one it would be 4.9 %
        ("82 kg", "90.3 kg", "stopped"),  # 8.3 / 82 = 10.1 %; of the heavier one 9.2 %
    ],
)
def test_two_weights_are_compared_the_same_way_whichever_the_case_has(
    make_case: Make, *, one: str, other: str, status: str
) -> None:
    for case, order in ((one, other), (other, one)):
        check = check_order(f"milrinone 0.375 mcg/kg/min, {order}", case=make_case(patient={"weight": case}))
        assert check.status == status, (case, order)
        (pair,) = check.pairs
        assert (pair.difference.value < 0) is (order == other)  # the case's weight stands beside the order's


def test_a_rate_above_the_patients_ceiling_is_stopped(make_case: Make) -> None:
    renal = make_case(measure={"serum creatinine": "3.6 mg/dL"})
    check = check_order("milrinone 0.5 mcg/kg/min", case=renal)
    assert check.status == "stopped"
    assert "rate-above-ceiling" in rules(check)
    assert check.patient is not None
    assert check.patient.ceiling is not None
    assert check.patient.ceiling.in_unit("mcg/kg/min") < 0.5
    assert check_order("milrinone 0.5 mcg/kg/min", case=make_case()).status == "consistent"


def test_a_load_that_the_plan_does_not_give_is_stopped(make_case: Make) -> None:
    low = make_case(medicines=["milrinone"])  # perhaps given already: no load
    text = "milrinone load 50 mcg/kg over 10 min then 0.375 mcg/kg/min"
    assert "load-against-plan" in rules(check_order(text, case=low))
    assert check_order(text, case=make_case()).status == "consistent"


def test_a_stopped_plan_stops_and_a_refused_one_refuses(make_case: Make) -> None:
    text = "milrinone 0.375 mcg/kg/min"
    allergic = check_order(text, case=make_case(allergies=["milrinone"]))
    assert allergic.status == "stopped"
    assert "plan-is-stopped" in rules(allergic)
    elsewhere = check_order(text, case=make_case(indication="septic shock"))
    assert elsewhere.status == "refused"
    assert elsewhere.exit_code == 4
    assert "plan-is-refused" in rules(elsewhere)
    assert elsewhere.patient is not None
    assert elsewhere.patient.entry is None


def test_an_order_and_a_case_of_two_drugs_are_an_error(make_case: Make) -> None:
    with pytest.raises(RequestError, match="the case for dobutamine"):
        check_order("milrinone 0.375 mcg/kg/min", case=make_case(drug="dobutamine"))


def test_a_site_tightens_and_is_named(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('[limits]\n"maintenance.maximum" = "0.5 mcg/kg/min"\n[pump]\nstep = "1 mL/h"\n', encoding="utf-8")
    site = read_site(file)
    text = "milrinone 0.6 mcg/kg/min, 70 kg, 200 mcg/mL, 12.6 mL/h"  # 0.6 x 70 x 60 / 200
    assert check_order(text).status == "consistent"
    check = check_order(text, site=site)
    assert check.status == "stopped"
    assert check.versions.site == site.digest
    # 0.375 x 10 x 60 / 200 = 1.125: 1 mL/h is 11 % less, and what a step of 1 mL/h makes of it
    coarse = "milrinone 0.375 mcg/kg/min, 10 kg, 200 mcg/mL, 1 mL/h"
    assert check_order(coarse, site=site).status == "warned"
    assert check_order(coarse).status == "stopped"
    assert check_order("milrinone 0.5", site=site).versions.site == site.digest


def test_fields_bytes_and_a_form_are_one_order() -> None:
    fields = {"drug": "Primacor", "amount": "20 mg", "volume": "100 mL", "concentration": "0.2 mg/mL"}
    written = b'{"drug": "Primacor", "amount": "20 mg", "volume": "100 mL", "concentration": "0.2 mg/mL"}'
    form = read_order(fields)
    assert isinstance(form, OrderForm)
    found = {check_order(order, drug=load_drug("milrinone")).status for order in (fields, written, form)}
    assert found == {"consistent"}
    assert check_order(fields).drug == "milrinone"


@pytest.mark.parametrize(
    ("order", "refusal"),
    [
        ({"rate": "0.5 mcg/kg/min"}, "drug-absent"),
        ({"drug": "dobutamine", "text": "milrinone 0.5 mcg/kg/min"}, "two-drugs"),
        ({"drug": "milrinone", "text": "0,5 mcg/kg/min"}, "token-not-understood"),
    ],
)
def test_an_order_that_cannot_be_read_in_one_way_is_refused(order: dict[str, str], refusal: str) -> None:
    check = check_order(order)
    assert check.status == "refused"
    assert refusal in {item.id for item in check.refusals}
    assert not check.pairs


def test_an_order_for_an_unknown_drug_is_an_error() -> None:
    with pytest.raises(RequestError, match="is not a drug of this program"):
        check_order({"drug": "dobutamine", "rate": "5 mcg/kg/min"})
    with pytest.raises(CaseError):
        check_order({"drug": "milrinone"})


def test_with_a_case_the_rate_is_compared_with_the_ceiling(make_case: Make) -> None:
    case = make_case()
    check = check_order("milrinone 0.5 mcg/kg/min", case=case)
    assert check.status == "consistent"
    assert check.patient is not None
    assert check.patient.compared == ("rate with the highest rate for this patient",)
    kidneys = make_case(measure={"serum creatinine": "3.6 mg/dL"})  # the ceiling lies below 0.5
    flow = check_order("milrinone 200 mcg/mL at 12.3 mL/h", case=kidneys)  # 82 kg: 0.5 mcg/kg/min
    assert "rate-above-ceiling" in rules(flow)
    assert check_order("milrinone 20 mg/100 mL", case=case).status == "not-compared"


def test_each_hash_has_its_own_name(make_case: Make) -> None:
    check = check_order("milrinone 20 mg/100 mL, 70 kg, 0.375 mcg/kg/min, 7.9 mL/h")
    assert check.versions.vocabulary == vocabulary().digest == make_plan(make_case()).versions.vocabulary
    assert check.versions.order_words == order_words().digest != check.versions.vocabulary


def test_a_text_without_a_quantity_is_refused() -> None:
    check = check_order("milrinone intravenous")
    assert (check.status, check.exit_code) == ("refused", 4)
    assert [item.id for item in check.refusals] == ["nothing-to-compare"]
