"""The facts about a case that need no dose: age, body, kidney, history, preparation, line, and what nobody judged.

Knows how each fact is computed and what is needed for one that is not known. Facts about a computed dose stand in
`dose_facts.py`. It holds no limit: whether 10 % is much, a rule says.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from inotrope.dosing import (
    History,
    counted_as_salt,
    left_in_bag,
    off_site_list,
    prepared_concentration,
    usual_preparations,
    vial_strength,
)
from inotrope.drug import Drug, Entry, creatinine_is_a_machine_s
from inotrope.errors import shorten
from inotrope.findings import Truth
from inotrope.patient import KINETIC, AgeGroup, Case, Event, Kidney, Named, did_you_mean, near_medicines, vocabulary
from inotrope.patient.vocabulary import plain_name
from inotrope.safety.contradictions import contradictions
from inotrope.safety.rate_facts import rate_facts
from inotrope.safety.situation import Fact
from inotrope.safety.small_patients import is_infant, is_preterm_newborn, newborns_weight_is_out, ten_fold_syringes
from inotrope.safety.trends import since_start_facts, trend_facts
from inotrope.units import Quantity, hours_between

USED_ELSEWHERE = frozenset(
    {
        "serum creatinine",
        "baseline creatinine",
        "eGFR",
        "urine output",
        "body weight",
        "dry weight",
        "height",
    }
)
"""Measurements that the kidney and the body are computed from, which no rule need name."""

LINE_PARTNERS = "line partners not known"
DILUENT = "diluent is not on the label"

Facts = dict[str, Fact]
Needs = dict[str, tuple[str, ...]]


def case_facts(
    drug: Drug, case: Case, kidney: Kidney, past: History, entry: Entry | None, *, possible: tuple[Entry, ...] = ()
) -> tuple[Facts, Needs]:
    """Return the facts that are known before a dose is computed, and what is needed for those that are not.

    Args:
        drug: Whose rules will be judged.
        case: The patient.
        kidney: As assessed.
        past: What was given.
        entry: The dosing entry, or None where none serves.
        possible: Every entry for the patient's age, where none serves.

    Returns:
        Facts by name, each known one; and for each fact that can be unknown, the names of the missing pieces.
    """
    facts: Facts = {}
    needs: Needs = {}
    _age(case, facts, needs)
    _body(case, facts, needs)
    replaced = creatinine_is_a_machine_s(drug, case)
    _kidney(case, kidney, facts, needs, replaced=replaced)
    _history(case, past, entry, facts, needs)
    rates, wanted = rate_facts(drug, case, past, entry, possible)
    facts.update(rates)
    needs.update(wanted)
    facts["kinetic estimate is the lowest"] = Truth.ABSENT if replaced else _kinetic_is_lowest(kidney, entry)
    needs["kinetic estimate is the lowest"] = ("baseline creatinine",)
    left = left_in_bag(case, drug, past)
    empty = past.running_rate is not None and left is not None and not left.value
    facts["bag should be empty"] = Truth.of(empty)
    _preparation(case, drug, facts)
    concentration = prepared_concentration(case, drug)
    if concentration is not None:
        facts["preparation concentration"] = concentration
    needs["preparation concentration"] = ("preparation",)
    facts[LINE_PARTNERS] = _line_partners(drug, case)
    facts[DILUENT] = _diluent(drug, case)
    for changes, measured in (trend_facts(case), since_start_facts(case, past)):
        facts.update(changes)
        needs.update(measured)
    facts.update(contradictions(case))
    facts["syringe is ten-fold"] = ten_fold_syringes(case, drug)
    facts["preparation looks counted as salt"] = counted_as_salt(concentration, usual_preparations(drug, case), drug)
    facts["preparation is not on the site's list"] = off_site_list(case, drug)
    facts["unchecked names"] = unchecked_names(drug, case)
    facts["names near to known ones"] = near_names(case)
    facts["names read without their strength"] = read_names(case)
    facts["unjudged records"] = unjudged_records(drug, case)
    return facts, needs


def unchecked_names(drug: Drug, case: Case) -> tuple[str, ...]:
    """Return every medicine, allergen, line partner and diluent that no rule of the drug reads, as written.

    A medicine beside the drug is read when a rule names it or its class, or asks whether it shares the line; an
    allergen when a rule names it as one; a line partner when a rule asks for it in the line. A diluent may also be one
    of the standard preparations'. A name that the vocabulary does not know is read by none. A known one that
    another rule names as a partner or a diluent without a row is not said twice.
    """
    read = drug.judged_medicines
    told = {DILUENT: _diluent(drug, case), LINE_PARTNERS: _line_partners(drug, case)}
    elsewhere = {name for fact in drug.judged_facts & told.keys() for name in told[fact]}
    given = (item.of for item in case.administrations or ())
    slots: tuple[tuple[Iterable[Named], frozenset[str], bool], ...] = (
        ((*(case.medicines or ()), *given), read.given, False),
        (case.allergies or (), read.allergies, False),
        (_partners(case), read.lines | _standard_partners(drug), True),
        (_diluents(case), read.diluents, True),
    )
    names = (
        _as_written(item)
        for listed, known, may_be_told in slots
        for item in listed
        if not (item.known and (item.name in known or item.name == drug.name))
        and not (may_be_told and item.known and _as_written(item) in elsewhere)
    )
    return tuple(dict.fromkeys(names))


def near_names(case: Case) -> tuple[str, ...]:
    """Return every name of the record that is not known and near to one that is, with what it is near to."""
    unknown = dict.fromkeys(_as_written(item) for item in _every_name(case) if not item.known)
    near = ((name, near_medicines(name)) for name in unknown)
    return tuple(f"'{shorten(name)}' ({did_you_mean(found)})" for name, found in near if found)


def read_names(case: Case) -> tuple[str, ...]:
    """Return every name of the record beside which a strength, a route or the like stands, with what it was read as."""
    words = vocabulary()
    beside = (item for item in _every_name(case) if item.known and plain_name(item.as_written) not in words.medicines)
    return tuple(dict.fromkeys(f"'{shorten(_as_written(item))}' as {item.name}" for item in beside))


def _every_name(case: Case) -> tuple[Named, ...]:
    """Return each medicine of the record: given, an allergen, in the line, or what the drug is diluted in."""
    given = (item.of for item in case.administrations or ())
    return (*(case.medicines or ()), *given, *(case.allergies or ()), *_partners(case), *_diluents(case))


def unjudged_records(drug: Drug, case: Case) -> tuple[str, ...]:
    """Return what is recorded and no rule of the drug reads: events, machines, and the newest of each measurement.

    An event that lies further back than every rule looks is read by none any more; it is named with its time.
    """
    events = (said for event in case.events or () if (said := _unjudged_event(drug, case, event)))
    machines = (item.what for item in case.support or () if item.what not in drug.judged_support)
    judged = {(name, None) for name in drug.judged_measurements | USED_ELSEWHERE} | drug.judged_levels
    newest: dict[tuple[str, str | None], str] = {}
    for item in sorted(case.measurements, key=lambda measured: measured.at):
        if (item.what, item.of) not in judged:
            of = "" if item.of is None else f" of {item.of}"
            newest[item.what, item.of] = f"{item.what}{of} {item.value}"
    return tuple(dict.fromkeys((*events, *machines, *newest.values())))


def _unjudged_event(drug: Drug, case: Case, event: Event) -> str:
    """Return how an event is named that no rule reads, or no longer; empty for one that a rule reads."""
    if event.what not in drug.judged_events:
        return event.what
    window = drug.event_windows[event.what]
    if window is None or hours_between(event.at, case.now) <= window.in_unit("h"):
        return ""
    return f"{event.what} of {event.at.isoformat(sep=' ', timespec='minutes')}, which lies too far back for any rule"


def _partners(case: Case) -> tuple[Named, ...]:
    return tuple(item for line in case.lines or () for item in line.with_)


def _diluents(case: Case) -> tuple[Named, ...]:
    diluent = None if case.preparation is None else case.preparation.diluent
    return () if diluent is None else (diluent,)


def _as_written(item: Named) -> str:
    return " ".join(item.as_written.split())


def _standard_partners(drug: Drug) -> frozenset[str]:
    """Return what a row of the drug's lines names."""
    return frozenset(line.name for line in drug.lines)


