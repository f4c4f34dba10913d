"""A whole manifest document: what it is, which interview it names, what is wanted, and how jmctl treats it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from reconciler.manifest.base_types import Strict, Words
from reconciler.resources.interview.model import Spec

API_VERSION = "jmctl/v1"
KIND = "Interview"

Name = Annotated[str, StringConstraints(max_length=63, pattern=r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$")]
# selectors read `key=value,key!=value`, so their signs cannot stand in labels
Label = Annotated[str, StringConstraints(max_length=63, pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?$")]
if TYPE_CHECKING:
    SpecField = str
else:
    SpecField = Literal[tuple(Spec.model_fields)]


class Metadata(Strict):
    """Which interview this is. Nothing of it is sent."""

    # `import` is a word of Python
    model_config = ConfigDict(validate_by_alias=True, validate_by_name=False)

    name: Name = Field(description="The interview's identity in the project: a-z, 0-9 and -, at most 63.")
    labels: dict[Label, Label] = Field(default_factory=dict, description="Labels for --selector.")
    renamed_from: list[Name] = Field(
        default_factory=list, description="Earlier names: the interview known under one of them goes on under this one."
    )
    import_id: Words | None = Field(
        default=None, alias="import", description="Id of an existing interview to take over instead of creating one."
    )


class Lifecycle(Strict):
    """How jmctl treats the interview."""

    protect: bool = Field(default=False, description="Refuse to archive, delete or replace it.")
    on_remove: Literal["archive", "delete", "forget"] = Field(
        default="archive", description="What happens on the service when this manifest is removed."
    )
    ignore: list[SpecField] = Field(
        default_factory=list, description="Fields of spec that are changed elsewhere on purpose."
    )


class Manifest(Strict):
    """One interview that should exist."""

    apiVersion: Literal["jmctl/v1"] = Field(description="The version of the manifest's format.")  # noqa: N815 - as written in YAML
    kind: Literal["Interview"] = Field(description="What the document describes.")
    metadata: Metadata = Field(description="Which interview this is.")
    spec: Spec = Field(description="The interview as it should be.")
    lifecycle: Lifecycle = Field(default_factory=Lifecycle, description="How jmctl treats it.")
