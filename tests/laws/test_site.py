"""A hospital's own file never allows more: generated sites and generated patients, compared with the plan without it.

400 pairs here, 10,000 in `make test-slow`. Sites and patients are invented by seed. Where a site chooses the authority
or fills in the pump, the plan beside it is made for the same authority and the same pump: those are facts of a ward,
and a case may state them as well.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from inotrope.drug import Drug, Site, load_drug, read_site
from inotrope.drug.directions import Tighter, of_limit, of_number
from inotrope.drug.plausible import end_of_number
from inotrope.errors import InotropeError
from inotrope.findings import Effect, Severity, State
from inotrope.patient import Case, read_case
from inotrope.plan import Plan, PlanStatus, make_plan
from inotrope.units import Quantity, plain_number
from tests.laws.patients import Document, Generator

PAIRS, MANY = 400, 10_000
SHARES = 8
HAIR = Fraction(1, 10**9)
LOOSE = (Effect.WITHHOLD, Effect.NO_RATE, Effect.NO_LOAD)


@dataclass(frozen=True, slots=True)
class Pair:
    """One patient with and without one site."""

    site: Site
    text: str
    seed: int
    without: Plan
    at: Plan


class Writer:
    """Writes the site's file of one seed: each setting is there by chance, and every value on the tighter side."""

    def __init__(self, seed: int, drug: Drug) -> None:
        self.random = random.Random(f"site {seed}")
        self.drug = drug

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def tighter(self, value: Quantity | Decimal, way: Tighter | None) -> str:
        factor = Decimal(self.random.randint(101, 160) if way is Tighter.HIGHER else self.random.randint(60, 99)) / 100
        if isinstance(value, Quantity):
            return f"{plain_number(value.value * factor)} {value.unit}"
        return plain_number(value * factor)

    def text(self) -> str:
        lines = [*self.limits(), *self.rules()]
        lines += ["[load]", f"given = {str(not self.chance(0.15)).lower()}"]
        lines += [f"from_premix = {str(self.chance(0.2)).lower()}", "[pump]"]
        lines += [f'step = "{self.random.choice(("0.01", "0.1", "0.5", "1"))} mL/h"'] if self.chance(0.5) else []
        lines += [f'minimum = "{self.random.choice(("0.1", "1"))} mL/h"'] if self.chance(0.3) else []
        lines += ["[rounding]", f'error_warning = "{self.random.randint(1, 5)} %"'] if self.chance(0.3) else []
        lines += ["[bags]", f"only = {str(self.chance(0.5)).lower()}", 'list = [{id = "premix-100-mL"}]']
        lines += ["[authority]", f'prefer = "{self.random.choice(self.authorities())}"'] if self.chance(0.3) else []
        names = [entry.indication for entry in self.drug.entries]
        lines += ["[refuse]", f'indications = ["{self.random.choice(names)}"]'] if self.chance(0.08) else []
        lines += ["[[formulary.medicine]]", 'name = "zzyzafil"', f'class = "{self.random.choice(CLASSES)}"']
        return "\n".join(lines) + "\n"

    def authorities(self) -> list[str]:
        return sorted({entry.authority for entry in self.drug.entries})

    def limits(self) -> Iterator[str]:
        yield "[limits]"
        numbers: dict[str, Quantity] = {}
        for entry in self.drug.entries:
            for path, number in entry.numbers.items():
                way = of_number(path)
                if way is not None and path != "rounding.error_warning":
                    numbers[path] = min(numbers.get(path, number.value), number.value)
        for path, value in numbers.items():
            way = of_number(path)
            if way is not None and self.chance(0.2):
                having = [entry for entry in self.drug.entries if path in entry.numbers]
                end = end_of_number(path, having, self.drug.entries, way)
                kept = self.tighter(value, way)
                yield f'"{path}" = "{kept if end is None else _inside(kept, end, way)}"'
        adult = self.drug.entries[0]
        yield f"[limits.{adult.id}]"
        if self.chance(0.5):
            yield f'"maintenance.maximum" = "{self.random.choice(("0.3", "0.5", "0.6", "0.7"))} mcg/kg/min"'
        if self.chance(0.3):
            yield f'"total_24_h.maximum" = "{self.random.choice(("0.5", "0.8", "1", "1.1"))} mg/kg"'

    def rules(self) -> Iterator[str]:
        yield "[thresholds]"
        for rule in self.drug.rules:
            for name, limit in rule.limits.items():
                way = of_limit(rule, name)
                if way is not None and self.chance(0.2):
                    yield f'"{rule.id}.{name}" = "{self.tighter(limit.value, way)}"'
        yield "[overrides]"
        can = [rule.id for rule in self.drug.rules if rule.override]
        yield f"forbid = {self.random.sample(can, 2)}".replace("'", '"')


