"""What a covariate's cell can hold: a word that the model knows, or a number that a patient can have.

Knows that a code for a missing value (-99, 999) is a number to whatever reads it next, and is refused here by its row.
It fills nothing in: an empty cell stays empty, and where the model needs it that is an error.
"""

from __future__ import annotations

import numpy as np

from inotrope.errors import shorten
from inotrope.population import Model, Standing
from inotrope.population.bodies import unit_of
from inotrope.population.forms import Array
from inotrope.simulation.person import known_words, possible_range, spelled
from inotrope.simulation.tables.columns import Layout
from inotrope.simulation.tables.reading import Block


def written(block: Block, layout: Layout, model: Model, name: str) -> Array:
    """Return what stands in each row of a covariate, proved.

    Args:
        block: The rows.
        layout: Which column is what.
        model: Whose covariate.
        name: The covariate.

    Raises:
        RequestError: Empty where the model needs it; a word that is none of the covariate's; a number that no patient
            has. It names the row, the column and what is accepted.
    """
    column = block.columns[name]
    words = name in layout.words
    empty = column == "" if words else np.isnan(column)
    if empty.any() and name in model.needs:
        says = f"{name} is empty, and model {model.name} needs it on every row. Write the value that holds."
        raise block.wrong(layout, int(np.argmax(empty)), name, says, value="")
    if words:
        return _words(block, layout, model, name)
    _prove_numbers(block, layout, model, name, column)
    return column


def _words(block: Block, layout: Layout, model: Model, name: str) -> Array:
    """Return every word as the model knows it, proved to be one: 'yes' and '1' would pass for not recorded."""
    column, known = block.columns[name], known_words(model, name)
    written, place_of = np.unique(column, return_inverse=True)
    free = ("", Standing.UNKNOWN.value)
    meant = [Standing.UNKNOWN.value if word in free else spelled(name, word, known) for word in written.tolist()]
    wrong = np.array([not word for word in meant])[place_of]
    if wrong.any():
        place = int(np.argmax(wrong))
        says = (
            f"'{shorten(str(column[place]))}' is not what '{name}' can be: {', '.join(known)}. {_instead(model, name)}"
        )
        raise block.wrong(layout, place, name, says, value=str(column[place]))
    return np.array(meant)[place_of]


def _prove_numbers(block: Block, layout: Layout, model: Model, name: str, column: Array) -> None:
    """Prove that every number is one that a patient can have, as a case's and a regimen's are; empty ones are."""
    unit = unit_of(model, name)
    lowest, highest = possible_range(name)
    wrong = column < (0.0 if lowest is None else float(lowest.in_unit(unit)))
    if highest is not None:
        wrong |= column > float(highest.in_unit(unit))
    if wrong.any():
        place = int(np.argmax(wrong))
        least = f"0 {unit}" if lowest is None else lowest
        accepted = f"{least} to {highest}" if highest is not None else f"{least} or more"
        article = "An" if name[0] in "aeiou" else "A"
        says = f"{article} {name} of '{column[place]:.17g} {unit}' is impossible; accepted is {accepted}. "
        raise block.wrong(layout, place, name, says + _instead(model, name), value=column[place])


def _instead(model: Model, name: str) -> str:
    """Return what to write where the value is not known."""
    if name in model.needs:
        return f"Model {model.name} needs it on every row: no code such as -99 stands for a missing value."
    return "Where it is not known, leave the cell empty: no code such as -99 stands for that."
