"""Sealing in the life of an interview: tried first, bound, never lost, and opened by stock age."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from workshop import Project, Run, Sandbox

from reconciler.errors import Misconfigured
from reconciler.secret import Secret

Inside = Callable[..., Run]


def keys(sandbox: Sandbox) -> dict[str, str]:
    """The keys of the service, by name of the interview there."""
    return {row["name"]: row["embed_signing_key"] for row in sandbox.interviews()}


def rewrite(project: Project, change: Callable[[dict[str, dict[str, object]]], None]) -> None:
    """Edits the entries of the state by hand."""
    document = project.state
    change({entry["name"]: entry for entry in document["interviews"]})
    project.snapshot.write_text(json.dumps(document))


def wrong_letter(recipient: str) -> str:
    return recipient[:-1] + ("q" if recipient[-1] != "q" else "p")


@pytest.mark.parametrize("command", [["validate"], ["plan"], ["apply", "--auto-approve"]])
def test_a_wrong_letter_in_a_recipient_is_an_error_at_its_line(
    command: list[str], served: Project, sandbox: Sandbox, inside: Inside
) -> None:
    served.write("with-key", is_embedded=True)
    served.configure(recipients=[served.recipient, wrong_letter(served.recipient)])
    before = sandbox.requests()
    run = inside(served, *command)
    assert run.code == 1
    line = (
        (served.folder / "jmctl.yaml")
        .read_text()
        .splitlines()
        .index(
            next(
                text
                for text in (served.folder / "jmctl.yaml").read_text().splitlines()
                if text.startswith("recipients")
            )
        )
    )
    assert f"jmctl.yaml:{line + 1}:" in run.err
    assert "entry 2 of `recipients` is no public key: a letter in it is wrong or missing" in run.err
    assert sandbox.requests() == before, "no call was made"


def test_named_recipients_are_sealed_to(served: Project, inside: Inside) -> None:
    served.configure(recipients=[{"name": "web team", "key": served.recipient}])
    served.write("with-key", is_embedded=True)
    assert inside(served, "apply", "--auto-approve").code == 0
    run = inside(served, "secrets", "list")
    assert run.code == 0
    assert run.out == f"with-key  opens\n  web team  {served.recipient}\n"


@pytest.mark.parametrize(
    ("recipient", "said"),
    [
        ({"name": "x"}, "has no key"),
        ({"key": "x"}, "has no name"),
        ({"name": "x", "key": "age1", "kay": 1}, "has a key that is not known: kay"),
        (7, "is the number 7"),
        (["age1"], "is a list"),
    ],
)
def test_a_recipient_of_another_form_is_an_error(
    recipient: object, said: str, project: Project, inside: Inside
) -> None:
    project.configure(recipients=[recipient])
    run = inside(project, "validate")
    assert run.code == 1
    assert f"entry 1 of `recipients` {said}" in run.err


def test_a_key_that_cannot_be_sealed_is_not_lost(
    served: Project, sandbox: Sandbox, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reconciler.engine import sealing

    real = sealing.seal

    def failing(secret: Secret, recipients: tuple[str, ...]) -> str:
        if "trial" in secret.reveal():
            return real(secret, recipients)
        raise Misconfigured("cannot seal to the recipients", "the token was pulled out")

    served.write("with-key", is_embedded=True)
    with monkeypatch.context() as patched:
        patched.setattr(sealing, "seal", failing)
        run = inside(served, "apply", "--auto-approve")
    assert run.code == 1
    assert "its embed key is not held: cannot seal to the recipients: the token was pulled out" in run.out
    assert len(sandbox.interviews()) == 1
    assert served.state["interviews"][0]["embed_signing_key"] is None
    assert "in_doubt" not in served.state
    plan = inside(served, "plan")
    assert '~ embed_signing_key  "not held" -> "read and sealed"' in plan.out
    assert inside(served, "apply", "--auto-approve").code == 0
    assert len(sandbox.interviews()) == 1, "nothing was created again"
    assert inside(served, "secrets", "reveal", "with-key").out.strip() == keys(sandbox)["Support agent"]


def test_recipients_that_fail_are_refused_before_the_first_write(
    served: Project, sandbox: Sandbox, inside: Inside
) -> None:
    """Its form and checksum are those of a plugin's key, so that only sealing shows that the plugin is missing."""
    served.configure(recipients=["age1yubikey1q2w7u3vpya839jxxuq8g0sedh3d740d4xvn639sqhr95ejj8vu3hyfumptt"])
    served.write("with-key", is_embedded=True)
    assert inside(served, "plan").code == 0
    run = inside(served, "apply", "--auto-approve")
    assert run.code == 1
    assert "an age plugin is missing: age-plugin-yubikey is not on the PATH" in run.err
    assert sandbox.interviews() == []


