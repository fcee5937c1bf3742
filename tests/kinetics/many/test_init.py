"""The names of the folder for many patients."""

from __future__ import annotations

from inotrope.kinetics import many


def test_every_public_name_is_there() -> None:
    assert all(hasattr(many, name) for name in many.__all__)
