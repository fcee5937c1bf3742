"""Names that nobody knows and that are meant for the drug of the case.

A misspelled medicine beside the drug is listed as not checked. The drug itself must not be: an infusion of "Milrinon"
would be no milrinone, nothing would run, and the load would be given on top of it; a level of "Milrinon" would be none.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from inotrope.errors import CaseError, shorten
from inotrope.patient.case import Case
from inotrope.patient.medicine_names import Named, name_medicine, without_reaction
from inotrope.patient.vocabulary import Vocabulary, plain_name

_LIKE = 0.8
"""Share of the letters that two spellings have in common, from which on one may be a slip of the other."""
_WORD = re.compile(r"[^\W\d_][^\W_]*")


def prove_spelling(case: Case, words: Vocabulary) -> None:
    """Prove that no unknown name of the record holds or resembles a name of the drug of the case.

    Nor may a strength or a route stand beside the drug's own name: it would be an order in a list of names.

    Raises:
        CaseError: One does; its key is named.
    """
    spellings = words.spellings.get(case.drug, frozenset()) | {case.drug}
    judged: dict[str, bool] = {}
    for key, item in _names(case, words):
        text = plain_name(item.as_written)
        if text in spellings or (item.known and plain_name(item.name) != case.drug):
            continue
        if text not in judged:
            judged[text] = _resembles(text, spellings)
        if judged[text]:
            raise CaseError(
                f"'{shorten(item.as_written)}' is not a known name and looks like {case.drug}, the drug of the case. "
                f"Write '{case.drug}' alone if that is meant, else the other medicine's full name.",
                value=item.as_written,
                accepted=f"'{case.drug}', or the name of another medicine",
                where=key,
            )


def _resembles(text: str, spellings: Iterable[str]) -> bool:
    found = _WORD.findall(text)
    return any(
        spelling in text or difflib.get_close_matches(spelling, found, n=1, cutoff=_LIKE) for spelling in spellings
    )


def _names(case: Case, words: Vocabulary) -> Iterator[tuple[str, Named]]:
    """Yield each medicine of the record with its key."""
    for index, given in enumerate(case.administrations or ()):
        yield f"administrations[{index}].of", given.of
    for index, measured in enumerate(case.measurements):
        if measured.of is not None:
            yield f"measurements[{index}].of", name_medicine(measured.of, words)
    for index, item in enumerate(case.medicines or ()):
        yield f"medicines[{index}]", item
    for index, item in enumerate(case.allergies or ()):
        if (
            plain_name(without_reaction(item.as_written, words)) not in words.medicines
        ):  # `milrinone rash` is that allergy
            yield f"allergies[{index}]", item
    for index, line in enumerate(case.lines or ()):
        for place, item in enumerate(line.with_):
            yield f"lines[{index}].with[{place}]", item
