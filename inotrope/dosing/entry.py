"""Which dosing entry serves this patient: by indication, age and authority, or why none does.

Knows the entries of the drug folder, and that authorities may disagree about one patient: then the one asked for
serves, else the first of the file, and the others stand beside it. It never picks the nearest one: an entry for
somebody else is no entry.
"""

from __future__ import annotations

from decimal import Decimal

from inotrope.drug import Drug, Entry, Sourced, Span
from inotrope.findings import Refusal
from inotrope.patient import AgeGroup, Case, vocabulary
from inotrope.patient.vocabulary import plain_name
from inotrope.units import Quantity, plain_number, round_half_up, step_down

_TENTH = Decimal("0.1")
_HOURS = ("h", "min")
"""Units of an age below which the days alone do not tell."""
_HOURS_BELOW = 3
"""Days; how an age is written where the hour of birth is known, as on the plan's page."""


def find_entry(drug: Drug, case: Case) -> Entry | Refusal:
    """Return the entry for the case's indication, age and authority, or a refusal that names what exists."""
    by_indication = _for_indication(drug, case)
    if not by_indication:
        known = "; ".join(dict.fromkeys(f"'{entry.indication}'" for entry in drug.entries))
        return Refusal(
            "no-entry-for-indication",
            f"There is no dosing entry for '{case.indication}'. Entries exist for: {known}.",
            ("indication",),
        )
    if _needs_gestational_age(case) and any(entry.group is not None for entry in by_indication):
        return Refusal(
            "gestational-age-absent",
            f"{shown_age(case).capitalize()} the gestational age at birth decides which dose there is, and it is not "
            "recorded. Write it, such as '39+2'.",
            ("gestational age",),
        )
    serving = [entry for entry in by_indication if _serves(entry, case)]
    if not serving:
        return _none_for_age(by_indication, drug, case)
    if case.authority is None:
        return serving[0]
    wanted = plain_name(case.authority)
    for entry in serving:
        if plain_name(entry.authority) == wanted:
            return entry
    listed = "; ".join(f"'{entry.authority}'" for entry in serving)
    return Refusal(
        "no-entry-for-authority",
        f"'{case.authority}' has no dosing entry for '{case.indication}' at this age. Entries exist of: {listed}.",
        ("authority",),
    )


def entries_beside(drug: Drug, case: Case, entry: Entry) -> tuple[Entry, ...]:
    """Return the other entries that would serve the same patient: what other authorities say."""
    return tuple(other for other in _for_indication(drug, case) if other.id != entry.id and _serves(other, case))


def possible_entries(drug: Drug, case: Case) -> tuple[Entry, ...]:
    """Return every entry for the patient's age group, whatever the use; a baby of unknown gestation may be of two."""
    groups = (AgeGroup.NEWBORN, AgeGroup.CHILD) if case.age_group is None else (case.age_group,)
    return tuple(entry for entry in drug.entries if entry.group is None or entry.group in groups)


def ended_by_age(drug: Drug, case: Case) -> tuple[Entry, ...]:
    """Return the entries for this use whose regimen ends at an age that this patient has reached."""
    return tuple(
        entry
        for entry in _for_indication(drug, case)
        if entry.duration.until_age is not None
        and entry.group in (None, case.age_group)
        and _fits(entry.gestational_age, case.patient.gestational_age)
        and has_reached(entry.duration.until_age.value, case)
    )


def has_reached(end: Quantity, case: Case) -> bool:
    """Tell whether a patient has the age at which a regimen ends, to the thousandth of a second and better."""
    return round_half_up(case.postnatal_age.in_unit("h"), 7) >= end.in_unit("h")  # 17 h are no finite decimal of a day


def _needs_gestational_age(case: Case) -> bool:
    """Tell whether the patient is a newborn, or may be one, whose gestational age nobody recorded."""
    return case.patient.gestational_age is None and case.age_group in (None, AgeGroup.NEWBORN)


