"""Milrinone's response file as it is shipped, and every mistake with file, line and key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inotrope.drug import Drug, load_drug
from inotrope.errors import LibraryError, RequestError
from inotrope.findings import Status
from inotrope.population.response import ResponseFile, check_response, list_responses, load_response
from inotrope.population.response.responses import FILE


def shipped() -> Drug:
    return load_drug("milrinone")


def written(tmp_path: Path, *changes: tuple[str, str]) -> ResponseFile:
    text = (shipped().folder / FILE).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    return load_response(replace(shipped(), folder=tmp_path))


def test_every_shipped_file_is_sound() -> None:
    assert list_responses() == ("milrinone",)
    for name in list_responses():
        assert load_response(load_drug(name)).drug == name


def test_the_fits_of_the_facts() -> None:
    """facts/circulation.md, section 3.2."""
    found = load_response(shipped())
    assert tuple(found.members) == ("P1", "P2", "P3") and found.default == "P2"
    response = found.response("P1", "P2", "P3")
    assert response.force.tolist() == [0.224, 0.335, 0.444]
    assert response.arteries.tolist() == [0.628, 0.666, 0.527]
    assert response.veins.tolist() == [0.514, 0.783, 0.620]
    assert response.rate.tolist() == [0.098, 0.110, 0.110]
    assert response.arteries_half_ng_per_ml.tolist() == [257, 278, 232]
    assert response.force_half_ng_per_ml.tolist() == [100, 100, 167]
    assert response.veins_half_ng_per_ml.tolist() == [150, 300, 232]
    assert response.veins_hill.tolist() == [1, 1, 2]
    assert response.arteries_hill.tolist() == [2, 2, 2]
    assert response.right_share.tolist() == [0.7] * 3 and response.relaxation.tolist() == [0] * 3
    assert [found.member(name).left_v0_ml for name in found.members] == [60, 80, 80]
    assert [found.member(name).reflex for name in found.members] == [True, True, False]
    assert found.response().force == 0.335 and found.response("P3").force == 0.444
    assert found.response().force.shape == ()
    assert found.member() is found.members["P2"]


def test_what_else_stands_there() -> None:
    found = load_response(shipped())
    enzyme = found.enzyme
    assert (enzyme.unbound_share, enzyme.half_inhibition_umol_per_l, enzyme.share_of_hydrolysis) == (0.3, 0.4, 0.6)
    assert enzyme.molar_mass_g_per_mol == 211.22  # of the drug's identity, not typed again
    assert found.equilibration_per_h == pytest.approx(np.log(2) / 0.1, rel=1e-14)
    assert str(found.studied_to.value) == "400 ng/mL"
    assert set(found.medicines) == {"beta-blocker", "dobutamine"}
    assert found.heart.name == "decompensated_heart_failure"
    assert [each.level_ng_per_ml for each in found.observed] == [163, 217, 326]
    assert [str(each.rate.value) for each in found.observed] == [
        "0.375 mcg/kg/min",
        "0.5 mcg/kg/min",
        "0.75 mcg/kg/min",
    ]
    assert found.observed[0].changes == {
        "cardiac_index": (0.25, 0.25),
        "wedge_pressure": (-0.20, -0.20),
        "systemic_resistance": (-0.17, -0.17),
        "mean_arterial_pressure": (-0.05, 0.0),
    }
    assert all(
        number.source.status is Status.UNCONFIRMED for each in found.observed for number in each.sources.values()
    )
    assert found.unknown and len(found.digest) == 64


def test_fitted_numbers_are_derived_and_fixed_ones_judged() -> None:
    for member in load_response(shipped()).members.values():
        for name, number in member.numbers.items():
            fitted = number.source.id == "circulation-fit"
            assert number.source.status is (Status.DERIVED if fitted else Status.JUDGEMENT), name
        assert {name for name, number in member.numbers.items() if number.source.id == "circulation-fit"} >= {
            "force",
            "arteries",
            "veins",
            "rate",
            "arteries_half_ng_per_ml",
        }


def test_no_member_of_that_name() -> None:
    found = load_response(shipped())
    for ask in (lambda: found.response("P1", "P4"), lambda: found.member("P4")):
        with pytest.raises(RequestError, match="'P4' is not a member of this response"):
            ask()


def test_a_drug_of_which_nothing_is_known(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="Nothing is known here of how milrinone moves heart and vessels") as caught:
        load_response(replace(shipped(), folder=tmp_path))
    assert caught.value.accepted == "milrinone"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('drug = "milrinone"', 'drug = "vancomycin"', "'vancomycin' is not the drug of this folder"),
        ('default = "P2"', 'default = "P5"', "'P5' is no member of this file"),
        ('heart = "decompensated_heart_failure"', 'heart = "failing"', "'failing' is not a heart of this program"),
        ('unbound = { value = "30 %"', 'unbound = { value = "30"', "enzyme.unbound"),
        ('rate_by_drive = { value = "0.15"', 'rate_of_drive = { value = "0.15"', "Key 'rate_by_drive' is missing"),
        ('name = "dobutamine"', 'names = "dobutamine"', "drive.medicine[1]"),
        ('half_life = { value = "6 min"', 'half_life = { value = "6 h"', "effect_site.half_life"),
        ("reflex = false", 'reflex = "no"', "member[2].reflex"),
        ('veins_hill = { value = "1"', 'vein_hill = { value = "1"', "Key 'veins_hill' is missing"),
        ('lowest = { value = "-17 %"', 'lowest = { value = "-16 %"', "The lowest must not be above the highest"),
        ('wedge_pressure = { value = "-20 %"', 'wedge_pressure = { value = "-20 mmHg"', "observed[0].wedge_pressure"),
        ('force_half = { value = "100 ng/mL"', 'force_half = { value = "900 ng/mL"', "This response cannot be"),
        ('arteries = { value = "0.628"', 'arteries = { value = "1.628"', "This response cannot be: arteries"),
        ('source = "circulation-fit:P1, E', 'source = "fits:P1, E', "Source 'fits' does not stand in sources.toml"),
        (
            'not_counted = [\n  "inotrope"',
            'not_counted = [\n  "inotropes"',
            "'inotropes' is no class; the nearest known",
        ),
        ('wedge_pressure = { value = "12 mmHg"', 'wedge_pressure = { value = "12 mL"', "sound.wedge_pressure"),
        ('rare = { value = "1 %"', 'rare = { value = "1"', "learning.rare"),
        ("[effect_site]", "[effect_sites]", "Key 'effect_site' is missing"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(LibraryError) as caught:
        written(tmp_path, (old, new))
    assert says in str(caught.value)
    assert f"milrinone/{FILE}" in str(caught.value.where)
    (problem,) = check_response(replace(shipped(), folder=tmp_path))[:1]
    assert problem.where == caught.value.where and problem.says in caught.value.says


def test_a_check_finds_every_mistake(tmp_path: Path) -> None:
    assert check_response(shipped()) == ()
    assert check_response(replace(shipped(), folder=tmp_path)) == ()  # a drug need not have one
    with pytest.raises(LibraryError, match="1 more in this file"):
        written(tmp_path, ('"30 %"', '"30 mL"'), ('"6 min"', '"6 mL"'))
    assert len(check_response(replace(shipped(), folder=tmp_path))) == 2
    (tmp_path / FILE).write_text("drug = ", encoding="utf-8")
    (problem,) = check_response(replace(shipped(), folder=tmp_path))
    assert "not TOML" in problem.says
