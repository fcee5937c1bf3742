"""Which column of a table is what: NONMEM's own names, covariates of the model, and what nothing reads.

Knows the names alone. A column that nothing reads is told, one that is missing or there twice is an error, and no
column is taken for a covariate by a likeness of names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inotrope.errors import RequestError, nearest, shorten
from inotrope.population import Model, describe
from inotrope.population.bodies import SINCE_BIRTH, UNITS
from inotrope.population.model import REPLACEMENT, Covariate, DataUnits, OverTime
from inotrope.simulation.person import own_name

REQUIRED = ("ID", "TIME", "AMT")
DOSES = ("AMT", "RATE", "II", "ADDL", "SS", "CMT")
"""Columns of a dose: empty counts as 0, for CMT as 1."""
RECORDS = ("ID", "TIME", "EVID", *DOSES)
"""What is read of NONMEM's columns."""
LEVELS = ("DV", "MDV", "CENS", "LLOQ")
"""What is read of measured levels, where they are asked for; empty counts as not measured, or not said."""
MEASURED = (*LEVELS, "LNDV", "BLQ")
"""Columns of measured levels, which a simulation does not read."""
COMMENT = "C"
"""The column whose letter C marks a row that is left out, as `IGNORE=C` does in NONMEM."""
_CLOCK = (
    "says on which day a row is, so that TIME alone is not the clock. Write TIME in {time} since each subject's "
    "first row, and leave {column} out"
)
_LASTS = (
    "says how long a dose runs, and that is read from RATE alone: it would be a bolus. Write RATE = AMT / {column} "
    "({amount}/{time}), and leave {column} out"
)
_READS = (
    "says in which compartment a level is read, and it is read in the central one alone. Leave out {column}, and the "
    "rows that ask for another"
)
_CALLS = (
    "says when NONMEM computes parameters or joins rows, and no row is read so. Leave {column} out where every row "
    "stands for itself"
)
_LIMITS = (
    "says which levels lie below quantification, and that is read from CENS (1: DV is the limit) or LLOQ (the limit, "
    "in {concentration}) alone. Write one of these, and leave {column} out"
)
CHANGING = {
    **dict.fromkeys(("DATE", "DAT1", "DAT2", "DAT3"), _CLOCK),
    **dict.fromkeys(("DUR", "TINF", "DURATION"), _LASTS),
    "PCMT": _READS,
    **dict.fromkeys(("CALL", "CONT"), _CALLS),
}
"""Columns whose neglect would change the answer: NONMEM's own, and the usual ones of a dose's duration."""
CHANGING_LEVELS = CHANGING | dict.fromkeys(("BLQ", "BQL", "BLOQ", "BLLOQ", "LOQ", "LIMIT"), _LIMITS)
"""The same where levels are read: the usual ones of quantification beside those."""
MISSPELT = ("RATE", "EVID", "ADDL")
"""Of the columns that may be left out those whose misspelling is looked for: unread, they change the answer."""
MISSPELT_LEVELS = (*MISSPELT, "MDV", "CENS", "LLOQ")
SHORT = {
    "WT": "weight",
    "HT": "height",
    "AGE": "age",
    "SEX": "sex",
    "PNA": "postnatal age",
    "PMA": "postmenstrual age",
    "GA": "gestational age",
}
"""Short names that have one meaning. CRCL has two, per body surface or not, and must be named."""

