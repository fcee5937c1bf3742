"""Many subjects at once get what each gets alone, in NumPy and in machine code."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from inotrope.errors import RequestError
from inotrope.estimation import Levels
from inotrope.estimation.many import Modes, Subject, find_modes
from inotrope.population import Model, load_model
from tests.estimation.many.subjects import ONE, SHARE, SUM, THREE, TWO, alone, of_reference, plain, recorded, varied
from tests.estimation.models import write_model
from tests.estimation.reference import Reference

SPREADS = {
    "one": (ONE, {"clearance": 0.3, "volume": 0.2}, None),
    "two, correlated, one without spread": (
        TWO,
        {"clearance": 0.3, "volume": 0.25, "v2": 0.4},
        {("clearance", "volume"): 0.5},
    ),
    "three": (THREE, {"clearance": 0.3, "volume": 0.2, "q3": 0.4}, None),
}


@pytest.fixture(params=SPREADS)
def any_model(request: pytest.FixtureRequest, tmp_path: Path) -> Model:
    typical, omegas, correlations = SPREADS[request.param]
    return load_model(write_model(tmp_path, typical=typical, omegas=omegas, correlations=correlations))


def hold(found: Modes, place: int, wanted: object) -> None:
    """Hold one subject of many against himself alone."""
    assert found.converged[place] == wanted.converged
    assert np.abs(found.etas[place] - wanted.etas).max() < 1e-9
    assert found.objective[place] == pytest.approx(float(wanted.objective), rel=1e-11, abs=1e-10)
    largest = np.abs(wanted.covariance).max()
    assert np.abs(found.covariance[place] - wanted.covariance).max() < 1e-7 * largest
    assert found.distinct[place] == wanted.distinct
    assert found.ended[place] == wanted.ended


@pytest.mark.parametrize("machine_code", [False, True])
def test_the_reference_patients(machine_code: bool, model: Model) -> None:
    """Against minima that were polished elsewhere, and against this program's own search one by one."""
    reference = Reference.read()
    subjects = [of_reference(model, reference, patient) for patient in range(25)]
    done: list[int] = []
    found = find_modes(model, subjects, machine_code=machine_code, progress=done.append)
    assert sum(done) == 25
    assert found.converged.all()
    assert np.abs(found.etas - reference.etas).max() < 1e-9
    assert np.abs(found.objective - reference.objective).max() < 1e-9
    apart = np.abs(found.covariance - reference.covariance).max(axis=(1, 2))
    assert (apart / np.abs(reference.covariance).max(axis=(1, 2))).max() < 1e-6
    for place in range(0, 25, 6):
        hold(found, place, alone(model, subjects[place]))


@pytest.mark.parametrize("machine_code", [False, True])
@pytest.mark.parametrize("error", [SUM, SHARE])
def test_subjects_of_every_kind(any_model: Model, error: object, machine_code: bool) -> None:
    """Steady states, resets, changing weights, levels below quantification, before any dose, and none at all."""
    subjects = varied(any_model)
    found = find_modes(any_model, subjects, error=error, machine_code=machine_code, starts=3)
    for place, subject in enumerate(subjects):
        hold(found, place, alone(any_model, subject, error=error, starts=3))
    assert np.abs(found.etas[2]).max() < 1e-12  # no level: the prior


@pytest.mark.parametrize("machine_code", [False, True])
def test_wide_priors_and_sharp_levels(machine_code: bool, tmp_path: Path) -> None:
    """Where the objective curves down on the way, and some starts lead elsewhere or nowhere."""
    model = load_model(write_model(tmp_path, omegas=dict.fromkeys(TWO, 1.0), error=("sqrt(a^2 + (b f)^2)", 0.1, 3)))
    levels = Levels.of([1.0, 3.0, 5.5, 8.0], [400.0, 90.0, 300.0, 5.0])
    subjects = [plain(model, levels=levels), plain(model, levels=Levels.of([5.0, 9.0], [4000.0, 2.0]))]
    found = find_modes(model, subjects, machine_code=machine_code)
    for place, subject in enumerate(subjects):
        one = alone(model, subject)
        assert found.converged[place] == one.converged
        assert found.objective[place] == pytest.approx(float(one.objective), rel=1e-8)


def test_neither_threads_nor_neighbors_change_a_bit(any_model: Model) -> None:
    subjects = varied(any_model) * 3
    both = [find_modes(any_model, subjects, error=SUM, machine_code=True, threads=threads) for threads in (1, 2)]
    few = find_modes(any_model, subjects[3:5], error=SUM, machine_code=True)
    for field in dataclasses.fields(Modes)[1:]:
        one, two = (getattr(each, field.name) for each in both)
        assert one.tobytes() == two.tobytes()
        assert one[3:5].tobytes() == getattr(few, field.name).tobytes()


def test_typical_values_may_have_fewer_rows_than_others(model: Model) -> None:
    """A parameter that depends on nothing comes as one number; rows that are all the same are one."""
    given = plain(model, levels=Levels.of([2.0], [200.0]))
    typical = {name: np.full(3, float(value[0])) for name, value in given.typical.items()}
    other = dataclasses.replace(given, typical=typical | {"volume": np.asarray(12.0)})
    for machine_code in (False, True):
        found = find_modes(model, [given, other], machine_code=machine_code)
        assert np.abs(found.etas[0] - found.etas[1]).max() < 1e-12


def test_what_is_refused(model: Model, tmp_path: Path) -> None:
    subject = plain(model, levels=Levels.of([2.0], [200.0]))
    with pytest.raises(RequestError, match="no subject"):
        find_modes(model, [])
    with pytest.raises(RequestError, match="without a start"):
        find_modes(model, [subject], starts=0)
    with pytest.raises(RequestError, match="2 threads need machine code"):
        find_modes(model, [subject], threads=2)
    with pytest.raises(RequestError, match="Subject 0 has levels of"):
        find_modes(model, [plain(model, levels=Levels.of([2.0], [[200.0], [3.0]]))])
    with pytest.raises(RequestError, match="subject 1 are not"):
        find_modes(model, [subject, plain(model, levels=Levels.of([2.0, 1.0], [200.0, 3.0]))])
    silent = load_model(write_model(tmp_path, error=None, name="silent_2000.toml"))
    with pytest.raises(RequestError, match="does not state how far"):
        find_modes(silent, [subject])
    shut = dataclasses.replace(subject, typical=subject.typical | {"q2": np.zeros(1)})
    with pytest.raises(RequestError, match="q2_l_per_h is 0"):
        find_modes(model, [subject, shut], machine_code=True)


def test_mixed_rows_in_machine_code(model: Model) -> None:
    """Subjects with and without segments of their own, one of them alone with changing parameters."""
    subjects: list[Subject] = [recorded(model, weights=[60.0, 70.0]), recorded(model, weights=[65.0, 71.0])]
    found = find_modes(model, subjects, machine_code=True, starts=1)
    for place, subject in enumerate(subjects):
        hold(found, place, alone(model, subject, starts=1))


def test_numpy_alone_loads_no_numba() -> None:
    program = "import sys, inotrope.estimation.many as many; assert 'numba' not in sys.modules, many"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
