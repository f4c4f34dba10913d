"""Rows as Parquet, in groups, so that memory does not grow with the file. pyarrow is imported here alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import islice
from threading import Thread
from typing import Any, BinaryIO

import orjson

from reconciler.errors import Misconfigured
from reconciler.results.columns import Column
from reconciler.results.model import instant, number_of

_GROUP = 1000  # rows


def write_parquet(file: BinaryIO, columns: Sequence[Column], rows: Iterable[dict[str, Any]]) -> int:
    """Types by column; times in UTC, nested values as JSON text; nothing is shortened.

    Raises Misconfigured without pyarrow.
    """
    pa, pq = _pyarrow()
    types = {
        "text": pa.string(),
        "json": pa.string(),
        "number": pa.float64(),
        "integer": pa.int64(),
        "flag": pa.bool_(),
        "time": pa.timestamp("us", tz="UTC"),
    }
    schema = pa.schema([pa.field(column.name, types[column.type]) for column in columns])
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(iter(rows)):
            made = {column.name: [_value(column, row[column.name]) for row in group] for column in columns}
            writer.write_table(pa.table(made, schema=schema))
    return 0


def require() -> None:
    """Raises Misconfigured when the library is missing, before an hour of reading.

    Importing it takes a quarter of a second, which passes while the first answers are waited for.
    """
    if find_spec("pyarrow") is None:
        raise _missing()
    Thread(target=_pyarrow, daemon=True).start()


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise _missing() from None
    return pa, parquet


def _missing() -> Misconfigured:
    return Misconfigured("Parquet needs one more library", hint="pip install 'jmctl[parquet]'")


def _groups(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while group := list(islice(rows, _GROUP)):
        yield group


def _value(column: Column, value: Any) -> Any:
    """The value in the column's type; what the service sent in another type is null, as JSON lines show it."""
    if value is None:
        return None
    match column.type:
        case "json":
            return orjson.dumps(value).decode()
        case "text":
            return value if isinstance(value, str) else orjson.dumps(value).decode()
        case "number":
            return number_of(value)
        case "integer" | "flag":
            return value if isinstance(value, int) else None
        case "time":
            return instant(value)
