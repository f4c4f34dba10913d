"""A service over an empty folder, and a short way to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from reconciler.sandbox.contract import validator
from reconciler.sandbox.reply import Dropped, Reply
from reconciler.sandbox.service import Service

INTERACTIVE = "46b98d37-1557-4391-beca-03037ead19f2"
OFFLINE = "7d1e0000-5a1e-4c0d-9f00-000000000003"
MINIMAL: dict[str, Any] = {
    "name": "Support agent",
    "location": "remote",
    "interview_template_id": INTERACTIVE,
    "mojito_language_code": "en",
    "description": "Synthetic",
    "status": "draft",
    "type": "interview",
    "visibility": "merchant_invite",
    "questions": [{"question": "What does good support look like?"}],
}
_ANSWER = {
    "create-from-array": "JobInterviewCreateFromArrayResponse",
    "interview-get": "JobInterviewGetResponse",
    "interview-update": "JobInterviewUpdateResponse",
    "set-state": "JobInterviewSetStateResponse",
    "interview-list": "MerchantInterviewListResponse",
    "avatar-list": "MerchantAvatarListResponse",
    "result-list": "MerchantResultListResponse",
    "details": "JobInterviewDetailsResponse",
    "merchant-status": "MerchantStatus",
    "languages-list": "PlatformLanguagesListResponse",
}


@dataclass
class Asker:
    """Asks the service; every answer, good or bad, is held against the contract on the way."""

    service: Service
    token: str = "opaque"  # noqa: S105 - synthetic

    def raw(self, method: str, operation: str, query: dict[str, str], body: bytes = b"") -> Reply | Dropped:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.service.outcome(method, f"/functions/v1/{operation}", query, headers, body)

    def post(self, operation: str, body: dict[str, Any]) -> tuple[int, Any]:
        return self._judged(operation, self.raw("POST", operation, {}, orjson.dumps(body)))

    def fetch(self, operation: str, **query: str) -> tuple[int, Any]:
        return self._judged(operation, self.raw("GET", operation, query))

    def _judged(self, operation: str, reply: Reply | Dropped) -> tuple[int, Any]:
        assert isinstance(reply, Reply)
        schema = next(name for end, name in _ANSWER.items() if operation.endswith(end))
        payload = orjson.loads(reply.body)
        validator(schema if reply.status == 200 else "Error").validate(payload)
        return reply.status, payload

    def try_create(self, **fields: Any) -> tuple[int, Any]:
        return self.post("job-interview-create-from-array", MINIMAL | fields)

    def create(self, **fields: Any) -> str:
        status, answer = self.try_create(**fields)
        assert status == 200, answer
        return str(answer["interview_def_set_id"])

    def read(self, interview_id: str) -> dict[str, Any]:
        status, answer = self.fetch("job-interview-get", position_id=interview_id)
        assert status == 200, answer
        return dict(answer)

    def try_update(self, interview_id: str, **fields: Any) -> tuple[int, Any]:
        return self.post("job-interview-update", {"position_id": interview_id, **fields})

    def update(self, interview_id: str, **fields: Any) -> dict[str, Any]:
        status, answer = self.try_update(interview_id, **fields)
        assert status == 200, answer
        return dict(answer)

    def set_state(self, interview_id: str, **fields: Any) -> tuple[int, Any]:
        return self.post("job-interview-set-state", {"position_id": interview_id, **fields})

    def listed(self, **query: str) -> list[dict[str, Any]]:
        status, answer = self.fetch("merchant-interview-list", **query)
        assert status == 200, answer
        return list(answer["data"])


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    opened = Service(tmp_path / "sandbox")
    yield opened
    opened.close()


@pytest.fixture
def ask(service: Service) -> Asker:
    return Asker(service)
