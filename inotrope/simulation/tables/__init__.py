"""Tables of many subjects in NONMEM's columns: read block by block, and each subject's levels at his own times."""

from inotrope.simulation.tables.making import of_table

__all__ = ["of_table"]
