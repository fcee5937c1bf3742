"""Records of one subject with everything in them, generated: doses, infusions, additional doses, steady states, resets.

Left out on purpose, since the guides do not settle it: a bolus of an additional dose at the very time of a record. The
intervals are 1/1024 h off the grid of the records, so that it cannot happen within 15 doses.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.laws.kinetics.reading import Record
from tests.laws.kinetics.regimens import TICK_H, Row, between

OFF_GRID_H = 1 / 1024
TAME = ((1.0, 30.0), (4.0, 60.0), (1.0, 40.0), (4.0, 80.0), (0.5, 10.0), (10.0, 200.0))
"""Parameters that an integrator follows in a moment: CL, V1, Q2, V2, Q3, V3."""


def tame_rows(compartments: int) -> st.SearchStrategy[Row]:
    return st.tuples(*(between(*limits) for limits in TAME[: 2 * compartments]))


@st.composite
def doses(draw: st.DrawFn, time: float, evid: int) -> Record:
    amount = draw(between(10, 10000))
    interval = draw(st.integers(32, 16 * 64)) * TICK_H + OFF_GRID_H
    additional = draw(st.one_of(st.just(0), st.integers(1, 6)))
    kind = draw(st.sampled_from(["bolus", "infusion", "infusion", "steady bolus", "steady infusion", "for ever"]))
    if kind == "bolus":
        return Record(time, evid, amount, 0.0, interval if additional else 0.0, additional)
    if kind == "infusion":
        rate = amount / (draw(st.integers(1, 16 * 64)) * TICK_H)
        return Record(time, evid, amount, rate, interval if additional else 0.0, additional)
    steady = draw(st.sampled_from([1, 2]))
    if kind == "steady bolus":
        return Record(time, evid, amount, 0.0, interval, additional, steady)
    if kind == "steady infusion":
        share = draw(st.sampled_from([0.0625, 0.5, 0.984375, 1.0, 1.5, 2.25, 3.5]))
        return Record(time, evid, amount, amount / (share * interval), interval, additional, steady)
    return Record(time, evid, 0.0, amount / 8, 0.0, 0, 1)


@st.composite
def subjects(draw: st.DrawFn, most: int = 9) -> tuple[list[Record], list[Row]]:
    """Records and a row of parameters for each; every second subject has the same row throughout."""
    count = draw(st.integers(2, most))
    steps = draw(st.lists(st.one_of(st.just(0), st.integers(1, 12 * 64)), min_size=count, max_size=count))
    records, time = [], 0.0
    for index in range(count):
        time += steps[index] * TICK_H
        evid = draw(st.sampled_from([0, 0, 0, 1, 1, 1, 2, 3, 4])) if index else draw(st.sampled_from([0, 1, 1, 1, 4]))
        records.append(draw(doses(time, evid)) if evid in (1, 4) else Record(time, evid))
    records.append(Record(time + draw(st.integers(1, 640)) * TICK_H))
    compartments = draw(st.integers(1, 3))
    if draw(st.booleans()):
        return records, [draw(tame_rows(compartments))] * len(records)
    return records, [draw(tame_rows(compartments)) for _ in records]
