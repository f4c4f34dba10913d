"""The published prices, row by row."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from reconciler.resources.interview.cost import cost


@pytest.mark.parametrize(
    ("template", "spec", "expected"),
    [
        ("offline_heygen", {}, "0.35"),
        ("offline_synthesia", {}, "0.35"),
        ("interactive_elevenlabs", {}, "1"),
        ("interactive_heygen", {}, "2.5"),
        ("interactive_heygen", {"custom_scoring": {"early_stop": True}}, "1.5"),
        ("interactive_elevenlabs", {"custom_scoring": {"early_stop": True}}, "1"),
        ("interactive_elevenlabs", {"recording": "audio_all"}, "1.1"),
        ("interactive_elevenlabs", {"recording": "video_first_5_answers"}, "1.25"),
        ("interactive_elevenlabs", {"recording_full_session": "audio_all"}, "1.2"),
        ("interactive_elevenlabs", {"recording_full_session": "video_all"}, "1.4"),
        ("interactive_elevenlabs", {"recording": None, "custom_scoring": None}, "1"),
        ("interactive_elevenlabs", {"max_duration": 1200}, "1"),
        ("interactive_elevenlabs", {"max_duration": 1201}, "2"),
        ("interactive_elevenlabs", {"max_duration": 1800}, "2"),
        ("interactive_elevenlabs", {"max_duration": 2700}, "3"),
        ("interactive_elevenlabs", {"max_duration": 3600}, "4"),
        ("interactive_elevenlabs", {"max_duration": 3601}, "5"),
        ("offline_heygen", {"recording": "video_all", "recording_full_session": "video_all"}, "1"),
    ],
)  # fmt: skip
def test_a_known_template_has_one_price(template: str, spec: dict[str, Any], expected: str) -> None:
    price = cost(spec, template)
    assert price.least == price.most == Decimal(expected)


@pytest.mark.parametrize("template", [None, "interactive_something_new"])
def test_an_unknown_template_has_a_range(template: str | None) -> None:
    price = cost({"recording": "audio_all", "max_duration": 1800}, template)
    assert {kind: str(amount) for kind, amount in price.by_kind.items()} == {
        "pre-rendered avatar": "0.90",
        "voice only": "2.2",
        "full avatar": "5.2",
    }
    assert (price.least, price.most) == (Decimal("0.9"), Decimal("5.2"))


def test_a_missing_duration_is_said() -> None:
    assert cost({}).is_assumed
    assert not cost({"max_duration": 600}).is_assumed
