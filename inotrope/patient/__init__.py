"""One person: body, kidneys, labs, conditions, what was given, what was measured."""

from __future__ import annotations

from typing import Any

from inotrope.patient.age import AgeGroup
from inotrope.patient.body import BodySize, body_size
from inotrope.patient.case import (
    Administration,
    Case,
    Event,
    Line,
    Measurement,
    Person,
    Preparation,
    Pump,
    Support,
)
from inotrope.patient.creatinine import KIDNEY_REPLACEMENT
from inotrope.patient.kidney import Kidney, assess_kidney
from inotrope.patient.kidney_estimates import KINETIC, Estimate
from inotrope.patient.medicine_names import (
    Named,
    NearName,
    did_you_mean,
    near_as_a_whole,
    near_medicines,
    read_listed,
    read_medicine,
)
from inotrope.patient.reading import read_case
from inotrope.patient.vocabulary import MeasurementKind, Vocabulary, vocabulary

__all__ = [
    "KIDNEY_REPLACEMENT",
    "KINETIC",
    "Administration",
    "AgeGroup",
    "BodySize",
    "Case",
    "Estimate",
    "Event",
    "Kidney",
    "Line",
    "Measurement",
    "MeasurementKind",
    "Named",
    "NearName",
    "Person",
    "Preparation",
    "Pump",
    "Support",
    "Vocabulary",
    "assess_kidney",
    "body_size",
    "case_schema",
    "did_you_mean",
    "near_as_a_whole",
    "near_medicines",
    "read_case",
    "read_listed",
    "read_medicine",
    "vocabulary",
]


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a case."""
    from inotrope.patient import form  # noqa: PLC0415 - it loads Pydantic, which a dose conversion does not need

    return form.case_schema()
