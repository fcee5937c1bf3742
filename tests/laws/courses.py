"""What a generated patient was given and has on the pump: loads, rates, pauses, bags, syringes made up by weight.

Knows how a course is written down, sound ones and impossible ones. Every moment is a whole minute before `now`.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from tests.laws.people import ADULT, NEWBORN, PRETERM, Person

Document = dict[str, Any]

STEPS = ("0.01 mL/h", "0.1 mL/h", "0.1 mL/h", "0.1 mL/h", "0.5 mL/h", "1 mL/h", "5 mL/h")
RATES = (
    "0.375 mcg/kg/min", "0.5 mcg/kg/min", "0.75 mcg/kg/min", "0.2 mcg/kg/min", "0.25 mcg/kg/min", "0.125 mcg/kg/min",
    "22.5 mcg/kg/h", "30 mcg/min",
)  # fmt: skip
SMALL_RATES = ("0.2 mcg/kg/min", "0.25 mcg/kg/min", "0.375 mcg/kg/min", "0.5 mcg/kg/min", "0.16 mcg/kg/min")
LOAD_RATES = ("0.75 mcg/kg/min", "0.4 mcg/kg/min", "1.25 mcg/kg/min", "0.73 mcg/kg/min")
DOSE_ON_TOP = 0.15
"""Share of the courses in which another dose is given at any time."""
WRONG_RATES = ("0.9 mcg/kg/min", "1.5 mcg/kg/min", "0 mcg/kg/min")
STARTS = (5, 20, 29, 30, 31, 59, 60, 61, 179, 180, 200, 700, 720, 1440, 1500, 2000, 2100, 2880, 2881, 5000, 7200)


class Courses:
    """Draws what was given and what hangs."""

    def __init__(self, chance: random.Random, now: datetime, *, troubled: bool) -> None:
        self.random = chance
        self.now = now
        self.troubled = troubled

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def ago(self, minutes: int) -> str:
        return (self.now - timedelta(minutes=minutes)).isoformat()

    def administrations(self, person: Person) -> list[Document]:
        """Return a course: none, running, paused or over, with overlaps among the troubled."""
        found: list[Document] = []
        if self.chance(0.1):
            found.append({"of": "norepinephrine", "start": self.ago(300), "rate": "0.05 mcg/kg/min"})
        if not self.chance(0.55 if self.troubled else 0.4):
            return found
        small = person.kind in (NEWBORN, PRETERM)
        start = self.random.choice((*STARTS, self.random.randint(1, 8000)))
        if self.chance(0.4):
            long = self.random.choice(("10 min", "60 min", "30 min")) if person.kind != ADULT else "10 min"
            found.append({"of": "milrinone", "start": self.ago(start), "duration": long, "dose": self._dose(person)})
            start -= int(long.split()[0])
            if start > 30 and self.chance(0.15):
                again = {"duration": "10 min", "dose": self._dose(person)}
                found.append({"of": "milrinone", "start": self.ago(start - 5), **again})
                start -= 15
        elif small and self.chance(0.6):
            load = self.random.choice((60, 180))
            item: Document = {"of": "milrinone", "start": self.ago(start), "rate": self.random.choice(LOAD_RATES)}
            found.append(item | ({"duration": f"{load} min"} if start > load else {}))
            start -= load
        while start > 0:
            entry: Document = {"of": "milrinone", "start": self.ago(start), "rate": self._rate(small=small)}
            length = self.random.choice((10, 30, 360, 720, 1440, self.random.randint(1, 3000)))
            if self.chance(0.4):
                overlap = self.random.randint(1, 20) if self.troubled and self.chance(0.1) else 0
                entry |= (
                    {"duration": f"{length + overlap} min"} if self.chance(0.7) else {"end": self.ago(start - length)}
                )
            found.append(entry)
            start -= length
            if self.chance(0.4):
                start -= self.random.choice((20, 60, 600, 1440, 1500))
            if self.chance(0.4):
                break
        later = random.Random(repr(found))  # of its own, so that it changes no other patient
        if later.random() < DOSE_ON_TOP:
            at = self.ago(later.randint(15, 3000))
            found.append({"of": "milrinone", "start": at, "duration": "10 min", "dose": "25 mcg/kg"})
        self.random.shuffle(found)
        return found

    def _dose(self, person: Person) -> str:
        if person.kind == ADULT:
            return self.random.choice(("50 mcg/kg", "50 mcg/kg", "25 mcg/kg", "55 mcg/kg", "75 mcg/kg", "3.5 mg"))
        return self.random.choice(("50 mcg/kg", "75 mcg/kg", "25 mcg/kg", "100 mcg/kg"))

    def _rate(self, *, small: bool) -> str:
        if self.chance(0.1 if self.troubled else 0.03):
            return self.random.choice(WRONG_RATES)
        return self.random.choice(SMALL_RATES if small else RATES)

    def preparation(self, person: Person) -> Document:
        """Return what hangs, and for a third of them since when."""
        found = self._bag() if person.kind == ADULT or self.chance(0.3) else self._syringe(person)
        if self.chance(0.35):
            found["hung"] = self.ago(self.random.choice((0, 30, 600, 1440, 4319, 4320, self.random.randrange(6000))))
        return found

    def _syringe(self, person: Person) -> Document:
        """Return a syringe of 50 mL made up by weight: 1 mL/h gives 1 or 0.33 mcg/kg/min; or a weak one."""
        per_kg = self.random.choice((3, 3, 1, 1, 0.3) if self.troubled else (3, 1))
        milligrams = round(per_kg * person.weight_kg, 3)
        return {"product": "vial", "amount": f"{milligrams:g} mg", "volume": "50 mL", "diluent": self._diluent()}

    def _bag(self) -> Document:
        draw = self.random.random()
        if draw < 0.30:
            return {"product": "premix"}
        if draw < 0.55:
            odd = ("50 mcg/mL", "1 mg/mL") if self.troubled else ()
            strength = self.random.choice(("200 mcg/mL", "0.2 mg/mL", *odd))
            return {"product": "premix", "concentration": strength, "volume": "100 mL"}
        if draw < 0.75:
            return {"product": "vial", "amount": "10 mg", "volume": "50 mL", "diluent": self._diluent()}
        if draw < 0.90:
            strengths = ("0.1 mg/mL", "0.4 mg/mL", "1 mg/mL", "150 mcg/mL", "0.05 mg/mL", "333 mcg/mL")
            strength = self.random.choice(strengths)
            return {"product": "vial", "concentration": strength, "volume": "250 mL", "diluent": self._diluent()}
        if not self.troubled:
            return {"product": "vial", "concentration": "200 mcg/mL"}
        odd = ("1.42 mg/mL", "1.4 mg/mL", "1.451 mg/mL", "2 mg/mL", "2 mcg/mL", "49 mcg/mL", "20 mg/L")
        if draw < 0.92:
            return {"product": "vial", "diluent": "dextrose 5 %"}
        if draw < 0.97:
            return {"product": "vial", "concentration": self.random.choice(odd)}
        strength = self.random.choice(("200 mcg/mL", "211 mcg/mL", "2 mg/mL"))
        return {"amount": "20 mg", "volume": "100 mL", "concentration": strength}

    def _diluent(self) -> str:
        usual = ("dextrose 5 %", "D5W", "sodium chloride 0.9 %", "sodium chloride 0.45 %")
        odd = ("sodium bicarbonate", "lactated Ringer's", "sterile water", "tea") if self.troubled else usual
        return self.random.choice(odd if self.chance(0.3) else usual)

    def pump(self) -> Document:
        """Return the pump's step and, for some, its lowest rate."""
        found = {"step": self.random.choice(STEPS)} if self.chance(0.9) else {}
        return found | ({"minimum": self.random.choice(("0.1 mL/h", "1 mL/h", "5 mL/h"))} if self.chance(0.2) else {})
