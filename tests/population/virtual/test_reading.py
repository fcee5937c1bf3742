"""Population files: what is read, and every mistake with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from inotrope.errors import FileError, LibraryError, RequestError
from inotrope.findings import Status
from inotrope.population import Population, draw_patients, list_populations, load_population
from inotrope.population.virtual.people import TraitForm

from ..conftest import Proves, Write
from .conftest import GROWING, SOUND


def test_what_a_file_says(people: Population) -> None:
    assert (people.name, people.title, people.note) == ("people", "People for tests", "Round numbers.")
    assert people.unknown == ("Everything.",)
    assert people.holds == {"ward": "intensive care"}
    assert tuple(people.traits) == ("age", "height", "weight", "serum creatinine")
    assert people.traits["height"].shapes["male"].center.source.place == "men"
    assert people.correlation[1, 2] == people.correlation[2, 1] == 0.5
    assert people.correlation[0, 3] == -0.3
    assert len(people.digest) == 64


def test_one_limit_of_the_clearance_is_enough(write: Write) -> None:
    low = load_population(write(('highest = { value = "240 mL', 'lowest = { value = "90 mL')))
    assert low.clearance is not None
    assert low.clearance.highest is None
    found = draw_patients(low, count=2000, seed=1).numbers["creatinine clearance"]
    assert found.min() >= 90
    assert found.max() > 150


def test_every_number_of_the_shipped_files_is_a_judgement_with_its_argument() -> None:
    assert list_populations() == ("adults_in_heart_failure", "children")
    for name in list_populations():
        population = load_population(name)
        assert population.unknown
        numbers = [population.female, *(item.value for item in population.correlations)]
        for trait in population.traits.values():
            numbers += [*(item for item in (trait.lowest, trait.highest, trait.ends_at) if item is not None)]
            numbers += [part for shape in trait.shapes.values() for part in (shape.center, shape.spread)]
            numbers += [part for item in trait.ends for part in (item.age, item.lowest, item.highest)]
        assert len(numbers) > 15
        for number in numbers:
            assert number.source.status is Status.JUDGEMENT
            assert number.source.place


def test_ends_by_age(growing: Population) -> None:
    weight = growing.traits["weight"]
    assert weight.form is TraitForm.BETWEEN_ENDS
    assert [float(item.highest.value.value) for item in weight.ends] == [8, 24]
    assert growing.clearance is None


def test_an_unknown_name_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"not a population of this program; .*children"):
        load_population("childrn")
    with pytest.raises(FileError):
        load_population(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ('title = "People for tests"\n', "", "title", "missing"),
        ("[trait.age]", "[trait.ages]", "trait.ages", "no trait"),
        ('mean = { value = "60 year"', 'mean = { value = "60 kg"', "trait.age.mean.value", "measures"),
        ('sd = { value = "5 year"', 'sd = { value = "0 year"', "trait.age.sd.value", "above"),
        ('lowest = { value = "20 year"', 'lowest = { value = "17 year"', "trait.age.lowest", "Cockcroft-Gault"),
        ('lowest = { value = "10 kg"', 'lowest = { value = "400 kg"', "trait.weight.lowest", "below the highest"),
        ('cv = { value = "20 %"', 'cv = { value = "20 kg"', "trait.weight.cv.value", "measures"),
        ("[trait.height.male]", "[trait.height.men]", "trait.height.male", "missing"),
        ('of = ["height", "weight"]', 'of = ["height", "hair"]', "correlation[0].of", "two traits"),
        ('of = ["height", "weight"]', 'of = ["height", "height"]', "correlation[0].of", "two traits"),
        ('of = ["height", "weight"]', "of = []", "correlation[0].of", "two traits"),
        ('value = { value = "0.5"', 'value = { value = "1"', "correlation[0].value", "between -1 and 1"),
        ('female = { value = "25 %"', 'female = { value = "101 %"', "female.value", "0 to 100 %"),
        (
            '["creatinine clearance"]\n',
            '["creatinine clearance"]\nmiddle = 3\n',
            '"creatinine clearance".middle',
            "not known",
        ),
        ('[holds]\nward = "intensive care"', "[holds]\nward = 3", "holds.ward", "text"),
        ('source = "paper:age"', 'source = "book:age"', "trait.age.mean.source", "sources.toml"),
    ],
)
def test_a_defect_is_named_with_its_place(proves: Proves, old: str, new: str, key: str, says: str) -> None:
    proves(old, new, key=key if not key.startswith('"') else "", says=says)


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ('age = { value = "4 year"', 'age = { value = "0 year"', "trait.weight.at", "ascend"),
        ('lowest = { value = "2 kg"', 'lowest = { value = "8 kg"', "trait.weight.at[0].lowest", "below the highest"),
        ("ends_at =", "ends_by =", "trait.weight.ends_at", "missing"),
        (
            'form = "normal"\nmean = { value = "4 year"',
            'form = "log-normal between ends by age"\nmean = { value = "4 year"',
            "trait.age.at",
            "list of tables",
        ),
        (
            "[trait.weight]",
            '["creatinine clearance"]\n[trait.weight]',
            "creatinine clearance",
            "height, serum creatinine, weight",
        ),
    ],
)
def test_a_defect_of_a_trait_that_moves_with_age(proves: Proves, old: str, new: str, key: str, says: str) -> None:
    proves(old, new, key=key, says=says, text=GROWING)


def test_an_age_cannot_move_with_age(write: Write) -> None:
    ends = GROWING[GROWING.index('form = "log-normal between') :]
    text = GROWING[: GROWING.index('form = "normal"')] + ends.replace("trait.weight", "trait.age").replace(
        " kg", " year"
    )
    with pytest.raises(LibraryError, match="cannot move with age"):
        load_population(write(text=text))


def test_correlations_that_cannot_be_true_together(write: Write) -> None:
    three = "\n".join(
        f'[[correlation]]\nof = {pair}\nvalue = {{ value = "{value}", source = "paper:x", status = "confirmed" }}'
        for pair, value in (('["age", "height"]', "0.9"), ('["age", "weight"]', "-0.9"))
    )
    with pytest.raises(LibraryError, match="cannot all be true together"):
        load_population(write(("[holds]", f"{three}\n[holds]")))


def test_a_population_without_an_age_and_one_of_an_impossible_name(write: Write, proves: Proves) -> None:
    text = (
        SOUND[: SOUND.index("[trait.age]")]
        + SOUND[SOUND.index("[trait.height]") : SOUND.index('[[correlation]]\nof = ["serum')]
    )
    with pytest.raises(LibraryError, match="has an age"):
        load_population(write(text=text))
    proves("Round numbers.", "More.", key="", says="no name of a population", name="My People.toml")
