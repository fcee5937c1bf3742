"""From a level in plasma to factors on heart and vessels, step by step: how a PDE3 inhibitor acts.

Knows the chain: unbound drug, PDE3 occupied, cAMP left over, what heart, arteries and veins make of it. Each number
comes as an argument. Does not know which drug it is, nor any patient's circulation.

    Cu   = fu C / molar mass                        unbound, umol/L
    occ  = Cu / (Cu + IC50)                         share of PDE3 occupied
    cAMP = drive / (1 - f3 occ)                     against a heart at the drive 1 without drug; f3: PDE3's share
    heart:   1 + G(cAMP), G(c) = Emax (c - 1) / (K + |c - 1|)
    vessels: Hill curves in Cu, which is occ / (1 - occ) x IC50

At the drive 1 the heart's chain is exactly the hyperbola E C / (C + EC50), with EC50 = IC50 K / (f3 + (1 - f3) K)
unbound and E = Emax f3 / (f3 + (1 - f3) K); K and Emax are computed from the fitted E and EC50 by these. So IC50 and f3
add meaning and interactions and no freedom of fit.

The drive is the rate at which adenylyl cyclase makes cAMP in the heart, 1 in the patients of the fit. A beta-blocker
lowers it, a beta-agonist raises it. Below cAMP 1 the curve goes on with its slope, mirrored: a choice, since no source
gives it. Vessels take no part: at rest their tone hangs on alpha receptors.

Source: facts/circulation.md, section 3.1; the drive is a judgement.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from inotrope.circulation.arrays import Array, first, numbers, place, positive
from inotrope.circulation.heart import Changes
from inotrope.errors import CirculationError


@dataclass(frozen=True, slots=True)
class Enzyme:
    """How a drug meets PDE3.

    Attributes:
        unbound_share: fu, of the drug in plasma.
        molar_mass_g_per_mol: Of the base.
        half_inhibition_umol_per_l: IC50 of PDE3, unbound.
        share_of_hydrolysis: f3, of all cAMP that the heart breaks down.
    """

    unbound_share: Array
    molar_mass_g_per_mol: Array
    half_inhibition_umol_per_l: Array
    share_of_hydrolysis: Array

    @classmethod
    def of(
        cls,
        *,
        unbound_share: ArrayLike,
        molar_mass_g_per_mol: ArrayLike,
        half_inhibition_umol_per_l: ArrayLike,
        share_of_hydrolysis: ArrayLike,
    ) -> Enzyme:
        """Return checked numbers.

        Raises:
            CirculationError: One is not above zero; a share is above 1, or all of the hydrolysis.
        """
        given = {name: positive(name, value) for name, value in locals().items() if name != "cls"}
        _below(given["unbound_share"], 1.0, "unbound_share", end=True)
        _below(given["share_of_hydrolysis"], 1.0, "share_of_hydrolysis", end=False)
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Response:
    """What heart and vessels make of the drug: one fitted set, or arrays of many.

    Attributes:
        force: E, the rise of left Ees at full effect, as a share.
        force_half_ng_per_ml: The total level of half that rise.
        right_share: The rise of right Ees over that of left Ees.
        relaxation: L, the fall of b of the left filling curve at full effect, as a share; 0 is allowed.
        arteries: R, the fall of systemic and pulmonary resistance at full effect.
        rate: H, the rise of the heart rate at full effect, along the curve of the arteries.
        arteries_half_ng_per_ml: The total level of half that effect.
        arteries_hill: Its Hill exponent.
        veins: v, the share of the stressed volume that moves into widened veins at full effect.
        veins_half_ng_per_ml: The total level of half that effect.
        veins_hill: Its Hill exponent.
        rate_by_drive: Exponent of the drive in the heart rate.
    """

    force: Array
    force_half_ng_per_ml: Array
    right_share: Array
    relaxation: Array
    arteries: Array
    rate: Array
    arteries_half_ng_per_ml: Array
    arteries_hill: Array
    veins: Array
    veins_half_ng_per_ml: Array
    veins_hill: Array
    rate_by_drive: Array

    @classmethod
    def of(cls, **given: ArrayLike) -> Response:
        """Return checked numbers; every attribute must be given.

        Raises:
            CirculationError: A level or an exponent is not above zero; a fall is below 0, or would leave nothing.
        """
        found = {item.name: numbers(item.name, given.pop(item.name)) for item in fields(cls)}
        if given:
            raise TypeError(f"No part of a response: {', '.join(given)}")
        for name, array in found.items():
            if name.endswith(("_ng_per_ml", "_hill")):
                positive(name, array)
            elif (array < 0).any():
                raise CirculationError(f"'{array}' is below zero.", value=array, accepted="zero or above", where=name)
            if name in ("relaxation", "arteries", "veins"):
                _below(array, 1.0, name, end=False)
        return cls(**found)


@dataclass(frozen=True, slots=True)
class Drive:
    """How fast the heart makes cAMP, 1 in the patients of the fit; above zero.

    Attributes:
        now: Of the moment asked about.
        calibrated: Of the moment whose bedside numbers the heart was calibrated with.
    """

    now: Array
    calibrated: Array

    @classmethod
    def of(cls, *, now: ArrayLike = 1.0, calibrated: ArrayLike = 1.0) -> Drive:
        """Return checked numbers.

        Raises:
            CirculationError: One is not above zero.
        """
        return cls(positive("now", now), positive("calibrated", calibrated))


UNCHANGED = Drive(np.asarray(1.0), np.asarray(1.0))
"""No drug that acts on the heart's receptors, neither now nor when it was calibrated."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Every step from the level to the factors.

    Attributes:
        unbound_umol_per_l: Unbound drug.
        occupied: Share of PDE3.
        camp: cAMP of the heart against a heart at the drive 1 without drug.
        camp_calibrated: The same when the heart was calibrated.
        force_gain: G, the rise of left Ees against that heart.
        arteries: Share of the arteries' full effect.
        veins: Share of the veins' full effect.
        changes: The factors on the calibrated heart.
    """

    unbound_umol_per_l: Array
    occupied: Array
    camp: Array
    camp_calibrated: Array
    force_gain: Array
    arteries: Array
    veins: Array
    changes: Changes


def act(level_ng_per_ml: ArrayLike, enzyme: Enzyme, response: Response, drive: Drive = UNCHANGED) -> Chain:
    """Return what a level at the site of effect does, step by step.

    Args:
        level_ng_per_ml: Total drug, ng/mL, at the site of effect (`kinetics.effect_site`), 0 or above.
        enzyme: How the drug meets PDE3.
        response: What heart and vessels make of it.
        drive: How fast the heart makes cAMP, now and when it was calibrated.

    Raises:
        CirculationError: A level is below zero or not finite, or the drive leaves the heart no force.
    """
    level = numbers("level_ng_per_ml", level_ng_per_ml)
    if (level < 0).any():
        at = first(level < 0)
        raise CirculationError(
            f"'{level[at]:g}' ng/mL{place(at)} is below zero.",
            value=level[at],
            accepted="zero or above",
            where="level_ng_per_ml",
        )
    unbound = unbound_umol_per_l(level, enzyme)
    occupied = unbound / (unbound + enzyme.half_inhibition_umol_per_l)
    full, half = cardiac_gain(enzyme, response)
    camp, before = drive.now / (1 - enzyme.share_of_hydrolysis * occupied), drive.calibrated
    gain, gain_before = camp_gain(camp, full, half), camp_gain(before, full, half)
    arteries = hill(level / response.arteries_half_ng_per_ml, response.arteries_hill)
    veins = hill(level / response.veins_half_ng_per_ml, response.veins_hill)
    dilated = 1 - response.arteries * arteries
    changes = Changes.of(
        rate=(1 + response.rate * arteries) * (drive.now / before) ** response.rate_by_drive,
        left_elastance=(1 + gain) / (1 + gain_before),
        right_elastance=(1 + response.right_share * gain) / (1 + response.right_share * gain_before),
        left_filling=1 - response.relaxation * hill(level / response.force_half_ng_per_ml, np.asarray(1.0)),
        systemic_resistance=dilated,
        pulmonary_resistance=dilated,
        stressed_volume=1 - response.veins * veins,
    )
    return Chain(unbound, occupied, camp, np.asarray(before), gain, arteries, veins, changes)


def unbound_umol_per_l(level_ng_per_ml: Array, enzyme: Enzyme) -> Array:
    """Return the unbound drug, umol/L: ng/mL over g/mol is umol/L."""
    return enzyme.unbound_share * level_ng_per_ml / enzyme.molar_mass_g_per_mol


def cardiac_gain(enzyme: Enzyme, response: Response) -> tuple[Array, Array]:
    """Return Emax and K of the heart's answer to cAMP, from the fitted rise and its level of half effect.

    Raises:
        CirculationError: The level of half effect is so high that no K gives it: IC50 / (1 - f3), unbound, and above.
    """
    share = enzyme.share_of_hydrolysis
    of_enzyme = unbound_umol_per_l(response.force_half_ng_per_ml, enzyme) / enzyme.half_inhibition_umol_per_l
    rest = 1 - (1 - share) * of_enzyme
    if (rest <= 0).any():
        raise CirculationError(
            "The force needs more drug for half its rise than PDE3 can explain.",
            value=float(np.max(response.force_half_ng_per_ml)),
            accepted="unbound, below IC50 / (1 - share of hydrolysis)",
            where="force_half_ng_per_ml",
        )
    half = share * of_enzyme / rest
    return response.force * (share + (1 - share) * half) / share, half


def camp_gain(camp: Array, full: Array, half: Array) -> Array:
    """Return G(c) = Emax (c - 1) / (K + |c - 1|): 0 at 1, rising, bounded by Emax either way."""
    beyond = camp - 1
    found: Array = full * beyond / (half + np.abs(beyond))
    return found


def hill(level: Array, exponent: Array) -> Array:
    """Return x^n / (1 + x^n) of a level in units of its half effect; 0 at 0."""
    raised = level**exponent
    found: Array = raised / (1 + raised)
    return found


def _below(array: Array, limit: float, name: str, *, end: bool) -> None:
    wrong = array > limit if end else array >= limit
    if wrong.any():
        at = first(wrong)
        raise CirculationError(
            f"'{array[at]:g}' is too large{place(at)}.",
            value=array[at],
            accepted=f"{'at most' if end else 'below'} {limit:g}",
            where=name,
        )
