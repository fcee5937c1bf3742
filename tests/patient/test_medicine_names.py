"""Names of medicines with a strength beside them, and names that are wrong by a letter."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator

import pytest

from inotrope.patient import did_you_mean, near_as_a_whole, near_medicines, read_listed, read_medicine, vocabulary
from inotrope.patient.medicine_names import name_allergen
from inotrope.patient.vocabulary import plain_name

STRENGTHS = (
    "{} 20 mg",
    "{} 0.5 mg po daily",
    "IV {} 40mg q6h prn",
    "{} 5 mcg/kg/min drip",
    "{} (20-40 mg) BID",
    "oral {}",
    "{}, 2 tablets twice a day",
    "{} 10 mL/h",
    "{} 5 mg IV every 4-6 hours as needed",
    "  {}:  1 mg x 3 ",
)
LEAST = 4
"""Letters of a spelling of which a slip is looked for."""


def read(text: str) -> str | None:
    found = read_medicine(text)
    return None if found is None else found.name


def near(text: str) -> tuple[str, ...]:
    return tuple(item.shown for item in near_medicines(text))


def slips(name: str, seed: int = 1) -> Iterator[str]:
    """Yield every text with one letter of a name left out, doubled, exchanged, added, or changed with its neighbor."""
    draw = random.Random(f"{name}{seed}")
    for place, letter in enumerate(name):
        if not letter.isalpha():
            continue
        other, before, behind = draw.choice(string.ascii_lowercase), name[:place], name[place + 1 :]
        yield before + behind
        yield before + letter + letter + behind
        yield before + other + behind
        yield before + other + letter + behind
        if behind[:1].isalpha():
            yield before + behind[0] + letter + behind[1:]


@pytest.mark.hazard("electrolytes-and-company")
@pytest.mark.parametrize("wording", STRENGTHS)
def test_every_known_name_is_read_beside_a_strength(wording: str) -> None:
    for spelling, medicine in vocabulary().medicines.items():
        assert read(wording.format(spelling)) == medicine.name, spelling


@pytest.mark.hazard("electrolytes-and-company")
@pytest.mark.usefixtures("uncounted")
@pytest.mark.parametrize("most", [12, pytest.param(10_000, marks=pytest.mark.slow)])
def test_no_slip_of_a_known_name_is_passed_over_or_read_as_that_name(most: int) -> None:
    """Some slips of every name; in the slow run all of every medicine's own name."""
    known = vocabulary().medicines
    tried = 0
    for spelling, medicine in known.items():
        if sum(letter.isalpha() for letter in spelling) < LEAST or spelling == "theo-24":
            continue
        every = list(slips(spelling))
        own = spelling == medicine.name.casefold()
        for slip in random.Random(spelling).sample(every, min(most if own else 5, len(every))):
            if plain_name(slip) in known:
                continue
            tried += 1
            assert read(slip) is None, slip
            assert medicine.name in {item.name for item in near_medicines(slip)}, slip
    assert tried > min(most * 250, 10_000)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Lasix (furosemide) 20-40 mg PO BID", "furosemide"),
        ("potassium chloride 20 mEq", "potassium chloride"),
        ("normal saline 250 mL", "sodium chloride 0.9 %"),
        ("dextrose 5 % 500 mL", "dextrose 5 %"),
        ("lidocaine 2 % patch", "lidocaine"),
        ("angiotensin 2 20 ng/kg/min", "angiotensin II"),
        ("furosemide in D5W", "furosemide"),  # the fluid is its diluent
        ("D5W in furosemide", None),
        ("furosemide, D5W", None),
        ("dextrose 5 % in normal saline", None),
        ("furosemide held", "furosemide"),
        ("warfarin per INR", "warfarin"),
        ("insulin sliding scale", "insulin"),
        ("prednisolone 5 mg", "prednisolone"),
        ("dextrose 10 %", None),
        ("saline 3 %", None),
        ("furosemide and digoxin", None),
        ("furosemide stopped", None),
        ("no furosemide", None),
        ("allergic to furosemide", None),
        ("20 mg", None),
        ("", None),
        ("1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1!", None),
    ],
)
def test_what_is_no_strength_leaves_the_text_unread(text: str, name: str | None) -> None:
    assert read(text) == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("furosemide", ()),
        ("Lasix 40 mg iv", ()),
        ("furosemid", ("furosemide",)),
        ("Lasixx 40 mg", ("lasix (furosemide)",)),
        ("furosemid, last dose on monday", ("furosemide",)),
        ("furosemide stopped", ("furosemide",)),
        ("furosemide20mg", ("furosemide",)),
        ("nitro glycerin", ("nitroglycerin",)),
        ("furosemide and digoxin", ("furosemide", "digoxin")),
        ("aspirin, digoxin, furosemide, heparin and more", ("aspirin", "digoxin", "furosemide")),
        ("sodium chlorid", ("sodium chloride 0.9 %", "sodium chloride 0.45 %")),
        ("anagralid", ("anagrelide",)),
        ("lazzix", ()),
        ("glimmerazole 20 mg", ()),
        ("herbal tea", ()),
        ("clonazepam", ()),
        ("betamethasone", ()),
        ("quinine", ()),
        ("ergotamine", ()),
        ("penicillin", ()),
        ("5", ()),
    ],
)
def test_what_a_text_is_near_to(text: str, names: tuple[str, ...]) -> None:
    assert near(text) == names


def test_near_as_a_whole_leaves_out_what_a_part_is_near_to() -> None:
    assert near_as_a_whole("patient furosemid") == near_as_a_whole("furosemide") == ()
    assert did_you_mean(near_as_a_whole("furosemid")) == "did you mean furosemide?"
    both = near_medicines("sodium chlorid")
    assert did_you_mean(both) == "did you mean sodium chloride 0.9 % or sodium chloride 0.45 %?"


@pytest.mark.parametrize(
    ("text", "name"),
    [("Glow", "glimmerazole"), ("glow 5 mg daily", "glimmerazole"), ("glow stopped", None), ("furosemide", None)],
)
def test_a_site_s_own_names_are_read_beside_a_strength_too(text: str, name: str | None) -> None:
    assert read_listed(text, {"glow": "glimmerazole"}) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("milrinone", "milrinone"),
        ("milrinone anaphylaxis", "milrinone"),
        ("inamrinone rash", "inamrinone"),
        ("hives to inamrinone (severe)", "inamrinone"),
        ("no rash with inamrinone", None),
        ("rash", None),
    ],
)
def test_a_reaction_beside_an_allergen_leaves_it_that_allergen(text: str, name: str | None) -> None:
    found = name_allergen(text, vocabulary())
    assert (found.name, found.known, found.as_written) == (name or text, name is not None, text)
    assert read_medicine("inamrinone rash") is None  # beside a medicine that is given it says something else
