"""The small company of company.py as a fixture."""

from __future__ import annotations

from pathlib import Path

import pytest
from company import Company


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    made = Company(tmp_path)
    monkeypatch.chdir(tmp_path)
    return made
