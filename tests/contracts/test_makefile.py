"""What a newcomer sees of the setup: no step that takes long begins without a word."""

from __future__ import annotations

import re
from pathlib import Path

MAKEFILE = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
LONG = re.compile(r"\$\(PIP\)|-m venv|pip install")


def test_each_long_step_of_the_setup_is_announced() -> None:
    recipe = re.search(r"^\$\(READY\):.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert recipe is not None
    lines = recipe[1].splitlines()
    long = [index for index, line in enumerate(lines) if LONG.search(line)]
    assert len(long) == 4
    for number, index in enumerate(long, 1):
        assert lines[index - 1].startswith(f'\t@echo "{number} of {len(long)}: ')
    before = " ".join(lines[: long[0]])
    assert re.search(r"minutes.*GB of disk", before)


def test_pip_is_quiet_in_a_log_alone() -> None:
    assert re.search(r"^PIP := .* \$\$\(\[ -t 1 \] \|\| echo --quiet\)$", MAKEFILE, re.MULTILINE)
    assert "--quiet" not in MAKEFILE.replace("|| echo --quiet", "")
