"""Every side effect of the page: how often it is seen, and what the program does when it is reported."""

from __future__ import annotations

from inotrope.drug import Drug
from inotrope.plan import PlanStatus, make_plan
from tests.page.people import adult, family_page, found, in_plan, staff_page


def _reported(drug: Drug, event: str, rule: str, severity: str) -> str:
    """Return what the rule says and advises when an event is reported while milrinone runs."""
    finding = found(drug, rule, adult(running=6, events={event: 1}))
    assert finding.severity == severity
    return f"{finding.says} {finding.advice}"


def _stops(drug: Drug, event: str, rule: str) -> None:
    plan = make_plan(adult(running=6, events={event: 1}), forecast=False, drug=drug)
    assert in_plan(plan, rule).severity == "stop"
    assert plan.status is PlanStatus.STOPPED
    assert plan.maintenance is None, "a stop shows no dose"


def the_page_has_a_part_on_adverse_effects(drug: Drug) -> None:
    assert "## Adverse effects " in staff_page(drug)


def the_common_effects_stand_first(drug: Drug) -> None:
    page = family_page(drug)
    common, serious = page.index("**Common** - "), page.index("**Less common, but serious")
    assert common < page.index("headache: 2.9 %") < serious


def a_plan_lists_every_effect_of_the_page_to_watch_for(drug: Drug) -> None:
    watched = {item.effect for item in make_plan(adult(running=6), forecast=False, drug=drug).watch_list}
    of_the_page = {
        "ventricular arrhythmia", "headache", "hypotension", "supraventricular arrhythmia",
        "angina pectoris or chest pain", "anaphylaxis", "atrial fibrillation", "bronchospasm", "hepatic insufficiency",
        "hypokalemia", "infusion site reaction", "myocardial infarction", "skin rash", "thrombocytopenia",
        "torsades de pointes", "tremor",
    }  # fmt: skip
    assert of_the_page - watched == set()


def ventricular_arrhythmia_is_listed(drug: Drug) -> None:
    assert "irregular heartbeat from the main chambers of the heart: 12.1 % of patients" in family_page(drug)


def ventricular_tachycardia_stops(drug: Drug) -> None:
    _stops(drug, "ventricular tachycardia", "reported-arrhythmia")


def extra_beats_are_told(drug: Drug) -> None:
    assert "Extra heartbeats" in _reported(drug, "ventricular ectopy", "new-ectopy", "warn")


def headache_is_listed(drug: Drug) -> None:
    assert "- headache: 2.9 % of patients, about 1 in 34" in family_page(drug)


def headache_is_named_as_a_known_effect(drug: Drug) -> None:
    assert "headache" in _reported(drug, "headache", "headache", "inform")


def hypotension_is_listed_with_the_trial(drug: Drug) -> None:
    page = staff_page(drug)
    assert "10.7 % with milrinone, 3.2 % with placebo" in page


def reported_hypotension_stops(drug: Drug) -> None:
    _stops(drug, "hypotension", "reported-hypotension")


def supraventricular_arrhythmia_is_listed(drug: Drug) -> None:
    assert "irregular heartbeat from the upper chambers of the heart: 3.8 % of patients" in family_page(drug)


def supraventricular_tachycardia_stops(drug: Drug) -> None:
    _stops(drug, "supraventricular tachycardia", "reported-arrhythmia")


def angina_is_listed_together_with_chest_pain(drug: Drug) -> None:
    assert "angina pectoris or chest pain | 1.2 %" in staff_page(drug)


def chest_pain_is_told(drug: Drug) -> None:
    assert "Chest pain" in _reported(drug, "chest pain", "chest-pain", "warn")


def the_serious_effects_have_a_part_of_their_own(drug: Drug) -> None:
    page = family_page(drug)
    assert page.index("**Less common, but serious") < page.index("a rare and dangerous kind of fast heartbeat")


def anaphylaxis_is_listed(drug: Drug) -> None:
    assert "- a severe allergic reaction" in family_page(drug)


def anaphylaxis_stops(drug: Drug) -> None:
    _stops(drug, "anaphylaxis", "reported-allergic-reaction")


def atrial_fibrillation_is_listed_with_the_trial(drug: Drug) -> None:
    assert "4.6 % with milrinone, 1.5 % with placebo" in staff_page(drug)


