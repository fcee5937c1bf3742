"""The arithmetic that ties the parts of an order together: products and quotients of stated quantities.

Knows each relation once, as a table. What is compared with what, and how far off it is, stands in `pairs.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inotrope.order.statements import AGES, NAMED, Kind

_MIN_PER_H = Decimal(60)

MAY_DIFFER = (
    AGES
    | NAMED
    | {
        Kind.STEP,
        Kind.STEP_TIME,
        Kind.HIGHEST,
        Kind.LOWEST,
        Kind.HIGHEST_PUMP_RATE,
        Kind.LONG_COURSE,
    }
)
"""Kinds of which an order may state several."""


@dataclass(frozen=True, slots=True)
class Relation:
    """`output` = factor x the product of `up` / (divisor x the product of `down`), each in the unit of its kind.

    `unless` names kinds whose statement makes this relation a longer way to say the same.
    """

    id: str
    says: str
    output: Kind
    up: tuple[Kind, ...]
    down: tuple[Kind, ...]
    factor: Decimal = Decimal(1)
    divisor: Decimal = Decimal(1)
    unless: tuple[Kind, ...] = ()


K = Kind
RELATIONS = (
    Relation("concentration", "amount / volume", K.CONCENTRATION, (K.AMOUNT,), (K.VOLUME,)),
    Relation("amount-by-weight", "amount per weight x weight", K.AMOUNT, (K.AMOUNT_PER_WEIGHT, K.WEIGHT), ()),
    Relation(
        "concentration-by-weight",
        "amount per weight x weight / volume",
        K.CONCENTRATION,
        (K.AMOUNT_PER_WEIGHT, K.WEIGHT),
        (K.VOLUME,),
        unless=(K.AMOUNT,),
    ),
    Relation("amount-drawn", "volume drawn x strength of the vial", K.AMOUNT, (K.DRUG_VOLUME, K.VIAL_STRENGTH), ()),
    Relation(
        "concentration-drawn",
        "volume drawn x strength of the vial / volume of the bag",
        K.CONCENTRATION,
        (K.DRUG_VOLUME, K.VIAL_STRENGTH),
        (K.VOLUME,),
        unless=(K.AMOUNT,),
    ),
    Relation("mass-rate", "rate x weight", K.MASS_RATE, (K.RATE, K.WEIGHT), ()),
    Relation(
        "pump-rate",
        "rate x weight x 60 min/h / concentration",
        K.PUMP_RATE,
        (K.RATE, K.WEIGHT),
        (K.CONCENTRATION,),
        _MIN_PER_H,
    ),
    Relation(
        "pump-rate-from-bag",
        "rate x weight x 60 min/h x volume / amount",
        K.PUMP_RATE,
        (K.RATE, K.WEIGHT, K.VOLUME),
        (K.AMOUNT,),
        _MIN_PER_H,
    ),
    Relation(
        "pump-rate-from-bag-by-weight",
        "rate x 60 min/h x volume / amount per weight",
        K.PUMP_RATE,
        (K.RATE, K.VOLUME),
        (K.AMOUNT_PER_WEIGHT,),
        _MIN_PER_H,
        unless=(K.AMOUNT,),
    ),
    Relation(
        "pump-rate-from-vial",
        "rate x weight x 60 min/h x volume / (volume drawn x strength of the vial)",
        K.PUMP_RATE,
        (K.RATE, K.WEIGHT, K.VOLUME),
        (K.DRUG_VOLUME, K.VIAL_STRENGTH),
        _MIN_PER_H,
        unless=(K.AMOUNT, K.CONCENTRATION),
    ),
    Relation(
        "pump-rate-from-mass-rate",
        "amount per time x 60 min/h / concentration",
        K.PUMP_RATE,
        (K.MASS_RATE,),
        (K.CONCENTRATION,),
        _MIN_PER_H,
    ),
    Relation(
        "pump-rate-from-mass-rate-and-bag",
        "amount per time x 60 min/h x volume / amount",
        K.PUMP_RATE,
        (K.MASS_RATE, K.VOLUME),
        (K.AMOUNT,),
        _MIN_PER_H,
        unless=(K.CONCENTRATION,),
    ),
    Relation(
        "highest-pump-rate",
        "highest rate x weight x 60 min/h / concentration",
        K.HIGHEST_PUMP_RATE,
        (K.HIGHEST, K.WEIGHT),
        (K.CONCENTRATION,),
        _MIN_PER_H,
    ),
    Relation(
        "highest-pump-rate-from-bag",
        "highest rate x weight x 60 min/h x volume / amount",
        K.HIGHEST_PUMP_RATE,
        (K.HIGHEST, K.WEIGHT, K.VOLUME),
        (K.AMOUNT,),
        _MIN_PER_H,
        unless=(K.CONCENTRATION,),
    ),
    Relation("pump-rate-by-weight", "pump rate / weight", K.PUMP_RATE_PER_WEIGHT, (K.PUMP_RATE,), (K.WEIGHT,)),
    Relation(
        "pump-rate-by-weight-from-rate",
        "rate x 60 min/h / concentration",
        K.PUMP_RATE_PER_WEIGHT,
        (K.RATE,),
        (K.CONCENTRATION,),
        _MIN_PER_H,
    ),
    Relation(
        "scale",
        "1 mL/h x concentration / 60 min/h / weight",
        K.RATE_PER_ML_PER_H,
        (K.CONCENTRATION,),
        (K.WEIGHT,),
        divisor=_MIN_PER_H,
    ),
    Relation(
        "scale-from-bag",
        "1 mL/h x amount / volume / 60 min/h / weight",
        K.RATE_PER_ML_PER_H,
        (K.AMOUNT,),
        (K.VOLUME, K.WEIGHT),
        divisor=_MIN_PER_H,
        unless=(K.CONCENTRATION,),
    ),
    Relation(
        "scale-by-weight",
        "1 mL/h x amount per weight / volume / 60 min/h",
        K.RATE_PER_ML_PER_H,
        (K.AMOUNT_PER_WEIGHT,),
        (K.VOLUME,),
        divisor=_MIN_PER_H,
        unless=(K.AMOUNT, K.CONCENTRATION),
    ),
    Relation("pump-rate-by-scale", "rate / rate that 1 mL/h gives", K.PUMP_RATE, (K.RATE,), (K.RATE_PER_ML_PER_H,)),
    Relation("bag-time", "volume / pump rate", K.BAG_TIME, (K.VOLUME,), (K.PUMP_RATE,)),
    Relation(
        "bag-time-from-rate",
        "amount / (rate x weight x 60 min/h)",
        K.BAG_TIME,
        (K.AMOUNT,),
        (K.RATE, K.WEIGHT),
        divisor=_MIN_PER_H,
        unless=(K.PUMP_RATE,),
    ),
    Relation(
        "bag-time-from-concentration",
        "volume x concentration / (rate x weight x 60 min/h)",
        K.BAG_TIME,
        (K.VOLUME, K.CONCENTRATION),
        (K.RATE, K.WEIGHT),
        divisor=_MIN_PER_H,
        unless=(K.PUMP_RATE, K.AMOUNT),
    ),
    Relation(
        "bag-time-from-mass-rate",
        "amount / (amount per time x 60 min/h)",
        K.BAG_TIME,
        (K.AMOUNT,),
        (K.MASS_RATE,),
        divisor=_MIN_PER_H,
        unless=(K.PUMP_RATE, K.RATE),
    ),
    Relation("load-amount", "loading dose x weight", K.LOAD_AMOUNT, (K.LOAD_DOSE, K.WEIGHT), ()),
    Relation("load-volume", "amount of the load / strength", K.LOAD_VOLUME, (K.LOAD_AMOUNT,), (K.LOAD_STRENGTH,)),
    Relation(
        "load-volume-from-dose",
        "loading dose x weight / strength",
        K.LOAD_VOLUME,
        (K.LOAD_DOSE, K.WEIGHT),
        (K.LOAD_STRENGTH,),
        unless=(K.LOAD_AMOUNT,),
    ),
    Relation(
        "load-pump-rate",
        "volume of the load x 60 min/h / time of the load",
        K.LOAD_PUMP_RATE,
        (K.LOAD_VOLUME,),
        (K.LOAD_TIME,),
        _MIN_PER_H,
        unless=(K.LOAD_DILUTED,),
    ),
    Relation(
        "load-pump-rate-diluted",
        "volume of the diluted load x 60 min/h / time of the load",
        K.LOAD_PUMP_RATE,
        (K.LOAD_DILUTED,),
        (K.LOAD_TIME,),
        _MIN_PER_H,
    ),
    Relation(
        "load-pump-rate-from-dose",
        "loading dose x weight x 60 min/h / (strength x time of the load)",
        K.LOAD_PUMP_RATE,
        (K.LOAD_DOSE, K.WEIGHT),
        (K.LOAD_STRENGTH, K.LOAD_TIME),
        _MIN_PER_H,
        unless=(K.LOAD_VOLUME, K.LOAD_DILUTED),
    ),
    Relation("load-by-rate", "rate of the load x time of the load", K.LOAD_DOSE, (K.LOAD_RATE, K.LOAD_TIME), ()),
)
