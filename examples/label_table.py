"""What does milrinone do to CI, PCWP, SVR and MAP at the label's three rates, and does the fit give it back?

Prints the label's table beside every member of the fit. With the name of an SVG file behind it, it draws it too:
`python examples/label_table.py label_table.svg`.
"""

import sys
from pathlib import Path

from inotrope.display.circulation_figures import label_svg
from inotrope.plan import NOTICE
from inotrope.plan.circulation.label import label_table

table = label_table()
print(f"{'rate':<17} {'':<5} {'label':>12}  " + "  ".join(f"{name:>7}" for name in table.members))
for row in table.rows:
    printed = f"{row.low:+.0f}" if row.low == row.high else f"{row.low:+.0f} to {row.high:+.0f}"
    print(
        f"{row.rate:<17} {row.what:<5} {printed + ' %':>12}  "
        + "  ".join(f"{round(row.by[n]):+5d} %" for n in table.members)
    )
print(table.says)
print("It explains; it selects no rate.")
if sys.argv[1:]:
    Path(sys.argv[1]).write_text(label_svg(table), encoding="utf-8")
    print(f"Drawn: {sys.argv[1]}")
print(NOTICE)
