"""One patient at one moment: who it is, what is known, what was measured and what was given.

Knows what a case can be asked. What nobody recorded is unknown, not absent. It reads no text (`reading.py`), estimates
nothing (`body.py`, `kidney.py`) and judges nothing (the safety rules do).
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property

from inotrope.errors import CaseError, nearest
from inotrope.findings import Truth, any_of
from inotrope.patient.age import AgeGroup, age_group, postmenstrual_age
from inotrope.patient.medicine_names import Named
from inotrope.patient.vocabulary import Condition, plain_name, vocabulary
from inotrope.units import Quantity, completed_years, hours_between, plain_number, round_half_up


@dataclass(frozen=True, slots=True)
class Person:
    """Who the patient is; of `born` and `age` at least one is given, and `born_at` where the time of birth is known."""

    born: date | None
    age: Quantity | None
    sex: str
    weight: Quantity
    height: Quantity | None
    born_at: datetime | None = None
    gestational_age: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """One value at one moment.

    Attributes:
        what: The vocabulary's name.
        of: The drug, for a concentration.
        value: In the vocabulary's unit for it.
        as_written: As the record says it.
        below: The value is the limit of quantification, and the true one lies below.
        at: When it was taken.
        site: Where it was taken.
    """

    what: str
    of: str | None
    value: Quantity
    as_written: str
    below: bool
    at: datetime
    site: str | None


@dataclass(frozen=True, slots=True)
class Administration:
    """One thing given: a dose over the time from start to end, or a rate from start on (zero is a pause).

    A dose of the drug of the case always has an end; a dose of something else, such as a tablet, may have none.
    """

    of: Named
    start: datetime
    end: datetime | None
    dose: Quantity | None
    rate: Quantity | None


@dataclass(frozen=True, slots=True)
class Support:
    """A machine that works on the patient; without an end it still runs.

    Attributes:
        what: The machine, by the vocabulary's name.
        start: Since when.
        end: Until when; it may lie ahead.
        effluent: What leaves the filter; no clearance of a drug follows from it.
        clearance: Of the drug of the case by the machine, as a person entered it; it only serves a forecast.
    """

    what: str
    start: datetime
    end: datetime | None
    effluent: Quantity | None
    clearance: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a moment."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """What runs in the same line as the drug of the case."""

    with_: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Preparation:
    """The bag or syringe on the pump, and since when it hangs there."""

    product: str | None
    concentration: Quantity | None
    amount: Quantity | None
    volume: Quantity | None
    diluent: Named | None
    hung: datetime | None = None

    @property
    def made_concentration(self) -> Quantity | None:
        """Amount over volume, mg/mL; None when one of them is not said."""
        if self.amount is None or self.volume is None:
            return None
        return Quantity(self.amount.in_unit("mg") / self.volume.in_unit("mL"), "mg/mL")

    @property
    def effective_concentration(self) -> Quantity | None:
        """The concentration as stated, else amount over volume; None when neither is said."""
        return self.made_concentration if self.concentration is None else self.concentration

    @property
    def contradiction(self) -> str | None:
        """What contradicts, when amount over volume is too far from the stated concentration; else None."""
        made, stated = self.made_concentration, self.concentration
        if made is None or stated is None:
            return None
        limit = vocabulary().limit("preparation.parts_disagree").value
        difference = abs(made.in_unit("mg/mL") / stated.in_unit("mg/mL") - 1) * 100
        if difference <= limit.in_unit("%"):
            return None
        really = Quantity(round_half_up(made.in_unit(stated.unit), 4), stated.unit)
        return (
            f"{self.amount} in {self.volume} is {really}, but the preparation is said to be {stated}: "
            f"{plain_number(round_half_up(difference, 1))} % apart"
        )


@dataclass(frozen=True, slots=True)
class Pump:
    """The pump's smallest step and lowest rate, where they are known."""

    step: Quantity | None
    minimum: Quantity | None


