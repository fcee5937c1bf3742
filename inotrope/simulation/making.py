"""`simulate`: a model and what is given in, levels over time out.

Knows which kinds of input there are (a regimen, a case, a table of many subjects) and what each takes beside it: an
option that an input does not read is an error, since somebody meant it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike

from inotrope.dosing import History, WrittenRegimen, find_entry, goes_on, history, loading_until, read_regimen
from inotrope.drug import Drug, Entry, list_drugs, load_drug
from inotrope.errors import RequestError, shorten
from inotrope.forecast.person import covariates as covariates_of_case
from inotrope.patient import Case, Kidney, assess_kidney
from inotrope.population import (
    NO_OWN_KIDNEYS,
    NO_OWN_KIDNEYS_YET,
    ExtracorporealClearance,
    Model,
    Population,
    Stream,
    beside_machines,
    clearances_entered,
    earlier_kidneys,
    knows_kidneys,
    lately_replaced,
    load_model,
    load_population,
    machines_of_case,
    not_yet_known,
    says_past_machines,
    standard_normals,
)
from inotrope.simulation.answer import Simulation, many
from inotrope.simulation.course import MOST_PATIENTS, Asked, nothing, of_person, of_population, refused
from inotrope.simulation.given import DAY_H, Given, end_of, times_of
from inotrope.simulation.levels import Told
from inotrope.simulation.machines import read_machines
from inotrope.simulation.person import Written, person
from inotrope.units import Quantity, hours_between, read_quantity, round_half_up

TABLES = (".csv", ".txt", ".dat")
"""Endings of a file that holds a table."""
OWN_CLEARANCE = (
    "The machine's clearance adds to the body's own: a creatinine clearance given beside it is taken as that of the "
    "patient's own kidneys, and a creatinine that the machine lowered does not tell that."
)
NOT_RECORDED = "The case does not say what was given before: nothing is supposed, and levels may be too low."


def simulate(
    model: Model | str | Path,
    given: Any,
    *,
    covariates: Written | None = None,
    regimen: WrittenRegimen | str | None = None,
    times_h: ArrayLike | None = None,
    until: str | Quantity | None = None,
    step: str | Quantity | None = None,
    patients: int | None = None,
    seed: int | None = None,
    population: Population | str | Path | None = None,
    machines: Sequence[str | ExtracorporealClearance] | None = None,
    assume_kidney: str | Quantity | None = None,
    amounts: bool = False,
    quantiles: Sequence[float] = (),
    columns: Mapping[str, str] | None = None,
    threads: int = 1,
    residual: bool = False,
    told: Told | None = None,
) -> Simulation:
    """Return levels over time by one model, for any drug.

    Args:
        model: A model, the name of a shipped one (`milrinone/label_adult`), or a TOML file.
        given: A regimen as text or as read; a `Case`; or a table of many subjects in NONMEM's columns: the path of a
            CSV file, or columns by name (a mapping, a data frame), in the units of the model file's `[data]`.
        covariates: With a regimen: of the person, by name, each with its unit: `{"weight": "70 kg"}`.
        regimen: With a case: what is given from `now` on; without it an infusion that runs goes on, and a load
            that is going in is an error: what follows it must be named.
        times_h: With a regimen or case: the times, h, from 0 on, in order.
        until: The last time in place of them, also where no whole step ends there; by default the regimen's end, or
            24 h after its last change.
        step: Between two times; by default 1 min up to 2 h, 15 min up to 48 h, else 1 h.
        patients: How many are drawn; without it the typical patient stands alone. With `covariates` or a case they are
            draws of that person, with `population` virtual patients.
        seed: Of the random numbers. With a table: draws each subject's own deviations; without, all are typical.
        population: A population's name, such as `adults_in_heart_failure`, or a TOML file, in place of `covariates`.
        machines: With a regimen: what machines clear of the drug beside the body, `1.2 L/h from 6 h to 30 h`. Those of
            a case stand in it.
        assume_kidney: With a case: a creatinine clearance to suppose in place of the one that its record gives,
            `60 mL/min/1.73 m2`, as `make_plan` takes one; the answer says so.
        amounts: Also the amounts in every compartment.
        quantiles: Shares from 0 to 1, in place of the curves: a million patients need no million curves.
        columns: With a table: which column is which covariate, where the names differ: `{"CRCL": "creatinine
            clearance"}`.
        threads: For many patients; the answer is the same for any number.
        residual: Also measured levels: the residual error that the model states, drawn around each level (DV beside
            CP; quantiles are then of measured levels). One that falls below 0 stands as 0 and is counted.
        told: Is told how much of how much is done.

    Returns:
        The levels; or, where the model refuses, an answer without arrays whose `refused` says why.

    Raises:
        InotropeError: What was asked is meaningless; the sentence says what, where, and what to do.
    """
    own = as_model(model)
    say = told or (lambda done, total: None)
    shares = _shares(quantiles)
    if threads < 1:
        raise RequestError(f"'{threads}' is no number of threads.", value=threads, accepted="1 or more")
    if isinstance(given, str) and given.lower().endswith(TABLES):
        given = Path(given)
    if not isinstance(given, (str, WrittenRegimen, Case)):
        _unread(
            "A table",
            covariates=covariates,
            regimen=regimen,
            times_h=times_h,
            until=until,
            step=step,
            patients=patients,
            population=population,
            machines=machines,
            assume_kidney=assume_kidney,
            quantiles=shares or None,
        )
        from inotrope.simulation.tables import of_table  # noqa: PLC0415 - a regimen reads no table

        return of_table(
            own, given, columns=columns or {}, seed=seed, amounts=amounts, threads=threads, told=say, residual=residual
        )
    _unread("A regimen or case", columns=columns)
    _drawn(patients, seed, population, quantiles=bool(shares), amounts=amounts, residual=residual)

    def asked(words: str, patient: str, flowing: Given, end_h: Decimal, ran_h: float = 0.0) -> Asked:
        times = times_of(times_h, until, step, end_h=end_h)
        terms = machines_of_case(given) if isinstance(given, Case) else read_machines(machines or ())
        entered = clearances_entered(given, _drug(given)) if isinstance(given, Case) else bool(terms)
        return Asked(
            words,
            patient,
            flowing,
            times,
            ran_h,
            patients,
            seed,
            amounts,
            shares,
            threads,
            say,
            terms,
            entered,
            residual,
        )

    if isinstance(given, Case):
        _unread("A case", covariates=covariates, population=population)
        if machines is not None:
            there = "The clearance of a case's machine stands in the case, under 'support'. Leave 'machines' out."
            raise RequestError(there, value="machines")
        known = assess_kidney(given, assumed=_assumed(assume_kidney))
        return _of_case(own, given, known, regimen, asked, whom=_whom(patients, "of the case"))
    if assume_kidney is not None:
        there = (
            "A kidney function is assumed of a case. Of a regimen's patient give the covariate 'creatinine clearance'."
        )
        raise RequestError(there, value=str(assume_kidney))
    _unread("A regimen", regimen=regimen)
    plan = read_regimen(given) if isinstance(given, str) else given
    flowing, end_h = Given.of_regimen(plan), end_of(plan)
    if population is not None:
        if covariates is not None:
            raise RequestError("Covariates are given, and a population as well. Give one of them.")
        whom = population if isinstance(population, Population) else _population(population)
        words = f"{many(patients or 0, 'virtual patient')} of {whom.name}, {whom.title}"
        return of_population(own, asked(str(plan), words, flowing, end_h), whom)
    series, says = person(own, covariates or {})
    says = (*says, OWN_CLEARANCE) if machines else says
    named = ", ".join(f"{name} {value}" for name, value in (covariates or {}).items())
    return of_person(own, asked(str(plan), _whom(patients, named), flowing, end_h), series, says)


def as_model(model: Model | str | Path) -> Model:
    """Return a model, by name or from a file: a text that ends in `.toml` is a file.

    Raises:
        RequestError, FileError, LibraryError: As `load_model`.
    """
    if isinstance(model, Model):
        return model
    return load_model(Path(model) if isinstance(model, str) and model.endswith(".toml") else model)


def _population(written: str | Path) -> Population:
    """Return a population, by name or from a file: a text that ends in `.toml` is a file, as for a model."""
    return load_population(Path(written) if str(written).endswith(".toml") else written)


def _assumed(written: str | Quantity | None) -> Quantity | None:
    if written is None or isinstance(written, Quantity):
        return written
    return read_quantity(written, what="Assumed kidney function", dimensions=("flow per body surface area",))


def _of_case(
    model: Model,
    case: Case,
    known: Kidney,
    regimen: WrittenRegimen | str | None,
    asked: Callable[..., Asked],
    *,
    whom: str,
) -> Simulation:
    if case.drug != model.drug:
        raise RequestError(
            f"The case is of {case.drug} and model {model.name} is of {model.drug}. Name a model of {case.drug}.",
            value=model.name,
        )
    past = history(case, drug=model.drug)
    drug = _drug(case)
    plan = read_regimen(regimen) if isinstance(regimen, str) else regimen or _what_runs(case, past, drug)
    whole = asked(
        "nothing from now on" if plan is None else str(plan),
        whom,
        Given.of_case(past, plan, case.patient.weight),
        DAY_H,
        float(past.running_h),
    )
    if past.conflict is not None:
        told = f"The record of what was given contradicts itself: {past.conflict}. Correct the record."
        return refused(nothing(model, whole), told)
    not_yet = not_yet_known(case, known, drug, entered=whole.entered)
    if not_yet:
        return refused(nothing(model, whole), not_yet)
    kidney = beside_machines(case, known, drug) if whole.entered else known
    lacks = None
    if kidney.clearance is None and knows_kidneys(model):
        lacks = RequestError(
            f"Model {model.name} needs a creatinine clearance, and the case gives none: {kidney.because} Complete the "
            "case, assume one ('60 mL/min/1.73 m2'), or take a model that does without.",
            value=model.name,
            accepted="a case with a usable creatinine, or an assumed kidney function",
        )
    earlier = None if kidney is known else earlier_kidneys(case, drug)
    series = covariates_of_case(model, case, kidney, None, earlier)
    supposed = NO_OWN_KIDNEYS_YET if lately_replaced(case, drug) else NO_OWN_KIDNEYS
    says = [] if past.complete else [NOT_RECORDED]
    if known.assumed and knows_kidneys(model):
        record = "gives no usable one" if known.measured is None else f"gives {known.measured.shown(1)}, not used"
        says.append(f"Kidney function is ASSUMED to be {known.clearance}. The record {record}.")
    if kidney is not known and knows_kidneys(model):
        says += [supposed, *([] if earlier is None else [earlier.says])]
    says += says_past_machines(case, (float(piece.start_h) for piece in past.pieces))
    return of_person(model, whole, series, tuple(says), lacks=lacks)


def _what_runs(case: Case, past: History, drug: Drug | None) -> WrittenRegimen | None:
    """Return the infusion that runs, going on; an error where it is a load, for no simulation knows what follows it."""
    entry = None if drug is None else find_entry(drug, case)
    until = loading_until(entry, past, case.now) if isinstance(entry, Entry) else None
    if until is None or past.running_rate is None:
        return goes_on(past)
    left = Quantity(round_half_up(hours_between(case.now, until) * 60, 2), "min")
    rate = past.running_rate.shown(4)
    says = (
        f"A load at {rate} still goes in until {until:%Y-%m-%d %H:%M}, and what follows it is not said. Name the "
        f"regimen from now on: '{rate} for {left}', and then the rate of the plan."
    )
    raise RequestError(says, value=str(past.running_rate), accepted="a regimen from now on")


def _drug(case: Case) -> Drug | None:
    """Return the folder of a case's drug; None where there is none, for a model may be of any drug."""
    return load_drug(case.drug) if case.drug in list_drugs() else None


