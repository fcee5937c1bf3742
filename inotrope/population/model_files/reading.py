"""Reads a model file whole: TOML in, a `Model` out, every mistake with file, line and key.

Knows the tables of a model file and how they must fit together. The parameters have a reader of their own
(`parameter_tables.py`); where model files lie is for `folder.py`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from inotrope.drug import Counted, Sourced
from inotrope.drug.numbers import HALF_LIFE
from inotrope.drug.reading import Part, Section
from inotrope.errors import nearest, shorten
from inotrope.findings import Status
from inotrope.population.effects import WEIGHT
from inotrope.population.model import (
    DISPOSITION,
    Answer,
    Correlation,
    Covariate,
    DataUnits,
    Lack,
    Model,
    ModelKind,
    OverTime,
    Parameter,
    Residual,
    ResidualForm,
    Spread,
    SpreadForm,
    Standing,
    Statement,
    Structure,
    Studied,
    Variability,
    Within,
)
from inotrope.population.model_files.parameter_tables import KINDS, SHARE, like, read_level, read_parameters
from inotrope.population.spread import omega_of_cv
from inotrope.population.typical import INTERNAL, PER_KG
from inotrope.units import find_unit, registry, units_of

DIMENSIONS = {
    WEIGHT: "body weight",
    "height": "length",
    "age": "time",
    "postnatal age": "time",
    "postmenstrual age": "time",
    "gestational age": "time",
    "time since bypass": "time",
    "creatinine clearance": "flow per body surface area",
    "own creatinine clearance": "flow",
}
"""What covariates measure that every drug knows; the second clearance is the person's own, not per body surface."""
_OTHERWISE = (Standing.EXTRAPOLATION, Standing.REFUSAL)


def read_model(section: Section, part: Part, *, name: str, path: Path, digest: str) -> Model | None:
    """Return a model, or None where something was wrong; problems go into the section's book.

    Args:
        section: The whole file. Its book holds the sources.
        part: Opened before the file was read.
        name: What the model is called.
        path: Where it lies.
        digest: SHA-256 of its bytes.
    """
    head = section.section("model")
    kind, structure = head.choice("kind", ModelKind), head.choice("structure", Structure)
    title, note = head.text("title"), head.optional_text("note")
    sources, status = head.references(), _status(head)
    head.done()
    covariates = _covariates(section)
    parameters_table = section.optional_section("parameters")
    parameters = {} if parameters_table is None else read_parameters(parameters_table, covariates)
    level_table = section.optional_section("level")
    level = None if level_table is None else read_level(level_table, covariates)
    lacks = tuple(_lack(row) for row in section.sections("lacks"))
    found = Model(
        name=name,
        drug=section.text("drug"),
        kind=kind,
        structure=structure,
        title=title,
        note=note,
        sources=sources,
        status=status,
        studied=_studied(section.section("studied"), covariates),
        covariates=covariates,
        parameters=parameters,
        level=level,
        variability=_variability(section.optional_section("variability"), parameters, part),
        residual=_residual(section.optional_section("residual")),
        known=_known(section.optional_section("known")),
        lacks=lacks,
        conflicts=tuple(_statement(row) for row in section.sections("conflict")),
        unknown=section.texts("unknown"),
        data=_data(section.optional_section("data")),
        path=path,
        digest=digest,
    )
    section.done()
    if part.sound:
        _prove(found, section)
    return found if part.sound else None


def _status(section: Section) -> Status:
    return section.choice("status", Status)


def _prove(model: Model, section: Section) -> None:
    """Prove that the tables fit together."""
    wanted = DISPOSITION[model.structure]
    excused = any(Answer.TIME_COURSE in lack.withholds for lack in model.lacks)
    if model.kind is ModelKind.TIME_COURSE and not (wanted or (model.structure is Structure.NOT_SEEN and excused)):
        section.problem("A model of a course over time has one, two or three compartments.", "model", "structure")
    missing = [name for name in wanted if name not in model.parameters]
    if model.kind is ModelKind.TIME_COURSE and missing and not excused:
        section.problem(
            f"A model of {model.structure} needs {', '.join(missing)}. Give them, or say in [[lacks]] what is missing.",
            "parameters",
        )
    disposition = {item for names in DISPOSITION.values() for item in names}
    extra = [name for name in model.parameters if name in disposition and name not in (*wanted, "clearance")]
    if extra:
        section.problem(f"A model of {model.structure} has no {', '.join(extra)}.", "parameters", extra[0])
    if model.kind is ModelKind.STEADY_STATE_ONLY and not model.parameters and model.level is None:
        section.problem("A model of steady states has [parameters] or [level].")
    used = {*model.needs, *(limit.of for limit in model.studied.limits)}
    for name in model.covariates:
        if name not in used:
            section.problem(f"Nothing reads the covariate '{name}'. Use it, or leave it out.", "covariates", name)


