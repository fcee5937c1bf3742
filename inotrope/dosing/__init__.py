"""Dose, rate, pump and preparation arithmetic: what a pharmacist does with paper. No rule of safety, and no model."""

from inotrope.dosing.ceiling import Ceiling, Limit, ceiling, room
from inotrope.dosing.conversion import Conversion, RateTable, dose_to_pump, pump_to_dose, rate_table
from inotrope.dosing.entry import entries_beside, find_entry, shown_time
from inotrope.dosing.history import History, Piece, history
from inotrope.dosing.load import (
    LABELS_LOAD,
    LoadingDose,
    Volume,
    highest_load_mcg_per_kg,
    load_by_rate,
    loading_dose,
    loading_until,
    no_load,
)
from inotrope.dosing.preparation import (
    Offered,
    Prepared,
    prepare,
    prepared_concentration,
    standard_preparations,
    weight_syringes,
)
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
    "LABELS_LOAD",
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
    "entries_beside",
    "find_entry",
    "from_pump",
    "highest_load_mcg_per_kg",
    "history",
    "line_applies",
    "load_by_rate",
    "loading_dose",
    "loading_until",
    "no_load",
    "prepare",
    "prepared_concentration",
    "pump_step",
    "pump_to_dose",
    "rate_table",
    "renal_line",
    "room",
    "shown_time",
    "standard_preparations",
    "to_pump",
    "weight_syringes",
    "worst_total",
]
