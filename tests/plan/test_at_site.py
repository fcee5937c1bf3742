"""One case at one hospital: what the file fills in, refuses and says on the plan."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inotrope.drug import Site, read_site
from inotrope.errors import LibraryError
from inotrope.findings import State
from inotrope.patient import Case, read_case, vocabulary
from inotrope.plan import Plan, PlanStatus, make_plan
from tests.worked_cases import worked_cases

Maker = Callable[..., Case]
EXAMPLE = Path(__file__).parents[2] / "inotrope" / "library" / "sites" / "example-site.toml"


@pytest.fixture
def at(tmp_path: Path, make_case: Maker):
    def plan(text: str, overrides: dict[str, str] | None = None, **parts: Any) -> Plan:
        path = tmp_path / "site.toml"
        path.write_text(text, encoding="utf-8")
        return make_plan(make_case(**parts), site=read_site(path), overrides=overrides)

    return plan


def rules(plan: Plan) -> set[str]:
    return {finding.rule for finding in plan.findings if finding.state is State.FIRES}


def test_the_shipped_example_is_sound_and_its_changes_stand_on_the_plan(make_case: Maker) -> None:
    site = read_site(EXAMPLE)
    plan = make_plan(make_case(), site=site)
    assert plan.status is PlanStatus.PLAN
    assert plan.versions.site == site.digest
    said = {(item.path, item.library, item.site) for item in plan.this_site}
    assert ("limits.maintenance.maximum", "0.75 mcg/kg/min", "0.7 mcg/kg/min") in said
    assert plan.maintenance is not None
    assert "this site's maximum rate is 0.7 mcg/kg/min" in plan.maintenance.maximum_because


def test_without_a_file_nothing_is_said(make_case: Maker) -> None:
    assert make_plan(make_case()).this_site == ()


def test_a_tighter_maximum_holds_on_every_step(at) -> None:
    plan = at('[limits]\n"maintenance.maximum" = "0.5 mcg/kg/min"\n')
    assert plan.maintenance is not None
    assert str(plan.maintenance.maximum) == "0.5 mcg/kg/min"
    assert [str(step.rate) for step in plan.titration] == ["0.5 mcg/kg/min"]


def test_a_maximum_below_the_entry_s_minimum_leaves_no_rate(at) -> None:
    plan = at('[limits]\n"maintenance.maximum" = "0.3 mcg/kg/min"\n')
    assert plan.status is PlanStatus.REFUSED
    assert "site-leaves-no-rate" in {refusal.id for refusal in plan.refusals}
    says = next(refusal.says for refusal in plan.refusals if refusal.id == "site-leaves-no-rate")
    assert "This site allows at most 0.3 mcg/kg/min, and the dosing entry starts at 0.375 mcg/kg/min" in says
    assert plan.maintenance is None


def test_a_smaller_load_is_given_as_the_site_has_it(at, make_case: Maker) -> None:
    plan = at('[limits]\n"load.dose" = "25 mcg/kg"\n')
    whole = make_plan(make_case()).loading_dose
    assert plan.loading_dose is not None and whole is not None
    assert plan.loading_dose.mcg_per_kg < whole.mcg_per_kg
    assert plan.loading_dose.mcg_per_kg <= 26


def test_the_largest_dose_follows_the_site_s_smaller_load(at) -> None:
    """25 mcg/kg and a tenth is 27.5: what was a whole load elsewhere is too much here."""

    def given(text: str, dose: str) -> Plan:
        dosed = {
            "of": "milrinone",
            "start": "2026-11-22T05:00:00+01:00",
            "duration": "10 min",
            "dose": f"{dose} mcg/kg",
        }
        return at(text, administrations=[dosed])

    smaller = '[limits]\n"load.dose" = "25 mcg/kg"\n'
    assert "given-dose-above-load" in rules(given(smaller, "50"))
    assert "given-dose-above-load" in rules(given(smaller, "27.6"))
    assert "given-dose-above-load" not in rules(given(smaller, "27.5"))
    assert "given-dose-above-load" not in rules(given('[limits]\n"maintenance.maximum" = "0.7 mcg/kg/min"\n', "50"))
    own = smaller + '"history.largest_dose" = "40 mcg/kg"\n'
    assert "given-dose-above-load" not in rules(given(own, "39"))
    assert "given-dose-above-load" in rules(given(own, "41"))
    said = {(item.path, item.library, item.site) for item in given(smaller, "20").this_site}
    assert ("limits.history.largest_dose", "55 mcg/kg", "27.5 mcg/kg") in said


def test_a_smaller_load_names_the_hospital_s_file(at) -> None:
    load = at('[limits]\n"load.dose" = "25 mcg/kg"\n').loading_dose
    assert load is not None
    assert "this hospital's own load (site.toml), less than the US label's" in load.because


def test_where_no_load_is_given_one_that_was_is_told(at) -> None:
    dosed = {"of": "milrinone", "start": "2026-11-22T05:00:00+01:00", "duration": "10 min", "dose": "50 mcg/kg"}
    plan = at("[load]\ngiven = false\n", administrations=[dosed])
    (told,) = (line for line in plan.assumptions if "gives no loading dose" in line)
    assert "50 mcg/kg was given in the last 24 h" in told
    assert not any("gives no loading dose" in line for line in at("[load]\ngiven = false\n").assumptions)


def test_a_site_that_gives_no_load_says_so_and_keeps_what_speaks_against_one(at) -> None:
    text = "[load]\ngiven = false\n"
    plan = at(text)
    assert plan.loading_dose is not None and not plan.loading_dose.given
    assert "this site gives no loading dose" in plan.loading_dose.because
    now = make_low_pressure(plan)
    low = at(text, measurements=now)
    assert "low-pressure-before-load" in rules(low)
    assert low.titration == ()


def make_low_pressure(plan: Plan) -> list[dict[str, str]]:
    at = plan.made_for.isoformat()
    return [
        {"what": "serum creatinine", "value": "1.1 mg/dL", "at": at},
        {"what": "mean arterial pressure", "value": "60 mmHg", "at": at},
    ]


def test_the_pump_of_the_case_goes_before_that_of_the_site(at) -> None:
    text = '[pump]\nstep = "0.5 mL/h"\nminimum = "20 mL/h"\n'
    lifted = {"pump-below-minimum": "another pump is on its way"}
    without = at(text, lifted, pump=None)
    assert without.preparation is not None and without.maintenance is not None
    assert (str(without.preparation.pump_step), without.preparation.pump_step_assumed) == ("0.5 mL/h", False)
    assert any(
        "this site's pumps have steps of 0.5 mL/h and a lowest rate of 20 mL/h" in s for s in without.assumptions
    )
    assert "pump-below-minimum" in rules(at(text, pump=None))
    own = at(text, pump={"step": "0.1 mL/h", "minimum": "0.1 mL/h"})
    assert own.preparation is not None
    assert str(own.preparation.pump_step) == "0.1 mL/h"
    assert "pump-below-minimum" not in rules(own)
    assert not any("this site's pumps" in line for line in own.assumptions)
    part = at(text, lifted, pump={"step": "0.1 mL/h"})
    assert part.preparation is not None
    assert str(part.preparation.pump_step) == "0.1 mL/h"
    assert any("have a lowest rate of 20 mL/h" in line for line in part.assumptions)


def test_only_the_site_s_bags_are_offered(at) -> None:
    text = (
        '[bags]\nlist = [{id = "premix-200-mL"}, '
        '{id = "own", amount = "10 mg", volume = "100 mL", diluent = "D5W"}, '
        '{id = "neat", amount = "50 mg", volume = "50 mL", diluent = "D5W"}]\n'
    )
    plan = at(text, preparation=None)
    assert plan.preparation is not None
    assert [item.id for item in plan.preparation.offered] == ["premix-200-mL", "own", "neat"]
    own = plan.preparation.offered[1]
    assert str(own.concentration) == "100 mcg/mL"
    assert own.recipe == "10 mL of 1 mg/mL vial + 90 mL diluent (D5W) = 100 mL"
    assert plan.preparation.offered[2].recipe == "50 mL of 1 mg/mL vial = 50 mL"


def test_an_indication_that_is_not_used_here_is_refused_by_any_of_its_names(at) -> None:
    plan = at('[refuse]\nindications = ["ADHF"]\n')
    assert plan.status is PlanStatus.REFUSED
    assert [refusal.id for refusal in plan.refusals] == ["indication-not-used-here"]
    other = at('[refuse]\nindications = ["ADHF"]\n', indication="zebra fever")
    assert "indication-not-used-here" not in {refusal.id for refusal in other.refusals}


def test_the_site_s_authority_serves_where_the_case_names_none(at) -> None:
    plan = at('[authority]\nprefer = "us LABEL"\n')
    assert plan.entry is not None
    assert plan.entry.authority == "US label"
    assert any("this site chose 'US label'" in line for line in plan.assumptions)
    named = at('[authority]\nprefer = "US label"\n', authority="US label")
    assert not any("site chose" in line for line in named.assumptions)
    child = at(
        '[authority]\nprefer = "US label"\n', patient={"born": "2018-03-02", "weight": "25 kg", "height": "125 cm"}
    )
    assert any("has no entry for this patient" in line for line in child.assumptions)


def test_an_override_that_the_site_forbids_is_not_applied_and_said(at) -> None:
    sick = {"severe aortic stenosis": "present"}
    reason = {"severe-valve-obstruction": "valve surgery tonight"}
    plan = at('[overrides]\nforbid = ["severe-valve-obstruction"]\n', overrides=reason, conditions=sick)
    assert plan.status is PlanStatus.STOPPED
    assert any("Override of 'severe-valve-obstruction' not applied" in line for line in plan.assumptions)


def test_a_medicine_of_the_site_s_formulary_is_judged_by_its_class(at, make_case: Maker) -> None:
    before = vocabulary().names("medicine")
    text = (
        '[[formulary.medicine]]\nname = "Newsartrinone"\nsynonyms = ["NSR 20"]\nclass = "PDE3 inhibitor"\n'
        '[[formulary.medicine]]\nname = "furosemide"\nsynonyms = ["Entwaesserungsspritze"]\nclass = "loop diuretic"\n'
    )
    unknown = make_plan(make_case(medicines=["nsr 20"]))
    assert "other-pde3-inhibitor" not in rules(unknown) and "not-checked" in rules(unknown)
    known = at(text, medicines=["nsr 20"], lines=[{"with": ["Entwaesserungsspritze"]}], allergies=["NSR 20"])
    assert {"other-pde3-inhibitor", "loop-diuretic-same-line"} <= rules(known)
    given = [{"of": "Newsartrinone", "start": known.made_for.isoformat(), "dose": "5 mg"}]
    assert "other-pde3-inhibitor" in rules(at(text, medicines=[], administrations=given))
    bare = at(text, medicines=None, allergies=None, administrations=None, lines=None)
    assert "other-pde3-inhibitor" not in rules(bare)
    assert vocabulary().names("medicine") == before


def test_a_file_that_loosens_plans_nothing(at) -> None:
    with pytest.raises(LibraryError, match=r"would loosen maintenance\.maximum"):
        at('[limits]\n"maintenance.maximum" = "0.9 mcg/kg/min"\n')


def test_a_bare_site_changes_nothing(make_case: Maker) -> None:
    plain, same = make_plan(make_case()), make_plan(make_case(), site=Site(digest="d" * 64))
    assert (same.maintenance, same.findings, same.this_site) == (plain.maintenance, plain.findings, ())


BAGS = (
    '[bags]\nonly = true\nlist = [{id = "premix-100-mL"}, '
    '{id = "third", amount = "20 mg", volume = "60 mL", diluent = "D5W"}]\n'
)


@pytest.mark.parametrize(
    ("preparation", "fires"),
    [
        ({"product": "premix"}, False),
        ({"product": "vial", "concentration": "200 mcg/mL"}, False),
        ({"product": "vial", "concentration": "333 mcg/mL"}, False),  # 20 mg in 60 mL, as a label prints it
        ({"product": "vial", "concentration": "100 mcg/mL"}, True),
        ({"product": "vial"}, False),
        (None, False),
    ],
)
def test_a_bag_beside_the_site_s_list_is_a_warning(at, *, preparation: dict[str, str] | None, fires: bool) -> None:
    plan = at(BAGS, preparation=preparation)
    assert ("bag-not-on-site-list" in rules(plan)) is fires
    assert "bag-not-on-site-list" not in rules(at(BAGS.replace("only = true\n", ""), preparation=preparation))


def test_the_warning_names_the_bag_and_the_list(at) -> None:
    plan = at(BAGS, preparation={"product": "vial", "concentration": "100 mcg/mL"})
    says = next(finding.says for finding in plan.findings if finding.rule == "bag-not-on-site-list")
    assert says == "100 mcg/mL is not on this hospital's list: 200 mcg/mL, 333.33 mcg/mL."


def test_a_rate_above_the_soft_limit_is_a_warning(at) -> None:
    running = [{"of": "milrinone", "start": "2026-11-22T06:00:00+01:00", "rate": "0.65 mcg/kg/min"}]
    soft = '[soft]\nmaximum = "0.6 mcg/kg/min"\n'
    assert "above-site-soft-limit" in rules(at(soft, administrations=running))
    assert "above-site-soft-limit" not in rules(at('[soft]\nmaximum = "0.7 mcg/kg/min"\n', administrations=running))
    assert "above-site-soft-limit" not in rules(at(soft))


def test_the_site_s_band_of_levels_holds_inside_the_studied_one(at) -> None:
    def level(text: str, value: str) -> set[str]:
        found = [
            {"what": "serum creatinine", "value": "1.1 mg/dL", "at": "2026-11-22T06:10:00+01:00"},
            {"what": "concentration", "of": "milrinone", "value": value, "at": "2026-11-22T06:10:00+01:00"},
        ]
        return {rule for rule in rules(at(text, measurements=found)) if rule.startswith("level-")}

    band = '[band]\nlow = "150 ng/mL"\nhigh = "250 ng/mL"\n'
    assert level("[band]\n", "260 ng/mL") == set()
    assert level(band, "260 ng/mL") == {"level-above-studied-range"}
    assert level(band, "140 ng/mL") == {"level-below-studied-range"}
    assert level(band, "200 ng/mL") == set()
    for wrong in ('low = "90 ng/mL"', 'high = "310 ng/mL"', 'low = "310 ng/mL"', 'high = "90 ng/mL"'):
        with pytest.raises(LibraryError, match=r"would loosen|holds no level"):
            at(f"[band]\n{wrong}\n")
    with pytest.raises(LibraryError, match="holds no level"):
        at('[band]\nlow = "250 ng/mL"\nhigh = "150 ng/mL"\n')


@pytest.fixture
def first_day(tmp_path: Path):
    """Return the plan of a preterm of 17 h at a site; the study's protocol ends at 18 h of age."""
    bases, _ = worked_cases()

    def plan(text: str, given: list[dict[str, str]]) -> Plan:
        path = tmp_path / "site.toml"
        path.write_text(text, encoding="utf-8")
        content = copy.deepcopy(bases["first-day"])
        content["patient"]["born"] = "2026-11-21T15:00:00+01:00"
        content["administrations"] = given
        return make_plan(read_case(content), site=read_site(path))

    return plan


