"""A block of subjects' rows, proved: what was given to whom, and by which parameters it leaves.

Knows that a row is read with its own covariates, that what holds between two rows follows each covariate's own way, and
that rows of equal parameters need one row.
Every error names the row and the column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import RequestError
from inotrope.kinetics import Expanded, Records, constant, expand
from inotrope.kinetics.records import Wrong, first_wrong
from inotrope.kinetics.timeline import Rows
from inotrope.population import (
    Answer,
    Domain,
    Model,
    OverTime,
    Standing,
    judge_domain,
    standings,
    typical_parameter,
    typical_values,
)
from inotrope.population.forms import Array
from inotrope.population.model import REPLACEMENT, Parameter
from inotrope.simulation.answer import factor
from inotrope.simulation.tables.cells import written
from inotrope.simulation.tables.columns import DOSES, OCCASION, Layout, over_time
from inotrope.simulation.tables.reading import Block

_OF_RECORDS = {
    "TIME": "time_h",
    "EVID": "evid",
    "AMT": "amount_mcg",
    "RATE": "rate_mcg_per_h",
    "II": "interval_h",
    "ADDL": "additional",
    "SS": "steady",
    "CMT": "compartment",
}
_WHOLE = ("evid", "additional", "steady", "compartment")
MOST_OCCASIONS = 1_000_000
LOOKS = (0, 2)
"""EVID of the rows that ask for a level: an observation, or a look."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """Rows of whole subjects, proved and in internal units.

    Attributes:
        identity: (rows,).
        begins: (subjects,), the place of each subject's first row.
        records: By the names of `Records`, (rows,).
        values: By covariate, what stands in each row, (rows,).
        between: By covariate, what holds from the row before up to each row, (rows,); the same where an entry is
            carried backward.
    """

    identity: Array
    begins: NDArray[np.int64]
    records: dict[str, NDArray[Any]]
    values: dict[str, Array]
    between: dict[str, Array]

    @property
    def ends(self) -> NDArray[np.int64]:
        """(subjects,), the place after each subject's last row."""
        return np.append(self.begins[1:], self.identity.size)

    @property
    def number(self) -> NDArray[np.int64]:
        """(rows,), the number of each row's subject in this block."""
        return np.repeat(np.arange(self.begins.size), self.ends - self.begins)


def prove(block: Block, layout: Layout, model: Model) -> Subjects:
    """Return the rows in internal units.

    Raises:
        RequestError: A row means nothing: no time, a time that goes back, a dose that is none, RATE -1 or -2, an empty
            covariate that the model needs; it names the row and the column.
    """
    columns = block.columns
    identity = columns["ID"]
    first = np.concatenate([[True], identity[1:] != identity[:-1]])
    given = {_OF_RECORDS[name]: _filled(block, layout, name) for name in _OF_RECORDS}
    if "EVID" not in layout.place:
        asks = (given["amount_mcg"] == 0) & (given["rate_mcg_per_h"] == 0) & (given["steady"] == 0)
        given["evid"] = np.where(asks, 0.0, 1.0)
    wrong = first_wrong(given, first, time=layout.units.time, amount=layout.units.amount)
    if wrong is not None:
        number = given[_OF_RECORDS[wrong.column]][wrong.place]
        says = f"'{number:.17g}{_unit_of(layout, wrong, number)}' {wrong.says}; accepted is {wrong.accepted}."
        raise block.wrong(layout, wrong.place, wrong.column, says, value=number)
    hours, mcg = factor(layout.units.time, "h"), factor(layout.units.amount, "mcg")
    scale = {"time_h": hours, "interval_h": hours, "amount_mcg": mcg, "rate_mcg_per_h": mcg / hours}
    records = {name: column * scale.get(name, 1.0) for name, column in given.items()}
    records |= {name: records[name].astype(np.int64) for name in _WHOLE}
    values = {name: written(block, layout, model, name) for name in layout.covariates}
    between = {name: _between(column, over_time(model, name), first) for name, column in values.items()}
    return Subjects(identity, np.flatnonzero(first), records, values, between)


def prove_bodies(block: Block, layout: Layout, model: Model, subjects: Subjects) -> dict[str, Array]:
    """Return every parameter at each row, (rows,), of the typical patient with these covariates.

    Raises:
        RequestError: A parameter comes to zero or below; it names the first such row.
    """
    try:
        found = _typical(model, subjects.values)
    except RequestError as whole:
        few, many = 0, block.rows  # so many rows are sound, so many are not: halve what lies between
        while many - few > 1:
            middle = (few + many) // 2
            if _problem(model, subjects.values, few, middle) is None:
                few = middle
            else:
                many = middle
        own = _problem(model, subjects.values, few, many) or whole
        row = {name: value[few:many] for name, value in subjects.values.items()}
        needs = next((part.needs for part in model.parameters.values() if _fails(model, part, row)), model.needs)
        needed = ", ".join(layout.written[name] for name in needs)
        raise block.wrong(layout, few, needed, own.says, value=own.value) from None
    return {name: np.broadcast_to(value, subjects.identity.shape) for name, value in found.items()}


