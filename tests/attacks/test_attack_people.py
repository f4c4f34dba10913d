"""Attacks through what candidates write, on what is kept about them, and on a developer's sandbox from a web page."""

from __future__ import annotations

import csv
import http.client
import io
import os
import stat
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from workshop import Sandbox

from reconciler.results.checkpoint import Partial
from reconciler.results.columns import Column
from reconciler.views.results.rows_csv import write_csv


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("before", ["", "Hello", 'Hello "quoted"', "'"])
@pytest.mark.parametrize("formula", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\uff1d1"])
@pytest.mark.parametrize("space", ["", " "])
def test_no_cell_begins_a_formula_whatever_separates_cells(
    separator: str, before: str, formula: str, space: str
) -> None:
    file = io.BytesIO()
    column = Column("answer")
    write_csv(file, [column], [{"answer": f"{before}{separator}{space}{formula}"}])
    text = file.getvalue().decode()
    for delimiter in (",", ";", "\t", "|"):
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            for cell in row:
                assert not cell.lstrip(' "').startswith(("=", "+", "-", "@", "\uff1d")), cell


def test_the_working_file_of_an_export_is_private_and_follows_no_link(tmp_path: Path) -> None:
    target = tmp_path / "export.jsonl"
    with Partial(target, "key") as partial:
        assert stat.S_IMODE(partial.path.stat().st_mode) == 0o600
        partial.remove()
    victim = tmp_path / "victim"
    victim.write_text("kept")
    partial.path.symlink_to(victim)
    with pytest.raises(OSError, match="symbolic"):
        Partial(target, "key")
    assert victim.read_text() == "kept"
    partial.path.unlink()
    os.mkfifo(partial.path)
    with pytest.raises(OSError, match=r"not a regular file|No such device"):
        Partial(target, "key")


def asked(sandbox: Sandbox, **headers: str) -> int:
    parts = urlsplit(sandbox.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    connection.putrequest("GET", "/_sandbox/interviews", skip_host=True)
    for name, value in {"Host": f"{parts.hostname}:{parts.port}", **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer: Any = connection.getresponse()
    answer.read()
    connection.close()
    return int(answer.status)


def test_a_page_of_another_site_reads_nothing_of_the_sandbox(sandbox: Sandbox) -> None:
    parts = urlsplit(sandbox.url)
    assert asked(sandbox) == 200
    assert asked(sandbox, Host=f"localhost:{parts.port}") == 200
    assert asked(sandbox, Origin=f"http://{parts.hostname}:{parts.port}") == 200, "its own embed page"
    assert asked(sandbox, Host=f"evil.example:{parts.port}") == 403, "a name that was rebound to loopback"
    assert asked(sandbox, Origin="https://evil.example") == 403
    assert asked(sandbox, Origin="null") == 403
