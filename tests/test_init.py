"""The public names: where they live, and that looking at them costs nothing until one is used."""

from __future__ import annotations

import importlib
import subprocess
import sys
from importlib.metadata import version

import pytest

import inotrope


@pytest.mark.parametrize("name", sorted(set(inotrope.__all__) - {"__version__"}))
def test_a_public_name_is_the_object_of_its_home(name: str) -> None:
    home = importlib.import_module(inotrope._HOMES[name])
    assert getattr(inotrope, name) is getattr(home, name)
    assert name in home.__all__


def test_every_public_name_has_a_home_and_is_listed() -> None:
    assert set(inotrope.__all__) == {*inotrope._HOMES, "__version__"}
    assert set(inotrope.__all__) <= set(dir(inotrope))


def test_the_version_is_that_of_the_installed_package() -> None:
    assert inotrope.__version__ == version("inotrope")


def test_a_name_that_does_not_exist_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'make_plann'"):
        inotrope.make_plann  # noqa: B018


def test_importing_the_root_loads_nothing_else() -> None:
    program = (
        "import sys; import inotrope; "
        "print([name for name in sys.modules if name.split('.')[0] in {'pint', 'pydantic', 'rich', 'jinja2'} "
        "or name.startswith('inotrope.')])"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert shown.stdout.strip() == "[]"