def _inside(text: str, end: Quantity, way: Tighter) -> str:
    """Return a limit, or the tightest that leaves anything where it lies beyond."""
    number, _, unit = text.partition(" ")
    value = Quantity(Decimal(number), unit)
    return text if (value >= end if way is Tighter.LOWER else value <= end) else f"{plain_number(end.value)} {end.unit}"


FAR_OFF, CEILINGS = "delivered-dose-far-off", ("maintenance.maximum", "total_24_h.maximum")
ABOVE_WHAT_MAY_RUN = {"running-rate-above-maximum", "running-rate-above-allowed"}
CLASSES = ("PDE3 inhibitor", "nitrate", "beta-blocker", "loop diuretic")


def pairs(numbers: Iterator[int], folder: Path) -> Iterator[Pair]:
    drug = load_drug("milrinone")
    for seed in numbers:
        text = Writer(seed, drug).text()
        path = folder / f"{seed}.toml"
        path.write_text(text, encoding="utf-8")
        try:
            site = read_site(path)
            document = Generator(seed).document()
            case = read_case(copy.deepcopy(document))
            at = make_plan(case, forecast=False, site=site)
        except InotropeError as problem:
            assert "would loosen" not in str(problem), (seed, text, str(problem))
            continue  # a band of limits that closes, or a patient whom nobody could write down
        yield Pair(site, text, seed, make_plan(alike(document, case, at, site), forecast=False), at)


def alike(document: Document, case: Case, at: Plan, site: Site) -> Case:
    """Return the case with what the site filled in: its pump, and the authority that it chose."""
    changed = copy.deepcopy(document)
    pump = dict(changed.get("pump") or {})
    if site.pump_step is not None and (case.pump is None or case.pump.step is None):
        pump["step"] = str(site.pump_step)
    if site.pump_minimum is not None and (case.pump is None or case.pump.minimum is None):
        pump["minimum"] = str(site.pump_minimum)
    if pump:
        changed["pump"] = pump
    if any("this site chose" in line for line in at.assumptions):
        assert at.entry is not None
        changed["authority"] = at.entry.authority
    return read_case(changed)


def firing(plan: Plan) -> dict[str, Effect]:
    return {finding.rule: finding.effect for finding in plan.findings if finding.state is State.FIRES}


def mcg_per_kg(plan: Plan) -> Fraction:
    return Fraction(0) if plan.loading_dose is None else Fraction(plan.loading_dose.mcg_per_kg)


def check_findings(pair: Pair, needs_dose: set[str]) -> None:
    """No stop, no refusal of a rate and no withholding of a load disappears."""
    now, before = firing(pair.at), firing(pair.without)
    for rule, effect in before.items():
        if effect in LOOSE and rule not in needs_dose:
            assert rule in now, rule
        elif effect in LOOSE:  # a rule over a computed dose: where the site leaves no dose, there is nothing to judge
            another = ABOVE_WHAT_MAY_RUN & (now.keys() - before.keys())  # the dose judged is that of the start, then
            lower = rule == FAR_OFF and any(change.path.endswith(CEILINGS) for change in pair.at.this_site)
            assert rule in now or pair.at.refusals or another or lower, rule  # a lower rate may lie nearer to a step
    known = pair.at.entry is None  # one low maximum for every entry: what hung on the entry alone is no longer open
    stops = {
        finding.rule
        for finding in pair.without.findings
        if finding.severity is Severity.STOP and not (known and finding.state is State.UNKNOWN)
    }
    asked = {finding.rule for finding in pair.at.findings if finding.severity is Severity.STOP}
    assert stops - needs_dose <= asked  # what was asked may be answered by a tighter limit, and is then a stop
    if pair.at.status is PlanStatus.PLAN:
        assert pair.without.status is PlanStatus.PLAN


