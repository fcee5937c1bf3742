"""Levels over time by a published model: of one patient, of many drawn ones, of every subject of a table."""

from inotrope.simulation.answer import About, Simulation
from inotrope.simulation.making import simulate

__all__ = ["About", "Simulation", "simulate"]
