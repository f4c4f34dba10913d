"""Interviews put together from defaults, sets, texts, variables and environments; every mistake once, at its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from company import Company

from reconciler.errors import Invalid, Problem
from reconciler.manifest.desired import Desired
from reconciler.project.cache import Cache
from reconciler.project.config import load_config
from reconciler.project.load import read_manifests


def named(company: Company, name: str, environment: str | None = None) -> Desired:
    return next(item for item in company.read(environment).desired if item.name == name)


def errors(company: Company, environment: str | None = None) -> list[Problem]:
    with pytest.raises(Invalid) as caught:
        company.read(environment)
    return [problem for problem in caught.value.problems if problem.severity == "error"]


def places(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.summary, str(problem.where)) for problem in problems]


def test_one_manifest_becomes_an_interview_in_each_language(company: Company) -> None:
    german, english = company.read().desired
    assert (german.name, english.name) == ("support-agent-de", "support-agent-en")
    assert german.spec["mojito_language_code"] == "de"
    assert german.spec["name"] == "Kundendienst"
    assert [one["question"] for one in german.spec["questions"]] == [
        "Schildern Sie ein schwieriges Ticket bei Tarnhavn.",
        "Warum war es schwierig?",
        "Arbeiten Sie auch abends?",
    ]
    assert [one["external_id"] for one in german.spec["questions"]] == ["hard-ticket", "hard-ticket-why", "late"]
    assert english.spec["questions"][0] == {
        "id": "hard-ticket",
        "question": "Describe a difficult ticket you solved at Tarnhavn.",
        "duration": 120,
        "external_id": "hard-ticket",
    }
    assert english.labels == {"team": "support"}


def test_the_nearest_layer_wins_and_a_variable_keeps_its_type(company: Company) -> None:
    item = named(company, "support-agent-en")
    assert (item.spec["location"], item.spec["status"], item.spec["max_duration"]) == ("Gdansk", "active", 1200)
    staged = named(company, "support-agent-en", "staging")
    assert (staged.spec["status"], staged.lifecycle.on_remove) == ("draft", "delete")
    assert staged.spec["questions"][0]["question"].endswith("at Test.")
    assert staged.spec["questions"][2]["duration"] == 10


def test_null_clears_what_defaults_give(company: Company) -> None:
    company.change("interviews/pl/agent.yaml", "  questions:\n", "  max_duration: null\n  questions:\n")
    assert named(company, "support-agent-en").spec["max_duration"] is None


def test_a_field_under_another_name_replaces_it(company: Company) -> None:
    company.change("interviews/pl/_defaults.yaml", "{location: Gdansk}", "{location: Gdansk, avatar: Anna}")
    assert places(errors(company)) == [("no catalogue of avatars", "interviews/pl/_defaults.yaml:3:26")] * 2


def test_every_value_knows_its_file(company: Company) -> None:
    item = named(company, "support-agent-de")
    assert str(item.at("location")) == "interviews/pl/_defaults.yaml:3:8"
    assert str(item.at("max_duration")) == "interviews/_defaults.yaml:9:3"
    assert str(item.at("name")) == "texts/agent.de.yaml:6:15"
    assert str(item.at("mojito_language_code")) == "interviews/pl/agent.yaml:4:17"
    assert str(item.at("questions", "hard-ticket", "question")) == "texts/teamwork.de.yaml:7:5"
    assert str(item.at("questions", "hard-ticket", "duration")) == "sets/teamwork.yaml:8:5"
    assert str(item.at("questions", "late")) == "interviews/pl/agent.yaml:10:7"


def test_one_question_of_a_set_with_another_duration(company: Company) -> None:
    company.change("interviews/pl/agent.yaml", "- use: teamwork\n", "- use: teamwork/hard-ticket\n      duration: 60\n")
    item = named(company, "support-agent-en")
    assert [one["external_id"] for one in item.spec["questions"]] == ["hard-ticket", "late"]
    assert item.spec["questions"][0]["duration"] == 60
    assert str(item.at("questions", "hard-ticket", "duration")) == "interviews/pl/agent.yaml:10:7"


def test_an_interview_in_one_language_takes_the_texts_of_that_language(company: Company) -> None:
    company.change("interviews/pl/agent.yaml", "languages: [en, de]\nspec:\n", "spec:\n  mojito_language_code: de\n")
    (company.folder / "texts/agent.de.yaml").unlink()
    [item] = company.read().desired
    assert item.name == "support-agent"
    assert [one["question"] for one in item.spec["questions"]][1:] == ["Warum war es schwierig?", "Can you work late?"]


def test_an_escaped_sign_is_text(company: Company) -> None:
    company.change("interviews/pl/agent.yaml", "name: Support agent", "name: Pays $${amount} a month")
    assert named(company, "support-agent-en").spec["name"] == "Pays ${amount} a month"


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("sets/teamwork.yaml", "duration: 120", "duration: long", ("wrong type", "sets/teamwork.yaml:8:5")),
        ("sets/teamwork.yaml", "duration", "durations", ("unknown field", "sets/teamwork.yaml:8:5")),
        (
            "interviews/_defaults.yaml",
            "status: active",
            "status: open",
            ("unknown value", "interviews/_defaults.yaml:8:3"),
        ),
        ("texts/teamwork.de.yaml", "language: de", "language: xx", ("unknown value", "texts/teamwork.de.yaml:4:1")),
        ("texts/teamwork.de.yaml", "bei ${company}", "bei uns", ("placeholders differ", "texts/teamwork.de.yaml:6:3")),
        ("sets/teamwork.yaml", "${company}", "${compny}", ("unknown variable", "sets/teamwork.yaml:7:58")),
        (
            "interviews/_defaults.yaml",
            "remote",
            "${unset}",
            ("variable without a value", "interviews/_defaults.yaml:5:13"),
        ),
    ],
)
def test_a_mistake_in_a_shared_file_is_reported_once_at_its_line(
    company: Company, path: str, old: str, new: str, expected: tuple[str, str]
) -> None:
    company.change(path, old, new)
    company.write(
        "interviews/pl/second.yaml",
        (company.folder / "interviews/pl/agent.yaml")
        .read_text()
        .replace("support-agent", "second")
        .replace("[en, de]", "[en]"),
    )
    assert expected in places(errors(company))
    assert len(errors(company)) == 1 + (path == "texts/teamwork.de.yaml" and "language" in old)


def test_a_mistake_says_who_uses_it(company: Company) -> None:
    company.change("sets/teamwork.yaml", "duration: 120", "duration: long")
    [problem] = errors(company)
    assert problem.detail.endswith("; used by 2 interviews, first support-agent-de")


@pytest.mark.parametrize(
    ("old", "new", "summary", "place"),
    [
        ("use: teamwork", "use: teamwrk", "unknown question set", "9:7"),
        ("use: teamwork", "use: teamwork/hard", "unknown question of a set", "9:7"),
        ("use: teamwork", "use: teamwork\n      question: Why?", "text differs where a set is used", "10:7"),
        ("use: teamwork", "use: teamwork/hard-ticket-why", "unknown main question", "9:7"),
        ("- id: late", "- id: hard-ticket", "duplicate question", "10:7"),
        ("[en, de]", "[en, xx]", "unknown value", "4:17"),
        ("[en, de]", "[en, en]", "language given twice", "4:17"),
        ("[en, de]", "[en, fr]", "no texts in this language", "4:17"),
        ("staging:", "stagin:", "unknown environment", "13:3"),
        ("duration: 10", "durations: 10", "unknown field", "13:43"),
        ("    - id: late\n      question", "    - question", "question without an id", "10:7"),
    ],
)
def test_a_mistake_in_the_interview_is_at_its_line(
    company: Company, old: str, new: str, summary: str, place: str
) -> None:
    company.change("interviews/pl/agent.yaml", old, new)
    assert (summary, f"interviews/pl/agent.yaml:{place}") in places(errors(company))


def test_a_missing_text_is_reported_where_it_should_stand(company: Company) -> None:
    company.change("texts/agent.de.yaml", "  late: {text: Arbeiten Sie auch abends?}\n", "")
    assert places(errors(company)) == [("missing text", "texts/agent.de.yaml:5:1")]


def test_defaults_stand_in_their_file(company: Company) -> None:
    company.write("interviews/pl/other.yaml", NEARER_IN_OTHER)
    assert places(errors(company)) == [("defaults in another file", "interviews/pl/other.yaml:2:1")]


NEARER_IN_OTHER = "apiVersion: jmctl/v1\nkind: Defaults\nspec: {location: x}\n"


def test_two_sets_of_one_name(company: Company) -> None:
    company.write("sets/zz.yaml", (company.folder / "sets/teamwork.yaml").read_text())
    assert places(errors(company)) == [("declared twice", "sets/zz.yaml:3:12")]


def test_only_affected_texts_are_stale_and_an_environment_can_refuse_them(company: Company) -> None:
    def stale() -> list[str]:
        return [f"{one.where}" for one in company.read().warnings if one.summary == "stale text"]

    assert stale() == ["texts/teamwork.de.yaml:9:3"]
    company.change("sets/teamwork.yaml", "Describe a difficult", "Describe a very difficult")
    assert stale() == ["texts/teamwork.de.yaml:6:3", "texts/teamwork.de.yaml:9:3"]
    company.change("jmctl.yaml", "staging: {", "staging: {texts: {stale: error}, ")
    assert [one.summary for one in errors(company, "staging")] == ["stale text", "stale text"]
    assert len(company.read().desired) == 2


def test_what_comes_out_of_the_cache_is_what_went_in(company: Company, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", bytes(32))

    def read(environment: str | None = None) -> object:
        config = load_config(company.folder, environment)
        return read_manifests(config.root, config.manifests, cache, config.manifest_places, config.composition)

    for environment in (None, "staging", None):
        assert read(environment) == company.read(environment)
        assert read(environment) == company.read(environment)
    for path, old, new in (
        ("sets/teamwork.yaml", "difficult", "hard"),
        ("interviews/pl/_defaults.yaml", "Gdansk", "Sopot"),
        ("texts/teamwork.de.yaml", "schwierig?", "schwer?"),
        ("jmctl.yaml", "Tarnhavn", "Other"),
    ):
        company.change(path, old, new)
        assert read() == company.read()
    company.write("interviews/pl/deep/_defaults.yaml", "apiVersion: jmctl/v1\nkind: Defaults\nspec: {location: X}\n")
    assert read() == company.read()
    (company.folder / "interviews/pl/_defaults.yaml").unlink()
    assert read() == company.read()


def test_an_unchanged_project_is_not_parsed_again(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path / "cache", bytes(32))
    config = load_config(company.folder)
    arguments = (config.root, config.manifests, cache, config.manifest_places, config.composition)
    cold = read_manifests(*arguments)
    monkeypatch.setattr("reconciler.yaml.load.survey", None)
    assert read_manifests(*arguments) == cold
    company.change("interviews/pl/agent.yaml", "late shift", "early shift")
    with pytest.raises(TypeError):
        read_manifests(*arguments)
