"""Names of avatars to the ids that the service takes, and what the catalogue says against a manifest. Pure.

Sources: docs/service.md#2-create, on templates that are listed but cannot be used, and on languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reconciler.canonical_json import digest
from reconciler.errors import Problem
from reconciler.manifest.desired import Desired
from reconciler.manifest.places import Renamed
from reconciler.resources.catalogue import LEGACY, Avatar, Catalogue
from reconciler.text.nearest import did_you_mean
from reconciler.text.quote import shown, tick

_REFRESH = "jmctl lookup avatars lists them and refreshes the catalogue"
_MOST = 5  # names in a hint


def resolve_names(want: Desired, catalogue: Catalogue | None) -> tuple[Desired, list[Problem]]:
    """`want` with the id of its avatar in place of the name, and what is wrong by the catalogue, each at its line."""
    problems = list(_languages(want, catalogue))
    if "avatar" not in want.spec:
        return want, [*problems, *_template(want, catalogue)]
    found = _found(want, catalogue)
    if isinstance(found, Problem):
        return want, [*problems, found]
    named = {
        ("interview_template_id" if name == "avatar" else name): (found.id if name == "avatar" else value)
        for name, value in want.spec.items()
    }
    places = Renamed(want.places, "interview_template_id", "avatar")
    return replace(want, spec=named, digest=digest(named), places=places), [*problems, *_legacy(want, found, "avatar")]


def _found(want: Desired, catalogue: Catalogue | None) -> Avatar | Problem:
    name, where = str(want.spec["avatar"]), want.at("avatar")
    if catalogue is None or not catalogue.avatars:
        hint = "fetch it: jmctl lookup avatars; or write `interview_template_id`"
        return Problem("no catalogue of avatars", f"the id of {shown(name)} is not known here", hint, where)
    same = [avatar for avatar in catalogue.avatars if avatar.name.casefold() == name.casefold()]
    if len(same) == 1:
        return same[0]
    if same:
        ids = ", ".join(f"{avatar.id} ({avatar.type})" for avatar in same)
        hint = f"write `interview_template_id` with one of these instead: {ids}"
        return Problem("ambiguous avatar", f"{len(same)} avatars are called {shown(name)}", hint, where)
    names = sorted({avatar.name for avatar in catalogue.avatars if avatar.type not in LEGACY})
    hint = did_you_mean(name, names) or f"there are {', '.join(map(tick, names[:_MOST]))}"
    return Problem("unknown avatar", f"no avatar is called {shown(name)}", f"{hint}; {_REFRESH}", where)


def _template(want: Desired, catalogue: Catalogue | None) -> Iterator[Problem]:
    if catalogue is None or not catalogue.avatars:
        return
    template = str(want.spec["interview_template_id"])
    for avatar in catalogue.avatars:
        if avatar.id == template:
            yield from _legacy(want, avatar, "interview_template_id")
            return
    ids = {avatar.id: avatar.name for avatar in catalogue.avatars}
    hint = did_you_mean(template, ids) or _REFRESH
    detail = f"no avatar of this account has the id {shown(template)}"
    yield Problem("unknown avatar", detail, hint, want.at("interview_template_id"))


def _legacy(want: Desired, avatar: Avatar, field: str) -> Iterator[Problem]:
    if avatar.type in LEGACY:
        detail = f"{shown(avatar.name)} is of the kind {avatar.type}, which new interviews cannot use"
        yield Problem("avatar cannot be used", detail, "choose another: jmctl lookup avatars", want.at(field))


def _languages(want: Desired, catalogue: Catalogue | None) -> Iterator[Problem]:
    known = {language.code: language for language in catalogue.languages} if catalogue else {}
    code = want.spec.get("mojito_language_code")
    if not known or not isinstance(code, str):
        return
    language = known.get(code)
    if language is None:
        hint = did_you_mean(code, known) or "jmctl lookup languages lists them"
        where = want.at("mojito_language_code")
        yield Problem("unknown language", f"the service does not list {shown(code)}", hint, where)
    elif want.spec.get("required_pronunciation") is True and not language.has_pronunciation:
        able = ", ".join(sorted(code for code, one in known.items() if one.has_pronunciation))
        hint = f"leave the field out, or use one of {able}"
        detail = f"{language.name} has no pronunciation assessment"
        yield Problem("no pronunciation assessment", detail, hint, want.at("required_pronunciation"))
