"""Writes a file that a user asked for, in whole or not at all."""

from __future__ import annotations

from pathlib import Path

from reconciler.atomic_file import replace_file
from reconciler.errors import Misconfigured, Where


def write_file(path: Path, data: bytes) -> None:
    """Replaces `path`. Raises Misconfigured when it cannot be written; a link there is replaced, not followed."""
    try:
        replace_file(path, data)
    except OSError as error:
        raise Misconfigured(
            "the report cannot be written", error.strerror or "", hint="check the path", where=Where(str(path))
        ) from None
