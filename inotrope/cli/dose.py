"""`inotrope dose`: a rate to a pump setting, a pump setting to a rate, and the weight x rate table of a ward.

Knows three forms of one question and the columns of a printed table. It concerns no patient and proposes nothing; what
no product and no body can be ends before anything is computed.
"""

from __future__ import annotations

import argparse
import json
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

from inotrope.cli.drug import MUST_NOT_STAND
from inotrope.errors import RequestError, shorten

if TYPE_CHECKING:
    from inotrope.display import Sheet
    from inotrope.dosing import RateTable
    from inotrope.drug import Drug, Entry
    from inotrope.units import Quantity

    Answer = tuple[dict[str, object], Sheet, int]
    """What a program reads, what a person reads, and the exit code."""

WEIGHT_STEP_KG = Decimal(10)
"""kg; between the columns of the label's tables (30, 40, ... 120 kg)."""
LONGEST_LIST = 50
"""Weights or rates of one table; more fit on no page."""
RATE_STEP = Decimal("0.1")
"""mcg/kg/min; between the lines of the label's tables, from the minimum to the maximum (0.375, 0.4, 0.5, ... 0.75)."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--rate", metavar="QUANTITY", help="a rate to set: '0.5 mcg/kg/min'; gives mL/h")
    which.add_argument("--pump", metavar="QUANTITY", help="a pump setting: '10.5 mL/h'; gives the rate")
    which.add_argument("--table", action="store_true", help="the weight x rate table")
    which.add_argument("--entries", action="store_true", help="the dosing entries that --entry and --for may name")
    bag = "on the pump: '200 mcg/mL' or '20 mg/100 mL'; --table takes the label's premixed bag where none is named"
    parser.add_argument("--concentration", metavar="QUANTITY", help=bag)
    parser.add_argument("--weight", metavar="QUANTITY", help="'70 kg'; with --rate and --pump")
    parser.add_argument("--step", metavar="QUANTITY", help="the pump's smallest step; by default the entry's")
    parser.add_argument("--weights", metavar="LIST", help="with --table, '50 kg, 60 kg'; by default the label's")
    parser.add_argument("--rates", metavar="LIST", help="with --table, such as '0.375 mcg/kg/min, 0.5 mcg/kg/min'")
    whose = parser.add_mutually_exclusive_group()
    compared = "the dosing entry whose range is compared; by default the folder's first, and the page says so"
    whose.add_argument("--entry", metavar="ID", help=compared)
    whose.add_argument(
        "--for", dest="indication", metavar="INDICATION", help="the same, where one entry is for this use"
    )
    parser.add_argument("--drug", default="milrinone", help="by default milrinone")
    parser.add_argument("--json", action="store_true", help="write JSON instead of text")


def run(options: argparse.Namespace) -> int:
    """Convert, show it with its arithmetic, and return 3 where the concentration or the result must not stand."""
    from inotrope.drug import load_drug
    from inotrope.plan.converting import doubts_of, read_concentration
    from inotrope.units import read_quantity

    _match(options)
    drug = load_drug(options.drug)
    if options.entries:
        return _list(drug, as_json=options.json)
    entry, taken = _entry(options, drug)
    concentration = _premix(drug) if options.concentration is None else read_concentration(options.concentration)
    step = entry.rounding.pump_step.value
    if options.step is not None:
        step = read_quantity(options.step, what="Pump step", dimensions=("flow",))
    wrong, asked = doubts_of(concentration, drug, entry)
    taken = ". ".join(filter(None, (taken, asked)))
    if wrong:
        plain, sheet, code = _nothing(wrong, drug)
    elif options.table:
        plain, sheet, code = _table(options, drug, entry, concentration, step, taken=taken)
    else:
        plain, sheet, code = _conversion(options, drug, entry, concentration, step, taken=taken)
    if options.json:
        print(json.dumps(plain, indent=2))
    else:
        from inotrope.display import draw

        draw(sheet, sys.stdout)
    return code


def _list(drug: Drug, *, as_json: bool) -> int:
    """Print every entry: its id, its use, for whom it is, and whose it is."""
    from inotrope.display.entry_sheet import who

    rows = [
        {"entry": entry.id, "indication": entry.indication, "who": who(entry), "authority": entry.authority}
        for entry in drug.entries
    ]
    if as_json:
        print(json.dumps(rows, indent=2))
        return 0
    for row in rows:
        print(f"{row['entry']}: {row['indication']}, {row['who']}, {row['authority']}")
    return 0


def _match(options: argparse.Namespace) -> None:
    """Refuse options that the chosen form does not read: one that is silently dropped was meant by somebody."""
    if options.entries:
        named = ("entry", "indication", "concentration", "weight", "step", "weights", "rates")
        if any(getattr(options, name) is not None for name in named):
            raise RequestError("--entries lists what --entry may name, and takes nothing else. Leave the rest out.")
        return
    if options.table and options.weight is not None:
        raise RequestError(
            "--table takes --weights, not --weight. Write --weights '50 kg, 60 kg'.", value=options.weight
        )
    if not options.table and options.concentration is None:
        says = "A conversion needs the concentration on the pump. Write --concentration '200 mcg/mL'."
        raise RequestError(says, accepted="--concentration '200 mcg/mL'")
    if not options.table and options.weight is None:
        raise RequestError("A conversion needs the weight. Write --weight '70 kg'.", accepted="--weight '70 kg'")
    if not options.table and (options.weights or options.rates):
        raise RequestError("--weights and --rates belong to --table. Leave them out, or ask for --table.")
    if options.pump is not None and options.step is not None:
        raise RequestError("--step belongs to --rate and --table: a pump setting is not rounded. Leave it out.")


def _entry(options: argparse.Namespace, drug: Drug) -> tuple[Entry, str]:
    """Return the entry whose range is compared, and what was taken because nobody named it, as a sentence.

    Raises:
        RequestError: No entry is called so or is for this use, or several are.
    """
    from inotrope.display.entry_sheet import who
    from inotrope.patient import AgeGroup

    if options.entry is None and options.indication is None:
        entry = drug.entries[0]
        return entry, (
            f"NOBODY SAID FOR WHOM: the range of {entry.authority}, {entry.indication}, {who(entry)}, is taken. For "
            "another patient or use name it, with --entry or --for; 'inotrope dose --entries' lists them"
        )
    if options.entry is not None:
        found = [entry for entry in drug.entries if entry.id == options.entry]
        says = f"'{shorten(options.entry)}' is no dosing entry of {drug.name}"
        listed = drug.entries
    else:
        wanted = _plain(options.indication)
        found = [entry for entry in drug.entries if wanted in map(_plain, (entry.indication, *entry.synonyms))]
        says = f"'{shorten(options.indication)}' has {'several entries' if found else 'no dosing entry'} of {drug.name}"
        listed = tuple(found) or drug.entries
    if len(found) != 1:
        known = "; ".join(f"{item.id} ({item.authority}, {who(item)})" for item in listed)
        raise RequestError(
            f"{says}. Name one with --entry: {known}.",
            value=options.entry or options.indication,
            accepted=", ".join(entry.id for entry in listed),
        )
    (entry,) = found
    if options.entry is not None or entry.group in (None, AgeGroup.ADULT):
        return entry, ""
    return entry, (
        f"NOBODY SAID HOW OLD: the only range for '{shorten(options.indication)}' is that of {who(entry)} "
        f"({entry.authority}); it is taken, and is no adult's. If it is meant, name it with --entry {entry.id}"
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _premix(drug: Drug) -> Quantity:
    """Return the strength of the premixed bags, for a table that names no concentration."""
    strengths = {item.strength.value for item in drug.products if item.kind == "premix"}
    if len(strengths) != 1:
        raise RequestError("This drug's folder has no single premixed strength. Write --concentration '200 mcg/mL'.")
    return strengths.pop().to("mcg/mL")


def _nothing(says: str, drug: Drug) -> Answer:
    from inotrope.display import no_product_sheet
    from inotrope.plan import NOTICE

    return {"drug": drug.name, "stopped": says, "notice": NOTICE}, no_product_sheet(says, drug=drug), MUST_NOT_STAND


def _conversion(
    options: argparse.Namespace, drug: Drug, entry: Entry, concentration: Quantity, step: Quantity, *, taken: str
) -> Answer:
    from inotrope.display import conversion_sheet
    from inotrope.plan.converting import convert

    found = convert(
        drug,
        entry,
        concentration=concentration,
        weight=options.weight,
        step=step,
        rate=options.rate,
        pump=options.pump,
        assumed=taken,
    )
    sheet = conversion_sheet(
        found.conversion,
        drug=drug,
        entry=entry,
        weight=found.weight,
        concentration=concentration,
        asked_rate=found.step is not None,
        assumed=taken,
    )
    return found.to_plain(), sheet, MUST_NOT_STAND if found.conversion.must_not_stand else 0


def _table(
    options: argparse.Namespace, drug: Drug, entry: Entry, concentration: Quantity, step: Quantity, *, taken: str
) -> Answer:
    from inotrope.display import table_sheet
    from inotrope.dosing import rate_table
    from inotrope.plan import NOTICE, to_plain
    from inotrope.plan.converting import read_weight
    from inotrope.units import Quantity, read_quantity

    weights = tuple(map(read_weight, _parts(options.weights, "--weights"))) or _usual_weights(entry)
    kind = ("rate per body weight",)
    rates = tuple(read_quantity(part, what="Rate", dimensions=kind) for part in _parts(options.rates, "--rates"))
    rates = rates or _usual_rates(entry)
    found = rate_table(weights=weights, rates=rates, concentration=concentration, step=step, entry=entry)
    _settable(found)
    cells = [[Quantity(cell, "mL/h") for cell in row] for row in found.cells]
    plain = {"drug": drug.name, "entry": entry.id, "concentration": found.concentration, "step": found.step}
    plain |= {"weights": found.weights, "rates": found.rates, "cells": cells, "crossings": found.crossings}
    plain |= {"off": found.off, "far_off": found.far_off}
    bag = f"No concentration was named: the label's premixed bag, {drug.name} {found.concentration}, is used"
    assumed = ". ".join(text for text in ("" if options.concentration else bag, taken) if text)
    plain |= {"above": found.above, "assumed": assumed}
    sheet = table_sheet(found, drug=drug, entry=entry, assumed=assumed)
    return to_plain(plain) | {"notice": NOTICE}, sheet, MUST_NOT_STAND if found.above or found.far_off else 0


def _parts(written: str | None, option: str) -> list[str]:
    parts = [] if written is None else written.split(",")
    if len(parts) > LONGEST_LIST:
        says = f"{option} names {len(parts):,}; a table holds at most {LONGEST_LIST}. Make two tables."
        raise RequestError(says, accepted=f"at most {LONGEST_LIST}")
    return parts


def _settable(table: RateTable) -> None:
    """Refuse a table with a cell that the pump cannot be set to: 0 mL/h on a ward's wall would be read as a setting."""
    for rate, row in zip(table.rates, table.cells, strict=True):
        for weight, cell in zip(table.weights, row, strict=True):
            if cell <= 0:
                says = f"{rate} at {weight} is less than the pump can be set to: its step is {table.step}."
                raise RequestError(f"{says} Write a smaller --step, or leave the rate out.", value=table.step)


def _usual_weights(entry: Entry) -> tuple[Quantity, ...]:
    from inotrope.units import Quantity

    ends = (entry.numbers.get("weight.table_minimum"), entry.numbers.get("weight.table_maximum"))
    low, high = (None if end is None else end.value.in_unit("kg") for end in ends)
    if low is None or high is None:
        raise RequestError("This drug's folder prints no range of weights. Write --weights '50 kg, 60 kg'.")
    count = int((high - low) / WEIGHT_STEP_KG)
    return tuple(Quantity(low + index * WEIGHT_STEP_KG, "kg") for index in range(count + 1))


def _usual_rates(entry: Entry) -> tuple[Quantity, ...]:
    from inotrope.units import Quantity

    low, high = (end.value.in_unit("mcg/kg/min") for end in (entry.maintenance.minimum, entry.maintenance.maximum))
    between = (RATE_STEP * count for count in range(int(low / RATE_STEP) + 1, int(high / RATE_STEP) + 1))
    return tuple(Quantity(value, "mcg/kg/min") for value in dict.fromkeys((low, *between, high)))
