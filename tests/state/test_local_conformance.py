"""The folder store does what every store must do."""

from __future__ import annotations

from pathlib import Path

import pytest
from backend_conformance import BackendConformance, Place

from reconciler.state.local import LocalBackend


class TestLocal(BackendConformance):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Place:
        return Place(lambda environment: LocalBackend(tmp_path / "state", environment))
