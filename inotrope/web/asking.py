"""The text of a case and what is asked beside it, to an entry of `plan`: read as the command line reads it.

Knows how each option is read. It computes nothing, keeps nothing and opens no file that a request names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from inotrope.errors import InotropeError, RequestError, nearest, shorten

if TYPE_CHECKING:
    from inotrope.drug import Site
    from inotrope.patient import Case
    from inotrope.plan import OrderCheck, Plan, PreparedPlan, Screening
    from inotrope.plan.circulation.record import CirculationForecast
    from inotrope.plan.fitting.record import Fit
    from inotrope.plan.supposing.record import Supposition
    from inotrope.plan.target.record import Target
    from inotrope.units import Quantity
    from inotrope.web.options import Options

Written = str | Mapping[str, Any]
"""A case or an order as JSON text, or as the table that a JSON text was read to."""
NAME = "case"
"""What an error calls the case: the field of a page, and the key of a body."""


def read(case: Written) -> Case:
    """Return a case.

    Raises:
        FileError, CaseError, UnitError: As `read_case`, with `case` in front of the key.
        RequestError: It names no shipped drug.
    """
    from inotrope.drug import load_drug  # noqa: PLC0415 - the server starts before the first patient
    from inotrope.patient import read_case  # noqa: PLC0415 - the same

    found = read_case(case.encode() if isinstance(case, str) else dict(case), name=NAME)
    try:
        load_drug(found.drug)  # which a plan would read anyhow; here it is known which field names it
    except RequestError as problem:
        raise problem.at(f"{NAME}: drug") from None
    return found


def prepare(case: Written, options: Options, site: Site | None) -> PreparedPlan:
    """Return a plan that can be asked what else would be."""
    from inotrope.plan import prepare_plan  # noqa: PLC0415 - as above, and in each function below

    return prepare_plan(read(case), **_of_plan(options), site=site)


def plan(case: Written, options: Options, site: Site | None) -> Plan:
    """Return a plan, with the changes that are supposed beside its forecast."""
    from inotrope.plan import make_plan  # noqa: PLC0415

    return make_plan(read(case), **_of_plan(options), site=site, what_if=options.what_if)


def suppose(prepared: PreparedPlan, text: str) -> Supposition:
    """Return what one change would do to the levels."""
    try:
        return prepared.what_if(text)
    except InotropeError as problem:
        raise problem.at("change") from None


def screen(case: Written, options: Options, site: Site | None) -> Screening:
    """Return the findings alone."""
    from inotrope.plan import screen as screened  # noqa: PLC0415

    return screened(read(case), **_of_plan(options), site=site)


def fit(case: Written, options: Options, site: Site | None) -> Fit:
    """Return what the measured levels say of the patient."""
    from inotrope.drug import load_drug  # noqa: PLC0415
    from inotrope.plan import fit_case  # noqa: PLC0415
    from inotrope.plan.models import models_of  # noqa: PLC0415

    found = read(case)
    models = None
    if options.models:
        known = {model.name: model for model in models_of(load_drug(found.drug))}
        for name in options.models:
            if name not in known:
                says = f"'{shorten(name)}' is not a model of this drug; {nearest(name, known)}."
                raise RequestError(says, value=name, accepted=", ".join(known), where="models")
        models = [known[name] for name in dict.fromkeys(options.models)]
    return fit_case(found, models=models, assume_kidney=_assumed(options), site=site)


def target(case: Written, options: Options, site: Site | None) -> Target:
    """Return the rate that most probably keeps the patient in a range, among those that the plan allows."""
    from inotrope.plan import find_dose  # noqa: PLC0415

    return find_dose(
        read(case),
        wanted=options.concentration,
        penalty=_penalty(options.penalty),
        hours=options.hours,
        result_after=options.result_after,
        **_of_plan(options),
        site=site,
    )


def circulation(case: Written, options: Options, site: Site | None) -> CirculationForecast:
    """Return what the drug is expected to do to heart and vessels; a hospital's own file says nothing of that."""
    from inotrope.plan import predict_circulation  # noqa: PLC0415

    del site
    return predict_circulation(read(case), regimen=options.regimen, typical=options.typical, model=options.model)


def order(written: Written, case: Written | None, site: Site | None) -> OrderCheck:
    """Return the check of an order, beside the plan of its patient where one is named."""
    from inotrope.plan import check_order  # noqa: PLC0415

    try:
        return check_order(
            written if isinstance(written, str) else dict(written), case=None if case is None else read(case), site=site
        )
    except InotropeError as problem:
        raise (problem if (problem.where or "").startswith(NAME) else problem.at("order")) from None


def convert(asked: Mapping[str, str]) -> dict[str, Any]:
    """Return a rate as a pump setting or back, as JSON has it; the names are those of `convert_dose`."""
    from inotrope.plan import convert_dose  # noqa: PLC0415

    return convert_dose(**asked).to_plain()


def _of_plan(options: Options) -> dict[str, Any]:
    return {"overrides": dict(options.overrides), "assume_kidney": _assumed(options)}


def _assumed(options: Options) -> Quantity | None:
    from inotrope.units import read_quantity  # noqa: PLC0415

    if options.assume_kidney is None:
        return None
    try:
        return read_quantity(
            options.assume_kidney, what="Assumed kidney function", dimensions=("flow per body surface area",)
        )
    except InotropeError as problem:
        raise problem.at("assume_kidney") from None


def _penalty(written: str | None) -> float | None:
    if written is None:
        return None
    try:
        return float(written)
    except ValueError:
        says = f"The penalty '{shorten(written)}' is no number. Write one from 0 to 100, such as 2."
        raise RequestError(says, value=written, accepted="a number from 0 to 100", where="penalty") from None
