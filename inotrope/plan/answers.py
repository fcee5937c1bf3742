"""Answers to the questions that staff and families ask again and again, worked out for one case where that makes sense.

Knows how the drug folder's answer is put beside what a case adds: time left, medicines found, a pause, this bag. It
proposes no dose of its own: a rate on resumption is the plan's, and never more than the last one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from inotrope.drug import Computed, Drug, Question, Site, load_drug
from inotrope.findings import SourceReference, Status
from inotrope.patient import AgeGroup, Case, vocabulary
from inotrope.plan.answer_parts import About, about
from inotrope.plan.answers_in_general import GENERAL
from inotrope.plan.answers_of_case import OF_CASE
from inotrope.plan.notice import NOTICE
from inotrope.plan.record import Versions
from inotrope.plan.versions import program_version

DRUG = "milrinone"
"""The drug of the questions where no case names one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and its answer for both readers.

    Attributes:
        id: The question's id in `questions.toml`.
        asks: As staff ask it.
        asks_family: As a family asks it.
        staff: The written answer for staff.
        family: The written answer in plain words; no dose. For a child both speak to the parents, and are empty where
            the question is only a grown patient's own.
        computed: What was worked out for staff.
        computed_family: What was worked out in plain words; no dose.
        sources: Where the written answer comes from.
        status: How sure it is.
    """

    id: str
    asks: str
    asks_family: str
    staff: str
    family: str
    computed: tuple[str, ...]
    computed_family: tuple[str, ...]
    sources: tuple[SourceReference, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class Answers:
    """All questions of a drug, answered in general or for one case."""

    drug: str
    made_for: datetime | None
    answers: tuple[Answer, ...]
    versions: Versions
    notice: str


def answers(case: Case | None = None, *, site: Site | None = None, drug: Drug | None = None) -> Answers:
    """Return the answers to the drug folder's questions.

    Args:
        case: The patient; None for the answers in general.
        site: The hospital's own file, whose limits and bags then hold.
        drug: A drug folder already read; by default the shipped one that the case names.

    Raises:
        RequestError: The drug is unknown.
        LibraryError: `questions.toml` is not sound, or the site's file loosens a limit.
    """
    folder = drug or load_drug(DRUG if case is None else case.drug)
    known = about(case, folder, site)
    return Answers(
        drug=folder.name,
        made_for=None if case is None else case.now,
        answers=tuple(_answer(question, known) for question in folder.questions),
        versions=Versions(
            inotrope=program_version(),
            drug_folder=folder.digest,
            vocabulary=vocabulary().digest,
            site=None if site is None else site.digest,
        ),
        notice=NOTICE,
    )


def _answer(question: Question, known: About) -> Answer:
    staff: list[str] = []
    family: list[str] = []
    parts: dict[Computed, Callable[[About], tuple[list[str], list[str]]]] = OF_CASE if known.of_case else GENERAL
    for part in question.computed:
        for_staff, for_family = parts[part](known)
        staff += for_staff
        family += for_family
    asks_family, told = question.asks_family, question.family
    if known.of_case is not None and known.of_case.case.age_group is not AgeGroup.ADULT:
        asks_family, told = question.asks_parents or asks_family, question.parents or told
        if question.patient_only:
            asks_family, told, family = "", "", []
    return Answer(
        id=question.id,
        asks=question.asks,
        asks_family=asks_family,
        staff=question.staff,
        family=told,
        computed=tuple(staff),
        computed_family=tuple(family),
        sources=question.sources,
        status=question.status,
    )
