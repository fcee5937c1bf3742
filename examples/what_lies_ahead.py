"""Milrinone runs since days: what was given, what is the next step, when does the bag end, when are 48 h reached?"""

from inotrope import make_plan, read_case
from inotrope.cli.cases import EXAMPLES

plan = make_plan(read_case(EXAMPLES / "falling-platelets.json"))
assert plan.running is not None
assert plan.given is not None

print(f"Runs at {plan.running.rate}. {plan.running.says}.")
print(f"Given in the last 24 h: {plan.given.in_24_h.shown(3)}, of at most {plan.given.cap}")
for word, step in (("Up", plan.running.next_up), ("Down", plan.running.next_down)):
    if step is not None:
        print(f"{word}: {step.rate}, {step.pump_rate}, not before {step.not_before:%H:%M}: {step.says}")
for step in plan.running.weaning:
    print(f"  weaning: {step.rate}, not before {step.not_before:%d.%m. %H:%M}")
assert plan.running.bag_ends is not None
print(f"The bag is empty at {plan.running.bag_ends:%H:%M}. {plan.running.limit_says}.")
for finding in plan.findings:
    print(f"{finding.severity}: {finding.title}. {finding.advice}")
print(plan.notice)
