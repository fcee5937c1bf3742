"""Generated patients: one seed, one case document, over the whole space that a case can describe.

Invented from a random number generator; no patient's data. Who it is stands in `people.py`, what was given and what
hangs in `courses.py`; here: what is known, what was measured, what happened. Amounts are chosen so that the other unit
of each is exact (creatinine as whole umol/L, pressures as whole mmHg), so that a swap of units is a swap and not a
rounding.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from tests.laws.courses import Courses
from tests.laws.people import ADULT, People, Person

Document = dict[str, Any]

MOLAR_MASS_CREATININE = Decimal("113.12")  # g/mol, vocabulary, creatinine-conversion
KPA_PER_MMHG = Decimal("0.133322387415")  # kPa, the definition of the conventional millimeter of mercury

STOPS = ("severe aortic stenosis", "severe pulmonic stenosis", "hypertrophic obstructive cardiomyopathy")
CONDITIONS = (
    *STOPS, "severe hypovolemia", "recent vigorous diuresis", "atrial fibrillation", "atrial flutter",
    "ventricular rate control", "acute myocardial infarction", "pregnancy", "breastfeeding", "edema", "oliguria",
    "renal impairment", "hepatic impairment", "patent ductus arteriosus", "intraventricular hemorrhage",
    "low blood pressure for age",
)  # fmt: skip
MEDICINES = (
    "furosemide", "Lasix", "bumetanide", "torsemide", "ethacrynic acid", "hydrochlorothiazide", "spironolactone",
    "acetazolamide", "sodium bicarbonate", "anagrelide", "cilostazol", "inamrinone", "enoximone", "olprinone",
    "digoxin", "digitoxin", "norepinephrine", "epinephrine", "dobutamine", "levosimendan", "calcium chloride",
    "metoprolol", "sotalol", "disopyramide", "riociguat", "vericiguat", "ozanimod", "ponesimod", "fingolimod",
    "sildenafil", "nitroglycerin", "nitroprusside", "prazosin", "epoprostenol", "bosentan", "amlodipine", "verapamil",
    "lidocaine", "captopril", "warfarin", "heparin", "insulin", "diazepam", "potassium chloride", "vancomycin",
    "fentanyl", "caffeine citrate", "blood", "plasma", "zzyzafil", "herbal tea", "milrinone", "Primacor",
)  # fmt: skip
USUAL = ("furosemide", "heparin", "insulin", "digoxin", "norepinephrine", "dobutamine", "metoprolol", "fentanyl")
PARTNERS = (
    "furosemide", "bumetanide", "torsemide", "sodium bicarbonate", "blood", "platelet concentrate", "plasma",
    "dobutamine", "norepinephrine", "heparin", "vancomycin", "fentanyl", "herbal tea", "milrinone",
)  # fmt: skip
SUPPORT = (
    "CRRT", "hemodialysis", "peritoneal dialysis", "ECMO", "intra-aortic balloon pump", "ventricular assist device",
)  # fmt: skip
EVENTS = (
    "ventricular tachycardia", "ventricular fibrillation", "torsades de pointes", "hypotension", "bleeding",
    "anaphylaxis", "bronchospasm", "atrial fibrillation", "atrial flutter", "supraventricular tachycardia",
    "ventricular ectopy", "extravasation", "chest pain", "myocardial infarction", "intraventricular hemorrhage",
    "headache", "tremor", "skin rash", "injection site reaction", "liver injury", "overdose",
)  # fmt: skip
DANGEROUS = (*EVENTS[:4], *EVENTS[7:10], "overdose")
"""Events that stop, when they are of the last day."""
WINDOWS = (0, 1439, 1440, 1441, 2879, 2880, 2881, 7199, 10_079, 10_080, 10_081)
"""Minutes at the edges of what a rule still counts as recent: a day, two, five, seven."""
AGES = {
    "h": timedelta(hours=1),
    "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
    "months": timedelta(days=30),
    "years": timedelta(days=365),
}


class Generator:
    """Writes the case of one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.beside = random.Random(f"{seed}, what later rules need")
        """Draws of its own, so that a value added for a new rule leaves every other value of a seed as it was."""
        hours = self.random.choice((-8, -5, 0, 1, 1, 5.5, 9))
        zone = timezone(timedelta(hours=hours))
        self.now = datetime(2026, 11, 22, 8, tzinfo=zone) + timedelta(minutes=self.random.randrange(500_000))
        self.troubled = self.chance(0.45)
        self.people = People(self.random, self.now)
        self.courses = Courses(self.random, self.now, troubled=self.troubled)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def some(self, names: Sequence[str], most: int) -> list[str]:
        return self.random.sample(names, self.random.randint(0, most))

    def ago(self, minutes: int) -> str:
        return (self.now - timedelta(minutes=minutes)).isoformat()

    def document(self) -> Document:
        """Return the case; the keys of a document stand in a random order of presence, never of meaning."""
        person = self.people.person()
        case: Document = {
            "drug": self.random.choice(("milrinone", "milrinone", "Primacor")),
            "indication": self.people.indication(person.kind),
            "now": self.now.isoformat(),
            "patient": person.document,
        }
        authority = self.people.authority(case["indication"])
        if authority is not None:
            case["authority"] = authority
        makers = {
            "conditions": self.conditions,
            "medicines": self.medicines,
            "allergies": self.allergies,
            "measurements": lambda: self.measurements(person),
            "administrations": lambda: self.courses.administrations(person),
            "support": self.support,
            "events": self.events,
            "lines": self.lines,
            "preparation": lambda: self.courses.preparation(person),
            "pump": self.courses.pump,
        }
        for key, make in makers.items():
            if not self.chance(0.12 if self.troubled else 0.03):
                case[key] = make()
        if self.troubled:
            self.add_fallen_pressures(case)
            self.add_a_rate_per_hour(case)
        return since_birth(case)

    def add_fallen_pressures(self, case: Document) -> None:
        """Give some a mean pressure of some hours ago, higher or lower than the newest."""
        if "measurements" in case and self.beside.random() < 0.3:
            minutes, mercury = self.beside.randint(100, 700), self.beside.randint(40, 150)
            case["measurements"].append(
                {"what": "mean arterial pressure", "value": f"{mercury} mmHg", "at": self.ago(minutes)}
            )

    def add_a_rate_per_hour(self, case: Document) -> None:
        """Write a few last rates per hour, where per minute was meant."""
        rates = [item for item in case.get("administrations", []) if item["of"] == "milrinone" and "rate" in item]
        if rates and self.beside.random() < 0.04:
            rates[-1]["rate"] = f"{self.beside.choice((0.25, 0.375, 0.5, 0.75))} mcg/kg/h"

    def conditions(self) -> dict[str, str]:
        present = 0.06 if self.troubled else 0.004
        unknown = 0.15 if self.troubled else 0.02
        found = {}
        for name in CONDITIONS:
            draw = self.random.random()
            if draw < present:
                found[name] = "present"
            elif draw > unknown + present:
                found[name] = "absent"
            elif self.chance(0.5):
                found[name] = "unknown"
        return found

    def medicines(self) -> list[str]:
        return self.some(MEDICINES if self.troubled else USUAL, 5)

    def allergies(self) -> list[str]:
        return self.some(("milrinone", "inamrinone", "penicillin", "heparin", "latex"), 1) if self.chance(0.15) else []

    def measurements(self, person: Person) -> list[Document]:
        """Return values old and new, of which some fell; a moment carries one value of a kind, with few exceptions."""
        weight = Decimal(str(person.weight_kg))
        found = self.creatinines(small=person.kind != ADULT)
        troubled = self.troubled
        found += self.one("mean arterial pressure", self.pressure(25 if troubled else 65, 150 if troubled else 110), 90)
        found += self.trend("systolic blood pressure", lambda: self.pressure(70 if troubled else 95, 170), 700)
        found += self.one("serum potassium", f"{self.random.randint(24 if troubled else 35, 62) / 10} mmol/L", 2000)
        found += self.one("serum magnesium", f"{self.random.randint(3 if troubled else 7, 14) / 10} mmol/L", 2000)
        if self.chance(0.3):
            factor = Decimal(str(self.random.choice((0.45, 0.88, 0.95, 1, 1.05, 1.1, 1.2, 2.2, 10))))
            found += self.one("body weight", f"{self.near(weight * factor)} kg", 3000)
        if self.chance(0.15):
            found += self.one("dry weight", f"{self.near(weight * self.random.randint(75, 105) / 100)} kg", 3000)
        if self.chance(0.2):
            found += self.one("eGFR", f"{self.random.randint(4, 130)} mL/min/1.73 m2", 1600)
        if self.chance(0.3):
            urine = lambda: f"{self.random.randint(0 if troubled else 60, 300) / 100} mL/kg/h"  # noqa: E731
            found += self.trend("urine output", urine, 3000)
        if self.chance(0.5):
            low = self.random.choice((20, 49, 50, 99, 100)) if troubled and self.chance(0.3) else 110
            found += self.trend("platelets", lambda: f"{self.random.randint(low, 400)} 10^9/L", 15_000)
        if self.chance(0.4):
            rate = lambda: f"{self.random.randint(20 if troubled else 60, 220 if troubled else 90)} /min"  # noqa: E731
            found += self.trend("heart rate", rate, 700)
        found += self.seldom()
        self.random.shuffle(found)
        return found

    def seldom(self) -> list[Document]:
        """Return what is measured in few: the QTc, a level, lactate, the heart's own pressures and output."""
        draw = self.random.randint
        texts = {
            "QTc": f"{self.random.choice((450, 451, 470, 471, 500, 501, draw(380, 560)))} ms",
            "lactate": f"{self.random.choice((2, 2.1, draw(5, 60) / 10))} mmol/L",
            "central venous pressure": f"{draw(-3, 35)} mmHg",
            "pulmonary capillary wedge pressure": f"{draw(1, 50)} mmHg",
            "cardiac index": f"{draw(5, 70) / 10} L/min/m2",
            "left ventricular ejection fraction": f"{draw(3, 85)} %",
            "mean pulmonary artery pressure": f"{draw(15, 60)} mmHg",
        }
        found = [item for what, text in texts.items() if self.chance(0.12) for item in self.one(what, text, 2000)]
        if self.chance(0.15):
            level = self.random.choice(("<20", "<100", "99.9", "100", "300", "300.1", "2001", str(draw(1, 900))))
            found += [
                item | {"of": self.random.choice(("milrinone", "milrinone", "digoxin"))}
                for item in self.one("concentration", f"{level} ng/mL", 2000)
            ]
        return found

    def near(self, weight: Decimal) -> Decimal:
        return min(max(round(weight, 2), Decimal("0.3")), Decimal(400))

    def creatinines(self, *, small: bool) -> list[Document]:
        draw = self.random.random()
        micromolar = int(min(max(self.random.lognormvariate(3.6 if small else 4.5, 0.6), 5), 3500))
        if draw < (0.10 if self.troubled else 0.02):
            return []
        found = self.creatinine("serum creatinine", micromolar, self.random.randint(0, 700))
        if draw > 0.93:
            found = self.creatinine("serum creatinine", micromolar, self.random.randint(700, 5000))
        elif draw > 0.78:
            factor = self.random.choice((0.5, 0.7, 0.85, 0.95, 1.1, 1.4))
            earlier = max(5, int(micromolar * factor))
            found += self.creatinine("serum creatinine", earlier, self.random.randint(701, 6000))
        elif draw > 0.75 and self.troubled:
            found += [{**found[0], "value": f"{micromolar + 30} umol/L"}]
        if self.chance(0.2):
            earlier = max(5, int(micromolar * self.random.choice((0.3, 0.6, 0.8, 1.0))))
            found += self.creatinine("baseline creatinine", earlier, self.random.randint(1000, 40_000))
        return found

    def creatinine(self, what: str, micromolar: int, minutes: int) -> list[Document]:
        value = f"{micromolar} umol/L" if self.chance(0.5) else in_milligrams(micromolar)
        return [{"what": what, "value": value, "at": self.ago(minutes)}]

    def pressure(self, low: int, high: int) -> str:
        mercury = self.random.randint(low, high)
        return f"{mercury} mmHg" if self.chance(0.8) else in_kilopascal(mercury)

    def one(self, what: str, value: str, oldest: int) -> list[Document]:
        if self.chance(0.12 if self.troubled else 0.03):
            return []
        minutes = self.random.randint(0, oldest if self.troubled else min(oldest, 59))
        return [{"what": what, "value": value, "at": self.ago(minutes)}]

    def trend(self, what: str, draw: Any, oldest: int) -> list[Document]:
        """Return the newest value and up to three before it, each of its own minute."""
        newest = self.one(what, draw(), min(oldest, 90))
        if not newest or not self.chance(0.5):
            return newest
        minutes = self.random.sample(range(100, oldest), self.random.randint(1, 3))
        return newest + [{"what": what, "value": draw(), "at": self.ago(minute)} for minute in minutes]

    def support(self) -> list[Document]:
        found = []
        for what in self.some(SUPPORT, 1) if self.chance(0.15 if self.troubled else 0.02) else []:
            entry = {"what": what, "start": self.ago(self.random.randint(60, 5000))}
            if self.chance(0.3):
                entry["end"] = self.ago(self.random.randint(0, 59))
            found.append(entry)
        return found

    def events(self) -> list[Document]:
        share = 0.06 if self.troubled else 0.003
        oldest = lambda: self.random.choice((*WINDOWS, self.random.randint(0, 12_000)))  # noqa: E731
        return [{"what": what, "at": self.ago(oldest())} for what in EVENTS if self.chance(share)]

    def lines(self) -> list[Document]:
        return [{"with": self.some(PARTNERS, 2)}] if self.chance(0.3 if self.troubled else 0.05) else []

    def assumed(self) -> Decimal | None:
        """Return an assumed clearance, mL/min/1.73 m2, for some of the patients."""
        if not self.chance(0.15):
            return None
        return Decimal(self.random.choice(("4.9", "5", "7.3", "10", "29.99", "50", "50.1", "80", "120")))


