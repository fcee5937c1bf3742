"""Severe aortic stenosis: the dose is withheld. A cardiologist decides otherwise: the reason stays beside the dose."""

from inotrope import make_plan, read_case
from inotrope.cli.cases import EXAMPLES

case = read_case(EXAMPLES / "severe-aortic-stenosis.json")
plan = make_plan(case)
print(plan.status, plan.exit_code, plan.maintenance)
for finding in plan.findings:
    print(f"  {finding.severity}: {finding.says} {finding.advice}")

plan = make_plan(case, overrides={"severe-valve-obstruction": "bridge to valve surgery tonight"})
assert plan.maintenance is not None
print(plan.status, plan.exit_code, plan.maintenance.rate)
for line in plan.assumptions:
    print(f"  {line}")
