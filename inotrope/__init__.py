"""Inotrope takes a patient from a drug page to a checked infusion.

Knows the public names and where each lives, and looks one up only when it is first asked for, so that
`import inotrope` costs nothing. It holds no code of its own, and nothing inside the package imports it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inotrope.drug import load_drug
    from inotrope.evaluation import fit_table
    from inotrope.patient import Case, read_case
    from inotrope.plan import check_order, find_dose, fit_case, make_plan, predict_circulation, screen
    from inotrope.population import load_model
    from inotrope.simulation import simulate
    from inotrope.units import Quantity

    __version__: str

__all__ = [
    "Case",
    "Quantity",
    "__version__",
    "check_order",
    "find_dose",
    "fit_case",
    "fit_table",
    "load_drug",
    "load_model",
    "make_plan",
    "predict_circulation",
    "read_case",
    "screen",
    "simulate",
]

_HOMES = {
    "Case": "inotrope.patient",
    "Quantity": "inotrope.units",
    "check_order": "inotrope.plan",
    "find_dose": "inotrope.plan",
    "fit_case": "inotrope.plan",
    "fit_table": "inotrope.evaluation",
    "load_drug": "inotrope.drug",
    "load_model": "inotrope.population",
    "make_plan": "inotrope.plan",
    "predict_circulation": "inotrope.plan",
    "read_case": "inotrope.patient",
    "screen": "inotrope.plan",
    "simulate": "inotrope.simulation",
}

if not TYPE_CHECKING:  # a type checker that sees __getattr__ would accept any misspelled name

    def __getattr__(name: str) -> object:
        """Return a public name from the folder it lives in, and keep it for the next time (PEP 562)."""
        if name == "__version__":
            from importlib.metadata import version

            value = version("inotrope")
        elif name in _HOMES:
            from importlib import import_module

            value = getattr(import_module(_HOMES[name]), name)
        else:
            raise AttributeError(f"module 'inotrope' has no attribute {name!r}")
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        """List the public names, looked up or not."""
        return sorted({*globals(), *__all__})
