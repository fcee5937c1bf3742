"""Generated patients: one seed, one case document, over the whole space that a case can describe.

Invented from a random number generator; no patient's data. Most are adults with a heart that fails and a few things
wrong; some are children, giants, on dialysis, given too much, or written down badly. Amounts are chosen so that the
other unit of each is exact (creatinine as whole umol/L, pressures as whole mmHg), so that a swap of units is a swap and
not a rounding.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

Document = dict[str, Any]

MOLAR_MASS_CREATININE = Decimal("113.12")  # g/mol, vocabulary, creatinine-conversion
KPA_PER_MMHG = Decimal("0.133322387415")  # kPa, the definition of the conventional millimeter of mercury

STOPS = ("severe aortic stenosis", "severe pulmonic stenosis", "hypertrophic obstructive cardiomyopathy")
CONDITIONS = (
    *STOPS,
    "severe hypovolemia",
    "recent vigorous diuresis",
    "atrial fibrillation",
    "atrial flutter",
    "ventricular rate control",
    "acute myocardial infarction",
    "pregnancy",
    "breastfeeding",
    "edema",
    "oliguria",
    "renal impairment",
    "hepatic impairment",
    "patent ductus arteriosus",
)
MEDICINES = (
    "furosemide", "bumetanide", "torsemide", "sodium bicarbonate", "anagrelide", "cilostazol", "inamrinone", "digoxin",
    "norepinephrine", "dobutamine", "metoprolol", "heparin", "insulin", "enoximone", "zzyzafil", "herbal tea",
    "milrinone", "riociguat", "disopyramide", "ozanimod", "nitroglycerin", "diltiazem", "blood",
)  # fmt: skip
SUPPORT = ("CRRT", "hemodialysis", "peritoneal dialysis", "ECMO", "intra-aortic balloon pump")
EVENTS = (
    "ventricular tachycardia", "ventricular fibrillation", "torsades de pointes", "hypotension", "bleeding",
    "anaphylaxis", "bronchospasm", "atrial fibrillation", "supraventricular tachycardia", "ventricular ectopy",
    "myocardial infarction", "extravasation", "chest pain", "liver injury", "skin rash", "headache", "tremor",
    "injection site reaction", "overdose",
)  # fmt: skip
DANGEROUS = EVENTS[:3]
INDICATIONS = ("acute decompensated heart failure", "ADHF", "Decompensated  Heart Failure")
OTHER_INDICATIONS = ("septic shock", "pulmonary hypertension", "low cardiac output after surgery")
OF_ADULTS = ("cardiogenic shock", "bridge to heart transplant")
"""Uses without an entry for a child: the second look knows the adult's entry; children stand in test_ages.py."""
STEPS = ("0.01 mL/h", "0.1 mL/h", "0.1 mL/h", "0.1 mL/h", "0.5 mL/h", "1 mL/h", "5 mL/h")


