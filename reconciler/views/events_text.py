"""Events as lines for stderr."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.events import (
    AppliedDiffers,
    CreateLookedUp,
    Event,
    ExportResumed,
    FilePrepared,
    IdentityReady,
    LeftOut,
    LinesAdded,
    LockLeftBehind,
    RecipientReady,
    RecordsRescued,
    TokenExpires,
    WaitingForCreates,
    Warned,
)
from reconciler.resources.difference import held_and_declared
from reconciler.text.sanitize import printable
from reconciler.views.problems import problem_lines


def event_lines(event: Event) -> Iterator[str]:
    """What there is to say of `event`; nothing for progress, which is drawn otherwise."""
    match event:
        case Warned(problem):
            yield from problem_lines(problem)
        case RecordsRescued(lines, path):
            yield "jmctl: these records could not be written to the state; keep them:"
            yield from lines.decode().splitlines()
            if path:
                where = f"they are in {path}; once the state can be written: jmctl state recover {path}"
                yield f"jmctl: {printable(where)}"
        case _:
            if sentence := _sentence(event):
                yield f"jmctl: {sentence}"


def is_talk(event: Event) -> bool:
    """Whether a user who wants to hear little can do without `event`: it neither warns nor saves records."""
    return not isinstance(event, Warned | RecordsRescued | TokenExpires | AppliedDiffers | LeftOut)


def _sentence(event: Event) -> str | None:  # noqa: PLR0911 - one return an event, side by side
    match event:
        case LockLeftBehind(holder):
            return f"an earlier run ended without releasing the lock ({printable(holder)}); its records are kept"
        case CreateLookedUp(match):
            return f"{match.attempt.name}: {printable(match.description)}"
        case WaitingForCreates(seconds):
            return f"waiting {seconds:.0f} s: what was not found yet may still appear in the service's list"
        case TokenExpires(seconds) if seconds <= 0:
            return (
                "warning: the access token has expired: the service will refuse it; get a new one and set "
                "JOBMOJITO_TOKEN"
            )
        case TokenExpires(seconds):
            return f"warning: the access token expires in {seconds:.0f} s: what is not done by then will be refused"
        case AppliedDiffers():
            return _differs(event)
        case LeftOut(interview_id, reason):
            return f"left out {printable(interview_id)}: {printable(reason)}"
        case ExportResumed(kept):
            return f"going on with an export that was broken off: {kept} results are there"
        case _:
            return _init_sentence(event)


def _init_sentence(event: Event) -> str | None:  # noqa: PLR0911 - one return an event, side by side
    """What `jmctl init` did to one file; None for every other event."""
    match event:
        case IdentityReady(path, is_new=False):
            return f"your identity is {path}"
        case IdentityReady(path):
            return f"made your identity {path}: it opens embed keys; keep a copy somewhere safe, never in a repository"
        case RecipientReady(config, is_new=False):
            return f"kept {config.name}: your public key is among its recipients"
        case RecipientReady(config):
            return f"added your public key to the recipients in {config.name}"
        case FilePrepared(path, is_new=False):
            return f"kept {path.name}"
        case FilePrepared(path):
            return f"wrote {path.parent.name}/{path.name}"
        case LinesAdded(path, lines):
            return f"{path.name}: added {', '.join(lines)}"
        case _:
            return None


def _differs(event: AppliedDiffers) -> str:
    if not event.fields:
        return f"warning: {event.name}: the service does not show what was applied; see: jmctl plan"
    values = held_and_declared(event.fields)
    way = "it is not sent again until the manifest changes it" if event.is_kept else "see: jmctl plan"
    verb = "keeps" if event.is_kept else "shows"
    return f"warning: {event.name}: the service {verb} other values than were applied: {printable(values)}; {way}"
