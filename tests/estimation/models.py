"""Model files for tests, with any spread, any error, occasions and correlations; their numbers are no drug's.

Without other words the model is that of `tests/authorities/map_estimates/README.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

HEAD = """drug = "testamine"

[model]
kind = "time_course"
structure = "{structure}"
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

[covariates]
weight = {{ unit = "kg", over_time = "last_carried_forward" }}
"""
PARAMETER = """
[parameters.{name}]
typical = {{ value = "{value} {unit}", source = "paper:table 1", status = "confirmed" }}
[[parameters.{name}.by]]
form = "allometry"
of = "weight"
reference = {{ value = "70 kg", source = "paper:table 1", status = "confirmed" }}
exponent = {{ value = "{exponent}", source = "paper:table 1", status = "confirmed" }}
"""
VARIABILITY = '[variability]\nform = "log-normal"\n'
SPREAD = '{name} = {{ omega = {{ value = "{omega}", source = "paper:table 1", status = "confirmed" }} }}\n'
CORRELATION = """[[variability.correlation]]
of = ["{one}", "{other}"]
value = {{ value = "{value}", source = "paper:table 1", status = "confirmed" }}
"""
RESIDUAL = """[residual]
form = "{form}"
a = {{ value = "{a} ng/mL", source = "paper:table 1", status = "confirmed" }}
b = {{ value = "{b} %", source = "paper:table 1", status = "confirmed" }}
"""
UNITS = {"clearance": "L/h", "volume": "L", "q2": "L/h", "v2": "L", "q3": "L/h", "v3": "L", "renal_clearance": "L/h"}
TYPICAL = {"clearance": 8, "volume": 12, "q2": 20, "v2": 20}
ROOT, SUM = "sqrt(a^2 + (b f)^2)", "a + b f"
REFERENCE = dict.fromkeys(TYPICAL, 0.3)


def write_model(
    folder: Path,
    *,
    typical: Mapping[str, float] = TYPICAL,
    omegas: Mapping[str, float] = REFERENCE,
    occasions: Mapping[str, float] | None = None,
    correlations: Mapping[tuple[str, str], float] | None = None,
    error: tuple[str, float, float] | None = (ROOT, 0.5, 15),
    name: str = "paper_2000.toml",
) -> Path:
    """Write a model file: omegas by parameter, correlations by pair, the error as form, ng/mL and percent."""
    compartments = "three compartments" if "q3" in typical else "two compartments"
    text = HEAD.format(structure=compartments if "q2" in typical else "one compartment")
    for parameter, value in typical.items():
        exponent = 1 if parameter.startswith("v") else 0.75
        text += PARAMETER.format(name=parameter, value=value, unit=UNITS[parameter], exponent=exponent)
    if omegas or occasions:
        text += VARIABILITY
    for table, spreads in (("between_subjects", omegas), ("between_occasions", occasions)):
        text += f"[variability.{table}]\n" if spreads else ""
        text += "".join(SPREAD.format(name=parameter, omega=omega) for parameter, omega in (spreads or {}).items())
    for (one, other), value in (correlations or {}).items():
        text += CORRELATION.format(one=one, other=other, value=value)
    if error is not None:
        text += RESIDUAL.format(form=error[0], a=error[1], b=error[2])
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
