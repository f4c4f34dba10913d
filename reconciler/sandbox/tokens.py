"""Access tokens for the sandbox: unsigned, saying which merchant they belong to, so that a second account can be had.

A merchant is known by any name; the same name is the same merchant in every folder. Without a name it is the merchant
that every token stands for which says nothing.
"""

from __future__ import annotations

import base64
import time
import uuid
from typing import Any, Final

import orjson

from reconciler.sandbox import fixtures

_NAMESPACE: Final = uuid.UUID(fixtures.MERCHANT)


def merchant_id(name: str | None) -> str:
    """The id of the merchant called `name`."""
    return fixtures.MERCHANT if name is None else str(uuid.uuid5(_NAMESPACE, name))


def issued(
    merchant: str | None = None, environment: str | None = None, *, admin: bool = False, seconds: float | None = None
) -> str:
    """A token (JWT, unsigned) of this merchant, valid for so many seconds; None is for ever."""
    app: dict[str, Any] = {"merchant_id": merchant_id(merchant)}
    if environment is not None:
        app["environment"] = environment
    if admin:
        app["role"] = "admin"
    claims: dict[str, Any] = {"sub": fixtures.CALLER, "app_metadata": app, "jti": str(uuid.uuid4())}
    if seconds is not None:
        claims["exp"] = int(time.time() + seconds)
    return ".".join(map(_coded, ({"alg": "none", "typ": "JWT"}, claims, "sandbox")))


def _coded(part: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(part)).decode().rstrip("=")
