"""Rows as CSV for spreadsheets, in UTF-8 with a header.

A spreadsheet runs a cell that begins like a formula, and candidates write cells: such a text gets an apostrophe in
front. The exact text is in JSON lines and Parquet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import orjson

from reconciler.results.columns import Column
from reconciler.text.sanitize import printable

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write_csv(file: BinaryIO, columns: Sequence[Column], rows: Iterable[dict[str, Any]]) -> None:
    """A header and one record a row; null is an empty cell."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow([_cell(row[column.name]) for column in columns])
    text.detach()


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return _harmless(value)
        case _:
            return _harmless(orjson.dumps(value).decode())


def _harmless(text: str) -> str:
    shown = text if text.isprintable() else printable(text.replace("\r\n", "\n"), keep_newlines=True)
    return f"'{shown}" if shown.lstrip(" ").startswith(_FORMULA) else shown
