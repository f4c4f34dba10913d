"""Rows as JSON lines: every value exactly as it was sent, whatever could move a cursor as an escape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import orjson

from reconciler.results.columns import Column
from reconciler.views.results.document import escape


def write_jsonl(file: BinaryIO, _columns: Sequence[Column], rows: Iterable[dict[str, Any]]) -> int:
    """One line a row; nothing is shortened."""
    file.writelines(escape(orjson.dumps(row).decode()).encode() + b"\n" for row in rows)
    return 0