OCCASION = "occasion"
"""What a column may be named as, where it counts the occasions on which a patient differs from himself."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column is what.

    Attributes:
        name: Of the table, for errors.
        count: How many columns each row has.
        place: By NONMEM's name or the covariate's, the place of its column, counted from 0.
        written: By the same, the column's own name.
        words: The covariates that are words.
        covariates: The covariates that have a column.
        unread: Columns that nothing reads, as written.
        units: Of TIME, AMT and the levels.
        needed: What no row may leave empty.
        measured: Whether measured levels are read.
    """

    name: str
    count: int
    place: dict[str, int]
    written: dict[str, str]
    words: frozenset[str]
    covariates: tuple[str, ...]
    unread: tuple[str, ...]
    units: DataUnits
    needed: frozenset[str]
    measured: bool = False

    @property
    def comments(self) -> bool:
        """Whether a column says which rows are left out."""
        return COMMENT in self.words and COMMENT not in self.covariates

    def says(self, model: Model) -> tuple[str, ...]:
        """Say how the table is read: units, the covariates' columns and ways over time, what is not used."""
        own = self.units
        levels = f", DV in {own.concentration}" if self.measured else ""
        said = [f"TIME is read in {own.time}, AMT in {own.amount}, RATE in {own.amount}/{own.time}{levels}."]
        for name in self.covariates:
            covariate = model.covariates.get(name)
            if covariate is not None:
                unit = f" in {covariate.unit}" if covariate.unit else ""
                said.append(f"Column {self.written[name]} is {name}{unit}. {describe(covariate)}")
            elif judges(model, name):
                said.append(
                    f"Column {self.written[name]} is {name}, taken in {UNITS[name]}s: it tells of whom the model is "
                    "asked, and changes no level."
                )
        said += [] if "EVID" in self.place else ["Without EVID a row with AMT, RATE or SS is a dose, and others ask."]
        if OCCASION in self.place and OCCASION not in self.covariates:
            knows = model.variability.between_occasions
            how = "one holds from its first row to the next" if knows else "the model knows no spread between them"
            said.append(f"Column {self.written[OCCASION]} is the occasion: {how}.")
        measured = [name for name in self.unread if name.upper() in MEASURED]
        others = [name for name in self.unread if name.upper() not in MEASURED]
        said += [f"Measured levels are not read: {', '.join(measured)}."] if measured else []
        said += [f"Columns not used: {', '.join(map(shorten, others))}."] if others else []
        return tuple(said)


def read_layout(
    names: Sequence[str], model: Model, columns: Mapping[str, str], table: str, *, measured: bool = False
) -> Layout:
    """Return which column is what.

    Args:
        names: Of the columns, in their order.
        model: Which covariates it reads, and its units.
        columns: Which column is which covariate, where the names differ.
        table: The table's name, for errors.
        measured: Whether measured levels are read, which a column DV then holds.

    Raises:
        RequestError: The model names no units; a column is missing, is there twice, or has no name.
    """
    if model.data is None:
        what = "TIME, AMT and DV" if measured else "TIME and AMT"
        raise RequestError(
            f"Model {model.name} does not say in which units a table's {what} stand. Add to its file: [data] "
            'time = "h", amount = "mg", concentration = "mg/L".',
            value=model.name,
            accepted="a model file with [data]",
        )
    if len(names) == 1:
        _prove_separated(names[0], table)
    given = _given(columns, names, model, table)
    read = (*RECORDS, *LEVELS) if measured else RECORDS
    place: dict[str, int] = {}
    written: dict[str, str] = {}
    unread = []
    for index, raw in enumerate(names):
        known = given.get(raw) or _known(raw, model, read)
        if known is None:
            _prove_harmless(raw, index, model.data, table, CHANGING_LEVELS if measured else CHANGING)
            unread.append(raw or f"(column {index + 1}, without a name)")
            continue
        if known in place:
            raise RequestError(
                f"'{shorten(raw)}' and '{shorten(written[known])}' are both {known}. Leave one of them out.",
                value=raw,
                where=f"{table}, row 1, column {index + 1}",
            )
        place[known], written[known] = index, raw
    _prove_spelled(unread, [name for name in (MISSPELT_LEVELS if measured else MISSPELT) if name not in place], table)
    listed = ", ".join(map(shorten, unread)) or "none"
    missing = [name for name in (*REQUIRED, *(("DV",) if measured else ())) if name not in place]
    if missing:
        raise RequestError(
            f"There is no column {' and no column '.join(missing)}. Columns not known: {listed}.",
            accepted=", ".join(read),
            where=f"{table}, row 1",
        )
    absent = [name for name in model.needs if name not in place]
    if absent:
        asked = ", ".join(_asked(model.covariates[name]) for name in absent)
        raise RequestError(
            f"Model {model.name} needs {asked}, and the table has no such column. Columns not known: {listed}. Name "
            f"one, such as '{unread[0] if unread else 'X'}={absent[0]}', or add it.",
            accepted=", ".join(absent),
            where=f"{table}, row 1",
        )
    own = (*read, *(name for name in (OCCASION, COMMENT) if name not in model.covariates))
    covariates = tuple(name for name in place if name not in own)
    words = frozenset(name for name in covariates if name == REPLACEMENT or _in_words(model, name))
    words |= {COMMENT} & (place.keys() - set(covariates))
    needed = frozenset((*model.needs, "ID", "TIME", "EVID"))
    return Layout(table, len(names), place, written, words, covariates, tuple(unread), model.data, needed, measured)


