"""Writes texts into a Texts document: comments, order and quotes of what is there stay."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from reconciler.yaml.emit import inline


def new_texts(of: str, language: str) -> bytes:
    """A Texts document without texts."""
    return f"apiVersion: jmctl/v1\nkind: Texts\nof: {inline(of)}\nlanguage: {inline(language)}\ntexts: {{}}\n".encode()


def with_texts(data: bytes, of: str, language: str, entries: Mapping[str, Mapping[str, str]]) -> bytes:
    """`data` with the fields of each of `entries` set in its document for `of` in `language`.

    Raises ValueError when it has no such document.
    """
    from ruamel.yaml import YAML

    yaml = YAML()  # the round-trip loader: slow, and for one file the right one
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.explicit_start = data.startswith(b"---")
    documents: list[Any] = list(yaml.load_all(data))
    found = [one for one in documents if one and (one.get("of"), one.get("language")) == (of, language)]
    if not found:
        raise ValueError(f"no texts of {of} in {language}")
    texts = found[0]["texts"]
    if not texts and hasattr(texts, "fa"):
        texts.fa.set_block_style()
    for unit, fields in entries.items():
        known = texts.setdefault(unit, {})
        known.update(fields)
    out = io.BytesIO()
    yaml.dump_all(documents, out) if len(documents) > 1 else yaml.dump(documents[0], out)
    return out.getvalue()
