"""The wheel carries the whole package: code, library, shipped cases, schemas, templates."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_wheel_holds_every_file_of_the_folder(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    (wheel,) = tmp_path.glob("inotrope-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if name.startswith("inotrope/")}
    folder = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "inotrope").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside == folder
    assert "inotrope/library/milrinone/drug.toml" in inside
    assert "inotrope/library/cases/sound-adult.json" in inside
    assert "inotrope/py.typed" in inside
