"""The disposition of a drug in one, two or three compartments, as arrays.

Knows which numbers describe a body (clearances and volumes), the shape they have, and which of them are meaningless.
Does not know where they come from (`population`, `estimation`), nor any unit but L and h.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inotrope.errors import KineticsError

Array = NDArray[Any]
"""Numbers of float64, or of complex128 where a derivative by the complex step is taken."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Disposition of one, two or three compartments.

    Every array has the shape `(..., rows)`: the leading axes are draws or patients, the last axis the parameter rows in
    time, one if they never change. 200 draws of an unchanging patient are therefore `(200, 1)`, not `(200,)`. Numbers
    are real or complex; of complex ones the real part is judged. Build it by `Parameters.of`, which checks.

    Attributes:
        clearance_l_per_h: Elimination from the central compartment; 0 is allowed.
        volume_l: The central volume.
        q2_l_per_h: Clearance between the central and the second compartment; 0 shuts it off. None: one compartment.
        v2_l: Volume of the second compartment.
        q3_l_per_h: Clearance between the central and the third compartment. None: at most two compartments.
        v3_l: Volume of the third compartment.
    """

    clearance_l_per_h: Array
    volume_l: Array
    q2_l_per_h: Array | None = None
    v2_l: Array | None = None
    q3_l_per_h: Array | None = None
    v3_l: Array | None = None

    @classmethod
    def of(
        cls,
        *,
        clearance_l_per_h: ArrayLike,
        volume_l: ArrayLike,
        q2_l_per_h: ArrayLike | None = None,
        v2_l: ArrayLike | None = None,
        q3_l_per_h: ArrayLike | None = None,
        v3_l: ArrayLike | None = None,
    ) -> Parameters:
        """Return checked parameters from scalars or arrays that broadcast together.

        Args:
            clearance_l_per_h: L/h, at least 0; as all others a scalar, or `(..., rows)`.
            volume_l: L, above 0.
            q2_l_per_h: L/h, at least 0; together with `v2_l`.
            v2_l: L, above 0.
            q3_l_per_h: L/h, at least 0; together with `v3_l`, and only beside a second compartment.
            v3_l: L, above 0.

        Raises:
            KineticsError: A number is not finite, a volume not above 0, a clearance below 0, half of a compartment is
                missing, or the shapes do not fit; it names parameter, position and value.
        """
        given: dict[str, ArrayLike | None] = {
            "clearance_l_per_h": clearance_l_per_h,
            "volume_l": volume_l,
            "q2_l_per_h": q2_l_per_h,
            "v2_l": v2_l,
            "q3_l_per_h": q3_l_per_h,
            "v3_l": v3_l,
        }
        _whole_compartments(given)
        arrays = {name: _numbers(name, value) for name, value in given.items() if value is not None}
        for name, array in arrays.items():
            _check(name, array, lowest_allowed=name in ("clearance_l_per_h", "q2_l_per_h", "q3_l_per_h"))
        if len({(array.shape, array.dtype) for array in arrays.values()}) == 1:
            return cls(**arrays)
        kind = np.result_type(*arrays.values())
        try:
            shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
        except ValueError:
            shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
            raise KineticsError(
                f"The parameters have shapes that do not fit together: {shapes}. Give each as (..., rows).",
                value=shapes,
                accepted="shapes (..., rows) that broadcast",
                where="parameters",
            ) from None
        return cls(**{name: np.broadcast_to(array.astype(kind), shape) for name, array in arrays.items()})

    @property
    def compartments(self) -> int:
        """Return 1, 2 or 3."""
        return 1 if self.q2_l_per_h is None else 2 if self.q3_l_per_h is None else 3

    @property
    def rows(self) -> int:
        """Return how many parameter rows there are in time; 1 if they never change."""
        return int(self.volume_l.shape[-1])

    @property
    def batch(self) -> tuple[int, ...]:
        """Return the shape of the leading axes: draws or patients."""
        return tuple(self.volume_l.shape[:-1])

    @property
    def is_complex(self) -> bool:
        """Tell whether a derivative rides along in the imaginary part."""
        return bool(np.iscomplexobj(self.volume_l))

    def taken(self, row: NDArray[np.int64]) -> Parameters:
        """Return the parameters of these rows, in this order: `(..., len(row))`; a single row serves for all.

        Raises:
            KineticsError: A row is asked for that is not there.
        """
        if self.rows == 1:
            return self
        self.check_rows(row)
        return Parameters(**{name: np.take(array, row, axis=-1) for name, array in self.named().items()})

    def check_rows(self, row: NDArray[np.int64]) -> None:
        """Raise where one of these rows is not there; a single row serves for all."""
        if self.rows == 1 or not row.size or 0 <= row.min() <= row.max() < self.rows:
            return
        missing = int(row.max() if row.max() >= self.rows else row.min())
        raise KineticsError(
            f"The timeline asks for parameter row '{missing}', and there are {self.rows}, counted from 0.",
            value=missing,
            accepted=f"0 to {self.rows - 1}, or one row for all times",
            where="parameters",
        )

    def named(self) -> dict[str, Array]:
        """Return the arrays that are there, by name."""
        both = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: array for name, array in both if array is not None}


def _whole_compartments(given: Mapping[str, ArrayLike | None]) -> None:
    for flow, volume in (("q2_l_per_h", "v2_l"), ("q3_l_per_h", "v3_l")):
        for missing, there in ((flow, volume), (volume, flow)):
            if given[missing] is None and given[there] is not None:
                raise KineticsError(
                    f"'{there}' is given and '{missing}' is not: a compartment needs both.",
                    accepted=f"{flow} and {volume}, or neither",
                    where=f"parameters: {missing}",
                )
    if given["q3_l_per_h"] is not None and given["q2_l_per_h"] is None:
        raise KineticsError(
            "A third compartment is given without a second: name it the second.",
            accepted="q2_l_per_h and v2_l",
            where="parameters: q2_l_per_h",
        )


def _numbers(name: str, value: ArrayLike) -> Array:
    try:
        array = np.asarray(value)
        kind = np.complex128 if np.iscomplexobj(array) else np.float64
        return np.atleast_1d(array.astype(kind))
    except (TypeError, ValueError):
        raise KineticsError(
            f"'{name}' is not a number or an array of numbers: '{value!s}'.",
            value=value,
            accepted="a number or an array of numbers",
            where=f"parameters: {name}",
        ) from None


def _check(name: str, array: Array, *, lowest_allowed: bool) -> None:
    enough = array.real >= 0 if lowest_allowed else array.real > 0
    sound = np.isfinite(array) & enough
    if sound.all():
        return
    place = tuple(int(index) for index in np.argwhere(~sound)[0])
    accepted = "finite numbers of at least 0" if lowest_allowed else "finite numbers above 0"
    raise KineticsError(
        f"'{name}' is '{array[place]}' at position {list(place)}; accepted are {accepted}.",
        value=array[place],
        accepted=accepted,
        where=f"parameters: {name}{list(place)}",
    )