def _shares(quantiles: Sequence[float]) -> tuple[float, ...]:
    shares = tuple(float(share) for share in quantiles)
    for share in shares:
        if not 0 <= share <= 1:
            raise RequestError(f"'{share:g}' is no share for a quantile.", value=share, accepted="from 0 to 1")
    return tuple(sorted(set(shares)))


def _drawn(
    patients: int | None, seed: int | None, population: object, *, quantiles: bool, amounts: bool, residual: bool
) -> None:
    """Prove that draws have a seed, and that nothing is asked of draws where none are made."""
    if patients is None:
        for name, there in (("seed", seed is not None), ("population", population is not None)):
            if there:
                raise RequestError(f"A {name} draws nobody without a number of patients. Give patients, such as 1000.")
        if residual:
            raise RequestError(
                "The error of a measurement is drawn for each of many. Give patients, such as 1000, and a seed."
            )
        if quantiles:
            raise RequestError("Quantiles are of many patients. Give patients, such as 1000, and a seed.")
        return
    if isinstance(patients, bool) or not 1 <= patients <= MOST_PATIENTS:
        raise RequestError(
            f"'{patients}' is no number of patients.", value=patients, accepted=f"1 to {MOST_PATIENTS:,}"
        )
    if seed is None:
        raise RequestError("Patients are drawn by a seed, so that they can be drawn again. Give a seed, such as 1.")
    if quantiles and amounts:
        raise RequestError("Quantiles are of levels, and not of amounts. Ask for one of them.")
    standard_normals(seed, 0, 1, Stream.SUBJECT)  # a wrong seed is told before anything is read


def _unread(what: str, **options: object) -> None:
    for name, value in options.items():
        if value is not None:
            raise RequestError(f"{what} does not read '{name}': '{shorten(str(value))}'. Leave it out.", value=name)


def _whom(patients: int | None, named: str) -> str:
    what = "the typical patient" if patients is None else f"{many(patients, 'draw')} of one patient"
    return f"{what}: {named}" if named else what
