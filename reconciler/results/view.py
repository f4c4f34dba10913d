"""View: how much of a result is shown. Pure.

Almost all of a real result is the raw data of its assessment, half a megabyte or more (docs/service.md#7-details).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

View = Literal["summary", "standard", "full"]
"""summary: scores, course and the beginning of each answer; standard: all but the raw data; full: everything."""

VIEWS: tuple[View, ...] = get_args(View)
RAW_DATA = "answer_assessment_raw_data"
"""The field of a turn that only the full view shows."""


def includes(view: View, least: View) -> bool:
    """Whether `view` shows what belongs to `least` and every larger one."""
    return VIEWS.index(view) >= VIEWS.index(least)


def turn_fields(fields: Mapping[str, Any], view: View) -> dict[str, Any]:
    """The fields of a turn that `view` shows."""
    return {name: value for name, value in fields.items() if name != RAW_DATA or view == "full"}
