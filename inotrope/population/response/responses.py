"""A drug's response file: how it meets PDE3, and fitted sets of what heart and vessels make of it.

Knows the tables of `response.toml` and hands them to `circulation` as numbers; each set is a member of one uncertainty.
Does not know any patient.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inotrope.circulation import Enzyme, Response
from inotrope.circulation.mechanism import cardiac_gain
from inotrope.drug import Counted, Drug, Sourced
from inotrope.drug.folder import LIBRARY
from inotrope.drug.numbers import RATE
from inotrope.drug.reading import Book, Problem, Section
from inotrope.errors import CirculationError, InotropeError, RequestError, nearest, shorten
from inotrope.files import read_bytes, read_toml
from inotrope.patient import vocabulary
from inotrope.population.response.hearts import HeartFile, list_hearts, load_heart
from inotrope.population.response.kinds import (
    CHANGE,
    ENZYME,
    LEFT_V0,
    LEVEL,
    MEMBER,
    MINUTES,
    SHARE,
    as_float,
    floats,
    read_asked,
)
from inotrope.population.response.reading_rules import ReadingRules, read_reading_rules
from inotrope.population.response.sound import SoundHeart, read_sound_heart
from inotrope.population.response.spreads import DRUG_SPREADS, Spreads, read_spreads
from inotrope.population.response.whom import NotFor, read_not_for
from inotrope.population.shipped import raise_first

FILE = "response.toml"
_CHANGES = ("cardiac_index", "wedge_pressure", "systemic_resistance")
_PRESSURE = "mean_arterial_pressure"


@dataclass(frozen=True, slots=True)
class Member:
    """One fitted set.

    Attributes:
        id: Its name.
        says: What sets it apart.
        reflex: Whether it was fitted with the reflex of its heart.
        numbers: Every number with its source, by what `circulation` calls it; `left_v0_ml` among them.
    """

    id: str
    says: str
    reflex: bool
    numbers: dict[str, Sourced | Counted]

    @property
    def left_v0_ml(self) -> float:
        """The left V0 that this set was fitted with, mL."""
        return as_float(self.numbers[LEFT_V0.name], LEFT_V0.unit)


@dataclass(frozen=True, slots=True)
class Observed:
    """What a publication prints of one infusion: changes against the baseline, as shares; 0.25 is +25 %.

    Attributes:
        rate: As printed.
        level: What the rate was taken to give.
        changes: Lowest and highest of each change, by `cardiac_index`, `wedge_pressure`, `systemic_resistance` and
            `mean_arterial_pressure`; mostly both are one number.
        sources: Of the same.
    """

    rate: Sourced
    level: Sourced
    changes: dict[str, tuple[float, float]]
    sources: dict[str, Sourced]

    @property
    def level_ng_per_ml(self) -> float:
        """The level, ng/mL."""
        return as_float(self.level, "ng/mL")


@dataclass(frozen=True, slots=True)
class ResponseFile:
    """What is known of how one drug moves heart and vessels.

    Attributes:
        drug: Its name.
        default: The id of the member that stands for all where one curve must be drawn.
        members: The fitted sets, in the order of the file.
        heart: The kind of patient that they were fitted in.
        numbers: The enzyme's numbers and the drive's exponent, with their sources.
        half_life: Of the delay between plasma and effect.
        studied_to: The level above which every answer is an extrapolation.
        molar_mass: Of the drug, from its identity.
        medicines: The drive beside another medicine, by its name.
        not_counted: Classes of medicines that move heart and vessels; of those without a drive nothing is known.
        sound: From which readings on a heart is sound: nothing was fitted to such hearts.
        observed: What the label prints.
        unknown: What nobody knows; shown with every answer.
        not_identified: What the label does not tell; said with every prediction.
        spreads: How patients differ in the answer.
        refuses: Whom the model does not hold for.
        most_unfilled: The share of draws without an answer above which nothing is told.
        readings: How far readings and the model miss, and which of them count.
        digest: SHA-256 of the file.
    """

    drug: str
    default: str
    members: dict[str, Member]
    heart: HeartFile
    numbers: dict[str, Sourced | Counted]
    half_life: Sourced
    studied_to: Sourced
    molar_mass: Sourced
    medicines: dict[str, Counted]
    not_counted: tuple[str, ...]
    sound: SoundHeart
    observed: tuple[Observed, ...]
    unknown: tuple[str, ...]
    not_identified: str
    spreads: Spreads
    refuses: tuple[NotFor, ...]
    most_unfilled: Sourced
    readings: ReadingRules
    digest: str

    @property
    def enzyme(self) -> Enzyme:
        """How the drug meets PDE3."""
        mass = as_float(self.molar_mass, "g/mol")
        return Enzyme.of(**floats(self.numbers, ENZYME), molar_mass_g_per_mol=mass)

    def response(self, *ids: str) -> Response:
        """Return what heart and vessels make of the drug: of one member, or of several as arrays `(members,)`.

        Without an id it is the default member.

        Raises:
            RequestError: No member has that id.
        """
        chosen = [floats(self.member(name).numbers, MEMBER) for name in ids or (self.default,)]
        arrays = {name: np.array([each[name] for each in chosen]) for name in chosen[0]}
        by_drive = as_float(self.numbers["rate_by_drive"], "")
        one = {name: array[0] if len(chosen) == 1 else array for name, array in arrays.items()}
        return Response.of(**one, rate_by_drive=by_drive)

    def member(self, name: str | None = None) -> Member:
        """Return a member by its id, the default one without.

        Raises:
            RequestError: No member has that id.
        """
        wanted = self.default if name is None else name
        if wanted not in self.members:
            raise RequestError(
                f"'{shorten(wanted)}' is not a member of this response; {nearest(wanted, self.members)}.",
                value=wanted,
                accepted=", ".join(self.members),
            )
        return self.members[wanted]

    @property
    def equilibration_per_h(self) -> float:
        """ke0, 1/h: for `kinetics.effect_site`."""
        return float(np.log(2)) / as_float(self.half_life, "h")


def list_responses() -> tuple[str, ...]:
    """Return the drugs that have a response file."""
    return tuple(sorted(path.parent.name for path in LIBRARY.glob(f"*/{FILE}")))


def load_response(drug: Drug) -> ResponseFile:
    """Return how a drug moves heart and vessels.

    Raises:
        RequestError: Its folder has no response file.
        LibraryError: The file is not sound; the first problem is named with file, line and key.
    """
    path = drug.folder / FILE
    if not path.is_file():
        raise RequestError(
            f"Nothing is known here of how {drug.name} moves heart and vessels.",
            value=drug.name,
            accepted=", ".join(list_responses()),
        )
    book = Book(sources=dict(drug.sources))
    found = _read(drug, path, book)
    raise_first(book)
    assert found is not None  # a file without a problem gives a response
    return found


def check_response(drug: Drug) -> tuple[Problem, ...]:
    """Return every problem of a response file, each with file, line and key; none where a drug has no such file."""
    path, book = drug.folder / FILE, Book(sources=dict(drug.sources))
    if path.exists():
        try:
            _read(drug, path, book)
        except InotropeError as error:  # unreadable, or the heart that it names is not sound
            book.note(error.where or FILE, error.says)
    return tuple(book.problems)


def _read(drug: Drug, path: Path, book: Book) -> ResponseFile | None:
    content = read_bytes(path)
    section = Section(read_toml(content, f"{drug.name}/{FILE}"), book)
    written = section.text("drug")
    if written != drug.name:
        section.problem(f"'{shorten(written)}' is not the drug of this folder, '{drug.name}'.", "drug")
    heart = section.text("heart")
    if heart not in list_hearts():
        section.problem(f"'{shorten(heart)}' is not a heart of this program; {nearest(heart, list_hearts())}.", "heart")
    members = {member.id: member for member in map(_member, section.sections("member", at_least=1))}
    default = section.text("default")
    if default not in members:
        section.problem(f"'{shorten(default)}' is no member of this file; {nearest(default, members)}.", "default")
    enzyme, drive, site = section.section("enzyme"), section.section("drive"), section.section("effect_site")
    numbers = read_asked(enzyme, ENZYME) | {"rate_by_drive": drive.counted("rate_by_drive", positive=False)}
    medicines, not_counted = dict(map(_medicine, drive.sections("medicine"))), _classes(drive, "not_counted")
    sound = read_sound_heart(section.section("sound"))
    half_life, studied_to = site.sourced("half_life", MINUTES), site.sourced("studied_to", LEVEL)
    observed = tuple(map(_observed, section.sections("observed")))
    unknown, not_identified = section.texts("unknown"), section.text("not_identified")
    spreads, refuses = read_spreads(section, DRUG_SPREADS), tuple(map(read_not_for, section.sections("refuses")))
    readings, most_unfilled = read_reading_rules(section), section.sourced("most_unfilled", SHARE)
    for each in (enzyme, drive, site, section):
        each.done()
    if book.problems:
        return None
    found = ResponseFile(
        drug=drug.name,
        default=default,
        members=members,
        heart=load_heart(heart),
        numbers=numbers,
        half_life=half_life,
        studied_to=studied_to,
        molar_mass=drug.identity.molar_mass,
        medicines=medicines,
        not_counted=not_counted,
        sound=sound,
        observed=observed,
        unknown=unknown,
        not_identified=not_identified,
        spreads=spreads,
        refuses=refuses,
        most_unfilled=most_unfilled,
        readings=readings,
        digest=hashlib.sha256(content).hexdigest(),
    )
    try:
        cardiac_gain(found.enzyme, found.response(*found.members))
    except CirculationError as error:
        book.note(section.toml.name, f"This response cannot be: {error}")
    return found


def _member(section: Section) -> Member:
    found = Member(
        id=section.text("id"),
        says=section.text("says"),
        reflex=section.flag("reflex"),
        numbers=read_asked(section, (*MEMBER, LEFT_V0)),
    )
    section.done()
    return found


def _medicine(section: Section) -> tuple[str, Counted]:
    found = section.text("name"), section.counted("factor")
    section.done()
    return found


def _classes(section: Section, key: str) -> tuple[str, ...]:
    found, known = section.texts(key), vocabulary().members
    for name in found:
        if name not in known:
            section.problem(f"'{shorten(name)}' is no class; {nearest(name, known)}.", key)
    return found


def _observed(section: Section) -> Observed:
    sources = {name: section.sourced(name, CHANGE, positive=False) for name in _CHANGES}
    ends = {end: section.sourced(f"{_PRESSURE}_{end}", CHANGE, positive=False) for end in ("lowest", "highest")}
    changes = {name: (as_float(number, "share"),) * 2 for name, number in sources.items()}
    lowest, highest = (as_float(number, "share") for number in ends.values())
    if lowest > highest:
        section.problem("The lowest must not be above the highest.", f"{_PRESSURE}_lowest")
    found = Observed(
        rate=section.sourced("rate", RATE),
        level=section.sourced("level", LEVEL),
        changes={**changes, _PRESSURE: (lowest, highest)},
        sources={**sources, **{f"{_PRESSURE}_{end}": number for end, number in ends.items()}},
    )
    section.done()
    return found
