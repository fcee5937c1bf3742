"""This patient, not the average one: from levels and a published model to this patient's parameters.

Knows arrays in internal units, models and dose histories; it proposes no dose.
"""

from inotrope.estimation.building import problem_of
from inotrope.estimation.chen import chen_clearances
from inotrope.estimation.creatinine_balance import Balance, Volumes
from inotrope.estimation.derivatives import derivatives
from inotrope.estimation.draw_weights import Weighed, weigh_draws
from inotrope.estimation.etas import Etas, etas_of
from inotrope.estimation.kidney_of_case import KidneyOfCase, kidney_of_case
from inotrope.estimation.kidney_path import KidneyAhead, Walk
from inotrope.estimation.kidney_walk import walk
from inotrope.estimation.mode import Mode
from inotrope.estimation.models import ModelAverage, WeighedModel, average_models
from inotrope.estimation.newton import find_mode
from inotrope.estimation.objective import log_likelihood, objective
from inotrope.estimation.plausibility import judge_levels, level_scores
from inotrope.estimation.posterior import Posterior, sample_posterior, strided
from inotrope.estimation.predictions import Predictions, predict_levels, shrinkage, shrinkage_of, uncertainty_left
from inotrope.estimation.problem import ErrorModel, Levels, Problem
from inotrope.estimation.refusal_texts import refusal
from inotrope.estimation.refusals import judge_mode, judge_posterior
from inotrope.estimation.walk_spread import WalkSpread

__all__ = [
    "Balance",
    "ErrorModel",
    "Etas",
    "KidneyAhead",
    "KidneyOfCase",
    "Levels",
    "Mode",
    "ModelAverage",
    "Posterior",
    "Predictions",
    "Problem",
    "Volumes",
    "Walk",
    "WalkSpread",
    "Weighed",
    "WeighedModel",
    "average_models",
    "chen_clearances",
    "derivatives",
    "etas_of",
    "find_mode",
    "judge_levels",
    "judge_mode",
    "judge_posterior",
    "kidney_of_case",
    "level_scores",
    "log_likelihood",
    "objective",
    "predict_levels",
    "problem_of",
    "refusal",
    "sample_posterior",
    "shrinkage",
    "shrinkage_of",
    "strided",
    "uncertainty_left",
    "walk",
    "weigh_draws",
]
