"""Each question in its three states, and how three-valued answers combine."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from inotrope.drug import (
    All,
    AllergicTo,
    Any_,
    Comparison,
    Condition,
    DilutedIn,
    FactCompares,
    FactIs,
    HadEvent,
    HasCondition,
    MeasurementCompares,
    Not,
    OnSupport,
    SexIs,
    SharesLine,
    TakesClass,
    TakesMedicine,
)
from inotrope.findings import Shown, State, Truth
from inotrope.safety import Situation, judge
from inotrope.safety.dose_facts import DOSE_FACTS
from inotrope.units import Quantity

P, A, U = Truth.PRESENT, Truth.ABSENT, Truth.UNKNOWN
STATE = {P: State.FIRES, A: State.SILENT, U: State.UNKNOWN}

# Kleene's strong logic, written out: (first, second) -> (and, or).
KLEENE = {
    (P, P): (P, P),
    (P, A): (A, P),
    (P, U): (U, P),
    (A, P): (A, P),
    (A, A): (A, A),
    (A, U): (A, U),
    (U, P): (U, P),
    (U, A): (A, U),
    (U, U): (U, U),
}


@pytest.mark.parametrize(("first", "second"), list(product((P, A, U), repeat=2)))
def test_and_and_or(judged, first: Truth, second: Truth) -> None:
    parts = (FactIs("load is due"), FactIs("infusion is running"))
    facts = {"load is due": first, "infusion is running": second}
    both, either = KLEENE[first, second]
    assert judged(All(parts), facts=facts).state is STATE[both]
    assert judged(Any_(parts), facts=facts).state is STATE[either]


@pytest.mark.parametrize(("inner", "outer"), [(P, A), (A, P), (U, U)])
def test_not(judged, inner: Truth, outer: Truth) -> None:
    assert judged(Not(FactIs("load is due")), facts={"load is due": inner}).state is STATE[outer]


def test_only_what_can_change_the_outcome_is_asked(judged) -> None:
    facts = {"load is due": U, "infusion is running": P}
    needs = {"load is due": ("a", "b"), "infusion is running": ("c",)}
    when = All(
        (FactIs("load is due"), FactIs("infusion is running"), Not(HasCondition("edema")), FactIs("load is due"))
    )
    assert judged(when, facts=facts, needs=needs).needs == ("a", "b", "edema")
    assert judged(Any_(when.parts), facts=facts, needs=needs).needs == ()  # already present


def measured(what: str, value: str, at: str = "2026-11-22T07:30:00+00:00", **more: str) -> dict[str, object]:
    return {"measurements": [{"what": what, "value": value, "at": at, **more}]}


EVENT = {"what": "bleeding", "at": "2026-11-22T07:00:00+00:00"}
CRRT = {"what": "CRRT", "start": "2026-11-22T01:00:00+00:00"}

LEAVES: list[tuple[Condition, dict[str, object], dict[str, object], dict[str, object], tuple[str, ...]]] = [
    # question, keys that make it present, absent, unknown, and what is asked
    (
        HasCondition("edema"),
        {"conditions": {"oedema": "present"}},
        {"conditions": {"edema": "absent"}},
        {"conditions": {"edema": "unknown"}},
        ("edema",),
    ),
    (HasCondition("edema"), {"conditions": {"edema": "present"}}, {"conditions": {"edema": "absent"}}, {}, ("edema",)),
    (
        TakesMedicine("anagrelide"),
        {"medicines": ["Agrylin"]},
        {"medicines": ["digoxin"]},
        {},
        ("medicines",),
    ),
    (
        TakesClass("PDE3 inhibitor", ("anagrelide", "milrinone")),
        {"medicines": ["cilostazol"]},
        {"medicines": ["anagrelide"]},
        {},
        ("medicines",),
    ),
    (AllergicTo("milrinone"), {"allergies": ["Primacor"]}, {"allergies": []}, {}, ("allergies",)),
    (SharesLine("furosemide"), {"lines": [{"with": ["Lasix"]}]}, {"lines": []}, {}, ("lines",)),
    (
        SharesLine("furosemide"),
        {"lines": [{"with": ["furosemide"]}], "medicines": []},
        {"medicines": ["digoxin"]},
        {"medicines": ["furosemide"]},
        ("lines",),
    ),
    (HadEvent("bleeding"), {"events": [EVENT]}, {"events": []}, {}, ("events",)),
    (OnSupport("CRRT"), {"support": [CRRT]}, {"support": []}, {}, ("support",)),
    (
        OnSupport("CRRT"),
        {"support": [CRRT]},
        {"support": [{**CRRT, "end": "2026-11-22T02:00:00+00:00"}]},
        {},
        ("support",),
    ),
    (
        DilutedIn("sodium bicarbonate"),
        {"preparation": {"diluent": "sodium bicarbonate"}},
        {"preparation": {"diluent": "dextrose 5 %"}},
        {},
        ("preparation",),
    ),
    (
        DilutedIn("sodium bicarbonate"),
        {"preparation": {"diluent": "NaHCO3", "product": "vial"}},
        {"preparation": {"product": "premix"}},
        {"preparation": {"product": "vial"}},
        ("diluent",),
    ),
    (
        DilutedIn("sodium bicarbonate"),
        {"preparation": {"diluent": "NaHCO3"}},
        {"preparation": {"product": "premix"}},
        {"preparation": {"concentration": "200 mcg/mL"}},
        ("diluent",),
    ),
    (
        MeasurementCompares("serum potassium", "@vocabulary:serum potassium.fresh_for", Comparison.BELOW, "@low"),
        measured("serum potassium", "3.4 mmol/L"),
        measured("serum potassium", "3.5 mmol/L"),
        measured("serum potassium", "3.4 mmol/L", at="2026-11-21T07:59:00+00:00"),  # older than 24 h
        ("serum potassium",),
    ),
    (
        MeasurementCompares("serum potassium", None, Comparison.BELOW, "@low"),
        measured("serum potassium", "3.4 mmol/L", at="2026-11-01T00:00:00+00:00"),  # its age does not matter
        measured("serum potassium", "3.5 mEq/L"),
        {},
        ("serum potassium",),
    ),
]


@pytest.mark.parametrize(("when", "present", "absent", "unknown", "needs"), LEAVES)
def test_each_question_in_its_three_states(judged, make_case, *, when, present, absent, unknown, needs) -> None:
    fires = judged(when, make_case(**present), low="3.5 mmol/L")
    silent = judged(when, make_case(**absent), low="3.5 mmol/L")
    open_ = judged(when, make_case(**unknown), low="3.5 mmol/L")
    assert (fires.state, silent.state, open_.state) == (State.FIRES, State.SILENT, State.UNKNOWN)
    assert (fires.needs, silent.needs, open_.needs) == ((), (), needs)
    assert (fires.says, silent.says, open_.says) == ("It is so.", "", "Is it so?")
    assert (fires.asks, silent.asks, open_.asks) == ("", "", "Is it so?")


def test_sex_is_always_known(judged, make_case) -> None:
    assert judged(SexIs("female")).state is State.FIRES
    assert judged(SexIs("female"), make_case(patient={"sex": "male"})).state is State.SILENT


def test_a_rule_without_a_question_never_asks(judged) -> None:
    finding = judged(HasCondition("edema"), asks="")
    assert (finding.state, finding.needs, finding.says) == (State.SILENT, ("edema",), "")


def test_a_finding_carries_the_whole_rule(judged) -> None:
    finding = judged(SexIs("female"))
    assert (finding.rule, finding.title, finding.severity, finding.effect) == ("rule", "A rule", "stop", "withhold")
    assert (finding.advice, finding.override_allowed, finding.override_reason) == ("Do something.", True, None)
    assert (finding.evidence, finding.status) == ({"drugs": "x"}, "judgement")
    assert [source.id for source in finding.sources] == ["test"]


@pytest.mark.parametrize(
    ("comparison", "below", "at", "above"),
    [
        (Comparison.ABOVE, A, A, P),
        (Comparison.AT_OR_ABOVE, A, P, P),
        (Comparison.BELOW, P, A, A),
        (Comparison.AT_OR_BELOW, P, P, A),
    ],
)
@pytest.mark.parametrize(
    ("fact", "limit", "values"),
    [
        ("delivered rate", "0.75 mcg/kg/min", ("0.749", "0.75", "0.751")),
        ("delivered rate", "45 mcg/kg/h", ("0.749", "0.75", "0.751")),  # the same limit per hour
    ],
)
def test_a_fact_against_its_limit(judged, *, comparison, below, at, above, fact, limit, values) -> None:
    when = FactCompares(fact, comparison, "@cap")
    for value, truth in zip(values, (below, at, above), strict=True):
        facts = {fact: Quantity(Decimal(value), "mcg/kg/min")}
        assert judged(when, facts=facts, cap=limit).state is STATE[truth], value


def test_a_ratio_has_no_unit(judged) -> None:
    when = FactCompares("weight ratio", Comparison.AT_OR_ABOVE, "@pounds")
    finding = judged(
        when, facts={"weight ratio": Decimal("2.204")}, says="{value} times, from {limit} on", pounds="2.1"
    )
    assert finding.says == "2.2 times, from 2.1 on"
    assert judged(when, facts={"weight ratio": Decimal("2.09")}, pounds="2.1").state is State.SILENT


@pytest.mark.parametrize(("fact", "state"), [(A, State.SILENT), (U, State.UNKNOWN), (None, State.UNKNOWN)])
def test_a_fact_that_is_not_there(judged, fact: Truth | None, state: State) -> None:
    when = FactCompares("running rate", Comparison.ABOVE, "@dosing:maintenance.maximum")
    facts = {} if fact is None else {"running rate": fact}
    finding = judged(when, facts=facts, needs={"running rate": ("administrations",)})
    assert finding.state is state
    assert finding.needs == (("administrations",) if state is State.UNKNOWN else ())


def test_a_truth_that_is_not_there_is_unknown(judged) -> None:
    finding = judged(FactIs("load is due"), needs={"load is due": ("administrations",)})
    assert (finding.state, finding.needs) == (State.UNKNOWN, ("administrations",))
    assert judged(FactIs("load is due"), facts={"load is due": U}).needs == ()


def test_a_list_of_names_is_present_when_it_holds_any(judged) -> None:
    when, says = FactIs("unchecked names"), "Not checked: {value}."
    assert judged(when, facts={"unchecked names": ("foo", "bar")}, says=says).says == "Not checked: foo, bar."
    assert judged(when, facts={"unchecked names": ()}, says=says).state is State.SILENT


def test_a_cap_belongs_to_its_entry(judged, make_case) -> None:
    rate = FactCompares("running rate", Comparison.ABOVE, "@dosing:maintenance.maximum")
    facts = {"running rate": Quantity(Decimal("0.8"), "mcg/kg/min")}
    assert judged(rate, facts=facts).state is State.FIRES
    finding = judged(rate, facts=facts, without_entry=True)
    assert (finding.state, finding.needs) == (State.UNKNOWN, ("indication",))
    case = make_case(**measured("serum potassium", "3.4 mmol/L"))
    low = MeasurementCompares("serum potassium", None, Comparison.BELOW, "@dosing:electrolytes.potassium_correct_first")
    assert judged(low, case).state is State.FIRES
    assert judged(low, case, without_entry=True).needs == ("indication",)
    within = MeasurementCompares("serum potassium", "@dosing:duration.controlled_experience", Comparison.BELOW, "@low")
    assert judged(within, case, low="3.5 mmol/L").state is State.FIRES
    assert judged(within, case, low="3.5 mmol/L", without_entry=True).needs == ("indication",)


@pytest.mark.hazard("adult-dose-for-somebody-else")
def test_a_limit_that_the_entry_does_not_have_is_crossed_by_nothing_and_asked_by_nobody(judged, make_case) -> None:
    case = make_case(**measured("systolic blood pressure", "40 mmHg"))
    total = {"total 24 h": Quantity(Decimal(9), "mg/kg")}
    low = MeasurementCompares("systolic blood pressure", None, Comparison.BELOW, "@dosing:pressure.systolic")
    high = FactCompares("total 24 h", Comparison.ABOVE, "@dosing:total_24_h.maximum")
    clearance = FactCompares("kidney clearance", Comparison.BELOW, "@dosing:renal.upper")
    within = MeasurementCompares("serum potassium", "@dosing:duration.longest", Comparison.BELOW, "@low")
    needs = {"kidney clearance": ("serum creatinine",)}
    for when, facts in ((low, {}), (high, total), (high, {}), (clearance, {}), (within, {})):
        child = judged(when, case, facts=facts, needs=needs, entry_id="child-septic-shock", low="3.5 mmol/L")
        assert child.state is State.SILENT, when
        nobody = judged(when, case, facts=facts, needs=needs, without_entry=True, low="3.5 mmol/L")
        assert nobody.state is State.UNKNOWN, when


@pytest.mark.parametrize(
    ("value", "limit", "shown"),
    [
        ("0.751", "0.75 mcg/kg/min", "0.751 mcg/kg/min, above 0.75 mcg/kg/min"),
        ("0.7531", "0.75 mcg/kg/min", "0.753 mcg/kg/min, above 0.75 mcg/kg/min"),
        ("0.75004", "0.75 mcg/kg/min", "0.75004 mcg/kg/min, above 0.75 mcg/kg/min"),  # never "0.75, above 0.75"
        ("0.75000000001", "0.75 mcg/kg/min", "0.75 mcg/kg/min, above 0.75 mcg/kg/min"),
        ("0.76", "45 mcg/kg/h", "45.6 mcg/kg/h, above 45 mcg/kg/h"),  # in the limit's unit
    ],
)
def test_the_patients_value_and_the_limit_are_said(judged, value: str, limit: str, shown: str) -> None:
    when = FactCompares("delivered rate", Comparison.ABOVE, "@cap")
    facts = {"delivered rate": Quantity(Decimal(value), "mcg/kg/min")}
    assert judged(when, facts=facts, says="{value}, above {limit}", cap=limit).says == shown


@pytest.mark.hazard("concentration-entry")
@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("0.2", "mcg/mL", "0.2 mcg/mL, below 50 mcg/mL"),
        ("0.02", "mcg/mL", "0.02 mcg/mL, below 50 mcg/mL"),
        ("0.0002", "mg/mL", "0.0002 mg/mL, below 0.05 mg/mL"),
        ("0.0000002", "mg/mL", "0.0000002 mg/mL, below 0.05 mg/mL"),
        ("0.049999", "mg/mL", "0.049999 mg/mL, below 0.05 mg/mL"),
        ("20", "mcg/mL", "20 mcg/mL, below 50 mcg/mL"),
    ],
)
def test_a_typed_amount_is_told_in_its_unit_and_never_as_nothing(judged, value: str, unit: str, shown: str) -> None:
    when = FactCompares("preparation concentration", Comparison.BELOW, "@lowest")
    facts = {"preparation concentration": Quantity(Decimal(value), unit)}
    assert judged(when, facts=facts, says="{value}, below {limit}", lowest="0.05 mg/mL").says == shown


def test_a_reading_in_another_unit_is_told_in_that_of_its_limit(judged, make_case) -> None:
    """180 umol/L of creatinine (113.12 g/mol) are 2.04 mg/dL: no power of ten lies between them."""
    case = make_case(
        measurements=[{"what": "serum creatinine", "value": "180 umol/L", "at": "2026-11-22T07:30:00+00:00"}]
    )
    when = MeasurementCompares("serum creatinine", None, Comparison.ABOVE, "@most")
    assert judged(when, case, says="{value} > {limit}", most="2 mg/dL").says == "2.04 mg/dL > 2 mg/dL"


def test_the_first_comparison_that_holds_is_said(judged, make_case) -> None:
    when = Any_(
        (
            MeasurementCompares("mean arterial pressure", None, Comparison.BELOW, "@mean"),
            MeasurementCompares("systolic blood pressure", None, Comparison.BELOW, "@systolic"),
        )
    )
    both = make_case(
        measurements=[
            {"what": "mean arterial pressure", "value": "70 mmHg", "at": "2026-11-22T07:30:00+00:00"},
            {"what": "systolic blood pressure", "value": "85 mmHg", "at": "2026-11-22T07:30:00+00:00"},
        ]
    )
    said = judged(All((when, SexIs("female"))), both, says="{value} < {limit}", mean="65 mmHg", systolic="90 mmHg").says
    assert said == "85 mmHg < 90 mmHg"


@pytest.mark.parametrize(
    ("comparison", "limit", "state"),
    [
        # "<20 ng/mL" lies anywhere below 20
        (Comparison.BELOW, "20 ng/mL", State.FIRES),
        (Comparison.AT_OR_BELOW, "25 ng/mL", State.FIRES),
        (Comparison.BELOW, "10 ng/mL", State.UNKNOWN),
        (Comparison.ABOVE, "20 ng/mL", State.SILENT),
        (Comparison.AT_OR_ABOVE, "20 ng/mL", State.SILENT),
        (Comparison.ABOVE, "10 ng/mL", State.UNKNOWN),
    ],
)
def test_a_level_below_quantification(judged, make_case, comparison: Comparison, limit: str, state: State) -> None:
    case = make_case(**measured("concentration", "<20 ng/mL", of="milrinone"))
    finding = judged(
        MeasurementCompares("concentration", None, comparison, "@cut"), case, says="{value}; {limit}", cut=limit
    )
    assert finding.state is state
    if state is State.FIRES:
        assert finding.says == f"<20 ng/mL; {limit}"
    if state is State.UNKNOWN:
        assert finding.needs == ("concentration",)


def test_a_part_that_does_not_hold_shows_none_of_its_limits(judged, make_case) -> None:
    """A woman's QTc is not told with the limit for men; the facts have one for each sex."""
    mans = All((FactCompares("weight ratio", Comparison.ABOVE, "@low"), SexIs("male")))
    when = Any_((mans, FactCompares("weight ratio", Comparison.ABOVE, "@high")))
    says, facts = "{value}, above {limit}", {"weight ratio": Decimal(3)}
    woman, man = (make_case(patient={"sex": sex}) for sex in ("female", "male"))
    assert judged(when, woman, facts=facts, says=says, low="1", high="2").says == "3, above 2"
    assert judged(when, man, facts=facts, says=says, low="1", high="2").says == "3, above 1"


