"""Functions that sign embed links on a server, in several languages: files beside this one, completed with values.

A file marks its values as @LINK@ and @EMBED_ID@, inside of a string literal in double quotes. The signing key is in no
sample: each reads it from the environment, where `jmctl secrets exec` puts it.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from importlib import resources
from typing import Final

from reconciler.embedding.link import embed_link

_FILES: Final = {
    "python": "python.txt",
    "node": "node.mjs",
    "php": "php.php",
    "go": "go.go",
    "ruby": "ruby.rb",
    "java": "EmbedLink.java",
}
LANGUAGES: Final = tuple(_FILES)
_PLAIN: Final = frozenset(f"{string.ascii_letters}{string.digits} -._~:/?=&%,;()[]+!")


def sample(language: str, page: str, embed_id: str) -> str:
    """The source in `language` for one interview. Raises KeyError for another language than `LANGUAGES`."""
    text = resources.files(__package__).joinpath(_FILES[language]).read_text(encoding="utf-8")
    values = {"@LINK@": embed_link(page, embed_id), "@EMBED_ID@": embed_id}
    for mark, value in values.items():
        text = text.replace(mark, _literal(value, _ESCAPES[language]))
    return text


def _literal(value: str, escape: Callable[[str], str]) -> str:
    return "".join(character if character in _PLAIN else escape(character) for character in value)


def _java(character: str) -> str:
    # Java reads \uXXXX before it looks for the end of a literal, so ASCII is written in octal
    if character.isascii():
        return f"\\{ord(character):03o}"
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _wide(character: str) -> str:
    return f"\\U{ord(character):08x}"


def _braced(character: str) -> str:
    return f"\\u{{{ord(character):x}}}"


_ESCAPES: Final = {"python": _wide, "node": _braced, "php": _braced, "go": _wide, "ruby": _braced, "java": _java}
