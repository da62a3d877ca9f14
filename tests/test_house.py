"""The house keeps its shape: who may import whom, what stays pure, what every kind must have, what is shipped.

These tests read the source; most of them never run it. Each failure says in words what to do.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Set
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "practice_rules"
KINDS = PACKAGE / "kinds"

# ---------------------------------------------------------------- the tables: edit these

#: Lowest first. A module may import what stands on a line above its own, or to its left on the same line.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("_version", "problems", "timescales", "words"),
    ("calendars",),
    ("events",),
    ("records", "synthetic"),
    ("obligations",),
    ("standards",),
    ("matching", "shapes"),
    ("kinds",),
    ("pack",),
    ("feeding", "tables"),
    ("evaluations",),
    ("strict_yaml", "loading", "reading", "schema", "evaluating", "explaining", "stories", "pictures", "showing"),
    ("comparing", "readers", "rows"),
    ("showing_comparisons", "measures", "official", "worklists"),
    ("caseloads", "plots"),
    ("showing_caseloads",),
    ("__init__",),
    ("caseload_commands",),
    ("__main__",),
)

#: The only imports that point upward, inside a method: a notebook asks a result to show itself.
UPWARD = {
    ("evaluations", "showing"),
    ("evaluations", "pictures"),
    ("obligations", "showing"),
    ("caseloads", "showing_caseloads"),
}

#: These may open files, read the clock or the environment. Every other module computes from what it is given.
MAY_LOOK_OUTSIDE = {
    "strict_yaml", "loading", "reading", "stories", "showing", "tables", "readers", "synthetic", "measures",
    "worklists", "caseloads", "caseload_commands", "__main__",
}  # fmt: skip

#: The only modules that print.
MAY_PRINT = {"__main__"}

#: Standard modules through which a file, the clock, chance, the network or the environment would come in.
OUTSIDE = {
    "asyncio", "ctypes", "fileinput", "getpass", "glob", "http", "locale", "multiprocessing", "os", "pathlib",
    "platform", "random", "secrets", "shutil", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "time",
    "urllib", "uuid",
}  # fmt: skip

#: `import practice_rules` must stay light: these come in only when something is shown or the command line runs.
HEAVY = (
    "click", "icalendar", "jinja2", "loky", "matplotlib", "narwhals", "numpy", "openpyxl", "pandas", "polars",
    "pyarrow", "rich",
)  # fmt: skip

#: What is imported under another name than it is installed by.
INSTALLED_AS = {"yaml": "pyyaml"}

#: Installed for another module's sake, and never imported by name: zoneinfo reads tzdata.
NEVER_IMPORTED = {"tzdata"}

#: Imported only where they are there; asked for with practice-rules[caseload] or [notebook].
OPTIONAL = {"icalendar", "loky", "matplotlib", "narwhals", "openpyxl", "pandas", "polars", "pyarrow"}


# ---------------------------------------------------------------- reading the source


def order() -> list[str]:
    return [name for layer in LAYERS for name in layer]


def source_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def module_of(path: Path) -> str:
    """The module as the table names it: all of kinds/ counts as one."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Every import in a file, wherever it stands: its line, and the full dotted name of what is imported."""
    folder = ("practice_rules", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            start = folder[: len(folder) - node.level + 1] if node.level else ()
            base = ".".join((*start, *([node.module] if node.module else [])))
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


def own_module(dotted: str) -> str | None:
    """Which module of ours a dotted name comes from; None for anybody else's."""
    first, *rest = dotted.split(".")
    if first != "practice_rules":
        return None
    if rest and (rest[0] in order() or (PACKAGE / f"{rest[0]}.py").exists() or (PACKAGE / rest[0]).is_dir()):
        return rest[0]
    return "__init__"


def kind_names() -> list[str]:
    """One kind for each file of kinds/; a file whose name begins with an underscore is no kind."""
    return sorted(path.stem for path in KINDS.glob("*.py") if not path.stem.startswith("_"))


def each_file(*, except_for: Set[str] = frozenset()) -> list[Any]:
    return [pytest.param(path, id=shown(path)) for path in source_files() if module_of(path) not in except_for]


# ---------------------------------------------------------------- imports point one way


def test_no_module_stands_in_the_table_twice() -> None:
    assert len(order()) == len(set(order()))


@pytest.mark.parametrize("name", order())
def test_every_module_of_the_table_is_there(name: str) -> None:
    if not (PACKAGE / f"{name}.py").exists() and not (PACKAGE / name / "__init__.py").exists():
        pytest.fail(f"LAYERS in tests/test_house.py names {name!r}, and src/practice_rules has no such module.")


@pytest.mark.parametrize("path", each_file())
def test_every_module_has_its_place_in_the_table(path: Path) -> None:
    assert module_of(path) in order(), (
        f"{shown(path)} has no place in the house yet. Add {module_of(path)!r} to LAYERS at the top of"
        " tests/test_house.py: after everything it imports, before everything that imports it."
    )


@pytest.mark.parametrize("path", each_file())
def test_imports_point_one_way(path: Path) -> None:
    importer = module_of(path)
    if importer not in order():
        pytest.skip("said by test_every_module_has_its_place_in_the_table")
    wrong = []
    for line, dotted in imports_of(path):
        imported = own_module(dotted)
        if imported is None or imported == importer or imported not in order():
            continue
        if (importer, imported) not in UPWARD and order().index(imported) > order().index(importer):
            wrong.append(
                f"{shown(path)}:{line} imports {imported}, which stands above {importer} in LAYERS of"
                " tests/test_house.py. Move what is needed down, or pass it in."
            )
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", each_file())
def test_everything_imported_is_installed_with_the_library(path: Path) -> None:
    declared = declared_dependencies() | OPTIONAL
    wrong = []
    for line, dotted in imports_of(path):
        top = dotted.split(".")[0]
        if top == "practice_rules" or top in sys.stdlib_module_names:
            continue
        if INSTALLED_AS.get(top, top).lower() not in declared:
            wrong.append(f"{shown(path)}:{line} imports {top}, which is not among the dependencies in pyproject.toml.")
    assert not wrong, "\n".join(wrong)


def test_everything_installed_with_the_library_is_imported() -> None:
    imported = {dotted.split(".")[0] for path in source_files() for _, dotted in imports_of(path)}
    used = {INSTALLED_AS.get(name, name).lower() for name in imported}
    idle = declared_dependencies() - used - NEVER_IMPORTED
    if idle:
        pytest.fail(f"pyproject.toml asks for {', '.join(sorted(idle))}, and nothing in src imports it.")


# ---------------------------------------------------------------- what stays pure


@pytest.mark.parametrize("path", each_file(except_for=MAY_LOOK_OUTSIDE))
def test_nothing_below_loading_looks_outside(path: Path) -> None:
    wrong = [
        f"{shown(path)}:{line} imports {dotted.split('.')[0]}"
        for line, dotted in imports_of(path)
        if dotted.split(".")[0] in OUTSIDE
    ]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"open", "input"}:
            wrong.append(f"{shown(path)}:{node.lineno} calls {node.func.id}()")
        if isinstance(node, ast.Attribute) and reads_a_file_or_the_clock(node):
            wrong.append(f"{shown(path)}:{node.lineno} uses {ast.unparse(node)}")
    assert not wrong, "\n".join(
        [*wrong, f"Only {', '.join(sorted(MAY_LOOK_OUTSIDE))} may look outside: take it as an argument instead."]
    )


