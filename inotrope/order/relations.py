"""The arithmetic that ties the parts of an order together: products and quotients of stated quantities.

Knows each relation once, as a table. What is compared with what, and how far off it is, stands in `pairs.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from inotrope.order.statements import AGES, FLOW_OF, NAMED, Kind

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
        Kind.LOWEST_PUMP_RATE,
        Kind.STEP_PUMP_RATE,
        Kind.LONG_COURSE,
        Kind.STAGE_TIME,
    }
)
"""Kinds of which an order may state several."""


@dataclass(frozen=True, slots=True)
class Relation:
    """`output` = factor x the product of `up` / (divisor x the product of `down`), each in the unit of its kind.

    `unless` names kinds whose statement makes this relation a longer way to say the same, where the shorter one can be
    worked out.
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


def _flows(rate: Kind) -> tuple[Relation, ...]:
    """Return every way from a rate per weight to the flow that gives it: one for each way to tell what is in the bag.

    The first, a later, the highest and the lowest stage, a step, a load and an earlier rate all have the same.
    """
    flow = FLOW_OF[rate]
    id_, what = flow.value.replace(" ", "-"), rate.value
    return (
        Relation(
            id_, f"{what} x weight x 60 min/h / concentration", flow, (rate, K.WEIGHT), (K.CONCENTRATION,), _MIN_PER_H
        ),
        Relation(
            f"{id_}-from-bag",
            f"{what} x weight x 60 min/h x volume / amount",
            flow,
            (rate, K.WEIGHT, K.VOLUME),
            (K.AMOUNT,),
            _MIN_PER_H,
        ),
        Relation(
            f"{id_}-from-bag-by-weight",
            f"{what} x 60 min/h x volume / amount per weight",
            flow,
            (rate, K.VOLUME),
            (K.AMOUNT_PER_WEIGHT,),
            _MIN_PER_H,
        ),
        Relation(
            f"{id_}-from-vial",
            f"{what} x weight x 60 min/h x volume / (volume drawn x strength of the vial)",
            flow,
            (rate, K.WEIGHT, K.VOLUME),
            (K.DRUG_VOLUME, K.VIAL_STRENGTH),
            _MIN_PER_H,
            unless=(K.AMOUNT, K.CONCENTRATION),
        ),
        Relation(f"{id_}-by-scale", f"{what} / rate that 1 mL/h gives", flow, (rate,), (K.RATE_PER_ML_PER_H,)),
    )


def _totals() -> tuple[Relation, ...]:
    """Return what an infusion gives in a time: by its rate, else by its amount per time, else by its pump rate."""
    ways = (
        ("by-concentration", "concentration", (K.CONCENTRATION,), (), ()),
        ("by-bag", "amount / volume", (K.AMOUNT,), (K.VOLUME,), (K.CONCENTRATION,)),
        ("by-bag-per-weight", "amount per weight x weight / volume", (K.AMOUNT_PER_WEIGHT, K.WEIGHT), (K.VOLUME,),
         (K.CONCENTRATION, K.AMOUNT)),
        ("by-vial", "volume drawn x strength of the vial / volume", (K.DRUG_VOLUME, K.VIAL_STRENGTH), (K.VOLUME,),
         (K.CONCENTRATION, K.AMOUNT)),
    )  # fmt: skip
    pumped, by_rate = "pump rate x time of the total", "rate x weight x 60 min/h x time of the total"
    by_mass, by_dose = "amount per time x 60 min/h x time of the total", "rate x 60 min/h x time of the total"
    found = [
        Relation("total", by_rate, K.TOTAL, (K.RATE, K.WEIGHT, K.TOTAL_TIME), (), _MIN_PER_H),
        Relation(
            "total-from-mass-rate", by_mass, K.TOTAL, (K.MASS_RATE, K.TOTAL_TIME), (), _MIN_PER_H, unless=(K.RATE,)
        ),
        Relation("total-per-weight", by_dose, K.TOTAL_PER_WEIGHT, (K.RATE, K.TOTAL_TIME), (), _MIN_PER_H),
        Relation("total-volume", pumped, K.TOTAL_VOLUME, (K.PUMP_RATE, K.TOTAL_TIME), ()),
    ]
    for id_, says, up, down, unless in ways:
        pump_up = (K.PUMP_RATE, K.TOTAL_TIME, *up)
        found += [
            Relation(
                f"total-{id_}", f"{pumped} x {says}", K.TOTAL, pump_up, down, unless=(K.RATE, K.MASS_RATE, *unless)
            ),
            Relation(
                f"total-per-weight-{id_}",
                f"{pumped} x {says} / weight",
                K.TOTAL_PER_WEIGHT,
                pump_up,
                (*down, K.WEIGHT),
                unless=(K.RATE, *unless),
            ),
            Relation(
                f"total-volume-{id_}",
                f"{by_rate} / ({says})",
                K.TOTAL_VOLUME,
                (K.RATE, K.WEIGHT, K.TOTAL_TIME, *down),
                up,
                _MIN_PER_H,
                unless=(K.PUMP_RATE, *unless),
            ),
        ]
    return tuple(found)


