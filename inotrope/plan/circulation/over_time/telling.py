"""One patient who was learned, and what is told of him: every number of a course, in the shapes of its record.

Knows which regimens are asked of the same draws, and what is left out where too many draws have no answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.findings import Refusal
from inotrope.forecast.circulation import Foreseen, Person, foresee
from inotrope.plan.circulation.course_record import (
    CirculationCourse,
    CourseStatus,
    LoadBeside,
    ModelPressure,
    PressureBelow,
    course_refused,
)
from inotrope.plan.circulation.doubts import doubts
from inotrope.plan.circulation.over_time.asking import SHORT_MIN, TIMES_H, Asked
from inotrope.plan.circulation.over_time.followed import Followed, filled_otherwise, followed_of, not_followed
from inotrope.plan.circulation.over_time.kinetics import Kinetics, Known
from inotrope.plan.circulation.over_time.learning import Readings, person_of, target_of
from inotrope.plan.circulation.over_time.load import Both, both_of, load_beside
from inotrope.plan.circulation.over_time.numbers import MMHG, band, likely, percent, percents, quantities
from inotrope.plan.circulation.over_time.rates import Permitted, permitted_of, rate_expected
from inotrope.plan.circulation.over_time.saying import (
    LOAD_UNFILLED,
    NO_RATES,
    RATES,
    headline,
    learned_from,
    said,
)
from inotrope.plan.circulation.sources import sources_of
from inotrope.plan.forecast_numbers import HOUR, LEVEL, PERCENT, SEED
from inotrope.plan.forecast_record import Values
from inotrope.plan.outcome import Outcome
from inotrope.population import Flow
from inotrope.population.response import judge_filling, not_counted

_MINUTES = 60.0


class _Ahead(NamedTuple):
    """What is foreseen of the same draws, in several ways.

    Attributes:
        main: Under what is supposed.
        shared: The same by what meets the same patient.
        load: The next hour with the load and without it; empty where none is offered.
        rates: By each permitted rate.
        read: At the moments of the readings on the drug; empty where there are none.
    """

    main: Foreseen
    shared: tuple[Foreseen, ...]
    load: tuple[Foreseen, ...]
    rates: tuple[Foreseen, ...]
    read: tuple[Foreseen, ...]


def refused(asked: Asked, readings: Readings, *refusals: Refusal, says: tuple[str, ...] = ()) -> CirculationCourse:
    """Return a course without numbers, and why; with what the readings alone tell."""
    return course_refused(
        *refusals,
        headline=f"No course of the circulation: {refusals[0].says}",
        supposes=asked.supposes,
        heart=asked.file.heart.title,
        readings=readings.told,
        left_out=readings.bedside.left_out,
        says=says,
        unknown=readings.held.unknown,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """One patient who was learned, and what is told of him.

    Attributes:
        asked: What is asked.
        outcome: What the plan found; None for no load and no rates.
        readings: That he was learned from.
        known: Of his levels.
        kinetics: By which the course is shown.
        person: All that he may be.
        how: He was found.
    """

    asked: Asked
    outcome: Outcome | None
    readings: Readings
    known: Known
    kinetics: Kinetics
    person: Person
    how: str

    def course(self) -> CirculationCourse:
        """Return the course; without any chance where the patient is drawn fuller or emptier than he was read."""
        both = None if self.outcome is None else both_of(self.outcome)
        allowed = () if self.outcome is None else permitted_of(self.outcome)
        rates = tuple(item for item in allowed if isinstance(item, Permitted))
        ahead = self._foreseen(both, rates)
        surface_m2 = self.person.patients.surface_m2
        followed = tuple(each for found in ahead.read for each in followed_of(self.readings, found, surface_m2))
        asked = replace(self.asked, withheld=filled_otherwise(self.asked, followed))
        return replace(self, asked=asked)._told(ahead, followed, both, allowed)

    def _told(
        self,
        ahead: _Ahead,
        followed: tuple[Followed, ...],
        both: Both | None,
        allowed: tuple[Permitted, ...] | tuple[Refusal, ...],
    ) -> CirculationCourse:
        asked, main = self.asked, ahead.main
        rates = tuple(item for item in allowed if isinstance(item, Permitted))
        filling = judge_filling(float(main.unfilled.max()), asked.file.most_unfilled)
        if filling is not None:
            return refused(asked, self.readings, filling)
        shown, below = quantities(main, asked.shown), self._below(main)
        load, load_says = self._load(both, ahead.load)
        unlike = (
            *filter(None, [asked.withheld]),
            *doubts(asked.file, self.readings.bedside, target_of(asked, self.readings, self.kinetics)),
            *not_followed(asked, followed),
        )
        return CirculationCourse(
            status=CourseStatus.EXPECTED,
            headline=headline(below, next(item for item in shown if item.short == "MAP"), unlike=bool(unlike)),
            supposes=asked.supposes,
            regimen=asked.given,
            heart=asked.file.heart.title,
            readings=self.readings.told,
            left_out=self.readings.bedside.left_out,
            unlike=(*unlike, *filter(None, [not_counted(asked.file, asked.case)])),
            learned=learned_from(self.readings, self.how),
            levels_by=self.known.says,
            draws=self.person.draws,
            seed=SEED,
            time=Values(HOUR, tuple(round(float(hour), 4) for hour in TIMES_H)),
            level=band(main.level, LEVEL),
            quantities=shown,
            below=below,
            extrapolated=percents(main.extrapolated),
            unfilled=percents(main.unfilled),
            load=load,
            rates=tuple(
                rate_expected(asked, item, one, self._most_unfilled)
                for item, one in zip(rates, ahead.rates, strict=True)
            ),
            rates_say=RATES if rates else _no_rates(allowed),
            models=tuple(self._models(main, ahead.shared)),
            refusals=(),
            says=(*said(asked, self.kinetics, main), *load_says),
            unknown=(*main.expected.unknown, *self.readings.held.unknown),
            sources=sources_of(asked.file, asked.file.heart, asked.limit),
        )

    def _foreseen(self, both: Both | None, rates: tuple[Permitted, ...]) -> _Ahead:
        """Return what is foreseen, of one table of the draws."""
        asked = self.asked
        shared = [
            self.person.levels(
                self._site(kinetics, asked.flowing, TIMES_H), of_another_model=kinetics in self.known.others
            )
            for kinetics in self._shared
        ]
        regimens = () if both is None else (both.with_load, both.without)
        load = [self._levels(asked.under(item), SHORT_MIN / _MINUTES) for item in regimens]
        each = [self._levels(item.flowing(asked), TIMES_H) for item in rates]
        hours = [hour for hour in self.readings.bedside.hours if hour is not None]
        read = [self._levels(asked.flowing, np.array(hours))] if hours else []
        main, *found = foresee(self.person, self._levels(asked.flowing, TIMES_H), *shared, *load, *each, *read)
        parts = iter(found)
        return _Ahead(main, *(tuple(islice(parts, len(part))) for part in (shared, load, each, read)))

    def _levels(self, flowing: tuple[Flow, ...], times_h: Array) -> Array:
        return self.person.levels(self._site(self.kinetics, flowing, times_h))

    @property
    def _shared(self) -> tuple[Kinetics, ...]:
        """What meets the same patient: moving kidneys that go on in another way, and other models.

        Where readings on the drug told of the levels, another model needs a patient of its own.
        """
        return (*self.kinetics.ways, *(() if self.person.told else self.known.others))

    def _site(self, kinetics: Kinetics, flowing: tuple[Flow, ...], times_h: Array) -> Array:
        return kinetics.site(flowing, times_h, equilibration_per_h=self.asked.file.equilibration_per_h)

    def _below(self, main: Foreseen) -> PressureBelow | None:
        limit, mmhg = self.asked.limit, self.asked.limit_mmhg
        if limit is None or mmhg is None:
            return None
        found = main.below(mmhg)
        return PressureBelow(
            limit=limit.value,
            source=limit.source,
            before=percent(found.before),
            now=percent(found.at[0]),
            at_the_end=percent(found.at[-1]),
            ever=percent(found.ever),
            at=percents(found.at),
            so_far=percents(found.so_far),
            lowest=likely(main.lowest_spread, MMHG),
        )

    @property
    def _most_unfilled(self) -> float:
        return float(self.asked.file.most_unfilled.value.in_unit(PERCENT)) / 100

    def _load(self, both: Both | None, found: tuple[Foreseen, ...]) -> tuple[LoadBeside | None, tuple[str, ...]]:
        if both is None:
            return None, ()
        share = max(float(item.unfilled.max()) for item in found)
        if share > self._most_unfilled:
            return None, (LOAD_UNFILLED.format(share=share),)
        return load_beside(self.asked, both, *found), ()

    def _models(self, main: Foreseen, beside: tuple[Foreseen, ...]) -> Iterator[ModelPressure]:
        """Yield the pressure by each model, that of the course first."""
        yield self._by(self.kinetics, main, first=True)
        for kinetics, found in zip(self._shared, beside, strict=True):
            yield self._by(kinetics, found)
        for kinetics in self.known.others if self.person.told else ():
            learned = person_of(self.asked, self.readings, kinetics)
            if isinstance(learned[0], Refusal):
                yield ModelPressure(kinetics.model, kinetics.title, False, None, None, learned[0].says)
                continue
            levels = learned[0].levels(self._site(kinetics, self.asked.flowing, TIMES_H))
            yield self._by(kinetics, *foresee(learned[0], levels))

    def _by(self, kinetics: Kinetics, found: Foreseen, *, first: bool = False) -> ModelPressure:
        limit = self.asked.limit_mmhg
        filling = judge_filling(float(found.unfilled.max()), self.asked.file.most_unfilled)
        return ModelPressure(
            model=kinetics.model,
            title=kinetics.title,
            first=first,
            below=None if limit is None or filling is not None else percent(found.below(limit).ever),
            lowest=None if filling is not None else likely(found.lowest_spread, MMHG),
            refused="" if filling is None else filling.says,
        )


def _no_rates(allowed: tuple[Permitted, ...] | tuple[Refusal, ...]) -> str:
    """Return why no rate is listed; empty where no plan was asked."""
    why = " ".join(item.says for item in allowed if isinstance(item, Refusal))
    return NO_RATES.format(why=why) if why else ""
