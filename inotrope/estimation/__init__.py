"""This patient, not the average one: from levels and a published model to this patient's parameters.

Knows arrays in internal units, models and dose histories; it proposes no dose.
"""

from inotrope.estimation.building import problem_of
from inotrope.estimation.derivatives import derivatives
from inotrope.estimation.etas import Etas, etas_of
from inotrope.estimation.mode import Mode
from inotrope.estimation.newton import find_mode
from inotrope.estimation.objective import log_likelihood, objective
from inotrope.estimation.plausibility import judge_levels, level_scores
from inotrope.estimation.predictions import Predictions, predict_levels, shrinkage, uncertainty_left
from inotrope.estimation.problem import ErrorModel, Levels, Problem
from inotrope.estimation.refusals import judge_mode

__all__ = [
    "ErrorModel",
    "Etas",
    "Levels",
    "Mode",
    "Predictions",
    "Problem",
    "derivatives",
    "etas_of",
    "find_mode",
    "judge_levels",
    "judge_mode",
    "level_scores",
    "log_likelihood",
    "objective",
    "predict_levels",
    "problem_of",
    "shrinkage",
    "uncertainty_left",
]
