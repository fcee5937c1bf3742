"""A FHIR R4 record read into a case, leniently, on plain dictionaries.

`read` takes resources and Bundles in hand, `read_bundle` a Bundle. What cannot be used is named and never guessed.
"""

from inotrope.fhir.reading.making import is_bundle, read, read_bundle
from inotrope.fhir.reading.record import Conflict, Kind, LeftOut, Open, Reading, Used

__all__ = ["Conflict", "Kind", "LeftOut", "Open", "Reading", "Used", "is_bundle", "read", "read_bundle"]
