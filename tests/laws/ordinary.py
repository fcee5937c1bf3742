"""Ordinary patients: adults with a failing heart as an intensive care unit sees them, well documented.

Invented from plain distributions, so that one can see how loud the rules are on a usual day; no patient's data, and no
claim about how often anything is. The shares are choices of ours: most have weak kidneys, a diuretic
and other usual medicines, fresh laboratory values of the usual spread, and half of them have it running already.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

Document = dict[str, Any]

ABSENT = (
    "severe aortic stenosis", "severe pulmonic stenosis", "hypertrophic obstructive cardiomyopathy",
    "severe hypovolemia", "acute myocardial infarction", "atrial flutter",
)  # fmt: skip
SHARES = {
    "furosemide": 0.75, "torsemide": 0.1, "spironolactone": 0.3, "metoprolol": 0.3, "carvedilol": 0.1, "heparin": 0.6,
    "warfarin": 0.1, "insulin": 0.3, "digoxin": 0.1, "amiodarone": 0.25, "norepinephrine": 0.3, "dobutamine": 0.1,
    "nitroglycerin": 0.1, "captopril": 0.05, "lisinopril": 0.1, "potassium chloride": 0.3, "pantoprazole": 0.5,
    "atorvastatin": 0.4, "aspirin": 0.4, "fentanyl": 0.15, "propofol": 0.15, "ceftriaxone": 0.15, "amlodipine": 0.05,
    "sildenafil": 0.04, "sacubitril/valsartan": 0.1, "empagliflozin": 0.15,
}  # fmt: skip
"""How many of 1 take it; the names are of the vocabulary."""


class Ordinary:
    """Writes the case of one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(f"ordinary {seed}")
        self.now = datetime(2026, 11, 22, 8, tzinfo=UTC) + timedelta(minutes=self.random.randrange(500_000))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def ago(self, minutes: int) -> str:
        return (self.now - timedelta(minutes=minutes)).isoformat()

    def normal(self, mean: float, spread: float, low: float, high: float) -> float:
        """Return a number of a bell curve that is cut off at both ends."""
        return min(max(self.random.gauss(mean, spread), low), high)

    def document(self) -> Document:
        """Return the case."""
        female = self.chance(0.35)
        height = self.normal(163 if female else 176, 7, 145, 200)
        weight = self.normal(27.5, 5, 18, 45) * (height / 100) ** 2
        born = self.now.date() - timedelta(days=int(365.25 * self.normal(66, 13, 19, 92)))
        return {
            "drug": "milrinone",
            "indication": "acute decompensated heart failure",
            "now": self.now.isoformat(),
            "patient": {
                "born": born.replace(day=min(born.day, 28)).isoformat(),
                "sex": "female" if female else "male",
                "weight": f"{weight:.1f} kg",
                "height": f"{height:.0f} cm",
            },
            "conditions": self.conditions(female=female),
            "medicines": [name for name, share in SHARES.items() if self.chance(share)],
            "allergies": ["penicillin"] if self.chance(0.1) else [],
            "measurements": self.measurements(weight),
            "administrations": self.administrations(),
            "support": [{"what": "intra-aortic balloon pump", "start": self.ago(900)}] if self.chance(0.04) else [],
            "events": self.events(),
            "lines": [{"with": ["norepinephrine"]}] if self.chance(0.1) else [{"with": []}],
            "preparation": {"product": "premix", "concentration": "200 mcg/mL", "volume": "100 mL"},
            "pump": {"step": "0.1 mL/h"},
        }

    def conditions(self, *, female: bool) -> dict[str, str]:
        found = dict.fromkeys(ABSENT, "absent")
        found["recent vigorous diuresis"] = "present" if self.chance(0.15) else "absent"
        found["edema"] = "present" if self.chance(0.4) else "absent"
        found["oliguria"] = "present" if self.chance(0.08) else "absent"
        fibrillates = self.chance(0.3)
        found["atrial fibrillation"] = "present" if fibrillates else "absent"
        found["ventricular rate control"] = "present" if fibrillates and self.chance(0.85) else "absent"
        if female:
            found |= {"pregnancy": "absent", "breastfeeding": "absent"}
        return found

    def administrations(self) -> list[Document]:
        """Return nothing, or an infusion of up to two days, begun with a load, a third of them changed once."""
        if self.chance(0.5):
            return []
        minutes = self.random.randint(30, 2800)
        load = {"of": "milrinone", "start": self.ago(minutes), "duration": "10 min", "dose": "50 mcg/kg"}
        rates = ("0.375 mcg/kg/min", "0.375 mcg/kg/min", "0.5 mcg/kg/min")
        found = [{"of": "milrinone", "start": self.ago(minutes - 10), "rate": self.random.choice(rates)}]
        if minutes > 300 and self.chance(0.3):
            found.append({"of": "milrinone", "start": self.ago(minutes // 2), "rate": "0.5 mcg/kg/min"})
        return [load, *found] if self.chance(0.4) else found

    def events(self) -> list[Document]:
        shares = {
            "ventricular ectopy": 0.085, "ventricular tachycardia": 0.03, "atrial fibrillation": 0.03,
            "hypotension": 0.03, "headache": 0.03, "chest pain": 0.01, "bleeding": 0.02,
        }  # fmt: skip
        return [
            {"what": what, "at": self.ago(self.random.randint(0, 4300))}
            for what, share in shares.items()
            if self.chance(share)
        ]

    def measurements(self, weight: float) -> list[Document]:
        """Return fresh values of the usual spread, with one or two earlier ones where wards have them."""
        creatinine = self.random.lognormvariate(4.75, 0.4)  # median 116 umol/L: weak kidneys are usual here
        drift = [1.0, self.normal(1, 0.08, 0.7, 1.4), self.normal(1, 0.1, 0.6, 1.6)]
        found = self.series("serum creatinine", [creatinine * d for d in drift], "umol/L", 0, (300, 1740, 3180))
        pressure, rate = self.normal(76, 9, 55, 110), self.normal(86, 14, 45, 150)
        found += self.series("mean arterial pressure", [pressure], "mmHg", 0, (15,))
        systolic = [pressure + self.normal(32, 8, 15, 60) + self.random.gauss(0, 6) for _ in range(4)]
        found += self.series("systolic blood pressure", systolic, "mmHg", 0, (15, 75, 135, 195))
        beats = [rate + self.random.gauss(0, 5) for _ in range(4)]
        found += self.series("heart rate", beats, "/min", 0, (15, 75, 135, 195))
        found += self.series("serum potassium", [self.normal(4.2, 0.45, 2.8, 6)], "mmol/L", 1, (240,))
        found += self.series("serum magnesium", [self.normal(0.86, 0.11, 0.5, 1.4)], "mmol/L", 2, (240,))
        counted = self.random.lognormvariate(5.25, 0.35)
        platelets = [counted, counted * self.normal(1.05, 0.12, 0.7, 2), counted * self.normal(1.1, 0.15, 0.7, 2.5)]
        found += self.series("platelets", platelets, "10^9/L", 0, (240, 1680, 3120))
        urine = [self.random.lognormvariate(0.15, 0.45) for _ in range(3)]
        found += self.series("urine output", urine, "mL/kg/h", 2, (60, 420, 1500))
        if self.chance(0.6):
            found += self.series("QTc", [self.normal(452, 28, 380, 560)], "ms", 0, (300,))
        if self.chance(0.5):
            found += self.series("lactate", [self.random.lognormvariate(0.5, 0.5)], "mmol/L", 1, (120,))
        if self.chance(0.4):
            found += self.series("body weight", [weight * self.normal(1.01, 0.025, 0.9, 1.12)], "kg", 1, (1500,))
        if self.chance(0.5):
            found += self.series("left ventricular ejection fraction", [self.normal(26, 9, 8, 55)], "%", 0, (2000,))
        return found

    def series(
        self, what: str, values: list[float], unit: str, decimals: int, minutes: tuple[int, ...]
    ) -> list[Document]:
        """Return values, the newest first, each some minutes ago."""
        return [
            {"what": what, "value": f"{value:.{decimals}f} {unit}", "at": self.ago(ago)}
            for value, ago in zip(values, minutes, strict=True)
        ]
