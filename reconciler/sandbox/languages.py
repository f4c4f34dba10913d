"""The platform's languages: what may be spoken, and by which voice."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import orjson

_REGIONAL_INDICATOR = 0x1F1E6 - ord("a")


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    """Every language by its code, in the order of the English names."""
    text = resources.files(__package__).joinpath("languages.json").read_bytes()
    return {language["code"]: language for language in orjson.loads(text)}


def speech(code: str) -> tuple[str, str]:
    """Code and name of the voice an interview in this language speaks with."""
    voice, name = catalogue()[code]["accents"][0]
    return voice, name


def is_spoken(code: str, *, pronunciation: bool) -> bool:
    """Whether a voice exists; pronunciation assessment narrows the choice (docs/service.md#2-create)."""
    language = catalogue().get(code)
    return language is not None and (language["pronunciation"] or not pronunciation)


@cache
def listed() -> list[dict[str, Any]]:
    """What platform-languages-list answers."""
    return [_face(language) for language in catalogue().values()]


def _face(language: dict[str, Any]) -> dict[str, Any]:
    points = [ord(letter) + _REGIONAL_INDICATOR for letter in language["country"]]
    return {
        "code": language["code"],
        "name_english": language["english"],
        "name_local": language["local"],
        "flag_image": f"https://media.example/flags/{language['country']}.svg",
        "flag_emoji": "".join(chr(point) for point in points),
        "flag_unicode": " ".join(f"U+{point:X}" for point in points),
        "coaching_interface": True,
        "interview_interface": True,
        "admin_interface": language["code"] in {"en", "cs", "de", "es"},
        "accents": [{"code": code, "name": name} for code, name in language["accents"]],
    }