def test_every_rule_gives_one_finding_in_order(milrinone, make_case) -> None:
    situation = Situation(make_case(), milrinone.entries[0], {}, {})
    findings = judge(milrinone, situation, rules=milrinone.rules)
    assert [finding.rule for finding in findings] == [rule.id for rule in milrinone.rules]


def test_rules_over_a_computed_dose(milrinone) -> None:
    late = {rule.id for rule in milrinone.rules_of_a_dose}
    assert late == {
        "delivered-rate-above-maximum",
        "running-rate-above-allowed",
        "total-24-h-above-maximum",
        "delivered-dose-error",
        "delivered-dose-far-off",
        "pump-below-minimum",
        "bag-outlasts-storage",
        "above-site-soft-limit",
    }
    early = {rule.id for rule in milrinone.rules_before_a_dose}
    answers = {rule.id for rule in milrinone.rules if rule.shown is Shown.ANSWER}
    assert answers
    assert sorted([*early, *late, *answers]) == sorted(rule.id for rule in milrinone.rules)


def test_the_facts_of_a_dose_are_those_that_need_one() -> None:
    from inotrope.drug import FACTS

    assert {name for name, form in FACTS.items() if form.needs_dose} == DOSE_FACTS


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-11-22T07:00:00+00:00", State.FIRES),
        ("2026-11-20T08:00:00+00:00", State.FIRES),  # exactly 48 h ago
        ("2026-11-20T07:59:00+00:00", State.SILENT),
    ],
)
def test_an_event_of_the_last_hours(judged, make_case, at: str, state: State) -> None:
    case = make_case(events=[{"what": "bleeding", "at": at}])
    assert judged(HadEvent("bleeding", "@recent"), case, recent="48 h").state is state
    assert judged(HadEvent("bleeding"), case).state is State.FIRES


