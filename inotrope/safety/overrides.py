"""Stops that a person sets aside with a reason.

Knows what an override needs: a rule that exists, allows it and fires, and a reason that is not blank. A rule that could
not be judged neither fires nor is silent, and that is what is said of it. It never changes what was found: the finding
stays, with the reason on it. An override that cannot apply changes nothing and is said, so that a stop is still a stop
and nobody believes that it was set aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from unicodedata import east_asian_width

from inotrope.drug import Drug
from inotrope.errors import RequestError, hides_something, shorten
from inotrope.findings import Finding, State

SHORTEST_REASON, LONGEST_REASON = 8, 500
"""Letters and digits that a reason holds at least, and characters at most: "ok" is no reason, and a book is none.

What a reason must have is a judgement of this project, here and below.
"""
OTHER_LETTERS, OTHER_LETTERS_OF_A_WORD = 4, 6
"""Different letters at least; where all of it is one word (a German one holds a sentence), more of them."""
WIDE, OF_A_WIDE_ONE = "WF", 2
"""Widths in Unicode of writing without spaces, in which one sign is a syllable or a word: it counts as two letters."""


def apply_overrides(
    drug: Drug, findings: tuple[Finding, ...], overrides: Mapping[str, str]
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return the findings, those overridden in the state OVERRIDDEN with their reason, and what was not applied.

    Args:
        drug: Whose rules were judged.
        findings: As `judge` gave them.
        overrides: Reason by rule id.

    Returns:
        The findings, and one sentence for each override that was not applied: its rule allows none, could not be
        judged, or does not fire.

    Raises:
        RequestError: A rule that does not exist, or a reason that is blank, hidden, too short or too long.
    """
    firing = {finding.rule for finding in findings if finding.state is State.FIRES}
    unknown = {finding.rule: finding.needs for finding in findings if finding.needs}
    applied: dict[str, str] = {}
    notes: list[str] = []
    for id_, reason in overrides.items():
        rule = drug.rule(id_)
        if len(reason) > LONGEST_REASON or hides_something(reason) or not _is_in_words(reason):
            raise RequestError(
                f"The override of '{id_}' gives no reason that can be read. Write why, and who decided, in words, "
                "such as 'bridge to surgery tonight, Dr. Adams'.",
                value=shorten(reason) or None,
                accepted=f"a reason in words: {SHORTEST_REASON} letters at least, several of them different, "
                f"{LONGEST_REASON} characters at most",
            )
        if not rule.override:
            notes.append(f"Override of '{id_}' not applied: the rule allows none. Resolve what it says.")
        elif id_ in unknown:
            notes.append(
                f"Override of '{id_}' not applied: the rule could not be judged: not known: {', '.join(unknown[id_])}. "
                "What is not known cannot be set aside."
            )
        elif id_ not in firing:
            notes.append(f"Override of '{id_}' not applied: the rule does not fire for this patient.")
        else:
            applied[id_] = " ".join(reason.split())
    changed = tuple(
        replace(finding, state=State.OVERRIDDEN, override_reason=applied[finding.rule])
        if finding.rule in applied
        else finding
        for finding in findings
    )
    return changed, tuple(notes)


def _is_in_words(reason: str) -> bool:
    """Tell whether a text could be a reason in any language: long enough, of different letters, and of words.

    It catches a key that was held down and a row of digits. Whether the reason is a good one, a person decides.
    """
    counted = {True: OF_A_WIDE_ONE, False: 1}
    wide = {character: east_asian_width(character) in WIDE for character in reason}
    long_enough = sum(counted[wide[character]] for character in reason if character.isalnum()) >= SHORTEST_REASON
    letters = {character for character in reason.casefold() if character.isalpha()}
    spaced = "".join(character if character.isalnum() else " " for character in reason.casefold()).split()
    words = {word for word in spaced if any(character.isalpha() for character in word)}
    one_word = len(words) == 1 and not any(wide.values())
    return long_enough and len(letters) >= (OTHER_LETTERS_OF_A_WORD if one_word else OTHER_LETTERS)
