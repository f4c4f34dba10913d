"""Whether a store keeps the promise on which everything rests: of two writers from the same version one fails.

Some stores that speak S3 answer 200 to both of two create-only writes. Such a store is refused before the first state
is written to it, with what it did. Costs six requests, once for a state: a stored document proves an earlier probe.
"""

from __future__ import annotations

import uuid
from contextlib import suppress

import orjson

from reconciler.errors import JmctlError, Refused, Where
from reconciler.state.stores.cas import CompareAndSwap, Conflict, Unreachable
from reconciler.state.stores.http_store import HttpStore

_HINT = "use a store with conditional writes, such as state: git; see docs/state-stores.md"


def probe(store: CompareAndSwap) -> None:
    """Try the store on a scratch document. Raises Refused when it accepts a write that it must not."""
    scratch = store.scratch(uuid.uuid4().hex[:12])
    try:
        _try(scratch, store.label)
    finally:
        with suppress(JmctlError):
            scratch.remove()


def _try(scratch: CompareAndSwap, label: str) -> None:
    first = scratch.put(_document(1), None, "probe")
    if _accepts(scratch, 2, None):
        raise _refused(label, "it accepted a second create-only write")
    second = scratch.put(_document(3), first, "probe")
    if _accepts(scratch, 4, first):
        raise _refused(label, "it accepted a write that names a version which is no longer stored")
    found = scratch.get()
    if found is None or found.data != _document(3) or found.version != second:
        raise _refused(label, "it does not give back what was written last")
    if isinstance(scratch, HttpStore) and _writes_under_a_foreign_lock(scratch):
        raise _refused(label, "it accepted a write under a lock that does not stand")


def _accepts(scratch: CompareAndSwap, serial: int, expected: str | None) -> bool:
    try:
        scratch.put(_document(serial), expected, "probe")
    except Conflict:
        return False
    return True


def _writes_under_a_foreign_lock(scratch: HttpStore) -> bool:
    try:
        scratch.write_under(_document(5), str(uuid.uuid4()))
    except (Conflict, Unreachable):  # a server may answer a wrong lock with 500; it has not written
        found = scratch.get()
        return found is None or found.data != _document(3)
    return True  # the second lock was given, or the write was taken


def _document(serial: int) -> bytes:
    """A document as every store takes it: GitLab stores no two of one serial."""
    content = {"version": 1, "lineage": "probe", "serial": serial, "interviews": []}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _refused(label: str, detail: str) -> Refused:
    return Refused("this store cannot hold a state", detail, hint=_HINT, where=Where(label))