def _line_partners(drug: Drug, case: Case) -> tuple[str, ...]:
    """Return what runs in the same line and no row of the drug's lines names, as written."""
    known = _standard_partners(drug) | {drug.name}
    found = (_as_written(item) for item in _partners(case) if not (item.known and item.name in known))
    return tuple(dict.fromkeys(found))


def _diluent(drug: Drug, case: Case) -> tuple[str, ...]:
    """Return the diluent of a vial that is neither one of the standard preparations' nor asked for by a rule."""
    if case.preparation is None or case.preparation.product == "premix":
        return ()
    known = drug.judged_medicines.diluents
    return tuple(_as_written(item) for item in _diluents(case) if not (item.known and item.name in known))


def _age(case: Case, facts: Facts, needs: Needs) -> None:
    """Add who the patient is by age; without a gestational age a baby may or may not still count as newborn."""
    group = case.age_group
    facts["patient is an adult"] = Truth.of(group is AgeGroup.ADULT)
    facts["patient is a newborn"] = Truth.of(None if group is None else group is AgeGroup.NEWBORN)
    needs["patient is a newborn"] = needs["patient is an infant"] = ("gestational age",)
    facts["patient is an infant"] = is_infant(case)
    facts["patient is a preterm newborn"] = is_preterm_newborn(case)
    needs["patient is a preterm newborn"] = ("gestational age",)
    facts["newborn's weight is out of range"] = newborns_weight_is_out(case)
    needs["newborn's weight is out of range"] = ("gestational age",)
    grown = vocabulary().limit("age.past_childhood").value.in_unit("year")
    facts["patient is past childhood"] = Truth.of(case.exact_age_years >= grown)
    above, below = _beyond_the_age(case)
    facts["weight is unusual for the age"] = Truth.of(max(above, below) > 1 and group is not AgeGroup.ADULT)
    # A newborn of unknown gestation may have come early, and be small for it: that is asked, and is no slip.
    early = case.patient.gestational_age is None and group in (AgeGroup.NEWBORN, None)
    facts["times beyond the weights of the age"] = above if early else max(above, below)


