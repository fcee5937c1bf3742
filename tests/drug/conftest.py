"""A small sound drug folder, written anew for each test, and a way to plant a defect in it.

Its numbers are chosen for round arithmetic and are no drug's; its name is one that the vocabulary knows.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inotrope.drug import check_drug_folder, load_drug
from inotrope.errors import LibraryError

SOURCES = """
[source.label]
title = "The label"
where = "a shelf"
grade = "A"
authors = "Somebody"
publisher = "A publisher"
year = 2020
read = "for this test"
note = "no real text"

[source.own-choice]
title = "Our choice"
where = "here"
grade = "judgement"
"""

DRUG = """
[identity]
name = "dobutamine"
class_ = "inotrope"
description = "A drug for tests."
brands = ["Brand"]
synonyms = ["dobutamine hydrochloride"]
formula = "C18H23NO3"

[identity.molar_mass]
value = "301 g/mol"
source = "label:identity"
status = "confirmed"

[identity.salt]
name = "dobutamine hydrochloride"
factor = { value = "1.12", source = "label:identity", status = "derived" }
molar_mass = { value = "337 g/mol", source = "label:identity", status = "confirmed" }

[[code]]
system = "ATC"
code = "C01CA07"
of = "dobutamine"
source = "label:codes"
status = "confirmed"

[[code]]
system = "UNII"
code = "XXXX"
of = "dobutamine"
source = "label:codes"
status = "unconfirmed"
note = "recalled"

[[product]]
id = "bag-100-mL"
kind = "premix"
name = "bag"
strength = { value = "0.2 mg/mL", source = "label:products", status = "confirmed" }
volume = { value = "100 mL", source = "label:products", status = "confirmed" }
use = ["infusion"]

[[product]]
id = "vial-10-mL"
kind = "vial"
name = "vial"
strength = { value = "1 mg/mL", source = "label:products", status = "confirmed" }
volume = { value = "10 mL", source = "label:products", status = "confirmed" }
use = ["load"]
rxnorm = "1"

[[preparation]]
id = "10-mL-in-50-mL"
product_kind = "vial"
drug_volume = { value = "10 mL", source = "label:dilution", status = "confirmed" }
diluent_volume = { value = "40 mL", source = "label:dilution", status = "confirmed" }
total_volume = { value = "50 mL", source = "label:dilution", status = "confirmed" }
concentration = { value = "200 mcg/mL", source = "label:dilution", status = "confirmed" }
diluents = ["dextrose 5 %"]

[strengths]
lowest = { value = "0.1 mg/mL", source = "label:products", status = "confirmed" }
highest = { value = "1 mg/mL", source = "label:products", status = "confirmed" }

[storage.vial]
text = "Keep cool."
temperature = { value = "20 degC", source = "label:storage", status = "confirmed" }

[composition.vial]
ph = { value = "3.5", source = "label:composition", status = "confirmed", note = "about" }

[[line]]
with = "furosemide"
compatible = false
what_happens = "It clouds."
source = "label:lines"
status = "confirmed"

[text.how_it_works]
text = "It makes the heart stronger."
source = ["label:text", "own-choice:wording"]
status = "confirmed"
"""

DOSING = """
drug = "dobutamine"

[[entry]]
id = "adult"
drug = "dobutamine"
indication = "heart failure"
indication_synonyms = ["HF"]
authority = "the label"
on_label = true

[entry.age]
minimum = { value = "18 years", source = "label:dose", status = "confirmed" }
maximum = { value = "110 years", source = "label:dose", status = "confirmed" }

[entry.weight]
table_minimum = { value = "30 kg", source = "label:dose", status = "confirmed" }
table_maximum = { value = "120 kg", source = "label:dose", status = "confirmed" }

[entry.load]
dose = { value = "50 mcg/kg", source = "label:dose", status = "confirmed" }
duration = { value = "10 min", source = "label:dose", status = "confirmed" }
product_kind = "vial"
strength = { value = "1 mg/mL", source = "label:dose", status = "confirmed" }
volume_step = { value = "0.1 mL", source = "own-choice:a syringe", status = "judgement" }
overshoot = { value = "2 %", source = "own-choice:rounding", status = "judgement" }
dilute_to_minimum = { value = "10 mL", source = "label:dose", status = "confirmed" }
dilute_to_maximum = { value = "20 mL", source = "label:dose", status = "confirmed" }

[entry.maintenance]
minimum = { value = "0.25 mcg/kg/min", source = "label:dose", status = "confirmed" }
standard = { value = "0.5 mcg/kg/min", source = "label:dose", status = "confirmed" }
maximum = { value = "1 mcg/kg/min", source = "label:dose", status = "confirmed", note = "a cap" }

[entry.total_24_h]
minimum = { value = "0.41 mg/kg", source = "label:dose", status = "confirmed" }
standard = { value = "0.77 mg/kg", source = "label:dose", status = "confirmed" }
maximum = { value = "1.49 mg/kg", source = "label:dose", status = "confirmed" }

[entry.duration]
controlled_experience = { value = "48 h", source = "label:dose", status = "confirmed" }

[entry.titration]
interval = { value = "30 min", source = "own-choice:pressure", status = "judgement" }
level_half_lives = { value = "4", source = "own-choice:levels", status = "judgement" }
watch_half_lives = { value = "5", source = "own-choice:levels", status = "judgement" }
half_life = { value = "2 h", source = "label:kinetics", status = "confirmed" }

[entry.renal]
measure = "creatinine clearance"
indexed = true
lower = { value = "5 mL/min/1.73 m2", source = "label:kidney", status = "confirmed" }
upper = { value = "50 mL/min/1.73 m2", source = "label:kidney", status = "confirmed" }

