"""Rows as CSV for spreadsheets, in UTF-8 with a header.

A spreadsheet runs a cell that begins like a formula, and candidates write cells: such a text gets an apostrophe in
front, also after a semicolon, tab or bar, which separate cells in many languages. A cell holds at most 32,767
characters there: a longer text is cut, which is counted. The exact text is in JSON lines and Parquet.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import orjson

from reconciler.results.columns import Column
from reconciler.text.sanitize import printable

LONGEST = 32_767
"""What a cell of a spreadsheet holds, in UTF-16 code units."""

_CUT = "… [cut]"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# where another character separates cells, as in many languages, a cell begins in the middle of a text
_AFTER_SEPARATOR = re.compile(r"""([;|\t]\s*["']?)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])""")


def write_csv(file: BinaryIO, columns: Sequence[Column], rows: Iterable[dict[str, Any]]) -> int:
    """A header and one record a row; null is an empty cell. Returns how many cells were cut."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([column.name for column in columns])
    cut = 0
    for row in rows:
        cells = [_cell(row[column.name]) for column in columns]
        fitting = [_fitting(cell) for cell in cells]
        cut += sum(before != after for before, after in zip(cells, fitting, strict=True))
        writer.writerow(fitting)
    text.detach()
    return cut


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
    shown = _AFTER_SEPARATOR.sub(r"\1'", shown)
    return f"'{shown}" if shown.lstrip(" ").startswith(_FORMULA) else shown


def _fitting(cell: str) -> str:
    """`cell`, cut to what a spreadsheet reads."""
    units = cell.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return cell
    kept = units[: 2 * (LONGEST - len(_CUT))].decode("utf-16-le", errors="ignore")  # not half of a surrogate pair
    return f"{kept}{_CUT}"
