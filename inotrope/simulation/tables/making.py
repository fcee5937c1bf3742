"""The levels of every subject of a table, at the rows that ask for one.

Knows the order: layout, blocks, domain, parameters, levels. A block is done before the next is read, so that memory
holds the levels and one block. Where the table is long the kernel of many patients computes them, to the last digit
or the one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import RequestError
from inotrope.kinetics import Expanded, Parameters, amounts, concentrations
from inotrope.population import (
    Answer,
    Domain,
    Model,
    Standing,
    disposition,
    draw_etas,
    draw_etas_at,
    individual,
    spreads,
)
from inotrope.population.forms import Array
from inotrope.simulation.answer import About, Floats, Simulation, many
from inotrope.simulation.course import NO_SPREAD, counted, joined, not_drawn, refusal_of, refused
from inotrope.simulation.levels import Told
from inotrope.simulation.measured import measured_rows, residual_of, says_measured
from inotrope.simulation.tables.reading import left_out, open_table
from inotrope.simulation.tables.stretches import cut, portions
from inotrope.simulation.tables.subjects import (
    LOOKS,
    Subjects,
    bodies_between,
    codes_of,
    domain_of,
    each,
    occasions_of,
    patients_of,
    prove_bodies,
    refused_row,
)

LONG = 32 << 20
"""Bytes of a file, or numbers of a table, from which on the machine code is worth loading."""


def of_table(
    model: Model,
    source: Any,
    *,
    columns: Mapping[str, str],
    seed: int | None,
    amounts: bool,
    threads: int,
    told: Told,
    residual: bool = False,
) -> Simulation:
    """Return a level for each row with EVID 0 or 2, in the order of the table.

    Args:
        model: Whose parameters; its file names the units of the table's columns.
        source: A CSV file, or columns by name.
        columns: Which column is which covariate, where the names differ.
        seed: Draws each subject's own deviations; without it all are typical. The subject of ID k is patient k.
        amounts: Also the amounts in every compartment.
        threads: For the machine code.
        told: Is told how much is read.
        residual: Also draws the error of a measurement, of each row that asks; it needs the seed.

    Raises:
        RequestError, FileError: What is wrong, with row and column.
    """
    name = source.name if isinstance(source, Path) else "table"
    empty = Simulation(
        About.of(model), name, "every subject of the table", Standing.INSIDE, (), (), seed=seed, table=True
    )
    lacking = model.lacking(Answer.TIME_COURSE)
    if lacking:
        return refused(empty, f"Model {model.name} gives no course over time. It lacks {'; '.join(lacking)}.")
    error = residual_of(model) if residual else None
    if error is not None and seed is None:
        raise RequestError("The error of a measurement is drawn by a seed. Give a seed, such as 1.")
    if seed is not None and not spreads(model) and error is None:
        raise RequestError(f"Model {model.name} does not say how patients differ. Leave the seed out.", value=seed)
    table = open_table(source, model, columns)
    worst = Domain(Standing.INSIDE, ())
    parts: list[list[Floats]] = [[], [], [], [], []]  # ID, time, level, measured level, amounts: block after block
    codes, number, low, occasions = [], 0, 0, False
    for block, subjects, count in portions(table.blocks, table.layout, model):
        domain = domain_of(model, subjects)
        worst = joined(worst, domain)
        if not domain.answers:
            row = refused_row(block, table.layout, model, subjects)
            return refused(replace(empty, remarks=domain.remarks), f"{row}: {refusal_of(domain)}")
        finer, cuts, added = cut(block, subjects, table.layout, model, count)
        at = None
        if seed is not None:
            patients = patients_of(block, table.layout, subjects)
            at = occasions_of(finer, table.layout, model, cuts)
            occasions |= at is not None
        bodies = prove_bodies(finer, table.layout, model, cuts)
        between = bodies_between(model, cuts, bodies)
        both = [bodies] if between is bodies and at is None else [bodies, between]
        if seed is not None:
            etas = _etas(model, cuts, patients, seed, at)
            both = [individual(each_of, own) for each_of, own in zip(both, etas, strict=False)]
        parameters = [disposition(model, each_of) for each_of in both]
        named, held = parameters[0].named(), parameters[-1].named()
        expanded = [(one, Parameters(**own)) for one, own in each(cuts, named, held)]
        levels = _levels(expanded, long=table.size >= LONG, threads=threads)[asked := _asked(added)]
        asks = np.isin(subjects.records["evid"], LOOKS)
        own = [subjects.identity[asks], subjects.records["time_h"][asks], levels]
        if error is not None and seed is not None:
            drawn, below = measured_rows(error, levels, seed=seed, **_samples(subjects, patients))
            parts[3].append(drawn)
            low += below
        if amounts:
            parts[4].append(_amounts(expanded)[asked])
        for column, found in zip(parts, own, strict=False):
            column.append(found)
        codes.append(np.maximum.reduceat(codes_of(model, subjects), subjects.begins))
        number += subjects.begins.size
        told(block.done, block.total)
    identity, times, levels = (_joined(column) for column in parts[:3])
    if not identity.size:
        raise RequestError(
            "No row of the table asks for a level. Add rows with EVID 0 at the times that are wanted.", where=name
        )
    whole = identity.astype(np.int64)
    return replace(
        empty,
        standing=worst.standing,
        remarks=worst.remarks,
        says=(
            f"{many(number, 'subject')}.",
            *counted(np.concatenate(codes), "subject"),
            *table.layout.says(model),
            *left_out(table),
            *(() if seed is None else not_drawn(model, error=error is not None, occasions=occasions)),
            *(() if seed is None or spreads(model) else (NO_SPREAD,)),
            *(() if error is None else (says_measured(error, low, identity.size),)),
        ),
        identity=whole if (whole == identity).all() else identity,
        time_h=times,
        concentration_ng_per_ml=levels,
        measured_ng_per_ml=_joined(parts[3]) if parts[3] else None,
        amounts_mcg=_joined(parts[4]) if parts[4] else None,
    )


def _asked(added: NDArray[np.bool_] | None) -> NDArray[np.bool_] | slice:
    """Return which of the rows that ask for a level stand in the table."""
    return slice(None) if added is None else ~added


def _joined(blocks: list[Floats]) -> Floats:
    """Return one column, and let its blocks go before the next is joined: ten million rows need no second copy."""
    found = np.concatenate(blocks)
    blocks.clear()
    return found


def _etas(
    model: Model, subjects: Subjects, patients: NDArray[np.int64], seed: int, at: tuple[Array, Array] | None
) -> list[dict[str, Floats]]:
    """Return each row's deviations, at the row itself and from the row before up to it, (rows,) each."""
    drawn = draw_etas(model, patients=patients, seed=seed)
    own = {name: eta[subjects.number, 0] for name, eta in drawn.items()}
    if at is None:
        return [own, own]
    found = []
    for occasions in at:
        on = draw_etas_at(model, patients=patients[subjects.number], occasions=occasions, seed=seed)
        found.append(own | {name: own.get(name, 0.0) + eta for name, eta in on.items()})
    return found


