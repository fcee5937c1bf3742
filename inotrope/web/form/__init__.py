"""A case to the fields of a page and back, and everything that is wrong with them, each at its field."""

from inotrope.web.form.checking import Problem, check
from inotrope.web.form.reading import Filled, read_fields
from inotrope.web.form.writing import write_fields

__all__ = ["Filled", "Problem", "check", "read_fields", "write_fields"]
