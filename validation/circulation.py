"""The circulation beside what was published: `make validate`, or `python validation/circulation.py`.

First the label's 12 numbers, which the members were fitted to; then studies that they were not fitted to
(studies.toml). Each miss is said. It ends with 1 where the default member leaves the acceptance of
facts/circulation.md, section 3.2.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from inotrope import load_drug
from inotrope.circulation import Bedside
from inotrope.errors import CirculationError
from inotrope.plan.circulation.label import change, label_table
from inotrope.plan.circulation.members import Members, members_of
from inotrope.population.response import ResponseFile, load_response

STUDIES = Path(__file__).with_name("studies.toml")
WITHIN_POINTS, BELOW_RMS, LOWEST_TOP, HIGHEST_TOP = 6.0, 3.5, -19.0, -12.0
"""Accepted of the default member: facts/circulation.md, section 3.2. A tighter gate would be fitting noise."""
NEAR = 3.0
"""Points, for the count that the facts print."""
READ = {
    "cardiac_output": "cardiac_output_l_per_min",
    "stroke_volume": "stroke_volume_ml",
    "heart_rate": "heart_rate_per_min",
    "mean_arterial_pressure": "mean_arterial_mmhg",
    "central_venous_pressure": "central_venous_mmhg",
    "wedge_pressure": "wedge_mmhg",
    "systemic_resistance": "systemic_resistance_dyn_s_per_cm5",
}
BASELINE = {
    "heart_rate": "heart_rate_per_min",
    "cardiac_output": "cardiac_output_l_per_min",
    "mean_arterial_pressure": "mean_arterial_mmhg",
    "central_venous_pressure": "central_venous_mmhg",
    "wedge_pressure": "wedge_mmhg",
    "mean_pulmonary_pressure": "mean_pulmonary_mmhg",
    "left_ejection_fraction": "left_ejection_fraction",
    "right_ejection_fraction": "right_ejection_fraction",
}


def main() -> int:
    """Print both tables; return 1 where the default member is not accepted."""
    file = load_response(load_drug("milrinone"))
    accepted = print_label()
    studies = tomllib.loads(STUDIES.read_text(encoding="utf-8"))
    print("\nStudies that no member was fitted to. Changes in %; behind each prediction by how many points it misses.")
    for study in studies["study"]:
        print_study(file, study)
    print_levels(file, studies)
    print("\nThe model explains and warns; it selects no rate. Nothing here is a validation at a bedside.")
    return 0 if accepted else 1


def changes(members: Members, name: str, level_ng_per_ml: float) -> list[float]:
    """Return the change by each member, in percent."""
    if name == "steepest_rise":
        return steepest(members, level_ng_per_ml)
    return list(change(members, READ[name], level_ng_per_ml).values())


def steepest(members: Members, level_ng_per_ml: float) -> list[float]:
    """Return the change of the largest dP/dt, beat by beat; nan without Numba."""
    try:
        from inotrope.circulation.beats import Chambers, settled_beat
    except CirculationError:
        return [float("nan")] * len(members.ids)
    chambers = Chambers.of(members.heart, **members.kind.chambers)
    before, now = (
        settled_beat(heart, chambers).steepest_rise_mmhg_per_s
        for heart in (members.heart, members.at(level_ng_per_ml)[1])
    )
    return [float(value) for value in 100 * (now / before - 1)]


def miss(value: float, low: float, high: float) -> float:
    """Return how far a value lies outside of a span, with its sign; 0 inside."""
    return value - min(max(value, low), high)


def print_label() -> bool:
    """Print the label's numbers beside every member's, and tell whether the default one is accepted."""
    table = label_table()
    print(
        "The label's hemodynamic table (recalled, not read). Changes in %; behind each prediction its miss in points."
    )
    print(f"  {'rate':<17} {'':<5} {'label':>10}  " + "  ".join(f"{name:>13}" for name in table.members))
    for row in table.rows:
        cells = "  ".join(f"{row.by[name]:+6.1f} ({row.miss(name):+.1f})" for name in table.members)
        print(f"  {row.rate:<17} {row.what:<5} {_span((row.low, row.high)):>10}  {cells}")
    for name in table.members:
        apart = np.array([row.miss(name) for row in table.rows])
        told = f"rms {np.sqrt((apart**2).mean()):.1f}, worst {np.abs(apart).max():.1f}"
        print(f"  {name}: {told}, {int((np.abs(apart) <= NEAR).sum())} of {apart.size} within {NEAR:g} points")
    own = np.array([row.miss(table.default) for row in table.rows])
    top = [row.by[table.default] for row in table.rows if row.what == "MAP"][-1]
    near = np.abs(own).max() < WITHIN_POINTS and np.sqrt((own**2).mean()) < BELOW_RMS
    accepted = bool(near and LOWEST_TOP < top < HIGHEST_TOP)
    print(
        f"  Accepted of {table.default}, the default: each within {WITHIN_POINTS:g} points, rms below {BELOW_RMS:g}, "
        f"MAP at the top rate between {LOWEST_TOP:g} and {HIGHEST_TOP:g} %: {'yes' if accepted else 'NO'}."
    )
    print(
        "  No member of this class can do otherwise than miss so: a saturating force gives too little at 0.5 and too\n"
        "  much at 0.75 mcg/kg/min. The label does not identify inotropy: three sets fit it alike."
    )
    return accepted


def print_study(file: ResponseFile, study: dict[str, Any]) -> None:
    """Print one study beside every member."""
    bedside = file.heart.bedside
    if "baseline" in study:
        bedside = Bedside.of(**{BASELINE[name]: value for name, value in study["baseline"].items()})
    members = members_of(file, bedside)
    print(f"\n  {study['id']}: {study['who']}. {study['source']} ({study['status']}).")
    print(f"    Chosen, not printed: {study['chosen']}. {study['says']}")
    worst = ("", 0.0)
    for level in study["levels"]:
        print(f"    {level} ng/mL, {study['level_says']}")
        for name, (low, high) in study["observed"].items():
            cells = []
            for member, value in zip(members.ids, changes(members, name, level), strict=True):
                apart = miss(value, low, high)
                told = f"{value:+.0f} ({apart:+.0f})" if np.isfinite(value) else "needs Numba"
                cells.append(f"{member} {told}")
                if abs(apart) > abs(worst[1]):
                    worst = (f"{name.replace('_', ' ')} by {member} at {level} ng/mL", apart)
            print(f"      {name.replace('_', ' '):<24} {_span((low, high)):>10}  {', '.join(cells)}")
    print(f"    Largest miss: {worst[0]}, {worst[1]:+.0f} points." if worst[0] else "    No miss.")


def print_levels(file: ResponseFile, studies: dict[str, Any]) -> None:
    """Print what is told of one level alone."""
    members = members_of(file, file.heart.bedside)
    for item in studies["half"]:
        print(f"\n  {item['id']}: {item['who']}. {item['source']} ({item['status']}). {item['says']}")
        half = [float(value) for value in file.response(*members.ids).force_half_ng_per_ml]
        cells = ", ".join(
            f"{name} {value:.0f} ({value - item['level']:+.0f})" for name, value in zip(members.ids, half, strict=True)
        )
        print(f"    {item['level']} ng/mL for {item['of']}: {cells} ng/mL")
    for item in studies["index"]:
        print(f"\n  {item['id']}: {item['who']}. {item['source']} ({item['status']}). {item['says']}")
        found = zip(members.ids, changes(members, "cardiac_output", item["level"]), strict=True)
        cells = ", ".join(f"{name} {value:+.0f} ({value - item['cardiac_output']:+.0f})" for name, value in found)
        print(f"    cardiac index {item['cardiac_output']:+} % at {item['level']} ng/mL: {cells}")


def _span(span: tuple[float, float]) -> str:
    low, high = span
    return f"{low:+.0f}" if low == high else f"{low:+.0f} to {high:+.0f}"


if __name__ == "__main__":
    sys.exit(main())