@dataclass(frozen=True)  # without slots: what every rule asks for is kept in the instance
class Case:
    """One patient at one moment; None stands for what nobody recorded, an empty tuple for "none".

    Attributes:
        drug: Name of the drug to be planned.
        indication: In lower case.
        now: The moment for which is planned.
        patient: Who it is.
        conditions: By the vocabulary's name.
        medicines: What is given beside the drug of the case.
        allergies: What the patient is allergic to.
        measurements: In the order written; empty when none is recorded.
        administrations: What was and is given, the drug of the case included.
        support: Machines that work on the patient.
        events: What happened.
        lines: What shares the line.
        preparation: What hangs on the pump.
        pump: How finely it can be set.
        authority: Whose dose is wanted, as written; None leaves the choice to the drug folder's order.
        incomplete: Names of the members of which nobody said that they hold all there is: what is not in them is
            unknown, as it is where the member is None.
    """

    drug: str
    indication: str
    now: datetime
    patient: Person
    conditions: dict[str, Truth] | None = None
    medicines: tuple[Named, ...] | None = None
    allergies: tuple[Named, ...] | None = None
    measurements: tuple[Measurement, ...] = ()
    administrations: tuple[Administration, ...] | None = None
    support: tuple[Support, ...] | None = None
    events: tuple[Event, ...] | None = None
    lines: tuple[Line, ...] | None = None
    preparation: Preparation | None = None
    pump: Pump | None = None
    authority: str | None = None
    incomplete: frozenset[str] = frozenset()

    def holds_all(self, member: str) -> bool:
        """Return whether one of the lists holds all there is, so that what is not in it is known to be absent.

        Args:
            member: `medicines`, `administrations`, `support`, `events` or `lines`.
        """
        return getattr(self, member) is not None and member not in self.incomplete

    @property
    def age_years(self) -> int:
        """Age in completed years, from the date of birth where it is known."""
        if self.patient.born is not None:
            return completed_years(self.patient.born, self.now.date())
        return int(self.exact_age_years.to_integral_value(ROUND_FLOOR))

    @cached_property
    def exact_age_years(self) -> Decimal:
        """Age in years with the part of the year since the last birthday; exact on birthdays."""
        if self.patient.born is not None:
            return exact_years(self.patient.born, self.now.date())
        assert self.patient.age is not None  # reading a case asks for one of the two
        return self.patient.age.in_unit("year")

    @cached_property
    def postnatal_age(self) -> Quantity:
        """Time since birth in days: to the minute where the time of birth is known, else whole days or as written.

        An age in hours says more than a date of birth beside it, which would make the baby up to a day younger.
        """
        person = self.patient
        if person.born_at is not None:
            return Quantity(hours_between(person.born_at, self.now) / 24, "day")
        if person.born is not None and (person.age is None or person.age.unit != "h"):
            return Quantity(Decimal((self.now.date() - person.born).days), "day")
        assert person.age is not None  # reading a case asks for one of the two
        return person.age.to("day")

    @property
    def postnatal_hours_known(self) -> bool:
        """Whether the hours since birth are known and not only the days."""
        age = self.patient.age
        return self.patient.born_at is not None or (age is not None and age.unit == "h")

    @property
    def postmenstrual_age(self) -> Quantity | None:
        """Gestational plus postnatal age in weeks; None where no gestational age is recorded."""
        return postmenstrual_age(self.patient.gestational_age, self.postnatal_age)

    @cached_property
    def age_group(self) -> AgeGroup | None:
        """Newborn, child or adult; None where only a gestational age could tell."""
        return age_group(
            years=self.exact_age_years, postnatal=self.postnatal_age, gestational=self.patient.gestational_age
        )

    @property
    def height(self) -> Quantity | None:
        """Height as the patient's own key states it, else the newest one measured; None when neither is known."""
        if self.patient.height is not None:
            return self.patient.height
        measured = self.latest("height")
        return None if measured is None else measured.value

    def condition(self, name: str) -> Truth:
        """Return what is known of a condition.

        Raises:
            CaseError: The vocabulary knows no such condition.
        """
        known = _known(name, vocabulary().condition(name), "condition")
        return Truth.UNKNOWN if self.conditions is None else self.conditions.get(known, Truth.UNKNOWN)

    def every(self, name: str, of: str | None = None) -> tuple[Measurement, ...]:
        """Return all measurements of one kind, newest first; at one moment, the one written last first.

        Args:
            name: The kind, by any of its spellings.
            of: The drug, for concentrations; None for all.

        Raises:
            CaseError: The vocabulary knows no such measurement.
        """
        kind = vocabulary().measurement(name)
        if kind is None:
            raise unknown_name(name, "measurement")
        found = self._by_kind.get(kind.name, ())
        if of is None:
            return tuple(found)
        drug = _spoken(of)
        return tuple(item for item in found if plain_name(item.of or "") == drug)

    @cached_property
    def _by_kind(self) -> dict[str, list[Measurement]]:
        """The measurements of each kind, newest first; at one moment, the one written last first."""
        found: dict[str, list[Measurement]] = {}
        newest_first = list(reversed(self.measurements))
        newest_first.sort(key=lambda item: item.at, reverse=True)  # it is stable: the last written stays first
        for item in newest_first:
            found.setdefault(item.what, []).append(item)
        return found

    def latest(self, name: str, *, within: Quantity | None = None, of: str | None = None) -> Measurement | None:
        """Return the newest measurement of one kind; None when there is none, or it is older than `within`.

        Raises:
            CaseError: The vocabulary knows no such measurement.
        """
        found = self.every(name, of)
        if not found or (within is not None and hours_between(found[0].at, self.now) > within.in_unit("h")):
            return None
        return found[0]

    def takes(self, name: str) -> Truth:
        """Return whether a medicine is given beside the drug of the case; what was administered counts as given."""
        return self._taken({_spoken(name)})[0]

    def takes_class(self, class_: str, exclude: Iterable[str] = ()) -> tuple[Truth, tuple[str, ...]]:
        """Return whether a medicine of a class is given beside the drug of the case, and the names of those that are.

        Args:
            class_: A class of the vocabulary, such as `loop diuretic`.
            exclude: Names that do not count.
        """
        left_out = {_spoken(name) for name in exclude}
        return self._taken(vocabulary().members.get(class_, frozenset()) - left_out)

    def _taken(self, wanted: Set[str]) -> tuple[Truth, tuple[str, ...]]:
        given = tuple(
            entry.of for entry in self.administrations or () if plain_name(entry.of.name) != plain_name(self.drug)
        )
        found = tuple(
            dict.fromkeys(item.name for item in (*(self.medicines or ()), *given) if plain_name(item.name) in wanted)
        )
        if found:
            return Truth.PRESENT, found
        return Truth.of(False if self.holds_all("medicines") else None), ()

    def allergic_to(self, name: str) -> Truth:
        """Return whether the allergies name a medicine."""
        return _among(name, self.allergies)

    def shares_line_with(self, name: str) -> Truth:
        """Return whether a medicine runs in the same line; absent when it is known not to be given at all."""
        shared = any_of(_among(name, line.with_) for line in self.lines or ())
        if shared is Truth.PRESENT or self.holds_all("lines"):
            return shared
        return Truth.ABSENT if self.takes(name) is Truth.ABSENT else Truth.UNKNOWN

    def supported_by(self, what: str, *, ended_within: Quantity | None = None) -> Truth:
        """Return whether a machine works on the patient now, or did until less than `ended_within` ago.

        Raises:
            CaseError: The vocabulary knows no such support.
        """
        known = _known(what, vocabulary().support(what), "support")
        slack = Decimal(0) if ended_within is None else ended_within.in_unit("h")
        current = {s.what for s in self.support or () if s.end is None or hours_between(s.end, self.now) < slack}
        return Truth.of(True if known in current else False if self.holds_all("support") else None)

    def has_event(self, what: str, *, within: Quantity | None = None) -> Truth:
        """Return whether an event is recorded; where `within` is given, not longer ago than that.

        Raises:
            CaseError: The vocabulary knows no such event.
        """
        known = _known(what, vocabulary().event(what), "event")
        ages = [hours_between(event.at, self.now) for event in self.events or () if event.what == known]
        happened = any(within is None or age <= within.in_unit("h") for age in ages)
        return Truth.of(True if happened else False if self.holds_all("events") else None)


