"""A file, bytes or a table in hand to a case.

Knows the order of things: is it text, is it JSON, has it the form of a case, does each part mean something. The first
thing wrong is one error with file and key, in one sentence. It never guesses: a missing unit, sex, weight or zone is an
error. A medicine or an allergen that the vocabulary does not know is kept under its own name, since "not checked" is a
finding, and so is a known one that it is near to; any other unknown name is an error that gives the nearest known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from inotrope.errors import CaseError, InotropeError, UnitError, shorten
from inotrope.files import Path_, decode, dotted, read_bytes, read_json
from inotrope.findings import Truth
from inotrope.patient.age import read_gestational_age
from inotrope.patient.birth import prove_age, prove_nothing_before_birth
from inotrope.patient.case import (
    Administration,
    Case,
    Event,
    Line,
    Person,
    Preparation,
    Pump,
    Support,
    exact_years,
    unknown_name,
)
from inotrope.patient.machine_clearance import prove_one_clearance, read_machine_clearance
from inotrope.patient.measuring import possible, read_measurement
from inotrope.patient.medicine_names import Named, name_allergen, name_medicine, spelled_medicine
from inotrope.patient.misspelling import prove_spelling
from inotrope.patient.plain_form import read_plainly
from inotrope.patient.vocabulary import Condition, Vocabulary, plain_name, vocabulary
from inotrope.units import Quantity, later, read_date, read_quantity, read_time, units_of

if TYPE_CHECKING:
    from inotrope.patient.form import AdministrationForm, CaseForm, PersonForm, PreparationForm, SupportForm

OLDEST_YEARS = 130
"""Above the longest life on record (122 years): more is a slip in the date, not an age."""
_EMPTY = "Write a case into it, or run 'inotrope new'."
_AGE_UNITS = ("year", "month", "week", "day", "h")
GIVEN_IN_ML = ("fluid", "blood product")
"""Classes of which a dose may be a volume; of a drug it would hide the strength."""
_MASS_CONCENTRATION = ("mass concentration",)


class _Place:
    """Puts the key path on an error that leaves the block."""

    __slots__ = ("_path",)

    def __init__(self, *path: str | int) -> None:
        self._path = path

    def __enter__(self) -> None:
        """Nothing is prepared."""

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        if isinstance(problem, InotropeError):
            problem.at(dotted(tuple(shorten(part) if isinstance(part, str) else part for part in self._path)))


def read_case(source: Path | str | bytes | dict[str, Any], *, name: str | None = None) -> Case:
    """Read one case.

    Args:
        source: A path to a JSON file, its bytes, or the table itself.
        name: What errors call the source; by default the file's name, `case` for bytes and nothing for a table.

    Raises:
        FileError: Absent, empty, too large, not UTF-8, not JSON, a key twice, nested too deeply.
        CaseError: An unknown or missing key, an unknown name, an impossible value or time.
        UnitError: A quantity without a unit, or with a wrong one.
    """
    if isinstance(source, dict):
        document: Any = source
    else:
        if isinstance(source, bytes):
            content, name = source, name or "case"
        else:
            path = Path(source)
            content, name = read_bytes(path), name or path.name
        document = read_json(decode(content, name, instead=_EMPTY), name)
    try:
        return _case(_form(document), vocabulary())
    except InotropeError as problem:
        raise (problem if name is None else problem.at(name)) from None


def _form(document: Any) -> CaseForm:
    """Return the case's keys and shapes; only what is not plainly sound waits for Pydantic, a third of a start."""
    plain: Any = read_plainly(document)
    if plain is not None:
        return cast("CaseForm", plain)
    from inotrope.patient.form import read_form  # noqa: PLC0415 - see above

    return read_form(document)


def _case(form: CaseForm, words: Vocabulary) -> Case:
    with _Place("now"):
        now = read_time(form.now, what="Time")
    patient = _person(form.patient, now, words)
    given = form.administrations
    drug = plain_name(spelled_medicine(form.drug, words))
    case = Case(
        drug=drug,
        indication=plain_name(form.indication),
        now=now,
        patient=patient,
        conditions=None if form.conditions is None else _conditions(form.conditions, words),
        medicines=_named(form.medicines, words),
        allergies=None if form.allergies is None else tuple(name_allergen(text, words) for text in form.allergies),
        measurements=tuple(
            _measurement(item, index, now, patient, words) for index, item in enumerate(form.measurements or ())
        ),
        administrations=None
        if given is None
        else tuple(_given(item, index, drug=drug, now=now, words=words) for index, item in enumerate(given)),
        support=None if form.support is None else tuple(_support(s, i, now, words) for i, s in enumerate(form.support)),
        events=None if form.events is None else tuple(_event(e, i, now, words) for i, e in enumerate(form.events)),
        lines=None if form.lines is None else tuple(Line(_names(line.with_, words)) for line in form.lines),
        preparation=None if form.preparation is None else _preparation(form.preparation, now, words),
        pump=None
        if form.pump is None
        else Pump(
            _optional(form.pump.step, ("pump", "step"), "Pump step", ("flow",)),
            _optional(form.pump.minimum, ("pump", "minimum"), "Lowest pump rate", ("flow",)),
        ),
        authority=None if form.authority is None else " ".join(form.authority.split()),
        incomplete=frozenset(form.incomplete or ()),
    )
    prove_spelling(case, words)
    prove_nothing_before_birth(case)
    prove_one_clearance(case)
    return case


