"""The side effects to watch for: whose they are, how often, and which this plan has noticed."""

from __future__ import annotations

from collections.abc import Callable

from inotrope.display import plan_sheet, to_text
from inotrope.drug import load_drug
from inotrope.patient import Case
from inotrope.plan import Plan, make_plan

Maker = Callable[..., Case]


def effects(plan: Plan) -> dict[str, bool]:
    return {item.effect: item.noticed for item in plan.watch_list}


def test_an_adult_is_watched_for_the_effects_of_the_page_with_the_label_s_frequencies(make_case: Maker) -> None:
    plan = make_plan(make_case())
    shares = {item.effect: item.frequency for item in plan.watch_list}
    assert shares["ventricular arrhythmia"].shown(1) == "12.1 %"  # facts 1.1
    assert shares["hypotension"].shown(1) == "2.9 %"
    assert shares["torsades de pointes"] is None
    assert not any("children" in name or "newborns" in name for name in shares)
    assert not any(effects(plan).values())
    text = " ".join(to_text(plan_sheet(plan)).split())
    assert "ventricular arrhythmia 12.1 %" in text
    assert "of these: ventricular ectopy 8.5 %" in text


def test_a_child_and_a_newborn_are_watched_for_their_own_as_well(make_case: Maker) -> None:
    child = {"born": "2018-01-01", "weight": "25 kg", "height": "125 cm"}
    assert "arrhythmia in children" in effects(make_plan(make_case(patient=child)))
    baby = {"born": "2026-11-20", "weight": "1 kg", "height": "38 cm", "gestational_age": "27 weeks"}
    found = effects(make_plan(make_case(patient=baby)))
    assert "intraventricular hemorrhage in preterm newborns" in found
    assert "arrhythmia in children" not in found


def test_what_a_rule_has_noticed_is_marked(make_case: Maker) -> None:
    event = [{"what": "headache", "at": "2026-11-22T07:00:00+01:00"}]
    found = effects(make_plan(make_case(events=event)))
    assert found["headache"]
    assert [name for name, noticed in found.items() if noticed] == ["headache"]


def test_every_effect_has_a_rule_that_watches_for_it() -> None:
    drug = load_drug("milrinone")
    known = {rule.id for rule in drug.rules}
    assert drug.adverse
    for item in drug.adverse:
        assert item.rules, item.name
        assert set(item.rules) <= known
