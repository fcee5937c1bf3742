"""A small sound population file that brings its own source; `write` and `proves` of the folder above use it."""

from __future__ import annotations

import pytest

from inotrope.population import Population, load_population

from ..conftest import Sound, Write

SOUND = """title = "People for tests"
note = "Round numbers."
unknown = ["Everything."]
female = { value = "25 %", source = "paper:table 1", status = "confirmed" }

[source.paper]
title = "A paper"
where = "a shelf"
grade = "A"

[trait.age]
form = "normal"
mean = { value = "60 year", source = "paper:age", status = "confirmed" }
sd = { value = "5 year", source = "paper:age sd", status = "confirmed" }
lowest = { value = "20 year", source = "paper:age lowest", status = "confirmed" }
highest = { value = "100 year", source = "paper:age highest", status = "confirmed" }

[trait.height]
form = "normal"
lowest = { value = "100 cm", source = "paper:height", status = "confirmed" }
highest = { value = "2.5 m", source = "paper:height", status = "confirmed" }
[trait.height.female]
mean = { value = "160 cm", source = "paper:women", status = "confirmed" }
sd = { value = "5 cm", source = "paper:women sd", status = "confirmed" }
[trait.height.male]
mean = { value = "1.8 m", source = "paper:men", status = "confirmed" }
sd = { value = "7 cm", source = "paper:men sd", status = "confirmed" }

[trait.weight]
form = "log-normal"
median = { value = "70 kg", source = "paper:weight", status = "confirmed" }
cv = { value = "20 %", source = "paper:weight cv", status = "confirmed" }
lowest = { value = "10 kg", source = "paper:weight lowest", status = "confirmed" }
highest = { value = "400 kg", source = "paper:weight highest", status = "confirmed" }

[trait."serum creatinine"]
form = "log-normal"
median = { value = "1 mg/dL", source = "paper:creatinine", status = "confirmed" }
cv = { value = "30 %", source = "paper:creatinine cv", status = "confirmed" }
lowest = { value = "0.1 mg/dL", source = "paper:creatinine", status = "confirmed" }
highest = { value = "30 mg/dL", source = "paper:creatinine", status = "confirmed" }

["creatinine clearance"]
highest = { value = "240 mL/min/1.73 m2", source = "paper:text", status = "confirmed" }

[[correlation]]
of = ["height", "weight"]
value = { value = "0.5", source = "paper:table 2", status = "confirmed" }
[[correlation]]
of = ["serum creatinine", "age"]
value = { value = "-0.3", source = "paper:table 3", status = "confirmed" }

[holds]
ward = "intensive care"
"""

GROWING = """title = "Children for tests"
female = { value = "0 %", source = "inotrope-judgement:boys", status = "judgement" }

[trait.age]
form = "normal"
mean = { value = "4 year", source = "inotrope-judgement:round", status = "judgement" }
sd = { value = "3 year", source = "inotrope-judgement:round", status = "judgement" }
lowest = { value = "0 year", source = "inotrope-judgement:birth", status = "judgement" }
highest = { value = "9 year", source = "inotrope-judgement:round", status = "judgement" }

[trait.weight]
form = "log-normal between ends by age"
ends_at = { value = "2", source = "inotrope-judgement:ends", status = "judgement" }
[[trait.weight.at]]
age = { value = "0 year", source = "inotrope-judgement:first", status = "judgement" }
lowest = { value = "2 kg", source = "inotrope-judgement:first low", status = "judgement" }
highest = { value = "8 kg", source = "inotrope-judgement:first high", status = "judgement" }
[[trait.weight.at]]
age = { value = "4 year", source = "inotrope-judgement:last", status = "judgement" }
lowest = { value = "6 kg", source = "inotrope-judgement:last low", status = "judgement" }
highest = { value = "24 kg", source = "inotrope-judgement:last high", status = "judgement" }
"""


@pytest.fixture
def sound() -> Sound:
    return Sound(SOUND, "people.toml", load_population)


@pytest.fixture
def people(write: Write) -> Population:
    return load_population(write())


@pytest.fixture
def growing(write: Write) -> Population:
    return load_population(write(text=GROWING))
