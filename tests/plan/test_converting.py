"""A rate to a pump setting and back, by hand; and what is refused, with the place of the field that it concerns."""

import json

import pytest

from inotrope.cli.main import main
from inotrope.errors import InotropeError
from inotrope.plan import Converted, NotConverted, convert_dose

BAG = {"weight": "70 kg", "concentration": "200 mcg/mL"}


def test_a_rate_becomes_a_pump_setting() -> None:
    found = convert_dose(**BAG, rate="0.5 mcg/kg/min")
    assert isinstance(found, Converted)
    # 0.5 mcg/kg/min x 70 kg x 60 min/h / 200 mcg/mL = 10.5 mL/h, the printed table's own cell
    assert str(found.conversion.pump_rate) == "10.5 mL/h"
    assert found.assumed.startswith("NOBODY SAID FOR WHOM")


def test_a_pump_setting_becomes_a_rate_with_the_bag_as_its_label_says_it() -> None:
    found = convert_dose(weight="70 kg", concentration="20 mg/100 mL", pump="10.5 mL/h")
    assert isinstance(found, Converted)
    assert str(found.conversion.rate) == "0.5 mcg/kg/min"
    assert found.step is None
    assert "step" not in found.to_plain()


def test_rounding_above_the_maximum_must_not_stand() -> None:
    # Facts, bedside-and-exchange, trap 7: 50 kg at 0.75 is 11.25 mL/h; 11.3 delivers 0.7533, above the label's 0.75.
    found = convert_dose(weight="50 kg", concentration="200 mcg/mL", rate="0.75 mcg/kg/min", entry=_first())
    assert isinstance(found, Converted)
    assert str(found.conversion.pump_rate) == "11.3 mL/h"
    assert found.conversion.must_not_stand
    assert found.assumed == ""


def test_the_step_is_the_pump_s_where_one_is_named() -> None:
    # 0.375 x 61 x 60 / 200 = 6.8625 mL/h
    coarse = convert_dose(weight="61 kg", concentration="200 mcg/mL", rate="0.375 mcg/kg/min", step="0.1 mL/h")
    fine = convert_dose(weight="61 kg", concentration="200 mcg/mL", rate="0.375 mcg/kg/min", step="0.01 mL/h")
    assert isinstance(coarse, Converted)
    assert isinstance(fine, Converted)
    assert [str(item.conversion.pump_rate) for item in (coarse, fine)] == ["6.9 mL/h", "6.86 mL/h"]


def test_what_no_product_can_be_gives_no_rate() -> None:
    found = convert_dose(weight="70 kg", concentration="200 mg/mL", rate="0.5 mcg/kg/min")
    assert isinstance(found, NotConverted)
    assert "strongest product" in found.to_plain()["stopped"]


def test_both_doors_write_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    found = convert_dose(**BAG, rate="0.5 mcg/kg/min", entry=_first(), step="0.1 mL/h")
    line = "dose --json --rate=0.5mcg/kg/min --weight=70kg --concentration=200mcg/mL --step=0.1mL/h"
    assert main([*line.split(), "--entry", _first()]) == 0
    assert json.loads(capsys.readouterr().out) == found.to_plain()


@pytest.mark.parametrize(
    ("changed", "where", "says"),
    [
        ({}, "rate", "neither given"),
        ({"rate": "0.5 mcg/kg/min", "pump": "10 mL/h"}, "rate", "both given"),
        ({"pump": "10 mL/h", "step": "0.1 mL/h"}, "step", "takes no step"),
        ({"rate": "0.5 mcg/kg/min", "entry": "nobody"}, "entry", "no dosing entry"),
        ({"rate": "0.5 mcg/kg/min", "weight": "70"}, "weight", "has no unit"),
        ({"rate": "0.5 mcg/kg/min", "weight": "7000 kg"}, "weight", "impossible"),
        ({"rate": "0.5 mcg/kg/min", "concentration": "200"}, "concentration", "has no unit"),
        ({"rate": "0.5 mcg/kg/min", "step": "0.1"}, "step", "has no unit"),
        ({"rate": "10.5 mL/h"}, "rate", "Rate '10.5 mL/h'"),
        ({"pump": "0.5 mcg/kg/min"}, "pump", "Pump rate '0.5 mcg/kg/min'"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(changed: dict[str, str], where: str, says: str) -> None:
    with pytest.raises(InotropeError) as told:
        convert_dose(**{**BAG, **changed})
    assert told.value.where == where
    assert says in told.value.says


def _first() -> str:
    found = convert_dose(**BAG, rate="0.5 mcg/kg/min")
    return found.entry.id if isinstance(found, Converted) else ""
