"""Dose, rate, pump and preparation arithmetic: what a pharmacist does with paper. No rule of safety, and no model."""

from inotrope.dosing.ceiling import Ceiling, Limit, ceiling, room
from inotrope.dosing.conversion import Conversion, RateTable, dose_to_pump, pump_to_dose, rate_table
from inotrope.dosing.entry import find_entry
from inotrope.dosing.history import History, Piece, history
from inotrope.dosing.load import LoadingDose, Volume, loading_dose, no_load
from inotrope.dosing.preparation import Offered, Prepared, prepare, prepared_concentration, standard_preparations
from inotrope.dosing.pump import PumpRate, from_pump, to_pump
from inotrope.dosing.regimen import (
    Maintenance,
    Regimen,
    Step,
    Total,
    compute_regimen,
    pump_step,
    worst_total,
)
from inotrope.dosing.renal import line_applies, renal_line

__all__ = [
    "Ceiling",
    "Conversion",
    "History",
    "Limit",
    "LoadingDose",
    "Maintenance",
    "Offered",
    "Piece",
    "Prepared",
    "PumpRate",
    "RateTable",
    "Regimen",
    "Step",
    "Total",
    "Volume",
    "ceiling",
    "compute_regimen",
    "dose_to_pump",
    "find_entry",
    "from_pump",
    "history",
    "line_applies",
    "loading_dose",
    "no_load",
    "prepare",
    "prepared_concentration",
    "pump_step",
    "pump_to_dose",
    "rate_table",
    "renal_line",
    "room",
    "standard_preparations",
    "to_pump",
    "worst_total",
]
