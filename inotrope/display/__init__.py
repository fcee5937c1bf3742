"""How things look: one sheet for each thing that is shown, drawn on a terminal, as an HTML page or as Markdown.

The sheet of an order is asked for in `inotrope.display.order_sheet`: no plan waits for the reader of orders.
"""

from inotrope.display.dose_sheet import conversion_sheet, no_product_sheet, table_sheet
from inotrope.display.drug_overview import drug_overview
from inotrope.display.drug_sheet import PARTS, drug_sheet
from inotrope.display.family_sheet import family_sheet
from inotrope.display.html import templates, to_fragment, to_html
from inotrope.display.markdown import to_markdown
from inotrope.display.plan_sheet import plan_sheet, screening_sheet
from inotrope.display.sheet import Card, Lines, Mark, Paragraph, Row, Rows, Section, Sheet, Table
from inotrope.display.terminal import draw, to_text

__all__ = [
    "PARTS",
    "Card",
    "Lines",
    "Mark",
    "Paragraph",
    "Row",
    "Rows",
    "Section",
    "Sheet",
    "Table",
    "conversion_sheet",
    "draw",
    "drug_overview",
    "drug_sheet",
    "family_sheet",
    "no_product_sheet",
    "plan_sheet",
    "screening_sheet",
    "table_sheet",
    "templates",
    "to_fragment",
    "to_html",
    "to_markdown",
    "to_text",
]
