"""Laws of the valve: what a search for a dose may never do, for hundreds of invented patients.

Limits are those of the second reading (`printed.py`, `second_history.py`), never what the program printed before.
"""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from inotrope.drug import load_drug, read_site
from inotrope.drug.site import Site
from inotrope.findings import State
from inotrope.patient import read_case
from inotrope.plan.making import work_out
from inotrope.plan.outcome import Outcome
from inotrope.plan.record import PlanStatus
from inotrope.plan.running import held_down
from inotrope.plan.target.allowing.allowed import Allowed, allowed_rates
from inotrope.plan.target.making import find_dose
from inotrope.plan.target.record import Target, TargetStatus
from inotrope.population import load_models
from inotrope.units import hours_between
from tests.laws import second_history as history
from tests.laws import second_look as look
from tests.laws.one_plan import GRAIN, HAIR, rate_of
from tests.laws.ordinary import Ordinary
from tests.laws.patients import Document, Generator, since_birth
from tests.laws.printed import ADULT, BY_ID, CAP, renal_line

EVERY, SEARCHED, MANY = 700, 60, 2000
SHARES = 4
MODELS = tuple(
    model
    for model in load_models(load_drug("milrinone"))
    if model.name in ("milrinone/label_adult", "milrinone/prielipp_1996", "milrinone/paradisis_2007")
)


def with_level(document: Document, chance: random.Random) -> Document:
    """Return the case with one or two levels, most of them such as a patient may have, some of them slips."""
    found, now = copy.deepcopy(document), read_case(copy.deepcopy(document)).now
    for _ in range(chance.choice((0, 1, 1, 1, 2))):
        minutes = chance.choice((20, 90, 200, 700, 1800))
        moment = history.moment(now.isoformat()).timestamp() - 60 * minutes
        at = now.fromtimestamp(moment, tz=now.tzinfo).isoformat()
        value = f"{chance.lognormvariate(5.1, 0.6):.0f} ng/mL"
        found["measurements"] = [
            *(found.get("measurements") or []),
            {"what": "concentration", "of": "milrinone", "value": value, "at": at},
        ]
    return since_birth(found)


def worked_out(document: Document, site: Site | None = None) -> Outcome:
    return work_out(read_case(copy.deepcopy(document)), {}, None, site, None)


def line_of(outcome: Outcome) -> Fraction | None:
    """Return the printed line at the clearance; None where none holds."""
    assert outcome.entry is not None
    if BY_ID[outcome.entry.id].group != ADULT:
        return None
    assert outcome.kidney.clearance is not None
    return renal_line(Fraction(outcome.kidney.clearance.in_unit("mL/min/1.73 m2")))


def check_allowed(document: Document, outcome: Outcome, found: Allowed, *, above_line: bool = False) -> None:
    """No rate of any way crosses a limit, no step comes before its time, no load stands that the plan withholds."""
    regimen, entry, past = outcome.regimen, outcome.entry, history.pieces(document)
    assert outcome.status is PlanStatus.PLAN and regimen is not None and entry is not None
    printed, line = BY_ID[entry.id], line_of(outcome)
    start = max(rate_of(regimen.maintenance.rate), rate_of(regimen.maintenance.delivered))
    running = outcome.past.running_rate
    for way in found.ways:
        top = max(rate_of(item.rate) for item in way.settings)
        assert 0 <= top <= printed.top and (above_line or line is None or top <= line)
        if printed.cap is not None and way.load is None:
            assert history.fullest(past, top) <= CAP + GRAIN
        assert way.load is None or (regimen.load.given and way.load == regimen.load)
        for item in way.settings:
            if item.pump is not None:
                steps = Fraction(item.pump.in_unit("mL/h")) / Fraction(regimen.pump_step.in_unit("mL/h"))
                assert steps == int(steps)
                strength, weight = look.concentration(document), look.number(document["patient"]["weight"])
                assert strength is not None
                given = Fraction(item.pump.in_unit("mL/h")) * strength / 60 / weight
                assert abs(given - rate_of(item.rate)) <= HAIR
        if way.pause_h or above_line:
            continue
        for item in way.settings:
            stage = way.stages[way.stage_of(item.rate)]
            begun = max(start, Fraction(0) if running is None else rate_of(running))
            if rate_of(item.rate) > begun + HAIR:  # a step upward: not before the plan's own first one
                assert not held_down(outcome.findings) or running is not None
                first = min((hours_between(outcome.case.now, step.not_before) for step in regimen.titration), default=0)
                bare = way.load is None and regimen.load.given
                assert bare or stage.from_h >= first or stage.highest <= found.ways[0].stages[0].highest


