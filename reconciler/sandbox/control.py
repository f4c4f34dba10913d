"""The way in for tests and users: `/_sandbox/...`, without a token, never struck by a fault.

GET PUT     /switches     every switch · set some
GET PUT     /faults       the rules in force · replace them (a list; JSON or compact text each)
GET         /interviews   everything stored, embed keys included
GET         /requests     counts per operation and the latest requests
POST        /admin-edit   {"id", "set": {...}, "touch": true} or {"id", "delete": true}
POST        /positions    {column: value} -> {"id"}
POST        /results      [{"item", "details"}] -> {"interview_result_ids"}
POST        /seed-results {"names", "count", "seed", "real_size"} -> {"interview_result_ids"}
DELETE      /             forget everything
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from reconciler.sandbox.reply import RefusalError, Reply, answered, refused, unanswerable

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.sandbox.service import Service


def controlled(service: Service, method: str, path: str, body: bytes) -> Reply:
    """Answers a control request."""
    try:
        given = orjson.loads(body) if body else None
        return answered(200, _done(service, method, path.rstrip("/") or "/", given))
    except orjson.JSONDecodeError:
        return refused(RefusalError(422, "Body is not valid JSON."))
    except RefusalError as refusal:
        return refused(refusal)


def _done(service: Service, method: str, path: str, given: Any) -> Any:
    action = _ACTIONS.get((method, path))
    if action is None:
        raise RefusalError(404, f"The sandbox has no {method} {path}.")
    return action(service, given)


def _switch(service: Service, given: Any) -> Any:
    service.switch(**_mapping(given))
    return service.switches


def _set_faults(service: Service, given: Any) -> Any:
    service.set_faults(_listing(given))
    return service.faults


def _reset(service: Service, _given: Any) -> Any:
    service.reset()
    return {"success": True}


def _admin_edit(service: Service, given: Any) -> Any:
    given = _mapping(given)
    if not isinstance(given.get("id"), str):
        raise unanswerable("id", "Field is required.")
    if given.get("delete"):
        service.admin_delete(given["id"])
    else:
        service.admin_edit(given["id"], _mapping(given.get("set") or {}), touch=given.get("touch", True))
    return {"success": True}


def _seed_results(service: Service, given: Any) -> Any:
    given = _mapping(given)
    names, count, seed = given.get("names", []), given.get("count", 40), given.get("seed", 0)
    for name, value, kind in (("names", names, list), ("count", count, int), ("seed", seed, int)):
        if not isinstance(value, kind):
            raise unanswerable(name, f"{value!r} is not a {kind.__name__}")
    made = service.seed_results(names, count, seed, real_size=given.get("real_size") is True)
    return {"interview_result_ids": made}


def _mapping(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise RefusalError(422, "The body is a JSON object.")
    return given


def _listing(given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise RefusalError(422, "The body is a JSON list.")
    return given


_ACTIONS: Final[dict[tuple[str, str], Callable[[Service, Any], Any]]] = {
    ("GET", "/switches"): lambda service, _: service.switches,
    ("PUT", "/switches"): _switch,
    ("GET", "/faults"): lambda service, _: service.faults,
    ("PUT", "/faults"): _set_faults,
    ("GET", "/interviews"): lambda service, _: service.dump(),
    ("GET", "/requests"): lambda service, _: service.requests(),
    ("POST", "/admin-edit"): _admin_edit,
    ("POST", "/positions"): lambda service, given: {"id": service.add_position(**_mapping(given))},
    ("POST", "/results"): lambda service, given: {"interview_result_ids": service.add_results(_listing(given))},
    ("POST", "/seed-results"): _seed_results,
    ("DELETE", "/"): _reset,
}
