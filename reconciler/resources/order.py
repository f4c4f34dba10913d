"""The canonical order of keys in a manifest: that of the rows of its kind's field table, and of the envelope's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.manifest.envelope import DOCUMENT_KEYS, LIFECYCLE_KEYS, METADATA_KEYS
from reconciler.resources.field import Alias, Field, ListOf, MapOf, Object, Type

Path = tuple[str | int, ...]


def with_aliases(fields: Mapping[str, Field], aliases: Sequence[Alias]) -> dict[str, Field]:
    """`fields` with each alias behind the field that it stands for."""
    rows: dict[str, Field] = {}
    for name, field in fields.items():
        rows[name] = field
        rows |= {alias.row.name: alias.row for alias in aliases if alias.field == name}
    return rows


def order_at(path: Path, fields: Mapping[str, Field]) -> Sequence[str] | None:  # noqa: PLR0911 - one line a place
    """The order of the keys of the mapping at `path` in a document whose spec has `fields`.

    None where the order is the author's own, and for a path that is not in the table.
    """
    match path:
        case ():
            return DOCUMENT_KEYS
        case ("metadata",):
            return METADATA_KEYS
        case ("lifecycle",) | ("environments", str(), "lifecycle"):
            return LIFECYCLE_KEYS
        case ("environments", str()):
            return ("spec", "lifecycle")
        case ("spec",) | ("environments", str(), "spec"):
            return tuple(fields)
        case ("spec", str(name), *rest) | ("environments", str(), "spec", str(name), *rest) if name in fields:
            return _ordered(_at(fields[name].type, rest))
        case _:
            return None


def order_in(shape: Object, path: Path) -> Sequence[str] | None:
    """The order of the keys of the mapping at `path` in a document that `shape` describes; None as `order_at`."""
    return tuple(field.name for field in shape.fields) if not path else _ordered(_at(shape, path))


def _ordered(shape: Object | None) -> Sequence[str] | None:
    return tuple(field.name for field in shape.fields) if shape and shape.is_ordered else None


def _at(kind: Type, path: Sequence[str | int]) -> Object | None:
    """The object at `path` inside a value of `kind`."""
    for step in path:
        if (isinstance(kind, ListOf) and isinstance(step, int)) or isinstance(kind, MapOf):
            kind = kind.item
            continue
        inner = {field.name: field.type for field in kind.fields} if isinstance(kind, Object) else {}
        if step not in inner:
            return None
        kind = inner[str(step)]
    return kind if isinstance(kind, Object) else None
