"""A service over an empty folder, what it shows, and the interviews that people may have made there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from reconciler.resources.interview.calls import observed
from reconciler.resources.observed import Observed
from reconciler.sandbox.reply import Reply
from reconciler.sandbox.service import Service

PATH = "/functions/v1/"
HEADERS = {"Authorization": "Bearer sandbox"}
EXAMPLES = Path(__file__).parents[2] / "examples"


class Account:
    """Creates, edits and reads interviews of one account."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def create(self, body: dict[str, Any]) -> str | None:
        """The id of a new interview, None when the service refuses it."""
        reply = self.service.outcome("POST", f"{PATH}job-interview-create-from-array", {}, HEADERS, orjson.dumps(body))
        assert isinstance(reply, Reply)
        return str(orjson.loads(reply.body)["interview_def_set_id"]) if reply.status == 200 else None

    def read(self, interview_id: str) -> Observed:
        query = {"position_id": interview_id}
        reply = self.service.outcome("GET", f"{PATH}job-interview-get", query, HEADERS, b"")
        assert isinstance(reply, Reply)
        return observed(interview_id, orjson.loads(reply.body))


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    service = Service(tmp_path_factory.mktemp("service"))
    yield Account(service)
    service.close()