def _covariates(section: Section) -> dict[str, Covariate]:
    table = section.optional_section("covariates")
    found: dict[str, Covariate] = {}
    if table is None:
        return found
    for name in table.table:
        row = table.section(name)
        words = row.texts("values") if row.has("values") else ()
        written = "" if row.has("values") else _unit_name(row, name)
        over_time = row.choice("over_time", OverTime)
        if not written and over_time is OverTime.LINEAR:
            row.problem(f"'{shorten(name)}' is a word, which cannot run on a straight line.", "over_time")
        found[name] = Covariate(name, written, words, over_time, row.optional_text("note"))
        row.done()
    return found


def _unit_name(section: Section, covariate: str) -> str:
    """Return the unit that a covariate is given in, proved to measure what its name says."""
    written = section.text("unit")
    wanted = DIMENSIONS.get(covariate)
    found = find_unit(written) if written else None
    if found is None:
        if written:
            known = nearest(written, registry().units)
            section.problem(f"'{shorten(written)}' is not a unit of the closed list; {known}.", "unit")
        return "kg" if wanted is None else units_of(wanted)[-1]  # the largest: no limit in it is too large
    if wanted is not None and found.dimension != wanted:
        accepted = ", ".join(units_of(wanted))
        section.problem(f"'{written}' measures {found.dimension}; '{covariate}' is in {accepted}.", "unit")
    return found.name


def _studied(section: Section, covariates: Mapping[str, Covariate]) -> Studied:
    limits = tuple(_within(row, covariates) for row in section.sections("within"))
    found = Studied(
        who=section.text("who"),
        sources=section.references(),
        status=_status(section),
        observed_for=section.optional_sourced("observed_for", HALF_LIFE),
        limits=tuple(limit for limit in limits if limit is not None),
    )
    section.done()
    return found


def _within(section: Section, covariates: Mapping[str, Covariate]) -> Within | None:
    of = section.text("of")
    covariate = covariates.get(of)
    if covariate is None:
        section.problem(f"'{shorten(of)}' does not stand in [covariates]; {nearest(of, covariates)}.", "of")
        return None
    ends: dict[str, Sourced | None] = dict.fromkeys(("lowest", "highest", "refuse_below", "refuse_above"))
    words = section.texts("is")
    otherwise = section.optional_choice("otherwise", Standing) or Standing.EXTRAPOLATION
    if covariate.in_words:
        if not words or otherwise not in _OTHERWISE:
            section.problem("Write the words that were studied, and otherwise = 'extrapolation' or 'refusal'.", "is")
        strange = [word for word in words if covariate.values and word not in covariate.values]
        if strange:
            section.problem(f"'{strange[0]}' is not what '{of}' can be: {', '.join(covariate.values)}.", "is")
    else:
        ends = {key: section.optional_sourced(key, like(covariate)) for key in ends}
        if words or all(end is None for end in ends.values()):
            section.problem("A number has limits: lowest, highest, refuse_below or refuse_above.")
        _ascending(section, [ends[key] for key in ("refuse_below", "lowest", "highest", "refuse_above")])
    found = Within(of=of, **ends, is_=words, otherwise=otherwise, says=section.text("says"))
    section.done()
    return found


def _ascending(section: Section, ends: list[Sourced | None]) -> None:
    given = [end.value for end in ends if end is not None]
    if len({value.dimension for value in given}) == 1 and given != sorted(given):
        section.problem("The limits must ascend: refuse_below, lowest, highest, refuse_above.")


def _variability(section: Section | None, parameters: Mapping[str, Parameter], part: Part) -> Variability:
    if section is None:
        return Variability(SpreadForm.LOG_NORMAL, {}, {}, ())
    form = section.choice("form", SpreadForm)
    between = {
        key: {} if (table := section.optional_section(key)) is None else _spreads(table, parameters)
        for key in ("between_subjects", "between_occasions")
    }
    rows = section.sections("correlation")
    correlations = tuple(item for row in rows if (item := _correlation(row, between["between_subjects"])) is not None)
    section.done()
    if part.sound and len(between["between_subjects"]) > 1:
        _prove_correlations(section, tuple(between["between_subjects"]), correlations)
    return Variability(form, between["between_subjects"], between["between_occasions"], correlations)


