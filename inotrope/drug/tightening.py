"""A drug as one hospital uses it: its folder with the site's stricter numbers in the place of the library's.

Knows how each setting of `site.toml` is held against the folder and put into it, and proves that none loosens: a value
on the wrong side is a mistake that names the library's value, its source and what is accepted. It judges no patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from inotrope.drug.bags import prove_bags
from inotrope.drug.conditions import MeasurementCompares, walk
from inotrope.drug.directions import FOLLOWS_FROM, OF_NUMBERS, Tighter, of_limit, of_number
from inotrope.drug.entries import Entry
from inotrope.drug.folder import Drug
from inotrope.drug.formulary import prove_formulary, with_formulary
from inotrope.drug.numbers import RATE, Counted, Sourced
from inotrope.drug.plausible import end_of_limit, end_of_number, lowest_rate
from inotrope.drug.reading import Book, Problem
from inotrope.drug.references import Limit, References, dimension_of
from inotrope.drug.rules import Rule
from inotrope.drug.site import Setting, Site, Word, raise_first, read_site_noting
from inotrope.errors import nearest, shorten
from inotrope.findings import SourceReference, Status
from inotrope.units import Quantity, plain_number

SOFT_MAXIMUM = "site.soft_maximum"
"""Where the site's soft limit stands among the numbers of the drug, for the rule that reads it."""
LEVEL = "concentration"
"""The measurement that the site's band of levels speaks of."""


@dataclass(frozen=True, slots=True)
class SiteChange:
    """One thing that a site settled or tightened.

    Attributes:
        path: Where it stands in the site's file, such as `limits.maintenance.maximum`.
        library: What the library says.
        site: What holds here.
        entry: The dosing entry whose number it is; empty where it belongs to none.
    """

    path: str
    library: str
    site: str
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Tightened:
    """A drug at one site, everything that the site changed in it, and the names that its formulary adds.

    `without_effect` holds a row for each entry of which a limit is tighter already than the site's, for all of them.
    """

    drug: Drug
    changes: tuple[SiteChange, ...]
    names: Mapping[str, str]
    without_effect: tuple[SiteChange, ...] = ()


def tighten(drug: Drug, site: Site) -> Drug:
    """Return the drug with the site's numbers, limits, bags and names; `drug` itself stays as it was.

    Raises:
        LibraryError: A setting that loosens, names nothing of this drug, has another dimension or cannot be set; with
            file, line and key, the library's value, its source, and what is accepted.
    """
    return tightened(drug, site).drug


def tightened(drug: Drug, site: Site) -> Tightened:
    """Return what `tighten` returns with the list of what was changed; raises as it does."""
    book = Book()
    found = _Tightening(drug, site, book).run()
    raise_first(book.problems)
    return found


def check_site(path: Path, drug: Drug) -> tuple[tuple[Problem, ...], Tightened]:
    """Return every problem of a site's file, its form and how it fits a drug, and the drug with what it would change.

    Raises:
        FileError: Not readable, or not TOML.
        LibraryError: Larger than any site's file.
    """
    book = Book()
    site = read_site_noting(path, book)
    found = _Tightening(drug, site, book).run()
    return tuple(book.problems), found


