"""Where a folder is being served: a line in the folder while a server runs, so that links can be made from outside."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FILE: Final = "served"


@contextmanager
def announced(folder: Path, url: str) -> Iterator[None]:
    """Says in `folder`, for as long as the context lasts, that its embed page is `url`."""
    (folder / _FILE).write_text(f"{url}\n", encoding="utf-8")
    try:
        yield
    finally:
        if embed_url(folder) == url:  # another server may have begun meanwhile
            (folder / _FILE).unlink(missing_ok=True)


def embed_url(folder: Path) -> str | None:
    """The embed page of the server of this folder, None when none is running (one that was killed still counts)."""
    try:
        return (folder / _FILE).read_text(encoding="utf-8").strip() or None
    except OSError:
        return None