RELATIONS = (
    *_totals(),
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
    *(relation for rate in FLOW_OF for relation in _flows(rate)),
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
        "pump-rate-from-mass-rate-and-bag-by-weight",
        "amount per time x 60 min/h x volume / (amount per weight x weight)",
        K.PUMP_RATE,
        (K.MASS_RATE, K.VOLUME),
        (K.AMOUNT_PER_WEIGHT, K.WEIGHT),
        _MIN_PER_H,
        unless=(K.CONCENTRATION, K.AMOUNT),
    ),
    Relation(
        "pump-rate-from-mass-rate-and-vial",
        "amount per time x 60 min/h x volume / (volume drawn x strength of the vial)",
        K.PUMP_RATE,
        (K.MASS_RATE, K.VOLUME),
        (K.DRUG_VOLUME, K.VIAL_STRENGTH),
        _MIN_PER_H,
        unless=(K.CONCENTRATION, K.AMOUNT),
    ),
    Relation(
        "pump-rate-from-mass-rate-by-scale",
        "amount per time / weight / rate that 1 mL/h gives",
        K.PUMP_RATE,
        (K.MASS_RATE,),
        (K.WEIGHT, K.RATE_PER_ML_PER_H),
        unless=(K.CONCENTRATION, K.AMOUNT),
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
        "pump-rate-by-weight-from-bag",
        "rate x 60 min/h x volume / amount",
        K.PUMP_RATE_PER_WEIGHT,
        (K.RATE, K.VOLUME),
        (K.AMOUNT,),
        _MIN_PER_H,
        unless=(K.CONCENTRATION,),
    ),
    Relation(
        "pump-rate-by-weight-from-bag-by-weight",
        "rate x 60 min/h x volume / (amount per weight x weight)",
        K.PUMP_RATE_PER_WEIGHT,
        (K.RATE, K.VOLUME),
        (K.AMOUNT_PER_WEIGHT, K.WEIGHT),
        _MIN_PER_H,
        unless=(K.CONCENTRATION, K.AMOUNT),
    ),
    Relation(
        "pump-rate-by-weight-from-vial",
        "rate x 60 min/h x volume / (volume drawn x strength of the vial)",
        K.PUMP_RATE_PER_WEIGHT,
        (K.RATE, K.VOLUME),
        (K.DRUG_VOLUME, K.VIAL_STRENGTH),
        _MIN_PER_H,
        unless=(K.CONCENTRATION, K.AMOUNT),
    ),
    Relation(
        "pump-rate-by-weight-by-scale",
        "rate / rate that 1 mL/h gives / weight",
        K.PUMP_RATE_PER_WEIGHT,
        (K.RATE,),
        (K.RATE_PER_ML_PER_H, K.WEIGHT),
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
    Relation(
        "scale-from-vial",
        "1 mL/h x volume drawn x strength of the vial / volume / 60 min/h / weight",
        K.RATE_PER_ML_PER_H,
        (K.DRUG_VOLUME, K.VIAL_STRENGTH),
        (K.VOLUME, K.WEIGHT),
        divisor=_MIN_PER_H,
        unless=(K.CONCENTRATION, K.AMOUNT),
    ),
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
    Relation(
        "load-pump-rate-from-amount",
        "amount of the load x 60 min/h / (strength x time of the load)",
        K.LOAD_PUMP_RATE,
        (K.LOAD_AMOUNT,),
        (K.LOAD_STRENGTH, K.LOAD_TIME),
        _MIN_PER_H,
        unless=(K.LOAD_VOLUME, K.LOAD_DILUTED, K.LOAD_DOSE),
    ),
    Relation(
        "load-amount-by-rate",
        "rate of the load x time of the load x weight",
        K.LOAD_AMOUNT,
        (K.LOAD_RATE, K.LOAD_TIME, K.WEIGHT),
        (),
        unless=(K.LOAD_DOSE,),
    ),
    Relation(
        "load-volume-by-rate",
        "rate of the load x time of the load x weight / concentration",
        K.LOAD_VOLUME,
        (K.LOAD_RATE, K.LOAD_TIME, K.WEIGHT),
        (K.CONCENTRATION,),
        unless=(K.LOAD_STRENGTH,),
    ),
    Relation(
        "load-volume-by-rate-from-bag",
        "rate of the load x time of the load x weight x volume / amount",
        K.LOAD_VOLUME,
        (K.LOAD_RATE, K.LOAD_TIME, K.WEIGHT, K.VOLUME),
        (K.AMOUNT,),
        unless=(K.LOAD_STRENGTH, K.CONCENTRATION),
    ),
    Relation(
        "load-volume-by-rate-from-bag-by-weight",
        "rate of the load x time of the load x volume / amount per weight",
        K.LOAD_VOLUME,
        (K.LOAD_RATE, K.LOAD_TIME, K.VOLUME),
        (K.AMOUNT_PER_WEIGHT,),
        unless=(K.LOAD_STRENGTH,),
    ),
    Relation("load-by-rate", "rate of the load x time of the load", K.LOAD_DOSE, (K.LOAD_RATE, K.LOAD_TIME), ()),
)
