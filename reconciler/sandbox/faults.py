"""Faults: which there are, and how a rule that asks for one is written.

    {"fault": "drop_after", "operation": "create", "count": 1, "skip": 0, "probability": 1.0, "seed": 0, ...}
    drop_after:create:count=1,probability=0.2          the same as compact text

Rules are tried in order; the first that strikes wins, except `latency`, which adds up and goes on. A fault that comes
in several forms has a row for each in FORMS.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import orjson

from reconciler.sandbox.reply import unanswerable

FAULTS: Final = {
    # the work is not done
    "rate_limit": "429 (or `status`) with Retry-After: `retry_after`, text or seconds, or one of its forms",
    "error_before": "`status`, nothing done; `message` is the reason given",
    "unresolved": "500 whose reason names what could not be resolved, as its forms say; nothing done",
    "not_found": "404 in the service's own envelope",
    "not_found_page": "404 as the HTML page of a proxy",
    "proxy_echo": "502 whose page repeats the headers of the request, the token too",
    "drop_before": "the connection closes without an answer, nothing done",
    "unreachable": "no connection at all (over HTTP: as drop_before)",
    "redirect": "307 to `location`",
    "expired_token": "401",
    # the work is done, but not yet
    "late": "the connection closes without an answer; it is done `seconds` later",
    # the work is done
    "error_after": "`status`, though it was done; `message` is the reason given",
    "drop_after": "the connection is reset, though it was done",
    "truncated": "the connection closes half way through the answer",
    "invalid_json": "200 with half the JSON as a complete answer",
    "wrong_shape": "200 with JSON that is no answer of the contract",
    "answer_holds": "the answer with `field` (dotted, * is every row, none is all of it) set to `value`",
    "odd_id": "the answer of a create with another id, as its forms say",
    "huge": "the answer grown to `size` bytes",
    "gzip_bomb": "the answer grown to `size` bytes and compressed to a thousandth",
    "deep": "the answer with a value nested `size` levels deep",
    "slow": "the answer leaves after `seconds`, longer than a client waits",
    # beside any of the others
    "latency": "`seconds` more until the answer leaves; rules add up",
    "list_lag": "the interview list is `seconds` behind",
    "read_lag": "job-interview-get is `seconds` behind: 404 for what is newer, old values for what changed since",
}
LAGS: Final = frozenset({"list_lag", "read_lag"})

FORMS: Final[dict[str, dict[str, str]]] = {
    "rate_limit": {
        "inf": "Retry-After: inf",
        "overflow": "Retry-After: 1e400",
        "negative": "Retry-After: -5",
        "past": "a date that is long over",
        "zoneless": "a date with the zone -0000",
        "far": "a date in the year 9999",
        "words": "no number and no date",
        "none": "no Retry-After",
    },
    "unresolved": {
        "template": "Interview template not found.",
        "language": "Language has no speech mapping.",
        "knowledge_base": "Knowledge base not found.",
        "authorisation": "Not authorized for this merchant.",
    },
    "odd_id": {
        "existing": "the id of the oldest interview there is",
        "blank": "a space",
        "path": "../../etc",
        "escape": "an escape sequence of terminals",
        "long": "100,000 characters",
        "number": "7",
        "missing": "null",
    },
}
"""What a rule's `form` may be, by fault; the first of `unresolved` and `odd_id` counts when the rule names none."""

SHORT = {
    "create": "job-interview-create-from-array",
    "get": "job-interview-get",
    "update": "job-interview-update",
    "set-state": "job-interview-set-state",
    "list": "merchant-interview-list",
    "avatars": "merchant-avatar-list",
    "results": "merchant-result-list",
    "details": "job-interview-details",
    "status": "merchant-status",
    "languages": "platform-languages-list",
}
WRITES = frozenset({SHORT["create"], SHORT["update"], SHORT["set-state"]})
GROUPS = {"writes": WRITES, "reads": frozenset(SHORT.values()) - WRITES, "*": frozenset(SHORT.values())}


@dataclass(frozen=True, slots=True)
class Rule:
    """One fault and when it strikes: on which operations, after `skip` of them, `count` times (None: for ever)."""

    fault: str
    operation: str = "*"
    count: int | None = None
    skip: int = 0
    probability: float = 1.0
    seed: int = 0
    status: int | None = None
    retry_after: float | str = 1
    seconds: float = 5.0
    location: str = "https://elsewhere.invalid/functions/v1"
    message: str = "The service is not available."
    form: str = ""
    field: str = ""
    value: Any = None
    size: int = 100_000

    @property
    def operations(self) -> frozenset[str]:
        return GROUPS.get(self.operation) or frozenset({SHORT.get(self.operation, self.operation)})

    @property
    def is_counted(self) -> bool:
        return self.count is not None or self.skip > 0 or self.probability < 1

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def rule(written: Any, *, seed: int = 0) -> Rule:
    """A rule from JSON or compact text, with `seed` when it names none; raises RefusalError 422."""
    values = _spelled_out(written) if isinstance(written, str) else written
    if not isinstance(values, dict) or values.get("fault") not in FAULTS:
        raise unanswerable("fault", f"a rule names one of {', '.join(sorted(FAULTS))}, not {written!r}")
    stated = {field.name: field for field in fields(Rule)}
    for name, value in values.items():
        if name not in stated:
            raise unanswerable(name, f"a rule has no {name!r}; it has {', '.join(stated)}")
        if not _fits(name, value):
            raise unanswerable(name, f"{value!r} is not a {name}")
    made = Rule(**({"seed": seed} | values))
    if not made.operations <= GROUPS["*"]:
        raise unanswerable("operation", f"no operation is called {made.operation!r}; short names: {', '.join(SHORT)}")
    if made.form and made.form not in FORMS.get(made.fault, ()):
        raise unanswerable("form", f"{made.fault} has the forms {', '.join(FORMS.get(made.fault, ())) or 'none'}")
    return made


def _fits(name: str, value: Any) -> bool:
    if name == "value":
        return True
    if name in {"fault", "operation", "location", "message", "form", "field"}:
        return isinstance(value, str)
    if value is None:
        return name in {"count", "status"}
    if name == "retry_after" and isinstance(value, str):
        return True
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole or (isinstance(value, float) and name in {"probability", "retry_after", "seconds"})


def _spelled_out(text: str) -> dict[str, Any]:
    fault, _, rest = text.partition(":")
    operation, _, options = rest.partition(":")
    values: dict[str, Any] = {"fault": fault.strip(), "operation": operation.strip() or "*"}
    for option in filter(None, options.split(",")):
        name, _, value = option.partition("=")
        try:
            values[name.strip()] = orjson.loads(value)
        except orjson.JSONDecodeError:
            values[name.strip()] = value
    return values
