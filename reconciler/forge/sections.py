"""One comment for all environments: a hidden mark to find it by, and a section for each environment. Pure.

    <!-- jmctl:comment project=acme -->
    <!-- jmctl:section env=prod run=17 -->
    (what the job of prod wrote)
    <!-- jmctl:end env=prod -->

A line is a mark only when it is nothing else. Text that is put into a section is kept from holding one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_SECTION = re.compile(
    r"^<!-- jmctl:section env=(?P<env>[A-Za-z0-9._-]+) run=(?P<run>[0-9]+) -->\n"
    r"(?P<body>.*?)^<!-- jmctl:end env=(?P=env) -->$",
    re.MULTILINE | re.DOTALL,
)
_MARK = re.compile(r"<!--(?=\s*jmctl:)")
_BLOCK_END = "\n</details>\n"


@dataclass(frozen=True, slots=True)
class Section:
    """What the pipeline of one environment says; a larger `run` is a later one."""

    env: str
    run: int
    body: str

    def text(self) -> str:
        """As it stands in the comment."""
        begin, end = f"<!-- jmctl:section env={self.env} run={self.run} -->", f"<!-- jmctl:end env={self.env} -->"
        return f"{begin}\n{self.body.rstrip()}\n{end}"


def is_name(text: str) -> bool:
    """Whether `text` can name an environment or project in a mark."""
    return bool(_NAME.fullmatch(text))


def mark_of(project: str, what: str = "comment") -> str:
    """The line by which a comment or issue of `project` is found again."""
    return f"<!-- jmctl:{what} project={project} -->"


def has_mark(body: str, mark: str) -> bool:
    """Whether `mark` is the first line."""
    return body.replace("\r\n", "\n").split("\n", 1)[0].strip() == mark


def sections_of(body: str) -> dict[str, Section]:
    """The sections of a comment by environment, in their order."""
    found = _SECTION.finditer(body.replace("\r\n", "\n"))
    return {one["env"]: Section(one["env"], int(one["run"]), one["body"].rstrip("\n")) for one in found}


def without_marks(text: str) -> str:
    """`text` in which nothing is a mark of ours."""
    return _MARK.sub("<!-\u200b-", text.replace("\r\n", "\n"))


def with_section(body: str, mark: str, section: Section, limit: int) -> str:
    """A comment with `section` in the place of the one of its environment.

    What does not fit into `limit` is cut: each may have an equal share, and what others leave of theirs.
    """
    kept = {**(sections_of(body) if has_mark(body, mark) else {}), section.env: section}
    around = len(mark) + 2 + sum(len(Section(one.env, one.run, "").text()) + 1 for one in kept.values())
    share = (limit - around) // len(kept)
    others = {env: one.body for env, one in kept.items() if env != section.env}
    if sum(map(len, others.values())) + len(section.body) > limit - around:
        others = {env: fitted(text, share) for env, text in others.items()}
    own = fitted(section.body, limit - around - sum(map(len, others.values())))
    bodies = {**others, section.env: own}
    ordered = (Section(env, kept[env].run, bodies[env]).text() for env in sorted(kept))
    return "\n".join([mark, *ordered]) + "\n"


def fitted(text: str, most: int) -> str:
    """`text` in at most `most` characters, cut behind a folded block, so that no fence and no block stays open."""
    if len(text) <= most:
        return text
    more = "\nThe rest does not fit into this comment: see the summary of the job.\n"
    end = text.rfind(_BLOCK_END, 0, max(0, most - len(more)))
    return f"{text[: end + len(_BLOCK_END)]}{more}" if end >= 0 else more.strip()[: max(0, most)]
