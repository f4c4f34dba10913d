"""Breaks what CI systems would take for a command in a log. Pure.

GitHub's runner obeys `::command::` at the start of a line, after white space too, and `##[command]` anywhere in one;
Azure Pipelines obeys `##vso[` anywhere, and `##[` for formatting; TeamCity obeys `##teamcity[`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SYSTEMS = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "TEAMCITY_VERSION", "TF_BUILD")
_HASHES = re.compile(r"##(?=\[|vso\[|teamcity\[)", re.IGNORECASE)
_COLONS = re.compile(r"^(\s*):(?=:)", re.MULTILINE)


def is_ci(variables: Mapping[str, str]) -> bool:
    """Whether the output of this process is likely to be the log of a CI job."""
    return any(variables.get(name) for name in _SYSTEMS)


def without_commands(text: str) -> str:
    """`text` that no CI system obeys: a space stands in each marker."""
    if "##" in text:
        text = _HASHES.sub("# #", text)
    return _COLONS.sub(r"\1: ", text) if "::" in text else text


def json_without_commands(text: str) -> str:
    r"""JSON that no CI system obeys and that means the same: `#` is written as `\u0023` in each marker.

    Markers stand in strings only, and no line of JSON begins with a colon.
    """
    return _HASHES.sub(r"#\\u0023", text) if "##" in text else text
