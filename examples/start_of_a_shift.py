"""A man of 82 kg is to start milrinone: what is drawn up, what is set on the pump, and what does the pump deliver?"""

from inotrope import make_plan, read_case
from inotrope.cli.cases import EXAMPLES

plan = make_plan(read_case(EXAMPLES / "sound-adult.json"))
assert plan.loading_dose is not None
assert plan.maintenance is not None
assert plan.preparation is not None

(draw_up,) = plan.loading_dose.volumes
print(f"Load: {draw_up.volume} of {draw_up.product} over {plan.loading_dose.duration}")
print(f"Rate: {plan.maintenance.rate}")
bag = f"{plan.drug} {plan.preparation.product} {plan.preparation.concentration}"
print(f"Pump: {plan.maintenance.pump_rate} of {bag}")
assert plan.maintenance.delivered_rate is not None
print(f"It delivers: {plan.maintenance.delivered_rate.shown(4)}")
for line in plan.maintenance.arithmetic:
    print("  ", line)
print(plan.notice)
