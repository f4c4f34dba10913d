"""The bounds of dependencies: no release with a published hole, no unknown major release near secrets and parsing."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

DOCUMENT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = [text for group in DOCUMENT["optional-dependencies"].values() for text in group]
BOUNDS = {one.name.lower(): one.specifier for one in map(Requirement, [*DOCUMENT["dependencies"], *EXTRAS])}


@pytest.mark.parametrize(
    ("name", "holed", "mended"),
    [
        ("deepdiff", "8.6.1", "8.6.2"),  # CVE-2025-58367, CVE-2026-33155
        ("aiohttp", "3.13.2", "3.13.3"),  # CVE-2025-69223 and those after it
        ("jinja2", "3.1.5", "3.1.6"),  # CVE-2025-27516
    ],
)
def test_no_release_with_a_published_hole_is_admitted(name: str, holed: str, mended: str) -> None:
    assert holed not in BOUNDS[name]
    assert mended in BOUNDS[name]


@pytest.mark.parametrize("name", ["httpx", "keyring", "orjson", "pydantic", "pyrage", "ruamel.yaml"])
def test_what_decides_about_secrets_and_parsing_has_an_upper_bound(name: str) -> None:
    assert any(one.operator == "<" for one in BOUNDS[name])
    assert "1000" not in BOUNDS[name]
