"""Boundaries as tables: which part may import which, where a library may be imported, which parts are pure."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from workshop import Project

PACKAGE = Path(__file__).parents[2] / "reconciler"
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.name != "__main__.py"
}

# Which parts a part may import, beside itself. From the top down: values, decisions, the outside, use cases, the ends.
VALUES = ("address", "canonical_json", "errors", "secret", "timestamps")
KNOWS: dict[str, tuple[str, ...]] = {
    "address": (),
    "errors": ("problem_table",),
    "problem_table": (),
    "secret": (),
    "timestamps": (),
    "canonical_json": (),
    "atomic_file": (),
    "events": ("errors", "plan", "resources.difference"),  # its types only: imported while type checking
    "text": (),
    "yaml": ("atomic_file", "errors", "text"),
    "manifest": (*VALUES, "text", "yaml"),
    "resources": (*VALUES, "manifest", "state.shape", "text", "yaml"),
    "compose": (*VALUES, "resources", "text", "yaml"),
    "state": ("", *VALUES, "atomic_file", "manifest.desired"),
    "api": ("", *VALUES, "resources", "results", "state.shape", "token"),
    "plan": (
        *VALUES, "api.protocol", "manifest.desired", "resources", "state.checksums", "state.model", "state.records",
        "text.plural",
    ),
    "project": (
        "", *VALUES, "atomic_file", "compose", "encryption.age", "encryption.recipients", "manifest", "resources",
        "state.location", "text", "yaml",
    ),
    "results": (*VALUES, "resources", "state.model", "text"),
    "fmt": (*VALUES, "compose.source", "manifest", "project.validate", "resources", "text", "yaml"),
    "generate": (
        *VALUES, "api.protocol", "compose", "fmt", "manifest", "project.validate", "resources", "text",
        "yaml",
    ),
    "encryption": (*VALUES, "atomic_file"),
    "embedding": ("secret",),
    "token": (*VALUES,),
    "forge": (*VALUES,),
    "trust": (*VALUES, "atomic_file", "state.stores.git_command"),
    "oauth": ("", *VALUES, "atomic_file", "token"),
    "engine": (
        "", *VALUES, "api", "atomic_file", "compose", "embedding", "encryption", "events", "fmt", "forge", "generate",
        "manifest", "oauth", "plan", "project", "resources", "results", "sandbox.transport", "state", "text", "token",
        "trust", "yaml.edit", "yaml.edit_texts",
    ),
    "views": (
        *VALUES, "api.protocol", "compose.provenance", "events", "manifest", "plan", "problem_table", "resources",
        "results", "state.model", "text",
    ),
    "sandbox": ("errors",),  # shares nothing with the client: the same mistake made twice would cancel out
    "cli": (
        "", *VALUES, "embedding", "engine", "events", "forge", "manifest.desired", "plan", "problem_table", "resources",
        "results", "sandbox", "text", "views",
    ),
}  # fmt: skip

# Who alone may import a library; the rest of the package does not know that it exists
LIBRARIES = {
    "aiohttp": ("sandbox.server",),
    "click": ("cli", "views"),
    "anyascii": ("text.slug",),
    "deepdiff": ("resources.difference",),
    "docx": ("engine.new_interview",),
    "httpx": ("api", "forge.http", "oauth.provider", "sandbox.transport", "state.stores.http_store"),
    "jinja2": ("views.results.page",),
    "jsonschema_rs": ("sandbox.contract", "cli.sandbox"),
    "mpmath": ("results.confidence",),
    "obstore": ("state.stores.object_store",),
    "platformdirs": (
        "oauth.credentials",
        "project.cache",
        "encryption.identities",
        "state.open",
        "state.rescue",
        "trust.pins",
    ),
    "keyring": ("oauth.credentials",),
    "polib": ("engine.texts_po",),
    "portalocker": ("oauth.credentials", "state.lock", "state.stores.git_repository", "results.checkpoint"),
    "pyarrow": ("views.results.rows_parquet",),
    "pydantic": (
        "manifest",
        "project.config_model",
        "project.config_validate",
        "engine.json_schema",
        "project.judge_composed",
        "project.validate",
        "resources.model",
    ),
    "pyrage": ("encryption",),
    "rich": ("views.progress_bar",),
    "ruamel": ("yaml", "views.results.document"),
    "_ruamel_yaml": ("yaml",),
    "sqlite3": ("sandbox.database",),
    "stamina": ("api.client", "cli.options"),
    "subprocess": ("state.stores.git_command", "token"),
    "wcwidth": ("text.wrap",),
}

# Who may know what an interview is; everybody else knows kinds by their protocol
KNOW_INTERVIEW = (
    "compose.texts", "generate", "resources.interview", "resources.question_set", "results",
    "views.plan_cost", "views.question_tree", "views.show_json", "views.show_text",
)  # fmt: skip

# Parts that decide: they open nothing, wait for nothing, ask no clock and print nothing
PURE = (
    "address", "canonical_json", "compose", "embedding", "errors", "fmt.arrange", "fmt.fix", "fmt.indent",
    "fmt.spacing",
    "forge.model", "forge.pipeline", "forge.sections", "generate", "manifest", "plan",
    "project.config_checks", "project.cache_entry", "project.review",
    "resources", "results.aggregate", "results.columns",
    "results.conformance", "results.join", "results.rows", "results.statistics", "results.wording_statistics",
    "state.format", "state.journal_format", "state.json_text", "state.lease", "state.location", "state.merge",
    "state.merge_values", "state.migrations",
    "state.model", "state.overtaken", "state.records", "state.replay", "state.shape", "state.stores.git_layout",
    "text.nearest", "text.plural",
    "text.quote", "text.sanitize", "text.slug", "text.word_diff", "text.wrap", "timestamps",
    "trust.hosts", "yaml.document", "yaml.layout", "yaml.scalars", "yaml.parser",
)  # fmt: skip
IMPURE = {"asyncio", "io", "os", "pathlib", "random", "shutil", "socket", "subprocess", "sys", "tempfile", "threading",
          "time", "urllib", "uuid"}  # fmt: skip


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text())


@cache
def imports(module: str) -> frozenset[str]:
    """Every module that `module` imports anywhere in its text, also in functions and for type checking."""
    found: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by dots"
            base = node.module or ""
            names = [f"{base}.{alias.name}" for alias in node.names]
            found.update(name if name.removeprefix("reconciler.") in MODULES else base for name in names)
    return frozenset(found)


def ours(module: str) -> set[str]:
    """Which of our modules it imports; the package itself (its version) is the empty name."""
    return {
        name.removeprefix("reconciler").removeprefix(".")
        for name in imports(module)
        if name.partition(".")[0] == "reconciler"
    }


def within(module: str, parts: tuple[str, ...]) -> bool:
    """Whether `module` is one of `parts` or lies in one."""
    return any(module == part or (part and module.startswith(f"{part}.")) for part in parts)


def test_tables_name_existing_parts() -> None:
    parts = {*KNOWS, *PURE, *(part for parts in LIBRARIES.values() for part in parts)}
    parts |= {part for known in KNOWS.values() for part in known}
    assert {part for part in parts if part and not any(within(module, (part,)) for module in MODULES)} == set()


def test_every_part_is_in_the_table() -> None:
    assert {module.partition(".")[0] for module in MODULES} - {"", "__init__"} == {*KNOWS}


@pytest.mark.parametrize("part", KNOWS)
def test_part_imports_only_what_it_may(part: str) -> None:
    known = {name for module in MODULES if within(module, (part,)) for name in ours(module)}
    assert {name for name in known if not within(name, (part, *KNOWS[part]))} == set()


def test_few_know_what_an_interview_is() -> None:
    users = {module for module in MODULES if any(within(name, ("resources.interview",)) for name in ours(module))}
    assert {module for module in users if not within(module, KNOW_INTERVIEW)} == set()
    assert {part for part in KNOW_INTERVIEW if not any(within(module, (part,)) for module in users)} == set()


def test_no_circles_between_packages() -> None:
    """Packages and top-level modules, by the text of their imports; the package itself is its `__init__`."""
    knows: dict[str, set[str]] = {}
    for module in MODULES:
        part = module.partition(".")[0]
        if part != "__init__":
            others = {name.partition(".")[0] for name in ours(module)} - {"", part}
            knows.setdefault(part, set()).update(others)
    circles = {part: sorted(one for one in _reached(knows, part) if part in _reached(knows, one)) for part in knows}
    assert {part: circle for part, circle in circles.items() if circle} == {}


def _reached(knows: dict[str, set[str]], part: str) -> set[str]:
    reached, waiting = set[str](), [part]
    while waiting:
        for name in knows[waiting.pop()] - reached:
            reached.add(name)
            waiting.append(name)
    return reached


def test_no_command_imports_another() -> None:
    from reconciler.cli import _COMMANDS
    from reconciler.cli.state import _CARE

    commands = {f"cli.{late.module}" for late in (*_COMMANDS.values(), *_CARE.values())}
    found = {(module, name) for module in commands for name in ours(module) & commands - {module}}
    assert found == set()


def test_exit_codes_are_named_in_one_table() -> None:
    """No module returns a number as an exit code, and no error carries one: `cli/exit_codes.py` has them all."""
    numbers = [
        f"{module}:{node.lineno}"
        for module in MODULES
        if within(module, ("cli",)) and module != "cli.exit_codes"
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and type(node.value.value) is int
    ]
    assert numbers == []
    assert [module for module, path in MODULES.items() if re.search(r"exit_code\s*[:=]\s", path.read_text())] == []


@pytest.mark.parametrize("library", LIBRARIES)
def test_library_is_imported_only_where_allowed(library: str) -> None:
    users = {module for module in MODULES if any(name.partition(".")[0] == library for name in imports(module))}
    assert users, "or else it need not stand in the table"
    assert {module for module in users if not within(module, LIBRARIES[library])} == set()


@pytest.mark.parametrize("part", PURE)
def test_pure_parts_do_no_io(part: str) -> None:
    for module in MODULES:
        if within(module, (part,)):
            known = imports(module) - {"urllib.parse"}
            assert {name.partition(".")[0] for name in known} & IMPURE == set()
            assert not any(
                isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) for node in ast.walk(tree(module))
            )
            assert not any(called(node) in ("open", "input") for node in ast.walk(tree(module)))


def test_plan_and_state_values_reach_no_io_through_imports() -> None:
    impure = (
        "api.client",
        "api.connection",
        "state.local",
        "state.lock",
        "encryption",
        "token",
        "sandbox",
        "views",
        "cli",
    )
    for part in (
        module for module in MODULES if within(module, ("plan", "state.model", "state.records", "state.replay"))
    ):
        reached: set[str] = set()
        waiting = [part]
        while waiting:
            for name in ours(waiting.pop()) - reached:
                reached.add(name)
                waiting.append(name)
        assert {name for name in reached if within(name, impure)} == set(), part


def test_every_module_says_what_it_is() -> None:
    assert [module for module in MODULES if not ast.get_docstring(tree(module))] == []


def test_modules_stay_small() -> None:
    lines = {module: len(path.read_text().splitlines()) for module, path in MODULES.items()}
    assert {module: count for module, count in lines.items() if count > 250} == {}


def test_functions_stay_small() -> None:
    long = {
        f"{module}.{node.name}": node.end_lineno - node.lineno + 1
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }
    assert {name: lines for name, lines in long.items() if lines > 60} == {}


def called(node: ast.AST) -> str | None:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None


def test_no_module_prints() -> None:
    assert [module for module in MODULES for node in ast.walk(tree(module)) if called(node) == "print"] == []


def test_no_module_knows_about_tests() -> None:
    for module, path in MODULES.items():
        for word in ("pytest", "PYTEST_", "unittest"):
            assert word not in path.read_text(), module


def test_one_writer_prints() -> None:
    """`cli/write.py` masks secrets and breaks commands of CI logs; nothing else of the client may print."""
    found = {
        module
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in (("click", "echo"), ("click", "secho"), ("sys", "stdout"), ("sys", "stderr"))
    }
    # asks whether it is a terminal, or points a closed pipe elsewhere; what the sandbox says holds no secret
    looking = {"cli.errors", "cli.results", "cli.sandbox", "views.progress", "views.progress_bar"}
    assert found - looking == {"cli.write"}


def test_only_the_command_line_catches_everything() -> None:
    broad = {
        module
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
    }
    # a caller waiting for the journal receives every error; a failed transaction is rolled back and raised again
    assert broad <= {"cli", "engine.recorder", "sandbox.database"}


# -- what starting costs


def loaded(project: Project, *arguments: str) -> set[str]:
    """The top-level modules that a run imports."""
    script = (
        "import sys; from reconciler.cli import main; "
        f"sys.argv = ['jmctl', *{list(arguments)!r}]; code = main(); "
        "names = {name.partition('.')[0] for name in sys.modules}; "
        "sys.stderr.write('\\n' + ' '.join(sorted(names)) + '\\n'); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project.folder,
        env=project.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines()[-1].split())


def ours_and_click(names: set[str]) -> set[str]:
    return {name for name in names if name not in sys.stdlib_module_names and not name.startswith("_")}


def test_the_version_costs_click_and_nothing_else(project: Project) -> None:
    names = loaded(project, "--version")
    assert ours_and_click(names) == {"click", "reconciler"}
    assert not names & {"asyncio", "json", "subprocess", "importlib.metadata"}


@pytest.fixture
def scene(project: Project) -> Project:
    project.write_many(2, is_embedded=True)
    project.jmctl("validate")  # fills the cache
    return project


HEAVY = {"httpx", "httpcore", "deepdiff", "pydantic", "ruamel", "rich", "asyncio", "stamina", "pyrage", "aiohttp"}


def test_a_plan_without_looking_sends_nothing_and_parses_nothing_twice(scene: Project) -> None:
    assert loaded(scene, "plan", "--no-refresh") & HEAVY == set()


def test_a_plan_in_which_nothing_differs_takes_nothing_apart(scene: Project) -> None:
    scene.applied()
    assert loaded(scene, "plan", "--no-refresh") & HEAVY == set()
    assert loaded(scene, "plan") & {"deepdiff", "pydantic", "ruamel", "pyrage"} == set()


@pytest.mark.parametrize(
    "words",
    [
        ("state", "list"),
        ("output", "interview-0000"),
        ("completion", "bash"),
    ],
)
def test_small_commands_stay_small(words: tuple[str, ...], scene: Project) -> None:
    scene.applied()
    assert loaded(scene, *words) & HEAVY == set()


def test_completing_a_name_imports_no_heavy_library(scene: Project) -> None:
    scene.applied()
    scene.variables |= {"_JMCTL_COMPLETE": "bash_complete", "COMP_WORDS": "jmctl output inter", "COMP_CWORD": "2"}
    assert loaded(scene) & HEAVY == set()


def test_version_is_assigned_once() -> None:
    named: list[Any] = [
        node
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__version__" for t in node.targets)
    ]
    assert len(named) == 1
