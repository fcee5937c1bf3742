"""Patients nobody has met, and random numbers by place: patient k of seed s is the same wherever he is drawn."""

from inotrope.population.virtual.drawing import VirtualPatients, draw_in_blocks, draw_patients, draw_these
from inotrope.population.virtual.individuals import (
    draw_etas,
    draw_individuals,
    draw_measured,
    draw_occasion_etas,
    spreads,
)
from inotrope.population.virtual.people import Population
from inotrope.population.virtual.randoms import Stream, standard_normals
from inotrope.population.virtual.reading import list_populations, load_population

__all__ = [
    "Population",
    "Stream",
    "VirtualPatients",
    "draw_etas",
    "draw_in_blocks",
    "draw_individuals",
    "draw_measured",
    "draw_occasion_etas",
    "draw_patients",
    "draw_these",
    "list_populations",
    "load_population",
    "spreads",
    "standard_normals",
]
