"""One infusion order held against itself: what it states, what does not fit, which known slip it looks like.

It proposes no dose and looks at no patient; `plan` compares an order with a patient's own plan.
"""

from inotrope.order.ages_in_words import asks_age
from inotrope.order.case_facts import asks_case
from inotrope.order.checking import Judged, OrderStatus, drug_name, judge_order, named_drug, with_text
from inotrope.order.delivering import Delivered, strengths_of
from inotrope.order.final_volume import asks_final_volume, asks_salt
from inotrope.order.form import OrderForm, order_schema, read_order
from inotrope.order.lacking import Lacking
from inotrope.order.limits import OrderFinding, bounds_for, load_doses
from inotrope.order.loading import ASSUMED
from inotrope.order.pairs import Pair
from inotrope.order.persons import apart, asks
from inotrope.order.reading import NOT_KNOWN, read_text
from inotrope.order.slips import Slip
from inotrope.order.statements import AGES, HANGING, LOADS, NAMED, Kind, Statement
from inotrope.order.strengths import asks_strength
from inotrope.order.text_reading import Piece, TextReading
from inotrope.order.titration import ASK_STEP, highest_reached
from inotrope.order.words import order_words

__all__ = [
    "AGES",
    "ASK_STEP",
    "ASSUMED",
    "HANGING",
    "LOADS",
    "NAMED",
    "NOT_KNOWN",
    "Delivered",
    "Judged",
    "Kind",
    "Lacking",
    "OrderFinding",
    "OrderForm",
    "OrderStatus",
    "Pair",
    "Piece",
    "Slip",
    "Statement",
    "TextReading",
    "apart",
    "asks",
    "asks_age",
    "asks_case",
    "asks_final_volume",
    "asks_salt",
    "asks_strength",
    "bounds_for",
    "drug_name",
    "highest_reached",
    "judge_order",
    "load_doses",
    "named_drug",
    "order_schema",
    "order_words",
    "read_order",
    "read_text",
    "strengths_of",
    "with_text",
]
