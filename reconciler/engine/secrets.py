"""Sealed embed keys: who can open what, open one, seal all of them to the recipients of now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from reconciler.encryption.age import open_sealed
from reconciler.encryption.identities import find_identity_file, read_identities
from reconciler.encryption.recipients import fingerprint
from reconciler.encryption.sealed_key import OpenedKey, opened_key
from reconciler.engine.sealing import Sealer
from reconciler.engine.state_edit import find_entry
from reconciler.errors import Damaged, JmctlError, Misconfigured, Misused, Problem, Where
from reconciler.events import Warned
from reconciler.resources.kind import kind_named
from reconciler.state.records import Embedded, now

if TYPE_CHECKING:
    from reconciler.api.protocol import ChangeOutcome, Writer
    from reconciler.engine.apply import ApplyReport, Approve
    from reconciler.engine.project import Project
    from reconciler.engine.walk import StopSignal
    from reconciler.plan.model import Plan
    from reconciler.secret import Secret
    from reconciler.state.backend import StateWriter
    from reconciler.state.model import Entry, State

Opens = Literal["yes", "no", "wrong", "not tried"]
_BATCH = 16  # keys that share an fsync; as many are sealed again at most when a rekey is interrupted


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """Who can open the key of an entry.

    `sealed_to` are fingerprints of public keys, empty when that is not known; `former` those of them that jmctl.yaml no
    longer names, `missing` those that it names and that cannot open it. `opens` says what came of trying with the
    user's own identity: "wrong" is a key that belongs to another interview, or is damaged.
    """

    entry: Entry
    sealed_to: tuple[str, ...]
    former: tuple[str, ...]
    missing: tuple[str, ...]
    opens: Opens

    @property
    def is_current(self) -> bool:
        """Whether it is sealed to the recipients of jmctl.yaml, to no one else, and names its interview."""
        return bool(self.sealed_to) and not (self.former or self.missing) and self.opens != "wrong"


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What a rekey came to: the entries that were sealed anew, how many were current, and what failed."""

    names: tuple[str, ...]
    current: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Secrets:
    """The use cases of `jmctl secrets`. Those that write take the lock of the state, and raise Locked."""

    project: Project

    @property
    def names(self) -> Mapping[str, str]:
        """The names that jmctl.yaml gives to recipients, by fingerprint."""
        return {fingerprint(key): name for key, name in self.project.config.named_recipients.items()}

    def list(self, identity: Path | None = None) -> Sequence[SealedEntry]:
        """Every entry with a sealed key, by address; tried with the identity where there is one. Writes nothing."""
        path = find_identity_file(identity, self.project.variables)
        identities = self._identities(path) if identity or path.exists() else None
        state, sealer = self.project.state(), Sealer.of(self.project.config)
        return [self._described(entry, sealer, identities) for entry in _sealed(state)]

    def reveal(self, entry: Entry, identity: Path | None = None) -> Secret:
        """The embed key of `entry`, opened with the private key in the file `identity`.

        Without `identity` the file is that of JMCTL_IDENTITY, or the one in the user's configuration folder. Raises
        Misused when there is no key, Misconfigured when the file cannot be read or does not open it, Damaged when the
        key belongs to another interview.
        """
        identities = self._identities(find_identity_file(identity, self.project.variables))
        opened = open_key(entry, Sealer.of(self.project.config), identities)
        if not opened.is_bound:
            detail = f"{entry.name}: an earlier jmctl sealed it; that it belongs to this interview cannot be checked"
            hint = "jmctl secrets rekey"
            problem = Problem("the sealed key does not name its interview", detail, hint, severity="warning")
            self.project.notify(Warned(problem))
        return opened.key

    def rekey(self, identity: Path | None = None, names: Collection[str] = ()) -> Rekeyed:
        """Seals every key that is not current (of `names`: all) to the recipients of now; the service is not asked.

        Can be interrupted and run again: what is sealed anew is durable, and is not done twice.
        """
        sealer = Sealer.of(self.project.config)
        identities = self._identities(find_identity_file(identity, self.project.variables))
        sealer.check()
        with self.project.open_state() as writer:
            entries = chosen(writer.state, names)
            stale = [entry for entry in entries if not is_current(entry, sealer)]
            done, problems = _reseal(writer, stale, sealer, identities)
            writer.finish()
        return Rekeyed(tuple(done), len(entries) - len(stale), tuple(problems))

    async def rekey_from_service(self, names: Collection[str] = ()) -> Rekeyed:
        """As `rekey`, with the keys as the service gives them out, so that no identity is needed.

        Asks set-state for the key of each interview, which leaves the key as it is (docs/service.md, on set-state).
        """
        from reconciler.engine.reread_keys import reread_keys

        return await reread_keys(self.project, names)

    def plan_rotation(self, names: Collection[str]) -> Plan:
        """What rotating the keys of `names` would do. Raises Misused for a name without a key. Writes nothing."""
        from reconciler.engine.rotate import plan_rotation

        return plan_rotation(self.project.state(), names)

    async def rotate(self, names: Collection[str], *, approve: Approve, stop: StopSignal | None = None) -> ApplyReport:
        """Lets the service mint new keys for `names` and forget the old ones.

        Raises Refused when an interview is protected or `approve` says no, Misconfigured when keys cannot be sealed or
        the state cannot be written, Unanswered without a token; nothing was sent then.
        """
        from reconciler.engine.rotate import rotate
        from reconciler.engine.walk import StopSignal

        return await rotate(self.project, names, approve, stop or StopSignal())

    def _described(self, entry: Entry, sealer: Sealer, identities: Any) -> SealedEntry:
        configured, known = set(sealer.fingerprints), set(entry.sealed_to)
        opens: Opens = "not tried" if identities is None else _try(entry, sealer, identities)
        former = tuple(sorted(known - configured))
        missing = tuple(sorted(configured - known)) if known else ()
        return SealedEntry(entry, entry.sealed_to, former, missing, opens)

    def _identities(self, path: Path) -> Any:
        identities = read_identities(path)
        if path.resolve().is_relative_to(self.project.config.root.resolve()):
            hint = "move it to a folder of your own, and name it with --identity or JMCTL_IDENTITY"
            detail, where = "a commit could publish it", Where(str(path))
            problem = Problem("the private key lies in the project", detail, hint, where, "warning")
            self.project.notify(Warned(problem))
        return identities


