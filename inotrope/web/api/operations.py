"""What the API can be asked: each question with what it takes and which of the published schemas its answer has.

One list for the routes, which answer, and for the description, which says so; a question in one alone cannot be.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_TEXTS = 20
"""Texts of one list, such as changes that are supposed: more is no question of one bedside."""

_TEXT = {"type": "string", "minLength": 1, "maxLength": 200}


def _text(says: str, example: str) -> dict[str, object]:
    return {**_TEXT, "description": says, "examples": [example]}


def _list(says: str, example: str) -> dict[str, object]:
    return {
        "type": "array",
        "items": _TEXT,
        "maxItems": MOST_TEXTS,
        "uniqueItems": True,
        "description": says,
        "examples": [[example]],
    }


OPTIONS: dict[str, dict[str, object]] = {
    "overrides": {
        "type": "object",
        "additionalProperties": {"type": "string", "minLength": 8, "maxLength": 500},
        "maxProperties": MOST_TEXTS,
        "description": "By rule, why its stop is set aside and who decided.",
    },
    "assume_kidney": _text("A creatinine clearance to use instead of the patient's own.", "60 mL/min/1.73 m2"),
    "what_if": _list("Changes whose levels the forecast tells beside its own.", "pause 2 h after 6 h"),
    "models": _list("Shipped models to fit by; all where none is named.", "milrinone/label_adult"),
    "concentration": _text("The wanted levels; else the studied range.", "100-300 ng/mL"),
    "penalty": _text("What time above the range counts, 0 to 100; else 2.", "2"),
    "hours": _text("When a level could be drawn; else every full hour.", "2 h, 6 h"),
    "result_after": _text("How long after it is drawn a level's result is there; else at once.", "1 h"),
    "regimen": _text("What is given from now on; else the label's rates.", "0.5 mcg/kg/min for 24 h"),
    "typical": _text("A typical heart that stands in for what was not measured.", "decompensated_heart_failure"),
    "model": _text("The kinetics of the regimen, by a shipped model.", "milrinone/prielipp_1996"),
}
"""Every option as it is written, by its name."""
OF_A_PLAN = ("overrides", "assume_kidney")


@dataclass(frozen=True, slots=True)
class Operation:
    """One question.

    Attributes:
        name: The last part of its path.
        says: What it answers.
        takes: What its body has beside `options`: the name, which schema, whether it must be there.
        options: Which options it reads.
        answers: The published schema of its answer.
    """

    name: str
    says: str
    takes: tuple[tuple[str, str | dict[str, object], bool], ...]
    options: tuple[str, ...]
    answers: str


_CASE = (("case", "case", True),)
_CHANGE = _text("The change that is supposed.", "rate 0.5 mcg/kg/min after 2 h")
_ORDER: dict[str, object] = {
    "anyOf": [{"type": "string", "minLength": 1, "maxLength": 2000}, {"$ref": "#/components/schemas/order"}],
    "description": "The order as free text, or as a table of fields.",
}
OPERATIONS = (
    Operation("plan", "The checked plan of a case: as `inotrope plan --json`.", _CASE, (*OF_A_PLAN, "what_if"), "plan"),
    Operation("screen", "The findings alone: as `inotrope screen --json`.", _CASE, OF_A_PLAN, "screening"),
    Operation(
        "fit",
        "What the measured levels say of the patient: as `inotrope fit --json`.",
        _CASE,
        ("assume_kidney", "models"),
        "fit",
    ),
    Operation(
        "target",
        "The rate that most probably keeps the patient in a range of levels: as `inotrope target --json`.",
        _CASE,
        (*OF_A_PLAN, "concentration", "penalty", "hours", "result_after"),
        "target",
    ),
    Operation(
        "circulation",
        "Heart and vessels before and during; it selects no rate: as `inotrope circulation --json`.",
        _CASE,
        ("regimen", "typical", "model"),
        "circulation",
    ),
    Operation(
        "what-if",
        "What one change would do to the levels, by the draws of the plan, which are kept.",
        (*_CASE, ("change", _CHANGE, True)),
        OF_A_PLAN,
        "what-if",
    ),
    Operation(
        "order",
        "One infusion order, checked against itself and against its patient: as `inotrope order --json`.",
        (("order", _ORDER, True), ("case", "case", False)),
        (),
        "order-check",
    ),
    Operation(
        "dose",
        "A rate to a pump setting, or a setting to a rate: as `inotrope dose --json`. One of `rate` and `pump`.",
        (
            ("weight", _text("Of the body.", "70 kg"), True),
            ("concentration", _text("Of the bag.", "200 mcg/mL"), True),
            ("rate", _text("The rate to convert.", "0.5 mcg/kg/min"), False),
            ("pump", _text("The pump setting to convert.", "10.5 mL/h"), False),
            ("step", _text("The pump's smallest step, with a rate.", "0.1 mL/h"), False),
            ("entry", _text("The dosing entry whose range is compared.", "fda-adhf-adult"), False),
            ("drug", _text("Its name; else milrinone.", "milrinone"), False),
        ),
        (),
        "conversion",
    ),
)
"""Every question that computes; each is a POST."""
