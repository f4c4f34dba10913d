"""Source: one file of manifests, and what tells that it may take part in composition."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULTS_FILES = ("_defaults.yaml", "_defaults.yml")
# in a file that composes nothing one of these stands in a text, and costs another way to read it
_KEYS = ("use", "languages", "environments")
_SIGNS = (
    b"${",
    b"QuestionSet",
    b"Defaults",
    b"Texts",
    *(f"{key}{end}".encode() for key in _KEYS for end in (":", " :", '":', "':")),
)


@dataclass(frozen=True, slots=True)
class Source:
    """One file: where it is, how its path is shown, the digest of its content, and the content."""

    location: str
    shown: str
    digest: str
    data: bytes

    @property
    def is_defaults(self) -> bool:
        """Whether it is the file of defaults of its folder."""
        return self.location.endswith(DEFAULTS_FILES) and self.location.rpartition("/")[2] in DEFAULTS_FILES

    @property
    def is_signed(self) -> bool:
        """Whether it may be composed of other files, or be a part of them."""
        return any(sign in self.data for sign in _SIGNS)
