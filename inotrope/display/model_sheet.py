"""The sheet of a published model: what must be known, typical values and what changes them, who was studied.

Knows words only; every number stands as the model file has it. For one patient it shows what the parameters come to.
"""

from __future__ import annotations

from collections.abc import Mapping

from inotrope.display.sheet import Block, Card, Lines, Mark, Paragraph, References, Row, Rows, Section, Sheet, Table
from inotrope.population import Answer, Model, describe
from inotrope.population.model import Covariate, Effect, Group, Number, Parameter, Within


def model_sheet(model: Model, *, patient: str, comes_to: Mapping[str, str], notice: str) -> Sheet:
    """Return the sheet of one model.

    Args:
        model: The model.
        patient: A patient in words; empty for none.
        comes_to: What each parameter comes to for him, by name.
        notice: The notice that stays on everything shown.
    """
    references = References()
    head = [Row("Drug", model.drug), Row("Gives", _gives(model))]
    head += [Row("Note", model.note)] if model.note else []
    head.append(Row("Sources", references.short(model.sources)))
    sections = [Section("What it is", (Rows(tuple(head)),)), Section("What must be known", _covariates(model))]
    sections.append(Section("Typical values", _parameters(model, references), loud=True))
    if comes_to:
        rows = tuple(Row(name, value, strong=True) for name, value in comes_to.items())
        sections.append(Section(f"For {patient}", (Rows(rows),), loud=True))
    sections.append(Section("How patients differ", _spread(model, references)))
    sections.append(Section("Who was studied", _studied(model, references)))
    told = [f"Known conflict: {item.says}" for item in model.conflicts]
    told += [f"Not known: {text}" for text in model.unknown]
    told += [
        f"Known and used by no calculation: {name} {_cited(item, references)}" for name, item in model.known.items()
    ]
    told += [f"Recalled and never read: {', '.join(model.unconfirmed)}."] if model.unconfirmed else []
    sections.append(Section("To read beside it", (Lines(tuple(told)) if told else Paragraph("Nothing."),)))
    sections.append(references.section())
    return Sheet(
        title=f"Model {model.name}",
        subtitle=model.title,
        status=_status(model),
        sections=tuple(sections),
        versions=(Row("Model file", model.digest),),
        notice=notice,
    )


def _gives(model: Model) -> str:
    able = [answer.value for answer in Answer if not model.lacking(answer)]
    return f"{' and '.join(able) or 'nothing: it is catalogued with what is known'} ({model.structure.value})"


def _status(model: Model) -> Card | None:
    rows = tuple(Row(answer.value, f"lacks {item}") for answer in Answer for item in model.lacking(answer))
    return Card(Mark.INFORM, "What it does not give", "", rows) if rows else None


def _covariates(model: Model) -> tuple[Block, ...]:
    if not model.covariates:
        return (Paragraph("Nothing: every patient is the typical one."),)
    rows = [
        (name, item.unit or _words(item), "needed" if name in model.needs else "tells who was studied")
        for name, item in model.covariates.items()
    ]
    ways = tuple(describe(item) + (f" ({item.note})" if item.note else "") for item in model.covariates.values())
    return Table("", ("covariate", "in", "why"), tuple(rows)), Lines(ways, title="Between two entries")


def _words(covariate: Covariate) -> str:
    return "one of: " + ", ".join(covariate.values) if covariate.values else "a word"


def _parameters(model: Model, references: References) -> tuple[Block, ...]:
    rows = [Row(name, _parameter(parameter, references)) for name, parameter in model.parameters.items()]
    if model.level is not None:
        at = model.level.at_rate
        says = f"at {_cited(at, references)}, {_effect(model.level.effect, references)}"
        rows.append(Row("steady level", says))
    return (Rows(tuple(rows)) if rows else Paragraph("None."),)


def _parameter(parameter: Parameter, references: References) -> str:
    typical = parameter.typical
    parts = [] if typical is None else [_cited(typical, references)]
    return " x ".join([*parts, *(_effect(effect, references) for effect in parameter.effects)])


def _effect(effect: Effect, references: References) -> str:
    if effect.form == "category":
        return f"by group ({'; '.join(_group(group, references) for group in effect.groups)})"
    numbers = ", ".join(f"{name} {_cited(number, references)}" for name, number in effect.numbers.items())
    return f"{effect.form} of {effect.of}" + (f" ({numbers})" if numbers else "")


def _group(group: Group, references: References) -> str:
    value = _cited(group.value, references)
    if not group.of:
        return f"everybody else: {value}"
    if group.is_:
        return f"{group.of} {group.is_}: {value}"
    limit = group.below or group.up_to
    assert limit is not None  # reading demands one of the three
    return f"{group.of} {'below' if group.below is not None else 'up to'} {_cited(limit, references)}: {value}"


def _cited(number: Number, references: References) -> str:
    """Show a number with where it comes from: a slope is often read elsewhere than the typical value, or chosen."""
    return f"{number.value} {references.short([number.source])}"


def _spread(model: Model, references: References) -> tuple[Block, ...]:
    spread = model.variability
    rows = []
    for what, spreads in (
        ("between subjects", spread.between_subjects),
        ("between occasions", spread.between_occasions),
    ):
        rows += [
            Row(name, f"{what}: {item.stated_as} {_cited(item.size, references)}") for name, item in spreads.items()
        ]
    rows += [
        Row(" and ".join(item.of), f"correlation {_cited(item.value, references)}") for item in spread.correlations
    ]
    residual = model.residual
    if residual is not None:
        a, b = _cited(residual.a, references), _cited(residual.b, references)
        says = f"{residual.form.value}, a = {a}, b = {b}, f the level"
        rows.append(Row("a measured level", says))
    return (Rows(tuple(rows)) if rows else Paragraph("The file does not say: only the typical patient can be shown."),)


def _studied(model: Model, references: References) -> tuple[Block, ...]:
    studied = model.studied
    rows = [Row("Who", f"{studied.who} {references.short(studied.sources)}")]
    if studied.observed_for is not None:
        rows.append(Row("For", _cited(studied.observed_for, references)))
    rows += [Row(limit.of, f"{_within(limit, references)}. {limit.says}") for limit in studied.limits]
    return (Rows(tuple(rows)),)


def _within(limit: Within, references: References) -> str:
    if limit.is_:
        return f"{', '.join(limit.is_)}; otherwise {limit.otherwise.value}"
    words = (
        ("from", limit.lowest),
        ("to", limit.highest),
        ("refused below", limit.refuse_below),
        ("refused above", limit.refuse_above),
    )
    return ", ".join(f"{word} {_cited(number, references)}" for word, number in words if number is not None)
