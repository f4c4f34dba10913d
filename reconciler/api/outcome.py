"""What became of a write. The classes decide whether anything may ever be sent again.

    not sent    name not resolved, refused, TLS failed, no connection free: no byte of the request left
    rejected    a 4xx whose body is the service's own error envelope, or a 429 that says when to come again: it said no
                and did nothing
    unknown     everything else: a timeout, a reset, a redirect, 5xx before or after the work, an unreadable 200

`job-interview-create-from-array` answers 500 both for what it refused and for what it began, so a 500 is unknown. Its
words are kept: they say what the service could not resolve (docs/service.md#1-access).
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from reconciler.api.cause import cause_of
from reconciler.api.decode import json_object
from reconciler.api.protocol import ANSWERED, NotSent, Rejected, Unknown
from reconciler.secret import redacted

_SOON_SECONDS = 1.0
_LONGEST_WORDS = 300
_TOKEN = re.compile(r"\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}|(?i:bearer)\s+\S+")
_LONGEST_SECONDS = 120.0
# Raised while a connection is made or waited for, before the first byte of a request
_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def of_error(error: Exception) -> NotSent | Unknown:
    """What a request that raised has come to."""
    reason = cause_of(error)
    return NotSent(reason) if isinstance(error, _BEFORE_SENDING) else Unknown(reason)


def of_refusal(response: httpx.Response) -> Rejected | Unknown:
    """What a response other than 200 means for a write."""
    status = response.status_code
    if not 400 <= status < 500:  # noqa: PLR2004 - the class of client errors
        return Unknown(f"{ANSWERED} {status}{_words(response)}")
    try:
        body = json_object(response.content)
        reason = body["error"]
    except (ValueError, KeyError):
        if retry_after(response) is not None:
            return Rejected(status, "too many requests", retry_after=retry_after(response))
        return Unknown(f"{ANSWERED} {status} without its error envelope")
    field = body.get("name")
    return Rejected(status, redacted(str(reason)), field if isinstance(field, str) else None, _again(response))


def _words(response: httpx.Response) -> str:
    """What the error envelope of a 5xx says, shortened and without tokens; nothing when there is no envelope."""
    try:
        text = json_object(response.content)["error"]
    except (ValueError, KeyError):
        return ""
    if not isinstance(text, str) or not text.strip():
        return ""
    text = redacted(_TOKEN.sub("[token]", " ".join(text.split())))
    return f": {text if len(text) <= _LONGEST_WORDS else text[:_LONGEST_WORDS] + '…'}"


def _again(response: httpx.Response) -> float | None:
    """After how many seconds a refusal may be asked again: a 429 without Retry-After means soon."""
    if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
        return None
    seconds = retry_after(response)
    return _SOON_SECONDS if seconds is None else seconds


def retry_after(response: httpx.Response) -> float | None:
    """The seconds that a 429 asks to wait, from either form of Retry-After; None when it does not say."""
    text = response.headers.get("retry-after", "")
    if response.status_code != httpx.codes.TOO_MANY_REQUESTS or not text:
        return None
    with suppress(ValueError):
        return _bounded(float(text))
    with suppress(ValueError, OverflowError):
        at = parsedate_to_datetime(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)  # "-0000" and no zone at all: HTTP dates are in UTC
        return _bounded((at - datetime.now(UTC)).total_seconds())
    return None


def _bounded(seconds: float) -> float:
    """Longer waits are cut into several requests; `nan` and the past count as now."""
    return min(max(0.0, seconds), _LONGEST_SECONDS) if seconds == seconds else 0.0  # noqa: PLR0124 - only nan differs