@pytest.mark.parametrize(("ends", "given"), [("16 h", False), ("16 h", True), ("17 h", False)])
def test_a_regimen_that_ends_earlier_here_proposes_no_infusion_past_that_age(first_day, ends: str, given: bool) -> None:
    # It took the entry for one without an age: its longest 15 h from now on, to an age of 32 h.
    text = f'[limits]\n"duration.until_age" = "{ends}"\n"duration.longest" = "15 h"\n'
    plan = first_day(f"{text}[load]\ngiven = {str(given).lower()}\n", [])
    assert plan.status is PlanStatus.REFUSED
    assert (plan.maintenance, plan.total_24_h) == (None, None)
    (said,) = [item.says for item in plan.refusals if item.id == "no-time-left"]
    assert said == f"At an age of 17 h nothing is started: this site ends it at {ends} of age."


def test_before_the_earlier_end_only_its_own_hours_are_counted(first_day) -> None:
    # 17 h old, ends at 17.5 h: half an hour of 0.2 x 60 = 6 mcg/kg
    plan = first_day('[limits]\n"duration.until_age" = "17.5 h"\n[load]\ngiven = false\n', [])
    assert plan.status is PlanStatus.PLAN
    assert plan.total_24_h is not None
    assert plan.total_24_h.per_weight.to("mcg/kg").shown(9) == "6 mcg/kg"


def test_what_runs_past_the_earlier_end_is_told(first_day) -> None:
    runs = [{"of": "milrinone", "start": "2026-11-22T00:00:00+01:00", "rate": "0.2 mcg/kg/min"}]
    text = '[limits]\n"duration.until_age" = "16 h"\n'
    plan = first_day(text, runs)
    (said,) = [item.says for item in plan.findings if item.rule == "runs-past-its-age"]
    assert "an age of 16 h (this site)" in said
    assert (plan.maintenance, plan.titration) == (None, ())
    assert "runs-past-its-age" not in rules(first_day(text.replace("16", "17.5"), runs))