def exact_years(born: date, at: date) -> Decimal:
    """Return the age with the part of the year since the last birthday; exact on birthdays, and below the next one."""
    years = completed_years(born, at)

    def birthday(number: int) -> date:
        leap_day = (born.month, born.day) == (2, 29)  # outside leap years it counts from 1 March, as completed years do
        return date(born.year + number, 3, 1) if leap_day else born.replace(year=born.year + number)

    last = birthday(years)
    return years + Decimal(max((at - last).days, 0)) / (birthday(years + 1) - last).days


def _spoken(text: str) -> str:
    """Return the vocabulary's name in lower case, since an unknown medicine keeps the letters it was written with."""
    found = vocabulary().medicine(text)
    return plain_name(text if found is None else found.name)


def _among(name: str, listed: tuple[Named, ...] | None) -> Truth:
    if listed is None:
        return Truth.UNKNOWN
    wanted = _spoken(name)
    return Truth.of(any(plain_name(item.name) == wanted for item in listed))


def _known(name: str, found: Condition | None, kind: str) -> str:
    if found is None:
        raise unknown_name(name, kind)
    return found.name


def unknown_name(name: str, kind: str) -> CaseError:
    """Return the error for a name outside the closed vocabulary, with the nearest known ones."""
    known = vocabulary().names(kind)
    return CaseError(f"'{name}' is not a known {kind}; {nearest(name, known)}.", value=name, accepted=", ".join(known))