def open_key(entry: Entry, sealer: Sealer, identities: Any) -> OpenedKey:
    """The key of `entry`. Raises Misused without one, Misconfigured and Damaged as `Secrets.reveal`."""
    if entry.embed_signing_key is None:
        hint = "jmctl apply reads it" if is_embedded(entry) else "set is_embedded: true in its manifest, and apply"
        raise Misused("no embed key is held", entry.name, hint=hint)
    text = open_sealed(entry.embed_signing_key, identities)
    return opened_key(text, sealer.binding(entry), bound=bool(entry.sealed_to))


def is_current(entry: Entry, sealer: Sealer) -> bool:
    """Whether the key of `entry` is sealed, bound, to the recipients of now."""
    return entry.sealed_to == sealer.fingerprints


def is_embedded(entry: Entry) -> bool:
    """Whether the service holds a key for `entry`, as far as the state knows."""
    field = kind_named(entry.address.kind).credential_field
    return field is not None and entry.attributes.get(field) is True


async def set_embedded(service: Writer, entry: Entry, *, embedded: bool) -> ChangeOutcome:
    """Asks the service to make sure that there is a key for `entry`, and for the key, or to remove it."""
    kind = kind_named(entry.address.kind)
    return await service.set_state(kind, entry.id, {kind.credential_field or "": embedded})


def chosen(state: State, names: Collection[str]) -> Sequence[Entry]:
    """The entries called `names`, or all with a sealed key. Raises NotFound for a name that is not there."""
    return [find_entry(state, name) for name in names] if names else _sealed(state)


def _sealed(state: State) -> list[Entry]:
    return [state.entries[address] for address in sorted(state.entries) if state.entries[address].embed_signing_key]


def _try(entry: Entry, sealer: Sealer, identities: Any) -> Opens:
    try:
        open_key(entry, sealer, identities)
    except Damaged:
        return "wrong"
    except Misconfigured as error:
        return "no" if error.problems[0].summary == "no identity opens this secret" else "wrong"
    return "yes"


def _reseal(
    writer: StateWriter, entries: Sequence[Entry], sealer: Sealer, identities: Any
) -> tuple[list[str], list[Problem]]:
    done: list[str] = []
    problems: list[Problem] = []
    for batch in (entries[start : start + _BATCH] for start in range(0, len(entries), _BATCH)):
        records = []
        for entry in batch:
            try:
                key = open_key(entry, sealer, identities).key
            except JmctlError as error:
                problems.extend(_of_entry(entry, error))
                continue
            sealed = sealer.seal(key, entry.id, entry.embed_id)
            records.append(Embedded(entry.address, now(), entry.embed_id, *sealed))
        writer.append(records)
        done.extend(record.address.name for record in records)
    return done, problems


def _of_entry(entry: Entry, error: JmctlError) -> list[Problem]:
    """The problems of `error` with the name of the entry that they are about."""
    return [replace(one, detail=": ".join(filter(None, (entry.name, one.detail)))) for one in error.problems]
