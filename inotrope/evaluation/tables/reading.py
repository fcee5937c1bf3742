"""A table of doses and measured levels to subjects that can be fitted: each with his doses, parameters and levels.

Knows the tables of `simulation`, and reads them in the same way: blocks of whole subjects, a covariate's own way over
time, occasions by a column that somebody named. It fits nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from inotrope.estimation import Levels
from inotrope.estimation.many import Subject
from inotrope.evaluation.record import Bools, Floats, Ints
from inotrope.evaluation.tables.levels_of_rows import GIVES, LevelsOfRows, levels_of_rows
from inotrope.kinetics import Expanded
from inotrope.population import Domain, Model, Standing
from inotrope.population.forms import Array
from inotrope.population.model import DISPOSITION
from inotrope.simulation.answer import many
from inotrope.simulation.course import counted, joined, refusal_of
from inotrope.simulation.tables.columns import OCCASION, Layout
from inotrope.simulation.tables.reading import Block, left_out, open_table
from inotrope.simulation.tables.stretches import cut, portions
from inotrope.simulation.tables.subjects import (
    LOOKS,
    Subjects,
    bodies_between,
    codes_of,
    domain_of,
    each,
    occasions_of,
    prove_bodies,
    refused_row,
)

Told = Callable[[int, int], None]
_FEW = 5


@dataclass(slots=True, eq=False)
class Measured:
    """A table of measured levels as it is read, subject after subject.

    Attributes:
        title: The table's name.
        ids: (N,), as the table names them.
        subjects: (N,).
        occasions: (N,), see `TableFit`; empty where none are told apart.
        row: (n,), of each level the row of the table, for errors.
        subject: (n,), its subject's place.
        early: (n,), whether it was measured before anything had been given.
        without_dose: The subjects who were given nothing.
        not_measured: How many rows ask for a level and hold none.
        column: The name of the column of levels.
        says: How it was read.
        refused: Why the model holds for nobody here; empty where it does.
    """

    title: str
    ids: list[str] = field(default_factory=list)
    subjects: list[Subject] = field(default_factory=list)
    occasions: list[Ints] = field(default_factory=list)
    row: list[Ints] = field(default_factory=list)
    subject: list[Ints] = field(default_factory=list)
    early: list[Bools] = field(default_factory=list)
    without_dose: list[str] = field(default_factory=list)
    not_measured: int = 0
    column: str = "DV"
    says: tuple[str, ...] = ()
    refused: str = ""

    def before_any_dose(self) -> Bools:
        """Return of each level whether it was measured before anything had been given, (n,)."""
        return np.concatenate([np.empty(0, dtype=np.bool_), *self.early])

    def levels(self) -> tuple[Ints, Ints, Floats, Floats, Bools]:
        """Return row, subject, hour, ng/mL and whether below quantification, (n,) each."""
        each_of = [one.levels for one in self.subjects]
        return (
            np.concatenate(self.row),
            np.concatenate(self.subject),
            np.concatenate([one.time_h for one in each_of]),
            np.concatenate([one.level_ng_per_ml for one in each_of]),
            np.concatenate([one.below for one in each_of]),
        )


def read_measured(model: Model, source: Any, *, columns: Mapping[str, str], told: Told) -> Measured:
    """Return every subject of a table with his measured levels.

    Args:
        model: Which covariates it reads, and its units.
        source: A CSV file, or columns by name.
        columns: Which column is which covariate, or the occasion, where the names differ.
        told: Is told how much is read.

    Raises:
        RequestError, FileError: What is wrong, with row and column.
    """
    table = open_table(source, model, columns, measured=True)
    found = Measured(source.name if isinstance(source, Path) else "table", column=table.layout.written["DV"])
    worst, codes = Domain(Standing.INSIDE, ()), []
    for block, subjects, count in portions(table.blocks, table.layout, model):
        domain = domain_of(model, subjects)
        worst = joined(worst, domain)
        if not domain.answers:
            found.refused = f"{refused_row(block, table.layout, model, subjects)}: {refusal_of(domain)}"
            return found
        _add(found, model, table.layout, block, Cut(subjects, *cut(block, subjects, table.layout, model, count)))
        codes.append(np.maximum.reduceat(codes_of(model, subjects), subjects.begins))
        told(block.done, block.total)
    remarks = tuple(f"{item.standing.value}: {item.says}" for item in worst.remarks)
    found.says = (
        *counted(np.concatenate(codes), "subject"),
        *remarks,
        *table.layout.says(model),
        *left_out(table),
        *_told_apart(found, model),
    )
    return found


class Cut(NamedTuple):
    """Subjects as the table has them, and the same with their stretches; see `stretches.cut`."""

    subjects: Subjects
    finer: Block
    cuts: Subjects
    added: Bools | None


def _add(found: Measured, model: Model, layout: Layout, block: Block, both: Cut) -> None:
    """Add the subjects of a block."""
    subjects, finer, cuts, added = both
    rows = levels_of_rows(block, layout, subjects)
    bodies = prove_bodies(finer, layout, model, cuts)
    between = bodies_between(model, cuts, bodies)
    wanted = DISPOSITION[model.structure]
    named, held = ({name: own[name] for name in wanted} for own in (bodies, between))
    on = occasions_of(finer, layout, model, cuts)
    if on is not None:
        named[OCCASION], held[OCCASION] = on
    asks = np.isin(subjects.records["evid"], LOOKS)
    found.not_measured += int(np.count_nonzero(asks & ~rows.measured))
    seen = np.zeros(asks.sum() if added is None else added.size, dtype=np.bool_)
    seen[slice(None) if added is None else ~added] = rows.measured[asks]
    # Where each subject's rows end, among those that ask.
    asked = np.cumsum(np.isin(cuts.records["evid"], LOOKS))[cuts.ends - 1]
    given = np.isin(subjects.records["evid"], GIVES)
    so_far: Ints = np.cumsum(given)
    early: Bools = so_far == (so_far - given)[subjects.begins][subjects.number]
    at = 0
    for place, (expanded, own) in enumerate(each(cuts, named, held)):
        first, last = subjects.begins[place], subjects.ends[place]
        identity = f"{subjects.identity[first]:.17g}"
        if on is not None:
            found.occasions.append(_in_order(own.pop(OCCASION), named[OCCASION][cuts.begins[place] : cuts.ends[place]]))
        of_subject = np.arange(first, last)[rows.measured[first:last]]
        found.row.append(block.row[of_subject])
        found.subject.append(np.full(of_subject.size, len(found.ids)))
        found.ids.append(identity)
        found.subjects.append(_subject(expanded, own, rows, of_subject, seen[at : asked[place]]))
        found.early.append(early[of_subject])
        if early[last - 1]:
            found.without_dose.append(identity)
        at = asked[place]


def _subject(
    expanded: Expanded, typical: Mapping[str, Array], rows: LevelsOfRows, of_subject: Ints, seen: Bools
) -> Subject:
    """Return one subject with the levels among the rows of his that ask."""
    levels = Levels.of(
        expanded.observed_h[seen], rows.dv_ng_per_ml[of_subject], below=rows.below[of_subject], weight=1.0
    )
    return Subject(expanded.timeline, typical, levels, expanded.observed_segment[seen])


def _in_order(of_row: Array, in_time: Array) -> Ints:
    """Return which occasion each row of parameters belongs to: the first one of the subject is 0."""
    numbers, first = np.unique(in_time, return_index=True)
    place: Ints = np.argsort(np.argsort(first))
    return place[np.searchsorted(numbers, of_row)]


def _told_apart(found: Measured, model: Model) -> tuple[str, ...]:
    """Say whether occasions are told apart, where the model knows them."""
    if not model.variability.between_occasions:
        return ()
    if not found.occasions:
        return ("Occasions are not told apart. A table names them: --column OCC=occasion.",)
    most = max(1 + int(one.max()) for one in found.occasions)
    return (f"Occasions are told apart, up to {many(most, 'occasion')} of a subject, in the order in which they come.",)


def listed(ids: list[str]) -> str:
    """Return some subjects in words: the first few of them, and how many more there are."""
    shown = ", ".join(ids[:_FEW])
    return shown if len(ids) <= _FEW else f"{shown} and {len(ids) - _FEW:,} more"
