"""Who is asking: the bearer token decides profile, merchant and environment (docs/service.md#1-access)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from reconciler.sandbox import fixtures
from reconciler.sandbox.reply import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconciler.sandbox.database import Database
    from reconciler.sandbox.switches import Switches

_JWT_PARTS = 3


@dataclass(frozen=True, slots=True)
class Caller:
    """The profile behind the token, its own merchant, and the merchant this request is about."""

    profile_id: str
    home_merchant_id: str | None
    merchant_id: str
    environment: str
    is_admin: bool


def identified(db: Database, headers: Mapping[str, str], switches: Switches) -> Caller:
    """The caller; raises RefusalError 401."""
    scheme, _, token = (headers.get("Authorization") or headers.get("authorization") or "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise RefusalError(401, "Missing authorization header.")
    if switches["apikey_required"] and not headers.get("apikey"):
        raise RefusalError(401, "Missing apikey header.")
    claims = _claims(token)
    accepted = switches["accepted_token"]
    if (accepted is not None and token != accepted) or _is_over(claims):
        raise RefusalError(401, "Invalid or expired token.")
    if switches["token_lasts_requests"] and _used(db, token) > switches["token_lasts_requests"]:
        raise RefusalError(401, "Invalid or expired token.")
    return _caller(claims, switches)


def _used(db: Database, token: str) -> int:
    """How many requests came with this token, this one included."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    with db.writing():
        (used,) = db.connection.execute(
            "INSERT INTO tokens VALUES (?, 1) ON CONFLICT (digest) DO UPDATE SET used = used + 1 RETURNING used",
            (digest,),
        ).fetchone()
    return int(used)


def scoped(caller: Caller, merchant_id: str | None, switches: Switches, *, forbidden: int = 403) -> str:
    """The merchant a request is about; the override counts for admins only, others silently keep their own."""
    if not merchant_id or merchant_id == caller.merchant_id:
        return caller.merchant_id
    if caller.is_admin:
        return merchant_id
    if switches["foreign_merchant_is_403"]:
        raise RefusalError(forbidden, "Not allowed to read this merchant.")
    return caller.merchant_id


def _caller(claims: dict[str, Any], switches: Switches) -> Caller:
    app = claims.get("app_metadata")
    app = app if isinstance(app, dict) else {}
    home = str(app["merchant_id"]) if app.get("merchant_id") else (None if claims else fixtures.MERCHANT)
    return Caller(
        profile_id=str(claims.get("sub") or fixtures.CALLER),
        home_merchant_id=home,
        merchant_id=home or fixtures.MERCHANT,
        environment=str(app.get("environment") or switches["environment"]),
        is_admin=bool(switches["caller_is_admin"]) or app.get("role") == "admin",
    )


@lru_cache(maxsize=64)
def _claims(token: str) -> dict[str, Any]:
    """The payload of a JWT, unverified; empty for a token that is none."""
    parts = token.split(".")
    if len(parts) != _JWT_PARTS:
        return {}
    try:
        claims = orjson.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _is_over(claims: dict[str, Any]) -> bool:
    ends = claims.get("exp")
    return isinstance(ends, int | float) and ends <= time.time()
