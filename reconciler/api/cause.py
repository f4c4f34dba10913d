"""Why a request failed, in words of our own: the text of a library's error may repeat the token that was sent."""

from __future__ import annotations

import os
import ssl


def cause_of(error: BaseException) -> str:
    """The class of `error`, and the system's or OpenSSL's own words for what lies behind it, if anything does."""
    name = type(error).__name__
    seen: BaseException | None = error
    for _ in range(8):  # a chain of causes has an end, and three links are usual
        if isinstance(seen, ssl.SSLCertVerificationError):
            return f"{name}: {seen.verify_message}"
        if isinstance(seen, OSError) and seen.errno and seen.errno > 0:
            return f"{name}: {os.strerror(seen.errno).lower()}"
        seen = seen.__cause__ or seen.__context__ if seen else None
    return name