def bodies_between(model: Model, subjects: Subjects, bodies: dict[str, Array]) -> dict[str, Array]:
    """Return every parameter from the row before up to each row, (rows,); `bodies` itself where it is the same."""
    if all(subjects.between[name] is subjects.values[name] for name in model.needs):
        return bodies
    found = _typical(model, subjects.between)
    return {name: np.broadcast_to(value, subjects.identity.shape) for name, value in found.items()}


def _problem(model: Model, values: Mapping[str, Array], start: int, stop: int) -> RequestError | None:
    """Return what is wrong with some rows, if anything is."""
    try:
        _typical(model, {name: value[start:stop] for name, value in values.items()})
    except RequestError as error:
        return error
    return None


def _fails(model: Model, parameter: Parameter, values: Mapping[str, Array]) -> bool:
    """Tell whether one parameter of some rows is the one that comes to nothing."""
    try:
        with np.errstate(all="ignore"):
            return not np.isfinite(typical_parameter(model, parameter.name, values)).all()
    except RequestError:
        return True


def _typical(model: Model, values: Mapping[str, Array]) -> dict[str, Array]:
    with np.errstate(all="ignore"):  # what is no number is refused here, and not warned of
        found = typical_values(model, values)
    for name, value in found.items():
        if not np.isfinite(value).all():
            raise RequestError(f"Model {model.name}: {name} comes to no finite number.")
    return found


def patients_of(block: Block, layout: Layout, subjects: Subjects) -> NDArray[np.int64]:
    """Return which patient of a seed each subject is, (subjects,): the one that his ID numbers, wherever he stands.

    Raises:
        RequestError: An ID is no whole number from 0 on; it names the row.
    """
    identity = subjects.identity[subjects.begins]
    wrong = ~((identity >= 0) & (identity == np.floor(identity)))
    if wrong.any():
        place = int(subjects.begins[np.argmax(wrong)])
        says = (
            f"ID '{subjects.identity[place]:.17g}' is no whole number from 0 on, and with a seed the ID says which "
            "patient is drawn. Number the subjects by whole numbers, such as 1, 2, 3."
        )
        raise block.wrong(layout, place, "ID", says, value=float(subjects.identity[place]))
    return identity.astype(np.int64)


def occasions_of(block: Block, layout: Layout, model: Model, subjects: Subjects) -> tuple[Array, Array] | None:
    """Return the occasion of each row, and that from the row before up to each row, (rows,).

    Returns:
        None where no column was named as the occasion, or the model does not know how a patient differs between them.

    Raises:
        RequestError: A cell is no whole number from 0 on; it names the row and the column.
    """
    if OCCASION not in layout.place or OCCASION in layout.covariates or not model.variability.between_occasions:
        return None
    column = block.columns[OCCASION]
    wrong = ~((column >= 0) & (column <= MOST_OCCASIONS) & (column == np.floor(column)))
    if wrong.any():
        says = f"An occasion is a whole number from 0 to {MOST_OCCASIONS:,}, on every row."
        place = int(np.argmax(wrong))
        raise block.wrong(layout, place, OCCASION, says, value=column[place])
    first = np.zeros(block.rows, dtype=np.bool_)
    first[subjects.begins] = True
    whole = column.astype(np.int64)
    return whole, _between(whole, OverTime.LAST_CARRIED_FORWARD, first)


def domain_of(model: Model, subjects: Subjects) -> Domain:
    """Return where all of the rows together stand to those who were studied."""
    longest = float(subjects.records["time_h"].max())
    return judge_domain(model, subjects.values, answer=Answer.TIME_COURSE, until_h=longest)


def codes_of(model: Model, subjects: Subjects) -> NDArray[np.int64]:
    """Return where each row stands to those who were studied, (rows,), as `standings`."""
    return np.broadcast_to(standings(model, subjects.values), subjects.identity.shape)


def refused_row(block: Block, layout: Layout, model: Model, subjects: Subjects) -> str:
    """Return which row is refused first, in words: beyond a limit, or a machine replaces the kidneys."""
    codes = codes_of(model, subjects)
    machine = subjects.values.get(REPLACEMENT, np.full(block.rows, "absent")) == "present"
    place = int(np.argmax((codes == tuple(Standing).index(Standing.REFUSAL)) | machine))
    return f"{layout.name}, row {block.row[place]}, ID {block.columns['ID'][place]:.17g}"