def _person(form: PersonForm, now: datetime, words: Vocabulary) -> Person:
    if form.born is None and form.age is None:
        raise CaseError(
            "The age is missing. Write the date of birth, such as '1958-03-02', or the age, such as '68 years'.",
            accepted='"born": "1958-03-02" or "age": "68 years"',
            where="patient.born",
        )
    born = age = height = None
    born_at = gestational_age = None
    if form.born is not None:
        with _Place("patient", "born"):
            if isinstance(form.born, str) and "T" in form.born:
                born_at = _past(form.born, now)
                born = born_at.astimezone(now.tzinfo).date()
            else:
                born = read_date(form.born, what="Date of birth")
            if born > now.date():
                raise CaseError(
                    f"Date of birth '{born}' is after the time of the case, {now.date()}. Check both.",
                    value=born,
                    accepted=f"a date up to {now.date()}",
                )
            _check_age(exact_years(born, now.date()), born)
    if form.age is not None:
        with _Place("patient", "age"):
            age = read_quantity(form.age, what="Age", dimensions=("time",), positive=False, units=_AGE_UNITS)
            _check_age(age.in_unit("year"), form.age)
            if age.value == 0 and age.unit in ("year", "month", "week"):
                accepted = "an age in days or hours, such as '3 days' or '10 h'"
                raise CaseError(
                    f"Age '{form.age}' says too little of a newborn. Write {accepted}.",
                    value=form.age,
                    accepted=accepted,
                )
            if born is not None:
                prove_age(age, str(form.age), born=born, born_at=born_at, now=now)
    with _Place("patient", "weight"):
        weight = possible(words, "body weight", form.weight, "Weight", ("body weight",))
    if form.height is not None:
        with _Place("patient", "height"):
            height = possible(words, "height", form.height, "Height", ("length",))
    if form.gestational_age is not None:
        with _Place("patient", "gestational_age"):
            gestational_age = read_gestational_age(form.gestational_age)
    return Person(born, age, form.sex, weight, height, born_at, gestational_age)


def _check_age(years: Decimal, written: object) -> None:
    if not 0 <= years <= OLDEST_YEARS:
        raise CaseError(
            f"'{written}' makes an age outside 0 to {OLDEST_YEARS} years. Check the number.",
            value=written,
            accepted=f"an age from 0 to {OLDEST_YEARS} years",
        )


def _conditions(form: Mapping[str, str], words: Vocabulary) -> dict[str, Truth]:
    found: dict[str, Truth] = {}
    for written, text in form.items():
        with _Place("conditions", written):
            name = _known(written, words.condition(written), "condition")
            truth = Truth(text)
            if found.setdefault(name, truth) is not truth:
                raise CaseError(
                    f"'{written}' says that {name} is {truth}, and another key says {found[name]}. Keep one.",
                    value=written,
                )
    return found


def _measurement(item: Any, index: int, now: datetime, patient: Person, words: Vocabulary) -> Any:
    with _Place("measurements", index, "what"):
        kind = words.measurement(item.what)
        if kind is None:
            raise unknown_name(item.what, "measurement")
    with _Place("measurements", index, "of"):
        if kind.needs_of and item.of is None:
            raise CaseError(f"A {kind.name} needs 'of'. Write of which drug.", accepted="a drug's name")
        if not kind.needs_of and item.of is not None:
            says = f"'{shorten(item.of)}' is not accepted: only a concentration is 'of' a drug. Leave 'of' out."
            raise CaseError(says, value=item.of)
    with _Place("measurements", index, "at"):
        at = _past(item.at, now)
    with _Place("measurements", index, "value"):
        of = None if item.of is None else spelled_medicine(item.of, words)
        return read_measurement(item.value, kind=kind, of=of, at=at, site=item.site, weight=patient.weight)


def _given(item: AdministrationForm, index: int, *, drug: str, now: datetime, words: Vocabulary) -> Administration:
    """Read one administration; only a dose of the drug of the case needs its duration, since time counts it."""
    path = ("administrations", index)
    start, end = _span(item.start, item.end, path, now)
    if item.duration is not None:
        with _Place(*path, "duration"):
            if end is not None:
                says = "A duration and an end are both given. Keep one."
                raise CaseError(says, value=item.duration, accepted="one of them")
            end = _end_after(start, read_quantity(item.duration, what="Duration", dimensions=("time",)))
    if (item.dose is None) == (item.rate is None):
        given = "A dose and a rate are both given" if item.dose is not None else "Neither a dose nor a rate is given"
        raise CaseError(
            f"{given}. Write a dose with its duration, or a rate.",
            accepted="exactly one of dose and rate",
            where=dotted(path),
        )
    of = name_medicine(item.of, words)
    known = words.medicine(of.name)
    kinds = ("mass", "dose per body weight", *(("volume",) if known and known.class_ in GIVEN_IN_ML else ()))
    dose = _optional(item.dose, (*path, "dose"), "Dose", kinds)
    if dose is not None and end is None and plain_name(of.name) == drug:
        raise CaseError(
            f"Dose '{dose}' has no duration. Write over how long it was given, such as '10 min' (a push: '1 min').",
            value=dose,
            accepted="a duration or an end",
            where=dotted((*path, "duration")),
        )
    rate = None
    if item.rate is not None:
        with _Place(*path, "rate"):
            rate = _rate(item.rate)
    return Administration(of, start, end, dose, rate)


