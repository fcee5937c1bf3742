"""A small sound model file that brings its own sources, and a way to plant a defect in it.

Its numbers are no drug's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from inotrope.errors import LibraryError
from inotrope.population import Model, load_model

SOUND = """drug = "vancomycin"
unknown = ["How levels follow dialysis."]

[model]
kind = "time_course"
structure = "two compartments"
title = "A model for tests"
note = "Round numbers."
source = ["paper:table 1"]
status = "confirmed"

[source.paper]
title = "A paper"
where = "a shelf"
grade = "A"

[studied]
who = "twenty adults"
source = ["paper:methods"]
status = "confirmed"
observed_for = { value = "24 h", source = "paper:methods", status = "confirmed" }

[[studied.within]]
of = "age"
lowest = { value = "20 year", source = "paper:methods", status = "confirmed" }
highest = { value = "80 year", source = "paper:methods", status = "confirmed" }
refuse_below = { value = "18 year", source = "paper:methods", status = "confirmed" }
refuse_above = { value = "100 year", source = "paper:methods", status = "confirmed" }
says = "Adults of 20 to 80 years."

[[studied.within]]
of = "ward"
is = ["intensive care"]
otherwise = "refusal"
says = "The patients were in intensive care."

[covariates]
weight = { unit = "kg", over_time = "last_carried_forward" }
age = { unit = "year", over_time = "linear" }
"creatinine clearance" = { unit = "mL/min/1.73 m2", over_time = "next_carried_backward" }
injury = { values = ["present", "absent"], over_time = "next_carried_backward", note = "by KDIGO" }
ward = { values = [], over_time = "last_carried_forward" }
albumin = { unit = "mg/dL", over_time = "next_carried_backward" }

[parameters.clearance]
typical = { value = "0.1 L/kg/h", source = "paper:table 1", status = "confirmed" }
[[parameters.clearance.by]]
form = "per_kg"
of = "weight"
[[parameters.clearance.by]]
form = "renal_fraction"
of = "creatinine clearance"
nonrenal = { value = "0.2", source = "paper:table 1", status = "confirmed" }
renal = { value = "0.8", source = "paper:table 1", status = "confirmed" }
reference = { value = "100 mL/min/1.73 m2", source = "paper:table 1", status = "confirmed" }
held_at = { value = "150 mL/min/1.73 m2", source = "paper:table 1", status = "judgement" }

[[parameters.volume.by]]
form = "category"
[[parameters.volume.by.group]]
of = "injury"
is = "present"
value = { value = "20 L", source = "paper:table 2", status = "confirmed" }
sd = { value = "2 L", source = "paper:table 2", status = "confirmed" }
[[parameters.volume.by.group]]
of = "age"
up_to = { value = "60 year", source = "paper:table 2", status = "confirmed" }
value = { value = "10 L", source = "paper:table 2", status = "confirmed" }
[[parameters.volume.by.group]]
value = { value = "12 L", source = "paper:table 2", status = "confirmed" }

[parameters.q2]
typical = { value = "5 L/h", source = "paper:table 1", status = "confirmed" }
[[parameters.q2.by]]
form = "power"
of = "albumin"
reference = { value = "4000 mg/dL", source = "paper:table 1", status = "confirmed" }
exponent = { value = "-0.5", source = "paper:table 1", status = "unconfirmed" }

[parameters.v2]
typical = { value = "30 L", source = "paper:table 1", status = "confirmed" }

[variability]
form = "log-normal"
[variability.between_subjects]
clearance = { cv = { value = "30 %", source = "paper:table 3", status = "confirmed" } }
v2 = { sd = { value = "6 L", source = "paper:table 3", status = "confirmed" } }
volume = { omega = { value = "0.25", source = "paper:table 3", status = "confirmed" } }
[variability.between_occasions]
clearance = { cv = { value = "10 %", source = "paper:table 3", status = "confirmed" } }
[[variability.correlation]]
of = ["clearance", "volume"]
value = { value = "0.5", source = "paper:table 3", status = "confirmed" }

[residual]
form = "sqrt(a^2 + (b f)^2)"
a = { value = "3 ng/mL", source = "paper:table 3", status = "confirmed" }
b = { value = "4 %", source = "paper:table 3", status = "confirmed" }

[known]
half_life = { value = "6 h", source = "paper:text", status = "confirmed" }

[data]
time = "h"
amount = "mg"
concentration = "mg/L"

[[conflict]]
says = "Another paper disagrees."
source = ["paper:discussion"]
status = "confirmed"
"""

STEADY = """drug = "vancomycin"

[model]
kind = "steady_state_only"
structure = "no compartments"
title = "Levels for tests"
source = ["paper:table 1"]
status = "confirmed"

[source.paper]
title = "A paper"
where = "a shelf"
grade = "A"

[studied]
who = "ten adults"
source = ["paper:methods"]
status = "confirmed"

[covariates]
weight = { unit = "kg", over_time = "last_carried_forward" }
"own creatinine clearance" = { unit = "mL/min", over_time = "next_carried_backward" }

[level]
at_rate = { value = "0.2 mcg/kg/min", source = "paper:table 1", status = "confirmed" }
form = "category"
[[level.group]]
of = "own creatinine clearance"
below = { value = "30 mL/min", source = "paper:table 1", status = "confirmed" }
value = { value = "300 ng/mL", source = "paper:table 1", status = "confirmed" }
sd = { value = "30 ng/mL", source = "paper:table 1", status = "confirmed" }
[[level.group]]
of = "own creatinine clearance"
up_to = { value = "60 mL/min", source = "paper:table 1", status = "confirmed" }
value = { value = "200 ng/mL", source = "paper:table 1", status = "confirmed" }
"""

Write = Callable[..., Path]
Proves = Callable[..., None]


@dataclass(frozen=True)
class Sound:
    """A sound file: its text, the name under which it is written, and what reads it."""

    text: str
    name: str
    load: Callable[[Path], object]


@pytest.fixture
def sound() -> Sound:
    """The file that is written where a test names no other; the folders below this one bring their own."""
    return Sound(SOUND, "paper_2000.toml", load_model)


@pytest.fixture
def write(tmp_path: Path, sound: Sound) -> Write:
    """Write a file, with texts that stand exactly once replaced."""

    def do(*changes: tuple[str, str], text: str = sound.text, name: str = sound.name) -> Path:
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return do


@pytest.fixture
def model(write: Write) -> Model:
    return load_model(write())


@pytest.fixture
def proves(write: Write, sound: Sound) -> Proves:
    """Plant a defect; demand an error that names file, line and key, and what is wrong."""

    def check(old: str, new: str, *, key: str, says: str, text: str = sound.text, name: str = sound.name) -> None:
        path = write((old, new), text=text, name=name)
        with pytest.raises(LibraryError) as caught:
            sound.load(path)
        assert caught.value.where is not None
        assert caught.value.where.startswith(name)
        assert caught.value.where.endswith(f": {key}") or not key, str(caught.value)
        assert says in caught.value.says, str(caught.value)

    return check
