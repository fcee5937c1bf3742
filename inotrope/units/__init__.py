"""Quantities: text in, text out, conversions, and the clock. Parsed at the edges and nowhere inside."""

from inotrope.units.clock import completed_years, hours_between, later, read_date, read_time
from inotrope.units.proof import prove_units
from inotrope.units.quantity import Quantity, plain_number, round_half_up, step_down, step_half_up
from inotrope.units.reading import read_quantity
from inotrope.units.registry import Unit, find_unit, from_ucum, registry, to_ucum, unit, units_of
from inotrope.units.substance import convert_substance

__all__ = [
    "Quantity",
    "Unit",
    "completed_years",
    "convert_substance",
    "find_unit",
    "from_ucum",
    "hours_between",
    "later",
    "plain_number",
    "prove_units",
    "read_date",
    "read_quantity",
    "read_time",
    "registry",
    "round_half_up",
    "step_down",
    "step_half_up",
    "to_ucum",
    "unit",
    "units_of",
]
