"""Canonical bytes of plain JSON, and their digest: equal values give equal bytes, however they were written."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import orjson


def canonical(value: Any) -> bytes:
    """`value` as JSON with sorted keys and no white space.

    Expects numbers as `plain()` makes them: 2.0 and 2 would otherwise differ.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(value: Any) -> str:
    """The SHA-256 of the canonical bytes, as 64 hex digits."""
    return sha256(canonical(value)).hexdigest()


def plain(value: Any) -> Any:
    """`value` with whole floats as integers, so that 2.0 and 2 are one number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
