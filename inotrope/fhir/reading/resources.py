"""A record to the resources of one patient: entries, references, versions, copies, further pages.

Knows a Bundle, a list of resources, and Bundles within it. A resource that cannot be one is named by its place. It
knows no clinical meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from inotrope.fhir.reading.plain import each, moment, name_of, table, text, words
from inotrope.fhir.reading.record import Book, Kind

READ = (
    "Patient",
    "Observation",
    "Condition",
    "AllergyIntolerance",
    "Medication",
    "MedicationRequest",
    "MedicationAdministration",
    "Device",
    "DeviceUseStatement",
    "Procedure",
)
"""Types that are read; any other is listed."""
AROUND = ("Encounter", "Practitioner", "PractitionerRole", "Organization", "Location", "OperationOutcome", "Bundle")
"""Types that say nothing of the case and are not listed one by one."""
MOST = 20_000
"""Resources of one record: a stay of weeks on a ward that records every quarter of an hour."""
OLDER_OR_NEWER = ("MedicationOrder", "DeviceUse", "DeviceUsage")
"""Types of other versions that stand for what is read in R4."""
DEEPEST = 3
"""Bundles within Bundles: a list of search results, each a Bundle."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource with the name it has in the lists, and the address it came under."""

    name: str
    content: Mapping[str, Any]
    address: str

    @property
    def type(self) -> str:
        """The resource's type."""
        return words(self.content.get("resourceType"))

    @property
    def key(self) -> str:
        """The resource's id."""
        return words(self.content.get("id"))


class Record:
    """The resources of a record, found by type and by reference."""

    def __init__(self, sources: tuple[object, ...], book: Book) -> None:
        """Collect every resource once; what is none goes into the book."""
        self._book = book
        self._found: list[Resource] = []
        self._count = 0
        for source in sources:
            self._collect(source, "", 0)
        self.all = tuple(self._once())
        self._by_address: dict[str, Resource] = {}
        for resource in self.all:
            for address in (f"{resource.type}/{resource.key}", resource.address):
                self._by_address.setdefault(address, resource)

    def of(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of some types, in the order sent."""
        return (resource for resource in self.all if resource.type in types)

    def find(self, reference: object, within: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what a Reference points to: contained in the resource, or sent with it; None where it was not sent."""
        address = words(table(reference).get("reference"))
        if address.startswith("#"):
            return next(
                (item for item in each(within.get("contained")) if f"#{words(item.get('id'))}" == address), None
            )
        found = self.resource(address)
        return None if found is None else found.content

    def resource(self, address: str) -> Resource | None:
        """Return the resource at an address: relative, absolute, `urn:uuid:`, or of one version."""
        plain = address.partition("/_history/")[0]
        found = self._by_address.get(plain)
        return found or self._by_address.get("/".join(plain.split("/")[-2:]))

    def _collect(self, source: object, address: str, depth: int) -> None:
        if source is None:
            return
        if isinstance(source, list):
            for item in source:
                self._collect(item, "", depth)
            return
        content = table(source)
        if words(content.get("resourceType")) != "Bundle":
            self._keep(source, address)
            return
        if depth >= DEEPEST:
            self._book.leave("Bundle", Kind.UNREADABLE, "Bundles stand in each other too deeply.")
            return
        self._look_for_more(content)
        entries = content.get("entry", [])
        for entry in entries if isinstance(entries, list) else [entries]:
            if not isinstance(entry, dict):
                self._unreadable("The entry is no object.")
            elif words(table(entry.get("search")).get("mode")) != "outcome":
                inner = entry.get("resource")
                if inner is None:
                    self._unreadable("The entry has no resource.")
                else:
                    self._collect(inner, words(entry.get("fullUrl")), depth + 1)

    def _look_for_more(self, bundle: Mapping[str, Any]) -> None:
        for link in each(bundle.get("link")):
            if words(link.get("relation")) == "next":
                self._book.ask(
                    "record",
                    "The record is incomplete: it names a next page that was not sent, so what is absent here may "
                    "stand there. Send every page.",
                )

    def _keep(self, source: object, address: str) -> None:
        content = table(source)
        place, self._count = self._count, self._count + 1
        if self._count > MOST:
            if self._count == MOST + 1:
                self._book.ask("record", f"The record has more than {MOST:,} resources. Send the last days.")
            return
        if not words(content.get("resourceType")):
            self._unreadable("It is no resource: it has no type.", words(content.get("id")), place)
            return
        self._found.append(Resource(name_of(content, place), content, address))

    def _unreadable(self, says: str, key: str = "", place: int | None = None) -> None:
        where = self._count if place is None else place
        self._count += place is None
        self._book.leave(f"{key or 'resource'} (entry {where + 1})", Kind.UNREADABLE, says)

    def _once(self) -> Iterator[Resource]:
        """Yield each resource once: of several copies the newest version, where they tell which that is."""
        copies: dict[str, list[Resource]] = {}
        for place, resource in enumerate(self._found):
            key = f"{resource.type}/{resource.key}" if resource.key else f"{place}"
            copies.setdefault(key, []).append(resource)
        for found in copies.values():
            if len(found) == 1:
                yield found[0]
                continue
            newest = _newest(found)
            if newest is None:
                says = f"{found[0].name} was sent {len(found)} times with different content. None of it is used."
                self._book.clash(says, found[0].name)
                self._book.leave(found[0].name, Kind.CONTRADICTED, says)
                if found[0].type in READ:
                    self._book.ask("record", says)
                continue
            for other in found:
                if other is newest:
                    continue
                same = other.content == newest.content
                kind = Kind.DUPLICATE if same else Kind.SUPERSEDED
                self._book.leave(other.name, kind, "It was sent twice." if same else "A newer version was sent too.")
            yield newest


def _newest(copies: list[Resource]) -> Resource | None:
    """Return the newest of several versions of one resource; None where they differ and do not tell."""
    if all(copy.content == copies[0].content for copy in copies):
        return copies[0]
    stamped = [(moment(text(table(copy.content.get("meta")).get("lastUpdated"))), copy) for copy in copies]
    times = [at for at, _ in stamped if at is not None]
    if len(times) < len(copies):
        return None
    latest = [copy for at, copy in stamped if at == max(times)]
    return latest[0] if all(copy.content == latest[0].content for copy in latest) else None


def wrong_version(resource: Resource) -> str | None:
    """Return why a resource is of another version of FHIR than R4; None where nothing says so."""
    content, kind = resource.content, resource.type
    if kind in OLDER_OR_NEWER:
        return f"{kind} is no type of R4."
    if kind in ("MedicationRequest", "MedicationAdministration") and "medication" in content:
        return "Its 'medication' is written as in R5."
    if kind == "AllergyIntolerance" and "substance" in content:
        return "Its 'substance' is written as in DSTU2."
    if kind in ("Condition", "AllergyIntolerance") and isinstance(content.get("clinicalStatus"), str):
        return "Its 'clinicalStatus' is a word, as before R4."
    return None
