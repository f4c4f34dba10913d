"""What no single file shows: rules between the interviews of a project. Pure; run for cached files, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.errors import Problem
from reconciler.text.quote import shown, tick

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconciler.manifest.desired import Desired


def check_across(desired: Sequence[Desired], today: str = "") -> list[Problem]:
    """What is wrong between interviews, and what the day (`today`, such as 2030-12-31) makes suspicious."""
    problems = [problem for rule in (_names, _former_names, _imports, _codes) for problem in rule(desired)]
    return [*problems, *_past(desired, today)]


def _past(desired: Sequence[Desired], today: str) -> Iterator[Problem]:
    for item in desired:
        till = item.spec.get("interview_available_till")
        if isinstance(till, str) and till[: len(today)] < today:
            detail = f"`interview_available_till` is {shown(till)}, which is over"
            hint = "write a later day, or `null` if it is always available"
            yield Problem("date in the past", detail, hint, item.at("interview_available_till"), "warning")


def _names(desired: Sequence[Desired]) -> Iterator[Problem]:
    first: dict[str, Desired] = {}
    for item in desired:
        other = first.setdefault(item.name, item)
        if other is not item:
            detail = f"{tick(item.name)} is already declared at {other.where}"
            hint = "give one of them another `metadata.name`, or remove it"
            yield Problem("duplicate interview", detail, hint, item.where)


def _former_names(desired: Sequence[Desired]) -> Iterator[Problem]:
    present = {item.name: item for item in desired}
    heirs: dict[str, Desired] = {}
    for item in desired:
        for name in item.renamed_from:
            if (other := present.get(name)) and other is not item:
                detail = f"{tick(name)} is given as an earlier name, but still declared at {other.where}"
                yield Problem("contradicting rename", detail, "remove the old manifest or the entry", item.where)
            heir = heirs.setdefault(name, item)
            if heir is not item:
                detail = f"{tick(name)} is also given as the earlier name of {tick(heir.name)} at {heir.where}"
                yield Problem("contradicting rename", detail, "keep it in one of the two", item.where)


def _imports(desired: Sequence[Desired]) -> Iterator[Problem]:
    first: dict[str, Desired] = {}
    for item in desired:
        if item.import_id is None:
            continue
        other = first.setdefault(item.import_id, item)
        if other is not item:
            detail = f"{tick(item.name)} and {tick(other.name)} at {other.where} take over the same interview"
            yield Problem("duplicate import", detail, "keep `import` in one of the two", item.where)


def _codes(desired: Sequence[Desired]) -> Iterator[Problem]:
    first: dict[str, Desired] = {}
    for item in desired:
        code = item.spec.get("code")
        if not code:
            continue
        other = first.setdefault(code, item)
        if other is not item:
            detail = f"{tick(code)} is also the code of {tick(other.name)} at {other.where}"
            hint = "give each its own code, by which jmctl can find a lost interview again"
            yield Problem("code used twice", detail, hint, item.at("code"), "warning")
