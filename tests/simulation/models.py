"""Model files for tests: their parameters are covariates themselves, so that any body can be written in a row.

Their numbers are no drug's.
"""

from __future__ import annotations

from pathlib import Path

HEAD = """drug = "testamine"
unknown = ["Whether it works."]

[model]
kind = "time_course"
structure = "{structure} compartment{plural}"
title = "A model for tests"
source = ["paper:table 1"]
status = "confirmed"

[source.paper]
title = "A paper"
where = "a shelf"
grade = "A"

[studied]
who = "adults"
source = ["paper:methods"]
status = "confirmed"
observed_for = {{ value = "400 h", source = "paper:methods", status = "confirmed" }}

[[studied.within]]
of = "weight"
lowest = {{ value = "20 kg", source = "paper:methods", status = "confirmed" }}
refuse_above = {{ value = "300 kg", source = "paper:methods", status = "confirmed" }}
says = "Everybody weighed 20 kg or more."
"""
OWN = """
[parameters.{name}]
typical = {{ value = "1 {unit}", source = "paper:table 1", status = "confirmed" }}
[[parameters.{name}.by]]
form = "power"
of = "{column}"
reference = {{ value = "1 {unit}", source = "paper:table 1", status = "confirmed" }}
exponent = {{ value = "1", source = "paper:table 1", status = "confirmed" }}
"""
SPREAD = """
[variability]
form = "log-normal"
[variability.between_subjects]
clearance = { cv = { value = "30 %", source = "paper:table 1", status = "confirmed" } }
"""
DATA = """
[data]
time = "{time}"
amount = "{amount}"
concentration = "{concentration}"
"""
COLUMNS = {"clearance": ("CL", "L/h"), "volume": ("V1", "L"), "q2": ("Q", "L/h"), "v2": ("V2", "L")}


def write_model(
    folder: Path,
    *,
    compartments: int = 2,
    over_time: str = "next_carried_backward",
    data: tuple[str, str, str] | None = ("h", "mcg", "ng/mL"),
    more: str = SPREAD,
    name: str = "own_2000.toml",
) -> Path:
    """Write a model whose clearances and volumes are the covariates CL, V1, Q and V2 themselves."""
    used = dict(list(COLUMNS.items())[: 2 * compartments])
    parts = [
        HEAD.format(structure={1: "one", 2: "two"}[compartments], plural="s" * (compartments > 1)),
        "\n[covariates]",
    ]
    parts += [f'\n{column} = {{ unit = "{unit}", over_time = "{over_time}" }}' for column, unit in used.values()]
    parts.append('\nweight = { unit = "kg", over_time = "last_carried_forward" }\n')
    parts += [OWN.format(name=name, column=column, unit=unit) for name, (column, unit) in used.items()]
    parts.append(more)
    if data is not None:
        parts.append(DATA.format(time=data[0], amount=data[1], concentration=data[2]))
    path = folder / name
    path.write_text("".join(parts), encoding="utf-8")
    return path