def _rate(written: str) -> Quantity:
    """Return a rate of the drug; a pump's flow is refused by its own name, and offered by no other refusal."""
    kinds = ("rate per body weight", "mass rate")
    try:
        rate = read_quantity(written, what="Rate", dimensions=kinds, positive=False)
    except UnitError as problem:
        try:
            read_quantity(written, what="Rate", dimensions=("flow",), positive=False)
        except UnitError:
            raise problem from None
        raise UnitError(
            f"Rate '{shorten(written)}' is a flow, and what it gives depends on bag and weight. Convert it, "
            "and write the rate of the drug, such as '0.5 mcg/kg/min'.",
            value=written,
            accepted=", ".join(name for kind in kinds for name in units_of(kind)),
        ) from None
    if rate.value < 0:
        raise CaseError(
            f"Rate '{shorten(written)}' is below zero. Write '0 mcg/kg/min' for a pause.",
            value=written,
            accepted="zero or more",
        )
    return rate


def _end_after(start: datetime, duration: Quantity) -> datetime:
    end = later(start, duration)
    if end <= start:
        accepted = "a duration such as 10 min or 24 h"
        raise CaseError(f"Duration '{duration}' is too short to measure. Check it.", value=duration, accepted=accepted)
    return end


def _support(item: SupportForm, index: int, now: datetime, words: Vocabulary) -> Support:
    path = ("support", index)
    with _Place(*path, "what"):
        what = _known(item.what, words.support(item.what), "support")
    start, end = _span(item.start, item.end, path, now)
    kinds = ("flow", "flow per body weight")
    clearance = None
    if item.clearance is not None:
        with _Place(*path, "clearance"):
            clearance = read_machine_clearance(item.clearance)
    return Support(what, start, end, _optional(item.effluent, (*path, "effluent"), "Effluent", kinds), clearance)


def _event(item: Any, index: int, now: datetime, words: Vocabulary) -> Event:
    with _Place("events", index, "what"):
        what = _known(item.what, words.event(item.what), "event")
    with _Place("events", index, "at"):
        return Event(what, _past(item.at, now))


def _preparation(form: PreparationForm, now: datetime, words: Vocabulary) -> Preparation:
    hung = None
    if form.hung is not None:
        with _Place("preparation", "hung"):
            hung = _past(form.hung, now)
    return Preparation(
        form.product,
        _optional(form.concentration, ("preparation", "concentration"), "Concentration", _MASS_CONCENTRATION),
        _optional(form.amount, ("preparation", "amount"), "Amount", ("mass",)),
        _optional(form.volume, ("preparation", "volume"), "Volume", ("volume",)),
        None if form.diluent is None else name_medicine(form.diluent, words),
        hung,
    )


def _optional(text: object, path: Path_, what: str, dimensions: tuple[str, ...]) -> Quantity | None:
    if text is None:
        return None
    with _Place(*path):
        return read_quantity(text, what=what, dimensions=dimensions)


def _past(text: object, now: datetime) -> datetime:
    at = read_time(text, what="Time")
    if at > now:
        raise CaseError(
            f"Time '{shorten(str(text))}' is after the time of the case, {now.isoformat()}. "
            "Check date and zone of both.",
            value=text,
            accepted=f"a time up to {now.isoformat()}",
        )
    return at


def _span(start_text: object, end_text: object, path: Path_, now: datetime) -> tuple[datetime, datetime | None]:
    """Read start and end; an end may lie ahead (a planned one), a start may not."""
    with _Place(*path, "start"):
        start = _past(start_text, now)
    if end_text is None:
        return start, None
    with _Place(*path, "end"):
        end = read_time(end_text, what="End")
        if end <= start:
            raise CaseError(
                f"End '{shorten(str(end_text))}' is not after the start, {start.isoformat()}. Check both.",
                value=end_text,
                accepted=f"a time after {start.isoformat()}",
            )
    return start, end


def _known(written: str, found: Condition | None, kind: str) -> str:
    if found is None:
        raise unknown_name(written, kind)
    return found.name


def _named(listed: Sequence[str] | None, words: Vocabulary) -> tuple[Named, ...] | None:
    return None if listed is None else _names(listed, words)


def _names(listed: Sequence[str], words: Vocabulary) -> tuple[Named, ...]:
    return tuple(name_medicine(text, words) for text in listed)
