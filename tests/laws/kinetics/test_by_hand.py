"""Worked by hand: each number can be had from the docstring with a pocket calculator."""

from __future__ import annotations

import numpy as np
import pytest

from tests.laws.kinetics import engine
from tests.laws.kinetics.reading import Record, as_records

TIGHT = 1e-12


def test_one_compartment_infusion_and_washout() -> None:
    """70 kg, CL 0.14 L/h/kg x 70 = 9.8 L/h, V 0.45 x 70 = 31.5 L; 0.5 mcg/kg/min x 60 x 70 = 2100 mcg/h for 6 h.

    k = 9.8 / 31.5 = 0.311111 /h; level at steady state 2100 / 9.8 = 214.2857 ng/mL;
    exp(-6 k) = exp(-1.866667) = 0.1546383; at 6 h 214.2857 x (1 - 0.1546383) = 181.1489 ng/mL;
    at 12 h, 6 h after the stop, 181.1489 x 0.1546383 = 28.01256 ng/mL.
    Half-life 0.6931472 / 0.311111 = 2.227973 h; 90 % of steady state after 2.302585 / 0.311111 = 7.401166 h.
    Area to 6 h: (given - left) / CL = (12600 - 31.5 x 181.1489) / 9.8 = 703.4498 ng/mL*h.
    """
    timeline, parameters = engine.timeline([0.0, 6.0], [2100.0, 0.0], [0.0, 0.0]), engine.parameters((9.8, 31.5))
    found = engine.concentrations(timeline, parameters, np.array([0.0, 6.0, 12.0]))
    assert found == pytest.approx([0.0, 181.148943310873969, 28.0125582185248916], rel=TIGHT)
    assert np.ravel(engine.steady_concentration(parameters, 2100.0)) == pytest.approx([214.2857142857142857], rel=TIGHT)
    assert np.ravel(engine.half_lives(parameters)) == pytest.approx([2.227973], rel=1e-6)
    assert np.ravel(engine.time_to_steady_share(parameters, share=0.9)) == pytest.approx([7.401166], rel=1e-6)
    assert engine.auc(timeline, parameters, 0.0, 6.0) == pytest.approx(703.4498, rel=1e-6)


def test_one_compartment_time_above_a_level() -> None:
    """Bolus 3500 mcg into 31.5 L: 111.1111 ng/mL, above 50 ng/mL for ln(2.222222) / 0.311111 = 0.7985077 / 0.311111 = 2.566632 h."""  # noqa: E501
    timeline, parameters = engine.timeline([0.0], [0.0], [3500.0]), engine.parameters((9.8, 31.5))
    found = engine.time_above(timeline, parameters, 0.0, 24.0, 50.0)
    assert found == pytest.approx(2.566632, abs=1e-6)
    assert found == pytest.approx(np.log(3500 / 31.5 / 50) / (9.8 / 31.5), rel=1e-11)
    assert engine.time_above(timeline, parameters, 0.0, 2.0, 50.0) == pytest.approx(2.0, rel=TIGHT)
    assert engine.time_above(timeline, parameters, 3.0, 9.0, 50.0) == 0


def test_two_compartments() -> None:
    """CL 15, V1 10, Q 10, V2 10: k10 = 1.5, k12 = 1, k21 = 1; the roots solve l^2 - 3.5 l + 1.5 = 0: 3 and 0.5 per h.

    Bolus 1000 mcg: A1 = 1000 ((3 - 1) e^(-3t) + (1 - 0.5) e^(-0.5t)) / 2.5 = 800 e^(-3t) + 200 e^(-0.5t),
    A2 = 1000 (e^(-0.5t) - e^(-3t)) / 2.5. At 0.5, 1, 4 h: A1 = 334.2643, 161.1358, 27.07197; A2 = 222.2682, 222.6974, 54.13166.
    Infusion of 1000 mcg/h: C = 100 (0.8 / 3 (1 - e^(-3t)) + 0.2 / 0.5 (1 - e^(-0.5t))), in the end 1000 / 15 = 66.66667.
    At 1 h: 100 (0.2666667 x 0.9502129 + 0.4 x 0.3934693) = 41.07779.
    """  # noqa: E501
    parameters = engine.parameters((15.0, 10.0, 10.0, 10.0))
    bolus = engine.timeline([0.0], [0.0], [1000.0])
    found = engine.amounts(bolus, parameters, np.array([0.5, 1.0, 4.0]))
    assert found[:, 0] == pytest.approx([334.264284733024837, 161.135786636817839, 27.0719720172052009], rel=TIGHT)
    assert found[:, 1] == pytest.approx([222.268249169190016, 222.697436537907792, 54.1316556097037455], rel=TIGHT)
    infusion = engine.timeline([0.0], [1000.0], [0.0])
    levels = engine.concentrations(infusion, parameters, np.array([1.0, 200.0]))
    assert levels == pytest.approx([41.07779, 200 / 3], rel=1e-6)
    assert engine.auc(bolus, parameters, 0.0, 200.0) == pytest.approx(1000 / 15, rel=TIGHT)
    assert engine.half_lives(parameters)[0] == pytest.approx([np.log(2) / 3, np.log(2) / 0.5], rel=1e-14)


