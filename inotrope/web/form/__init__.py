"""A case to the fields of a page and back, and everything that is wrong with them, each at its field."""

from inotrope.web.form.checking import Problem, check
from inotrope.web.form.reading import Filled, open_case, read_fields
from inotrope.web.form.writing import write_fields

__all__ = ["Filled", "Problem", "check", "open_case", "read_fields", "write_fields"]
