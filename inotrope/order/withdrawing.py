"""What takes an order back or changes it without a number: `do not give`, `hold`, `wrong patient`, `double it`.

Knows the words of `[withdrawn]` in `orders.toml` and when one speaks of the whole order: it stands before the drug,
before a value, or alone, and no condition (`hold if`, `stop for`) follows. Where a sound order would need them too, it
keeps silent. It reads no number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from inotrope.drug import list_drugs
from inotrope.order.beside_line import medicines_at_a_line
from inotrope.order.parts import (
    SENTENCE,
    is_drug,
    is_other_medicine,
    meant_medicines,
    part_of,
    pattern_of,
    plain,
)
from inotrope.order.patterns import AN_INTERVAL
from inotrope.order.same_line import in_the_same_line, why_not_together
from inotrope.order.tokens import Sort, Token
from inotrope.order.words import order_words
from inotrope.patient import did_you_mean, vocabulary

MOST_QUANTITIES = 60
"""Quantities of one text; an order with a table of steps has about thirty."""
_BACK = "it takes the order back or forbids it: what is not to be given is not checked"
_ENDS = frozenset(",;.!\n")
_CHANGING = frozenset({"step", "titrate"})
"""What a word means that says how often a flow is changed: `increase by 2.5 mL/h every 4 h` repeats no flow."""
_OPEN = frozenset(":()[]*-\"'")


def withdrawn(text: str, tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Yield what in a text takes the order back or changes it in words, each with the reason.

    Args:
        text: As written.
        tokens: Its tokens.
    """
    words = order_words().withdrawn
    for match in pattern_of(words["anywhere"]).finditer(text):
        yield _shown(match), "it says that the order does not stand as written"
    for match in pattern_of(words["verbs"]).finditer(text):
        behind = [token for token in tokens if token.start >= match.end()]
        later = text[: match.start()].lower().rstrip().endswith("then")  # the last step of a plan to wean
        paused = match[0].lower() in words["paused"] and _goes_for_a_time(behind)
        if not later and not paused and _whole_order(behind) and not _of_another(tokens, match):
            yield _shown(match), _BACK
    for match in pattern_of(words["no"]).finditer(text):
        behind = [token for token in tokens if token.start >= match.end()]
        if behind and is_drug(behind[0]):
            yield _shown(match), _BACK
    for match in pattern_of(words["changing"]).finditer(text):
        if any(token.start <= match.start() and token.end > match.end() for token in tokens):  # `double check`
            continue
        behind = [token for token in tokens if token.start >= match.end()]
        if not behind or plain(behind[0]) not in words["changed_safely"]:
            yield _shown(match), "it changes a value without a number: write the value itself"
    taken_over = pattern_of(words["taking_over"]).search(text)
    for match in () if taken_over else pattern_of(words["second_pump"]).finditer(text):
        yield _shown(match), "it may run in the place of the first or beside it: say which, and what both give together"
    for match in re.finditer(r"~{2,}|\S\u0336", text):
        yield _shown(match), "it is crossed out"
    yield from _in_words(tokens)
    yield from _other_medicines(text, tokens)
    yield from _in_the_line(text, tokens)
    yield from _repeated(tokens)
    yield from _loaded_again(text)
    yield from _foreign_digits(text)
    quantities = [token for token in tokens if token.sort is Sort.QUANTITY]
    if len(quantities) > MOST_QUANTITIES:
        yield quantities[MOST_QUANTITIES], f"an order has at most {MOST_QUANTITIES} quantities"


