"""JSON Schemas of what jmctl prints as JSON, one file each; docs/schemas holds the same files."""

from __future__ import annotations

from importlib.resources import files

NAMES = ("plan", "drift", "error")


def schema_text(name: str) -> str:
    """The schema of the output `name`, one of NAMES, as JSON text."""
    return files(__name__).joinpath(f"{name}.schema.json").read_text("utf-8")
