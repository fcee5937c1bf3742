"""Steady levels: rate over clearance, and observed levels in proportion to the rate."""

from __future__ import annotations

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.population import load_model, steady_level

from .conftest import STEADY, Write

LINE = """form = "weight_over_clearance"
of = "own creatinine clearance"
slope = { value = "50", source = "paper:table 1", status = "confirmed" }
intercept = { value = "-20 ng/mL", source = "paper:table 1", status = "confirmed" }
"""


def test_rate_over_clearance(write: Write) -> None:
    found = steady_level(
        load_model(write()),
        {"weight": 50.0, "creatinine clearance": np.array([100.0, 50.0])},
        rate_mcg_per_h=np.array(1500.0),
    )
    assert found.level_ng_per_ml == pytest.approx([300, 500])  # 1,500 mcg/h over 5 and 3 L/h
    assert found.printed_sd_ng_per_ml is None


def test_levels_as_observed_and_in_proportion(write: Write) -> None:
    model = load_model(write(text=STEADY))
    values = {"weight": 50.0, "own creatinine clearance": np.array([29.9, 30.0, 60.0])}
    found = steady_level(model, values, rate_mcg_per_h=np.array(600.0))  # 0.2 x 60 x 50
    assert found.level_ng_per_ml.tolist() == [300, 200, 200]
    assert found.says == "as observed at 0.2 mcg/kg/min"
    assert found.printed_sd_ng_per_ml is not None
    assert found.printed_sd_ng_per_ml[0] == 30
    assert np.isnan(found.printed_sd_ng_per_ml[1:]).all()
    double = steady_level(model, values, rate_mcg_per_h=np.array(1200.0))
    assert double.level_ng_per_ml == pytest.approx([600, 400, 400])
    assert double.says.endswith("in proportion to the rate")
    assert double.printed_sd_ng_per_ml is not None
    assert double.printed_sd_ng_per_ml[0] == 60
    with pytest.raises(RequestError, match="1 of 1 belong to none"):
        steady_level(model, {"weight": 50.0, "own creatinine clearance": 61.0}, rate_mcg_per_h=np.array(600.0))
    with pytest.raises(RequestError, match="needs 'weight'"):
        steady_level(model, {"own creatinine clearance": 61.0}, rate_mcg_per_h=np.array(600.0))


def test_a_line_of_levels(write: Write) -> None:
    text = STEADY[: STEADY.index('form = "category"')] + LINE
    model = load_model(write(text=text))
    values = {"weight": 50.0, "own creatinine clearance": np.array(25.0)}
    found = steady_level(model, values, rate_mcg_per_h=np.array(600.0))
    assert found.level_ng_per_ml == pytest.approx(80)  # 50 x 50 / 25 - 20
    assert found.printed_sd_ng_per_ml is None
    with pytest.raises(RequestError, match="no level above zero"):
        steady_level(model, {**values, "own creatinine clearance": 125.0}, rate_mcg_per_h=np.array(600.0))


def test_a_model_without_clearance_or_levels_gives_none(write: Write) -> None:
    text = (
        STEADY[: STEADY.index("[level]")]
        .replace("[covariates]", "")
        .replace(STEADY[STEADY.index("weight = {") : STEADY.index("[level]")], "")
    )
    text += '[parameters]\nhalf_life.typical = { value = "6 h", source = "paper:1", status = "confirmed" }\n'
    with pytest.raises(RequestError, match=r"no steady level\. It lacks a clearance, or levels at a known rate"):
        steady_level(load_model(write(text=text)), {}, rate_mcg_per_h=np.array(1.0))
