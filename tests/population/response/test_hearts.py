"""Files of hearts: what the shipped ones say, and every mistake with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from inotrope.errors import FileError, LibraryError, RequestError
from inotrope.findings import Status
from inotrope.population.response import HeartFile, list_hearts, load_heart
from inotrope.population.response.hearts import FOLDER

NAME = "decompensated_heart_failure"
TEXT = (FOLDER / f"{NAME}.toml").read_text(encoding="utf-8")


def written(tmp_path: Path, *changes: tuple[str, str]) -> HeartFile:
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return load_heart(path)


def test_the_shipped_hearts() -> None:
    assert list_hearts() == (NAME, "healthy_adult")
    for name in list_hearts():
        found = load_heart(name)
        assert found.name == name and found.title and found.note and found.unknown and len(found.digest) == 64
        for table in found.numbers.values():
            for number in table.values():
                assert number.source.status in (Status.JUDGEMENT, Status.UNCONFIRMED)
                assert number.source.place


def test_what_a_file_says(tmp_path: Path) -> None:
    """The composite of facts/circulation.md, section 2.4, read with units."""
    found = written(tmp_path)
    bedside = found.bedside
    assert (bedside.heart_rate_per_min, bedside.cardiac_output_l_per_min) == (88, 3.8)
    assert (bedside.mean_arterial_mmhg, bedside.central_venous_mmhg) == (82, 12)
    assert (bedside.wedge_mmhg, bedside.mean_pulmonary_mmhg) == (25, 36)
    assert (bedside.left_ejection_fraction, bedside.right_ejection_fraction) == (0.2, 0.28)
    assumed = found.assumed()
    assert (assumed.left_v0_ml, assumed.right_v0_ml, assumed.v0_most) == (80, 15, 0.5)
    assert (assumed.systemic_arteries_ml_per_mmhg, assumed.venous_mmhg_s_per_ml) == (1.3, 0.04)
    assert found.assumed(left_v0_ml=[60, 80]).left_v0_ml.tolist() == [60, 80]
    assert (found.reflex().rate, found.reflex().resistance, found.reflex().most) == (0.15, 0.3, 0.3)
    assert found.reflex(scale=[0, 2]).force.tolist() == [0, 0.1]
    assert found.agreement == 0.1
    assert found.lags_s == {"rate": 3, "resistance": 8, "volume": 20, "force": 8}
    assert found.chambers["left_atrium_high_mmhg_per_ml"] == 0.35
    assert found.chambers["atrial_wave_s"] == 0.17


def test_a_file_may_bring_no_source_of_its_own(tmp_path: Path) -> None:
    """The vocabulary's hold for it; one that stands in neither is a mistake."""
    head, _, rest = TEXT.partition("[source.heart-failure-cohorts]")
    path = tmp_path / "own.toml"
    path.write_text(head + rest[rest.index("[body]") :], encoding="utf-8")
    with pytest.raises(LibraryError, match=r"Source 'heart-failure-cohorts' does not stand in sources.toml"):
        load_heart(path)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('heart_rate = { value = "88 /min"', 'heart_rate = { value = "88 mmHg"', "typical.heart_rate"),
        ('left_v0 = { value = "80 mL"', 'left_v0 = { value = "800 mL"', "assumed.left_v0"),
        ('v0_most = { value = "50 %"', 'v0_least = { value = "50 %"', "Key 'v0_most' is missing"),
        ('valve = { value = "0.004 mmHg s/mL"', 'valve = { value = "0.004"', "chambers.valve"),
        ('title = "an adult', 'titel = "an adult', "Key 'title' is missing"),
        ('wedge_pressure = { value = "25 mmHg"', 'wedge_pressure = { value = "36 mmHg"', "This heart cannot be"),
        ('largest = { value = "0.3"', 'largest = { value = "5"', "This heart cannot be"),
        ('rate = { value = "0.15"', 'rate = { value = "-0.15"', "This heart cannot be"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(LibraryError) as caught:
        written(tmp_path, (old, new))
    assert says in str(caught.value)
    assert "own.toml" in str(caught.value.where)


def test_more_than_one_mistake_is_counted(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="1 more in this file"):
        written(tmp_path, ('"88 /min"', '"88 mL"'), ('"3.8 L/min"', '"3.8 mL"'))


def test_names_and_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"'healthy_adults' is not a heart of this program; .*'healthy_adult'"):
        load_heart("healthy_adults")
    with pytest.raises(FileError, match="does not exist"):
        load_heart(tmp_path / "nobody.toml")
