"""`.jmctl/catalogue.json` beside jmctl.yaml: the avatars and languages of the account, for work without the service."""

from __future__ import annotations

from pathlib import Path

import orjson

from reconciler.atomic_file import replace_file
from reconciler.errors import Misconfigured, Where
from reconciler.resources.catalogue import Catalogue, parse_catalogue

CATALOGUE_FILE = ".jmctl/catalogue.json"


def read_catalogue(root: Path) -> Catalogue | None:
    """The catalogue of the project in `root`; None when there is none. Raises Misconfigured when it cannot be read."""
    try:
        data = (root / CATALOGUE_FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(str(error.strerror)) from None
    try:
        return parse_catalogue(orjson.loads(data))
    except ValueError as error:
        raise _unusable(str(error)) from None


def write_catalogue(root: Path, catalogue: Catalogue) -> None:
    """Keeps `catalogue`. Raises OSError."""
    path = root / CATALOGUE_FILE
    path.parent.mkdir(exist_ok=True)
    replace_file(path, orjson.dumps(catalogue.as_json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _unusable(reason: str) -> Misconfigured:
    hint = "fetch it again: jmctl lookup avatars"
    return Misconfigured("the catalogue cannot be read", reason, hint=hint, where=Where(CATALOGUE_FILE))
