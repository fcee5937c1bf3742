"""Questions asked again and again, with their answers, as a page for staff or for a family.

Knows what each reader is shown: staff what was worked out and where it comes from, families plain words and no dose.
"""

from __future__ import annotations

from inotrope.display.sheet import (
    Block,
    Lines,
    Paragraph,
    References,
    Row,
    Rows,
    Section,
    Sheet,
    made_from,
    moment,
    unsure,
)
from inotrope.findings import Status
from inotrope.plan.answer_parts import spoken
from inotrope.plan.answers import Answer, Answers


def faq_sheet(found: Answers, *, family: bool = False) -> Sheet:
    """Return the answers as a sheet; the notice stands on it for every reader."""
    references = References()
    told = [answer for answer in found.answers if answer.family or not family]
    sections = [_family(answer) if family else _staff(answer, references) for answer in told]
    for_whom = "in plain words" if family else "for staff"
    shown = spoken if family else moment
    when = "" if found.made_for is None else f", for {shown(found.made_for)}"
    versions = (
        Row("inotrope", found.versions.inotrope),
        Row("drug folder", found.versions.drug_folder),
        Row("vocabulary", found.versions.vocabulary),
        Row("site", found.versions.site or "none"),
    )
    return Sheet(
        title=f"{found.drug}: questions and answers",
        subtitle=f"{for_whom}{when}",
        status=None,
        sections=tuple(sections) if family else (*sections, references.section()),
        versions=(made_from(found.drug, found.versions.drug_folder),) if family else versions,
        notice=found.notice,
    )


def _staff(answer: Answer, references: References) -> Section:
    blocks: list[Block] = [Paragraph(answer.staff)]
    if answer.computed:
        blocks.append(Lines(answer.computed))
    sources = _sources(answer, references)
    return Section(answer.asks, (*blocks, Rows((Row("Sources", sources),))))


def _sources(answer: Answer, references: References) -> str:
    """Return the sources by number; where only some of them are not confirmed, these apart."""
    less_sure = tuple(source for source in answer.sources if source.status is Status.UNCONFIRMED)
    sure = tuple(source for source in answer.sources if source not in less_sure)
    if not less_sure or not sure:
        return f"{references.bare(answer.sources)}{unsure(answer.status)}"
    return f"{references.bare(sure)}; not confirmed: {references.bare(less_sure)}"


def _family(answer: Answer) -> Section:
    lines = (Lines(answer.computed_family),) if answer.computed_family else ()
    return Section(answer.asks_family, (Paragraph(answer.family), *lines))