def test_the_level_of_another_drug_is_not_compared(judged, make_case) -> None:
    when = MeasurementCompares("concentration", None, Comparison.ABOVE, "@high", "milrinone")
    digoxin = make_case(**measured("concentration", "400 ng/mL", of="digoxin"))
    assert judged(when, digoxin, high="300 ng/mL").state is State.UNKNOWN
    milrinone = make_case(**measured("concentration", "400 ng/mL", of="Primacor"))
    assert judged(when, milrinone, high="300 ng/mL").state is State.FIRES


@pytest.mark.parametrize(
    ("when", "keys", "names"),
    [
        (TakesMedicine("furosemide"), {"medicines": ["Lasix"]}, "furosemide"),
        (TakesClass("loop diuretic", ()), {"medicines": ["bumetanide", "Lasix"]}, "bumetanide, furosemide"),
        (SharesLine("blood"), {"lines": [{"with": ["whole blood"]}]}, "blood"),
        (HadEvent("bleeding"), {"events": [EVENT]}, "bleeding"),
        (OnSupport("CRRT"), {"support": [CRRT]}, "CRRT"),
        (
            Any_((TakesMedicine("digoxin"), TakesClass("loop diuretic", ()), TakesMedicine("furosemide"))),
            {"medicines": ["Lasix", "digoxin"]},
            "digoxin, furosemide",  # each once, in the order of the rule
        ),
        (
            All((HadEvent("bleeding"), Not(HadEvent("chest pain")))),
            {"events": [EVENT]},
            "bleeding",
        ),
    ],
)
def test_what_is_found_by_name_fills_the_sentence(judged, make_case, when: Condition, keys, names: str) -> None:
    assert judged(when, make_case(**keys), says="Found: {value}.").says == f"Found: {names}."


