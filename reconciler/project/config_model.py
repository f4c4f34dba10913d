"""What may stand in jmctl.yaml: the models that judge it and describe it to editors."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from reconciler.manifest.base_types import Strict, Words
from reconciler.manifest.envelope import Name
from reconciler.manifest.explain import Glossary

Environment = Annotated[str, StringConstraints(max_length=63, pattern=r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$")]
VariableName = Annotated[str, StringConstraints(max_length=63, pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")]


# what stands in `recipients`: project.recipient_checks judges it by sealing to it
RECIPIENT: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "properties": {
                "name": {"type": "string", "minLength": 1, "description": "Whose key it is, for `jmctl secrets list`."},
                "key": {"type": "string", "minLength": 1, "description": "The public key."},
            },
            "required": ["name", "key"],
            "additionalProperties": False,
        },
    ]
}


class Timeouts(Strict):
    """How long a call may take, in seconds."""

    connect: float = Field(default=15.0, gt=0, le=3600, description="Seconds to connect, more than 0.")
    total: float = Field(default=60.0, gt=0, le=3600, description="Seconds for a whole call, more than 0.")


class RecoverySettings(Strict):
    """How a create of unknown outcome is looked up, in seconds."""

    grace: float = Field(
        default=30.0, ge=0, le=3600, description="Seconds for which the service's list may lag behind, 0 or more."
    )
    skew: float = Field(
        default=300.0, ge=0, le=86400, description="Seconds by which the service's clock may differ, 0 or more."
    )
    lease: float = Field(
        default=180.0,
        ge=1,
        le=86400,
        description="Seconds for which a shared state stays reserved for a run that gives no sign, 1 or more.",
    )


class GuardSettings(Strict):
    """What a plan may remove before jmctl refuses to apply it."""

    max_destroy: Any = Field(
        default="30%",
        description="Most interviews that one apply may archive, delete or replace: a number, or a share such as 30%.",
        json_schema_extra={
            "anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]{1,3}%$"}]
        },
    )
    max_destroy_minimum: int = Field(
        default=10, ge=0, description="The share counts only when at least this many interviews exist, 0 or more."
    )


class Expectation(Strict):
    """What the account must be, so that a token for another one is refused."""

    merchant: Words | None = Field(default=None, description="Id of the merchant, as jmctl whoami shows it.")
    environment: Words | None = Field(
        default=None, description="Environment of the service, as its list shows it, such as production."
    )


class TextSettings(Strict):
    """What becomes of texts in other languages that may not fit any more."""

    stale: Literal["warning", "error"] = Field(
        default="warning", description="Whether a text that was made from an older source is a warning or an error."
    )


class Variable(Strict):
    """A variable that manifests may use as ${name}."""

    type: Literal["text", "number", "flag"] = Field(default="text", description="What its value is.")
    value: Any = Field(
        default=None,
        description="Its value where an environment sets no other.",
        json_schema_extra={"type": ["string", "number", "boolean"]},
    )
    description: Words | None = Field(default=None, description="What it is for.")


class Overridable(Strict):
    """What an environment may set differently."""

    manifests: list[Words] = Field(
        default=["interviews/**/*.yaml"],
        min_length=1,
        description="Patterns of the manifests' files, relative to jmctl.yaml, such as interviews/**/*.yaml.",
    )
    endpoint: Words = Field(
        default="https://cool.jobmojito.com/functions/v1",
        description="Address of the API, or sandbox:FOLDER for the simulated service.",
    )
    state: Words = Field(
        default="state",
        description="Where the state is: a folder, git, git:URL#REF, s3://BUCKET/PREFIX, gs://, az:// or https://.",
    )
    recipients: list[Any] = Field(
        default_factory=list,
        description="Public keys (age1... or ssh-ed25519 ...) to which embed keys are sealed, with or without names.",
        json_schema_extra={"items": RECIPIENT},
    )
    token_command: Any = Field(
        default=None,
        description="Command that prints the API token, as one text or as a list of its words.",
        json_schema_extra={
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
        },
    )
    apikey: Words | None = Field(
        default=None,
        description="The public key of the service's gateway (the anon or publishable key), sent as header apikey.",
    )
    concurrency: int = Field(default=8, ge=1, le=256, description="Calls under way at the same time, 1 to 256.")
    timeouts: Timeouts = Field(default_factory=Timeouts, description="How long a call may take.")
    embed_url: Words = Field(
        default="https://try.interviewmojito.com/embed", description="Page that shows embedded interviews."
    )
    guards: GuardSettings = Field(default_factory=GuardSettings, description="What a plan may remove.")
    expect: Expectation = Field(default_factory=Expectation, description="What the account must be.")
    recovery: RecoverySettings = Field(
        default_factory=RecoverySettings, description="How a create of unknown outcome is looked up."
    )
    texts: TextSettings = Field(default_factory=TextSettings, description="How texts in other languages are checked.")


class EnvironmentSettings(Overridable):
    """What an environment sets differently, and the values of its variables."""

    variables: dict[str, Any] = Field(
        default_factory=dict,
        description="Values of variables in this environment, by name.",
        json_schema_extra={"additionalProperties": {"type": ["string", "number", "boolean"]}},
    )


class Settings(Overridable):
    """The configuration of a project."""

    project: Name = Field(description="The project's name, of a-z, 0-9 and -, by which its interviews are marked.")
    variables: dict[VariableName, Variable] = Field(
        default_factory=dict, description="Variables for string values of manifests, which write ${name}."
    )
    environments: dict[Environment, EnvironmentSettings] = Field(
        default_factory=dict, description="Named differences, chosen with --env; default holds those of no --env."
    )


SECRET_HINT = "secrets never stand in a file: set JOBMOJITO_TOKEN, or name a `token_command`"  # noqa: S105

SETTINGS = Glossary(
    synonyms={
        "name": "project",
        "interviews": "manifests",
        "files": "manifests",
        "paths": "manifests",
        "url": "endpoint",
        "api": "endpoint",
        "base_url": "endpoint",
        "state_dir": "state",
        "backend": "state",
        "keys": "recipients",
        "parallelism": "concurrency",
        "timeout": "timeouts",
        "envs": "environments",
    },
    strangers=dict.fromkeys(
        (
            "token", "access_token", "api_token", "api_key", "auth", "authorization", "bearer", "credentials",
            "identity", "jobmojito_token", "jwt", "key", "password", "private_key", "refresh_token", "secret",
            "signing_key", "JOBMOJITO_TOKEN",
        ),
        SECRET_HINT,
    ),
    sections={"connect": "timeouts", "total": "timeouts", "max_destroy": "guards", "max_destroy_minimum": "guards",
              "grace": "recovery", "skew": "recovery", "lease": "recovery"},
    whole="jmctl.yaml",
    everything="see `jmctl schema --config`",
)  # fmt: skip