def test_three_compartments() -> None:
    """CL 12, V1 12, Q2 14, V2 7, Q3 7, V3 14: k10 = 1, k12 = 7/6, k13 = 7/12, k21 = 2, k31 = 0.5.

    The roots are 4, 1 and 0.25: their sum 5.25 = 1 + 7/6 + 7/12 + 2 + 0.5, their product 1 = 1 x 2 x 0.5, the sum of
    their pairs 4 + 1 + 0.25 = k10 (k21 + k31) + k21 k31 + k12 k31 + k13 k21 = 2.5 + 1 + 7/12 + 7/6.
    Shares (k21 - l)(k31 - l) / ((l' - l)(l'' - l)): 7/11.25 = 28/45, 0.5/2.25 = 10/45, 0.4375/2.8125 = 7/45.
    Bolus 1000 mcg: C = 1000/12 (28 e^(-4t) + 10 e^(-t) + 7 e^(-t/4)) / 45. At 0.5, 2, 8 h: 29.68921, 10.38604, 1.76056.
    """
    parameters = engine.parameters((12.0, 12.0, 14.0, 7.0, 7.0, 14.0))
    timeline = engine.timeline([0.0], [0.0], [1000.0])
    found = engine.concentrations(timeline, parameters, np.array([0.5, 2.0, 8.0]))
    assert found == pytest.approx([29.6892089737845508, 10.3860377850663541, 1.7605585350660529], rel=TIGHT)
    assert engine.auc(timeline, parameters, 0.0, 300.0) == pytest.approx(1000 / 12, rel=TIGHT)
    wanted = [np.log(2) / 4, np.log(2), np.log(2) / 0.25]
    assert engine.half_lives(parameters)[0] == pytest.approx(wanted, rel=1e-13)


def test_clearance_falls_during_an_infusion() -> None:
    """CL 10 then 5 L/h from 4 h on, V 20 L, 1000 mcg/h: k 0.5 then 0.25 /h, steady levels 100 then 200 ng/mL.

    At 4 h 100 (1 - e^(-2)) = 86.46647; at 8 h 200 - (200 - 86.46647) e^(-1) = 158.2333.
    """
    timeline = engine.timeline([0.0, 4.0], [1000.0, 1000.0], [0.0, 0.0], [0, 1])
    found = engine.concentrations(timeline, engine.parameters((10.0, 20.0), (5.0, 20.0)), np.array([4.0, 8.0]))
    assert found == pytest.approx([86.46647, 158.2333], rel=1e-6)


def test_volume_grows_and_the_amount_stays() -> None:
    """1000 mcg in 10 L, no clearance; the volume is 25 L from 2 h on: 100 ng/mL, then 40. Amounts are the state."""
    timeline = engine.timeline([0.0, 2.0], [0.0, 0.0], [1000.0, 0.0], [0, 1])
    found = engine.concentrations(timeline, engine.parameters((0.0, 10.0), (0.0, 25.0)), np.array([1.0, 2.0, 9.0]))
    assert found == pytest.approx([100.0, 40.0, 40.0], rel=TIGHT)


def test_intermittent_steady_state() -> None:
    """1000 mcg every 8 h, CL 1 L/h, V 10 L: x = e^(-0.8) = 0.4493290; after the dose 100 / (1 - x) = 181.5966, before 81.59662.

    Infusions of 12 h every 8 h, 500 mcg/h, the same body: of the doses k intervals ago the last still runs and gives
    500 (1 - e^(-0.8)), the others 500 (1 - e^(-1.2)) e^(-0.1 (8k - 12)); in all
    500 (0.5506710 + 0.6988058 x 0.6703200 / 0.5506710) = 500 x 1.401312 = 700.6562 ng/mL at the moment of a dose.
    """  # noqa: E501
    parameters = engine.parameters((1.0, 10.0))
    bolus = as_records([Record(0.0, evid=1, amount=1000.0, interval=8.0, steady=1)])
    timeline = engine.expand(bolus, rows=engine.constant).timeline
    found = engine.concentrations(timeline, parameters, np.array([0.0, 8.0]))
    assert found == pytest.approx([181.5966, 81.59662], rel=1e-6)
    infusion = as_records([Record(0.0, evid=1, amount=6000.0, rate=500.0, interval=8.0, steady=1)])
    timeline = engine.expand(infusion, rows=engine.constant).timeline
    found = engine.concentrations(timeline, parameters, np.array([0.0]))
    wanted = 500 * (1 - np.exp(-0.8) + (1 - np.exp(-1.2)) * np.exp(-0.4) / (1 - np.exp(-0.8)))
    assert wanted == pytest.approx(700.6562, rel=1e-6)
    assert found == pytest.approx([wanted], rel=TIGHT)
