"""How a drug moves heart and vessels, from data files to the numbers that `circulation` takes."""

from inotrope.population.response.beside import drive_beside, not_counted
from inotrope.population.response.ensemble import NAMES, Drawn, Ensemble, Patients, draw, ensemble_of
from inotrope.population.response.hearts import HeartFile, list_hearts, load_heart
from inotrope.population.response.predicting import SEEN, SHOWN, Expected, circulation_at, expect, expected_of
from inotrope.population.response.reading_rules import ReadingRule, ReadingRules
from inotrope.population.response.responses import (
    Member,
    Observed,
    ResponseFile,
    check_response,
    list_responses,
    load_response,
)
from inotrope.population.response.whom import Held, NotFor, judge_filling, judge_whom

__all__ = [
    "NAMES",
    "SEEN",
    "SHOWN",
    "Drawn",
    "Ensemble",
    "Expected",
    "HeartFile",
    "Held",
    "Member",
    "NotFor",
    "Observed",
    "Patients",
    "ReadingRule",
    "ReadingRules",
    "ResponseFile",
    "check_response",
    "circulation_at",
    "draw",
    "drive_beside",
    "ensemble_of",
    "expect",
    "expected_of",
    "judge_filling",
    "judge_whom",
    "list_hearts",
    "list_responses",
    "load_heart",
    "load_response",
    "not_counted",
]
