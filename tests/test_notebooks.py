"""The notebooks are run as their readers would run them, and the pages about caseloads name what there is.

A notebook is kept without outputs: it is small, it holds nobody's data, and what it shows is what happens now.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))
CASELOAD = DOCS / "notebooks" / "caseload.ipynb"
#: Seconds for one cell, on the slowest computer.
PATIENCE = 240
#: A notebook with outputs in it would be larger.
MOST_BYTES = 40_000

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
#: What Jupyter's own parts warn of is not ours to mend.
not_our_warnings = pytest.mark.filterwarnings("default")


@cache
def as_stored(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


# ---------------------------------------------------------------- as they are stored


def test_there_is_a_notebook() -> None:
    """The tests below look at something."""
    assert CASELOAD in NOTEBOOKS


@each_notebook
def test_nothing_is_stored_but_what_was_written(path: Path) -> None:
    """No outputs, no counts of runs, no attachments: the file is what a person wrote."""
    left = [
        cell["id"]
        for cell in as_stored(path)["cells"]
        if cell.get("outputs") or cell.get("execution_count") is not None or cell.get("attachments") or cell["metadata"]
    ]
    assert not left, f"clear the outputs of {left}"
    assert path.stat().st_size < MOST_BYTES


@each_notebook
def test_every_cell_has_a_name(path: Path) -> None:
    """Format 4.5, where a cell has an id: words here, not chance, so that a change shows as a change."""
    whole = as_stored(path)
    assert (whole["nbformat"], whole["nbformat_minor"]) == (4, 5)
    names = [cell["id"] for cell in whole["cells"]]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name)] == []


@each_notebook
def test_the_links_lead_somewhere(path: Path) -> None:
    """Every link to a file finds it, and its heading."""
    wrong = []
    for cell in as_stored(path)["cells"]:
        if cell["cell_type"] != "markdown":
            continue
        for target, anchor in re.findall(r"\]\(([^)#\s:]+)#?([^)\s]*)\)", "".join(cell["source"])):
            page = (path.parent / target).resolve()
            if not page.is_file():
                wrong.append(target)
            elif anchor and not re.search(rf"(?mi)^#+ {anchor.replace('-', '[ -]')}$", page.read_text("utf-8")):
                wrong.append(f"{target}#{anchor}")
    assert not wrong


# ---------------------------------------------------------------- as they run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Any]:
    """A function that runs a copy of a notebook in a folder of its own, once."""
    done: dict[Path, Any] = {}

    def of(path: Path) -> Any:
        why = "notebooks are run with nbclient and ipykernel, which are not installed"
        nbclient = pytest.importorskip("nbclient", reason=why)
        nbformat = pytest.importorskip("nbformat", reason=why)
        pytest.importorskip("ipykernel", reason=why)
        if path not in done:
            place = tmp_path_factory.mktemp(path.stem)
            notebook = nbformat.read(path, as_version=4)
            nbformat.validate(notebook)
            client = nbclient.NotebookClient(
                notebook,
                timeout=PATIENCE,
                kernel_name="python3",
                allow_errors=True,  # so that every cell that fails is told
                resources={"metadata": {"path": str(place)}},
            )
            settings = {"IPYTHONDIR": str(place / ".ipython"), "PYTHONPATH": str(ROOT / "src")}
            client.execute(env=os.environ | settings)
            done[path] = notebook
        return done[path]

    return of


def outputs_of(notebook: Any) -> dict[str, list[Any]]:
    return {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}


def printed(outputs: list[Any]) -> str:
    """What a cell printed."""
    return "".join(each.text for each in outputs if each.output_type == "stream" and each.name == "stdout")


def status_counts(told: str) -> dict[str, int]:
    """The counts of the statuses in a caseload's own line."""
    _, _, counts = told.partition(": ")
    found = re.findall(r"([\d,]+) ([a-z][a-z ]*)", counts)
    return {status: int(count.replace(",", "")) for count, status in found}


@each_notebook
@not_our_warnings
def test_a_notebook_runs_to_its_end(path: Path, run: Callable[[Path], Any]) -> None:
    """Every code cell is run, and none fails."""
    notebook = run(path)
    failed = {
        name: f"{each.ename}: {each.evalue}"
        for name, outputs in outputs_of(notebook).items()
        for each in outputs
        if each.output_type == "error"
    }
    assert not failed
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")