def shown_age(case: Case) -> str:
    """Return the age as a reader compares it with an entry: days, weeks, months or years."""
    if case.age_group is AgeGroup.NEWBORN or case.age_group is None:
        days = _completed(case.postnatal_age.in_unit("day"))
        if case.postnatal_hours_known and days < _HOURS_BELOW:
            return f"{plain_number(_completed(case.postnatal_age.in_unit('h')))} h after birth"
        return f"{_counted(days, 'day')} after birth"
    years = step_down(case.exact_age_years, _TENTH)  # 17.99 years are not 18
    return f"an age of {plain_number(years)} years"


def _for_indication(drug: Drug, case: Case) -> tuple[Entry, ...]:
    return drug.entries_by_indication.get(plain_name(case.indication), ())


def _serves(entry: Entry, case: Case) -> bool:
    return (
        (entry.group is None or entry.group == case.age_group)
        and _age_fits(entry.age, case)
        and _fits(entry.gestational_age, case.patient.gestational_age)
        and _fits(entry.postmenstrual_age, case.postmenstrual_age)
    )


def _fits(span: Span, age: Quantity | None) -> bool:
    """Tell whether an age lies in a span; one that nobody knows lies in none that has an end."""
    return not span.limits or (age is not None and span.holds(age))


def _age_fits(span: Span, case: Case) -> bool:
    """Tell whether the age lies in a span: years by the calendar, anything shorter by the time since birth."""
    if _in_hours(span) and not case.postnatal_hours_known:
        return False
    years = Quantity(case.exact_age_years, "year")
    return all(
        Span(**{end: limit}).holds(years if limit.value.unit == "year" else case.postnatal_age)
        for end, limit in (("minimum", span.minimum), ("maximum", span.maximum), ("below", span.below))
        if limit is not None
    )


def _in_hours(span: Span) -> bool:
    return any(limit.value.unit in _HOURS for limit in span.limits)


def _may_fit(span: Span, case: Case) -> bool:
    """Tell whether a patient whose age is known in whole days may lie in a span of hours: a day less is possible."""
    youngest = Quantity(max(case.postnatal_age.value - 1, Decimal(0)), "day")
    return span.below is None or youngest < span.below.value


def _none_for_age(by_indication: tuple[Entry, ...], drug: Drug, case: Case) -> Refusal:
    for entry in by_indication:
        by_hours = _in_hours(entry.age) and not case.postnatal_hours_known and entry.group in (None, case.age_group)
        if by_hours and _may_fit(entry.age, case) and _fits(entry.gestational_age, case.patient.gestational_age):
            return Refusal(
                "age-in-hours-absent",
                f"The dose for '{case.indication}' counts the hours since birth ({_covers(entry)}), and only the days "
                "are recorded. Write 'born' with the time of day, or the age in hours.",
                ("age",),
                tuple(limit.source for limit in entry.age.limits),
            )
    covered = "; ".join(dict.fromkeys(_covers(entry) for entry in by_indication))
    uses = _uses_at_this_age(drug, case)
    return Refusal(
        "no-entry-for-age",
        f"There is no dosing entry for '{case.indication}' at {_whole_age(case)}; entries cover {covered}. "
        f"{uses or _no_use(case)}",
        ("indication", "age") if uses else ("age",),
        tuple(dict.fromkeys(limit.source for entry in by_indication for limit in _limits(entry))),
    )


def _uses_at_this_age(drug: Drug, case: Case) -> str:
    """Name the indications that do have an entry for this patient, each with whose it is; none is chosen."""
    whose: dict[str, list[str]] = {}
    for entry in drug.entries:
        if _serves(entry, case):
            whose.setdefault(entry.indication, []).append(entry.authority)
    if not whose:
        return ""
    listed = "; ".join(f"'{use}' ({', '.join(of)})" for use, of in whose.items())
    return (
        f"For a patient of this age there are entries for {listed}: whether one of these is meant, the physician says."
    )


