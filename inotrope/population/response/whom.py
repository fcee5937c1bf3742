"""Whom a response does not hold for: conditions, machines, ages and filling pressures, each with the reason.

Knows the tables `[[refuses]]` of a response file and holds a case against them with three-valued truth: what is present
refuses, what nobody recorded is said to be unknown. Of a prediction it knows whether the filling was enough. Nothing
here is a judgement about a dose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inotrope.drug import Sourced
from inotrope.drug.numbers import Kind
from inotrope.drug.reading import Section
from inotrope.errors import nearest, shorten
from inotrope.findings import Refusal, SourceReference, Truth, all_of, any_of
from inotrope.patient import Case, vocabulary
from inotrope.patient.vocabulary import MeasurementKind
from inotrope.population.response.kinds import AGE, FILLING

ID = "circulation-out-of-domain"
CONDITION = "It was not recorded whether this patient has {listed}: answer under 'conditions', present or absent."
SUPPORT = (
    "It was not recorded whether {listed} supports this patient: enter it under 'support', or an empty list there."
)
MEDICINE = (
    "It was not recorded whether a medicine of the class {listed} is given beside {drug}: enter it under 'medicines', "
    "or an empty list there."
)
MEASUREMENT = (
    "No {name}{within} was recorded, so that nobody knows whether it lies below {below}: enter it under 'measurements'."
)


@dataclass(frozen=True, slots=True)
class NotFor:
    """One kind of patient whom the model does not hold for.

    Attributes:
        id: Its name.
        says: Why the model does not hold.
        conditions: Any of them.
        unless: And not this one; empty for none. While nobody recorded it, it excuses nothing.
        support: Or any of these machines.
        classes: Or a medicine of any of these, beside the drug.
        measured: Or the newest value of this measurement, as long as it is fresh, is below `below`; empty for none.
        below: Of that, or of the age.
        source: Of the reason.
    """

    id: str
    says: str
    conditions: tuple[str, ...]
    unless: str
    support: tuple[str, ...]
    classes: tuple[str, ...]
    measured: str
    below: Sourced | None
    source: SourceReference

    def holds_of(self, case: Case) -> Truth:
        """Return whether the patient of a case is of this kind."""
        truths = [case.condition(name) for name in self.conditions]
        truths += [case.supported_by(name) for name in self.support]
        truths += [case.takes_class(name, exclude=(case.drug,))[0] for name in self.classes]
        if self.below is not None:
            truths.append(self._low(case, self.below))
        found = any_of(truths)
        if found is Truth.PRESENT and self.unless and case.condition(self.unless) is Truth.UNKNOWN:
            return found
        return all_of([found, case.condition(self.unless).negated()]) if self.unless else found

    def asks(self, case: Case) -> Iterator[str]:
        """Yield what was not recorded and what to enter, a sentence for each place of a case."""
        if self.measured:
            limit = self._kind.limit("fresh_for")
            within = "" if limit is None else f" of the last {limit.value}"
            yield MEASUREMENT.format(name=self.measured, within=within, below=self.below and self.below.value)
        conditions = [name for name in self.conditions if case.condition(name) is Truth.UNKNOWN]
        if conditions:
            yield CONDITION.format(listed=_either(conditions))
        support = [name for name in self.support if case.supported_by(name) is Truth.UNKNOWN]
        if support:
            yield SUPPORT.format(listed=_either(support))
        classes = [name for name in self.classes if case.takes_class(name, exclude=(case.drug,))[0] is Truth.UNKNOWN]
        if classes:
            yield MEDICINE.format(listed=_either(classes), drug=case.drug)

    @property
    def _kind(self) -> MeasurementKind:
        kind = vocabulary().measurement(self.measured)
        assert kind is not None  # reading the file asks for one
        return kind

    def _low(self, case: Case, below: Sourced) -> Truth:
        if not self.measured:
            return Truth.of(case.exact_age_years < below.value.in_unit("year"))
        fresh = self._kind.limit("fresh_for")
        newest = case.latest(self.measured, within=None if fresh is None else fresh.value)
        return Truth.of(None if newest is None else newest.value < below.value)


@dataclass(frozen=True, slots=True)
class Held:
    """Where one patient stands to a response.

    Attributes:
        refusals: Why it does not hold for him.
        unknown: What nobody recorded and would settle it, each as a sentence.
    """

    refusals: tuple[Refusal, ...]
    unknown: tuple[str, ...]

    @property
    def answers(self) -> bool:
        """Whether the response may answer for him."""
        return not self.refusals


def judge_whom(refuses: tuple[NotFor, ...], case: Case) -> Held:
    """Return whom of a file's refusals the patient of a case is, and what is not known of them."""
    refusals, unknown = [], []
    for item in refuses:
        truth = item.holds_of(case)
        if truth is Truth.PRESENT:
            excuse = item.unless if item.unless and case.condition(item.unless) is Truth.UNKNOWN else ""
            asked = f" {CONDITION.format(listed=excuse)}" if excuse else ""
            refusals.append(Refusal(ID, item.says + asked, (excuse,) if excuse else (), (item.source,)))
        elif truth is Truth.UNKNOWN:
            without = f", and without {item.unless}" if item.unless else ""
            unknown.append(
                " ".join((*item.asks(case), f"If so{without}, nothing told here holds: {_going_on(item.says)}"))
            )
    return Held(tuple(refusals), tuple(unknown))


