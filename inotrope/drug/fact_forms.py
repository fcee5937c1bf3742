"""The facts that the program can compute, which a rule may ask for: what each is, and never its value.

Knows names, dimensions and decimals. How a fact comes about stands in `safety/`; what is much of it, a rule says.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FactForm:
    """What a computed fact is.

    Attributes:
        dimension: What it measures; None for a truth.
        decimals: How many are shown.
        needs_dose: Whether it exists only once a dose is computed.
        lists: Whether it is a list of texts: true when it holds any, and `{value}` is these texts.
        as_typed: Whether it is told in the unit in which somebody typed it, where a factor of 1,000 is seen.
    """

    dimension: str | None
    decimals: int = 0
    needs_dose: bool = False
    lists: bool = False
    as_typed: bool = False


RATIO = "ratio"
"""The dimension word of a plain number, which has no unit."""

FACTS: dict[str, FactForm] = {
    "kidney clearance": FactForm("flow per body surface area", 1),
    "creatinine is changing": FactForm(None),
    "kinetic estimate is the lowest": FactForm(None),
    "difference between estimates": FactForm("fraction", 0),
    "difference from reported eGFR": FactForm("fraction", 0),
    "load is due": FactForm(None),
    "start without a load is due": FactForm(None),
    "infusion is running": FactForm(None),
    "milrinone was given before": FactForm(None),
    "running rate": FactForm("rate per body weight", 3),
    "running for": FactForm("time", 1),
    "highest earlier rate": FactForm("rate per body weight", 3),
    "given too fast": FactForm("dose per body weight", 1),
    "time since a load that was too fast": FactForm("time", 1),
    "runs past its age": FactForm(None, lists=True),
    "largest dose given": FactForm("dose per body weight", 1),
    "doses given in 24 h": FactForm("dose per body weight", 1),
    "given 24 h": FactForm("dose per body weight", 2),
    "preparation concentration": FactForm("mass concentration", 3, as_typed=True),
    "patient is an adult": FactForm(None),
    "patient is a newborn": FactForm(None),
    "patient is an infant": FactForm(None),
    "patient is a preterm newborn": FactForm(None),
    "patient is past childhood": FactForm(None),
    "child's kidney is impaired": FactForm(None),
    "weight": FactForm("body weight", 1),
    "height": FactForm("length", 0),
    "weight change": FactForm("fraction", 0),
    "weight ratio": FactForm(RATIO, 1),
    "dry weight difference": FactForm("fraction", 0),
    "weight is unusual for the age": FactForm(None),
    "weight over squared height": FactForm(RATIO, 1),
    "pressures are in the wrong order": FactForm(None),
    "dose on top of an infusion": FactForm(None, lists=True),
    "times beyond the weights of the age": FactForm(RATIO, 1),
    "newborn's weight is out of range": FactForm(None),
    "platelet fall": FactForm("fraction", 0),
    "systolic fall": FactForm("pressure", 0),
    "systolic fall since the start": FactForm("pressure", 0),
    "mean pressure fall": FactForm("pressure", 0),
    "mean pressure share lost": FactForm("fraction", 0),
    "heart rate change": FactForm("rate of beats", 0),
    "urine fall": FactForm("fraction", 0),
    "assumed kidney is above the measured one": FactForm(None),
    "premix strength is not a real one": FactForm(None),
    "vial is undiluted": FactForm(None),
    "syringe is ten-fold": FactForm(None, lists=True),
    "bag should be empty": FactForm(None),
    "bag hangs since": FactForm("time", 1),
    "diluent is not on the label": FactForm(None, lists=True),
    "preparation looks counted as salt": FactForm(None, lists=True),
    "preparation is not on the site's list": FactForm(None, lists=True),
    "line partners not known": FactForm(None, lists=True),
    "unchecked names": FactForm(None, lists=True),
    "names near to known ones": FactForm(None, lists=True),
    "names read without their strength": FactForm(None, lists=True),
    "unjudged records": FactForm(None, lists=True),
    "running rate is above what is allowed": FactForm(None, needs_dose=True),
    "rate is above the site's soft limit": FactForm(None, needs_dose=True, lists=True),
    "delivered rate": FactForm("rate per body weight", 3, needs_dose=True),
    "total 24 h": FactForm("dose per body weight", 2, needs_dose=True),
    "delivered error": FactForm("fraction", 0, needs_dose=True),
    "pump rate is below its minimum": FactForm(None, needs_dose=True),
    "bag lasts": FactForm("time", 0, needs_dose=True),
    "preparation is diluted": FactForm(None, needs_dose=True),
}
"""Every fact that the program computes; a rule that names another is not read."""