@dataclass
class _Tightening:
    """One application of a site's file to one drug; every mistake is noted and its setting left out."""

    drug: Drug
    site: Site
    book: Book
    changes: list[SiteChange] = field(default_factory=list)
    without_effect: list[SiteChange] = field(default_factory=list)

    def run(self) -> Tightened:
        entries = self._entries()
        rules = self._rules()
        numbers = dict(self.drug.references.numbers)
        soft = self._soft(entries)
        if soft is not None:
            numbers[SOFT_MAXIMUM] = soft
        bags = prove_bags(self.site, self.drug, self.book)
        medicines = prove_formulary(self.site, self.drug.name, self.book)
        known = {entry.authority: entry.authority for entry in self.drug.entries}
        if self.site.prefer is not None:
            self._named(self.site.prefer, known, "authority of a dosing entry")
        indications = {name: entry.indication for entry in self.drug.entries for name in indication_names(entry)}
        for word in self.site.refused:
            self._named(word, indications, "indication of a dosing entry")
        drug = replace(
            self.drug,
            entries=entries,
            named_kidneys=tuple(kidney for entry in entries for kidney in entry.named_kidneys),
            rules=tuple(with_formulary(rule, medicines) for rule in rules),
            references=References(entries, numbers),
            site_bags=bags,
            site_bags_only=self.site.bags_only and bool(bags),
        )
        changes = (*self._settled(), *self.changes)
        return Tightened(drug, changes, medicines.names, tuple(self.without_effect))

    # --- numbers of dosing entries -----------------------------------------------------------------------------------

    def _entries(self) -> tuple[Entry, ...]:
        library = {entry.id: entry for entry in self.drug.entries}
        entries = dict(library)
        for setting in sorted(self.site.limits, key=lambda item: bool(item.entry)):  # what names one entry wins
            if setting.entry and setting.entry not in library:
                known = nearest(setting.entry, library)
                self._note(setting, f"'{shorten(setting.entry)}' is no dosing entry of {self.drug.name}; {known}.")
                continue
            meant = [library[setting.entry]] if setting.entry else list(library.values())
            having = {entry.id: entry.numbers[setting.path] for entry in meant if setting.path in entry.numbers}
            way = of_number(setting.path)
            if not having:
                settable = {path for entry in meant for path in entry.numbers if of_number(path) is not None}
                self._note(
                    setting, f"'{shorten(setting.path)}' is no limit of dosing; {nearest(setting.path, settable)}."
                )
            elif way is None:
                says = f"'{setting.path}' limits nothing, so no site can tighten it."
                self._note(setting, f"{says} Limits are: {', '.join(OF_NUMBERS)}.")
            elif self._tightens(setting, tuple(having.values()), way) and self._leaves(
                setting, end_of_number(setting.path, [library[id_] for id_ in having], library.values(), way), way
            ):
                for id_, before in having.items():
                    if _is_tighter(setting.value, before.value, way):
                        entries[id_] = self._with(entries[id_], setting, before)
                    elif setting.value != before.value:
                        row = SiteChange(_place(setting), str(before.value), _shown(setting.value), id_)
                        self.without_effect.append(row)
        return tuple(self._following(entry, library[id_]) for id_, entry in entries.items())

    def _following(self, entry: Entry, before: Entry) -> Entry:
        """Return the entry with the limits that follow from a number which the site lowered, in the same proportion.

        So the largest dose that raises no alarm stays the load and a tenth. What the file sets itself stands as set.
        """
        for path, behind in FOLLOWS_FROM.items():
            name = next((name for name in behind if name in before.numbers), None)
            own = before.numbers.get(path)
            if name is None or own is None or entry.numbers[path] is not own:
                continue
            old, new = before.numbers[name].value, entry.numbers[name].value
            if new != old:
                value = Quantity(own.value.value * new.in_unit(old.unit) / old.value, own.value.unit)
                entry = self._with(entry, Setting(path, value, ""), own)
        return entry

    def _with(self, entry: Entry, setting: Setting, before: Sourced) -> Entry:
        assert isinstance(setting.value, Quantity)  # its dimension was compared with the library's
        after = Sourced(setting.value, self._source(setting.path), _instead_of(before))
        path = _place(setting)
        self.changes = [item for item in self.changes if (item.path, item.entry) != (path, entry.id)]
        self.changes.append(SiteChange(path, str(before.value), str(setting.value), entry.id))
        changed: dict[str, Any] = {"numbers": {**entry.numbers, setting.path: after}}
        table, _, key = setting.path.partition(".")
        holder = getattr(entry, table, None)
        if is_dataclass(holder) and not isinstance(holder, type) and isinstance(getattr(holder, key, None), Sourced):
            changed[table] = replace(holder, **{key: after})
        return replace(entry, **changed)

    def _soft(self, entries: Sequence[Entry]) -> Sourced | None:
        setting = self.site.soft_maximum
        if setting is None:
            return None
        if not isinstance(setting.value, Quantity) or setting.value.dimension != RATE.dimension:
            self._note(setting, f"'{_shown(setting.value)}' is no rate per body weight. Write '0.6 mcg/kg/min'.")
            return None
        highest = max(entry.maintenance.maximum.value for entry in entries)
        lowest = min(lowest_rate(entry) for entry in entries)
        if setting.value < lowest:
            self._note(
                setting,
                f"A soft limit of {setting.value} would always speak: no entry prints less than {lowest}. Write "
                f"{lowest} or more.",
            )
            return None
        if setting.value >= highest:
            self._note(
                setting,
                f"A soft limit of {setting.value} would never speak: no entry allows more than {highest} here. Write "
                f"less than {highest}.",
            )
            return None
        self.changes.append(SiteChange("soft.maximum", "none", f"a warning above {setting.value}"))
        return Sourced(setting.value, self._source("soft.maximum"))

    # --- rules -------------------------------------------------------------------------------------------------------

    def _rules(self) -> tuple[Rule, ...]:
        rules = {rule.id: rule for rule in self.drug.rules}
        for setting in self.site.thresholds:
            id_, _, name = setting.path.rpartition(".")
            rule = rules.get(id_)
            if rule is None or name not in rule.limits:
                paths = (f"{rule.id}.{name}" for rule in self.drug.rules for name in rule.limits)
                known = nearest(setting.path, paths)
                self._note(setting, f"'{shorten(setting.path)}' is no '<rule id>.<limit name>' of a rule; {known}.")
                continue
            rules[id_] = self._with_limit(rule, name, setting, f"thresholds.{setting.path}")
        self._band(rules)
        for word in self.site.forbidden:
            rule = rules.get(word.text)
            if rule is None or not self.drug.rule(word.text).override:
                can = [rule.id for rule in self.drug.rules if rule.override]
                self.book.note(
                    word.where, f"'{shorten(word.text)}' is no rule that can be overridden; {nearest(word.text, can)}."
                )
                continue
            rules[rule.id] = replace(rule, override=False, overridden=None)
            self.changes.append(SiteChange(f"overrides.forbid: {rule.id}", "with a reason", "no override"))
        return tuple(rules.values())

    def _with_limit(self, rule: Rule, name: str, setting: Setting, path: str) -> Rule:
        """Return the rule with the site's limit, or as it is where the setting may not stand; then that is noted."""
        before, way = rule.limits[name], of_limit(rule, name)
        if way is None:
            self._note(
                setting,
                f"Limit '{name}' of rule '{rule.id}' cannot be set by a site: neither a lower nor a higher value only "
                f"makes the rule stricter. The library has {_with_source(before)}.",
            )
        elif self._tightens(setting, (before,), way) and self._leaves(setting, end_of_limit(rule, name, way), way):
            source, note = self._source(setting.path), _instead_of(before)
            after: Limit = (
                Sourced(setting.value, source, note)
                if isinstance(setting.value, Quantity)
                else Counted(setting.value, source, note)
            )
            self.changes.append(SiteChange(path, _shown(before.value), _shown(setting.value)))
            return replace(rule, limits={**rule.limits, name: after})
        return rule

    def _band(self, rules: dict[str, Rule]) -> None:
        """Put the site's band of levels into the rules that speak when a level lies outside the studied one."""
        ways = {"low": Tighter.HIGHER, "high": Tighter.LOWER}
        edges = {key: _edge_of_band(rules.values(), self.drug.name, way) for key, way in ways.items()}
        holds: dict[str, Any] = {key: edge[0].limits[edge[1]].value for key, edge in edges.items() if edge is not None}
        for setting in self.site.band:
            edge = edges[setting.path]
            if edge is None:
                self._note(setting, f"No rule of {self.drug.name} reads the {setting.path} end of a band of levels.")
                continue
            rule, name = edge
            changed = self._with_limit(rules[rule.id], name, setting, f"band.{setting.path}")
            holds[setting.path] = changed.limits[name].value
            if len(holds) == len(ways) and holds["low"] >= holds["high"]:
                self._note(setting, f"A band from {holds['low']} to {holds['high']} holds no level.")
                continue
            rules[rule.id] = changed

    # --- what every setting must obey --------------------------------------------------------------------------------

    def _tightens(self, setting: Setting, before: tuple[Limit, ...], way: Tighter) -> bool:
        """Tell whether a value has the right dimension and lies on the tighter side of at least one library value."""
        library = "; ".join(dict.fromkeys(_with_source(limit) for limit in before))
        wanted = dimension_of(before[0])
        own = setting.value.dimension if isinstance(setting.value, Quantity) else "ratio"
        if own != wanted:
            self._note(setting, f"'{_shown(setting.value)}' measures {own}, and this limit {wanted}: {library}.")
            return False
        if not isinstance(setting.value, Quantity) and setting.value <= 0:
            self._note(setting, f"'{_shown(setting.value)}' is not above zero. The library has {library}.")
            return False
        if any(_is_tighter(setting.value, limit.value, way) for limit in before):
            return True
        values: list[Any] = [limit.value for limit in before]
        edge = max(values) if way is Tighter.LOWER else min(values)
        does = "would change nothing in" if setting.value == edge else "would loosen"
        accepted = f"{'less' if way is Tighter.LOWER else 'more'} than {_shown(edge)}"
        self._note(
            setting,
            f"'{_shown(setting.value)}' {does} {setting.path}: the library has {library}. A site may only tighten: "
            f"write {accepted}, or leave it out.",
        )
        return False

    def _leaves(self, setting: Setting, end: Quantity | None, way: Tighter) -> bool:
        """Tell whether a limit leaves anything: beyond its end no dose is left, or every patient's value crosses it."""
        assert isinstance(setting.value, Quantity) or end is None  # dimensions were compared before
        if end is None or not _is_tighter(setting.value, end, way):
            return True
        self._note(
            setting,
            f"'{_shown(setting.value)}' is so tight that {setting.path} leaves no dose or no patient. Write {end} or "
            f"{'more' if way is Tighter.LOWER else 'less'}. Whether an indication is used here at all, [refuse] says.",
        )
        return False

    def _named(self, word: Word, known: dict[str, str], what: str) -> None:
        if " ".join(word.text.split()).casefold() not in {name.casefold() for name in known}:
            near = nearest(word.text, known)
            self.book.note(word.where, f"'{shorten(word.text)}' is no {what} of {self.drug.name}; {near}.")

    def _settled(self) -> list[SiteChange]:
        """Return what the site settles beside numbers: load, pump, bags, names, and what it does not do."""
        site = self.site
        found = [
            *_settled(site.load_from_premix, "load.from_premix", "from the vial", "from the premixed bag"),
            *_settled(not site.load_given, "load.given", "as the entry says", "no loading dose"),
            *_settled(site.pump_step, "pump.step", "the entry's usual step", str(site.pump_step)),
            *_settled(site.pump_minimum, "pump.minimum", "not known", str(site.pump_minimum)),
            *_settled(site.bags, "bags.list", "all standard ones", ", ".join(bag.id for bag in site.bags)),
            *_settled(site.bags_only, "bags.only", "any concentration", "only those of the list"),
        ]
        for medicine in site.formulary:
            found.append(SiteChange(f"formulary: {medicine.name}", "not in the vocabulary", medicine.class_))
        if site.prefer is not None:
            found.append(SiteChange("authority.prefer", "the first entry that fits", site.prefer.text))
        found += [SiteChange(f"refuse.indications: {word.text}", "an entry", "not used here") for word in site.refused]
        return found

    def _source(self, path: str) -> SourceReference:
        return SourceReference("site", path, "this site's own file", self.site.file, Status.JUDGEMENT)

    def _note(self, setting: Setting, says: str) -> None:
        self.book.note(setting.where, says)


