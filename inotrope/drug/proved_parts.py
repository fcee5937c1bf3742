"""Products, preparations, syringes and entries of a drug folder: read, and each proved against the others.

Knows in which order they need each other. The proofs themselves are in `proofs.py`.
"""

from __future__ import annotations

from inotrope.drug.entries import Entry, read_entries
from inotrope.drug.identity import (
    Product,
    StandardPreparation,
    WeightSyringe,
    read_preparations,
    read_products,
    read_strengths,
    read_syringes,
)
from inotrope.drug.numbers import Sourced
from inotrope.drug.proofs import prove_entry, prove_preparation, prove_product, prove_syringe, prove_unique
from inotrope.drug.reading import Book, Section


def proved_products(
    drug: Section, book: Book
) -> tuple[tuple[Product, ...], tuple[StandardPreparation, ...], dict[str, Sourced]]:
    """Return products, preparations and strengths; no product where one of them, or a strength, is not sound."""
    part = book.part()
    strengths = read_strengths(drug)
    products = read_products(drug)
    known = tuple(product for product, _ in products)
    all_are_sound = part.sound
    preparations = read_preparations(drug)
    if all_are_sound:  # else one mistake would be told again by everything that is held against it
        for product, section in products:
            prove_product(product, section, strengths)
        for preparation, section in preparations:
            prove_preparation(preparation, section, strengths, known)
    prove_unique((product.id, section) for product, section in products)
    prove_unique((preparation.id, section) for preparation, section in preparations)
    return known if all_are_sound else (), tuple(preparation for preparation, _ in preparations), strengths


def proved_syringes(drug: Section) -> tuple[WeightSyringe, ...]:
    """Return the syringes that are made up by body weight."""
    syringes = read_syringes(drug)
    for syringe, section in syringes:
        prove_syringe(syringe, section)
    prove_unique((syringe.id, section) for syringe, section in syringes)
    return tuple(syringe for syringe, _ in syringes)


def proved_entries(dosing: Section, products: tuple[Product, ...], book: Book) -> tuple[Entry, ...]:
    """Return the dosing entries, each that could be read proved by itself and against the products."""
    entries = read_entries(dosing, book)
    for entry, section, sound in entries:
        if sound:
            prove_entry(entry, section, products)
    prove_unique((entry.id, section) for entry, section, _ in entries)
    return tuple(entry for entry, _, _ in entries)
