"""How does the proposed rate fall as creatinine rises? (It never rises again: the renal line is a ceiling.)"""

import json

from inotrope import make_plan, read_case
from inotrope.cli.cases import EXAMPLES

for creatinine in ("0.8 mg/dL", "1.2 mg/dL", "1.8 mg/dL", "2.6 mg/dL", "4 mg/dL", "9 mg/dL"):
    case = json.loads((EXAMPLES / "sound-adult.json").read_text(encoding="utf-8"))
    for measurement in case["measurements"]:
        if measurement["what"] == "serum creatinine":
            measurement["value"] = creatinine
    plan = make_plan(read_case(case))
    kidney = "unknown" if plan.kidney.clearance is None else plan.kidney.clearance.shown(1)
    rate = "no rate" if plan.maintenance is None else plan.maintenance.rate.shown(4)
    print(f"creatinine {creatinine:>9}  clearance {kidney:>21}  {rate}")
