"""What an update makes of a complete list of questions: kept, replaced, added, removed (docs/service.md#4-update).

Each entry is matched on external_id, then id, then identical content; in three passes, so that a weaker match never
takes the record a later entry names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.clock import new_id
from reconciler.sandbox.steps import CONTENT, FLAGS, PARENT, Step, parent_of, questions_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.sandbox.switches import Switches

_EMPTY_IS_NULL = ("question_alternatives", "external_data", "candidate_expectations_json")


@dataclass(slots=True)
class Ledger:
    """The decision per question, filled in the asked order; `moved` leads from a replaced id to its successor."""

    kept: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    replaced: list[dict[str, str]] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)

    def keep(self, step: Step) -> Step:
        self.kept.append(step["id"])
        return step

    def add(self, content: dict[str, Any]) -> Step:
        step: Step = {"id": new_id(), "kind": "question"} | dict.fromkeys(CONTENT) | content
        self.added.append(step["id"])
        return step

    def replace(self, old: Step, content: dict[str, Any]) -> Step:
        """The old record is unlinked; what the entry omits is carried over from it."""
        step = old | content | {"id": new_id()}
        self.replaced.append({"from": old["id"], "to": step["id"]})
        self.moved[old["id"]] = step["id"]
        return step


@dataclass(frozen=True, slots=True)
class Revision:
    """The steps afterwards and how they came about; `is_changed` also when only the order moved."""

    steps: list[Step]
    ledger: Ledger
    is_changed: bool

    def answer(self, *, reactivated: bool) -> dict[str, Any]:
        """The `questions_diff` of the update's answer; question_ids holds unmanaged steps too."""
        return {
            "kept": self.ledger.kept,
            "added": self.ledger.added,
            "removed": self.ledger.removed,
            "replaced": self.ledger.replaced,
            "question_ids": [step["id"] for step in self.steps],
            "reactivated": reactivated,
        }


def revised(stored: list[Step], entries: list[dict[str, Any]], switches: Switches) -> Revision:
    """The stored steps after the complete list `entries`; raises RefusalError 422."""
    before = questions_in(stored)
    matched = _matches(before, entries, switches)
    ledger = Ledger()
    real_id: dict[str, str] = {}  # an entry's id -> the id it has afterwards
    asked: list[Step] = []
    for number, (entry, old) in enumerate(zip(entries, matched, strict=True)):
        sent = {key: entry[key] for key in CONTENT if key in entry}
        if PARENT in sent:
            sent[PARENT] = parent_of(number, entry, real_id, switches)
        in_place = switches["reorder_is_kept"] or (number < len(before) and before[number] is old)
        step = _settled(sent, old, ledger, switches, in_place=in_place)
        asked.append(step)
        if "id" in entry:
            real_id[entry["id"]] = step["id"]
    taken = {step["id"] for step in matched if step}
    ledger.removed.extend(step["id"] for step in before if step["id"] not in taken)
    if switches["children_repointed"]:
        asked = _without_orphans(asked)
    opening = [step for step in stored if step["kind"] in {"welcome", "instructional"}]
    closing = [step for step in stored if step["kind"] == "thank_you"]
    return Revision([*opening, *asked, *closing], ledger, is_changed=asked != before)


def _settled(sent: dict[str, Any], old: Step | None, ledger: Ledger, switches: Switches, *, in_place: bool) -> Step:
    if old is None:
        return ledger.add(sent)
    if switches["children_repointed"]:
        # a child whose parent was replaced is the same child: it is kept and follows
        old = old | {PARENT: ledger.moved.get(old[PARENT], old[PARENT])}
    compared = sent if switches["omitted_keys_unchanged"] else dict.fromkeys(CONTENT) | sent
    if in_place and all(_alike(key, value, old[key], switches) for key, value in compared.items()):
        return ledger.keep(old)
    return ledger.replace(old, sent)


def _matches(before: list[Step], entries: list[dict[str, Any]], switches: Switches) -> list[Step | None]:
    matched: list[Step | None] = [None] * len(entries)
    free = {step["id"]: step for step in before}

    def identical(entry: dict[str, Any], step: Step) -> bool:
        compared = [key for key in CONTENT if key in entry and key not in {"external_id", PARENT}]
        return all(_alike(key, entry[key], step[key], switches) for key in compared)

    rules: tuple[Callable[[dict[str, Any], Step], bool], ...] = (
        lambda entry, step: entry.get("external_id") is not None and entry["external_id"] == step["external_id"],
        lambda entry, step: entry.get("id") == step["id"],
        identical,
    )
    for is_match in rules:
        for number, entry in enumerate(entries):
            if matched[number] is None:
                found = next((step for step in free.values() if is_match(entry, step)), None)
                if found is not None:
                    matched[number] = free.pop(found["id"])
    return matched


def _alike(key: str, sent: Any, stored: Any, switches: Switches) -> bool:
    if key in FLAGS and switches["unset_flag_equals_false"]:
        return bool(sent) == bool(stored)
    if key in _EMPTY_IS_NULL and switches["empty_equals_null"]:
        return (sent or None) == (stored or None)
    return bool(sent == stored)


def _without_orphans(asked: list[Step]) -> list[Step]:
    # a parent that was removed leaves its child without one
    present = {step["id"] for step in asked} | {None}
    return [step if step[PARENT] in present else step | {PARENT: None} for step in asked]
