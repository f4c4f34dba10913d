"""Each sample is run in its language, where this machine has it, and makes the link that jmctl makes."""

from __future__ import annotations

import html
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.embedding.link import Visitor, signed_link
from reconciler.embedding.samples import LANGUAGES, sample
from reconciler.secret import Secret

KEY = "sk_\N{KEY}+/=é"
PAGE = "https://portal.invalid/embed"
VISITORS = [
    ("Ada", "ada@example.invalid"),
    ("Jürgen Müller-Lüdenscheidt", "jürgen+jobs@example.invalid"),
    ("a/b?c&d=e#f", "o'brien/x@example.invalid"),
    ("李小龍 \N{GRINNING FACE}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}", "~???>>>@example.invalid"),
]
# an embed id that would leave the literal, the comment or the interpolation of some language
HOSTILE = "a\"b'c\\d$e#{1}`f\u0022${g}\u2028\U0001f600\n*/<?"


@dataclass(frozen=True)
class Harness:
    """How a sample is called: the file that it is saved as, a file that calls it, and commands to build and run."""

    saved_as: str
    caller: str
    text: str
    command: tuple[str, ...]
    build: tuple[str, ...] = ()
    program: str = ""


# each reads NAME and EMAIL from lines of its input, until it ends, and prints the link and the iframe
HARNESSES = {
    "python": Harness(
        "embed.py",
        "call.py",
        "import sys, embed\nlines = sys.stdin.buffer.read().decode().splitlines()\n"
        "for name, email in zip(lines[::2], lines[1::2]):\n"
        "    print(embed.embed_link(name, email)); print(embed.embed_iframe(name, email))\n",
        (sys.executable, "call.py"),
        program=sys.executable,
    ),
    "node": Harness(
        "embed.mjs",
        "call.mjs",
        'import { readFileSync } from "node:fs";\nimport { embedLink, embedIframe } from "./embed.mjs";\n'
        'const lines = readFileSync(0, "utf8").split("\\n");\n'
        "for (let at = 0; at + 1 < lines.length; at += 2) {\n"
        "  console.log(embedLink(lines[at], lines[at + 1])); console.log(embedIframe(lines[at], lines[at + 1]));\n}\n",
        ("node", "call.mjs"),
    ),
    "php": Harness(
        "embed.php",
        "call.php",
        "<?php\nrequire 'embed.php';\n$lines = file('php://stdin', FILE_IGNORE_NEW_LINES);\n"
        "for ($at = 0; $at + 1 < count($lines); $at += 2) {\n"
        "  [$name, $email] = [$lines[$at], $lines[$at + 1]];\n"
        '  echo embed_link($name, $email), "\\n", embed_iframe($name, $email), "\\n";\n}\n',
        ("php", "call.php"),
    ),
    "go": Harness(
        "embed/embed.go",
        "main.go",
        'package main\n\nimport (\n\t"bufio"\n\t"fmt"\n\t"os"\n\n\t"try.invalid/embed"\n)\n\nfunc main() {\n'
        "\tinput := bufio.NewScanner(os.Stdin)\n\tfor input.Scan() {\n\t\tname := input.Text()\n\t\tinput.Scan()\n"
        "\t\tlink, err := embed.Link(name, input.Text())\n\t\tif err != nil {\n\t\t\tpanic(err)\n\t\t}\n"
        "\t\tframe, _ := embed.Iframe(name, input.Text())\n\t\tfmt.Println(link)\n\t\tfmt.Println(frame)\n\t}\n}\n",
        ("./call",),
        ("go", "build", "-o", "call", "."),
        "go",
    ),
    "ruby": Harness(
        "embed.rb",
        "call.rb",
        'require_relative "embed"\n$stdin.each_line(chomp: true).each_slice(2) do |name, email|\n'
        "  puts Embed.link(name, email), Embed.iframe(name, email)\nend\n",
        ("ruby", "call.rb"),
    ),
    "java": Harness(
        "EmbedLink.java",
        "Call.java",
        "import java.nio.charset.StandardCharsets;\n\npublic class Call {\n"
        "    public static void main(String[] args) throws Exception {\n"
        '        String[] lines = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\\n");\n'
        "        for (int at = 0; at + 1 < lines.length; at += 2) {\n"
        "            System.out.println(EmbedLink.link(lines[at], lines[at + 1]));\n"
        "            System.out.println(EmbedLink.iframe(lines[at], lines[at + 1]));\n        }\n    }\n}\n",
        ("java", "-cp", ".", "Call"),
        ("javac", "-encoding", "UTF-8", "EmbedLink.java", "Call.java"),
        "javac",
    ),
}


def environment(folder: Path, **variables: str) -> dict[str, str]:
    known = {name: os.environ[name] for name in ("PATH", "JAVA_HOME", "GOROOT") if name in os.environ}
    go = {"GOCACHE": str(folder / "cache"), "GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local"}
    return known | go | {"HOME": str(folder), "LC_ALL": "C.UTF-8"} | variables


def called(language: str, folder: Path, source: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What the sample prints for every visitor; skips where the language is not there."""
    harness = HARNESSES[language]
    program = harness.program or harness.command[0]
    if shutil.which(program) is None:
        pytest.skip(f"SAMPLE NOT RUN: no {program} on this machine")
    for name, text in {harness.saved_as: source, harness.caller: harness.text}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if language == "go":
        (folder / "go.mod").write_text("module try.invalid\n\ngo 1.21\n")
    if harness.build:
        subprocess.run(harness.build, cwd=folder, env=environment(folder), check=True, timeout=300)
    typed = "".join(f"{name}\n{email}\n" for name, email in VISITORS)
    return subprocess.run(
        harness.command,
        cwd=folder,
        env=environment(folder, **variables),
        input=typed,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_every_language_is_run() -> None:
    assert set(HARNESSES) == set(LANGUAGES)


@pytest.mark.slow
@pytest.mark.parametrize("embed_id", ["0b6e6d2c-9d55-4c39-8a3e-3c0b1c0a6c11", HOSTILE], ids=["usual", "hostile"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sample_makes_the_link_that_jmctl_makes(language: str, embed_id: str, tmp_path: Path) -> None:
    source = sample(language, PAGE, embed_id)
    done = called(language, tmp_path, source, {"EMBED_SIGNING_KEY": KEY})
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    links = [signed_link(PAGE, embed_id, Secret(KEY), Visitor(*visitor)) for visitor in VISITORS]
    assert lines[::2] == links
    for link, frame in zip(links, lines[1::2], strict=True):
        assert f'src="{html.escape(link)}"' in frame


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sample_without_a_key_signs_nothing(language: str, tmp_path: Path) -> None:
    for variables in ({}, {"EMBED_SIGNING_KEY": ""}):
        done = called(language, tmp_path, sample(language, PAGE, "id"), variables)
        assert done.returncode != 0, "an empty key would sign, and be refused by the service"
        assert done.stdout == ""
        assert "EMBED_SIGNING_KEY" in done.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sample_is_plain_text_with_its_values_filled_in(language: str) -> None:
    source = sample(language, PAGE, HOSTILE)
    assert source.isascii()
    assert "@LINK@" not in source
    assert "@EMBED_ID@" not in source
    assert max(map(len, source.splitlines())) < 300
    assert source.endswith("\n")
