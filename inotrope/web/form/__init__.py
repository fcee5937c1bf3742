"""The case form: its fields, from a form to a case, and from a case to a form."""
