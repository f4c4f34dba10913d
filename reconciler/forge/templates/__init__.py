"""The pipelines that `jmctl init --ci` writes, one file for each code host."""

from __future__ import annotations

from importlib.resources import files

PATHS = {"github": ".github/workflows/jmctl.yml", "gitlab": ".gitlab-ci.yml"}
"""Where each host looks for its pipeline."""


def pipeline_text(host: str, version: str) -> str:
    """The pipeline for `host`, one of PATHS, which runs jmctl `version`."""
    return files(__name__).joinpath(f"{host}.yml").read_text("utf-8").replace("@VERSION@", version)
