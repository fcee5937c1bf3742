"""Settled beats and transients of many patients, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inotrope.circulation import Bedside, Changes, Heart, Reflex, solve
from inotrope.circulation.beats import Chambers, Lags, follow, settled_beat
from inotrope.errors import CirculationError
from inotrope.plan.circulation.members import members_of

from ..patients import failing, milrinone
from .conftest import beat_of, of_file

BEATS = 40


def lags() -> Lags:
    return Lags.of(**failing().lags_s)


def reached(changes: Changes, *, beats: int = BEATS, reflex: Reflex | None = None) -> tuple[object, object]:
    """Return a transient from the settled beat of the failing heart under changes, and that beat."""
    heart, chambers = of_file("failing")
    beat = beat_of("failing")
    course = follow(
        many_beats(heart.changed(changes), beats),
        with_axis(chambers),
        volumes_ml=beat.volumes_ml[..., 0],
        reflex=failing().reflex() if reflex is None else reflex,
        lags=lags(),
        set_point_mmhg=beat.mean_arterial_mmhg,
    )
    return course, beat


def many_beats(heart: Heart, beats: int) -> Heart:
    return replace(heart, rate_per_min=np.broadcast_to(np.asarray(heart.rate_per_min)[..., None], (beats,)).copy())


def with_axis(chambers: Chambers) -> Chambers:
    return Chambers(**{name: np.asarray(array)[..., None] for name, array in chambers.arrays.items()})


def test_many_at_once_are_each_as_alone() -> None:
    heart, chambers = of_file("failing")
    factors = np.array([[1.0], [1.3]]), np.array([1.0, 0.7, 0.9])
    together = settled_beat(
        heart.changed(Changes.of(left_elastance=factors[0], systemic_resistance=factors[1])), chambers
    )
    assert together.volumes_ml.shape == (2, 3, 8, 400)
    assert together.stroke_volume_ml.shape == together.left_valves.inlet_opens.shape == (2, 3)
    for row, col in ((0, 0), (1, 1), (1, 2)):
        alone = settled_beat(
            heart.changed(Changes.of(left_elastance=factors[0][row, 0], systemic_resistance=factors[1][col])), chambers
        )
        np.testing.assert_array_equal(together.volumes_ml[row, col], alone.volumes_ml)
        assert together.left_stroke_work_mmhg_ml[row, col] == alone.left_stroke_work_mmhg_ml
    np.testing.assert_array_equal(together.volumes_ml[0, 0], beat_of("failing").volumes_ml)


def test_looking_ahead_finds_the_same_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but patience gives it too, after some 150 beats."""
    from inotrope.circulation.beats import runs

    monkeypatch.setattr(runs, "repeat", runs.repeat.py_func)
    monkeypatch.setattr(runs, "FORESEE", 10_000)
    heart, chambers = of_file("failing")
    patient = settled_beat(heart, chambers)
    assert patient.beats > 2 * beat_of("failing").beats
    np.testing.assert_allclose(patient.volumes_ml, beat_of("failing").volumes_ml, atol=1e-5)


def test_a_beat_that_does_not_repeat_itself_in_time() -> None:
    heart, chambers = of_file("failing")
    with pytest.raises(CirculationError, match="After 3 beats no beat repeats itself") as caught:
        settled_beat(heart.changed(Changes.of(stressed_volume=[1.0, 0.9])), chambers, most_beats=3)
    assert caught.value.accepted == "a circulation that comes to rest"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (Changes.of(rate=3.4), "The beat is shorter than its contraction"),
        (Changes.of(systemic_resistance=0.05), "The veins have half of the systemic resistance"),
        (Changes.of(left_elastance=8.0), "400 steps in a beat are too few for these valves"),
    ],
)
def test_what_these_steps_cannot_follow(changes: Changes, says: str) -> None:
    heart, chambers = of_file("failing")
    with pytest.raises(CirculationError, match=says):
        settled_beat(heart.changed(changes), chambers)


