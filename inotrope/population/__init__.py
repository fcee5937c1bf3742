"""A published model made runnable: covariates, variability, who was studied, and what is not known.

Virtual patients are looked up when they are first asked for: the forecast of one patient does not wait for them.
"""

from typing import TYPE_CHECKING

from inotrope.population.bodies import AGES
from inotrope.population.domain import Domain, Remark, default_of, judge_domain, made_beside_machines, standings
from inotrope.population.extracorporeal import ENTER, ExtracorporealClearance, with_machines
from inotrope.population.from_case import series_of_case
from inotrope.population.giving import Flow, changes, timeline
from inotrope.population.machines_of_case import (
    NO_OWN_KIDNEYS,
    NO_OWN_KIDNEYS_YET,
    EarlierKidneys,
    beside_machines,
    clearances_entered,
    earlier_kidneys,
    lately_replaced,
    machines_of_case,
    not_yet_known,
    replaced,
    says_past_machines,
)
from inotrope.population.model import Answer, Model, ModelKind, OverTime, ResidualForm, Standing, Statement, Structure
from inotrope.population.model_files import check_model, check_models, list_models, load_model, load_models
from inotrope.population.over_time import (
    HALF_LIVES,
    Series,
    boundaries,
    describe,
    dying_away,
    on_records,
    on_segments,
    values_over_time,
)
from inotrope.population.set_up import Circumstances, SetUp, few_rows, knows_kidneys, set_up
from inotrope.population.spread import cv_of_omega, individual, omega_matrix, omega_of_cv, on_occasions, residual_sd
from inotrope.population.steady import SteadyLevel, steady_level
from inotrope.population.typical import disposition, typical_parameter, typical_values
from inotrope.population.virtual import (
    Stream,
    draw_etas,
    draw_etas_at,
    draw_even_individuals,
    draw_individuals,
    draw_measured,
    draw_measured_at,
    draw_occasion_etas,
    spreads,
    standard_normals,
)

if TYPE_CHECKING:
    from inotrope.population.virtual import (
        Population,
        VirtualPatients,
        draw_in_blocks,
        draw_patients,
        draw_these,
        list_populations,
        load_population,
    )

__all__ = [
    "AGES",
    "ENTER",
    "HALF_LIVES",
    "NO_OWN_KIDNEYS",
    "NO_OWN_KIDNEYS_YET",
    "Answer",
    "Circumstances",
    "Domain",
    "EarlierKidneys",
    "ExtracorporealClearance",
    "Flow",
    "Model",
    "ModelKind",
    "OverTime",
    "Population",
    "Remark",
    "ResidualForm",
    "Series",
    "SetUp",
    "Standing",
    "Statement",
    "SteadyLevel",
    "Stream",
    "Structure",
    "VirtualPatients",
    "beside_machines",
    "boundaries",
    "changes",
    "check_model",
    "check_models",
    "clearances_entered",
    "cv_of_omega",
    "default_of",
    "describe",
    "disposition",
    "draw_etas",
    "draw_etas_at",
    "draw_even_individuals",
    "draw_in_blocks",
    "draw_individuals",
    "draw_measured",
    "draw_measured_at",
    "draw_occasion_etas",
    "draw_patients",
    "draw_these",
    "dying_away",
    "earlier_kidneys",
    "few_rows",
    "individual",
    "judge_domain",
    "knows_kidneys",
    "lately_replaced",
    "list_models",
    "list_populations",
    "load_model",
    "load_models",
    "load_population",
    "machines_of_case",
    "made_beside_machines",
    "not_yet_known",
    "omega_matrix",
    "omega_of_cv",
    "on_occasions",
    "on_records",
    "on_segments",
    "replaced",
    "residual_sd",
    "says_past_machines",
    "series_of_case",
    "set_up",
    "spreads",
    "standard_normals",
    "standings",
    "steady_level",
    "timeline",
    "typical_parameter",
    "typical_values",
    "values_over_time",
    "with_machines",
]

_OF_MANY = frozenset(
    (
        "Population",
        "VirtualPatients",
        "draw_in_blocks",
        "draw_patients",
        "draw_these",
        "list_populations",
        "load_population",
    )
)

if not TYPE_CHECKING:  # a type checker that sees __getattr__ would accept any misspelled name

    def __getattr__(name: str) -> object:
        """Return a name of `inotrope.population.virtual` (PEP 562)."""
        if name in _OF_MANY:
            from inotrope.population import virtual  # noqa: PLC0415 - see above

            return getattr(virtual, name)
        raise AttributeError(f"module '{__name__}' has no attribute {name!r}")