def test_a_comparison_goes_before_the_names(judged, make_case) -> None:
    when = All(
        (
            TakesMedicine("digoxin"),
            MeasurementCompares("serum potassium", None, Comparison.BELOW, "@low"),
        )
    )
    case = make_case(medicines=["digoxin"], **measured("serum potassium", "3.4 mmol/L"))
    assert judged(when, case, says="{value}, {limit}", low="3.5 mmol/L").says == "3.4 mmol/L, 3.5 mmol/L"


def test_a_limit_that_the_entry_does_not_set_compares_with_nothing(judged, make_case) -> None:
    weight = FactCompares("running for", Comparison.ABOVE, "@dosing:duration.longest")  # the US label prints none
    assert judged(weight, facts={"running for": Quantity(Decimal(900), "h")}).state is State.SILENT
    assert judged(weight, facts={}).state is State.SILENT
    assert judged(weight, facts={"running for": Quantity(Decimal(900), "h")}, without_entry=True).state is State.UNKNOWN
    case = make_case(**measured("mean arterial pressure", "30 mmHg"))
    pressure = MeasurementCompares("mean arterial pressure", None, Comparison.BELOW, "@dosing:duration.longest")
    assert judged(pressure, case).state is State.SILENT
    assert judged(pressure, case, without_entry=True).needs == ("indication",)


