"""Mass, moles and charge equivalents of one substance.

Knows that 1 mg/dL becomes umol/L only with a molar mass, and mEq/L becomes mmol/L only with a valence. It knows no
substance: whoever calls brings the numbers from the library.
"""

from __future__ import annotations

from decimal import Decimal

from inotrope.errors import UnitError
from inotrope.units.quantity import Quantity
from inotrope.units.registry import unit

_MASS, _MOLAR, _CHARGE = "mass concentration", "molar concentration", "equivalent concentration"


def convert_substance(
    quantity: Quantity, name: str, *, molar_mass: Quantity | None = None, valence: int | None = None
) -> Quantity:
    """Return a concentration in another unit, through the substance's own molar mass or valence where it needs them.

    Args:
        quantity: A concentration by mass, moles or charge equivalents.
        name: The unit wanted.
        molar_mass: In g/mol; needed between mass and moles.
        valence: Charges per molecule; needed to or from mEq/L.

    Returns:
        The same concentration in the unit `name`.

    Raises:
        UnitError: The two units measure different things, or the molar mass or valence that links them is missing.
    """
    wanted = unit(name).dimension
    if quantity.dimension == wanted:
        return quantity.to(name)
    kinds = {quantity.dimension, wanted}
    if not kinds <= {_MASS, _MOLAR, _CHARGE}:
        return quantity.to(name)  # raises the error that names both kinds
    if _CHARGE in kinds and valence is None:
        raise UnitError(
            f"'{quantity}' becomes '{name}' only with the substance's valence. Write it in mmol/L.", value=quantity
        )
    if _MASS in kinds and molar_mass is None:
        raise UnitError(
            f"'{quantity}' becomes '{name}' only with the substance's molar mass. Write it in '{name}'.", value=quantity
        )
    micromolar = _to_micromolar(quantity, molar_mass, valence)
    if wanted == _MOLAR:
        return Quantity(micromolar, "umol/L").to(name)
    if wanted == _CHARGE and valence is not None:
        return Quantity(micromolar * valence / 1000, "mEq/L").to(name)
    assert molar_mass is not None  # the kinds were checked above
    return Quantity(micromolar * molar_mass.in_unit("g/mol"), "mcg/L").to(name)


def _to_micromolar(quantity: Quantity, molar_mass: Quantity | None, valence: int | None) -> Decimal:
    if quantity.dimension == _MOLAR:
        return quantity.in_unit("umol/L")
    if quantity.dimension == _CHARGE and valence is not None:
        return quantity.in_unit("mEq/L") * 1000 / valence
    assert molar_mass is not None  # the kinds were checked above
    return quantity.in_unit("mcg/L") / molar_mass.in_unit("g/mol")
