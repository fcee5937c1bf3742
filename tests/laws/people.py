"""Who a generated patient is: adults, children, infants, babies born at term and before, each written down as wards do.

Knows ages, births with and without their hour, gestational ages and weights. It does not know what a dose needs of
them: some have no gestational age, or a weight of somebody else.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.laws import printed

Document = dict[str, Any]

ADULT, CHILD, INFANT, NEWBORN, PRETERM = "adult", "child", "infant", "newborn", "preterm"
KINDS = (ADULT, CHILD, INFANT, NEWBORN, PRETERM)
SHARES = (58, 14, 8, 7, 13)
"""Of 100 patients."""
NOWHERE = ("pulmonary hypertension", "vasospasm", "low output syndrome of the right heart")
"""Indications without an entry."""


@dataclass(frozen=True)
class Person:
    """The keys of the case that say who it is, and the weight as a number of kg."""

    kind: str
    document: Document
    weight_kg: float


class People:
    """Draws a person for a moment."""

    def __init__(self, chance: random.Random, now: datetime) -> None:
        self.random = chance
        self.now = now

    def person(self) -> Person:
        """Return one person."""
        kind = self.random.choices(KINDS, SHARES)[0]
        document: Document = {"sex": self.random.choice(("male", "female"))}
        weight = getattr(self, kind)(document)
        document["weight"] = f"{weight:g} kg"
        return Person(kind, document, weight)

    def adult(self, document: Document) -> float:
        years = self.random.choice((18, 18, 100, *range(19, 100)))
        self._years(document, years)
        self._height(document, (100, 230) if self.random.random() < 0.1 else (145, 200))
        if self.random.random() < 0.15:
            return float(self.random.choice((2, 20, 29.9, 30, 33, 120, 120.1, 200, 201, 400)))
        return self.random.randint(400, 1600) / 10

    def child(self, document: Document) -> float:
        years = self.random.choice((1, 5, 6, 17, *range(1, 18)))
        self._years(document, years)
        self._height(document, (70 + 5 * years, 85 + 7 * years))
        if self.random.random() < 0.1:
            return self.random.randint(20, 900) / 10
        return round(max(7.5, 3 * years + 6) * self.random.uniform(0.75, 1.3), 1)

    def infant(self, document: Document) -> float:
        """Four weeks to a year; many of the youngest without a gestational age, which may be all that is asked."""
        days = self.random.choice((28, 29, 90, 167, 168, *range(28, 365, 7)))
        self._born(document, minutes=days * 1440 + self.random.randrange(1440))
        if self.random.random() < (0.8 if days < 168 else 0.3):
            document["gestational_age"] = self._gestation(self.random.choice((26, 33, 39, 40, 40)))
        self._height(document, (50, 80))
        return round(self.random.uniform(2.5, 11), 2)

    def newborn(self, document: Document) -> float:
        minutes = self.random.choice((0, 600, 1439, self.random.randrange(28 * 1440)))
        self._born(document, minutes=minutes)
        if self.random.random() > 0.12:
            document["gestational_age"] = self._gestation(self.random.randint(37, 42))
        return round(self.random.uniform(1.8, 4.8), 2)

    def preterm(self, document: Document) -> float:
        """Born before 37 weeks; a third in the first day of life, some of them weeks old."""
        weeks = self.random.choice((22, 24, 28, 29, 30, *range(23, 37)))
        choices = (60, 600, 1079, 1080, 1081, 5 * 1440, 7199, self.random.randrange(28 * 1440))
        minutes = self.random.choice(choices)
        if self.random.random() < 0.15:
            minutes = self.random.randrange(28 * 1440, 150 * 1440)
        self._born(document, minutes=minutes)
        if self.random.random() > 0.1:
            document["gestational_age"] = self._gestation(weeks)
        if self.random.random() < 0.1:
            return round(self.random.uniform(0.3, 6), 2)
        return round(max(0.4, (weeks - 20) * 0.12 + 0.2) * self.random.uniform(0.8, 1.3) + minutes / 1440 * 0.015, 2)

    def indication(self, kind: str) -> str:
        """Return what it is for: mostly one that some text has for that age."""
        draw = self.random.random()
        if draw < 0.03:
            return self.random.choice(NOWHERE)
        group = {ADULT: printed.ADULT, CHILD: printed.CHILD, INFANT: printed.CHILD}.get(kind, printed.NEWBORN)
        fitting = [entry for entry in printed.PRINTED if entry.group == group or draw > 0.93]
        if kind == ADULT and draw < 0.6:
            return self.random.choice(printed.HEART_FAILURE)
        if kind == PRETERM and draw < 0.5:  # two uses that few of any age have
            return self.random.choice((*printed.FIRST_DAY, *printed.FIRST_DAY, *printed.DUCT_LIGATION))
        if kind in (CHILD, INFANT) and draw < 0.25:
            return self.random.choice(printed.PREVENTION)
        return self.random.choice(self.random.choice(fitting).names)

    def authority(self, indication: str) -> str | None:
        """Return whose dose is asked for; mostly nobody says."""
        if self.random.random() > (0.5 if indication in printed.PREVENTION else 0.25):
            return None
        serving = [entry.authority for entry in printed.PRINTED if indication in entry.names] or ["US label"]
        wanted = self.random.choice(serving)
        if self.random.random() < 0.15:
            wanted = self.random.choice(("US label", "UK text", "a text that nobody wrote"))
        return self.random.choice((wanted, wanted.upper(), f"  {wanted.lower()} "))

    def _years(self, document: Document, years: int) -> None:
        if self.random.random() < 0.2:
            document["age"] = f"{years} years"
            return
        day = self.now.date() - timedelta(days=self.random.randrange(360))
        day = day.replace(day=min(day.day, 28))
        document["born"] = day.replace(year=day.year - years).isoformat()

    def _born(self, document: Document, *, minutes: int) -> None:
        """Write a birth some minutes ago: the day alone, the hour in another zone, or an age in one of its units."""
        draw = self.random.random()
        born = self.now - timedelta(minutes=minutes)
        if draw < 0.3:
            document["born"] = born.date().isoformat()
        elif draw < 0.7:
            zone = timezone(timedelta(hours=self.random.choice((-5, 0, 1, 9))))
            document["born"] = born.astimezone(zone).isoformat()
        elif minutes < 3 * 1440:
            document["age"] = f"{minutes // 60} h" if draw < 0.9 and minutes >= 60 else f"{minutes // 1440 or 1} days"
        else:
            document["age"] = f"{minutes // 1440} days" if draw < 0.85 else f"{max(minutes // 10080, 1)} weeks"

    def _gestation(self, weeks: int) -> str:
        days = self.random.randrange(7)
        whole = f"{weeks} weeks"
        return self.random.choice((whole, f"{weeks}+{days}", f"{weeks}+{days} weeks", f"{whole} {days} days"))

    def _height(self, document: Document, between: tuple[int, int]) -> None:
        if self.random.random() < 0.07:
            return
        centimeters = self.random.randint(*between)
        text = f"{centimeters} cm" if self.random.random() < 0.9 else f"{centimeters / 100:g} m"
        document["height"] = text
