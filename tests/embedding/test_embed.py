"""jmctl embed: links and iframes, signed links against the sandbox's own verification, and what is refused."""

from __future__ import annotations

import html
import re
import signal
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from workshop import Project, Run, Sandbox, ended, wait_until

from reconciler.embedding.link import Visitor, embed_link, iframe, signed_link
from reconciler.sandbox.served import embed_url
from reconciler.secret import Secret

Inside = Callable[..., Run]
VISITORS = [
    ("Ada", "ada@example.invalid"),
    ("Žofie Nováková-Müller", "zofie+jobs@example.invalid"),
    ("a/b?c&d=e#f", "o'brien/x@example.invalid"),
    ("李小龍 \N{GRINNING FACE}\N{WAVING HAND SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}", "i@例え.invalid"),
    ("سارة", "~???>>>@example.invalid"),
    ('"><script>alert(1)</script>', "x@example.invalid"),
]


def opened(link: str) -> tuple[int, str]:
    """(status, page) of a link."""
    try:
        with urllib.request.urlopen(link) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


@pytest.fixture
def embedded(served: Project, sandbox: Sandbox, inside: Inside) -> Project:
    """A project with the embedded interview `agent`, whose links open in the served sandbox."""
    served.configure(embed_url=f"{sandbox.url.removesuffix('/functions/v1')}/embed")
    served.write("agent", name="Agent <b>", status="active", is_embedded=True)
    assert inside(served, "apply", "--auto-approve").code == 0
    return served


def signed(project: Project, inside: Inside, name: str, email: str) -> str:
    run = inside(project, "embed", "agent", "--name", name, "--email", email)
    assert run.code == 0, run
    return run.out.splitlines()[0]


def test_the_link_opens_for_anyone_and_stands_in_the_iframe(embedded: Project, inside: Inside) -> None:
    embedded.identity.unlink()  # nothing has to be opened
    run = inside(embedded, "embed", "agent")
    assert (run.code, run.err) == (0, "")
    link, blank, frame = run.out.splitlines()
    assert blank == ""
    assert opened(link)[0] == 200
    assert f'src="{html.escape(link)}"' in frame
    assert 'title="Agent &lt;b&gt;"' in frame
    document = inside(embedded, "embed", "agent", "--format", "json").document
    assert document == {"link": link, "iframe": frame, "signed": False}
    assert inside(embedded, "output", "agent").document["embed_url"] == link


@pytest.mark.parametrize(("name", "email"), VISITORS, ids=range(len(VISITORS)))
def test_the_sandbox_accepts_a_signed_link_and_refuses_a_changed_one(
    embedded: Project, inside: Inside, name: str, email: str
) -> None:
    link = signed(embedded, inside, name, email)
    status, page = opened(link)
    assert status == 200
    assert f'<strong dir="auto">{html.escape(name)}</strong> ({html.escape(email)})' in page
    query = {key: values[0] for key, values in parse_qs(urlsplit(link).query).items()}
    assert list(query) == ["embed_id", "name", "email", "signature"]
    changed: dict[str, Any] = {
        "name": "QWRi",
        "email": "YUBleGFtcGxlLmludmFsaWQ=",
        "signature": query["signature"][:-1] + ("0" if query["signature"][-1] != "0" else "1"),
    }
    for parameter, value in changed.items():
        tampered = "&".join(f"{key}={quote(one, safe='')}" for key, one in (query | {parameter: value}).items())
        assert opened(f"{link.partition('?')[0]}?{tampered}")[0] == 403, parameter


def test_a_rotated_key_ends_signed_links(embedded: Project, inside: Inside) -> None:
    link = signed(embedded, inside, "Ada", "a@example.invalid")
    assert inside(embedded, "secrets", "rotate", "agent", "--auto-approve").code == 0
    assert opened(link)[0] in {403, 404}
    assert opened(signed(embedded, inside, "Ada", "a@example.invalid"))[0] == 200


def test_the_key_is_printed_nowhere(embedded: Project, sandbox: Sandbox, inside: Inside) -> None:
    (row,) = sandbox.interviews()
    for words in (["--name", "Ada", "--email", "a@b.invalid"], ["--sample", "node"], ["--format", "json"]):
        run = inside(embedded, "embed", "agent", *words)
        assert run.code == 0
        assert row["embed_id"] in run.out
        assert row["embed_signing_key"] not in run.out + run.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["agent", "--name", "Ada"], 64, "a signed link needs a name and an email address"),
        (["agent", "--email", "a@example.invalid"], 64, "a signed link needs a name and an email address"),
        (["agent", "--name", " ", "--email", "a@example.invalid"], 64, "a signed link needs a name and an email"),
        (["agent", "--name", "A", "--email", "b", "--sample", "go"], 64, "--sample signs for any visitor"),
        (["agent", "--sample", "cobol"], 64, "'cobol' is not one of"),
        (["plain"], 64, "the interview is not embedded: plain"),
        (["plain", "--sample", "python"], 64, "the interview is not embedded: plain"),
        (["agnt"], 1, "agent"),
    ],
)
def test_refusals_say_what_to_type(embedded: Project, inside: Inside, words: list[str], code: int, said: str) -> None:
    embedded.write("plain")
    assert inside(embedded, "apply", "--auto-approve").code == 0
    run = inside(embedded, "embed", *words)
    assert run.code == code
    assert run.out == ""
    assert said in run.err


def test_without_an_identity_nothing_is_signed(embedded: Project, inside: Inside) -> None:
    embedded.identity.unlink()
    run = inside(embedded, "embed", "agent", "--name", "Ada", "--email", "a@example.invalid")
    assert run.code == 1
    assert "no identity to open secrets with" in run.err


def test_a_sandbox_in_a_folder_opens_links_while_it_is_served(project: Project, inside: Inside) -> None:
    project.write("agent", status="active", is_embedded=True)
    assert inside(project, "apply", "--auto-approve").code == 0
    run = inside(project, "embed", "agent")
    assert run.code == 1
    assert "the sandbox is not being served" in run.err
    assert "jmctl sandbox serve" in run.err
    process = project.start("sandbox", "serve", "--port", "0")
    page = wait_until(lambda: embed_url(project.folder / ".sandbox"))
    link = signed(project, inside, "Žofie", "z@example.invalid")
    assert link.startswith(f"{page}?embed_id=")
    status, text = opened(link)
    assert status == 200
    assert "Žofie" in text
    process.send_signal(signal.SIGINT)
    ended(process)


def test_values_cannot_leave_the_link_or_the_iframe() -> None:
    hostile = "a\"b'><&= #?\u202e"
    link = embed_link("https://portal.invalid/embed", hostile)
    assert re.fullmatch(r"https://portal\.invalid/embed\?embed_id=[A-Za-z0-9%]+", link)
    assert parse_qs(urlsplit(link).query) == {"embed_id": [hostile]}
    frame = iframe(f"{link}&name=x", '"><script>')
    assert frame.count("<") == 2
    assert "&amp;name=x" in frame


def test_a_link_is_what_it_was() -> None:
    """By an independent calculation: printf %s 'idAda+/a@b.invalid' | openssl dgst -sha256 -hmac key."""
    link = signed_link("https://portal.invalid/embed", "id", Secret("key"), Visitor("Ada+/", "a@b.invalid"))
    assert link == (
        "https://portal.invalid/embed?embed_id=id&name=QWRhKy8%3D&email=YUBiLmludmFsaWQ%3D&signature="
        "2f6bd40dafbe49493813514df363f720dbefdf010a37f03c1e3445beee890485"
    )
