"""How far a reading misses the patient and a model misses a patient on the drug, and which readings count.

Knows the tables `[[reading]]` and `[learning]` of a response file. Errors and misfits are SDs: of the logarithm for
heart rate and cardiac output, in mmHg for pressures, as a share for ejection fractions. It reads no case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inotrope.circulation.arrays import Array
from inotrope.drug import Counted, Sourced
from inotrope.drug.reading import Section
from inotrope.errors import nearest, shorten
from inotrope.patient import vocabulary
from inotrope.population.response.kinds import HOURS, MISSES, PERCENT, as_float


@dataclass(frozen=True, slots=True)
class ReadingRule:
    """One of the eight numbers of a bedside.

    Attributes:
        measurement: Its name in the vocabulary.
        error: SD of a reading around the patient.
        misfit: SD of a patient on the drug around the model; the same for all his readings of this kind.
        keeps: How long before the first dose it may have been read to stand for the time without the drug.
        slow: Whether it changes so slowly that its time is no moment of the bedside.
    """

    measurement: str
    error: Sourced
    misfit: Sourced
    keeps: Sourced
    slow: bool


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What may be learned from, and what forbids it.

    Attributes:
        rules: One for each number of a bedside, in the order of `circulation.Bedside`.
        apart: Of two readings of one kind on the drug that lie nearer together, the later one counts.
        implausible: A reading that lies more SDs from what is expected is no reading of such a patient.
        rare: A reading that is met in a smaller share of such patients is told: the response was fitted to others.
        holds: A reading that is older than this tells nothing of now, unless it is of a kind that is slow.
        classes: Medicines whose change between readings forbids to learn.
        timed: Medicines likewise, which are taken to go on as they were where no time of them is recorded.
        support: Machines likewise.
        events: What happened likewise.
    """

    rules: tuple[ReadingRule, ...]
    apart: Sourced
    implausible: Counted
    rare: Sourced
    holds: Sourced
    classes: tuple[str, ...]
    timed: tuple[str, ...]
    support: tuple[str, ...]
    events: tuple[str, ...]

    @property
    def errors(self) -> Array:
        """(8,), SDs."""
        return self._sds("error")

    @property
    def misfits(self) -> Array:
        """(8,), SDs."""
        return self._sds("misfit")

    def _sds(self, name: str) -> Array:
        pairs = zip(self.rules, MISSES, strict=True)
        return np.array([as_float(getattr(rule, name), item.unit) for rule, item in pairs])


def read_reading_rules(section: Section) -> ReadingRules:
    """Return the tables of a response file."""
    found: dict[str, ReadingRule] = {}
    keys = {item.key: item for item in MISSES}
    for each in section.sections("reading", at_least=1):
        of = each.text("of")
        kind = keys[of].kind if of in keys else MISSES[0].kind
        if of not in keys or of in found:
            each.problem(f"'{shorten(of)}' is no number of a bedside, or stands here twice; {nearest(of, keys)}.", "of")
        assert kind is not None  # every number of a bedside has a unit
        rule = ReadingRule(
            measurement=each.text("measurement"),
            error=each.sourced("error", kind),
            misfit=each.sourced("misfit", kind),
            keeps=each.sourced("keeps", HOURS),
            slow=each.flag("slow"),
        )
        each.done()
        if vocabulary().measurement(rule.measurement) is None:
            each.problem(f"'{shorten(rule.measurement)}' is not a measurement of the vocabulary.", "measurement")
        found[of] = rule
    missing = [name for name in keys if name not in found]
    if missing:
        section.problem(f"How far a reading misses is missing of {', '.join(missing)}.", "reading")
    learning = section.section("learning")
    rules = ReadingRules(
        rules=tuple(found[name] for name in keys if name in found),
        apart=learning.sourced("apart", HOURS),
        implausible=learning.counted("implausible"),
        rare=learning.sourced("rare", PERCENT),
        holds=learning.sourced("holds", HOURS),
        classes=learning.texts("classes"),
        timed=learning.texts("timed"),
        support=learning.texts("support"),
        events=learning.texts("events"),
    )
    learning.done()
    words = vocabulary()
    known = {
        "classes": set(words.members),
        "timed": set(words.members),
        "support": set(words.names("support")),
        "events": set(words.names("event")),
    }
    for key, names in known.items():
        for name in getattr(rules, key):
            if name not in names:
                learning.problem(f"'{shorten(name)}' is not in the vocabulary; {nearest(name, names)}.", key)
    return rules
