"""A hospital's own file settles what the label leaves open, and nothing else."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from inotrope.drug import read_site
from inotrope.errors import FileError, InotropeError, LibraryError


@pytest.fixture
def site(tmp_path: Path):
    def read(text: str):
        path = tmp_path / "site.toml"
        path.write_text(text, encoding="utf-8")
        return read_site(path)

    return read


def test_a_site_may_settle_the_load_and_the_step(site) -> None:
    text = '[load]\nfrom_premix = true\n\n[pump]\nstep = "0.5 mL/h"\n'
    found = site(text)
    assert (found.load_from_premix, str(found.pump_step)) == (True, "0.5 mL/h")
    assert found.digest == hashlib.sha256(text.encode()).hexdigest()


def test_what_a_site_does_not_say_stays_open(site) -> None:
    found = site("# nothing settled\n")
    assert (found.load_from_premix, found.pump_step) == (False, None)


@pytest.mark.parametrize(
    ("text", "says", "line", "key"),
    [
        ("[limit]\nmaximum = 2\n", "Key 'limit' is not known here; the nearest known: 'limits'", 1, "limit"),
        ("pump = 3\n", "'3' is not a table", 1, "pump"),
        ('[limits]\n"maintenance.maximum" = 2\n', "has no unit", 2, "limits.maintenance.maximum"),
        ("[limits.adult]\nx = 2\n", "has no unit", 2, "limits.adult.x"),
        ('[load]\ngiven = "no"\n', "'no' is neither true nor false", 2, "load.given"),
        ("[bags]\nlist = [{amount = '1 mg'}]\n", "Key 'id' is missing", 2, "bags.list[0].id"),
        ("[bags]\nlist = [{id = 'a', amount = '1 mg'}]\n", "Key 'volume' is missing", 2, "bags.list[0].volume"),
        ("[[formulary.medicine]]\nname = 'a'\n", "Key 'class' is missing", 1, "formulary.medicine[0].class"),
        ("[overrides]\nforbid = 'all'\n", "'all' is not a list of texts", 2, "overrides.forbid"),
        ("[authority]\nprefer = 3\n", "'3' is not a text", 2, "authority.prefer"),
        ('[pump]\nsteps = "1 mL/h"\n', "the nearest known: 'step'", 2, "pump.steps"),
        ('[load]\nfrom_premix = "yes"\n', "'yes' is neither true nor false", 2, "load.from_premix"),
        ('[pump]\nstep = "0.1 mL"\n', "which measures volume", 2, "pump.step"),
        ("[pump]\nstep = 0.1\n", "has no unit", 2, "pump.step"),
    ],
)
def test_what_a_site_may_not_say(site, *, text: str, says: str, line: int, key: str) -> None:
    with pytest.raises(InotropeError) as caught:
        site(text)
    assert says in caught.value.says
    assert caught.value.where == f"site.toml, line {line}: {key}"


def test_a_site_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        read_site(tmp_path / "site.toml")


def test_the_first_mistake_says_how_many_more_there_are(site) -> None:
    with pytest.raises(LibraryError, match=r"2 more: see 'inotrope site check'"):
        site('[load]\ngiven = 1\nfrom_premix = 2\n[pump]\nstep = "3"\n')


def test_a_site_file_is_small(site) -> None:
    with pytest.raises(LibraryError, match="at most 100,000 bytes"):
        site("# " + "a" * 100_000)


def test_every_setting_is_read_with_its_place(site) -> None:
    found = site(
        '[rounding]\nerror_warning = "4 %"\n[limits]\n"load.dose" = "40 mcg/kg"\n[limits.one-entry]\n'
        '"load.dose" = "30 mcg/kg"\n[thresholds]\n"a.b" = "2.1"\n[bags]\nonly = true\nlist = [{id = "a"}]\n'
        '[[formulary.medicine]]\nname = "x"\nsynonyms = ["y"]\nclass = "nitrate"\n[authority]\nprefer = "US label"\n'
        '[refuse]\nindications = ["ADHF"]\n[overrides]\nforbid = ["r"]\n[band]\nlow = "120 ng/mL"\n'
    )
    assert [(item.path, str(item.value), item.entry) for item in found.limits] == [
        ("rounding.error_warning", "4 %", ""),
        ("load.dose", "40 mcg/kg", ""),
        ("load.dose", "30 mcg/kg", "one-entry"),
    ]
    assert found.limits[2].where == "site.toml, line 6: limits.one-entry.load.dose"
    assert [(item.path, item.value) for item in found.thresholds] == [("a.b", Decimal("2.1"))]
    assert (found.bags_only, [bag.id for bag in found.bags]) == (True, ["a"])
    assert found.formulary[0].synonyms == ("y",)
    assert found.prefer is not None
    assert (found.prefer.text, found.refused[0].text, found.forbidden[0].text) == ("US label", "ADHF", "r")
    assert [item.path for item in found.band] == ["low"]


@pytest.mark.parametrize("hidden", ["furo\\u200bsemide", "furos\\u0435mide", "\\uff46urosemide", "\\u001b[31mfoo"])
def test_a_name_that_hides_something_or_only_looks_like_another_is_a_mistake(tmp_path: Path, hidden: str) -> None:
    path = tmp_path / "site.toml"
    path.write_text(f'[[formulary.medicine]]\nname = "{hidden}"\nsynonyms = ["other"]\nclass = "nitrate"\n')
    with pytest.raises(LibraryError, match="nobody sees"):
        read_site(path)