@pytest.mark.parametrize(
    ("entry_id", "first"),
    [
        ("adult-acute-decompensated-heart-failure", "pfizer-us-label"),
        ("adult-cardiogenic-shock", "doremi-2021"),
        ("newborn-below-30-weeks-kemh", "kemh-guideline"),
    ],
)
def test_a_crossed_limit_is_shown_with_the_source_of_its_own_entry(milrinone, make_case, entry_id, first) -> None:
    entry = next(item for item in milrinone.entries if item.id == entry_id)
    facts = {"running rate": Quantity(Decimal("0.9"), "mcg/kg/min")}
    rule = next(item for item in milrinone.rules if item.id == "running-rate-above-maximum")
    (found,) = judge(milrinone, Situation(make_case(), entry, facts, {}), rules=[rule])
    assert found.state is State.FIRES
    assert found.sources[0].id == first
    assert ("pfizer-us-label" in {source.id for source in found.sources}) == (first == "pfizer-us-label")
    facts = {"running rate": Quantity(Decimal("0.1"), "mcg/kg/min")}
    (silent,) = judge(milrinone, Situation(make_case(), entry, facts, {}), rules=[rule])
    assert silent.sources == rule.sources


@pytest.mark.parametrize(
    "id_", ["running-rate-above-maximum", "earlier-rate-above-maximum", "fast-infusion-above-load"]
)
def test_a_question_about_a_limit_cites_that_of_its_own_entry(milrinone, make_case, id_: str) -> None:
    entry = next(item for item in milrinone.entries if item.id == "newborn-below-30-weeks-kemh")
    rule = next(item for item in milrinone.rules if item.id == id_)
    (asked,) = judge(milrinone, Situation(make_case(), entry, {}, {}), rules=[rule])
    assert asked.state is State.UNKNOWN
    cited = [source.id for source in asked.sources]
    assert "kemh-guideline" in cited and "pfizer-us-label" not in cited


