"""Field: one row of a kind's field table, everything that is true of one field. Plain data; imports no library.

From these rows are made the pydantic model and the JSON Schema (`resources.model`), the formatter's key order
(`resources.order`), the decoder (`resources.calls`), the comparison (`resources.compare`), the calls of a plan and the
reference (`resources.reference`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto


class By(Enum):
    """Which call changes a field of a resource that exists."""

    UPDATE = auto()  # the update call
    STATE = auto()  # the set-state call
    REPLACE = auto()  # none: a new resource has to be made
    CREATION = auto()  # none, and not worth a new resource: it only steered the creation


class Rule(Enum):
    """When two values of a field count as equal. Only what the manifest declares is ever compared."""

    EXACT = auto()
    BLANK = auto()  # a blank string is stored as null
    CODE = auto()  # as BLANK; jmctl's own mark stands where no code is declared
    DEFAULT = auto()  # null stands for the row's default
    CASEFOLD = auto()  # case does not matter, and null stands for the row's default
    INSTANT = auto()  # two spellings of one moment; a date may come back with a time
    COMPANY = auto()  # null, or an object without a name, means hiring for yourself
    UNORDERED = auto()  # a set; null is empty
    UPPERCASE = auto()  # a set of codes that are stored in upper case; null is empty
    SUBSET = auto()  # the service adds keys: compare those that were set
    OBJECT = auto()  # field by field, by the rules of its own rows; one in which all are at their default is null
    STATUS = auto()  # preparing stands for active while an avatar renders
    EMPTY = auto()  # null, empty list and empty object are one
    PARENT = auto()  # names a question: compared by that question's key
    KEY = auto()  # the identity itself
    QUESTIONS = auto()  # compared question by question, by key


@dataclass(frozen=True, slots=True)
class Text:
    """A string; `pattern` is a regular expression that it must contain a match of."""

    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number, whole or not, between `least` and `most` inclusive; `step` is what it must be a multiple of."""

    least: float | None = None
    most: float | None = None
    step: float | None = None


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number between `least` and `most` inclusive."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `values`."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FreeObject:
    """Any JSON object."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of `item`, with at least `min_length` entries."""

    item: Type
    min_length: int | None = None


@dataclass(frozen=True, slots=True)
class Object:
    """An object with fields of its own; `name` is that of its definition in the JSON Schema.

    `is_open` says that further keys are kept, `is_ordered` that the formatter puts its keys in the order of `fields`.
    """

    name: str
    description: str
    fields: tuple[Field, ...]
    is_open: bool = False
    is_ordered: bool = False


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object whose keys are the author's own, each with a value of `item`."""

    item: Type


Type = Text | Number | Integer | Flag | Choice | FreeObject | ListOf | MapOf | Object


@dataclass(frozen=True, slots=True)
class Inherited:
    """A default that is the value of another field of the resource, at the top of its spec."""

    field: str


@dataclass(frozen=True, slots=True)
class Field:
    """One row. Its place in the table is the field's place in the canonical order.

    `required` fields are declared by every manifest and are never null; any other may be absent (not managed) or null,
    unless `nullable` is False. `initial` is what the model takes for a field of a nested object that is absent.
    `read` is the path in the answer to a read, None when the service never shows the field. `created` says whether the
    create call takes it; `clearable` whether an update may send null; `generated` that the service makes a value when
    the create omits it or sends null; `merged` that an update lays an object over the stored one, so that a key is not
    removed by leaving it out. `derived_from` names the field whose change makes the service overwrite this one, so that
    a declared value is sent with it. `default` is what null stands for, by the rules that know of one.
    `translated` says that people read or hear it, so that it has texts in other languages: True where there is no
    interview in a language without one, False where the text of the source may stay.
    `limits_access` says that a value narrows who may use the resource; `closed` is the value at which it is not in use
    yet, and with which it is created as long as such a limit is missing.
    """

    name: str
    type: Type
    description: str
    read: tuple[str, ...] | None = None
    by: By = By.UPDATE
    rule: Rule = Rule.EXACT
    default: object = None
    required: bool = False
    nullable: bool = True
    initial: object = None
    created: bool = True
    clearable: bool = True
    generated: bool = False
    merged: bool = False
    derived_from: str | None = None
    translated: bool | None = None
    limits_access: bool = False
    closed: str | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alias:
    """Another way to write the field `field`: by a name that is resolved to its value before anything is compared."""

    field: str
    row: Field


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together in manifests and in the reference, in that order."""

    title: str
    fields: tuple[Field, ...]


Table = Mapping[str, Field]


def table(groups: Sequence[Group]) -> Table:
    """Every row of `groups` by its name, in canonical order."""
    return {field.name: field for group in groups for field in group.fields}


def rows(fields: Sequence[Field]) -> Table:
    """The rows of a nested object by name."""
    return {field.name: field for field in fields}