def indication_names(entry: Entry) -> tuple[str, ...]:
    """Return every name of an entry's indication."""
    return (entry.indication, *entry.synonyms)


def _settled(value: object, path: str, library: str, site: str) -> list[SiteChange]:
    return [SiteChange(path, library, site)] if value else []


def _edge_of_band(rules: Iterable[Rule], drug: str, way: Tighter) -> tuple[Rule, str] | None:
    """Return the rule and its limit that stand nearest to the inside of the band on one side, or None."""
    found: list[tuple[Any, Rule, str]] = []
    for rule in rules:
        for leaf in walk(rule.when):
            if isinstance(leaf, MeasurementCompares) and leaf.name == LEVEL and getattr(leaf, "of", drug) == drug:
                name = leaf.limit_reference.removeprefix("@")
                if name in rule.limits and of_limit(rule, name) is way:
                    found.append((rule.limits[name].value, rule, name))
    choose: Callable[..., Any] = min if way is Tighter.LOWER else max
    return choose(found, key=lambda item: item[0])[1:] if found else None


def _is_tighter(value: Quantity | Decimal, library: Quantity | Decimal, way: Tighter) -> bool:
    """Tell whether a value lies strictly on the tighter side; both are of one dimension."""
    if isinstance(value, Quantity) and isinstance(library, Quantity):
        return value < library if way is Tighter.LOWER else value > library
    assert isinstance(value, Decimal) and isinstance(library, Decimal)  # dimensions were compared before
    return value < library if way is Tighter.LOWER else value > library


def _place(setting: Setting) -> str:
    """Return where a number of an entry stands in the site's file."""
    return setting.path if setting.path.startswith("rounding.") else f"limits.{setting.path}"


def _shown(value: Quantity | Decimal) -> str:
    return str(value) if isinstance(value, Quantity) else plain_number(value)


def _with_source(limit: Limit) -> str:
    return f"{_shown(limit.value)} ({limit.source.title}: {limit.source.place}, {limit.source.status})"


def _instead_of(before: Limit) -> str:
    return f"This site's own limit, in the place of {_with_source(before)}."