def in_milligrams(micromolar: int) -> str:
    """Return a creatinine of whole umol/L in mg/dL, exactly."""
    return f"{(micromolar * MOLAR_MASS_CREATININE / 10_000).normalize():f} mg/dL"


def in_kilopascal(mercury: int) -> str:
    """Return a pressure of whole mmHg in kPa, exactly."""
    return f"{(mercury * KPA_PER_MMHG).normalize():f} kPa"


def born(case: Document) -> datetime:
    """Return the earliest moment at which the patient can have been born."""
    person, now = case["patient"], datetime.fromisoformat(case["now"])
    if "born" in person:
        first = datetime.fromisoformat(person["born"])
        return first if "T" in person["born"] else first.replace(tzinfo=now.tzinfo)
    number, unit = person["age"].split()
    return now - int(number) * AGES[unit]


def since_birth(case: Document) -> Document:
    """Return the case without what would have been measured, given or seen before the birth."""
    first = born(case)
    for key in ("measurements", "administrations", "support", "events"):
        if key in case:
            case[key] = [item for item in case[key] if _moment(item) >= first]
    if _moment(case.get("preparation", {}) | {"now": case["now"]}) < first:
        del case["preparation"]["hung"]
    return case


def _moment(item: Document) -> datetime:
    return datetime.fromisoformat(next(item[key] for key in ("at", "start", "hung", "now") if key in item))