def reads_a_file_or_the_clock(node: ast.Attribute) -> bool:
    if node.attr in {"read_text", "read_bytes", "write_text", "write_bytes", "today", "utcnow", "getenv", "environ"}:
        return True
    return node.attr == "now" and ast.unparse(node.value).rsplit(".", 1)[-1] in {"datetime", "dt"}


@pytest.mark.parametrize("path", each_file(except_for=MAY_PRINT))
def test_only_the_command_line_prints(path: Path) -> None:
    wrong = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            wrong.append(f"{shown(path)}:{node.lineno} prints")
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"sys.stdout", "sys.stderr", "rich.print"}:
            wrong.append(f"{shown(path)}:{node.lineno} uses {ast.unparse(node)}")
    assert not wrong, "\n".join([*wrong, "Return the text; src/practice_rules/__main__.py prints it."])


def test_importing_the_library_is_light() -> None:
    if not (PACKAGE / "__init__.py").exists():
        pytest.fail("src/practice_rules/__init__.py is not written yet.")
    program = "import json, sys, practice_rules; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    heavy = sorted(set(HEAVY) & set(json.loads(done.stdout)))
    assert not heavy, (
        f"`import practice_rules` brings in {', '.join(heavy)}. Import it inside the function that needs it."
    )


# ---------------------------------------------------------------- a new kind is four things


def test_there_are_kinds() -> None:
    if not kind_names():
        pytest.fail("src/practice_rules/kinds holds no kind.")


