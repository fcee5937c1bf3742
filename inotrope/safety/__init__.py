"""Rules in, findings out: what must not happen, and what is not known. It proposes no dose."""

from inotrope.safety.dose_facts import DOSE_FACTS, dose_facts, limits_behind
from inotrope.safety.facts import case_facts, unchecked_names, unjudged_records
from inotrope.safety.gathering import gather
from inotrope.safety.judging import judge
from inotrope.safety.overrides import apply_overrides
from inotrope.safety.rate_facts import told_of_rates
from inotrope.safety.situation import Fact, Situation

__all__ = [
    "DOSE_FACTS",
    "Fact",
    "Situation",
    "apply_overrides",
    "case_facts",
    "dose_facts",
    "gather",
    "judge",
    "limits_behind",
    "told_of_rates",
    "unchecked_names",
    "unjudged_records",
]
