"""Stops that a person sets aside with a reason.

Knows what an override needs: a rule that exists, allows it and fires, and a reason that is not blank. It never changes
what was found: the finding stays, with the reason on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from inotrope.drug import Drug
from inotrope.errors import RequestError, nearest, shorten
from inotrope.findings import Finding, State


def apply_overrides(drug: Drug, findings: tuple[Finding, ...], overrides: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return the findings, those overridden in the state OVERRIDDEN with their reason.

    Args:
        drug: Whose rules were judged.
        findings: As `judge` gave them.
        overrides: Reason by rule id.

    Raises:
        RequestError: A rule that does not exist, allows no override or does not fire, or a blank reason.
    """
    allowed = [rule.id for rule in drug.rules if rule.override]
    firing = {finding.rule for finding in findings if finding.state is State.FIRES}
    for id_, reason in overrides.items():
        rule = drug.rule(id_)
        if not rule.override:
            raise RequestError(
                f"Rule '{id_}' ({rule.title}) cannot be overridden. Resolve what it says.",
                value=id_,
                accepted=", ".join(allowed),
            )
        if id_ not in firing:
            raise RequestError(
                f"Rule '{id_}' does not fire for this patient, so there is nothing to override; "
                f"{nearest(id_, firing) if firing else 'no rule fires'}. Leave the override out.",
                value=id_,
                accepted="a rule that fires",
            )
        if not reason.split():
            raise RequestError(
                f"The override of '{id_}' gives no reason. Write why, such as '{id_}=bridge to surgery tonight'.",
                value=shorten(reason) or None,
                accepted="a reason in words",
            )
    return tuple(
        replace(finding, state=State.OVERRIDDEN, override_reason=" ".join(overrides[finding.rule].split()))
        if finding.rule in overrides
        else finding
        for finding in findings
    )
