"""One scene for a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scene import Scene, scene_of
from workshop import Run


@pytest.fixture
def scene(tmp_path: Path, inside: Callable[..., Run]) -> Iterator[Scene]:
    made = scene_of(tmp_path, inside)
    yield made
    made.close()
