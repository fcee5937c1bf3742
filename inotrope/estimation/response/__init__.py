"""This patient's own answer to the drug: from readings of the bedside to draws of heart, vessels and kinetics together.

Knows arrays and published responses; which readings of a case count stands in `of_case.py`. It proposes no dose.
"""

from inotrope.estimation.response.implausible import judge_hearts, judge_readings, tails
from inotrope.estimation.response.learning import Learned, judge_learned, learn
from inotrope.estimation.response.of_case import BedsideOfCase, Reading, bedside_of_case
from inotrope.estimation.response.readings import KINDS, Readings, coordinates
from inotrope.estimation.response.target import Target

__all__ = [
    "KINDS",
    "BedsideOfCase",
    "Learned",
    "Reading",
    "Readings",
    "Target",
    "bedside_of_case",
    "coordinates",
    "judge_hearts",
    "judge_learned",
    "judge_readings",
    "learn",
    "tails",
]