@not_our_warnings
def test_the_data_frame_has_a_row_for_each_status(run: Callable[[Path], Any]) -> None:
    """The frame that the notebook makes is as long as the statuses of its caseload say."""
    outputs = outputs_of(run(CASELOAD))
    counts = status_counts(printed(outputs["caseload"]))
    assert {"met", "breached", "due", "not assessed", "cohort"} <= counts.keys()
    assert printed(outputs["rows"]) == f"{sum(counts.values())} rows\n"


@not_our_warnings
def test_a_notebook_counts_what_one_process_counts(run: Callable[[Path], Any], tmp_path: Path) -> None:
    """In a notebook, on however many cores, the caseload is the one that a single process makes here."""
    from practice_rules.caseloads import evaluate_caseload
    from practice_rules.readers import read_ssd
    from practice_rules.synthetic import synthetic_authority

    told = status_counts(printed(outputs_of(run(CASELOAD))["caseload"]))
    synthetic_authority(children=300, seed=1).write_ssd(tmp_path)
    caseload = evaluate_caseload("wokingham", read_ssd(tmp_path), as_of=date(2024, 3, 31), workers=1)
    assert told == caseload.statuses


@not_our_warnings
def test_the_row_leads_back_to_its_records(run: Callable[[Path], Any]) -> None:
    """The two records that the notebook finds by the row's sources are the child's, and say the days of its sentence;
    the explanation counts the same lateness.
    """
    outputs = outputs_of(run(CASELOAD))
    sentence, *records = printed(outputs["one-row"]).splitlines()
    assert len(records) == 2
    found = [re.search(r"is (\d{4}-\d\d-\d\d).*, of the child (\w+)$", record) for record in records]
    days, children = zip(*(each.groups() for each in found if each), strict=True)
    assert len(days) == 2
    assert len(set(children)) == 1
    opened, done = (date.fromisoformat(day) for day in days)
    assert f" on {opened.day} {opened:%B %Y}, owed by" in sentence
    assert f"; done on {done.day} {done:%B %Y}, " in sentence
    (late,) = set(re.findall(r"\d+ days late", sentence))
    assert late in printed(outputs["explain"])


@not_our_warnings
def test_the_pictures_are_seen(run: Callable[[Path], Any]) -> None:
    """Each plot comes out as a picture, and not as the name of a figure."""
    outputs = outputs_of(run(CASELOAD))
    shown = {name for name, found in outputs.items() if any("image/png" in each.get("data", {}) for each in found)}
    assert shown == {"heat", "trend", "lateness", "teams", "work-picture"}


# ---------------------------------------------------------------- the pages about caseloads


def section_of(page: Path, heading: str) -> str:
    """A page's text from a heading to the next of its kind."""
    found = re.search(rf"(?ms)^## {re.escape(heading)}$(.*?)(?=^## |\Z)", page.read_text(encoding="utf-8"))
    assert found, f"{page.name} has no heading “{heading}”"
    return found[1]


def first_cells(text: str) -> list[str]:
    """The names in the first column of a section's tables."""
    return [name for cell in re.findall(r"(?m)^\| ([^|]*) \|", text) for name in re.findall(r"`([^`]+)`", cell)]


def test_the_reference_names_every_column() -> None:
    """docs/reference/caseload.md names the columns of the rows, all and no other, in their order."""
    pytest.importorskip("pyarrow", reason="the columns are Arrow's: pyarrow is not installed")
    from practice_rules.rows import row_schema

    assert first_cells(section_of(DOCS / "reference" / "caseload.md", "The columns")) == row_schema().names


def test_the_reference_names_every_attribute() -> None:
    """docs/reference/caseload.md names what a `Caseload` holds, all and no other, in its order."""
    from practice_rules.caseloads import Caseload

    held = [each.name for each in fields(Caseload) if not each.name.startswith("_")]
    assert first_cells(section_of(DOCS / "reference" / "caseload.md", "The caseload")) == held


def test_the_reference_names_every_status() -> None:
    """docs/reference/caseload.md says what each status means."""
    from practice_rules.rows import STATUSES

    assert set(first_cells(section_of(DOCS / "reference" / "caseload.md", "Statuses"))) == {*STATUSES, "cohort"}


def test_the_list_of_readers_names_each() -> None:
    """docs/reference/readers/index.md has a line for each form of records, under the name of the command line."""
    from practice_rules.readers import READERS

    page = DOCS / "reference" / "readers" / "index.md"
    assert sorted(first_cells(section_of(page, "Five forms"))) == sorted(READERS)
