"""The hemodynamic table of a drug's label beside what every member of the fit makes of it.

Knows the printed changes and the levels that the fit takes the rates to give. The patient is the heart of the fit: the
label's own patients were not seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from inotrope.drug import load_drug
from inotrope.plan.circulation.curves import response_of, top_of
from inotrope.plan.circulation.members import Members, members_of
from inotrope.plan.circulation.record import DoseResponse
from inotrope.population.response import load_response

OF_LABEL = {
    "cardiac_index": ("CI", "cardiac output", "cardiac_output_l_per_min"),
    "wedge_pressure": ("PCWP", "wedge pressure", "wedge_mmhg"),
    "systemic_resistance": ("SVR", "systemic vascular resistance", "systemic_resistance_dyn_s_per_cm5"),
    "mean_arterial_pressure": ("MAP", "mean arterial pressure", "mean_arterial_mmhg"),
}
"""What the label prints: short name, its curve, and what `circulation` calls it. An index goes as its output does."""


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One number of the table.

    Attributes:
        rate: As printed, with its unit.
        level_ng_per_ml: That the fit takes it to give.
        what: Short name.
        low: The printed change, percent; of a span its lower end.
        high: Its upper end.
        by: The change by each member, percent.
    """

    rate: str
    level_ng_per_ml: float
    what: str
    low: float
    high: float
    by: dict[str, float]

    def miss(self, member: str) -> float:
        """Return by how many points a member lies outside of what is printed, with its sign; 0 inside."""
        value = self.by[member]
        return value - min(max(value, self.low), self.high)


@dataclass(frozen=True, slots=True)
class LabelTable:
    """The whole table.

    Attributes:
        drug: Whose label.
        default: The member that stands for all where one must.
        members: The default one first.
        rows: By rate, and of each rate in the order of the label.
        response: The same quantities over all levels.
        says: What must be read with it.
    """

    drug: str
    default: str
    members: tuple[str, ...]
    rows: tuple[LabelRow, ...]
    response: DoseResponse
    says: str


def label_table(drug: str = "milrinone") -> LabelTable:
    """Return the label's table beside every member's.

    Raises:
        RequestError: Nothing is known of how the drug moves heart and vessels.
    """
    file = load_response(load_drug(drug))
    members = members_of(file, file.heart.bedside)
    rows = []
    for item in file.observed:
        for name, (short, _, read) in OF_LABEL.items():
            low, high = item.changes[name]
            by = change(members, read, item.level_ng_per_ml)
            rows.append(LabelRow(f"{item.rate.value}", item.level_ng_per_ml, short, 100 * low, 100 * high, by))
    levels = [item.level_ng_per_ml for item in file.observed]
    response = response_of(members, top_of(file, levels))
    return LabelTable(file.drug, file.default, members.ids, tuple(rows), response, file.not_identified)


def change(members: Members, read: str, level_ng_per_ml: float) -> dict[str, float]:
    """Return the change of one quantity against before by each member, percent.

    Args:
        members: The patient before the drug.
        read: What `circulation` calls it.
        level_ng_per_ml: At the site of effect.

    Raises:
        CirculationError: A member has no steady state there.
    """
    before, now = members.at(0.0)[0], members.at(level_ng_per_ml)[0].proven()
    found = 100 * (getattr(now, read) / getattr(before, read) - 1)
    return dict(zip(members.ids, (float(value) for value in found), strict=True))
