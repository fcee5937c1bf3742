"""What `inotrope new` says of medicines that the vocabulary does not know, at once and at the end.

Knows the sentences, and that nothing is corrected: the name is kept as it was written, and whoever wrote it decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inotrope.errors import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inotrope.patient import Case, Named


def unknown_names(case: Case, key: str) -> tuple[str, ...]:
    """Return a sentence for each name of one list of a case that is not known: the nearest known one, or that none is.

    Args:
        case: As read.
        key: `medicines`, `allergies` or `lines`.
    """
    from inotrope.patient import did_you_mean, near_medicines

    names = dict.fromkeys(" ".join(item.as_written.split()) for item in _listed(case, key) if not item.known)
    return tuple(
        f"'{shorten(name)}' is not known: {did_you_mean(near)} It is NOT checked until it is written so."
        if (near := near_medicines(name))
        else f"'{shorten(name)}' is not known, and no known name is near: it is NOT checked."
        for name in names
    )


def _listed(case: Case, key: str) -> Iterable[Named]:
    if key == "lines":
        return (item for line in case.lines or () for item in line.with_)
    return (case.medicines if key == "medicines" else case.allergies) or ()
