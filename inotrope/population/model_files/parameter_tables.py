"""Reads what a model file says of parameters: typical values, named forms, groups, and observed levels.

Knows which keys each form takes and what each number must measure. A form that is not in the closed list is a mistake,
and so is a value per kg without the form that multiplies with the weight.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from inotrope.drug.numbers import HALF_LIFE, RATE, Kind
from inotrope.drug.reading import Section
from inotrope.errors import nearest, shorten
from inotrope.population.effects import FORMS, LEVEL_FORMS, WEIGHT, FormRule, Measures
from inotrope.population.model import Covariate, Effect, Group, Level, Number, Parameter
from inotrope.population.typical import INTERNAL, PER_KG
from inotrope.units import unit


def _kind(dimension: str, lowest: str, highest: str, name: str) -> Kind:
    return Kind(dimension, Decimal(lowest), Decimal(highest), name)


# Spans in which a number can be true of some infused drug, for slips of a unit; judgements, like those of a dose.
KINDS = {
    "L/h": _kind("flow", "0.0001", "2000", "L/h"),
    "L/kg/h": _kind("flow per body weight", "0.0005", "20", "L/kg/h"),
    "L": _kind("volume", "0.01", "20000", "L"),
    "L/kg": _kind("volume per body weight", "0.02", "200", "L/kg"),
    "h": HALF_LIFE,
    "ng/mL": _kind("mass concentration", "0.01", "1000000000", "ng/mL"),
}
SHARE = _kind("fraction", "0.1", "500", "%")
_WIDEST = Decimal(1_000_000_000)


def read_parameters(section: Section, covariates: Mapping[str, Covariate]) -> dict[str, Parameter]:
    """Return the parameters of a model by name, in the order of the file."""
    found: dict[str, Parameter] = {}
    for name in section.table:
        table = section.section(name)
        if name not in INTERNAL:
            table.problem(f"'{shorten(name)}' is no parameter; {nearest(name, INTERNAL)}.")
            continue
        rows = table.sections("by")
        per_kg = any(row.table.get("form") == "per_kg" for row in rows)
        kind = KINDS[PER_KG.get(INTERNAL[name], "") if per_kg and INTERNAL[name] in PER_KG else INTERNAL[name]]
        effects = tuple(_effect(row, FORMS, kind, covariates) for row in rows)
        if not per_kg and _is_per_kg(table):
            table.problem(
                f"A value per kg takes the weight: add [[parameters.{name}.by]] with form = 'per_kg'.", "typical"
            )
        typical = table.optional_sourced("typical", kind)
        givers = [place for place, effect in enumerate(effects) if effect.gives_value]
        if typical is None and givers != [0]:
            table.problem("A parameter has a typical value, or its first form gives one for each group or by a line.")
        if typical is not None and givers:
            table.problem("A typical value stands beside a form that gives the value itself. Keep one of them.")
        if sum(effect.form == "per_kg" for effect in effects) > 1:
            table.problem("'per_kg' stands twice: a value per kg is multiplied with the weight once.", "by")
        table.done()
        found[name] = Parameter(name, typical, effects)
    return found


def _is_per_kg(table: Section) -> bool:
    """Tell whether a typical value is written per kg, sound or not."""
    typical = table.table.get("typical")
    written = typical.get("value") if isinstance(typical, dict) else None
    return isinstance(written, str) and "/kg" in written


def read_level(section: Section, covariates: Mapping[str, Covariate]) -> Level:
    """Return the steady levels of a model: at which rate, and for whom."""
    at_rate = section.sourced("at_rate", RATE)
    if WEIGHT not in covariates:
        section.problem("A level at a rate per kg needs the covariate 'weight' in [covariates].", "at_rate")
    effect = _effect(section, LEVEL_FORMS, KINDS["ng/mL"], covariates)
    if effect.form == "category" and not effect.gives_value:
        section.problem("The groups of levels are quantities such as '451 ng/mL', and no factors.", "group")
    return Level(at_rate, effect)


def _effect(section: Section, rules: Mapping[str, FormRule], kind: Kind, covariates: Mapping[str, Covariate]) -> Effect:
    form = section.text("form")
    rule = rules.get(form)
    if rule is None:
        section.problem(f"'{shorten(form)}' is not a form that this program knows; {nearest(form, rules)}.", "form")
        return Effect("per_kg", WEIGHT, {}, ())
    if form == "category":
        groups = tuple(_group(row, kind, covariates) for row in section.sections("group", at_least=1))
        if len({type(group.value) for group in groups}) > 1:
            section.problem("Some groups have a value and some a factor. Write all in one way.", "group")
        section.done()
        return Effect(form, "", {}, groups)
    of = section.text("of")
    covariate = _covariate(section, of, "of", covariates)
    if covariate is not None and covariate.in_words:
        section.problem(f"'{of}' is a word; form '{form}' needs a number.", "of")
        covariate = None
    elif covariate is not None and rule.dimension and unit(covariate.unit).dimension != rule.dimension:
        section.problem(f"Form '{form}' takes a covariate that measures {rule.dimension}; '{of}' does not.", "of")
    if form == "per_kg" and covariate is not None and covariate.unit != "kg":
        section.problem(f"'{of}' is in {covariate.unit}; a value per kg needs kg.", "of")
    numbers = {} if covariate is None else _numbers(section, rule, kind, covariate)
    if covariate is not None:
        section.done()
    return Effect(form, of, numbers, ())


def _numbers(section: Section, rule: FormRule, kind: Kind, covariate: Covariate) -> dict[str, Number]:
    found: dict[str, Number] = {}
    for name, measures in rule.numbers.items():
        if measures in (Measures.ABOVE_ZERO, Measures.ANY_RATIO):
            found[name] = section.counted(name, positive=measures is Measures.ABOVE_ZERO)
        elif measures is Measures.SHARE:
            found[name] = section.sourced(name, SHARE)
        elif measures is Measures.LIKE_COVARIATE:
            found[name] = section.sourced(name, like(covariate))
        else:  # the end of a line may lie below zero
            found[name] = section.sourced(
                name, _kind(kind.dimension, f"-{_WIDEST}", str(_WIDEST), kind.unit), positive=False
            )
    return found


def _group(section: Section, kind: Kind, covariates: Mapping[str, Covariate]) -> Group:
    of = section.optional_text("of")
    covariate = _covariate(section, of, "of", covariates) if of else None
    is_ = section.optional_text("is")
    below = above = None
    tests = [key for key in ("is", "below", "up_to") if section.has(key)]
    if len(tests) != (1 if of else 0):
        section.problem("A group has 'of' and one of 'is', 'below', 'up_to'; the last one, for everybody else, none.")
    elif covariate is not None and covariate.in_words != bool(is_):
        section.problem(f"'{of}' is {'a word: write is' if covariate.in_words else 'a number: write below or up_to'}.")
    elif covariate is not None and is_ and covariate.values and is_ not in covariate.values:
        section.problem(f"'{shorten(is_)}' is not what '{of}' can be: {', '.join(covariate.values)}.", "is")
    elif covariate is not None and not is_:
        below, above = (section.optional_sourced(key, like(covariate)) for key in ("below", "up_to"))
    else:
        for key in ("below", "up_to"):
            section.raw(key)
    value: Number = section.counted("factor") if section.has("factor") else section.sourced("value", kind)
    group = Group(of, is_, below, above, value, section.optional_sourced("sd", kind))
    section.done()
    return group


def like(covariate: Covariate) -> Kind:
    """Return the kind of a number that is held against a covariate."""
    return Kind(unit(covariate.unit).dimension, 1 / _WIDEST, _WIDEST, covariate.unit)


def _covariate(section: Section, name: str, key: str, covariates: Mapping[str, Covariate]) -> Covariate | None:
    found = covariates.get(name)
    if found is None and name:
        section.problem(f"'{shorten(name)}' does not stand in [covariates]; {nearest(name, covariates)}.", key)
    return found
