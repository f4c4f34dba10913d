"""One comment with a section for each environment, and an issue about drift, against stand-ins for the hosts."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from markdown_it import MarkdownIt
from standin import JOB, PERSONAL, GitHubHost, GitLabHost, Host, serving
from workshop import manifest

from reconciler.engine.comment import write_section
from reconciler.engine.drift_issue import LABEL, keep_issue
from reconciler.errors import Refused, Unanswered
from reconciler.forge.github import GitHub
from reconciler.forge.gitlab import GitLab
from reconciler.forge.model import Denied, Forge
from reconciler.forge.sections import Section, fitted, mark_of, sections_of, with_section, without_marks
from reconciler.plan.reconcile import reconcile
from reconciler.project.validate import judge
from reconciler.secret import Secret
from reconciler.state.model import State
from reconciler.views.plan_markdown import plan_markdown
from reconciler.views.plan_review import PlanReview

MARK = mark_of("tests")
SETTLE = 0.05


@pytest.fixture(params=["github", "gitlab"])
def host(request: pytest.FixtureRequest) -> Iterator[tuple[Host, str]]:
    made = GitHubHost() if request.param == "github" else GitLabHost()
    with serving(made) as address:
        yield made, address


def forge(host: Host, address: str) -> Forge:
    if isinstance(host, GitHubHost):
        return GitHub(address, host.repository, Secret(JOB), pause=0)
    return GitLab(f"{address}/api/v4", "17", Secret(PERSONAL), pause=0)


def test_sections_are_found_again_and_replaced(host: tuple[Host, str]) -> None:
    one = forge(*host)
    assert write_section(one, 3, MARK, Section("prod", 1, "none yet"), settle=SETTLE, update_only=True) == "none"
    assert write_section(one, 3, MARK, Section("prod", 1, "first"), settle=SETTLE) == "written"
    assert write_section(one, 3, MARK, Section("staging", 2, "other"), settle=SETTLE) == "written"
    assert write_section(one, 3, MARK, Section("prod", 3, "second"), settle=SETTLE) == "written"
    assert write_section(one, 3, MARK, Section("prod", 2, "of an older run"), settle=SETTLE) == "later"
    (comment,) = host[0].comments[3]
    assert {env: part.body for env, part in sections_of(comment["body"]).items()} == {
        "prod": "second",
        "staging": "other",
    }


def test_twenty_racing_updates_keep_both_latest_sections(host: tuple[Host, str]) -> None:
    """Ten of each environment, none of which knows of the others, also when there is no comment yet."""
    host[0].delay = 0.002
    errors: list[BaseException] = []

    def write(env: str, run: int) -> None:
        try:
            write_section(forge(*host), 3, MARK, Section(env, run, f"{env} {run}"), settle=0.5)
        except BaseException as error:  # noqa: BLE001 - raised in a thread, shown below
            errors.append(error)

    threads = [threading.Thread(target=write, args=(env, run)) for run in range(1, 11) for env in ("prod", "staging")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    (comment,) = host[0].comments[3]
    assert {env: part.body for env, part in sections_of(comment["body"]).items()} == {
        "prod": "prod 10",
        "staging": "staging 10",
    }


def test_a_strangers_comment_with_the_mark_is_left_alone() -> None:
    made = GitHubHost()
    with serving(made) as address:
        stranger = GitHub(address, made.repository, Secret(PERSONAL), pause=0)
        stranger.create_comment(3, with_section("", MARK, Section("prod", 10**15, "approved, merge it"), 9999))
        assert write_section(forge(made, address), 3, MARK, Section("prod", 1, "plan"), settle=SETTLE) == "written"
        assert [sections_of(row["body"])["prod"].body for row in made.comments[3]] == ["approved, merge it", "plan"]


def test_comments_behind_the_first_page_are_found() -> None:
    made = GitHubHost()
    with serving(made) as address:
        one = forge(made, address)
        for number in range(120):
            one.create_comment(3, f"talk {number}")
        write_section(one, 3, MARK, Section("prod", 1, "a"), settle=0)
        write_section(one, 3, MARK, Section("prod", 2, "b"), settle=0)
        assert len(made.comments[3]) == 121


def test_an_issue_about_drift_opens_updates_and_closes(host: tuple[Host, str]) -> None:
    one = forge(*host)
    kept = [keep_issue(one, MARK, "drift", body) for body in (None, "a", "a", "b", None, None)]
    assert kept == ["none", "opened", "unchanged", "updated", "closed", "none"]
    (issue,) = host[0].issues
    assert issue["history"] == ["opened", "updated", "closed"]
    assert issue["labels"] == [LABEL]


def test_a_gitlab_jobs_token_is_denied_to_comment() -> None:
    with serving(GitLabHost()) as address, pytest.raises(Denied):
        write_section(GitLab(f"{address}/api/v4", "17", Secret(JOB), of_job=True), 3, MARK, Section("prod", 1, "a"))


def test_a_token_goes_to_https_or_this_machine_only() -> None:
    with pytest.raises(Refused, match="the code host may not receive the token"):
        GitHub("http://api.github.com", "acme/interviews", Secret(JOB))


def test_nobody_there_is_an_error_of_its_own() -> None:
    with serving(GitHubHost()) as address:
        pass
    with pytest.raises(Unanswered, match="the code host does not answer"):
        GitHub(address, "acme/interviews", Secret(JOB), pause=0).head_of(3)


def test_text_of_people_ends_no_section() -> None:
    forged = "<!-- jmctl:section env=staging run=999 -->\nevil\n<!-- jmctl:end env=staging -->"
    hostile = f"x\n<!-- jmctl:end env=prod -->\n{forged}"
    body = with_section("", MARK, Section("prod", 1, without_marks(hostile)), 9999)
    assert [*sections_of(body)] == ["prod"]
    body = with_section(body, MARK, Section("staging", 2, "good"), 9999)
    assert sections_of(body)["staging"].body == "good"


def test_what_does_not_fit_is_cut_behind_a_block() -> None:
    block = "<details><summary>s</summary>\n\n```text\nbody\n```\n\n</details>\n"
    text = "head\n\n" + (block + "\n") * 500
    body = ""
    for env in ("a", "b", "c"):
        body = with_section(body, MARK, Section(env, 1, text), 30_000)
        assert len(body) <= 30_000
    parts = sections_of(body)
    assert [*parts] == ["a", "b", "c"]
    assert all(len(part.body) > 9_000 for part in parts.values())
    cut = fitted(text, 1000)
    assert len(cut) <= 1000
    assert cut.count("<details>") == cut.count("</details>") > 0
    assert cut.count("```") % 2 == 0
    assert "does not fit" in cut


def test_a_hostile_plan_changes_nothing_outside_of_its_section() -> None:
    """Names and texts that forge marks, in the plan as it is written for a comment."""
    forged = "</details>\n<!-- jmctl:end env=prod -->\n<!-- jmctl:section env=staging run=9 -->\n@all ``` ::error::"
    desired, problems = judge(manifest("one", description=forged, name=forged).encode(), "interviews/one.yaml")
    assert not [problem for problem in problems if problem.severity == "error"]
    text = without_marks(plan_markdown(PlanReview(reconcile(desired, State(lineage="x"), {}))))
    assert "jmctl:end" in text
    staging = with_section("", MARK, Section("staging", 1, "good"), 65_536)
    body = with_section(staging, MARK, Section("prod", 2, text), 65_536)
    assert {env: part.body for env, part in sections_of(body).items()} == {"prod": text.rstrip("\n"), "staging": "good"}
    tokens = MarkdownIt("commonmark").parse(body)
    opened = "".join(token.content for token in tokens if token.type == "html_block")
    assert opened.count("<details>") == opened.count("</details>") == 1
    assert not {child.type for token in tokens for child in token.children or ()} & {"link_open", "image"}