def new_atrial_fibrillation_stops(drug: Drug) -> None:
    _stops(drug, "atrial fibrillation", "reported-arrhythmia")


def bronchospasm_is_listed(drug: Drug) -> None:
    assert "- tight airways and trouble breathing" in family_page(drug)


def bronchospasm_stops(drug: Drug) -> None:
    _stops(drug, "bronchospasm", "reported-allergic-reaction")


def hepatic_insufficiency_is_listed_as_the_lay_page_alone_says(drug: Drug) -> None:
    assert "named by the lay page only; the label text quoted to us speaks of abnormal liver tests" in staff_page(drug)


def abnormal_liver_tests_are_listed(drug: Drug) -> None:
    assert "- changed liver values in the blood" in family_page(drug)


def harm_to_the_liver_is_told(drug: Drug) -> None:
    assert "liver" in _reported(drug, "liver injury", "liver-injury", "warn")


def low_potassium_is_listed(drug: Drug) -> None:
    assert "- low potassium in the blood: 0.6 % of patients" in family_page(drug)


def low_potassium_on_the_way_is_told(drug: Drug) -> None:
    finding = found(drug, "potassium-below-4", adult(running=6, measured={"serum potassium": "3.7 mmol/L"}))
    assert "3.7 mmol/L, below 4 mmol/L" in finding.says


def reactions_at_the_drip_are_listed(drug: Drug) -> None:
    assert "- pain, redness or swelling where the drip goes in" in family_page(drug)


def a_reaction_at_the_drip_is_answered(drug: Drug) -> None:
    assert "place of the infusion" in _reported(drug, "injection site reaction", "injection-site-reaction", "inform")


def a_leak_into_the_tissue_is_told(drug: Drug) -> None:
    assert "tissue" in _reported(drug, "extravasation", "extravasation", "warn")


def heart_attack_is_listed_as_the_lay_page_alone_says(drug: Drug) -> None:
    assert "myocardial infarction | not known | named by the lay page only" in staff_page(drug)


def a_heart_attack_on_the_way_is_told(drug: Drug) -> None:
    assert "infarction" in _reported(drug, "heart attack", "acute-myocardial-infarction", "warn")


def rash_is_listed(drug: Drug) -> None:
    assert "- rash " in family_page(drug)


def a_rash_is_told(drug: Drug) -> None:
    assert "rash" in _reported(drug, "rash", "skin-rash", "warn")


def low_platelets_are_listed(drug: Drug) -> None:
    assert "- low platelets, which the blood needs to clot: 0.4 % of patients" in family_page(drug)


def low_platelets_of_children_are_listed(drug: Drug) -> None:
    assert "at or below 100 x 10^9/L | 58 %" in staff_page(drug)


def platelets_below_50_stop(drug: Drug) -> None:
    finding = found(drug, "platelets-below-50", adult(running=6, measured={"platelets": "45 x10^9/L"}))
    assert finding.severity == "stop"


def torsades_is_listed_as_rare(drug: Drug) -> None:
    assert "torsades de pointes | not known | after marketing; rare" in staff_page(drug)


def torsades_stops(drug: Drug) -> None:
    _stops(drug, "torsades de pointes", "reported-arrhythmia")


def a_long_qtc_is_told_before_torsades(drug: Drug) -> None:
    finding = found(drug, "qtc-above-500", adult(running=6, measured={"QTc": "510 ms"}))
    assert "510 ms, above 500 ms" in finding.says


def tremor_is_listed(drug: Drug) -> None:
    assert "- shaking: 0.4 % of patients, about 1 in 250" in family_page(drug)


def tremor_is_named_as_a_known_effect(drug: Drug) -> None:
    assert "tremor" in _reported(drug, "tremor", "tremor", "inform")


def families_are_told_to_speak_up_at_once(drug: Drug) -> None:
    assert "Tell a nurse or a doctor at once" in family_page(drug)


def a_stop_says_to_call_the_physician(drug: Drug) -> None:
    assert "call the physician now" in _reported(drug, "torsades de pointes", "reported-arrhythmia", "stop")


def what_a_finding_speaks_of_is_marked_on_the_watch_list(drug: Drug) -> None:
    plan = make_plan(adult(running=6, events={"hypotension": 1}), forecast=False, drug=drug)
    noticed = {item.effect: item.noticed for item in plan.watch_list}
    assert noticed.get("hypotension") is True
    assert noticed.get("skin rash") is False
