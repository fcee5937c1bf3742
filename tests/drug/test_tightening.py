"""A site may tighten and never loosen: each setting, on both sides, and what a mistake names."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from inotrope.drug import (
    All,
    Any_,
    Comparison,
    Drug,
    FactCompares,
    MeasurementCompares,
    Not,
    OnSupport,
    Site,
    TakesClass,
    TakesMedicine,
    check_site,
    load_drug,
    read_site,
    tighten,
    tightened,
    walk,
)
from inotrope.drug.directions import OF_NUMBERS, Tighter, of_limit, of_number
from inotrope.errors import LibraryError
from inotrope.findings import Effect
from inotrope.patient import vocabulary
from inotrope.units import Quantity

ADULT = "adult-acute-decompensated-heart-failure"


@pytest.fixture(scope="module")
def drug() -> Drug:
    return load_drug("milrinone")


@pytest.fixture
def site(tmp_path: Path):
    def read(text: str) -> Site:
        path = tmp_path / "site.toml"
        path.write_text(text, encoding="utf-8")
        return read_site(path)

    return read


def entry(drug: Drug):
    return next(item for item in drug.entries if item.id == ADULT)


@pytest.mark.parametrize(
    ("path", "tighter", "looser"),
    [
        ("maintenance.maximum", "0.7 mcg/kg/min", "0.8 mcg/kg/min"),
        ("total_24_h.maximum", "1.1 mg/kg", "1.14 mg/kg"),
        ("load.dose", "25 mcg/kg", "51 mcg/kg"),
        ("duration.controlled_experience", "24 h", "49 h"),
        ("storage.diluted_life", "24 h", "73 h"),
        ("rounding.error_warning", "3 %", "6 %"),
        ("weight.table_maximum", "100 kg", "121 kg"),
        ("weight.table_minimum", "40 kg", "29 kg"),
        ("pressure.mean_arterial", "70 mmHg", "64 mmHg"),
        ("pressure.systolic", "100 mmHg", "89 mmHg"),
        ("electrolytes.potassium_correct_first", "4 mmol/L", "3.4 mmol/L"),
        ("titration.interval", "60 min", "29 min"),
    ],
)
@pytest.mark.hazard("a-site-file-that-loosens")
def test_a_number_may_be_tightened_and_not_loosened(drug: Drug, site, *, path: str, tighter: str, looser: str) -> None:
    changed = tighten(drug, site(f'[limits."{ADULT}"]\n"{path}" = "{tighter}"\n'))
    before, after = entry(drug).numbers[path], entry(changed).numbers[path]
    assert str(after.value) == tighter
    assert after.source.title == "this site's own file"
    assert str(before.value) in after.note
    table, _, key = path.partition(".")
    holder = getattr(entry(changed), table, None)
    assert holder is None or getattr(holder, key) == after
    assert entry(drug).numbers[path] is before
    with pytest.raises(LibraryError) as caught:
        tighten(drug, site(f'[limits."{ADULT}"]\n"{path}" = "{looser}"\n'))
    assert caught.value.where == f"site.toml, line 2: limits.{ADULT}.{path}"
    assert f"would loosen {path}: the library has {before.value} ({before.source.title}" in caught.value.says
    side = "less" if of_number(path) is Tighter.LOWER else "more"
    assert f"write {side} than {before.value}, or leave it out" in caught.value.says


def test_an_empty_table_changes_nothing(drug: Drug, site) -> None:
    assert tighten(drug, site("[limits]\n")).entries == drug.entries


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f'[limits."{ADULT}"]\n"maintenance.maximum" = "45 mcg/kg/h"\n', "write less than 0.75 mcg/kg/min, or leave"),
        ('[thresholds]\n"magnesium-low.magnesium" = "0.7 mmol/L"\n', "write more than 0.7 mmol/L, or leave it out"),
        ('[rounding]\nerror_warning = "5 %"\n', "write less than 5 %, or leave it out"),
    ],
)
@pytest.mark.hazard("a-site-file-that-loosens")
def test_the_library_s_own_value_is_named_since_it_changes_nothing(drug: Drug, site, *, text: str, says: str) -> None:
    with pytest.raises(LibraryError) as caught:
        tighten(drug, site(text))
    assert "would change nothing in" in caught.value.says
    assert says in caught.value.says


def test_the_own_value_of_one_entry_that_is_looser_than_all_others_changes_nothing(drug: Drug, site) -> None:
    looser = replace(entry(tighten(drug, site(f'[limits."{ADULT}"]\n"load.dose" = "40 mcg/kg"\n'))), id="second")
    with pytest.raises(LibraryError) as caught:
        tighten(replace(drug, entries=(entry(drug), looser)), site('[limits]\n"load.dose" = "50 mcg/kg"\n'))
    assert "would change nothing in load.dose" in caught.value.says
    assert "write less than 50 mcg/kg" in caught.value.says


def test_a_limit_for_all_entries_tightens_those_that_are_looser(drug: Drug, site) -> None:
    tight = replace(entry(drug), id="second")
    tight = entry(tighten(replace(drug, entries=(replace(tight, id=ADULT),)), site(_maximum("0.5 mcg/kg/min"))))
    two = replace(drug, entries=(entry(drug), replace(tight, id="second")))
    found = tightened(two, site(_maximum("0.6 mcg/kg/min")))
    assert [str(item.maintenance.maximum.value) for item in found.drug.entries] == ["0.6 mcg/kg/min", "0.5 mcg/kg/min"]
    assert [change.entry for change in found.changes] == [ADULT]
    idle = [(row.path, row.library, row.site, row.entry) for row in found.without_effect]
    assert idle == [("limits.maintenance.maximum", "0.5 mcg/kg/min", "0.6 mcg/kg/min", "second")]
    as_one = tightened(two, site(_maximum("0.5 mcg/kg/min")))
    assert as_one.without_effect == ()  # the own value of the second stands as it did


def test_what_names_one_entry_wins_over_what_names_none(drug: Drug, site) -> None:
    specific = f'[limits.{ADULT}]\n"maintenance.maximum" = "0.7 mcg/kg/min"\n'
    found = tightened(drug, site(_maximum("0.5 mcg/kg/min") + specific))
    assert str(entry(found.drug).maintenance.maximum.value) == "0.7 mcg/kg/min"
    assert [change.site for change in found.changes if change.entry == ADULT] == ["0.7 mcg/kg/min"]


def _maximum(value: str) -> str:
    return f'[limits]\n"maintenance.maximum" = "{value}"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[limits]\n"maintenance.maxmum" = "1 h"\n', "is no limit of dosing; the nearest known: 'maintenance.maximum'"),
        ('[limits]\n"maintenance.minimum" = "0.3 mcg/kg/min"\n', "limits nothing, so no site can tighten it"),
        ('[limits]\n"load.dose" = "3 mg"\n', "measures mass, and this limit dose per body weight: 50 mcg/kg"),
        ('[limits]\n"load.dose" = "3"\n', "measures ratio"),
        ('[limits.adlt]\n"load.dose" = "3 mcg/kg"\n', "'adlt' is no dosing entry of milrinone"),
        ('[soft]\nmaximum = "5 mL/h"\n', "'5 mL/h' is no rate per body weight"),
        ('[soft]\nmaximum = "1.2 mcg/kg/min"\n', "would never speak: no entry allows more than"),
        ('[thresholds]\n"magnesium-low.mag" = "1 mmol/L"\n', "the nearest known: 'magnesium-low.magnesium'"),
        ('[thresholds]\n"magnesium-low.magnesium" = "0.6 mmol/L"\n', "would loosen magnesium-low.magnesium"),
        ('[thresholds]\n"weight-slip.pounds_low" = "0"\n', "'0' is not above zero. The library has 2.09"),
        ('[overrides]\nforbid = ["magnesium-low"]\n', "'magnesium-low' is no rule that can be overridden"),
        ('[overrides]\nforbid = ["nonsense"]\n', "'nonsense' is no rule that can be overridden"),
        ('[authority]\nprefer = "My label"\n', "the nearest known: 'US label'"),
        ('[refuse]\nindications = ["headache"]\n', "'headache' is no indication of a dosing entry"),
        ("[bags]\nonly = true\n", "Key 'list' is missing"),
        ('[bags]\nlist = [{id = "x"}]\n', "'x' is no bag of the library, so write its amount"),
        ('[bags]\nlist = [{id = "premix-100-mL"}, {id = "premix-100-mL"}]\n', "stands twice"),
        ('[bags]\nlist = [{id = "premix-100-mL", amount = "1 mg", volume = "5 mL", diluent = "D5W"}]\n', "id alone"),
        ('[bags]\nlist = [{id = "x", amount = "200 mg", volume = "50 mL", diluent = "D5W"}]\n', "is 4 mg/mL"),
        ('[bags]\nlist = [{id = "x", amount = "5 mcg", volume = "50 mL", diluent = "D5W"}]\n', "lie between"),
        (
            '[bags]\nlist = [{id = "x", amount = "10 mg", volume = "50 mL", diluent = "sodium bicarbonate"}]\n',
            "'sodium bicarbonate' is no diluent of milrinone",
        ),
        ('[[formulary.medicine]]\nname = "x"\nclass = "nitrites"\n', "'nitrites' is no class of medicines"),
        ('[[formulary.medicine]]\nname = "Lasix"\nclass = "nitrate"\n', "gives none another class"),
        ('[[formulary.medicine]]\nname = "Primacor"\nclass = "PDE3 inhibitor"\n', "the drug of the plan itself"),
        (
            '[[formulary.medicine]]\nname = "x"\nsynonyms = ["digoxin"]\nclass = "nitrate"\n',
            "'digoxin' already stands for digoxin",
        ),
        (
            "".join(f'[[formulary.medicine]]\nname = "{name}"\nclass = "nitrate"\n' for name in "xX"),
            "'X' stands twice",
        ),
    ],
)
def test_what_no_site_may_say(drug: Drug, site, *, text: str, says: str) -> None:
    with pytest.raises(LibraryError) as caught:
        tighten(drug, site(text))
    assert says in str(caught.value)


def test_every_problem_is_shown_at_once(drug: Drug, tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text('[load]\ngiven = 3\n[limits]\n"load.dose" = "90 mcg/kg"\n"x.y" = "1 h"\n', encoding="utf-8")
    problems, found = check_site(path, drug)
    assert [item.where.partition(":")[0] for item in problems] == [f"site.toml, line {line}" for line in (2, 4, 5)]
    assert found.changes == ()


# --- rules -----------------------------------------------------------------------------------------------------------


def test_a_rule_s_own_limit_may_be_tightened(drug: Drug, site) -> None:
    changed = tighten(
        drug, site('[thresholds]\n"magnesium-low.magnesium" = "0.8 mmol/L"\n"weight-slip.pounds_low" = "2.05"\n')
    )
    assert str(changed.rule("magnesium-low").limits["magnesium"].value) == "0.8 mmol/L"
    assert changed.rule("weight-slip").limits["pounds_low"].value == Decimal("2.05")
    assert str(drug.rule("magnesium-low").limits["magnesium"].value) == "0.7 mmol/L"


def test_directions_are_read_from_the_comparison(drug: Drug) -> None:
    rule = drug.rule("magnesium-low")

    def way(condition, **more):
        return of_limit(replace(rule, when=condition, **more), "x")

    above = FactCompares("weight", Comparison.ABOVE, "@x")
    below = FactCompares("weight", Comparison.AT_OR_BELOW, "@x")
    fresh = MeasurementCompares("serum potassium", "@x", Comparison.BELOW, "@y")
    assert way(above) is Tighter.LOWER
    assert way(All((below,))) is Tighter.HIGHER
    assert way(Not(above)) is Tighter.HIGHER
    assert way(Any_((above, Not(above)))) is None
    assert way(Any_((above, FactCompares("weight", Comparison.AT_OR_ABOVE, "@x")))) is Tighter.LOWER
    assert way(OnSupport("CRRT", "@x")) is Tighter.HIGHER
    assert way(fresh, asks="?", effect=Effect.NONE) is Tighter.LOWER
    assert way(Not(fresh), asks="?", effect=Effect.NONE) is Tighter.HIGHER
    assert way(fresh, asks="", effect=Effect.NONE) is None
    assert way(fresh, asks="?", effect=Effect.NO_LOAD) is None
    assert way(Not(fresh), asks="?", effect=Effect.WITHHOLD) is None
    assert way(above) is Tighter.HIGHER.opposite


def test_a_limit_that_has_no_tighter_side_cannot_be_set(drug: Drug, site) -> None:
    rule = drug.rule("magnesium-low")
    both = Any_((rule.when, Not(rule.when)))
    odd = replace(drug, rules=(replace(rule, when=both),))
    with pytest.raises(LibraryError, match="cannot be set by a site: neither a lower nor a higher value"):
        tighten(odd, site('[thresholds]\n"magnesium-low.magnesium" = "0.8 mmol/L"\n'))


def test_every_limit_of_every_rule_and_entry_has_a_known_side_or_none(drug: Drug) -> None:
    for rule in drug.rules:
        for name in rule.limits:
            assert of_limit(rule, name) in (*Tighter, None)
    used = {path for item in drug.entries for path in item.numbers}
    assert {"maintenance.maximum", "pressure.systolic", "storage.diluted_life"} <= {
        path for path in used if of_number(path) is not None
    }
    assert of_number("maintenance.minimum") is None
    assert OF_NUMBERS["pressure.*"] is Tighter.HIGHER


def test_an_override_that_the_site_forbids_is_allowed_no_more(drug: Drug, site) -> None:
    changed = tighten(drug, site('[overrides]\nforbid = ["severe-valve-obstruction"]\n'))
    assert (drug.rule("severe-valve-obstruction").override, changed.rule("severe-valve-obstruction").override) == (
        True,
        False,
    )


def test_a_soft_limit_stands_among_the_numbers_of_the_drug(drug: Drug, site) -> None:
    changed = tighten(drug, site('[soft]\nmaximum = "0.6 mcg/kg/min"\n'))
    assert str(changed.limit("@drug:site.soft_maximum", None).value) == "0.6 mcg/kg/min"
    assert "site.soft_maximum" not in drug.references.numbers


def test_bags_are_the_site_s_or_the_library_s_by_id(drug: Drug, site) -> None:
    text = (
        '[bags]\nonly = true\nlist = [{id = "premix-100-mL"}, '
        '{id = "own", amount = "20 mg", volume = "100 mL", diluent = "D5W"}]\n'
    )
    changed = tighten(drug, site(text))
    assert ([bag.id for bag in changed.site_bags], changed.site_bags_only) == (["premix-100-mL", "own"], True)
    assert changed.site_bags[1].concentration == Quantity(Decimal(200), "mcg/mL")
    assert changed.site_bags[0].concentration is None


def test_a_name_of_the_formulary_is_asked_for_with_its_class(drug: Drug, site) -> None:
    before = vocabulary().names("medicine")
    text = (
        '[[formulary.medicine]]\nname = "Newsartrinone"\nclass = "PDE3 inhibitor"\n'
        '[[formulary.medicine]]\nname = "digoxin"\nsynonyms = ["Herzglykosid N"]\nclass = "cardiac glycoside"\n'
    )
    found = tightened(drug, site(text))
    asked = [leaf.name for rule in found.drug.rules for leaf in walk(rule.when) if isinstance(leaf, TakesMedicine)]
    classes = [leaf for rule in drug.rules for leaf in walk(rule.when) if isinstance(leaf, TakesClass)]
    pde3 = [leaf for leaf in classes if leaf.class_ == "PDE3 inhibitor"]
    assert asked.count("Newsartrinone") == len(pde3) >= 1
    assert found.names == {
        "newsartrinone": "Newsartrinone",
        "digoxin": "digoxin",
        "herzglykosid n": "digoxin",
    }
    assert "Newsartrinone" in found.drug.judged_medicines.given
    assert "Newsartrinone" not in drug.judged_medicines.given
    assert vocabulary().names("medicine") == before


def test_the_drug_s_digest_stays_the_library_s(drug: Drug, site) -> None:
    assert tighten(drug, site('[soft]\nmaximum = "0.6 mcg/kg/min"\n')).digest == drug.digest
