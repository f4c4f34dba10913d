"""Response bodies become values. Strict about what jmctl depends on, tolerant of everything else.

Raises ValueError when a body lacks what is depended on; nulls and unknown keys are normal in all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from reconciler.api.protocol import AccountStatus, Changed, Created
from reconciler.resources.calls import required_text
from reconciler.secret import Secret
from reconciler.state import shape

_CREDENTIALS = ("embed_id", "embed_signing_key")


def json_object(data: bytes) -> dict[str, Any]:
    """The JSON object in `data`."""
    value = orjson.loads(data)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - callers treat every unreadable body alike
    return value


def created(body: Mapping[str, Any], id_name: str) -> Created:
    """The answer to a create, which calls the id `id_name`.

    The id alone makes it one: credentials that are missing can be asked for again.
    """
    embed_id, key = _credentials(body)
    return Created(identifier(required_text(body, id_name)), embed_id, key)


def changed(body: Mapping[str, Any]) -> Changed:
    """The answer to an update or set-state."""
    embed_id, key = _credentials(body)
    return Changed({name: value for name, value in body.items() if name not in _CREDENTIALS}, embed_id, key)


def _credentials(body: Mapping[str, Any]) -> tuple[str | None, Secret | None]:
    embed_id, key = (body.get(name) for name in _CREDENTIALS)
    if isinstance(embed_id, str) and isinstance(key, str) and embed_id and key:
        return embed_id, Secret(key)
    return None, None


def account(body: Mapping[str, Any]) -> AccountStatus:
    """The answer of merchant-status: the merchant, and the sum of the credits that are left."""
    found = [body.get(f"credits_interview_{kind}") for kind in ("monthly", "extra", "single")]
    known = [int(number) for number in found if isinstance(number, int | float) and not isinstance(number, bool)]
    return AccountStatus(required_text(body, "merchant_id"), sum(known) if known else None)


def page(body: Mapping[str, Any]) -> tuple[list[dict[str, Any]], bool, int]:
    """The rows of a page, whether more follow, and how many there are over all pages."""
    rows, pagination = body.get("data"), body.get("pagination")
    if not isinstance(rows, list) or not isinstance(pagination, dict):
        raise ValueError("not a page of a list")  # noqa: TRY004 - as above
    return rows, bool(pagination.get("has_more")), int(pagination.get("total") or 0)


def identifier(text: str) -> str:
    """`text`, if it has the form of an id: it ends up in the state, in requests and in the terminal."""
    try:
        return str(shape.identifier(text))
    except shape.WrongValue as wrong:
        raise ValueError(wrong.detail) from None