def _either(names: list[str]) -> str:
    """Return names as a question asks for them: `a, b or c`."""
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _going_on(sentence: str) -> str:
    return f"{sentence[0].lower()}{sentence[1:]}"


def judge_filling(unfilled: float, most: Sourced) -> Refusal | None:
    """Return why nothing is told of a patient, where too many of his draws have no answer; None where few have none.

    Args:
        unfilled: The largest share of draws without a steady state or with veins that collapse, at any time.
        most: The share that is allowed.
    """
    if unfilled * 100 <= float(most.value.in_unit("%")):
        return None
    says = (
        f"In {unfilled:.0%} of all that this patient may be, veins collapse on the drug or no steady state is left "
        f"(allowed: {most.value}): the filling is too low for the circulation model."
    )
    return Refusal(ID, says, ("central venous pressure", "pulmonary capillary wedge pressure"), (most.source,))


def read_not_for(section: Section) -> NotFor:
    """Return one table `[[refuses]]`."""
    measured = section.optional_text("measured")
    kind: Kind = FILLING if measured else AGE
    found = NotFor(
        id=section.text("id"),
        says=section.text("says"),
        conditions=_known(section, "conditions", "condition"),
        unless=section.optional_text("unless"),
        support=_known(section, "support", "support"),
        classes=section.texts("classes"),
        measured=measured,
        below=section.optional_sourced("below", kind),
        source=section.reference(),
    )
    section.done()
    words = vocabulary()
    if found.unless and words.condition(found.unless) is None:
        section.problem(f"'{shorten(found.unless)}' is not a condition.", "unless")
    if measured and (words.measurement(measured) is None or found.below is None):
        section.problem("A measurement of the vocabulary is held against a limit 'below'.", "measured")
    strange = [name for name in found.classes if name not in words.members]
    if strange:
        section.problem(f"'{shorten(strange[0])}' is no class; {nearest(strange[0], words.members)}.", "classes")
    if not (found.conditions or found.support or found.classes or found.below):
        section.problem("It names no condition, no support, no medicine, no measurement and no age.")
    return found


def _known(section: Section, key: str, kind: str) -> tuple[str, ...]:
    names = section.texts(key)
    for name in names:
        if (vocabulary().condition(name) if kind == "condition" else vocabulary().support(name)) is None:
            section.problem(f"'{shorten(name)}' is not a {kind}; {nearest(name, vocabulary().names(kind))}.", key)
    return names
