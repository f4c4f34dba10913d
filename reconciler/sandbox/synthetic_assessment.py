"""Invented `answer_assessment_raw_data`: the shape and, on demand, the size of real ones (docs/service.md#7-details).

Real results measure 477,000 to 806,000 characters, almost all of it here: an object for each answer or, in older rows,
a list of null and that object.
"""

from __future__ import annotations

import random
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL: Final = 1_500
"""Characters of one answer's data unless real size is asked for."""
REAL: Final = (477_000, 806_000)
"""The least and greatest characters of a whole result of real size."""
_FRAMES: Final = 120  # of one answer, when there is space for them
_FRAME_LENGTH: Final = 110
_OLDER: Final = 0.2  # share of results in the older shape
_PHONEMES: Final = ("ae", "b", "d", "eh", "f", "g", "ih", "k", "l", "m", "n", "ow", "p", "r", "s", "t", "uw", "z")


def with_assessments(turns: list[dict[str, Any]], *, real_size: bool) -> list[dict[str, Any]]:
    """The turns, each answer with its raw data; equal turns get equal data."""
    answers = [turn for turn in turns if turn["is_answer"]]
    draw = random.Random(answers[0]["id"] if answers else 0)  # noqa: S311 - reproducible on purpose
    size = SMALL
    if real_size and answers:
        size = (draw.randint(*REAL) - len(orjson.dumps(turns))) // len(answers)
    is_older = draw.random() < _OLDER
    return [
        turn | {"answer_assessment_raw_data": _shaped(_assessment(draw, turn, size), is_older=is_older)}
        if turn["is_answer"]
        else turn
        for turn in turns
    ]


def _shaped(data: dict[str, Any], *, is_older: bool) -> Any:
    return [None, data] if is_older else data


def _assessment(draw: random.Random, turn: dict[str, Any], size: int) -> dict[str, Any]:
    words = turn["answer"].split()
    ends = turn["duration"] / 10
    frames = min(_FRAMES, size // 3 // _FRAME_LENGTH)
    data: dict[str, Any] = {
        "model": "sandbox",
        "language": turn["mojito_language_code"],
        "proctor_status": "ok",
        "stt_reliability": round(draw.uniform(0.7, 1), 3),
        "reading_stats": {"frames": frames, "share": round(draw.random() / 4, 3)},
        "reading_detection_results": [_frame(draw, number * ends / max(frames, 1)) for number in range(frames)],
        "candidate_images": [f"candidate/{turn['id']}/{number}.jpg" for number in range(min(3, size // 1_000))],
        "assemblyai": {"text": turn["answer"], "confidence": round(draw.uniform(0.8, 1), 3)},
        "elevenlabs": {"text": turn["answer"], "language_code": turn["mojito_language_code"]},
        "pyannote": {
            "diarization": [{"speaker": "SPEAKER_00", "start": 0.0, "end": ends}],
            "identification": [{"speaker": "candidate", "match": "SPEAKER_00"}],
            "confidence": {"SPEAKER_00": round(draw.uniform(0.6, 1), 3)},
        },
        "voice": [],
    }
    data["voice"] = list(_spoken(draw, words, size - len(orjson.dumps(data))))
    return data


def _frame(draw: random.Random, at: float) -> dict[str, Any]:
    gaze = {"x": round(draw.gauss(0, 0.2), 4), "y": round(draw.gauss(0, 0.2), 4)}
    return {"at": round(at, 2), "gaze": gaze, "reading": draw.random() < 0.1, "confidence": round(draw.random(), 4)}  # noqa: PLR2004 - a chance


def _spoken(draw: random.Random, words: list[str], size: int) -> Iterator[dict[str, Any]]:
    """Words as a pronunciation assessment lists them, over and over until `size` characters are full."""
    offset = 0
    for word in cycle(words):
        length = draw.randrange(1_000_000, 6_000_000)
        spoken = {"Word": word, "Offset": offset, "Duration": length, "AccuracyScore": draw.randrange(60, 101)}
        spoken |= {"ErrorType": "None", "Phonemes": [_phoneme(draw) for _ in range(max(1, len(word)))]}
        size -= len(orjson.dumps(spoken)) + 1
        if size < 0:
            return
        offset += length
        yield spoken


def _phoneme(draw: random.Random) -> dict[str, Any]:
    return {
        "Phoneme": draw.choice(_PHONEMES),
        "AccuracyScore": draw.randrange(40, 101),
        "Offset": draw.randrange(10**8),
        "Duration": draw.randrange(10**6),
    }