def _beyond_the_age(case: Case) -> tuple[Decimal, Decimal]:
    """Return the weight as a multiple of the highest plausible one at this age, and the lowest as one of the weight.

    Zeros for a newborn born before term: nobody gave us a range.
    """
    gestation, term = case.patient.gestational_age, vocabulary().limit("newborn.term_from").value
    if case.age_group is AgeGroup.NEWBORN and gestation is not None and gestation < term:
        return Decimal(0), Decimal(0)
    words, age = vocabulary(), case.exact_age_years
    kind = words.measurement("body weight")
    assert kind is not None  # the vocabulary holds it; the tests prove it
    bands = (band for band in kind.bands if band.age_from.in_unit("year") <= age < band.age_to.in_unit("year"))
    band = next(bands, None)
    grown = (words.limit(f"body weight.plausible_{end}").value for end in ("minimum", "maximum"))
    ends = grown if band is None else band.range_at(Quantity(age, "year"))
    lowest, highest = (end.in_unit("kg") for end in ends)
    weight = case.patient.weight.in_unit("kg")
    return weight / highest, lowest / weight


def _body(case: Case, facts: Facts, needs: Needs) -> None:
    weight = case.patient.weight
    facts["weight"] = weight
    height = case.height
    if height is not None:
        facts["height"] = height
    needs["height"] = ("height",)
    facts["weight change"] = facts["weight ratio"] = facts["dry weight difference"] = Truth.ABSENT
    last, dry = case.latest("body weight"), case.latest("dry weight")
    if last is not None:
        heavier, lighter = max(weight, last.value), min(weight, last.value)
        facts["weight change"] = _difference(heavier, lighter, of=lighter)  # whichever of the two came first
        facts["weight ratio"] = heavier.in_unit("kg") / lighter.in_unit("kg")
    if dry is not None:
        facts["dry weight difference"] = _difference(weight, dry.value, of=weight)


def _difference(first: Quantity, second: Quantity, *, of: Quantity) -> Quantity:
    """Return how far two weights are apart, in % of one of them."""
    return Quantity(abs(first.in_unit("kg") - second.in_unit("kg")) * Decimal(100) / of.in_unit("kg"), "%")