def over_time(model: Model, name: str) -> OverTime:
    """Return the way of a covariate over time; that of the kidneys' replacement, for every model, is the last one."""
    covariate = model.covariates.get(name)
    return OverTime.LAST_CARRIED_FORWARD if covariate is None else covariate.over_time


def _prove_separated(header: str, table: str) -> None:
    """Prove that a header of one column names one: else something but commas parts the columns."""
    marks = ((";", "semicolons"), ("\t", "tabs"), ("|", "bars"))
    by = next((name for mark, name in marks if mark in header), None)
    if by is not None or header.split()[1:]:
        seems = "to have one column only: commas" if by is None else f"separated by {by}, and commas"
        says = (
            f"The table seems {seems} are expected. Save it with commas between columns, and with a point in numbers. "
            f"The header reads '{shorten(header)}'."
        )
        raise RequestError(says, value=header, accepted="a comma between columns", where=f"{table}, row 1")


def _known(raw: str, model: Model, read: tuple[str, ...]) -> str | None:
    """Return NONMEM's column or the model's covariate that a name stands for; None for none."""
    covariate = own_name(raw, (*model.covariates, REPLACEMENT))
    if covariate is not None:
        return covariate
    upper = raw.upper()
    if upper in (*read, COMMENT):
        return upper
    name = SHORT.get(upper)
    return name if name is not None and (name in model.covariates or judges(model, name)) else None


def judges(model: Model, name: str) -> bool:
    """Tell whether a column is read only to judge of whom the model is asked: an age by another name than its own."""
    by_birth = any(limit.of in SINCE_BIRTH for limit in model.studied.limits)
    return name in SINCE_BIRTH and by_birth and name not in model.covariates


def _prove_harmless(raw: str, index: int, units: DataUnits, table: str, changing: Mapping[str, str]) -> None:
    """Refuse a column that nothing reads, and whose neglect would change the answer."""
    says = changing.get(raw.upper())
    if says is not None:
        of = {"time": units.time, "amount": units.amount, "concentration": units.concentration}
        raise RequestError(
            f"Column {raw} {says.format(column=raw, **of)}. Where it means something else, give it another name.",
            value=raw,
            where=f"{table}, row 1, column {index + 1}",
        )


def _prove_spelled(unread: Sequence[str], absent: Sequence[str], table: str) -> None:
    """Refuse a column that nothing reads, and that looks like one which is not there: RTAE, RATES, RATE (mg/h)."""
    for raw in unread:
        word = re.split(r"[^A-Z0-9]", raw.upper(), maxsplit=1)[0]
        swapped = {f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}" for at in range(len(word) - 1)}
        meant = next((name for name in absent if name in {word, word[:-1], *swapped}), None)
        if meant is not None:
            raise RequestError(
                f"Column {shorten(raw)} looks like {meant} and would not be read: the answer would be another one. "
                f"Write {meant}; where it means something else, give it another name.",
                value=raw,
                accepted=meant,
                where=f"{table}, row 1",
            )


def _given(columns: Mapping[str, str], names: Sequence[str], model: Model, table: str) -> dict[str, str]:
    """Return the covariates by column that somebody named."""
    found = {}
    for asked, covariate in columns.items():
        alike = [name for name in names if name.casefold() == asked.casefold()]
        raw = asked if asked in names or len(alike) != 1 else alike[0]
        if raw not in names:
            raise RequestError(f"There is no column '{shorten(raw)}'; {nearest(raw, names)}.", value=raw, where=table)
        name = own_name(covariate, (*model.covariates, REPLACEMENT, OCCASION))
        if name is None:
            raise RequestError(
                f"'{shorten(covariate)}' is no covariate of model {model.name}; "
                f"{nearest(covariate, model.covariates)}.",
                value=covariate,
                accepted=", ".join(model.covariates),
            )
        found[raw] = name
    return found


def _in_words(model: Model, name: str) -> bool:
    return name in model.covariates and model.covariates[name].in_words


def _asked(covariate: Covariate) -> str:
    unit = f"in {covariate.unit}" if covariate.unit else f"one of: {', '.join(covariate.values) or 'any word'}"
    return f"'{covariate.name}' ({unit})"
