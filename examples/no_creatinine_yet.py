"""The laboratory has not answered: what would the rate be at three kidney functions, and what must be asked first?"""

from inotrope import Quantity, make_plan, read_case
from inotrope.cli.cases import EXAMPLES
from inotrope.units import read_quantity

case = read_case(EXAMPLES / "no-creatinine.json")
plan = make_plan(case)
print(f"{plan.status}: {plan.refusals[0].says}")
for named in plan.rate_at_kidney:
    print(f"  {named.name} ({named.clearance}): {named.rate}")
for question in plan.missing[:5]:
    print(f"Ask: {question.asks} It would change {question.would_change}.")

assumed: Quantity = read_quantity("30 mL/min/1.73 m2", what="Clearance", dimensions=("flow per body surface area",))
plan = make_plan(case, assume_kidney=assumed)
assert plan.maintenance is not None
print(f"Assumed {assumed}: {plan.maintenance.rate}. {plan.assumptions[0]}")