def _kidney(case: Case, kidney: Kidney, facts: Facts, needs: Needs, *, replaced: bool) -> None:
    """Add what the kidney is known to do; below the age of an equation there is no clearance to compare.

    What a machine does to a creatinine is no clearance of the kidneys (`replaced`): no renal table speaks of it, and no
    estimate from it is held against anything, nor asked for.
    """
    missing = tuple(dict.fromkeys(name for refusal in kidney.refusals for name in refusal.needs))
    for_estimate = missing or ("serum creatinine",)
    # Beside a machine no estimate is used, so none is the lowest; little urine has a rule of its own.
    facts["creatinine is changing"] = Truth.ABSENT if replaced else kidney.changing
    measured, used = kidney.measured, kidney.clearance
    above = kidney.assumed and measured is not None and used is not None and used > measured
    facts["assumed kidney is above the measured one"] = Truth.of(above)
    needs["creatinine is changing"] = kidney.changing_needs
    facts["child's kidney is impaired"] = kidney.impaired
    needs["child's kidney is impaired"] = kidney.impaired_needs
    for name, value in (
        ("kidney clearance", kidney.clearance),
        ("difference between estimates", kidney.difference_between_estimates),
        ("difference from reported eGFR", kidney.difference_from_reported),
    ):
        if value is not None:
            facts[name] = value
        needs[name] = for_estimate
    if replaced or (kidney.clearance is None and not kidney.refusals):
        facts["kidney clearance"] = Truth.ABSENT
    # The two equations are an adult's; and while creatinine changes the lowest of all doses, whatever their distance.
    if replaced or case.age_group is not AgeGroup.ADULT or kidney.changing is Truth.PRESENT:
        facts["difference between estimates"] = Truth.ABSENT
    if replaced or kidney.reported_egfr is None:
        facts["difference from reported eGFR"] = Truth.ABSENT


def _kinetic_is_lowest(kidney: Kidney, entry: Entry | None) -> Truth:
    """Tell whether the kinetic estimate sets the kidney function; unknown where only a baseline is missing for that.

    It is asked for only where that estimate would lie below the one in use and inside the entry's renal table: there a
    baseline lowers the ceiling.
    """
    if kidney.equation == KINETIC:
        return Truth.PRESENT
    would, used = kidney.kinetic_if_baseline, kidney.clearance
    if would is None or used is None or entry is None or entry.renal is None:
        return Truth.ABSENT
    return Truth.UNKNOWN if would < used and would <= entry.renal.upper.value else Truth.ABSENT


def _history(case: Case, past: History, entry: Entry | None, facts: Facts, needs: Needs) -> None:
    """Add what the record says was given; nothing running means that there is nothing to compare."""
    facts["infusion is running"] = past.running
    facts["milrinone was given before"] = past.given_before
    # A load is planned unless the record speaks against it, so a low pressure must be able to withhold it then too.
    spoken_against = Truth.PRESENT in (past.running, past.given_before) or entry is None or entry.load is None
    facts["load is due"] = Truth.of(not spoken_against)
    starts = entry is not None and past.running is not Truth.PRESENT
    facts["start without a load is due"] = Truth.of(starts and spoken_against)
    if past.recorded:
        facts["largest dose given"] = Truth.ABSENT if past.largest_dose is None else past.largest_dose
        facts["doses given in 24 h"] = Truth.ABSENT if past.repeated_doses is None else past.repeated_doses
        facts["given 24 h"] = past.worst_24_h
        facts["running for"] = Truth.ABSENT if past.running_for is None else past.running_for
    for name in (
        "infusion is running",
        "milrinone was given before",
        "given 24 h",
        "running for",
        "largest dose given",
        "doses given in 24 h",
    ):
        needs[name] = ("administrations",)


def _preparation(case: Case, drug: Drug, facts: Facts) -> None:
    """Compare what hangs on the pump with the products that exist; what nobody says cannot contradict."""
    facts["premix strength is not a real one"] = facts["vial is undiluted"] = facts["bag hangs since"] = Truth.ABSENT
    if case.preparation is None or case.preparation.product is None:
        return
    stated = case.preparation.effective_concentration
    hung = case.preparation.hung
    diluted = case.preparation.product == "vial" and (stated is None or stated < vial_strength(drug))
    if hung is not None and diluted:  # only what was diluted has a life that runs from then on
        facts["bag hangs since"] = Quantity(hours_between(hung, case.now), "h")
    strengths = {item.strength.value for item in drug.products if item.kind == case.preparation.product}
    if stated is None or not strengths:
        return
    if case.preparation.product == "premix":
        facts["premix strength is not a real one"] = Truth.of(stated not in strengths)
    else:
        facts["vial is undiluted"] = Truth.of(stated in strengths)
