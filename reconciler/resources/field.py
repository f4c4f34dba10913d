"""What a field table can say of a field: how it is read back, which call changes it, when two values are equal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class By(Enum):
    """Which call changes a field of an interview that exists."""

    UPDATE = auto()  # job-interview-update
    STATE = auto()  # job-interview-set-state
    REPLACE = auto()  # none: a new interview has to be made
    CREATION = auto()  # none, and not worth a new interview: it only steered the creation


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
    SUBSET = auto()  # the service adds keys: compare those that were set
    STATUS = auto()  # preparing stands for active while an avatar renders
    EMPTY = auto()  # null, empty list and empty object are one
    PARENT = auto()  # names a question: compared by that question's key
    KEY = auto()  # the identity itself
    QUESTIONS = auto()  # compared question by question, by key


@dataclass(frozen=True, slots=True)
class Field:
    """One row. `read` is the path in the get response, None when the service never shows the field.

    `created` says whether the array endpoint takes it; `clearable` whether an update may send null; `generated` that
    the service makes a value when the create omits it or sends null.
    """

    read: tuple[str, ...] | None
    by: By = By.UPDATE
    rule: Rule = Rule.EXACT
    default: object = None
    created: bool = True
    clearable: bool = True
    generated: bool = False
