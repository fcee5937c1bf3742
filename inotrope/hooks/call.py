"""One call of a hook as it comes in, read leniently: what is not needed for an answer is not demanded.

Knows the request of CDS Hooks 2.0.1. Unknown fields are accepted, and a member of another shape than the specification
says counts as not sent. It judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from inotrope.errors import RequestError

PATIENT_VIEW, ORDER_SELECT, ORDER_SIGN = HOOKS = ("patient-view", "order-select", "order-sign")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_UUID = re.compile(r"(urn:uuid:)?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
LONGEST_INSTANCE = 100
"""Characters; a UUID has 36."""
MOST_DRAFTS = 50
"""Drafts of one call that are looked at."""
_SCOPE = re.compile(r"(patient|user|system)/([A-Za-z]+|\*)\.([a-z*]+)(\?.*)?")


@dataclass(frozen=True, slots=True)
class Grant:
    """The leave to ask the record's own server.

    Attributes:
        server: Its address.
        token: Sent with each question, and written nowhere.
        scopes: What it may be asked for, in either syntax of SMART.
    """

    server: str
    token: str = field(repr=False)
    scopes: tuple[str, ...] = ()

    def reads(self, resource: str) -> bool:
        """Tell whether its scopes allow a search for a type of resource; where none is told, they may."""
        told = [match for match in map(_SCOPE.fullmatch, self.scopes) if match]
        return not told or any(
            match[2] in (resource, "*") and (match[3] in ("read", "*") or "s" in match[3].removeprefix("write"))
            for match in told
        )


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Attributes:
        hook: Which hook.
        instance: The id of this triggering of it.
        patient: The patient's id; None where it is not told as an id.
        drafts: The draft orders, as they were sent.
        selected: References of the drafts that are selected; None where the hook has no selection.
        prefetch: What was sent along, by the client's keys.
        grant: How the record's server may be asked; None where it may not.
    """

    hook: str
    instance: str
    patient: str | None
    drafts: tuple[Mapping[str, Any], ...]
    selected: frozenset[str] | None
    prefetch: Mapping[str, Any] = field(repr=False)
    grant: Grant | None

    @property
    def shown_instance(self) -> str:
        """The id of the call as a log may show it: what is no UUID could be anything."""
        return self.instance if _UUID.fullmatch(self.instance) else "not a UUID"


def read_call(document: object) -> Call:
    """Return a call.

    Args:
        document: The body of a request, as JSON was read.

    Raises:
        RequestError: It lacks what every call has: the hook, its instance, a context.
    """
    if not isinstance(document, Mapping):
        raise RequestError("A call is a JSON object with hook, hookInstance and context.")
    hook, instance, context = (document.get(key) for key in ("hook", "hookInstance", "context"))
    if hook not in HOOKS:
        raise RequestError("'hook' is none that is answered here.", accepted=", ".join(HOOKS), where="hook")
    if not isinstance(instance, str) or not 0 < len(instance) <= LONGEST_INSTANCE:
        raise RequestError("'hookInstance' is missing. Send the UUID of this call.", where="hookInstance")
    if not isinstance(context, Mapping):
        raise RequestError("'context' is missing. Send what the hook has.", where="context")
    prefetch = document.get("prefetch")
    return Call(
        hook,
        instance,
        _patient(context.get("patientId")),
        () if hook == PATIENT_VIEW else tuple(_drafts(context.get("draftOrders"))),
        _selected(context.get("selections")) if hook == ORDER_SELECT else None,
        prefetch if isinstance(prefetch, Mapping) else {},
        _grant(document),
    )


def _patient(value: object) -> str | None:
    name = value.removeprefix("Patient/") if isinstance(value, str) else ""
    return name if _ID.fullmatch(name) else None


def _drafts(bundle: object) -> Iterator[Mapping[str, Any]]:
    """Yield the resources of a bundle, which some clients send without its type; a lone order stands for one."""
    if not isinstance(bundle, Mapping):
        return
    if bundle.get("resourceType") not in (None, "Bundle"):
        yield bundle
        return
    entries = bundle.get("entry")
    for entry in (entries if isinstance(entries, list) else [])[:MOST_DRAFTS]:
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if isinstance(resource, Mapping):
            yield resource


def _selected(value: object) -> frozenset[str] | None:
    """Return what is selected; None where nothing is told, and everything counts as selected."""
    listed = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
    return frozenset(listed) or None


def _grant(document: Mapping[str, Any]) -> Grant | None:
    server, told = document.get("fhirServer"), document.get("fhirAuthorization")
    if not isinstance(server, str) or not isinstance(told, Mapping):
        return None
    token, kind, scope = told.get("access_token"), told.get("token_type", "Bearer"), told.get("scope")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or str(kind).lower() != "bearer":
        return None
    return Grant(server.rstrip("/"), token, tuple(scope.split()) if isinstance(scope, str) else ())