class Generator:
    """Writes the case of one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        hours = self.random.choice((-8, -5, 0, 1, 1, 5.5, 9))
        zone = timezone(timedelta(hours=hours))
        self.now = datetime(2026, 11, 22, 8, tzinfo=zone) + timedelta(minutes=self.random.randrange(500_000))
        self.troubled = self.chance(0.45)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def some(self, names: Sequence[str], most: int) -> list[str]:
        return self.random.sample(names, self.random.randint(0, most))

    def ago(self, minutes: int) -> str:
        return (self.now - timedelta(minutes=minutes)).isoformat()

    def document(self) -> Document:
        """Return the case; the keys of a document stand in a random order of presence, never of meaning."""
        case: Document = {
            "drug": self.random.choice(("milrinone", "milrinone", "Primacor")),
            "indication": self.random.choice(OTHER_INDICATIONS if self.chance(0.03) else INDICATIONS),
            "now": self.now.isoformat(),
            "patient": self.patient(),
        }
        if self.child:
            case["indication"] = self.random.choice(OF_ADULTS)
        weight = Decimal(case["patient"]["weight"].removesuffix(" kg"))
        makers = {
            "conditions": self.conditions,
            "medicines": self.medicines,
            "allergies": self.allergies,
            "measurements": lambda: self.measurements(weight),
            "administrations": self.administrations,
            "support": self.support,
            "events": self.events,
            "lines": self.lines,
            "preparation": self.preparation,
            "pump": self.pump,
        }
        for key, make in makers.items():
            if not self.chance(0.12 if self.troubled else 0.03):
                case[key] = make()
        return case

    def patient(self) -> Document:
        self.child = child = self.chance(0.06)
        years = self.random.randrange(18) if child else self.random.choice((18, 100, *range(19, 100)))
        person: Document = {"sex": self.random.choice(("male", "female"))}
        if self.chance(0.8):
            day = self.now.date() - timedelta(days=self.random.randrange(360))
            day = day.replace(day=min(day.day, 28))
            person["born"] = day.replace(year=day.year - years).isoformat()
        else:
            person["age"] = f"{max(years, 1)} years"
        if child:
            person["weight"] = f"{self.random.randint(20, 900) / 10:g} kg"
        elif self.chance(0.15):
            person["weight"] = (
                f"{self.random.choice((2, 20, 33, 120, 120.1, 200, 201, 400, self.random.randint(2, 400)))} kg"
            )
        else:
            person["weight"] = f"{self.random.randint(400, 1600) / 10:g} kg"
        if not self.chance(0.07):
            low, high = (40, 190) if child else (100, 230) if self.chance(0.1) else (145, 200)
            centimeters = self.random.randint(low, high)
            person["height"] = f"{centimeters} cm" if self.chance(0.9) else f"{Decimal(centimeters) / 100} m"
        return person

    def conditions(self) -> dict[str, str]:
        present = 0.08 if self.troubled else 0.004
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
        return self.some(MEDICINES if self.troubled else MEDICINES[7:13], 3)

    def allergies(self) -> list[str]:
        return self.some(("milrinone", "inamrinone", "penicillin", "heparin", "latex"), 1) if self.chance(0.15) else []

    def measurements(self, weight: Decimal) -> list[Document]:
        found = self.creatinines()
        found += self.one(
            "mean arterial pressure", self.pressure(25 if self.troubled else 65, 150 if self.troubled else 110), 90
        )
        found += self.one("systolic blood pressure", self.pressure(70 if self.troubled else 95, 170), 90)
        found += self.one(
            "serum potassium", f"{self.random.randint(24 if self.troubled else 35, 62) / 10} mmol/L", 2000
        )
        low = 3 if self.troubled else 7
        found += self.one("serum magnesium", f"{self.random.randint(low, 14) / 10} mmol/L", 2000)
        if self.chance(0.3):
            factor = Decimal(str(self.random.choice((0.45, 0.88, 0.95, 1, 1.05, 1.1, 1.2, 2.2, 10))))
            measured = min(max(round(weight * factor, 1), Decimal(1)), Decimal(400))
            found += self.one("body weight", f"{measured} kg", 3000)
        if self.chance(0.15):
            dry = min(max(round(weight * Decimal(self.random.randint(75, 105)) / 100, 1), Decimal(1)), Decimal(400))
            found += self.one("dry weight", f"{dry} kg", 3000)
        if self.chance(0.2):
            found += self.one("eGFR", f"{self.random.randint(4, 130)} mL/min/1.73 m2", 1600)
        if self.chance(0.2):
            found += self.one("urine output", f"{self.random.randint(0, 300) / 100} mL/kg/h", 1600)
        found += self.watched()
        self.random.shuffle(found)
        return found

    def watched(self) -> list[Document]:
        """Return what is measured on the way: twice for what may fall or change, some of it strange."""
        kinds: tuple[tuple[str, float, tuple[int, int], str, int], ...] = (
            ("heart rate", 0.6, (25 if self.troubled else 60, 215 if self.troubled else 130), "/min", 700),
            ("platelets", 0.5, (30 if self.troubled else 110, 400), "10^9/L", 12_000),
            ("QTc", 0.3, (380, 530 if self.troubled else 460), "ms", 2000),
            ("urine output", 0.2, (0, 3), "mL/kg/h", 3000),
            ("lactate", 0.1, (1, 5), "mmol/L", 600),
            ("central venous pressure", 0.1, (-2 if self.troubled else 2, 33 if self.troubled else 20), "mmHg", 400),
            ("pulmonary capillary wedge pressure", 0.1, (1, 47), "mmHg", 400),
            ("left ventricular ejection fraction", 0.1, (3 if self.troubled else 10, 60), "%", 9000),
            ("cardiac output", 0.05, (2, 8), "L/min", 400),
        )
        found: list[Document] = []
        for what, share, ends, unit, oldest in kinds:
            for _ in range(2 if self.chance(share) else 0):
                found += self.one(what, f"{self.random.randint(*ends)} {unit}", oldest)
        for what, of in (("concentration", "milrinone"), ("concentration", "digoxin")):
            if self.chance(0.1):
                value = self.random.choice(("<20", "5", "60", "100", "210", "300", "450", "2500"))
                found += [{**item, "of": of} for item in self.one(what, f"{value} ng/mL", 2000)]
        if self.chance(0.3):
            found += self.one("systolic blood pressure", self.pressure(110, 190), 400)
        return found

    def creatinines(self) -> list[Document]:
        draw = self.random.random()
        micromolar = int(min(max(self.random.lognormvariate(4.6, 0.6), 5), 3500))
        if draw < (0.10 if self.troubled else 0.02):
            return []
        found = self.creatinine("serum creatinine", micromolar, self.random.randint(0, 700))
        if draw > 0.93:
            found = self.creatinine("serum creatinine", micromolar, self.random.randint(700, 5000))
        elif draw > 0.78:
            factor = self.random.choice((0.5, 0.7, 0.85, 0.95, 1.1, 1.4))
            earlier = max(5, int(micromolar * factor))
            found += self.creatinine("serum creatinine", earlier, self.random.randint(701, 6000))
        elif draw > 0.75:
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

    def administrations(self) -> list[Document]:
        found: list[Document] = []
        if self.chance(0.1):
            found.append({"of": "norepinephrine", "start": self.ago(300), "rate": "0.05 mcg/kg/min"})
        if not self.chance(0.5 if self.troubled else 0.25):
            return found
        start = self.random.choice((30, 200, 700, 1440, 1500, 2000, 2880, 2881, 5000, self.random.randint(1, 8000)))
        if self.chance(0.5):
            found.append({"of": "milrinone", "start": self.ago(start), "duration": "10 min", "dose": self.bolus()})
            start -= 10
        while start > 0:
            entry: Document = {"of": "milrinone", "start": self.ago(start), "rate": self.rate()}
            length = self.random.choice((30, 360, 720, 1440, self.random.randint(1, 3000)))
            if self.chance(0.4):
                overlap = self.random.randint(1, 20) if self.chance(0.1) else 0
                entry |= (
                    {"duration": f"{length + overlap} min"} if self.chance(0.7) else {"end": self.ago(start - length)}
                )
            found.append(entry)
            start -= length
            if self.chance(0.4):
                start -= self.random.choice((60, 600, 1440, 1500))
            if self.chance(0.4):
                break
        self.random.shuffle(found)
        return found

    def bolus(self) -> str:
        return self.random.choice(("50 mcg/kg", "25 mcg/kg", "75 mcg/kg", "3.5 mg", "0.05 mg/kg"))

    def rate(self) -> str:
        rates = (
            "0.375 mcg/kg/min",
            "0.5 mcg/kg/min",
            "0.75 mcg/kg/min",
            "0.2 mcg/kg/min",
            "22.5 mcg/kg/h",
            "30 mcg/min",
        )
        return (
            self.random.choice(("0.9 mcg/kg/min", "1.5 mcg/kg/min", "0 mcg/kg/min"))
            if self.chance(0.1)
            else self.random.choice(rates)
        )

    def support(self) -> list[Document]:
        found = []
        for what in self.some(SUPPORT, 1) if self.chance(0.15 if self.troubled else 0.02) else []:
            entry = {"what": what, "start": self.ago(self.random.randint(60, 5000))}
            if self.chance(0.3):
                entry["end"] = self.ago(self.random.randint(0, 59))
            found.append(entry)
        return found

    def events(self) -> list[Document]:
        share = 0.15 if self.troubled else 0.01
        return [
            {"what": what, "at": self.ago(self.random.randint(0, 9000 if self.chance(0.3) else 3000))}
            for what in EVENTS
            if self.chance(share / 4)
        ]

    def lines(self) -> list[Document]:
        return [{"with": self.some(MEDICINES, 2)}] if self.chance(0.3 if self.troubled else 0.05) else []

    def preparation(self) -> Document:
        draw = self.random.random()
        if draw < 0.30:
            return {"product": "premix"}
        if draw < 0.55:
            return {
                "product": "premix",
                "concentration": self.random.choice(
                    ("200 mcg/mL", "0.2 mg/mL", *(("50 mcg/mL", "1 mg/mL") if self.troubled else ()))
                ),
                "volume": "100 mL",
            }
        if draw < 0.75:
            return {"product": "vial", "amount": "10 mg", "volume": "50 mL", "diluent": self.diluent()}
        if draw < 0.90:
            strength = self.random.choice(
                ("0.1 mg/mL", "0.4 mg/mL", "1 mg/mL", "150 mcg/mL", "0.05 mg/mL", "333 mcg/mL")
            )
            return {"product": "vial", "concentration": strength, "volume": "250 mL", "diluent": self.diluent()}
        if not self.troubled:
            return {"product": "vial", "concentration": "200 mcg/mL"}
        odd = ("1.42 mg/mL", "1.4 mg/mL", "1.451 mg/mL", "2 mg/mL", "2 mcg/mL", "49 mcg/mL", "20 mg/L")
        if draw < 0.92:
            return {"product": "vial", "diluent": "dextrose"}
        if draw < 0.97:
            return {"product": "vial", "concentration": self.random.choice(odd)}
        return {
            "amount": "20 mg",
            "volume": "100 mL",
            "concentration": self.random.choice(("200 mcg/mL", "211 mcg/mL", "2 mg/mL")),
        }

    def diluent(self) -> str:
        return (
            self.random.choice(("sodium chloride 0.9 %", "dextrose 5 %", "sodium bicarbonate"))
            if self.chance(0.3)
            else "dextrose"
        )

    def pump(self) -> Document:
        found = {"step": self.random.choice(STEPS)} if self.chance(0.9) else {}
        return found | ({"minimum": self.random.choice(("0.1 mL/h", "1 mL/h", "5 mL/h"))} if self.chance(0.2) else {})

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
