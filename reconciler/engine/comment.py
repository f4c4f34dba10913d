"""Write one environment's section of the comment on a pull request, also while other environments write theirs.

Code hosts have no conditional write for comments. So each writer reads right before it writes, and reads again, twice,
after a while: a section that another writer took away unknowingly is put back. What was read too long ago is read again
before it is written over. A section of a later run is left alone.
"""

from __future__ import annotations

import random
import time
from typing import Literal

from reconciler.errors import Unanswered
from reconciler.forge.model import Comment, Forge
from reconciler.forge.sections import Section, has_mark, sections_of, with_section

Written = Literal["written", "later", "none"]
_ROUNDS = 40
_READS = 3
_CONFIRMED = 2  # looks that found the section in place after it was written


def write_section(  # noqa: PLR0913 - where, what, and how carefully
    forge: Forge, number: int, mark: str, section: Section, *, settle: float = 1.5, update_only: bool = False
) -> Written:
    """Puts `section` into the comment of pull request `number` that begins with `mark`. Blocks for some `settle`s.

    "later" when a later run wrote there already, "none" when there is no comment and `update_only` begins none.
    `settle` is the time in seconds after which what another writer read before our write was written. Raises
    Unanswered, and Denied when the token may not comment.
    """
    confirmed, needed = 0, 1
    for _ in range(_ROUNDS):
        own = _marked(forge, number, mark, settle)
        if not own:
            if update_only:
                return "none"
            forge.create_comment(number, with_section("", mark, section, forge.limit))
            confirmed, needed = 0, _CONFIRMED
        elif _is_later(own[0], section):
            return "later"
        else:
            _remove_doubles(forge, number, own, section.env)
            wanted = with_section(own[0].body, mark, section, forge.limit)
            if _same(own[0].body, wanted):
                confirmed += 1
                if confirmed >= needed:
                    return "written"
            else:
                forge.update_comment(number, own[0].id, wanted)
                confirmed, needed = 0, _CONFIRMED
        time.sleep(settle * random.uniform(0.7, 1.3))  # noqa: S311 - only to keep writers from going in step
    raise Unanswered("the comment is changed by others all the time", f"gave up after {_ROUNDS} rounds")


def _marked(forge: Forge, number: int, mark: str, settle: float) -> list[Comment]:
    """Our comments as they were less than `settle` ago, or, where the host is slow, as of the last of some reads."""
    own: list[Comment] = []
    for _ in range(_READS):
        began = time.monotonic()
        own = [one for one in forge.comments(number) if has_mark(one.body, mark)]
        if time.monotonic() - began < settle:
            break
    return own


def _is_later(comment: Comment, section: Section) -> bool:
    there = sections_of(comment.body).get(section.env)
    return there is not None and there.run > section.run


def _remove_doubles(forge: Forge, number: int, own: list[Comment], env: str) -> None:
    """Two that began a comment at the same time: the older one stays; each takes away the newer one that it wrote."""
    for double in own[1:]:
        if set(sections_of(double.body)) <= {env}:
            forge.delete_comment(number, double.id)


def _same(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").strip() == other.strip()
