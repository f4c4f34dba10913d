"""The service itself, without a transport: a request comes in, a reply or a broken connection comes out.

Order of things: faults that strike before the work, the token, the shape of the request, the work (committed), faults
that strike after it. Latency passes after the work, so an answer that never arrives may well have been earned.
For one thread at a time; any number of processes may share the folder.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any, Final

from reconciler.sandbox import add_results, admin, database, delayed, fault_store, faults, settings
from reconciler.sandbox.auth import identified
from reconciler.sandbox.avatar_list import avatars_listed
from reconciler.sandbox.clock import http_date, now_us
from reconciler.sandbox.contract import checked_body, checked_query, document
from reconciler.sandbox.create import create
from reconciler.sandbox.fault_effects import before_work, with_fault
from reconciler.sandbox.get import read
from reconciler.sandbox.interview_list import interviews_listed
from reconciler.sandbox.interviews import every, oldest_id, plain
from reconciler.sandbox.languages import listed
from reconciler.sandbox.merchant_status import merchant_status
from reconciler.sandbox.reply import Dropped, RefusalError, Reply, answered, refused
from reconciler.sandbox.request_log import Journal
from reconciler.sandbox.result_list import details_read, results_listed
from reconciler.sandbox.set_state import set_state
from reconciler.sandbox.stored_form import stored_form
from reconciler.sandbox.update import update

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from reconciler.sandbox.switches import Switches

BASE: Final = "/functions/v1/"
CONTROL: Final = "/_sandbox"

_WORK: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    "job-interview-create-from-array": create,
    "job-interview-get": read,
    "job-interview-update": update,
    "job-interview-set-state": set_state,
    "merchant-interview-list": interviews_listed,
    "merchant-avatar-list": avatars_listed,
    "merchant-result-list": results_listed,
    "job-interview-details": details_read,
    "merchant-status": merchant_status,
    "platform-languages-list": lambda *_: {"languages": listed()},
}
_STORING: Final = frozenset({"job-interview-create-from-array", "job-interview-update"})
# a write keeps what a reader that is behind goes on seeing
_LAGGING: Final = {
    "merchant-interview-list": ("list_lag",),
    "job-interview-get": ("read_lag",),
    "job-interview-update": ("list_lag", "read_lag"),
    "job-interview-set-state": ("list_lag", "read_lag"),
}


class Service:
    """The simulated service over the folder `path`."""

    def __init__(self, path: Path) -> None:
        self.folder = path
        self._db = database.opened(path)
        self._journal = Journal()
        self._revision = -1
        self._switches: Switches = {}
        self._rules: list[tuple[int, faults.Rule]] = []
        self._first_due = inf

    async def answer(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Reply | Dropped:
        """What the caller gets, once its delay has passed."""
        reply = self.outcome(method, path, query, headers, body)
        if reply.delay:
            await asyncio.sleep(reply.delay)
        return reply

    def outcome(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Reply | Dropped:
        """The same at once: the work is done, and the delay stands in the reply for the transport to wait."""
        if path.startswith(CONTROL):
            from reconciler.sandbox.control import controlled

            return controlled(self, method, path.removeprefix(CONTROL), body)
        self._catch_up()
        if path == "/embed" or path.startswith("/embed/"):
            from reconciler.sandbox.embed import Call, embedded

            return embedded(self._db, self._switches, Call(method, path, query, body))
        reply = self._with_faults(method, path.removeprefix(BASE), query, headers, body)
        if self._switches["latency_ms"]:
            reply = replace(reply, delay=reply.delay + self._switches["latency_ms"] / 1000)
        status = 0
        if isinstance(reply, Reply):
            status = reply.status
            reply = replace(reply, headers=(*reply.headers, ("Date", http_date(self._db.clock.now()))))
        self._journal.note(self._db, method, path, status, stored=self._switches["request_log"])
        return reply

    def _with_faults(
        self, method: str, operation: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Reply | Dropped:
        strike = fault_store.strike(self._db, self._rules, operation) if self._rules else fault_store.UNHARMED
        reply = before_work(strike.rule, headers)
        if strike.rule and strike.rule.fault == "late":
            self.postpone(strike.rule.seconds, delayed.Request(method, operation, query, headers, body))
        if reply is None:
            try:
                reply = self._worked(method, operation, query, headers, body)
            except RefusalError as refusal:
                reply = refused(refusal)
            reply = with_fault(strike.rule, reply, partial(oldest_id, self._db))
        return replace(reply, delay=reply.delay + strike.delay) if strike.delay else reply

    def _worked(
        self, method: str, operation: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Reply:
        work = _WORK.get(operation)
        if work is None:
            raise RefusalError(404, "No such function.")
        if method != document()["operations"][operation]["method"]:
            raise RefusalError(405, "Method not allowed.")
        caller = identified(self._db, headers, self._switches)
        if method == "POST":
            request = checked_body(operation, body, strict=self._switches["unknown_body_keys_rejected"])
            if operation in _STORING:
                request = stored_form(operation, request, self._switches)
        else:
            request = checked_query(operation, query)
        if self._rules and operation in _LAGGING and (lag := fault_store.lag(self._rules, *_LAGGING[operation])):
            work = partial(work, lag_seconds=lag)
        return answered(200, work(self._db, self._switches, caller, request))

    def _catch_up(self) -> None:
        """Does what was postponed until now."""
        self._reread()
        if self._first_due <= now_us():
            for late in delayed.taken(self._db):
                with suppress(RefusalError):  # who was to hear of it has gone
                    self._worked(*late)
            self._reread()

    def _reread(self) -> None:
        revision = settings.revision(self._db)
        if revision != self._revision:
            self._switches = settings.switches_in(self._db)
            self._db.clock.skew(self._switches["clock_skew_seconds"])
            self._rules = fault_store.faults_in(self._db)
            self._first_due = delayed.first_due(self._db)
            self._revision = revision

    def close(self) -> None:
        """Closes the database."""
        self._db.connection.close()

    # What follows is not the API: looking inside, and things that happen on the service by other hands.

    @property
    def switches(self) -> Switches:
        """Every switch's value."""
        return settings.switches_in(self._db)

    def switch(self, **values: Any) -> None:
        """Sets switches, for every process; raises RefusalError 422."""
        settings.switch(self._db, values)

    @property
    def faults(self) -> list[dict[str, Any]]:
        """The fault rules in force."""
        return [rule.plain() for _, rule in fault_store.faults_in(self._db)]

    def set_faults(self, rules: Iterable[Any], *, seed: int = 0) -> None:
        """Replaces the fault rules (JSON or compact text); raises RefusalError 422."""
        fault_store.set_faults(self._db, [faults.rule(rule, seed=seed) for rule in rules])

    def postpone(self, seconds: float, request: delayed.Request) -> None:
        """Performs `request` later; its answer is dropped."""
        delayed.postponed(self._db, request, seconds)

    def dump(self) -> list[dict[str, Any]]:
        """Every interview with everything that is stored, embed keys included; oldest first."""
        self._catch_up()
        return [plain(interview) for interview in every(self._db)]

    def requests(self) -> dict[str, Any]:
        """Requests per operation and status, and the latest of them."""
        self._reread()
        return self._journal.report(self._db, stored=self._switches["request_log"])

    def admin_edit(self, interview_id: str, values: dict[str, Any], *, touch: bool = True) -> None:
        """A colleague changes stored columns in the admin."""
        self._reread()
        lag = fault_store.lag(self._rules, "list_lag", "read_lag")
        admin.edited(self._db, interview_id, values, touch=touch, lag_seconds=lag)

    def admin_delete(self, interview_id: str) -> None:
        """A colleague removes the row for good."""
        admin.erased(self._db, interview_id)

    def add_position(self, **values: Any) -> str:
        """A multi-stage position; answers its id."""
        return admin.position_added(self._db, self.switches, values)

    def add_results(self, results: Iterable[dict[str, Any]]) -> list[str]:
        """Candidates took interviews: `{"item": ..., "details": ...}` each; answers the interview_result_ids."""
        return add_results.results_added(self._db, self.switches, results)

    def seed_results(self, names: Collection[str], count: int, seed: int, *, real_size: bool = False) -> list[str]:
        """Invents `count` results an interview; answers the interview_result_ids."""
        from reconciler.sandbox.synthetic_results import seeded

        self._reread()
        return seeded(self._db, self._switches, names, count, seed, real_size=real_size)

    def embed_parameters(self, name: str, visitor: tuple[str, str] | None = None) -> dict[str, str] | None:
        """Parameters of the link to the newest embedded interview of that name, signed when a visitor is named."""
        from reconciler.sandbox.embed_link import parameters

        return parameters(self._db, name, visitor)

    def reset(self) -> None:
        """Forgets everything: rows, switches, faults, requests."""
        database.emptied(self._db)
        self._journal.forget()
