"""Patients nobody has met, and random numbers by place: patient k of seed s is the same wherever he is drawn.

Individuals around one patient are drawn for every plan; populations are looked up when they are first asked for.
"""

from typing import TYPE_CHECKING

from inotrope.population.virtual.individuals import (
    draw_etas,
    draw_etas_at,
    draw_even_individuals,
    draw_individuals,
    draw_measured,
    draw_measured_at,
    draw_occasion_etas,
    spreads,
)
from inotrope.population.virtual.randoms import Stream, standard_normals

if TYPE_CHECKING:
    from inotrope.population.virtual.drawing import VirtualPatients, draw_in_blocks, draw_patients, draw_these
    from inotrope.population.virtual.people import Population
    from inotrope.population.virtual.reading import list_populations, load_population

__all__ = [
    "Population",
    "Stream",
    "VirtualPatients",
    "draw_etas",
    "draw_etas_at",
    "draw_even_individuals",
    "draw_in_blocks",
    "draw_individuals",
    "draw_measured",
    "draw_measured_at",
    "draw_occasion_etas",
    "draw_patients",
    "draw_these",
    "list_populations",
    "load_population",
    "spreads",
    "standard_normals",
]

_HOMES = {
    "Population": "people",
    "VirtualPatients": "drawing",
    "draw_in_blocks": "drawing",
    "draw_patients": "drawing",
    "draw_these": "drawing",
    "list_populations": "reading",
    "load_population": "reading",
}

if not TYPE_CHECKING:  # a type checker that sees __getattr__ would accept any misspelled name

    def __getattr__(name: str) -> object:
        """Return a name of the populations (PEP 562)."""
        if name in _HOMES:
            from importlib import import_module  # noqa: PLC0415 - see above

            return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        raise AttributeError(f"module '{__name__}' has no attribute {name!r}")
