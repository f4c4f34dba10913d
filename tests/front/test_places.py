"""Every value knows the file, line and column that it was written at, also when it comes from the cache."""

from __future__ import annotations

from pathlib import Path

import orjson
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import Where
from reconciler.manifest.desired import Desired
from reconciler.manifest.places import Places, paths
from reconciler.project.cache import content_key, inputs_key
from reconciler.project.cache_entry import kept, recalled
from reconciler.project.validate import judge

EXAMPLES = Path(__file__).parents[2] / "examples/interviews"
TEXT = """\
apiVersion: jmctl/v1
kind: Interview
metadata: {name: support}
spec:
  name: Support
  location: remote
  interview_template_id: 46b98d37-1557-4391-beca-03037ead19f2
  mojito_language_code: en
  description: Synthetic
  status: draft
  type: interview
  visibility: merchant_invite
  questions:
    - id: hard-ticket
      question: Describe a difficult ticket you solved.
      duration: 120
    - question: Why?
"""


def test_a_field_of_a_question_has_its_place() -> None:
    (item,), _ = judge(TEXT.encode(), "a.yaml")
    assert item.at("status") == Where("a.yaml", 10, 3)
    assert item.at("questions", "hard-ticket") == Where("a.yaml", 14, 7)
    assert item.places["questions", "hard-ticket", "duration"] == Where("a.yaml", 16, 7)
    assert item.at("questions", "hard-ticket", "external_id") == Where("a.yaml", 14, 7)
    assert item.at("questions", "hard-ticket", "recording") == Where("a.yaml", 14, 7)
    assert item.at("recording") == item.where == Where("a.yaml", 3, 12)


def test_places_survive_the_cache_under_another_path() -> None:
    for path in EXAMPLES.rglob("*.yaml"):
        data = path.read_bytes()
        desired, warnings = judge(data, "old/a.yaml")
        entry = orjson.loads(orjson.dumps(kept({content_key(data): "old/a.yaml"}, desired, warnings)))
        again = recalled(entry, {content_key(data): "new/b.yaml"})
        assert again == judge(data, "new/b.yaml")
        assert {place.path for item in again[0] for place in item.places.values()} == {"new/b.yaml"}


def test_a_value_of_several_files_is_recalled_only_when_all_of_them_are_there() -> None:
    spec = {"name": "a", "questions": [{"external_id": "k", "question": "?"}]}
    places = Places(spec, ("a.yaml", "sets/s.yaml"), (0, 5, 3, 0, 6, 3, 1, 2, 5, 1, 2, 5, 1, 3, 7))
    item = Desired("a", spec, "d", Where("a.yaml", 3, 3), places)
    entry = orjson.loads(orjson.dumps(kept({"1": "a.yaml", "2": "sets/s.yaml"}, [item], [])))
    assert recalled(entry, {"1": "a.yaml"}) is None
    assert recalled(entry, {"1": "a.yaml", "2": "other", "3": "more"}) != ([item], [])
    assert recalled(entry, {"2": "sets/s.yaml", "1": "a.yaml"}) == ([item], [])
    assert item.at("questions", "k", "question") == Where("sets/s.yaml", 3, 7)


def test_the_key_of_several_files_is_that_of_the_set() -> None:
    assert inputs_key(["b", "a"]) == inputs_key(["a", "b"]) != inputs_key(["a"]) == "a"
    assert inputs_key(["a", "b"]) != inputs_key(["a", "c"])


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=3),
        st.none() | st.lists(st.dictionaries(st.sampled_from(["external_id", "question"]), st.text(max_size=2))),
        max_size=4,
    )
)
def test_there_is_a_path_for_each_place_and_none_else(spec: dict[str, object]) -> None:
    from reconciler.manifest.places import collected

    assert len(collected(spec, {}, lambda _: (1, 1))) == 3 * len(list(paths(spec)))
