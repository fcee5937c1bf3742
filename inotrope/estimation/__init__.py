"""This patient, not the average one: from levels and a published model to this patient's parameters.

Knows arrays in internal units, models and dose histories; it proposes no dose.
"""

from inotrope.estimation.building import problem_of
from inotrope.estimation.etas import Etas, etas_of
from inotrope.estimation.problem import ErrorModel, Levels, Problem

__all__ = ["ErrorModel", "Etas", "Levels", "Problem", "etas_of", "problem_of"]
