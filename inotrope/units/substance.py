"""Mass, moles and charge equivalents of one substance.

Knows that 1 mg/dL becomes umol/L only with a molar mass, and mEq/L becomes mmol/L only with a valence. It knows no
substance: whoever calls brings the numbers from the library.
"""

from __future__ import annotations

from decimal import Decimal

from inotrope.errors import UnitError
from inotrope.units.quantity import Quantity, multiply_divide
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
        valence: Charges per molecule, above zero; needed to or from mEq/L.

    Returns:
        The same concentration in the unit `name`.

    Raises:
        UnitError: The two units measure different things, or the molar mass or valence that links them is missing.
    """
    wanted = unit(name).dimension
    if quantity.dimension == wanted or not {quantity.dimension, wanted} <= {_MASS, _MOLAR, _CHARGE}:
        return quantity.to(name)  # or the error that names both kinds
    if _CHARGE in (quantity.dimension, wanted) and (valence is None or valence <= 0):
        raise UnitError(
            f"'{quantity}' becomes '{name}' only with the substance's valence. Write it in mmol/L.", value=quantity
        )
    if _MASS in (quantity.dimension, wanted) and (molar_mass is None or molar_mass.value <= 0):
        raise UnitError(
            f"'{quantity}' becomes '{name}' only with the substance's molar mass. Write it in '{name}'.", value=quantity
        )
    one_micromole = {
        _MOLAR: ("umol/L", Decimal(1)),
        _CHARGE: ("mEq/L", Decimal(valence or 0).scaleb(-3)),
        _MASS: ("mcg/L", Decimal(0) if molar_mass is None else molar_mass.in_unit("g/mol")),
    }
    old_unit, old = one_micromole[quantity.dimension]
    new_unit, new = one_micromole[wanted]
    return Quantity(multiply_divide(quantity.in_unit(old_unit), new, old), new_unit).to(name)
