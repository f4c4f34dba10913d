"""A service that knows badges, in memory, behind httpx: the other end of BadgeKind.calls."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx


class BadgeService(httpx.AsyncBaseTransport):
    """`rows` are the badges by id; `calls` the requests that write, in order; `lose_next_create` loses an answer."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.lose_next_create = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        operation = request.url.path.rpartition("/")[2]
        if request.method == "GET":
            return self._read(operation, dict(request.url.params))
        body: dict[str, Any] = json.loads(await request.aread())
        self.calls.append((operation, body))
        if operation == "badge-create":
            uid = f"id-{len(self.rows)}"
            self.rows[uid] = {"title": None, "shape": None, "look": {}, "code": None, "state": "active"}
            self._write(uid, body)
            if self.lose_next_create:
                self.lose_next_create = False
                raise httpx.ReadError("", request=request)
            return httpx.Response(200, json={"uid": uid})
        uid = body.pop("badge_id")
        if operation == "badge-set-state":
            self.rows[uid]["state"] = body["status"]
        else:
            assert operation == "badge-update"
            self._write(uid, body)
        self.rows[uid]["moved"] = datetime.now(UTC).isoformat()
        return httpx.Response(200, json={})

    def _read(self, operation: str, parameters: dict[str, str]) -> httpx.Response:
        if operation == "badge-list":
            data = [{"uid": uid, **row} for uid, row in self.rows.items()]
            return httpx.Response(200, json={"data": data, "pagination": {"has_more": False, "total": len(data)}})
        if operation == "merchant-status":
            return httpx.Response(200, json={"merchant_id": "merchant-1"})
        if operation != "badge-get":  # interviews: there are none
            return httpx.Response(200, json={"data": [], "pagination": {"has_more": False, "total": 0}})
        row = self.rows.get(parameters["badge_id"])
        return httpx.Response(404 if row is None else 200, json=row or {})

    def _write(self, uid: str, values: dict[str, Any]) -> None:
        row = self.rows[uid]
        names = {"name": "title"}
        for name, value in values.items():
            (row["look"] if name == "colour" else row)[names.get(name, name)] = value
        row["moved"] = datetime.now(UTC).isoformat()
