"""Changes to YAML that a human wrote: comments, order and quoting stay as they are."""

from __future__ import annotations

import io
from pathlib import Path

from reconciler.atomic_file import replace_file


def add_recipient(path: Path, recipient: str) -> None:
    """Adds `recipient` to `recipients` of the configuration at `path`."""
    from ruamel.yaml import YAML

    yaml = YAML()  # the round-trip loader: slow, and for one small file the right one
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(path.read_bytes())
    document.setdefault("recipients", []).append(recipient)
    out = io.BytesIO()
    yaml.dump(document, out)
    replace_file(path, out.getvalue())