def check_dose(pair: Pair) -> None:
    """Neither the highest rate, nor a step, nor the load, nor a day's amount is larger than without the site."""
    at, without = pair.at.maintenance, pair.without.maintenance
    if at is None:
        return
    assert without is not None
    top, before = (Fraction(rate.maximum.in_unit("mcg/kg/min")) for rate in (at, without))
    saved = max(mcg_per_kg(pair.without) - mcg_per_kg(pair.at), Fraction(0))
    assert top <= before + saved / 1440 + HAIR  # what a smaller load leaves of a day may run as an infusion
    assert pair.at.entry is not None
    assert pair.without.entry is not None and pair.at.entry.id == pair.without.entry.id
    entry = next(item for item in load_drug("milrinone").entries if item.id == pair.at.entry.id)
    assert top <= Fraction(entry.maintenance.maximum.value.in_unit("mcg/kg/min"))
    if not pair.site.load_from_premix:
        assert mcg_per_kg(pair.at) <= mcg_per_kg(pair.without)
    for step in pair.at.titration:
        assert Fraction((step.delivered_rate or step.rate).in_unit("mcg/kg/min")) <= top + HAIR
    if pair.at.total_24_h is not None and entry.total_24_h is not None:
        cap = Fraction(entry.total_24_h.maximum.value.in_unit("mcg/kg"))
        assert Fraction(pair.at.total_24_h.per_weight.in_unit("mcg/kg")) <= cap + HAIR


def check_shown(pair: Pair) -> None:
    """Rates at named kidney functions are no higher, and every change is said with the site's digest."""
    before = {item.name: item.rate for item in pair.without.rate_at_kidney}
    assert all(item.rate <= before.get(item.name, item.rate) for item in pair.at.rate_at_kidney)
    assert pair.at.versions.site == pair.site.digest
    assert any(change.path == "bags.list" for change in pair.at.this_site)


def hold(numbers: Iterator[int], folder: Path) -> Counter[str]:
    needs_dose = {rule.id for rule in load_drug("milrinone").rules if rule.needs_dose}
    seen: Counter[str] = Counter()
    for pair in pairs(numbers, folder):
        try:
            check_findings(pair, needs_dose)
            check_dose(pair)
            check_shown(pair)
        except AssertionError as problem:
            raise AssertionError(f"seed {pair.seed}: {problem}\n{pair.text}") from problem
        seen[pair.at.status.value] += 1
        both = (pair.at.maintenance, pair.without.maintenance)
        seen["lower maximum"] += both[0] is not None and both[1] is not None and both[0].maximum < both[1].maximum
        seen["more stops"] += len(firing(pair.at)) > len(firing(pair.without))
    return seen


@pytest.mark.hazard("a-site-file-that-loosens")
@pytest.mark.parametrize("share", range(SHARES))
def test_a_site_never_allows_more(share: int, tmp_path: Path) -> None:
    seen = hold(iter(range(share, PAIRS, SHARES)), tmp_path)
    assert sum(seen[status] for status in ("plan", "stopped", "refused")) > PAIRS / SHARES / 2
    assert seen["plan"] > 0 and seen["lower maximum"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_a_site_never_allows_more_for_many(share: int, tmp_path: Path) -> None:
    seen = hold(iter(range(PAIRS + share, PAIRS + MANY, SHARES)), tmp_path)
    assert seen["more stops"] > 0