def _no_use(case: Case) -> str:
    """Say why no use has an entry at this age: newborns' regimens end before children's begin."""
    born, words = case.patient.gestational_age, vocabulary()
    if case.age_group is not AgeGroup.NEWBORN or born is None:
        return "No use has an entry for a patient of this age."
    ends, begins = (words.limit(f"newborn.{name}_below").value for name in ("postnatal", "postmenstrual"))
    wait = Quantity(max(begins.in_unit("day") - born.in_unit("day"), ends.in_unit("day")), "day")
    return (
        f"No use has an entry for a patient of this age. The regimens of newborns end at an age of {shown_days(ends)}, "
        f"and the entries of children begin when the postmenstrual age is {shown_weeks(begins)} and the age "
        f"{shown_days(ends)}: for this baby at an age of {shown_days(wait)}. Both borders are judgements of this "
        "project. No text that was read gives a dose in between, and none is worked out here: the neonatologist and "
        "the pediatric cardiologist decide."
    )


def shown_days(age: Quantity) -> str:
    """Show an age in completed days: `28 days`."""
    return _counted(_completed(age.in_unit("day")), "day")


def _whole_age(case: Case) -> str:
    """Say the age with what else the entries of newborns ask for."""
    born = case.patient.gestational_age
    if case.age_group is not AgeGroup.NEWBORN or born is None:
        return shown_age(case)
    pma = case.postmenstrual_age
    assert pma is not None  # it is the gestational age with the time since birth
    return f"{shown_age(case)}, born at {shown_weeks(born)}, postmenstrual age {shown_weeks(pma)}"


def shown_weeks(age: Quantity) -> str:
    """Show a gestational or postmenstrual age in completed weeks and days: `27 weeks 3 days`, `28 weeks 1 day`."""
    weeks, days = divmod(_completed(age.in_unit("day")), 7)
    return _counted(weeks, "week") if not days else f"{_counted(weeks, 'week')} {_counted(days, 'day')}"


def _completed(number: Decimal) -> Decimal:
    return step_down(round_half_up(number, 6), Decimal(1))  # 11 h are no finite decimal of a day, nor 3 days of a week


def _counted(number: Decimal, word: str) -> str:
    return f"{plain_number(number)} {word}{'' if number == 1 else 's'}"


def _limits(entry: Entry) -> tuple[Sourced, ...]:
    return (*entry.age.limits, *entry.gestational_age.limits, *entry.postmenstrual_age.limits)


def _covers(entry: Entry) -> str:
    """Say for whom an entry is, in words."""
    parts = [] if entry.group in (None, AgeGroup.ADULT) else [_PLURAL[entry.group]]
    if entry.age.limits or entry.group in (None, AgeGroup.ADULT):
        parts.append(_span(entry.age, "every age"))
    if entry.gestational_age.limits:
        parts.append(f"born at {_span(entry.gestational_age, '')}")
    if entry.postmenstrual_age.limits:
        parts.append(f"at a postmenstrual age of {_span(entry.postmenstrual_age, '')}")
    return ", ".join(parts)


_PLURAL = {AgeGroup.CHILD: "children", AgeGroup.NEWBORN: "newborns"}


def _span(span: Span, open_: str) -> str:
    """Say a span: `18 years and over`, `5 days to 27 days`, `below 6 years`."""
    low = None if span.minimum is None else shown_time(span.minimum)
    high = None if span.maximum is None else shown_time(span.maximum)
    below = None if span.below is None else f"below {shown_time(span.below)}"
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"{low} and over" if below is None else f"{low} and over, {below}"
    return below or (open_ if high is None else f"up to {high}")


def shown_time(limit: Sourced) -> str:
    """Show a limit of age or duration as it is spoken: `18 years`, `48 h`, `5 days`."""
    unit = limit.value.unit
    return f"{plain_number(limit.value.value)} {unit if unit in _HOURS else unit + 's'}"
