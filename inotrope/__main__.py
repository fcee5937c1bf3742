"""Lets `python -m inotrope` do what the `inotrope` command does. It knows nothing else."""

from __future__ import annotations

import sys

from inotrope.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
