"""The terms shared by the parts of a manifest."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

# text that must say something: white space alone does not
Words = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]


class Strict(BaseModel):
    """Unknown keys are errors and nothing is converted: `"3"` is no number, `yes` no boolean."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