@pytest.mark.parametrize("kind", kind_names())
def test_a_kind_has_its_register_line_its_test_and_its_page(kind: str) -> None:
    register = KINDS / "__init__.py"
    missing = []
    if not register.exists() or kind not in registered():
        missing.append(f"its line in the register: import it in {shown(register)}")
    if not (ROOT / "tests" / "kinds" / f"test_{kind}.py").exists():
        missing.append(f"its tests: write tests/kinds/test_{kind}.py")
    if not (ROOT / "docs" / "reference" / "kinds" / f"{kind}.md").exists():
        missing.append(f"its page: write docs/reference/kinds/{kind}.md")
    if not ast.get_docstring(tree_of(KINDS / f"{kind}.py")):
        missing.append(f"its docstring: say at the top of src/practice_rules/kinds/{kind}.py what it means")
    if missing:
        message = f"The kind {kind!r} lacks " + "; and ".join(missing) + "."
        pytest.fail(message)


def registered() -> set[str]:
    """The kinds that the register imports."""
    return {
        part
        for _, dotted in imports_of(KINDS / "__init__.py")
        if dotted.startswith("practice_rules.kinds.")
        for part in dotted.split(".")[2:3]
    }


@pytest.mark.parametrize(("folder", "pattern"), [("tests/kinds", "test_*.py"), ("docs/reference/kinds", "*.md")])
def test_nothing_is_left_of_a_kind_that_went(folder: str, pattern: str) -> None:
    left = [
        shown(path)
        for path in sorted((ROOT / folder).glob(pattern))
        if path.stem.removeprefix("test_") not in {*kind_names(), "README", "index"}
    ]
    if left:
        pytest.fail(f"No file of src/practice_rules/kinds belongs to {', '.join(left)}: rename or remove.")


# ---------------------------------------------------------------- what is shipped


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def plain_name(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace("_", "-")


def declared_dependencies() -> set[str]:
    return {plain_name(each) for each in project()["project"]["dependencies"]}


def test_the_version_is_the_same_everywhere() -> None:
    version = project()["project"]["version"]
    written = re.search(r'^__version__ = "(.+)"$', (PACKAGE / "_version.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert written, 'src/practice_rules/_version.py has no line __version__ = "..."'
    assert written[1] == version, (
        f"src/practice_rules/_version.py says {written[1]} and pyproject.toml says {version}: make them equal."
    )
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), (
        f"CHANGELOG.md has no heading ## [{version}]."
    )


def test_the_folders_that_travel_in_the_wheel_are_there() -> None:
    wheel = project()["tool"]["hatch"]["build"]["targets"]["wheel"]
    for folder in wheel["force-include"]:
        if not any(path.is_file() for path in (ROOT / folder).rglob("*")):
            pytest.fail(f"The wheel takes the folder {folder}/ with it, and it is not there or empty.")
    assert (PACKAGE / "py.typed").exists()


def test_constraints_are_plain_pins_and_complete() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    odd = [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line)]
    assert not odd, f"constraints.txt holds more than package==version: {odd}"
    pinned = {plain_name(line) for line in lines}
    extras = project()["project"]["optional-dependencies"]
    wanted = declared_dependencies() | {plain_name(each) for extra in extras.values() for each in extra}
    wanted -= {project()["project"]["name"]}  # an extra that takes in another
    assert wanted <= pinned, f"constraints.txt lacks {', '.join(sorted(wanted - pinned))}."


def test_dev_py_can_be_read_by_an_old_python_and_needs_nothing_installed() -> None:
    text = (ROOT / "dev.py").read_text(encoding="ascii")
    tree = ast.parse(text, feature_version=(3, 4))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)], "dev.py holds an f-string."
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imported <= sys.stdlib_module_names


# ---------------------------------------------------------------- nothing of one machine


@cache
def tracked_text_files() -> list[tuple[str, str]]:
    """The files git tracks or would track, as far as they are text: name and content."""
    try:
        done = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
    except OSError:
        return []
    texts = []
    for name in sorted({each for each in done.stdout.decode("utf-8", "replace").split("\0") if each}):
        path = ROOT / name
        content = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" not in content:
            texts.append((name, content.decode("utf-8", "replace")))
    return texts


#: Put together here from pieces, so that this file does not hold them itself.
OF_ONE_MACHINE = {
    "a path of one machine": r"(?<![\w.\-/])(/wo" + r"rk/|/ro" + r"ot/|/(?:home|Users)/\w|[A-Z]:\\\\?Users\\)",
    "the name of a package registry's host": r"py" + r"pi\.org|python" + r"hosted|registry\.npm" + r"js",
}


@pytest.mark.parametrize("what", OF_ONE_MACHINE)
def test_no_file_speaks_of_one_machine(what: str) -> None:
    if not tracked_text_files():
        pytest.skip("not a git checkout, or no git here")
    pattern = re.compile(OF_ONE_MACHINE[what])
    found = [
        f"{name}:{number} holds {what}: {match[0]}"
        for name, text in tracked_text_files()
        for number, line in enumerate(text.splitlines(), 1)
        if (match := pattern.search(line))
    ]
    assert not found, "\n".join(found)