@pytest.mark.parametrize(
    ("entry_id", "text"),
    [
        ("adult-acute-decompensated-heart-failure", "pfizer-us-label"),
        ("child-acute-heart-failure-uk", "uk-primacor-spc"),
        ("newborn-below-30-weeks-kemh", "kemh-guideline"),
        ("preterm-after-duct-ligation-hallik", "hallik-2019"),
    ],
)
def test_more_than_a_load_cites_the_load_of_its_own_entry(milrinone, make_case, entry_id: str, text: str) -> None:
    """The limit is the load and a tenth, a judgement; the load is that of the authority in use."""
    entry = next(item for item in milrinone.entries if item.id == entry_id)
    facts = dict.fromkeys(
        ("largest dose given", "doses given in 24 h", "given too fast"), Quantity(Decimal(200), "mcg/kg")
    )
    rules = [milrinone.rule(id_) for id_ in ("given-dose-above-load", "repeated-load", "fast-infusion-above-load")]
    for found in judge(milrinone, Situation(make_case(), entry, facts, {}), rules=rules):
        assert found.state is State.FIRES
        assert list(dict.fromkeys(source.id for source in found.sources)) == ["inotrope-judgement", text]


def test_the_longest_duration_of_a_newborn_is_not_the_us_label_s(milrinone, make_case) -> None:
    entry = next(item for item in milrinone.entries if item.id == "newborn-below-30-weeks-kemh")
    rule = next(item for item in milrinone.rules if item.id == "beyond-longest-duration")
    facts = {"running for": Quantity(Decimal(73), "h")}
    (found,) = judge(milrinone, Situation(make_case(), entry, facts, {}), rules=[rule])
    assert found.state is State.FIRES
    assert [source.id for source in found.sources] == ["kemh-guideline"]