def _in_the_line(text: str, tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Yield each other medicine that runs in the drug's line, or stands beside a line and may, once."""
    shared = list(in_the_same_line(text, tokens))
    yield from shared
    named = {token.start for token, _ in shared}
    for token, near in medicines_at_a_line(text, tokens):
        if token.start not in named:
            yield token, why_not_together(token, near, tokens)


def _whole_order(behind: Sequence[Token]) -> bool:
    """Tell whether a word such as `hold` speaks of the whole order and sets no condition."""
    words = order_words().withdrawn
    rest = iter(behind)
    for token in rest:
        if plain(token) in words["between"] or token.text in _OPEN:
            continue
        if not is_drug(token):
            return token.sort is Sort.QUANTITY or token.text in _ENDS
        following = next(rest, None)
        return following is None or plain(following) not in words["conditions"]
    return True


def _goes_for_a_time(behind: Sequence[Token]) -> bool:
    """Tell whether a time stands right behind a word: `held 2 h for line change`; the infusion went on."""
    rest = [token for token in behind if plain(token) not in ("for", "x")]
    return bool(rest) and rest[0].high is not None and rest[0].high.value.dimension == "time"


def _of_another(tokens: Sequence[Token], verb: re.Match[str]) -> bool:
    """Tell whether a word such as `held` speaks of another medicine alone: `, furosemide drip is held,`."""
    words = order_words().withdrawn
    before = [token for token in tokens if token.end <= verb.start()]
    follows = next((token for token in tokens if token.start >= verb.end()), None)
    named = [token for token in before if plain(token) not in words["of_medicine"]]
    if not named or not is_other_medicine(named[-1]) or (follows is not None and follows.text not in _ENDS):
        return False
    medicines = map(vocabulary().medicine, _clause_before(before, len(before)))
    return not any(medicine is not None and medicine.name in list_drugs() for medicine in medicines)


def _in_words(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Yield a word that stands for no one number before a unit, and a unit of a rate that has no number."""
    numbers = order_words().withdrawn["numbers"]
    for index, token in enumerate(tokens):
        if token.sort is not Sort.WORD and token.sort is not Sort.PHRASE:
            continue
        following = [plain(other) for other in tokens[index + 1 : index + 3]]
        is_unit = [word in order_words().withdrawn["units"] for word in following]
        if token.sort is Sort.WORD and following[:1] and following[0] in ("kg", "mcg"):
            yield token, "it stands where a number is expected"
        elif plain(token) in numbers and any(is_unit):
            yield token, "it stands for no one number: write digits"
        elif plain(token) in ("mcg", "\u00b5g", "ug", "ml", "mg") and following[:1] == ["/"] and is_unit[1:] == [True]:
            yield token, "a unit without a number"


def _other_medicines(text: str, tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Yield another medicine that the quantities may belong to, or that the drug is said to run in or with."""
    counted, named = 0, False
    waiting: Token | None = None  # another medicine whose name came before the drug's
    for index, token in enumerate(tokens):
        named = named or is_drug(token)
        counted += token.sort is Sort.QUANTITY
        if waiting is not None and token.sort is Sort.QUANTITY and not named:
            yield waiting, "the numbers behind it may belong to it and not to the drug"
            waiting = None
        near = meant_medicines(text, tokens, index)
        if any(item.name in list_drugs() for item in near):
            yield token, f"it is not known and looks like the drug of an order: {did_you_mean(near)}"
        elif is_other_medicine(token) or near:
            if _is_mixed(text, tokens, index, counted=counted):
                yield token, why_not_together(token, near, tokens)
            elif not named:
                waiting = token
        elif token.sort is Sort.WORD and _runs_with(tokens, index) and _is_mixed(text, tokens, index, counted=counted):
            yield token, "the drug is said to run with it, and nothing is known of it"


def _is_mixed(text: str, tokens: Sequence[Token], index: int, *, counted: int) -> bool:
    """Tell whether the drug is said to run in or with a medicine, or to be started as one."""
    words, token = order_words().withdrawn, tokens[index]
    before = plain(tokens[index - 1]) if index else ""
    clause = _clause_before(tokens, index)
    mixed = before in words["starting"] or (before in words["mixing"] and counted > 0)
    end = part_of(text, token.start)[1]
    own = before in words["with_it"] and pattern_of(words["apart"]).search(text, token.end, end)
    return mixed and not (own and "mixed" not in clause) and clause.isdisjoint(words["never_mixed"])


def _runs_with(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a word stands behind `running with`, `mixed with` or the like: it may be a medicine."""
    words = order_words().withdrawn
    if plain(tokens[index]) in words["no_medicine"]:
        return False
    before, earlier = (plain(tokens[index - back]) if index >= back else "" for back in (1, 2))
    return before in words["mixed_with"] or (before == "with" and earlier in words["running"])


def _repeated(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Yield an interval at which a load or a rate would be given again."""
    meanings = order_words().meanings
    load = False
    for index, token in enumerate(tokens):
        load = (load or "load" in meanings(plain(token))) and token.text not in ".;\n"
        if token.sort is not Sort.PASSED or token.says != AN_INTERVAL or not index:
            continue
        before = tokens[index - 1]
        flows = before.high is not None and before.high.value.dimension in ("flow", "dose per body weight", "mass")
        said = {meaning for word in _clause_before(tokens, index) - {"by"} for meaning in meanings(word)}
        flows = flows and (load or said.isdisjoint(_CHANGING))
        again = not _clause_before(tokens, index).isdisjoint(("repeat", "repeated", "again"))
        if flows or (load and again):
            yield token, "a load is given once and an infusion runs on: what would be repeated is not clear"


def _loaded_again(text: str) -> Iterator[tuple[Token, str]]:
    """Yield what gives a load again, or lets somebody do so."""
    words, why = order_words(), "a load is given once: write whether, when and how much is given again as an own order"
    found = list(pattern_of(words.withdrawn["load_again"]).finditer(text))
    loads = [match.start() for match in pattern_of(words.cues["load"]).finditer(text)]
    for match in pattern_of(words.withdrawn["repeat_it"]).finditer(text):
        starts = [0, *(end.end() for end in SENTENCE.finditer(text, 0, match.start()))]
        begins_it = not text[starts[-1] : match.start()].strip()
        of = starts[-2 if begins_it and len(starts) > 1 else -1]
        found += [match] if any(of <= load < match.start() for load in loads) else []
    for match in found:
        start, _ = part_of(text, match.start())
        if not pattern_of(words.withdrawn["never_mixed"]).search(text, start, match.start()):
            yield _shown(match), why


def _clause_before(tokens: Sequence[Token], index: int) -> set[str]:
    found: set[str] = set()
    for token in reversed(tokens[:index]):
        if token.text in _ENDS:
            break
        found.add(plain(token))
    return found


def _foreign_digits(text: str) -> Iterator[tuple[Token, str]]:
    for match in re.finditer(r"[^\W_]+", text):
        if any(not mark.isascii() and unicodedata.category(mark) in ("Nd", "Nl") for mark in match[0]):
            yield _shown(match), "its digits are not 0 to 9: write them so"


def _shown(match: re.Match[str]) -> Token:
    return Token(Sort.BAD, match[0], match.start(), match.end())