def each(
    subjects: Subjects, named: Mapping[str, Array], held: Mapping[str, Array]
) -> Iterator[tuple[Expanded, dict[str, Array]]]:
    """Yield each subject's segments and numbers, in as few rows of them as differ.

    Args:
        subjects: Of a block.
        named: Any numbers, such as parameters, (rows,), of each row itself: its level is read, and its steady state
            entered, with these.
        held: The same, (rows,), what holds from the row before up to each row.
    """
    changed = _differs(named, named)
    changed[subjects.begins] = True
    # What holds up to a row is mostly what stands in it, or in the row before; else it is a row of its own.
    as_here = ~_differs(named, held, shift=0)
    as_before = ~_differs(named, held)
    row = np.cumsum(changed) - 1
    places = np.flatnonzero(changed)
    few = {name: array[places] for name, array in named.items()}
    for begin, end in zip(subjects.begins.tolist(), subjects.ends.tolist(), strict=True):
        records = Records(**{name: column[begin:end] for name, column in subjects.records.items()})
        first, last = row[begin], row[end - 1]
        body = {name: array[first : last + 1] for name, array in few.items()}
        here, before = as_here[begin + 1 : end], as_before[begin + 1 : end]
        alone = ~(here | before)
        if first == last and not alone.any():
            yield expand_doses(records), body
            continue
        at = row[begin:end] - first
        further = last - first + np.cumsum(alone)
        leaving = np.where(here, at[1:], np.where(before, at[:-1], further))
        added = begin + 1 + np.flatnonzero(alone)
        own = {name: np.append(array, held[name][added]) for name, array in body.items()}
        rows = Rows(at=at, leaving=np.append(leaving, at[-1:]))
        yield expand(records, rows=lambda _, rows=rows: rows), own  # type: ignore[misc]


def _differs(named: Mapping[str, Array], others: Mapping[str, Array], *, shift: int = 1) -> NDArray[np.bool_]:
    """Return where any of the others is not what the row so many before it has, (rows,)."""
    found = np.zeros(next(iter(named.values())).size, dtype=np.bool_)
    for name, array in named.items():
        found[shift:] |= others[name][shift:] != array[: array.size - shift]
    return found


def expand_doses(records: Records) -> Expanded:
    """Return what records of unchanging parameters come to: as `expand(records, rows=constant)`, and much faster.

    Only doses and resets are walked through, each with a look right behind it that tells which segment it opened. A
    row that asks reads the last segment that begins no later, and none that a dose further down in the table opened.
    """
    asks = (records.evid == LOOKS[0]) | (records.evid == LOOKS[1])
    doses = np.flatnonzero(~asks)
    if not doses.size:
        return expand(records, rows=constant)
    twice = np.repeat(doses, 2)
    walked = {name: getattr(records, name)[twice] for name in _OF_RECORDS.values()}
    walked["evid"][1::2] = LOOKS[-1]
    found = expand(Records(**walked), rows=constant)
    looks = np.flatnonzero(asks)
    next_dose = np.append(found.observed_segment, found.timeline.begin_h.size)[np.searchsorted(doses, looks)]
    times = records.time_h[looks]
    begun = np.searchsorted(found.timeline.begin_h, times, side="right") - 1
    return Expanded(found.timeline, times, np.minimum(begun, next_dose - 1))


def _filled(block: Block, layout: Layout, name: str) -> Array:
    """Return one of NONMEM's columns, with what an empty cell means; zeros where there is no such column."""
    default = 1.0 if name == "CMT" else 0.0
    column = block.columns.get(name)
    if column is None:
        return np.full(block.rows, default)
    empty = np.isnan(column)
    if name in DOSES:
        # NONMEM's default compartment is 0, and means the one that doses go to.
        return np.where(empty | (column == 0), default, column)
    if empty.any():
        raise block.wrong(layout, int(np.argmax(empty)), name, f"{name} is empty. Write a number.", value="")
    return column


def _unit_of(layout: Layout, wrong: Wrong, number: float) -> str:
    """Return the unit of a number that is wrong, after a blank; nothing where it is a code or no number."""
    time, amount = layout.units.time, layout.units.amount
    own = {"TIME": time, "AMT": amount, "RATE": f"{amount}/{time}", "II": time}.get(wrong.column)
    coded = wrong.column == "RATE" and number in (-1, -2)
    return "" if own is None or coded or not np.isfinite(number) else f" {own}"


def _between(column: Array, way: OverTime, first: NDArray[np.bool_]) -> Array:
    """Return what holds from the row before up to each row; at a subject's first row its own value."""
    if way is OverTime.NEXT_CARRIED_BACKWARD:
        return column
    place = np.arange(column.size)
    before = column[np.where(first, place, place - 1)]
    return before if way is OverTime.LAST_CARRIED_FORWARD else (before + column) / 2
