"""What `import reconciler` offers: names and signatures, at no cost, type-checked as a user writes them."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import reconciler

ROOT = Path(__file__).parents[2]
SURFACE = Path(__file__).with_name("surface.txt")


def surface() -> Iterator[str]:
    """Every exported name; below a class its public methods, properties and fields, with their signatures."""
    for name in sorted(reconciler.__all__):
        value: Any = getattr(reconciler, name)
        if inspect.isfunction(value):
            yield f"{name}{_signature(value)}"
        elif inspect.isclass(value) and not issubclass(value, Exception):
            yield f"class {name}"
            for member in sorted(vars(value)):
                if not member.startswith("_"):
                    found = vars(value)[member]
                    yield f"    {member}{_signature(found) if inspect.isfunction(found) else ''}"
        elif inspect.isclass(value):
            yield f"class {name}({value.__bases__[0].__name__})"
        else:
            yield name


def _signature(function: Any) -> str:
    return re.sub(r"<function (\S+) at \w+>", r"\1", str(inspect.signature(function)))


def test_the_surface_is_the_published_one() -> None:
    text = "\n".join(surface()) + "\n"
    if os.environ.get("JMCTL_REWRITE"):
        SURFACE.write_text(text)
    assert text == SURFACE.read_text()


@pytest.mark.parametrize("name", sorted(reconciler.__all__))
def test_an_exported_name_says_what_it_is(name: str) -> None:
    value: Any = getattr(reconciler, name)
    if inspect.isclass(value) or inspect.isfunction(value) or inspect.ismodule(value):
        assert value.__doc__
        assert not value.__doc__.startswith(f"{name}("), "a docstring of its own, not the one that dataclass makes"


def test_every_use_case_is_documented() -> None:
    for kind in (reconciler.Project, reconciler.StateEdits, reconciler.Results, reconciler.StopSignal):
        for name, value in vars(kind).items():
            if inspect.isfunction(value) and not name.startswith("_"):
                assert value.__doc__, f"{kind.__name__}.{name}"


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="module 'reconciler' has no attribute 'nothing'"):
        _ = reconciler.nothing


def test_importing_costs_nothing() -> None:
    script = "import sys; import reconciler; print(*sorted(n for n in sys.modules if n.startswith('reconciler')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["reconciler"]


def test_it_type_checks_as_a_user_writes_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "tests/typing/api.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
