"""The envelope of a manifest, the same for every kind: apiVersion, kind, metadata, spec and lifecycle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, create_model

from reconciler.manifest.base_types import Strict, Words

if TYPE_CHECKING:
    from pydantic import BaseModel

API_VERSION = "jmctl/v1"

Name = Annotated[str, StringConstraints(max_length=63, pattern=r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$")]
# selectors read `key=value,key!=value`, so their signs cannot stand in labels
Label = Annotated[str, StringConstraints(max_length=63, pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?$")]


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
    ignore: list[str] = Field(default_factory=list, description="Fields of spec that are changed elsewhere on purpose.")


class Document(Strict):
    """Any manifest: what it is, which resource it names, what is wanted, and how jmctl treats it."""

    apiVersion: Literal["jmctl/v1"] = Field(description="The version of the manifest's format.")  # noqa: N815 - as written in YAML
    kind: str = Field(description="What the document describes.")
    metadata: Metadata = Field(description="Which interview this is.")
    spec: dict[str, Any] = Field(description="The interview as it should be.")
    lifecycle: Lifecycle = Field(default_factory=Lifecycle, description="How jmctl treats it.")


def document_model(kind: str, description: str, spec: type[BaseModel]) -> type[BaseModel]:
    """The model of a whole document of `kind` whose spec is judged by `spec`."""
    ignore = Lifecycle.model_fields["ignore"]
    # Literal is given its values at run time, and mypy wants them in the source
    names: Any = Literal[tuple(spec.model_fields)]
    lifecycle: Any = create_model(
        "Lifecycle",
        __base__=Lifecycle,
        __doc__=Lifecycle.__doc__,
        ignore=(list[names], Field(default_factory=list, description=ignore.description)),
    )
    parts: dict[str, Any] = {
        "kind": (Literal[kind], Document.model_fields["kind"]),
        "spec": (spec, Document.model_fields["spec"]),
        "lifecycle": (lifecycle, Field(default_factory=lifecycle, description="How jmctl treats it.")),
    }
    model: type[BaseModel] = create_model("Manifest", __base__=Document, __doc__=description, **parts)
    return model


# `languages` and `environments` are composed away before the model sees a document
DOCUMENT_KEYS = ("apiVersion", "kind", "metadata", "languages", "spec", "lifecycle", "environments")
METADATA_KEYS = tuple(field.alias or name for name, field in Metadata.model_fields.items())
LIFECYCLE_KEYS = tuple(Lifecycle.model_fields)
