"""What a fault makes of a request: an answer instead of the work, or something else instead of its answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from reconciler.sandbox.reply import JSON_HEADERS, Dropped, RefusalError, Reply, answered, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.sandbox.faults import Rule


def before_work(rule: Rule | None) -> Reply | Dropped | None:
    """The reply of a fault that keeps the work from being done; None when the work goes on."""
    instead = _INSTEAD_OF_WORK.get(rule.fault) if rule else None
    return instead(rule) if rule and instead else None


def ruined(rule: Rule | None, reply: Reply) -> Reply | Dropped:
    """What leaves after the work: the reply, or what a fault makes of it."""
    ruin = _RUINS.get(rule.fault) if rule else None
    return ruin(rule, reply) if rule and ruin else reply


def _limited(rule: Rule) -> Reply:
    limited = answered(429, {"error": "Too many requests."})
    return replace(limited, headers=(*JSON_HEADERS, ("Retry-After", f"{rule.retry_after:g}")))


_INSTEAD_OF_WORK: Final[dict[str, Callable[[Rule], Reply | Dropped]]] = {
    "rate_limit": _limited,
    "error_before": lambda rule: answered(rule.status, {"error": "The service is not available."}),
    "drop_before": lambda _: Dropped(),
    "late": lambda _: Dropped(),
    "unreachable": lambda _: Dropped(reached=False),
    "redirect": lambda rule: Reply(307, b"", (("Location", rule.location),)),
    "expired_token": lambda _: refused(RefusalError(401, "Invalid or expired token.")),
}
_RUINS: Final[dict[str, Callable[[Rule, Reply], Reply | Dropped]]] = {
    "error_after": lambda rule, _: answered(rule.status, {"error": "Something went wrong."}),
    "drop_after": lambda *_: Dropped(worked=True),
    "truncated": lambda _, reply: replace(reply, cut=True),
    "invalid_json": lambda _, reply: replace(reply, status=200, body=reply.body[: len(reply.body) // 2]),
    "wrong_shape": lambda *_: Reply(200, b'{"ok":true}'),
    "slow": lambda rule, reply: replace(reply, delay=rule.seconds),
}
