"""The commands against the sandbox."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from candidates import EVIL, EXAMPLE, hostile
from workshop import Project, Run, Sandbox

from reconciler.sandbox.service import Service

Inside = Callable[..., Run]
NAMES = ("clerk", "driver")
ASKED = [
    {"external_id": "why", "question": "Why this work?", "duration": 60},
    {"external_id": "how", "question": "How do you plan a day?", "duration": 90},
]


@pytest.fixture
def held(project: Project, inside: Inside) -> Project:
    """Two interviews with twelve invented results each."""
    for name in NAMES:
        project.write(name, name=name, status="active", questions=ASKED)
    assert inside(project, "apply", "--auto-approve").code == 0
    assert inside(project, "sandbox", "seed-results", "--count", "12").code == 0
    return project


def added(project: Project, name: str, details: dict[str, Any], **item: Any) -> str:
    """A result that a test makes itself."""
    service = Service(project.folder / ".sandbox")
    told = {"item": {"definition_id": project.ids()[name], **item}, "details": details}
    (result,) = service.add_results([told])
    service.close()
    return result


def listed(inside: Inside, project: Project, *arguments: str) -> list[dict[str, Any]]:
    run = inside(project, "results", "list", "--format", "json", *arguments)
    assert run.code == 0, run
    return list(run.document["results"])


def test_the_list(held: Project, inside: Inside) -> None:
    every = listed(inside, held)
    assert len(every) == 24
    assert {row["manifest"] for row in every} == set(NAMES)
    assert [row["created_at"] for row in every] == sorted((row["created_at"] for row in every), reverse=True)
    assert {row["manifest"] for row in listed(inside, held, "clerk")} == {"clerk"}
    done = listed(inside, held, "clerk", "--tab", "completed")
    assert {row["coach_status"] for row in done} == {"completed"}
    assert len(listed(inside, held, "clerk", "--since", "1h")) == 6
    assert len(listed(inside, held, "--limit", "5")) == 5
    one = every[3]["candidate_email"]
    assert {row["candidate_email"] for row in listed(inside, held, "--text", one)} == {one}


def test_others_are_only_shown_when_asked_for(held: Project, inside: Inside) -> None:
    service = Service(held.folder / ".sandbox")
    service.add_results([{"item": {"candidate_name": "of another team"}}])
    service.close()
    assert len(listed(inside, held)) == 24
    assert [row["manifest"] for row in listed(inside, held, "--others")].count(None) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("list", "clark"), 1, "did you mean `clerk`?"),
        (("list", "--since", "soon"), 64, "30d"),
        (("show", "7d1e0000-5a1e-4c0d-9f00-0000000000ff"), 1, "no such result"),
        (("check", "7d1e0000-5a1e-4c0d-9f00-0000000000ff"), 1, "jmctl results list"),
        (("export", "--out", "missing/x.jsonl"), 1, "check the path"),
        (("report", "--out", "missing/x.html"), 1, "check the path"),
    ],
)
def test_what_cannot_be(held: Project, inside: Inside, arguments: tuple[str, ...], code: int, words: str) -> None:
    run = inside(held, "results", *arguments)
    assert run.code == code
    assert words in run.err


def test_seeding_is_reproducible_and_marked(project: Project, inside: Inside, tmp_path: Path) -> None:
    told = []
    for place in ("one", "two"):
        made = Project(tmp_path / place, tmp_path / f"{place}-home")
        made.write("clerk", status="active", questions=ASKED)
        inside(made, "apply", "--auto-approve")
        inside(made, "sandbox", "seed-results", "--seed", "7", "--count", "10")
        told.append([(row["candidate_name"], row["score"], row["interview_result_id"]) for row in listed(inside, made)])
    assert told[0] == told[1]
    assert all(name.startswith("[synthetic]") for name, _, _ in told[0])
    assert inside(project, "sandbox", "seed-results").out.startswith("0 synthetic")


def test_across_revisions(held: Project, inside: Inside) -> None:
    first = listed(inside, held, "clerk")
    time.sleep(0.1)
    held.write("clerk", name="clerk", status="active", questions=[ASKED[0] | {"question": "Why?"}, ASKED[1]])
    assert inside(held, "apply", "--auto-approve").code == 0
    time.sleep(0.1)
    inside(held, "sandbox", "seed-results", "clerk", "--count", "8")
    held_at = {
        row["interview_result_id"]: inside(
            held, "results", "show", row["interview_result_id"], "--format", "json"
        ).document
        for row in listed(inside, held, "clerk")
    }
    revisions = [told["manifest"]["revision"] for told in held_at.values()]
    assert (revisions.count(0), revisions.count(1), revisions.count(2)) == (6, 6, 8)
    newest, oldest = next(iter(held_at)), first[-1]["interview_result_id"]
    assert {told["wording"] for told in held_at[newest]["answers"]} <= {"same", "follow-up"}
    assert held_at[oldest]["answers"][0]["question_now"] == "Why?"
    assert inside(held, "results", "check", newest).code in {0, 2}
    run = inside(held, "results", "check", oldest)
    assert run.code == 2
    assert "since changed by a later revision" in run.out
    assert inside(held, "results", "check", "--drift", oldest).code == 0


def test_drift_in_what_was_heard(held: Project, inside: Inside) -> None:
    turns = [{"id": "1", "is_answer": False, "question_original_id": "x", "question_original": "Are you married?"}]
    result = added(held, "clerk", {"transcript": turns, "status": "started"})
    run = inside(held, "results", "check", result, "--drift", "--format", "json")
    assert run.code == 2
    found = run.document["findings"][0]
    assert (found["kind"], found["then"], found["difference"]) == ("not in the manifest", "Are you married?", True)


def test_recordings_only_when_asked_for(held: Project, inside: Inside) -> None:
    result = added(held, "clerk", EXAMPLE)
    assert "token=" not in inside(held, "results", "show", result).out
    run = inside(held, "results", "show", result, "--recordings")
    assert run.out.count("token=") == 3
    assert "expire" in run.out


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("per", ["answer", "interview"])
def test_an_export_is_whole_and_alone(held: Project, inside: Inside, form: str, per: str) -> None:
    out = held.folder / f"out.{form}"
    added(held, "clerk", hostile(), candidate_name=EVIL)
    run = inside(held, "results", "export", "--format", form, "--per", per, "--out", str(out))
    assert run.code == 0, run
    assert "25 results read" in run.err
    found = _rows(out)
    assert len({row["result_id"] for row in found}) == 25
    if per == "interview":
        created = [str(row["created_at"]) for row in found]
        assert created == sorted(created)
    assert [path.name for path in held.folder.iterdir() if "out." in path.name] == [out.name]


def test_a_list_that_ends_early_says_of_how_many(held: Project, inside: Inside) -> None:
    assert inside(held, "results", "list", "--limit", "5").out.endswith("5 of 24 results; see more with --limit\n")
    assert inside(held, "results", "list", "--limit", "24").out.endswith("24 results.\n")
    assert inside(held, "results", "list").out.endswith("24 results.\n")


def test_a_hyphen_prints_what_a_file_would_hold(held: Project, inside: Inside) -> None:
    for words in (["export", "--format", "jsonl"], ["export", "--format", "csv"], ["report"]):
        assert inside(held, "results", *words, "--out", "file").code == 0
        printed = inside(held, "results", *words, "--out", "-")
        assert printed.code == 0, printed
        if words != ["report"]:  # which says when it was made
            assert printed.out == (held.folder / "file").read_text("utf-8")
        assert len(printed.out) > 1000
    assert not (held.folder / "-").exists()
    assert inside(held, "results", "export", "--format", "parquet", "--out", "-").code == 64


@pytest.fixture
def real(project: Project, inside: Inside) -> tuple[Project, str]:
    """One interview, and the id of one result of real size."""
    project.write("clerk", status="active", questions=ASKED)
    assert inside(project, "apply", "--auto-approve").code == 0
    assert inside(project, "sandbox", "seed-results", "--count", "1", "--real-size").code == 0
    (row,) = listed(inside, project)
    return project, row["interview_result_id"]


def test_a_result_of_real_size_is_readable_and_whole_on_request(real: tuple[Project, str], inside: Inside) -> None:
    project, result = real

    def shown(*arguments: str) -> str:
        run = inside(project, "results", "show", result, *arguments)
        assert run.code == 0, run
        return run.out

    assert len(shown().splitlines()) < 120
    assert "characters of raw data: --view full" in shown()
    assert len(shown("--view", "summary").splitlines()) < len(shown().splitlines())
    assert len(shown("--format", "json")) > 400_000
    assert len(shown("--format", "json", "--view", "standard")) < 40_000
    assert "transcript" not in json.loads(shown("--format", "json", "--view", "summary"))["details"]
    assert len(shown("--format", "markdown")) < 40_000


@pytest.mark.parametrize("per", ["answer", "interview"])
def test_raw_data_stays_out_of_tables_and_in_the_rest(real: tuple[Project, str], inside: Inside, per: str) -> None:
    project, _ = real

    def exported(form: str, *arguments: str) -> tuple[Path, str]:
        out = project.folder / f"out{len(arguments)}.{form}"
        run = inside(project, "results", "export", "--per", per, "--format", form, "--out", str(out), *arguments)
        assert run.code == 0, run
        return out, run.err

    table, said = exported("csv")
    assert "voice" not in table.read_text("utf-8")
    assert "cut" not in said
    assert all(len(cell) <= 32_767 for row in _rows(table) for cell in row.values())
    full, said = exported("csv", "--view", "full")
    assert max(len(cell) for row in _rows(full) for cell in row.values()) == 32_767
    assert "cut (jsonl has them whole)" in said
    for form in ("jsonl", "parquet"):
        whole, said = exported(form)
        assert "cut" not in said
        assert len(str(_rows(whole))) > 400_000
    brief, _ = exported("jsonl", "--view", "summary")
    assert not {"answer", "transcript", "ai_analysis"} & _rows(brief)[0].keys()
    assert "score" in _rows(brief)[0]


def _rows(out: Path) -> list[dict[str, Any]]:
    if out.suffix == ".csv":
        return list(csv.DictReader(out.read_text("utf-8").splitlines(keepends=True)))
    if out.suffix == ".parquet":
        return list(pyarrow.parquet.read_table(out).to_pylist())
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_an_export_goes_on_where_it_was(served: Project, sandbox: Sandbox, inside: Inside) -> None:
    served.write("clerk", status="active", questions=ASKED)
    assert inside(served, "apply", "--auto-approve").code == 0
    item = {"definition_id": served.ids()["clerk"]}
    sandbox.control("POST", "/results", [{"item": item, "details": EXAMPLE}] * 40)
    out = served.folder / "out.jsonl"
    sandbox.set_faults("expired_token:details:skip=15")
    broken = inside(served, "results", "export", "--out", str(out), "--concurrency", "2")
    assert broken.code == 1
    assert "run the same command again" in broken.err
    assert not out.exists()
    sandbox.set_faults()
    before = _details(sandbox)
    done = inside(served, "results", "export", "--out", str(out), "--concurrency", "2")
    assert done.code == 0, done
    assert "kept from before" in done.err
    assert len({row["result_id"] for row in _rows(out)}) == 40
    assert _details(sandbox) - before < 40


def _details(sandbox: Sandbox) -> int:
    """How many details were asked for so far."""
    return sum(sandbox.requests()["counts"]["job-interview-details"].values())


def test_export_at_ten_times_one_latency(served: Project, sandbox: Sandbox, inside: Inside) -> None:
    served.write("clerk", status="active", questions=ASKED)
    inside(served, "apply", "--auto-approve")
    item = {"definition_id": served.ids()["clerk"]}
    sandbox.control("POST", "/results", [{"item": item, "details": EXAMPLE}] * 200)
    sandbox.switch(latency_ms=50)
    began = time.perf_counter()
    run = inside(served, "results", "export", "--out", str(served.folder / "x.jsonl"), "--concurrency", "10")
    assert run.code == 0, run
    # the ideal is one second; bench/export_results.py measures it, this only sees that it is not one by one: 10 s
    assert time.perf_counter() - began < 9


def test_a_redacted_report_holds_nobody(held: Project, inside: Inside) -> None:
    body = json.loads(json.dumps(EXAMPLE).replace("[synthetic]", "CANARY"))
    body["transcript"][0] |= {"question_asked": "CANARY", "question_original": None}
    added(held, "clerk", body, candidate_name="CANARY", candidate_email="canary@example.invalid")
    out = held.folder / "report.html"
    assert inside(held, "results", "report", "--out", str(out)).code == 0
    assert "CANARY" in out.read_text("utf-8")
    assert inside(held, "results", "report", "--redact", "--out", str(out)).code == 0
    assert "canary" not in out.read_text("utf-8").lower()
    assert "[synthetic]" not in out.read_text("utf-8")


def test_a_report_of_nothing_and_of_tests(project: Project, inside: Inside) -> None:
    project.write("clerk", status="active", questions=ASKED)
    inside(project, "apply", "--auto-approve")
    out = project.folder / "report.html"
    assert inside(project, "results", "report", "--out", str(out)).code == 0
    assert "No results yet" in out.read_text("utf-8")
    added(project, "clerk", EXAMPLE, is_test=True)
    inside(project, "results", "report", "--out", str(out))
    assert "1 test result left out" in out.read_text("utf-8")
    inside(project, "results", "report", "--tests", "--out", str(out))
    assert "1 result of 1 interview" in out.read_text("utf-8")
    added(project, "clerk", {})  # everything null
    assert inside(project, "results", "report", "--out", str(out)).code == 0
