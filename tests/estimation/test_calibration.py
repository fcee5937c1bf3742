"""The truth lies anywhere in the draws alike: over thousands of patients (slow), some, and shares of a known kind."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from inotrope.estimation import find_mode
from tests.estimation.calibration import (
    MOST_REFUSED,
    PATIENTS,
    Ranks,
    broken,
    figures,
    rank,
    too_many_refused,
    with_modes,
)
from tests.estimation.calibration_design import MODELS, OTHERS, SEEDS, Wrong, design, fittable
from tests.estimation.calibration_run import EVENLY, KEPT, KIDNEYS, RIGHT, WRONG, Run, limits

SOME = 100


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("run", [*RIGHT, *EVENLY], ids=lambda run: run.name)
def test_the_draws_are_the_posterior(tmp_path: Path, run: Run) -> None:
    ranks = run.ranks(tmp_path)
    print(ranks.refused, ranks.tempered, *figures(ranks), sep="\n")
    assert ranks.patients == run.patients
    assert list(broken(ranks)) == []
    assert not too_many_refused(ranks)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("run", WRONG, ids=lambda run: run.name)
def test_the_same_test_fails_where_the_model_is_wrong(tmp_path: Path, run: Run) -> None:
    """Coverage, ranks or spread, not the refusals: these are no proof."""
    ranks = run.ranks(tmp_path)
    print(ranks.refused, ranks.tempered, *figures(ranks), sep="\n")
    assert ranks.patients == PATIENTS
    assert list(broken(ranks))


def test_every_model_that_can_be_fitted_has_a_design() -> None:
    assert set(MODELS) == set(fittable())
    assert len(set(SEEDS.values())) == len(SEEDS)
    assert {run.design for run in RIGHT} == set(SEEDS) and {run.design for run in WRONG} >= set(MODELS)


@pytest.mark.usefixtures("uncounted")
def test_some_patients(tmp_path: Path) -> None:
    """The label's model, and four etas; the limits widen with the root of the count."""
    for name, patients in (("label_adult", SOME), (OTHERS[0], SOME // 3)):
        ranks = rank(design(name, tmp_path), range(patients))
        assert ranks.patients == patients
        assert list(broken(ranks)) == [] and sum(ranks.refused.values()) <= 1


@pytest.mark.usefixtures("uncounted")
def test_an_error_that_is_far_too_small_is_seen_in_some_patients(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = design("label_adult", tmp_path)
    monkeypatch.setattr(Wrong, "error", lambda _, taken: taken.scaled(2))
    assert any("spread z" in text for text in broken(rank(of, range(SOME))))


def test_patients_are_drawn_by_their_number_alone(tmp_path: Path) -> None:
    of = design(OTHERS[0], tmp_path)
    for wrong, times in ((Wrong.RESIDUAL, 1.0), (Wrong.VARIANCE, 0.25 / 0.3)):
        right, other = of.patient(7, Wrong.NOTHING), of.patient(7, wrong)
        assert other.etas == pytest.approx(times * right.etas, rel=1e-14)
        assert other.problem.error == right.problem.error and (other.problem.omega == right.problem.omega).all()
    level, noisy = (of.patient(7, wrong).problem.levels.level_ng_per_ml for wrong in (Wrong.NOTHING, Wrong.RESIDUAL))
    true = right.problem.predict(right.etas)
    assert (noisy - true) / (level - true) == pytest.approx(4 / 3, rel=1e-3)


def shares(draw: np.ndarray, refused: int = 0) -> Ranks:
    return Ranks(("one",), draw[:, None], {"fit-not-converged": refused} if refused else {}, 0)


def test_uniform_shares_pass_and_others_are_named() -> None:
    even = (np.arange(5000) + 0.5) / 5000
    assert list(broken(shares(even))) == []
    (found,) = figures(shares(even))
    assert (found.coverage, found.p) == (0.9, pytest.approx(1)) and abs(found.z) < 1e-3
    for draw, names in (
        (np.clip(1.2 * (even - 0.5) + 0.5, 0, 1), ("holds", "uniform", "spread")),  # draws too narrow
        (0.9 * (even - 0.5) + 0.5, ("holds", "uniform", "spread")),  # too wide
        (even**1.15, ("uniform",)),  # beside the truth
    ):
        texts = list(broken(shares(draw)))
        assert all(any(name in text for text in texts) for name in names)


def test_a_refusal_is_a_miss() -> None:
    even = (np.arange(4900) + 0.5) / 4900
    refused = shares(even, refused=100)
    assert figures(refused)[0].coverage == pytest.approx(0.882)
    assert [text for text in broken(refused) if "holds" in text]
    assert too_many_refused(refused) and not too_many_refused(shares(even, refused=24))
    assert too_many_refused(shares(even[:4975], refused=25))


def test_modes_of_many_are_those_found_one_by_one(tmp_path: Path) -> None:
    for name in (MODELS[1], MODELS[3], OTHERS[0]):
        for one, mode in with_modes(design(name, tmp_path), range(24), Wrong.NOTHING):
            alone = find_mode(one.problem, starts=8, seed=0)
            assert mode.etas == pytest.approx(alone.etas, abs=1e-9) and mode.converged == alone.converged
            assert mode.covariance == pytest.approx(alone.covariance, abs=1e-7)
            assert mode.distinct == alone.distinct


def test_the_figures_on_the_page_are_of_these_runs_and_limits() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert kept["limits"] == limits()
    assert list(kept["runs"]) == [run.name for run in (*RIGHT, *EVENLY, *WRONG)]
    for run, found in zip((*RIGHT, *EVENLY, *WRONG), kept["runs"].values(), strict=True):
        assert (found["patients"], found["seed"]) == (run.patients, SEEDS[run.design])
        assert bool(found["broken"]) == (run in WRONG)
        assert run in WRONG or sum(found["refused"].values()) < MOST_REFUSED * found["patients"]
    assert kept["kidneys"]["patients"] == KIDNEYS