[[entry.renal.point]]
clearance = "5 mL/min/1.73 m2"
rate = "0.2 mcg/kg/min"
source = "label:kidney"
status = "confirmed"

[[entry.renal.point]]
clearance = "50 mL/min/1.73 m2"
rate = "0.4 mcg/kg/min"
source = "label:kidney"
status = "confirmed"

[entry.storage]
diluted_life = { value = "72 h", source = "label:storage", status = "confirmed" }

[entry.rounding]
pump_step = { value = "0.1 mL/h", source = "own-choice:pumps", status = "judgement" }
error_warning = { value = "5 %", source = "own-choice:error", status = "judgement" }

[[entry.named_kidney]]
name = "good"
clearance = "80 mL/min/1.73 m2"
source = "own-choice:an example"
status = "judgement"

[[monitoring]]
what = "ECG"
how_often = "always"
why = "rhythm"
source = "label:watch"
status = "confirmed"
"""

EVIDENCE = """[rule.evidence]
drugs = "a"
consequences = "b"
seriousness = "c"
classification = "d"
action = "e"
mechanism = "f"
context = "g"
evidence = "h"
frequency_of_exposure = "not known"
frequency_of_harm = "not known"
"""

SAFETY = f"""
drug = "dobutamine"

[[rule]]
id = "allergy"
title = "Allergy"
severity = "stop"
effect = "withhold"
override = true
says = "An allergy is recorded."
asks = "Is there an allergy?"
advice = "Do not give it."
when = {{ allergy = "dobutamine" }}
source = ["label:contraindications", "own-choice:mapping"]
status = "confirmed"
{EVIDENCE}
[[rule]]
id = "potassium"
title = "Low potassium"
severity = "warn"
effect = "none"
override = false
says = "Potassium is {{value}}, below {{limit}}."
asks = "What is the potassium?"
advice = "Correct it."
when = {{ measurement = "serum potassium", within = "@vocabulary:serum potassium.fresh_for", below = "@low" }}
source = ["label:blood"]
status = "confirmed"
[rule.limit]
low = {{ value = "3.5 mmol/L", source = "own-choice:laboratory", status = "judgement" }}
{EVIDENCE}
[[rule]]
id = "everything"
title = "Every kind of question"
severity = "inform"
effect = "none"
override = false
says = "The rate is {{value}}."
advice = "Look."
when = {{ any = [
  {{ all = [{{ condition = "edema" }}, {{ not = {{ support = "CRRT" }} }}, {{ sex = "female" }}] }},
  {{ medicine = "digoxin" }}, {{ line = "furosemide" }}, {{ event = "bleeding" }}, {{ diluent = "sodium bicarbonate" }},
  {{ medicine_class = "loop diuretic", except = ["torsemide"] }}, {{ fact = "creatinine is changing" }},
  {{ fact = "delivered rate", above = "@dosing:maintenance.maximum" }},
  {{ fact = "weight ratio", at_or_above = "@ratio" }},
  {{ fact = "preparation concentration", at_or_below = "@drug:strengths.lowest" }},
  {{ fact = "difference between estimates", above = "@vocabulary:kidney.estimates_differ" }},
] }}
source = ["label:everything"]
status = "judgement"
[rule.limit]
ratio = {{ value = "2.2", source = "own-choice:pounds", status = "judgement" }}
{EVIDENCE}"""

ADVERSE = """
drug = "dobutamine"

[[effect]]
name = "fast heartbeat"
plain = "a fast heartbeat"
group = "common"
part_of = "arrhythmia"
context = "one trial"
frequency = { value = "10 %", source = "label:effects", status = "confirmed" }
source = ["label:effects"]
status = "confirmed"
[[effect.trial]]
name = "A trial"
dobutamine = { value = "12 %", source = "label:effects", status = "confirmed" }
placebo = { value = "3 %", source = "label:effects", status = "confirmed" }
"""

FILES = {
    "sources.toml": SOURCES,
    "drug.toml": DRUG,
    "dosing.toml": DOSING,
    "safety.toml": SAFETY,
    "adverse.toml": ADVERSE,
}

Plant = Callable[[str, str, str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound folder."""
    path = tmp_path / "dobutamine"
    path.mkdir()
    for name, text in FILES.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def plant(folder: Path) -> Plant:
    """Replace a text that stands exactly once in one of the folder's files."""

    def change(file: str, old: str, new: str) -> Path:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return change


Proves = Callable[..., None]


@pytest.fixture
def proves(plant: Plant) -> Proves:
    """Plant a defect; demand a problem that names file, line, key and what is wrong, and that the folder is not read.

    `at` is a text that stands on the line named, by default what was planted; `key` is the key path.
    """

    def check(file: str, old: str, new: str, *, key: str, says: str, at: str | None = None, alone: bool = True) -> None:
        folder = plant(file, old, new)
        lines = (folder / file).read_text(encoding="utf-8").splitlines()
        on = at or new.strip().splitlines()[0]
        numbers = [number for number, line in enumerate(lines, start=1) if on in line]
        problems = check_drug_folder(folder)
        wanted = {f"dobutamine/{file}, line {number}: {key}" for number in numbers}
        matching = [problem for problem in problems if problem.where in wanted and says in problem.says]
        assert matching, "\n".join(["wanted: " + " or ".join(sorted(wanted)), *(str(problem) for problem in problems)])
        assert not alone or len(problems) == 1, "\n".join(str(problem) for problem in problems)
        if file != "adverse.toml":
            with pytest.raises(LibraryError) as caught:
                load_drug(folder)
            assert caught.value.where == problems[0].where
            assert caught.value.says.startswith(problems[0].says)

    return check
