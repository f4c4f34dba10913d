"""Paths as the user would type them."""

from __future__ import annotations

import os
from pathlib import Path


def as_typed(root: Path, name: str) -> str:
    """The file `name` below `root`, relative to the working directory."""
    try:
        return os.path.relpath(root / name)
    except ValueError:  # another drive
        return str(root / name)