def check_patient(seed: int, counts: Counter[str]) -> None:
    chance = random.Random(f"target {seed}")
    source = Ordinary(seed) if seed % 2 else Generator(seed)
    document = with_level(source.document(), chance)
    outcome = worked_out(document)
    found = allowed_rates(outcome)
    counts[f"{outcome.status}, {'a search' if isinstance(found, Allowed) else 'none'}"] += 1
    if not isinstance(found, Allowed):
        assert found  # never silence
        return
    assert not any(item.state is State.FIRES and item.severity == "stop" for item in outcome.findings)
    check_allowed(document, outcome, found)


@pytest.mark.hazard("dose-fitted-to-a-level")
@pytest.mark.parametrize("share", range(SHARES))
def test_no_rate_that_is_searched_crosses_a_limit(share: int) -> None:
    counts: Counter[str] = Counter()
    for seed in range(share, EVERY, SHARES):
        try:
            check_patient(seed, counts)
        except Exception as problem:
            problem.add_note(f"seed {seed}")
            raise
    assert counts["plan, a search"] > EVERY / SHARES / 8, counts
    assert counts["stopped, none"] and counts["refused, none"]
    assert not counts["stopped, a search"] and not counts["refused, a search"]


def check_search(document: Document, outcome: Outcome, found: Target, soft: Fraction | None = None) -> None:
    """Nothing is named above what may be; without a fitted level the lowest of all models is."""
    if found.status in (TargetStatus.STOPPED, TargetStatus.REFUSED):
        assert found.refusals and found.named is None and not found.searches
        return
    assert outcome.status is PlanStatus.PLAN and outcome.entry is not None and found.allowed is not None
    printed, line = BY_ID[outcome.entry.id], line_of(outcome)
    top = printed.top if soft is None else min(printed.top, soft)
    passed = found.allowed.line is not None
    for item in (one for search in found.searches for one in search.candidates):
        rate = rate_of(item.rate) - Fraction(1, 20_000)  # shown to four decimals
        assert rate <= top and (line is None or passed or rate <= line)
        if line is not None and rate > line:
            assert item.above_line
    names = [search.named.candidate.rate for search in found.searches if search.named is not None]
    if found.named is not None:
        assert found.named.candidate.rate == min(names) and len(names) >= 1
        assert all(search.status is not TargetStatus.NONE_SAFE for search in found.searches)
    if not found.fitted:
        assert not passed
    if passed:
        check_passed(outcome, found)


def check_passed(outcome: Outcome, found: Target) -> None:
    """The line is passed on a fresh level that is fitted, by steady kidneys of his own, and it is said."""
    assert found.fitted and found.allowed is not None and found.kidney is not None and not found.kidney.moving
    assert any(item.refused is None and not item.below and item.hours.value >= -24 for item in found.levels)
    assert not outcome.kidney.assumed and outcome.kidney.changing == "absent" and not held_down(outcome.findings)
    assert any("renal line" in text and "may be passed" in text for text in found.allowed.says)
    for search in found.searches:
        if search.named is not None and search.named.candidate.above_line:
            assert search.within_line is not None and not search.within_line.candidate.above_line


def search(document: Document, site: Site | None = None) -> Target:
    case = read_case(copy.deepcopy(document))
    return find_dose(case, site=site, models=MODELS, draws=200, hours="6 h")


def check_seed(seed: int, site: Site | None, counts: Counter[str]) -> None:
    document = with_level(Ordinary(seed).document(), random.Random(f"target {seed}"))
    found, outcome = search(document, site), worked_out(document, site)
    check_search(document, outcome, found, None if site is None else Fraction("0.45"))
    counts[found.status.value] += 1
    counts["line passed"] += found.allowed is not None and found.allowed.line is not None
    counts["fitted"] += found.fitted


def soft_site(folder: Path) -> Site:
    path = folder / "site.toml"
    path.write_text('[soft]\nmaximum = "0.45 mcg/kg/min"\n', encoding="utf-8")
    return read_site(path)


@pytest.mark.parametrize("soft", [False, True], ids=["label", "a hospital's soft limit"])
def test_no_search_names_what_may_not_be(tmp_path: Path, soft: bool) -> None:
    counts: Counter[str] = Counter()
    site = soft_site(tmp_path) if soft else None
    for seed in range(SEARCHED):
        check_seed(seed, site, counts)
    assert counts["found"] and counts["stopped"] and counts["refused"] and counts["fitted"], counts


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_no_search_of_many_names_what_may_not_be(tmp_path: Path, share: int) -> None:
    counts: Counter[str] = Counter()
    site = soft_site(tmp_path)
    for seed in range(share, MANY, SHARES):
        check_seed(seed, site if seed % 3 == 0 else None, counts)
    assert counts["line passed"], json.dumps(counts)
