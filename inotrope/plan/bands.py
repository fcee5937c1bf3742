"""The ranges of levels that an answer speaks of: those that were studied, and before them a hospital's own band.

Knows how a site's band fills its open end. No range is a limit of safety.
"""

from __future__ import annotations

from inotrope.drug import Drug, Site, Sourced, StudiedRange
from inotrope.findings import SourceReference, Status
from inotrope.plan.forecast_record import THIS_SITE, Band
from inotrope.units import Quantity


def bands_at(drug: Drug, site: Site | None) -> tuple[StudiedRange, ...]:
    """Return the studied ranges, and before them the band of the hospital's own file, where it sets one end or both.

    An end that it leaves open is that of the first studied range, inside which the band lies.

    Args:
        drug: As the site sees it.
        site: The hospital's own file; None where there is none.
    """
    ranges = drug.studied_ranges
    if site is None or not site.band or not ranges:
        return ranges
    ends = {"low": ranges[0].low, "high": ranges[0].high}
    for setting in site.band:
        assert isinstance(setting.value, Quantity)  # proved when it was held against the drug
        source = SourceReference("site", f"band.{setting.path}", "this site's own file", site.file, Status.JUDGEMENT)
        ends[setting.path] = Sourced(setting.value, source)
    own = StudiedRange(THIS_SITE, "this hospital", "Its own file sets it.", ends["low"], ends["high"])
    return (own, *ranges)


def band_told(item: StudiedRange) -> Band:
    """Return a range as an answer holds it."""
    sources = tuple(dict.fromkeys((item.low.source, item.high.source)))
    return Band(item.id, item.who, item.says, item.low.value, item.high.value, sources)