def _spreads(section: Section, parameters: Mapping[str, Parameter]) -> dict[str, Spread]:
    found: dict[str, Spread] = {}
    for name in section.table:
        row = section.section(name)
        parameter = parameters.get(name)
        stated = [key for key in ("cv", "sd", "omega") if row.has(key)]
        if parameter is None:
            row.problem(f"'{shorten(name)}' is none of the parameters; {nearest(name, parameters)}.")
        elif len(stated) != 1:
            row.problem("Write one of cv = '24 %', sd in the unit of the typical value, or omega without a unit.")
        else:
            found[name] = _spread(row, parameter, stated[0])
            row.done()
    return found


def _spread(section: Section, parameter: Parameter, stated: str) -> Spread:
    if stated == "omega":
        number = section.counted("omega")
        return Spread(parameter.name, stated, number, float(number.value))
    if stated == "cv":
        share = section.sourced("cv", SHARE)
        return Spread(parameter.name, stated, share, omega_of_cv(float(share.value.in_unit("%")) / 100))
    typical = parameter.typical
    inner = INTERNAL[parameter.name]
    if typical is not None and typical.value.dimension.endswith("per body weight"):
        inner = PER_KG[inner]
    size = section.sourced("sd", KINDS[inner])
    if typical is None:
        section.problem("Without one typical value an sd has nothing to stand beside. Write a cv or an omega.", "sd")
        return Spread(parameter.name, stated, size, math.nan)
    cv = float(size.value.in_unit(typical.value.unit) / typical.value.value)
    return Spread(parameter.name, stated, size, omega_of_cv(cv))


def _correlation(section: Section, spreads: Mapping[str, Spread]) -> Correlation | None:
    of = section.texts("of")
    value = section.counted("value", positive=False)
    section.done()
    if len(of) != 2 or of[0] == of[1] or any(name not in spreads for name in of):  # noqa: PLR2004 - a pair
        section.problem(f"A correlation is of two parameters that spread; {nearest(' '.join(of), spreads)}.", "of")
        return None
    if not -1 < value.value < 1:
        section.problem(f"'{value.value}' is no correlation. Write a number between -1 and 1.", "value")
    return Correlation((of[0], of[1]), value)


def _prove_correlations(section: Section, names: tuple[str, ...], correlations: tuple[Correlation, ...]) -> None:
    matrix = np.eye(len(names))
    for item in correlations:
        row, column = (names.index(name) for name in item.of)
        matrix[row, column] = matrix[column, row] = float(item.value.value)
    if np.linalg.eigvalsh(matrix)[0] <= 0:
        section.problem("These correlations cannot all be true together: no patients can spread so.", "correlation")


def _residual(section: Section | None) -> Residual | None:
    if section is None:
        return None
    a = section.sourced("a", KINDS["ng/mL"])
    found = Residual(section.choice("form", ResidualForm), a, section.sourced("b", SHARE))
    section.done()
    return found


def _known(section: Section | None) -> dict[str, Sourced | Counted]:
    return {} if section is None else {name: section.number_of_any_kind(name) for name in section.table}


def _lack(section: Section) -> Lack:
    words = section.texts("withholds")
    known = tuple(answer for answer in Answer if answer.value in words)
    if not words or len(known) != len(words):
        section.problem("Write withholds = ['time course'], ['steady level'] or both.", "withholds")
    found = Lack(section.text("what"), known)
    section.done()
    return found


def _statement(section: Section) -> Statement:
    found = Statement(section.text("says"), section.references())
    section.done()
    return found


def _data(section: Section | None) -> DataUnits | None:
    if section is None:
        return None
    names = {"time": "time", "amount": "mass", "concentration": "mass concentration"}
    units = {key: _column(section, key, dimension) for key, dimension in names.items()}
    section.done()
    return DataUnits(**units)


def _column(section: Section, key: str, dimension: str) -> str:
    written = section.text(key)
    found = find_unit(written)
    if written and (found is None or found.dimension != dimension):
        section.problem(f"'{shorten(written)}' is no unit of {dimension}: {', '.join(units_of(dimension))}.", key)
    return written if found is None else found.name
