"""The terms shared by the parts of a manifest."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Language = Literal[
    "ar", "bg", "zh", "hr", "cs", "da", "nl", "en", "fil", "fi", "fr", "de", "el", "hi", "hu", "id", "it", "ja", "ko",
    "ms", "no", "pl", "pt", "br", "ro", "ru", "sk", "es", "sv", "ta", "th", "tr", "uk", "vi",
]  # fmt: skip

# text that must say something: white space alone does not
Words = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
FreeJson = dict[str, Any]


class Strict(BaseModel):
    """Unknown keys are errors and nothing is converted: `"3"` is no number, `yes` no boolean."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Expectations(BaseModel):
    """What answers are measured against, in three levels. Further keys are kept."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    weak: list[str] = Field(default_factory=list, description="What every viable candidate meets.")
    moderate: list[str] = Field(default_factory=list, description="What a solid candidate meets.")
    strong: list[str] = Field(default_factory=list, description="What only standouts meet.")
