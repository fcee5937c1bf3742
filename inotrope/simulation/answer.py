"""What a simulation came to: arrays in internal units, and the same as a table in the model's own units.

Knows shapes and columns. One typical patient has curves of the shape `(times,)`, drawn patients `(patients, times)`, a
table of many subjects one value for each of its rows. Where the model refuses there are no arrays, and what asks for
them is an error with the refusal's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from inotrope.errors import RequestError
from inotrope.population import Model, Remark, Standing, Statement
from inotrope.population.model import DataUnits
from inotrope.units.registry import conversion

if TYPE_CHECKING:
    import polars

    from inotrope.simulation.between import Drawn, Source

Floats = NDArray[np.float64]
INTERNAL = DataUnits(time="h", amount="mcg", concentration="ng/mL")
"""The units of every array, and of the tables of a model whose file names none."""


@dataclass(frozen=True, slots=True)
class About:
    """What is told of the model with every answer; see `Model`."""

    model: str
    title: str
    drug: str
    digest: str
    note: str
    unconfirmed: tuple[str, ...]
    judged: tuple[str, ...]
    conflicts: tuple[Statement, ...]
    unknown: tuple[str, ...]
    units: DataUnits

    @classmethod
    def of(cls, model: Model) -> About:
        """Return what a model says of itself."""
        return cls(
            model=model.name,
            title=model.title,
            drug=model.drug,
            digest=model.digest,
            note=model.note,
            unconfirmed=model.unconfirmed,
            judged=model.judged,
            conflicts=model.conflicts,
            unknown=model.unknown,
            units=INTERNAL if model.data is None else model.data,
        )


@dataclass(frozen=True, eq=False)
class Simulation:
    """Levels over time by one model.

    Attributes:
        about: The model, its conflicts and what is not known of it.
        given: The regimen in words, or the table's name.
        patient: Of whom, in words.
        standing: Where they stand to those who were studied, the worst of all.
        remarks: A sentence for everything that is not inside.
        says: What a reader must know beside the numbers.
        refused: Why there is no answer; empty where there is one.
        seed: Of the random numbers; None where nothing was drawn.
        table: Whether every row has its own time, as a table of many subjects has.
        identity: (patients,) indices of the drawn patients, (rows,) the ID of each row of a table; None for one
            typical patient, and where only quantiles were asked for.
        time_h: (times,), or (rows,) of a table.
        concentration_ng_per_ml: (times,), (patients, times), or (rows,) of a table; None where only quantiles were
            asked for. Levels in the blood, without an error of measurement.
        measured_ng_per_ml: As those, with the residual error drawn; None where it was not asked for.
        amounts_mcg: (..., compartments), where asked for, the central compartment first.
        shares: The quantiles that were asked for, as shares from 0 to 1.
        quantiles_ng_per_ml: (times, shares); None where none were asked for.
        of_measured: Whether those quantiles are of measured levels.
        source: What the levels came from, of a regimen or a case; `drawn` is computed from it.
    """

    about: About
    given: str
    patient: str
    standing: Standing
    remarks: tuple[Remark, ...]
    says: tuple[str, ...]
    refused: str = ""
    seed: int | None = None
    table: bool = False
    identity: NDArray[Any] | None = None
    time_h: Floats | None = None
    concentration_ng_per_ml: Floats | None = None
    amounts_mcg: Floats | None = None
    shares: tuple[float, ...] = ()
    quantiles_ng_per_ml: Floats | None = None
    measured_ng_per_ml: Floats | None = None
    of_measured: bool = False
    source: Source | None = None

    @cached_property
    def drawn(self) -> Drawn | None:
        """The curves with what lies between the times that were asked for; see `between.drawn`."""
        from inotrope.simulation.between import drawn  # noqa: PLC0415 - `between` is built on this file

        return drawn(self)

    @property
    def units(self) -> dict[str, str]:
        """The columns of the table with their units, in order; an empty unit for what has none."""
        own = self.about.units
        found = {} if self.identity is None else {"ID": ""}
        found["TIME"] = own.time
        if self.quantiles_ng_per_ml is not None:
            return found | {self._name(share): own.concentration for share in self.shares}
        compartments = 0 if self.amounts_mcg is None else self.amounts_mcg.shape[-1]
        found["CP"] = own.concentration
        if self.measured_ng_per_ml is not None:
            found["DV"] = own.concentration
        return found | {f"A{1 + place}": own.amount for place in range(compartments)}

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        times, levels = self._answer()
        return times.size if self.quantiles_ng_per_ml is not None else levels.size

    def columns(self, start: int = 0, stop: int | None = None) -> dict[str, NDArray[Any]]:
        """Return some rows of the table, by column, in the units of `units`.

        Args:
            start: The first row, counted from 0.
            stop: The row after the last one; None for all that are there.

        Raises:
            RequestError: The model refused.
        """
        times, levels = self._answer()
        place = np.arange(start, self.rows if stop is None else min(stop, self.rows))
        own = self.about.units
        found: dict[str, NDArray[Any]] = {}
        if self.identity is not None:
            found["ID"] = self.identity[place // times.size if levels.ndim > 1 else place]
        found["TIME"] = times[place % times.size] * factor("h", own.time)
        scale = factor("ng/mL", own.concentration)
        if self.quantiles_ng_per_ml is not None:
            return found | {
                self._name(share): self.quantiles_ng_per_ml[place, column] * scale
                for column, share in enumerate(self.shares)
            }
        found["CP"] = levels.reshape(-1)[place] * scale
        if self.measured_ng_per_ml is not None:
            found["DV"] = self.measured_ng_per_ml.reshape(-1)[place] * scale
        if self.amounts_mcg is not None:
            amounts = self.amounts_mcg.reshape(-1, self.amounts_mcg.shape[-1])[place] * factor("mcg", own.amount)
            found |= {f"A{1 + column}": amounts[:, column] for column in range(amounts.shape[-1])}
        return found

    def to_polars(self) -> polars.DataFrame:
        """Return the table as a polars data frame; the units of its columns are in `units`.

        Raises:
            RequestError: polars is not installed, or the model refused.
        """
        from inotrope.simulation.writing import data_frame  # noqa: PLC0415 - it loads polars

        return data_frame(self)

    def write(self, path: Path) -> None:
        """Write the table as CSV, or as Parquet where the name ends in `.parquet`, with units in the schema.

        Raises:
            FileError: The file cannot be written; nothing is left behind.
            RequestError: Parquet without its packages, or the model refused.
        """
        from inotrope.simulation.writing import write  # noqa: PLC0415 - one look at levels writes nothing

        write(self, path)

    def _name(self, share: float) -> str:
        name = quantile_name(share)
        return name.replace("CP", "DV") if self.of_measured else name

    def _answer(self) -> tuple[Floats, Floats]:
        levels = self.concentration_ng_per_ml if self.quantiles_ng_per_ml is None else self.quantiles_ng_per_ml
        if self.time_h is None or levels is None:
            raise RequestError(f"Model {self.about.model} gives no levels here: {self.refused}")
        return self.time_h, levels


def quantile_name(share: float) -> str:
    """Return the column of a quantile: `CP_P5` for 0.05, `CP_P97.5` for 0.975."""
    return f"CP_P{100 * share:.10g}"


def factor(old: str, new: str) -> float:
    """Return what a number in one unit is multiplied by to be in another; exactly 1 for the same."""
    up, down = conversion(old, new)
    return float(up / down)


def many(count: int, whom: str) -> str:
    """Return so many, in words: `1 subject`, `2,000 subjects`."""
    return f"{count:,} {whom}{'' if count == 1 else 's'}"