def test_more_steps_follow_it() -> None:
    heart, chambers = of_file("failing")
    strong = heart.changed(Changes.of(left_elastance=8.0))
    found = settled_beat(strong, chambers, steps=1000)
    assert found.cardiac_output_l_per_min == pytest.approx(solve(strong).cardiac_output_l_per_min, rel=0.1)


def test_nothing_changes_and_nothing_moves() -> None:
    course, beat = reached(Changes.of())
    np.testing.assert_allclose(course.mean_arterial_mmhg, beat.mean_arterial_mmhg, rtol=1e-8)
    np.testing.assert_allclose(course.stroke_volume_ml, beat.stroke_volume_ml, rtol=1e-8)
    np.testing.assert_allclose(course.heart_rate_per_min, 88.0, rtol=1e-8)
    np.testing.assert_allclose(course.signal, 0, atol=1e-8)
    np.testing.assert_allclose(course.begin_s, np.arange(BEATS) * 60 / 88, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(course.volumes_ml, beat.volumes_ml[..., 0], atol=1e-5)
    assert course.systolic_mmhg[0] == pytest.approx(beat.systolic_mmhg, rel=1e-8)
    assert course.diastolic_mmhg[0] == pytest.approx(beat.diastolic_mmhg, rel=1e-8)
    assert course.left_atrial_mmhg[0] == pytest.approx(beat.left_atrial_mmhg, rel=1e-8)
    assert course.cardiac_output_l_per_min[0] == pytest.approx(beat.cardiac_output_l_per_min, rel=1e-8)


def test_a_change_ends_where_the_settled_beat_is() -> None:
    """Without a reflex the last of 300 beats is the settled beat of the changed heart."""
    changes = Changes.of(systemic_resistance=0.7, stressed_volume=0.9)
    course, _ = reached(changes, beats=300, reflex=failing().reflex(scale=0))
    heart, chambers = of_file("failing")
    after = settled_beat(heart.changed(changes), chambers)
    assert course.mean_arterial_mmhg[-1] == pytest.approx(after.mean_arterial_mmhg, rel=1e-6)
    assert course.left_atrial_mmhg[-1] == pytest.approx(after.left_atrial_mmhg, rel=1e-6)
    assert course.left_edv_ml[-1] == pytest.approx(after.volumes_ml[1, 0], rel=1e-6)
    assert course.mean_arterial_mmhg[0] != pytest.approx(after.mean_arterial_mmhg, rel=1e-3)


def test_the_reflex_follows_with_its_lags() -> None:
    """The pressure falls at once, the heart rate rises after it, and the pressure comes back a little."""
    course, beat = reached(Changes.of(systemic_resistance=0.7), beats=200)
    alone, _ = reached(Changes.of(systemic_resistance=0.7), beats=200, reflex=failing().reflex(scale=0))
    assert course.mean_arterial_mmhg[3] < beat.mean_arterial_mmhg
    assert course.heart_rate_per_min[0] == 88 and course.heart_rate_per_min[30] > 88
    assert course.mean_arterial_mmhg[-1] > alone.mean_arterial_mmhg[-1]
    own = failing().reflex()
    assert course.heart_rate_per_min[-1] == pytest.approx(88 * (1 - own.rate * course.signal[-1]), rel=1e-4)
    first = 1 - np.exp(-60 / 88 / 3.0)  # the lag of the heart rate is 3 s
    assert course.heart_rate_per_min[1] == pytest.approx(88 * (1 - own.rate * course.signal[0] * first), rel=1e-9)


def test_a_transient_ends_where_the_reflex_is_obeyed() -> None:
    """All four gains at once: the last beat is the settled beat of the heart under the last signal."""
    changes = Changes.of(systemic_resistance=0.7)
    transient, _ = reached(changes, beats=500)
    heart, chambers = of_file("failing")
    obeyed = failing().reflex().changes(transient.signal[-1])
    after = settled_beat(heart.changed(changes).changed(obeyed), chambers)
    assert transient.mean_arterial_mmhg[-1] == pytest.approx(after.mean_arterial_mmhg, rel=1e-6)
    assert transient.stroke_volume_ml[-1] == pytest.approx(after.stroke_volume_ml, rel=1e-6)
    assert transient.central_venous_mmhg[-1] == pytest.approx(after.central_venous_mmhg, rel=1e-6)


@pytest.mark.parametrize("effector", ["rate", "resistance", "volume", "force"])
def test_each_effector_has_its_own_lag(effector: str) -> None:
    """Alone and at once it moves the third beat; with an endless lag it moves nothing, however fast the others are."""
    heart, chambers = of_file("failing")
    none = dict.fromkeys(("rate", "resistance", "volume", "force"), 0.0)

    def third(gain: float, own: float, others: float) -> float:
        transient = follow(
            many_beats(heart.changed(Changes.of(systemic_resistance=0.7)), 3),
            with_axis(chambers),
            volumes_ml=beat_of("failing").volumes_ml[..., 0],
            reflex=Reflex.of(**none | {effector: gain}, most=0.3),
            lags=Lags.of(**dict.fromkeys(none, others) | {effector: own}),
            set_point_mmhg=82.0,
        )
        return float(transient.mean_arterial_mmhg[2])

    alone = third(0.0, 1.0, 1.0)
    assert third(0.5, 1e12, 1e-6) == pytest.approx(alone, rel=1e-9)
    assert third(0.5, 1e-6, 1e12) > alone * 1.0005


def test_transients_broadcast() -> None:
    heart, chambers = of_file("failing")
    beat = beat_of("failing")
    resistance = np.linspace(1.0, 0.7, BEATS) ** np.array([[0.0], [1.0]])
    course = follow(
        heart.changed(Changes.of(systemic_resistance=resistance)),
        with_axis(chambers),
        volumes_ml=beat.volumes_ml[..., 0],
        reflex=failing().reflex(scale=[0.0, 1.0]),
        lags=lags(),
        set_point_mmhg=beat.mean_arterial_mmhg,
    )
    assert course.mean_arterial_mmhg.shape == (2, BEATS)
    assert course.volumes_ml.shape == (2, 8)
    np.testing.assert_allclose(course.mean_arterial_mmhg[0], beat.mean_arterial_mmhg, rtol=1e-8)
    assert course.mean_arterial_mmhg[1, -1] < course.mean_arterial_mmhg[1, 0]


def test_numbers_that_run_away() -> None:
    heart, chambers = of_file("failing")
    with pytest.raises(CirculationError, match="Numbers ran away"), np.errstate(all="ignore"):
        follow(
            many_beats(heart, 3),
            with_axis(chambers),
            volumes_ml=np.full(8, 1e6),
            reflex=failing().reflex(),
            lags=lags(),
            set_point_mmhg=82.0,
        )


def test_a_single_beat_needs_no_axis() -> None:
    heart, chambers = of_file("failing")
    course = follow(
        heart,
        chambers,
        volumes_ml=beat_of("failing").volumes_ml[..., 0],
        reflex=failing().reflex(),
        lags=lags(),
        set_point_mmhg=82.0,
    )
    assert course.mean_arterial_mmhg.shape == (1,)


def test_lags_are_above_zero() -> None:
    with pytest.raises(CirculationError, match="is not above zero"):
        Lags.of(**failing().lags_s | {"volume": 0.0})


def test_numbers_that_run_away_are_no_beat() -> None:
    """Hardly any pulmonary resistance, a fast heart: 400 steps are enough for the valves, and run away all the same."""
    told = {
        "heart_rate_per_min": 165.0,
        "cardiac_output_l_per_min": 6.9,
        "mean_arterial_mmhg": 43.4,
        "central_venous_mmhg": 14.2,
        "wedge_mmhg": 47.2,
        "mean_pulmonary_mmhg": 47.3,
        "left_ejection_fraction": 0.354,
        "right_ejection_fraction": 0.55,
    }
    members = members_of(milrinone(), Bedside.of(**told), surface_m2=(82 * 178 / 3600) ** 0.5)
    chambers = Chambers.of(members.heart, **members.kind.chambers)
    during = members.at(217.0)[1]
    with pytest.raises(CirculationError, match="Numbers ran away"):
        settled_beat(during, chambers)
    assert np.isfinite(settled_beat(during, chambers, steps=800).pressures_mmhg).all()
