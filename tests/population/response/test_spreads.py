"""Tables of spreads, readings and refusals: what is wrong in them is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inotrope.drug import load_drug
from inotrope.errors import LibraryError
from inotrope.findings import Status
from inotrope.population.response import load_heart, load_response
from inotrope.population.response.hearts import FOLDER
from inotrope.population.response.responses import FILE
from inotrope.population.response.spreads import Form, restore, transform

HEART = (FOLDER / "decompensated_heart_failure.toml").read_text(encoding="utf-8")
CORRELATED = '[[correlation]]\nbetween = ["central_venous_pressure", "wedge_pressure"]\nr = { value = "0.5"'


def heart(tmp_path: Path, old: str, new: str) -> None:
    assert HEART.count(old) == 1, old
    (tmp_path / "own.toml").write_text(HEART.replace(old, new), encoding="utf-8")
    load_heart(tmp_path / "own.toml")


def response(tmp_path: Path, old: str, new: str) -> None:
    text = (load_drug("milrinone").folder / FILE).read_text(encoding="utf-8")
    assert old in text, old
    (tmp_path / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    load_response(replace(load_drug("milrinone"), folder=tmp_path))


def test_every_spread_is_a_judgement_with_its_argument() -> None:
    file = load_response(load_drug("milrinone"))
    items = [*file.heart.spreads.spreads, *file.spreads.spreads]
    for number in [item.sd for item in items] + [item.r for item in file.heart.spreads.correlations]:
        assert number.source.status is Status.JUDGEMENT and len(number.source.place) > 10
    assert (np.linalg.eigvalsh(file.heart.spreads.correlation) > 0.1).all()
    assert np.isinf(file.heart.spreads.farthest[:8]).all() and (file.spreads.farthest == 3).all()
    for rule in file.readings.rules:
        assert {n.source.status for n in (rule.error, rule.misfit, rule.keeps)} == {Status.JUDGEMENT}
    assert file.readings.errors.tolist() == [0.03, 0.1, 3, 1.5, 2, 2, 0.05, 0.07]
    assert file.readings.misfits.tolist() == [0.04, 0.07, 5, 2, 2.5, 3, 0.04, 0.05]


def test_forms_go_both_ways() -> None:
    for form in Form:
        values = np.array([0.1, 0.5, 0.9])
        assert restore(form, transform(form, values)) == pytest.approx(values, rel=1e-14)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('of = "reflex"', 'of = "reflexes"', "'reflexes' has no spread"),
        ('of = "reflex"', 'of = "left_v0"', "'left_v0' stands here twice"),
        ('of = "reflex"\nform = "log"', 'of = "reflex"\nform = "flat"', "spread[10].form"),
        ('between = ["heart_rate", "left_ejection_fraction"]', 'between = ["heart_rate"]', "two different names"),
        (
            'between = ["heart_rate", "left_ejection_fraction"]',
            'between = ["heart_rate", "feet"]',
            "two different names",
        ),
        (CORRELATED, CORRELATED.replace('"0.5"', '"1.0"'), "between -1 and 1"),
        (CORRELATED, CORRELATED.replace('"0.5"', '"-0.995"'), "cannot all be true"),
        ('surface = { value = "1.9 m2"', 'surface = { value = "19 m2"', "body.surface"),
    ],
)
def test_a_mistake_of_a_heart_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(LibraryError) as caught:
        heart(tmp_path, old, new)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('[[spread]]\nof = "force"', '[[spread]]\nof = "power"', "'power' has no spread"),
        ('[[reading]]\nof = "heart_rate"', '[[reading]]\nof = "pulse"', "'pulse' is no number of a bedside"),
        ('of = "left_ejection_fraction"', 'of = "right_ejection_fraction"', "stands here twice"),
        ('measurement = "heart rate"', 'measurement = "heart beat"', "not a measurement of the vocabulary"),
        ('error = { value = "3 mmHg"', 'error = { value = "3 %"', "reading[2].error"),
        ('implausible = { value = "5"', 'implausible = { value = "5 %"', "learning.implausible"),
        ('classes = ["vasopressor"', 'classes = ["pressor"', "'pressor' is not in the vocabulary"),
        (
            'support = ["ECMO", "intra-aortic balloon pump", "ventricular assist device", "CRRT"',
            'support = ["pump"',
            "'pump' is not in",
        ),
        ('events = ["cardiac arrest"', 'events = ["cardiac rest"', "'cardiac rest' is not in"),
        ('conditions = ["paced rhythm"]', 'conditions = ["pace"]', "'pace' is not a condition"),
        ('unless = "ventricular rate control"', 'unless = "control"', "'control' is not a condition"),
        (
            'support = ["ECMO", "intra-aortic balloon pump", "ventricular assist device"]\nsource',
            'support = ["pump"]\nsource',
            "'pump' is not a support",
        ),
        ('measured = "central venous pressure"', 'measured = "pressure"', "A measurement of the vocabulary"),
        ('conditions = ["paced rhythm"]\n', "", "names no condition"),
        ('classes = ["PDE3 inhibitor"]\n', 'classes = ["PDE9 inhibitor"]\n', "'PDE9 inhibitor' is no class"),
        ('timed = [\n  "beta-blocker"', 'timed = [\n  "blocker"', "'blocker' is not in the vocabulary"),
        ('holds = { value = "24 h"', 'holds = { value = "24 %"', "learning.holds"),
        ('not_identified = "', 'identified = "', "Key 'not_identified' is missing"),
    ],
)
def test_a_mistake_of_a_response_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(LibraryError) as caught:
        response(tmp_path, old, new)
    assert says in str(caught.value)