@pytest.mark.parametrize("id_", ["uk-primacor-spc", "kemh-guideline"])
def test_a_rate_above_what_is_allowed_cites_the_limit_that_binds(milrinone, make_case, id_: str) -> None:
    rule = next(item for item in milrinone.rules if item.id == "running-rate-above-allowed")
    limits = {number.source.id: number.source for entry in milrinone.entries for number in entry.numbers.values()}
    facts = {"running rate is above what is allowed": Truth.PRESENT, "running rate": Truth.ABSENT}
    behind = {"running rate is above what is allowed": limits[id_]}
    situation = Situation(make_case(), milrinone.entries[0], facts, {}, limits_behind=behind)
    (found,) = judge(milrinone, situation, rules=[rule])
    assert found.state is State.FIRES
    assert [source.id for source in found.sources] == [id_, "taniguchi-2000", "inotrope-judgement"]


def test_without_an_entry_every_limit_for_the_age_is_held_against_the_value(judged, milrinone) -> None:
    adults = tuple(item for item in milrinone.entries if item.group == "adult")
    assert adults
    rate = FactCompares("running rate", Comparison.ABOVE, "@dosing:maintenance.maximum")
    # The maxima are 0.75 mcg/kg/min and, of DOREMI, 0.5.
    for number, state in (
        ("0.5", State.SILENT),
        ("0.51", State.UNKNOWN),
        ("0.75", State.UNKNOWN),
        ("0.76", State.FIRES),
    ):
        facts = {"running rate": Quantity(Decimal(number), "mcg/kg/min")}
        assert judged(rate, facts=facts, possible=adults, says="{value}, above {limit}.").state is state
    fires = judged(rate, facts=facts, possible=adults, says="{value}, above {limit}.")
    assert fires.says.startswith("0.76 mcg/kg/min, above 0.75 mcg/kg/min. No dosing entry serves this case.")
    assert fires.sources[-1].id == "inotrope-judgement"
