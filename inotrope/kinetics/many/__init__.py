"""Many patients at once, in machine code: the same curves as the reference gives one by one.

Knows h, L, mcg and ng/mL, and threads. Loads Numba, which the files above this folder never do: they serve one patient.
"""

from inotrope.kinetics.many.choosing import quantiles_of_columns
from inotrope.kinetics.many.even_grid import concentrations_even
from inotrope.kinetics.many.patients import Many, concentrations_of_many
from inotrope.kinetics.many.quantiles import quantiles_of_many

__all__ = ["Many", "concentrations_even", "concentrations_of_many", "quantiles_of_columns", "quantiles_of_many"]
