"""A drug folder as JSON: what `inotrope drug show --format json` and the API tell of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from inotrope.plan.notice import NOTICE
from inotrope.plan.plain import to_plain

if TYPE_CHECKING:
    from inotrope.drug import Drug


def drugs_to_plain(drugs: Iterable[Drug]) -> list[dict[str, str]]:
    """Return the drugs of the library, each with what tells its version apart."""
    return [{"name": drug.name, "folder": drug.folder.name, "digest": drug.digest} for drug in drugs]


def drug_to_plain(drug: Drug) -> dict[str, object]:
    """Return the folder's content as JSON values; conditions stay in `safety.toml`, which is their only form."""
    rules = [
        {
            "id": rule.id,
            "title": rule.title,
            "severity": rule.severity,
            "effect": rule.effect,
            "override": rule.override,
            "says": rule.says,
            "asks": rule.asks,
            "advice": rule.advice,
            "evidence": rule.evidence,
            "status": rule.status,
            "sources": rule.sources,
        }
        for rule in drug.rules
    ]
    parts: dict[str, object] = {"name": drug.name, "digest": drug.digest, "identity": drug.identity}
    for name in ("codes", "products", "preparations", "strengths", "entries", "named_kidneys", "monitoring", "lines"):
        parts[name] = getattr(drug, name)
    for name in ("storage", "composition", "texts", "adverse", "sources"):
        parts[name] = getattr(drug, name)
    return {**_numbers(to_plain({**parts, "rules": rules})), "notice": NOTICE}


def _numbers(value: object) -> dict[str, object]:
    """Turn plain counts and ratios, which are decimals inside, into JSON numbers."""
    whole: dict[str, object] = json.loads(json.dumps(value, default=float))
    return whole