def _samples(subjects: Subjects, patients: NDArray[np.int64]) -> dict[str, Array]:
    """Return, for every row that asks for a level, which patient its subject is, and which of the subject's it is."""
    asks = np.isin(subjects.records["evid"], LOOKS)
    so_far: Array = np.cumsum(asks) - asks
    samples = so_far - so_far[subjects.begins][subjects.number]
    return {"patients": patients[subjects.number[asks]], "samples": samples[asks]}


def _amounts(expanded: list[tuple[Expanded, Parameters]]) -> Floats:
    """Return the amounts in every compartment, of every row that asks, (rows, compartments)."""
    return np.concatenate([amounts(one.timeline, own, one.observed_h, one.observed_segment) for one, own in expanded])


def _levels(expanded: list[tuple[Expanded, Parameters]], *, long: bool, threads: int) -> Floats:
    """Return the level of every row that asks for one."""
    if long and find_spec("numba") is not None:
        from inotrope.kinetics.many import Many, concentrations_of_many  # noqa: PLC0415 - it loads Numba

        found = Many.of(
            [one.timeline for one, _ in expanded],
            [own for _, own in expanded],
            [one.observed_h for one, _ in expanded],
            segments=[one.observed_segment for one, _ in expanded],
        )
        return concentrations_of_many(found, threads=threads)
    return np.concatenate(
        [concentrations(one.timeline, own, one.observed_h, one.observed_segment) for one, own in expanded]
    )