def test_swapped_keys_are_refused(served: Project, sandbox: Sandbox, inside: Inside) -> None:
    served.write("alpha", name="Alpha", is_embedded=True)
    served.write("beta", name="Beta", is_embedded=True)
    assert inside(served, "apply", "--auto-approve").code == 0
    members = ("embed_id", "embed_signing_key", "sealed_to")

    def swap(entries: dict[str, dict[str, object]]) -> None:
        alpha, beta = entries["alpha"], entries["beta"]
        for member in members:
            alpha[member], beta[member] = beta[member], alpha[member]

    rewrite(served, swap)
    for command in (
        ["output", "alpha", "--reveal"],
        ["secrets", "reveal", "alpha"],
        ["secrets", "exec", "alpha", "true"],
    ):
        run = inside(served, *command)
        assert run.code == 1, command
        assert "the sealed key belongs to another interview" in run.err
        assert all(key not in run.out + run.err for key in keys(sandbox).values())
    listed = inside(served, "secrets", "list")
    assert listed.code == 1
    assert listed.out.count("WRONG") == 2
    assert inside(served, "secrets", "rekey", "--from-service", "alpha", "beta").code == 0
    assert inside(served, "secrets", "reveal", "alpha").out.strip() == keys(sandbox)["Alpha"]


def test_a_planted_bare_key_is_refused(served: Project, inside: Inside) -> None:
    served.write("alpha", is_embedded=True)
    assert inside(served, "apply", "--auto-approve").code == 0
    planted = pyrage.encrypt(
        b"chosen by the attacker", [pyrage.x25519.Recipient.from_str(served.recipient)], armored=True
    )

    def plant(entries: dict[str, dict[str, object]]) -> None:
        entries["alpha"]["embed_signing_key"] = planted.decode()

    rewrite(served, plant)
    run = inside(served, "secrets", "reveal", "alpha")
    assert run.code == 1
    assert "chosen" not in run.out + run.err


def test_a_key_of_an_earlier_release_opens_with_a_warning_and_is_bound_by_the_next_change(
    served: Project, sandbox: Sandbox, inside: Inside
) -> None:
    served.write("alpha", is_embedded=True)
    assert inside(served, "apply", "--auto-approve").code == 0
    (key,) = keys(sandbox).values()
    bare = pyrage.encrypt(key.encode(), [pyrage.x25519.Recipient.from_str(served.recipient)], armored=True).decode()

    def older(entries: dict[str, dict[str, object]]) -> None:
        entries["alpha"]["embed_signing_key"] = bare
        del entries["alpha"]["sealed_to"]

    rewrite(served, older)
    run = inside(served, "secrets", "reveal", "alpha")
    assert (run.code, run.out.strip()) == (0, key)
    assert "the sealed key does not name its interview" in run.err
    assert inside(served, "secrets", "list").code == 2
    assert inside(served, "plan", "--detailed-exitcode").code == 0, "that alone changes nothing"
    served.write("alpha", is_embedded=True, description="Changed")
    assert '"sealed without its interview" -> "read and sealed"' in inside(served, "plan").out
    assert inside(served, "apply", "--auto-approve").code == 0
    run = inside(served, "secrets", "reveal", "alpha")
    assert (run.code, run.out.strip(), run.err) == (0, key, "")
    assert keys(sandbox) == {"Support agent": key}, "the key itself stays"


def test_an_identity_that_others_can_read_is_refused(served: Project, inside: Inside) -> None:
    served.write("alpha", is_embedded=True)
    assert inside(served, "apply", "--auto-approve").code == 0
    for mode in (0o644, 0o640, 0o604):
        served.identity.chmod(mode)
        run = inside(served, "secrets", "reveal", "alpha")
        assert run.code == 1
        assert f"others can read the private key: its mode is {mode:04o}" in run.err
        assert f"chmod 600 {served.identity}" in run.err
    served.identity.chmod(0o400)
    assert inside(served, "secrets", "reveal", "alpha").code == 0


def test_an_identity_in_the_project_is_warned_of(served: Project, inside: Inside) -> None:
    served.write("alpha", is_embedded=True)
    assert inside(served, "apply", "--auto-approve").code == 0
    inner = served.folder / "identity.txt"
    inner.write_bytes(served.identity.read_bytes())
    inner.chmod(0o600)
    run = inside(served, "secrets", "reveal", "alpha", "--identity", "identity.txt")
    assert run.code == 0
    assert "the private key lies in the project" in run.err
    assert inside(served, "secrets", "reveal", "alpha").err == ""


@pytest.fixture
def age() -> str:
    """Stock age, as Debian packs it."""
    found = shutil.which("age")
    if found is None:
        reason = "age is not installed; .ci/system-packages installs it"
        if os.environ.get("JMCTL_AGE") == "require":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def test_stock_age_opens_what_is_sealed(served: Project, sandbox: Sandbox, age: str, tmp_path: Path) -> None:
    ssh = tmp_path / "ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "someone", "-f", ssh], check=True)
    served.configure(recipients=[served.recipient, ssh.with_suffix(".pub").read_text().strip()])
    served.write("alpha", is_embedded=True)
    served.applied()
    (entry,) = served.state["interviews"]
    for identity in (served.identity, ssh):
        done = subprocess.run(
            [age, "-d", "-i", identity], input=entry["embed_signing_key"].encode(), capture_output=True, check=True
        )
        document = json.loads(done.stdout)
        assert document.pop("sealed_at").endswith("Z")
        assert document == {
            "format": "jmctl embed key",
            "version": 1,
            "key": keys(sandbox)["Support agent"],
            "interview_id": entry["id"],
            "embed_id": entry["embed_id"],
            "project": "tests",
            "environment": "default",
        }
    assert served.jmctl("secrets", "reveal", "alpha", "--identity", str(ssh)).code == 0
