"""Translations: their status, confirming them, and the way to translators and back as PO files."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import workshop
from company import SETTINGS, Company
from workshop import Run

Inside = Callable[..., Run]
COMMENTED = """\
# German, read by the office in Hamburg
apiVersion: jmctl/v1
kind: Texts
of: QuestionSet/teamwork
language: de
texts:
  hard-ticket:   # "Sie" on purpose
    text: "Schildern Sie ein schwieriges Ticket bei ${company}."
    source: sha256-000000000000
    source_text: Describe an easy ticket you solved at ${company}.
  hard-ticket-why:
    text: 'Warum war es schwierig?'
"""


@pytest.fixture
def acme(project: workshop.Project) -> Company:
    made = Company(project.folder)
    made.write("jmctl.yaml", f"{SETTINGS}endpoint: sandbox:.sandbox\nrecipients: [{project.recipient}]\n")
    made.write("texts/teamwork.de.yaml", COMMENTED)
    return made


def status(project: workshop.Project, inside: Inside) -> dict[tuple[str, str], tuple[int, int, int]]:
    rows = inside(project, "texts", "status", "--format", "json").document["texts"]
    return {(row["of"], row["language"]): (row["done"], row["stale"], row["missing"]) for row in rows}


def test_status_counts_and_a_changed_source_makes_its_texts_stale(
    acme: Company, project: workshop.Project, inside: Inside
) -> None:
    sets, own = ("QuestionSet/teamwork", "de"), ("Interview/support-agent", "de")
    assert status(project, inside) == {sets: (0, 2, 0), own: (0, 3, 0)}
    assert inside(project, "texts", "accept", "QuestionSet/teamwork", "--language", "de").code == 0
    assert status(project, inside)[sets] == (2, 0, 0)
    acme.change("sets/teamwork.yaml", "Why was it hard?", "Why was that hard?")
    assert status(project, inside)[sets] == (1, 1, 0)
    err = inside(project, "validate").err
    assert "Why was [-it-]{+that+} hard?" in err
    acme.change("interviews/pl/agent.yaml", "[en, de]", "[en, de, fr]")
    assert status(project, inside)["QuestionSet/teamwork", "fr"] == (0, 0, 2)


def test_accepting_one_text_changes_its_lines_alone(acme: Company, project: workshop.Project, inside: Inside) -> None:
    run = inside(project, "texts", "accept", "QuestionSet/teamwork", "--language", "de", "hard-ticket")
    assert (run.code, run.out) == (0, "texts/teamwork.de.yaml\n")
    after = (acme.folder / "texts/teamwork.de.yaml").read_text("utf-8")
    changed = [line for line in after.splitlines() if line not in COMMENTED.splitlines()]
    assert [line.split(":")[0].strip() for line in changed] == ["source", "source_text"]
    assert len(after.splitlines()) == len(COMMENTED.splitlines())
    wrong = inside(project, "texts", "accept", "QuestionSet/teamwork", "--language", "de", "hard-tickt")
    assert (wrong.code, "did you mean `hard-ticket`?" in wrong.err) == (64, True)


def test_a_po_file_is_clean_and_coming_back_unchanged_it_changes_nothing(
    acme: Company, project: workshop.Project, inside: Inside, tmp_path: Path
) -> None:
    import polib

    acme.change("interviews/pl/agent.yaml", "description: First", 'description_long: "a\\n\\nb"\n  description: First')
    out = tmp_path / "de.po"
    assert inside(project, "texts", "export", "--language", "de", "--out", str(out)).code == 0
    subprocess.run(["msgfmt", "--check", "-o", "/dev/null", str(out)], check=True, capture_output=True)
    file = polib.pofile(str(out))
    [entry] = [one for one in file if one.msgctxt == "QuestionSet/teamwork hard-ticket"]
    assert (entry.fuzzy, entry.previous_msgid) == (True, "Describe an easy ticket you solved at ${company}.")
    assert entry.occurrences == [("sets/teamwork.yaml", "7")]
    before = out.read_text("utf-8")
    file.save(str(out))
    assert polib.pofile(str(out)) == polib.pofile(before)
    files = {path: path.read_bytes() for path in (acme.folder / "texts").iterdir()}
    run = inside(project, "texts", "import", str(out))
    assert (run.code, run.out) == (0, "")
    assert {path: path.read_bytes() for path in (acme.folder / "texts").iterdir()} == files


def test_finished_texts_come_back_and_comments_stay(
    acme: Company, project: workshop.Project, inside: Inside, tmp_path: Path
) -> None:
    import polib

    out = tmp_path / "fr.po"
    acme.change("interviews/pl/agent.yaml", "[en, de]", "[en, de, fr]")
    assert inside(project, "validate").code == 1
    file = polib.pofile(inside(project, "texts", "export", "--language", "fr").out)
    for entry in file:
        entry.msgstr = f"FR {entry.msgid}"
    file.save(str(out))
    run = inside(project, "texts", "import", str(out))
    assert sorted(run.out.splitlines()) == ["texts/support-agent.fr.yaml", "texts/teamwork.fr.yaml"]
    assert inside(project, "validate").code == 0
    assert status(project, inside)["QuestionSet/teamwork", "fr"] == (2, 0, 0)
    german = polib.pofile(inside(project, "texts", "export", "--language", "de").out)
    for entry in german:
        entry.flags, entry.previous_msgid = [], None
    german.save(str(out))
    assert inside(project, "texts", "import", str(out)).code == 0
    after = (acme.folder / "texts/teamwork.de.yaml").read_text("utf-8")
    assert after.startswith("# German, read by the office in Hamburg\n")
    assert '# "Sie" on purpose\n' in after
    assert "'Warum war es schwierig?'" in after
    assert status(project, inside)["QuestionSet/teamwork", "de"] == (2, 0, 0)


@pytest.mark.parametrize(
    ("msgstr", "context", "summary"),
    [
        ("ohne Variable", "QuestionSet/teamwork hard-ticket", "placeholders differ"),
        ("bei ${other}", "QuestionSet/teamwork hard-ticket", "placeholders differ"),
        ("bei ${company}", "QuestionSet/teamwork nothing", "texts of nothing"),
    ],
)
def test_a_lost_placeholder_is_refused_and_nothing_is_written(  # noqa: PLR0913, PLR0917 - a table and three fixtures
    acme: Company, project: workshop.Project, inside: Inside, tmp_path: Path, msgstr: str, context: str, summary: str
) -> None:
    po = 'msgid ""\nmsgstr "Language: de\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'
    po += f'msgctxt "{context}"\nmsgid "Describe ${{company}}"\nmsgstr "{msgstr}"\n'
    (tmp_path / "de.po").write_text(po)
    run = inside(project, "texts", "import", str(tmp_path / "de.po"))
    assert (run.code, f"de.po:4:1: {summary}" in run.err) == (1, True)
    assert (acme.folder / "texts/teamwork.de.yaml").read_text("utf-8") == COMMENTED
