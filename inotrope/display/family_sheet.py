"""A drug's page for patients and those who sit with them: plain words, effects in adults, and no dose.

Knows which parts of the folder a family needs, and the few hospital words that they hear at the bedside. What the
folder says in the words of staff (how the medicine works inside a cell, what it is approved for) is left to staff.
"""

from __future__ import annotations

import re

from inotrope.display.sheet import Block, Lines, Paragraph, Section, Sheet, made_from
from inotrope.drug import Adverse, AdverseGroup, Drug
from inotrope.patient import AgeGroup
from inotrope.plan import NOTICE

_WORDS = {
    "ECG": "a recording of the heart's rhythm, through stickers on the chest",
    "arrhythmia": "a heartbeat that is too fast, too slow or irregular",
    "loading dose": "a first amount of the medicine, given over some minutes",
    "infusion": "a medicine that runs slowly into a vein",
    "half-lives": "a half-life is the time in which half of the medicine leaves the body",
    "serum": "measured in the blood",
    "potassium": "a salt in the blood; too little of it can upset the heartbeat",
    "magnesium": "a salt in the blood; too little of it can upset the heartbeat",
    "creatinine": "a substance in the blood that shows how well the kidneys work",
    "platelets": "cells in the blood that help to stop bleeding",
    "liver tests": "blood tests that show how the liver works",
    "liver values": "blood tests that show how the liver works",
    "diuresis": "passing a lot of urine, mostly after a water tablet or injection",
    "fluid balance": "what goes in by drip and drink, against what leaves as urine",
}
_SPEAK_UP = (
    "Some of this can be felt or seen, such as a racing heart, chest pain or trouble breathing. The rest shows only in "
    "tests, and the team looks for it. Tell a nurse or a doctor at once when something feels wrong, or when you notice "
    "anything new. The team would rather be called too often."
)


def family_sheet(drug: Drug) -> Sheet:
    """Return a page in plain words, for adult patients and those who sit with them; it holds no dose."""
    adult = [item for item in drug.adverse if not item.ages or AgeGroup.ADULT in item.ages]
    wider = {item.name: item.plain for item in adult}
    groups = ((AdverseGroup.COMMON, "Common"), (AdverseGroup.SERIOUS, "Less common, but serious or a sign to act on"))
    blocks: list[Block] = []
    for group, title in groups:
        lines = tuple(_plain(item, wider) for item in adult if item.group is group)
        if lines:
            blocks.append(Lines(lines, title=title))
    watch = tuple(f"{item.what}: {item.how_often}" for item in drug.monitoring)
    said = " ".join((drug.identity.description, *(line for line in watch), *(item.plain for item in adult)))
    words = tuple(f"{word}: {says}" for word, says in _WORDS.items() if re.search(rf"\b{word}\b", said))
    sections = [
        Section("What it is", (Paragraph(drug.identity.description),)),
        Section("What may happen in adults", tuple(blocks)),
        Section("When to speak up", (Paragraph(_SPEAK_UP),), loud=True),
        Section("What the team watches", (Lines(watch),) if watch else ()),
        Section("Words explained", (Lines(words),) if words else ()),
    ]
    return Sheet(
        title=f"{drug.name}: for patients and families",
        subtitle="in plain words",
        status=None,
        sections=tuple(section for section in sections if section.blocks),
        versions=(made_from(drug.name, drug.digest),),
        notice=NOTICE,
    )


def _plain(item: Adverse, wider: dict[str, str]) -> str:
    part = f" (counted in: {wider[item.part_of]})" if item.part_of in wider else ""
    if item.frequency is None or item.frequency.value.value <= 0:
        return f"{item.plain}{part}"
    share = item.frequency.value.in_unit("%")
    return f"{item.plain}: {item.frequency.value} of patients, about 1 in {round(100 / share)}{part}"
