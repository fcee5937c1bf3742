"""The levels of every subject of a table, at the rows that ask for one.

Knows the order: layout, blocks, domain, parameters, levels. A block is done before the next is read, so that memory
holds the levels and one block. Where the table is long the kernel of many patients computes them; the same answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from inotrope.errors import RequestError
from inotrope.kinetics import Expanded, Parameters, amounts, concentrations
from inotrope.population import (
    Answer,
    Domain,
    Model,
    Standing,
    disposition,
    draw_etas,
    individual,
    judge_domain,
    spreads,
)
from inotrope.simulation.answer import About, Floats, Simulation
from inotrope.simulation.course import counted, joined, many, not_drawn, refusal_of, refused
from inotrope.simulation.levels import Told
from inotrope.simulation.tables.reading import open_table
from inotrope.simulation.tables.subjects import (
    LOOKS,
    Subjects,
    bodies_between,
    codes_of,
    each,
    prove,
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
) -> Simulation:
    """Return a level for each row with EVID 0 or 2, in the order of the table.

    Args:
        model: Whose parameters; its file names the units of the table's columns.
        source: A CSV file, or columns by name.
        columns: Which column is which covariate, where the names differ.
        seed: Draws each subject's own deviations; without it all are typical. The first subject is patient 0.
        amounts: Also the amounts in every compartment.
        threads: For the machine code.
        told: Is told how much is read.

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
    if seed is not None and not spreads(model):
        raise RequestError(f"Model {model.name} does not say how patients differ. Leave the seed out.", value=seed)
    table = open_table(source, model, columns)
    worst = Domain(Standing.INSIDE, ())
    parts, codes, number = [], [], 0
    for block in table.blocks:
        subjects = prove(block, table.layout, model)
        domain = _domain(model, subjects)
        worst = joined(worst, domain)
        if not domain.answers:
            row = refused_row(block, table.layout, model, subjects)
            return refused(replace(empty, remarks=domain.remarks), f"{row}: {refusal_of(domain)}")
        bodies = prove_bodies(block, table.layout, model, subjects)
        between = bodies_between(model, subjects, bodies)
        both = [bodies] if between is bodies else [bodies, between]
        if seed is not None:
            drawn = draw_etas(model, patients=number + np.arange(subjects.begins.size), seed=seed)
            etas = {name: eta[subjects.number, 0] for name, eta in drawn.items()}
            both = [individual(each_of, etas) for each_of in both]
        parameters = [disposition(model, each_of) for each_of in both]
        expanded = list(each(subjects, parameters[0], parameters[-1]))
        parts.append(_levels(subjects, expanded, long=table.size >= LONG, amounts_too=amounts, threads=threads))
        codes.append(np.maximum.reduceat(codes_of(model, subjects), subjects.begins))
        number += subjects.begins.size
        told(block.done, block.total)
    identity, times, levels, inside = (
        None if part[0] is None else np.concatenate(part) for part in zip(*parts, strict=True)
    )
    assert identity is not None  # only the amounts may be missing
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
            *(() if seed is None else not_drawn(model)),
        ),
        identity=whole if (whole == identity).all() else identity,
        time_h=times,
        concentration_ng_per_ml=levels,
        amounts_mcg=inside,
    )


def _domain(model: Model, subjects: Subjects) -> Domain:
    longest = float(subjects.records["time_h"].max())
    return judge_domain(model, subjects.values, answer=Answer.TIME_COURSE, until_h=longest)


def _levels(
    subjects: Subjects,
    expanded: list[tuple[Expanded, Parameters]],
    *,
    long: bool,
    amounts_too: bool,
    threads: int,
) -> tuple[Floats, Floats, Floats, Floats | None]:
    """Return ID, time, level and amounts of every row that asks for one."""
    asks = np.isin(subjects.records["evid"], LOOKS)
    inside = None
    if amounts_too:
        inside = np.concatenate(
            [amounts(one.timeline, own, one.observed_h, one.observed_segment) for one, own in expanded]
        )
    if long and find_spec("numba") is not None:
        from inotrope.kinetics.many import Many, concentrations_of_many  # noqa: PLC0415 - it loads Numba

        found = Many.of(
            [one.timeline for one, _ in expanded],
            [own for _, own in expanded],
            [one.observed_h for one, _ in expanded],
            segments=[one.observed_segment for one, _ in expanded],
        )
        levels = concentrations_of_many(found, threads=threads)
    else:
        levels = np.concatenate(
            [concentrations(one.timeline, own, one.observed_h, one.observed_segment) for one, own in expanded]
        )
    return subjects.identity[asks], subjects.records["time_h"][asks], levels, inside
