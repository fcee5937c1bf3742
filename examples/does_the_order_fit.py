"""Four orders: do text, pump rate, bag and weight of each fit, and which slip does one that does not look like?"""

from inotrope import check_order

ORDERS = (
    "milrinone 20 mg/100 mL D5W at 0.5 mcg/kg/min, 70 kg, 10.5 mL/h",
    "milrinone 20 mg/100 mL D5W at 0.5 mcg/kg/min, 70 kg, 105 mL/h",
    "milrinone 200 mcg in 100 mL, 0.25 mcg/kg/min, 70 kg, 525 mL/h",
    "milrinone 0,375 mcg/kg/min, 80 kg",
)

for text in ORDERS:
    check = check_order({"text": text})
    print(f"{check.status}: {text}")
    for pair in check.pairs:
        print(f"  {pair.what}: stated {pair.stated}, computed {pair.computed}")
    for slip in check.slips:
        print(f"  looks like {slip.id}: {slip.says}")
    for refusal in check.refusals:
        print(f"  {refusal.says}")
print(check.notice)
