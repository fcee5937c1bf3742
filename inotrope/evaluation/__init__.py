"""A model held against a table of measured levels: each subject's parameters, and how well the model foresees."""

from inotrope.evaluation.fitting import fit_table
from inotrope.evaluation.predictive_check import PredictiveCheck, predictive_checks
from inotrope.evaluation.prospective import foresee
from inotrope.evaluation.record import Foresight, LaterRows, LevelRows, Prospective, TableFit

__all__ = [
    "Foresight",
    "LaterRows",
    "LevelRows",
    "PredictiveCheck",
    "Prospective",
    "TableFit",
    "fit_table",
    "foresee",
    "predictive_checks",
]
