"""jmctl secrets: list, rekey, rotate and exec, against a served sandbox; and the story of a lost recipient."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from workshop import Project, Run, Sandbox, ended, wait_until

Inside = Callable[..., Run]


def keys(sandbox: Sandbox) -> dict[str, str]:
    """The keys that the service holds, by name of the interview there."""
    return {row["name"]: row["embed_signing_key"] for row in sandbox.interviews() if row["embed_signing_key"]}


@pytest.fixture
def holder(tmp_path: Path) -> tuple[Path, str]:
    """The identity file of another holder, and its public key."""
    identity = pyrage.x25519.Identity.generate()
    path = tmp_path / "holder.txt"
    path.write_text(f"{identity}\n")
    path.chmod(0o600)
    return path, str(identity.to_public())


def test_the_life_of_keys_with_a_lost_recipient(
    served: Project, sandbox: Sandbox, inside: Inside, holder: tuple[Path, str]
) -> None:
    identity, recipient = holder
    served.configure(recipients=[{"name": "leaving", "key": served.recipient}, {"name": "web team", "key": recipient}])
    served.write_many(3, is_embedded=True)
    mine = served.identity.read_bytes()
    served.identity.unlink()  # CI has none
    assert inside(served, "apply", "--auto-approve").code == 0
    listed = inside(served, "secrets", "list")
    assert listed.code == 0
    assert listed.out.splitlines()[0] == "interview-0000"

    revealed = inside(served, "secrets", "reveal", "interview-0001", "--identity", str(identity))
    assert revealed.out.strip() == keys(sandbox)["Interview 1"]

    served.configure(recipients=[{"name": "web team", "key": recipient}])
    listed = inside(served, "secrets", "list")
    assert listed.code == 2
    assert listed.out.count("no longer a recipient: jmctl secrets rekey") == 3
    before = served.snapshot.read_text()
    assert inside(served, "plan", "--detailed-exitcode").code == 0
    assert served.snapshot.read_text() == before

    run = inside(served, "secrets", "rekey", "--identity", str(identity))
    assert (run.code, run.out.splitlines()[-1]) == (0, "3 keys sealed anew, 0 current, 0 failed")
    again = inside(served, "secrets", "rekey", "--identity", str(identity))
    assert again.out == "0 keys sealed anew, 3 current, 0 failed\n"
    assert inside(served, "secrets", "list", "--identity", str(identity)).code == 0

    served.identity.write_bytes(mine)
    served.identity.chmod(0o600)
    run = inside(served, "secrets", "reveal", "interview-0001")
    assert run.code == 1
    assert "no identity opens this secret" in run.err


def test_where_no_identity_is_left_keys_are_read_from_the_service(
    served: Project, sandbox: Sandbox, inside: Inside, holder: tuple[Path, str]
) -> None:
    served.write_many(3, is_embedded=True)
    assert inside(served, "apply", "--auto-approve").code == 0
    before = keys(sandbox)
    served.identity.unlink()
    identity, recipient = holder
    served.configure(recipients=[recipient])
    run = inside(served, "secrets", "rekey")
    assert run.code == 1
    assert "no identity to open secrets with" in run.err
    run = inside(served, "secrets", "rekey", "--from-service")
    assert (run.code, run.out.splitlines()[-1]) == (0, "3 keys sealed anew, 0 current, 0 failed")
    assert keys(sandbox) == before, "reading leaves the keys as they are"
    assert [
        row["opens"]
        for row in inside(served, "secrets", "list", "--format", "json", "--identity", str(identity)).document
    ] == ["yes"] * 3


def test_a_rekey_that_cannot_open_one_key_does_the_others(
    served: Project, inside: Inside, holder: tuple[Path, str]
) -> None:
    _, recipient = holder
    served.write("opened", is_embedded=True)
    assert inside(served, "apply", "--auto-approve").code == 0
    served.configure(recipients=[recipient])
    served.write("closed", is_embedded=True)
    assert inside(served, "apply", "--auto-approve").code == 0
    served.configure(recipients=[served.recipient, recipient])
    run = inside(served, "secrets", "rekey")
    assert run.code == 3
    assert run.out == "sealed anew: opened\n1 key sealed anew, 0 current, 1 failed\n"
    assert "no identity opens this secret: closed" in run.err


def test_a_killed_rekey_goes_on_where_it_was(served: Project, inside: Inside, holder: tuple[Path, str]) -> None:
    served.write_many(40, is_embedded=True)
    assert inside(served, "apply", "--auto-approve").code == 0
    many = [str(pyrage.x25519.Identity.generate().to_public()) for _ in range(100)]  # slow enough to be killed
    served.configure(recipients=[served.recipient, holder[1], *many])
    process = served.start("secrets", "rekey")
    wait_until(lambda: served.journal.exists() and served.journal.read_bytes().count(b'"record":"embedded"') >= 4)
    process.kill()
    ended(process)
    run = inside(served, "secrets", "rekey")
    assert run.code == 0
    counts = [int(word) for word in run.out.splitlines()[-1].split() if word.isdigit()]
    assert counts[0] + counts[1] == 40
    assert counts[1] >= 4, "what was sealed before the kill is not sealed again"
    assert inside(served, "secrets", "list").code == 0


def test_a_rotation_is_shown_and_asked_for_and_the_old_key_is_gone(
    served: Project, sandbox: Sandbox, inside: Inside
) -> None:
    served.write("alpha", name="Alpha", is_embedded=True)
    served.write("beta", name="Beta", is_embedded=True)
    assert inside(served, "apply", "--auto-approve").code == 0
    before = keys(sandbox)
    refused = served.jmctl("secrets", "rotate", "alpha")
    assert refused.code == 6
    assert '~ embed_signing_key  "in use" -> "removed, and a new one made and sealed"' in refused.out
    assert keys(sandbox) == before
    run = inside(served, "secrets", "rotate", "alpha", "--auto-approve")
    assert run.code == 0, run
    after = keys(sandbox)
    assert after["Beta"] == before["Beta"]
    assert after["Alpha"] != before["Alpha"]
    assert inside(served, "secrets", "reveal", "alpha").out.strip() == after["Alpha"]
    assert inside(served, "plan", "--detailed-exitcode").code == 0
    assert before["Alpha"] not in run.out + run.err + served.snapshot.read_text()


def test_a_protected_interview_keeps_its_key(served: Project, sandbox: Sandbox, inside: Inside) -> None:
    served.write("alpha", lifecycle={"protect": True}, is_embedded=True)
    assert inside(served, "apply", "--auto-approve").code == 0
    before = keys(sandbox)
    run = inside(served, "secrets", "rotate", "alpha", "--auto-approve")
    assert run.code == 6
    assert "lifecycle.protect refuses to take its embed key away" in run.err
    assert keys(sandbox) == before


@pytest.mark.parametrize("fault", ["error_before", "error_after", "drop_before", "drop_after"])
@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_rotation_that_breaks_off_leaves_no_key_lost(
    call: int, fault: str, served: Project, sandbox: Sandbox, inside: Inside
) -> None:
    """Whichever of its three calls fails: the next apply holds the key that the service holds."""
    served.hurry()
    served.write("alpha", is_embedded=True)
    assert inside(served, "apply", "--auto-approve").code == 0
    sandbox.set_faults(f"{fault}:set-state:skip={call - 1},count=1")
    run = inside(served, "secrets", "rotate", "alpha", "--auto-approve")
    assert run.code in (1, 4), run
    sandbox.set_faults()
    inside(served, "apply", "--auto-approve")
    (held,) = keys(sandbox).values()
    assert inside(served, "secrets", "reveal", "alpha").out.strip() == held
    assert inside(served, "plan", "--detailed-exitcode").code == 0


def test_exec_gives_the_key_to_the_child_alone(served: Project, sandbox: Sandbox) -> None:
    served.write("alpha", is_embedded=True)
    served.applied()
    (key,) = keys(sandbox).values()
    script = (
        "import json, os, sys; "
        "print(json.dumps({name: text for name, text in os.environ.items() if name.startswith('EMBED_')})); sys.exit(7)"
    )
    run = served.jmctl("secrets", "exec", "alpha", "--", "python3", "-c", script)
    assert run.code == 7, "the exit code is the command's"
    found = json.loads(run.out)
    assert found["EMBED_SIGNING_KEY"] == key
    assert found["EMBED_URL"].endswith(f"embed_id={found['EMBED_ID']}")
    missing = served.jmctl("secrets", "exec", "alpha", "no-such-command")
    assert missing.code == 64
    assert key not in missing.out + missing.err


def test_names_that_have_no_key_are_said_so(served: Project, inside: Inside) -> None:
    served.write("plain")
    assert inside(served, "apply", "--auto-approve").code == 0
    for words in (["reveal", "plain"], ["rotate", "plain", "--auto-approve"], ["exec", "plain", "true"]):
        run = inside(served, "secrets", *words)
        assert run.code == 64, run
        assert "plain" in run.err
    assert inside(served, "secrets", "reveal", "nothing").code == 1
    assert inside(served, "secrets", "list").out == "no embed keys are held\n"
