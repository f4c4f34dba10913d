"""What a fault makes of a request: an answer instead of the work, or something else instead of its answer."""

from __future__ import annotations

import gzip
from dataclasses import replace
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

import orjson

from reconciler.sandbox.faults import FORMS
from reconciler.sandbox.reply import JSON_HEADERS, Dropped, RefusalError, Reply, answered, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reconciler.sandbox.faults import Rule

_PAGE_HEADERS: Final = (("Content-Type", "text/html; charset=utf-8"), ("Server", "proxy"))
_RETRY_AFTER: Final = {
    "inf": "inf",
    "overflow": "1e400",
    "negative": "-5",
    "past": "Wed, 21 Oct 2015 07:28:00 GMT",
    "zoneless": "Wed, 21 Oct 2015 07:28:00 -0000",
    "far": "Fri, 31 Dec 9999 23:59:59 GMT",
    "words": "in a while",
}
_ODD_ID: Final[dict[str, Any]] = {
    "blank": " ",
    "path": "../../etc",
    "escape": "\x1b[31m\x1b]0;id\x07",
    "long": "a" * 100_000,
    "number": 7,
    "missing": None,
}


def before_work(rule: Rule | None, headers: Mapping[str, str]) -> Reply | Dropped | None:
    """The reply of a fault that keeps the work from being done; None when the work goes on."""
    instead = _INSTEAD_OF_WORK.get(rule.fault) if rule else None
    return instead(rule, headers) if rule and instead else None


def with_fault(rule: Rule | None, reply: Reply, oldest_id: Callable[[], str | None]) -> Reply | Dropped:
    """What leaves after the work: the reply, or what a fault makes of it."""
    if rule and rule.fault == "odd_id":
        return _odd_id(rule, reply, oldest_id)
    change = _AFTER_WORK.get(rule.fault) if rule else None
    return change(rule, reply) if rule and change else reply


def _limited(rule: Rule) -> Reply:
    after = rule.retry_after if isinstance(rule.retry_after, str) else f"{rule.retry_after:g}"
    value = _RETRY_AFTER.get(rule.form, after)
    limited = answered(rule.status or 429, {"error": "Too many requests."})
    return limited if rule.form == "none" else replace(limited, headers=(*JSON_HEADERS, ("Retry-After", value)))


def _failed(rule: Rule) -> Reply:
    return answered(rule.status or 503, {"error": rule.message})


def _unresolved(rule: Rule) -> Reply:
    reasons = FORMS["unresolved"]
    return answered(rule.status or 500, {"error": reasons[rule.form or next(iter(reasons))]})


def _page(status: int, title: str, text: str = "") -> Reply:
    page = (
        f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1><pre>{text}</pre></body></html>"
    )
    return Reply(status, page.encode(), _PAGE_HEADERS)


def _echo(headers: Mapping[str, str]) -> Reply:
    repeated = "\n".join(f"{name}: {value}" for name, value in headers.items())
    return _page(502, "502 Bad Gateway", f"upstream closed the connection; the request was:\n{escape(repeated)}")


def _odd_id(rule: Rule, reply: Reply, oldest_id: Callable[[], str | None]) -> Reply:
    form = rule.form or "existing"
    return _holding(reply, ["interview_def_set_id"], oldest_id() if form == "existing" else _ODD_ID[form])


def _holding(reply: Reply, steps: list[str], value: Any) -> Reply:
    """The reply with the value at `steps` replaced; a refusal, or a reply without that place, stays as it is."""
    if reply.status != 200:  # noqa: PLR2004 - a status
        return reply
    return replace(reply, body=orjson.dumps(_replaced(orjson.loads(reply.body), steps, value)))


def _replaced(node: Any, steps: list[str], value: Any) -> Any:
    if not steps:
        return value
    step, *rest = steps
    if isinstance(node, list):
        return [
            _replaced(item, rest, value) if step in {"*", str(number)} else item for number, item in enumerate(node)
        ]
    if isinstance(node, dict):
        return node | {step: _replaced(node.get(step), rest, value)}
    return node


def _grown(rule: Rule, reply: Reply) -> Reply:
    return replace(reply, body=reply.body.removesuffix(b"}") + _padding(max(0, rule.size - len(reply.body))))


@lru_cache(maxsize=4)
def _padding(size: int) -> bytes:
    return b',"x_padding":"' + b"x" * size + b'"}'


def _compressed(rule: Rule, reply: Reply) -> Reply:
    body = gzip.compress(_grown(rule, reply).body, 6)
    return replace(reply, body=body, headers=(*JSON_HEADERS, ("Content-Encoding", "gzip")))


def _deep(rule: Rule, reply: Reply) -> Reply:
    nested = b',"x_deep":' + b"[" * rule.size + b"]" * rule.size + b"}"
    return replace(reply, body=reply.body.removesuffix(b"}") + nested)


_INSTEAD_OF_WORK: Final[dict[str, Callable[[Rule, Mapping[str, str]], Reply | Dropped]]] = {
    "rate_limit": lambda rule, _: _limited(rule),
    "error_before": lambda rule, _: _failed(rule),
    "unresolved": lambda rule, _: _unresolved(rule),
    "not_found": lambda *_: refused(RefusalError(404, "Interview not found.")),
    "not_found_page": lambda *_: _page(404, "404 Not Found"),
    "proxy_echo": lambda _, headers: _echo(headers),
    "drop_before": lambda *_: Dropped(),
    "late": lambda *_: Dropped(),
    "unreachable": lambda *_: Dropped(reached=False),
    "redirect": lambda rule, _: Reply(307, b"", (("Location", rule.location),)),
    "expired_token": lambda *_: refused(RefusalError(401, "Invalid or expired token.")),
}
_AFTER_WORK: Final[dict[str, Callable[[Rule, Reply], Reply | Dropped]]] = {
    "error_after": lambda rule, _: _failed(rule),
    "drop_after": lambda *_: Dropped(worked=True),
    "truncated": lambda _, reply: replace(reply, cut=True),
    "invalid_json": lambda _, reply: replace(reply, status=200, body=reply.body[: len(reply.body) // 2]),
    "wrong_shape": lambda *_: Reply(200, b'{"ok":true}'),
    "answer_holds": lambda rule, reply: _holding(reply, rule.field.split(".") if rule.field else [], rule.value),
    "huge": _grown,
    "gzip_bomb": _compressed,
    "deep": _deep,
    "slow": lambda rule, reply: replace(reply, delay=rule.seconds),
}
