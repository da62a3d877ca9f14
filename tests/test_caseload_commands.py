"""`caseload`, `official` and `synthetic`: what they say and write, and that no mistake ends in a traceback."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import sys
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from practice_rules.__main__ import FORMS, cli

pa = pytest.importorskip("pyarrow", reason="needs the extra caseload")
pq = pytest.importorskip("pyarrow.parquet", reason="needs the extra caseload")
openpyxl = pytest.importorskip("openpyxl", reason="needs the extra caseload")
icalendar = pytest.importorskip("icalendar", reason="needs the extra caseload")

from practice_rules import caseload_commands, caseloads  # noqa: E402
from practice_rules.readers import READERS, read_records, recognise  # noqa: E402
from practice_rules.tables import TableError  # noqa: E402

READ = Path(__file__).with_name("readers")
MARKER = "ZEBRA-77"
DAY = ("--as-of", "2024-03-31")
YEAR = ("--from", "2023-04-01", "--to", "2024-03-31")
OUT = {"obligations.parquet", "measures.csv", "work_list.xlsx", "faults.csv", "report.html"}
PACK = """\
authority: Barsetshire County Council
title: Standards
documents:
  standards: {title: Practice Standards}
vocabulary: shared
working days: Monday to Friday, except bank holidays in England
day one: the next day
if not a working day: next working day
standards:
  visits:
    says: The child is visited every 10 working days while a protection plan runs.
    source: {section: Visits, words: "every 10 working days"}
    expect: child visited
    every: 10 working days
    while: child protection plan
  first-visit:
    says: The child is visited within 5 working days of the start of a protection plan.
    source: {section: Visits, words: "within 5 working days"}
    expect: child visited
    within: 5 working days
    of: child protection plan started
"""
# The plan starts on Monday 4 March 2024. Within 5 working days: by Monday 11 March; every 10 working days: by Monday 18
# March. One visit, on Wednesday 6 March, keeps both; the next is due 10 working days after it, on Wednesday 20 March,
# and is not done by 22 March. Two obligations are met and one is overdue, if the log can hold the end of a plan.
EVENTS = """\
subject,event,date,id
c1,child protection plan started,2024-03-04,p1
c1,child visited,2024-03-06,v1
"""
SUBJECTS = "subject,born,sex\nc1,2015-01-01,F\n"
ALLOCATIONS = "subject,from,to,worker,team\nc1,2024-03-01,,W1,North\n"
SMALL_DAY = ("--as-of", "2024-03-22")
ALL = ("--holds", "everything")


def run(*words: object, code: int = 0) -> Result:
    """A command as a person runs it; whatever the question was, there is no traceback."""
    result = CliRunner().invoke(cli, list(map(str, words)), prog_name="practice-rules", env={"COLUMNS": "100"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def caseload(records: object, pack: object, *words: object, code: int = 0) -> Result:
    return run("caseload", records, "--pack", pack, "--quiet", *words, code=code)


def refused(*words: object) -> str:
    """What is said on the error stream of a question that was wrong; nothing stands on the other."""
    result = run(*words, code=2)
    assert result.stdout == ""
    return " ".join(result.stderr.split())


def wrong(records: object, pack: object, *words: object) -> str:
    return refused("caseload", records, "--pack", pack, "--quiet", *words)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def digests(folder: Path) -> dict[str, str]:
    """What stands in a folder, hidden files included."""
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.iterdir() if each.is_file()}


def counts_on(screen: str) -> dict[str, int]:
    """The numbers of the summary by their names."""
    lines = screen.split("\n\n")[1].splitlines()
    return {line[:29].strip(): int(line[29:43].replace(",", "")) for line in lines}


def counted(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The same numbers, from the rows."""
    found = Counter("cohort" if row["kind"] == "cohort" else row["status"] for row in rows)
    return dict(found)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an invented authority of 60 children."""
    folder = tmp_path_factory.mktemp("authority") / "invented"
    run("synthetic", folder, "--children", "60")
    return folder


@pytest.fixture(scope="module")
def judged(authority: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    """Both shapes of it judged by Wokingham's pack: the folder of results, and what was said."""
    found = {}
    for shape in ("ssd", "log"):
        out = tmp_path_factory.mktemp("results") / "new" / shape
        words = ("--out", out, "--cases", "2", "--by", "team", "--by", "month")
        found[shape] = out, caseload(authority / shape, "wokingham", *DAY, *words).stdout
    return found


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a small pack, and a small event log in a folder of its own."""
    (tmp_path / "pack.yaml").write_text(PACK, encoding="utf-8")
    log = tmp_path / "log"
    log.mkdir()
    (log / "events.csv").write_text(EVENTS, encoding="utf-8")
    (log / "subjects.csv").write_text(SUBJECTS, encoding="utf-8")
    (log / "allocations.csv").write_text(ALLOCATIONS, encoding="utf-8")
    return tmp_path


# ---------------------------------------------------------------- an analyst


@pytest.mark.parametrize("shape", ["ssd", "log"])
def test_a_folder_of_results_has_every_file(judged: dict[str, tuple[Path, str]], shape: str) -> None:
    """--out makes the folder and its five files, says each with its size, and leaves nothing else there."""
    out, said = judged[shape]
    assert set(digests(out)) == OUT
    written = [line for line in said.splitlines() if line.startswith("Written: ")]
    assert [Path(line.split()[1]).name for line in written] == [
        "obligations.parquet", "measures.csv", "work_list.xlsx", "faults.csv", "report.html",
    ]  # fmt: skip
    assert f"({pq.read_metadata(out / 'obligations.parquet').num_rows:,} obligations)" in written[0]
    assert f"({len(rows_of(out / 'measures.csv')):,} rows, by team and month)" in written[1]
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert "Wokingham Borough Council" in page


@pytest.mark.parametrize("shape", ["ssd", "log"])
def test_the_screen_says_what_the_rows_say(judged: dict[str, tuple[Path, str]], shape: str) -> None:
    """The counts, late and overdue, and the share met are those of the rows in the file."""
    out, said = judged[shape]
    rows = pq.read_table(out / "obligations.parquet").to_pylist()
    told = counts_on(said)
    assert told.pop("children and other subjects") == 60
    assert told == counted(rows)
    plain = [row for row in rows if row["kind"] != "cohort"]
    late, overdue = (sum(row[name] for row in plain) for name in ("late", "overdue"))
    assert f"{late:,} late, {overdue:,} overdue" in said
    assert late + overdue == told["breached"]
    # The SSD's rows show both sides of all that they show; the log has standards of which only what is met is known.
    one_sided = {
        row["standard"] for row in plain if (row["missing"] or "").endswith("so what is not met cannot be told")
    }
    met = sum(row["status"] == "met" and row["standard"] not in one_sided for row in plain)
    share = 100 * met / (met + told["breached"])
    assert f"In time: {met:,} of {met + told['breached']:,} ({int(share * 10) / 10:.1f}%)" in said
    assert (met == told["met"]) is (shape == "ssd")
    assert ("without standards of which" in " ".join(said.split())) is (shape == "log")


def test_the_screen_is_wrapped_and_told_in_order(judged: dict[str, tuple[Path, str]]) -> None:
    """What came of it, the share, the notes, then the files; no line of words is wider than the terminal."""
    said = judged["ssd"][1]
    places = [
        said.index(words) for words in ("Standard Safeguarding", "\n  breached", "\nIn time:", "\nNote:", "\nWritten:")
    ]
    assert places == sorted(places)
    assert not [line for line in said.splitlines() if len(line) > 100 and not line.startswith("Written: ")]
    assert "\n\n\n" not in said


@pytest.mark.parametrize("shape", ["ssd", "log"])
def test_measures_by_team_and_month_are_those_of_the_rows(
    authority: Path, judged: dict[str, tuple[Path, str]], shape: str, tmp_path: Path
) -> None:
    """measures.csv has a row for each team and month; with --smallest 0 it counts all, without it hides below 6."""
    file = tmp_path / "all.csv"
    caseload(authority / shape, "wokingham", *DAY, "--measures", file, "--by", "team", "--by", "month", "--smallest", 0)
    rows = pq.read_table(judged[shape][0] / "obligations.parquet").to_pylist()
    due: Counter[tuple[str, str]] = Counter()
    breached: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row["kind"] != "cohort":
            key = (row["team"] or "", row["due"].strftime("%Y-%m") if row["due"] else "")
            due[key] += row["status"] == "due"
            breached[key] += row["status"] == "breached"
    everything = {(row["team"], row["month"]): row for row in rows_of(file)}
    assert len(everything) > 20
    assert everything.keys() == due.keys()
    for key, row in everything.items():
        assert (int(row["due"]), int(row["late"]) + int(row["overdue"])) == (due[key], breached[key])
        assert row["hidden"] == ""
    for row in rows_of(judged[shape][0] / "measures.csv"):
        assert not {row[name] for name in ("subjects", "owed", "met", "due", "not_assessed")} & set("12345")
        full = everything[row["team"], row["month"]]
        assert all(row[name] in ("", full[name]) for name in ("owed", "met", "due", "not_assessed"))


def test_a_stratum_of_the_records_counts_measures(
    authority: Path, judged: dict[str, tuple[Path, str]], tmp_path: Path
) -> None:
    """--by sex uses the records' own column, in the SSD and in a log with its table of subjects, here as Parquet."""
    for shape, values in (("ssd", {"F", "M"}), ("log", {"F", "M"})):
        file = tmp_path / f"{shape}.parquet"
        caseload(authority / shape, "wokingham", *DAY, "--measures", file, "--by", "sex", "--smallest", "0")
        found = pq.read_table(file).to_pylist()
        assert {row["sex"] for row in found} <= {*values, None, "U", "I"}
        assert values <= {row["sex"] for row in found}
        assert sum(row["met"] for row in found) <= counts_on(judged[shape][1])["met"]


def test_rows_as_csv_are_the_rows_of_the_parquet_file(
    authority: Path, judged: dict[str, tuple[Path, str]], tmp_path: Path
) -> None:
    """--to rows.csv writes the same obligations as --to rows.parquet."""
    file = tmp_path / "rows.csv"
    assert f"Written: {file} (" in caseload(authority / "ssd", "wokingham", *DAY, "--to", file).stdout
    expected = pq.read_table(judged["ssd"][0] / "obligations.parquet").to_pylist()
    found = rows_of(file)
    assert len(found) == len(expected)
    for name in ("subject", "standard", "status", "key", "due", "sentence"):
        assert [row[name] for row in found] == [str(row[name]) if row[name] is not None else "" for row in expected]


@pytest.mark.parametrize("shape", ["ssd", "log"])
def test_the_work_list_is_the_same_in_every_form(
    authority: Path, judged: dict[str, tuple[Path, str]], shape: str, tmp_path: Path
) -> None:
    """The workbook, the CSV file, the Parquet file and the calendar hold the same entries, all overdue or due."""
    for ending in ("csv", "parquet", "ics", "xlsx"):
        caseload(authority / shape, "wokingham", *DAY, "--work-list", tmp_path / f"work.{ending}")
    listed = rows_of(tmp_path / "work.csv")
    table = pq.read_table(tmp_path / "work.parquet").to_pylist()
    assert [row["key"] for row in listed] == [row["key"] for row in table]
    sheet = openpyxl.load_workbook(tmp_path / "work.xlsx")["all"]
    assert sheet.max_row == len(listed) + 1
    assert (tmp_path / "work.xlsx").read_bytes() == (judged[shape][0] / "work_list.xlsx").read_bytes()
    entries = icalendar.Calendar.from_ical((tmp_path / "work.ics").read_bytes()).walk("VEVENT")
    assert sorted(str(each["dtstart"].dt) for each in entries) == sorted(row["due"] for row in listed)
    rows = pq.read_table(judged[shape][0] / "obligations.parquet").to_pylist()
    open_ = {(row["subject"], row["key"]) for row in rows if row["overdue"] or row["status"] == "due"}
    assert listed
    assert {(row["subject"], row["key"]) for row in listed} <= open_


def test_faults_csv_has_every_bad_cell(tmp_path: Path) -> None:
    """Every fault is a row of faults.csv; the screen tells like ones together, and where all of them are."""
    run("synthetic", tmp_path / "a", "--children", "20", "--dirt", "0.05", "--shape", "log")
    out = tmp_path / "out"
    said = caseload(tmp_path / "a" / "log", "wokingham", *DAY, "--out", out, "--cases", "0").stdout
    found = rows_of(out / "faults.csv")
    assert f"\n{len(found)} cells or records could not be used:\n" in said
    log = (tmp_path / "a" / "log" / "events.csv").read_text(encoding="utf-8").splitlines()
    nobody = [str(number) for number, line in enumerate(log, 1) if line.startswith(",")]
    assert len(nobody) > 2
    assert [row["row"] for row in found if row["column"] == "subject"] == nobody
    like = f"events.csv, row {nobody[0]}, subject: it is missing. Every event has one. ({len(nobody) - 1} more like it)"
    assert like in said
    assert "out/faults.csv has all of them." in said
    told = [line for line in said.splitlines() if line.startswith("  events.csv, row ")]
    assert len(told) <= 10


def test_one_fault_is_told_in_the_singular(small: Path) -> None:
    """One bad cell is "1 cell or record", with no way to more of them; it is told, and is no failure."""
    with (small / "log" / "events.csv").open("a", encoding="utf-8") as file:
        file.write("c1,child visited,2024-02-30,v2\n")
    said = caseload(small / "log", small / "pack.yaml", *SMALL_DAY).stdout
    assert (
        "\n1 cell or record could not be used:\n"
        "  events.csv, row 4, date: there is no such date. Check day and month.\n" in said
    )
    assert "--faults" not in said


def test_more_sorts_of_faults_than_are_told(small: Path) -> None:
    """Ten sorts of bad cells are told, the rest is counted, and --faults is named."""
    wrong_names = "".join(f"c1,strange event {letter},2024-03-07,x{letter}\n" for letter in "abcdefghijklm")
    with (small / "log" / "events.csv").open("a", encoding="utf-8") as file:
        file.write(wrong_names.replace("strange event a,2024-03-07", "strange event a,2024-02-30"))
    said = caseload(small / "log", small / "pack.yaml", *SMALL_DAY, "--known-at", "2024-03-22").stdout
    assert said.count("the pack knows no such event") <= 10
    assert "13 cells or records could not be used" in said


def test_json_is_json_and_nothing_else(authority: Path, judged: dict[str, tuple[Path, str]], tmp_path: Path) -> None:
    """--json answers with the numbers of the screen, the standards that cannot be fed with reasons, and the files."""
    file = tmp_path / "m.csv"
    result = run("caseload", authority / "log", "--pack", "wokingham", *DAY, "--json", "--measures", file)
    assert result.stderr == ""
    data = json.loads(result.stdout)
    told = counts_on(judged["log"][1])
    assert data["subjects"] == told.pop("children and other subjects")
    assert data["obligations"] == told
    assert data["late"] + data["overdue"] == told["breached"]
    assert data["in_time"]["share"] == pytest.approx(data["in_time"]["met"] / data["in_time"]["of"])
    assert data["as_of"] == "2024-03-31"
    assert data["known_at"] is None
    assert data["written"] == [str(file)]
    lacking = len(data["not_assessed_standards"])
    assert f"{lacking} of 366 tested standards" in " ".join(data["notes"])
    assert all(each["reason"] for each in data["not_assessed_standards"] + data["judged_without"])


def test_quiet_leaves_the_bar_out(small: Path) -> None:
    """The bar stands on the error stream, and --quiet leaves it out; the answer is the same."""
    words = ("caseload", small / "log", "--pack", small / "pack.yaml", *SMALL_DAY)
    loud, quiet = run(*words), run(*words, "--quiet")
    assert "Judging" in loud.stderr
    assert quiet.stderr == ""
    assert loud.stdout == quiet.stdout


def test_the_same_command_gives_equal_bytes(
    authority: Path, judged: dict[str, tuple[Path, str]], tmp_path: Path
) -> None:
    """The same question gives equal files, the workbook too, with one process or two."""
    pytest.importorskip("loky", reason="needs the extra caseload")
    words = ("--cases", "2", "--by", "team", "--by", "month")
    for workers in ("1", "2"):
        out = tmp_path / workers
        caseload(authority / "ssd", "wokingham", *DAY, "--out", out, *words, "--workers", workers)
        assert digests(out) == digests(judged["ssd"][0])
    # Nothing in the workbook is of today.
    with zipfile.ZipFile(tmp_path / "1" / "work_list.xlsx") as book:
        assert {part.date_time for part in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_small_caseload_by_hand(small: Path) -> None:
    """The summary of two met and one overdue obligation, word for word, and what to do next."""
    said = caseload(small / "log", small / "pack.yaml", *SMALL_DAY, *ALL).stdout
    assert said == (
        "Event log events.csv, judged by Barsetshire County Council as of 2024-03-22\n"
        "\n"
        "  children and other subjects             1\n"
        "  breached                                1  0 late, 1 overdue\n"
        "  met                                     2\n"
        "\n"
        "In time: 2 of 3 (66.6%) that were met or breached.\n"
        "\n"
        "Next: --out FOLDER writes every obligation, measures, a work list, the faults and a report.\n"
    )


def test_a_share_is_not_made_up(small: Path) -> None:
    """Where nothing is decided, or only one side is known, it is said that there is no share."""
    said = caseload(small / "log", small / "pack.yaml", "--as-of", "2024-03-05", *ALL).stdout
    assert "In time: no share, for nothing that was owed can be decided yet.\n" in said

    found = caseloads.Caseload(None, date(2024, 3, 5), None, "")  # type: ignore[arg-type]
    from practice_rules.measures import Headline

    numbers = Headline(1, 3, 2, 0, 1, 0, 0, 0, None, None, 0)
    assert "only what was met, or only what was not" in caseload_commands._in_time(found, numbers)
    assert caseload_commands._percent(0.9999) == "99.9%"
    assert caseload_commands._percent(0.58) == "58.0%"


def test_spreadsheets_run_nothing(small: Path) -> None:
    """A cell that a spreadsheet would run as a formula is written as text; accents arrive."""
    (small / "log" / "allocations.csv").write_text(
        "subject,from,to,worker,team\nc1,2024-03-01,,=1+1,Zoë’s team\n", encoding="utf-8"
    )
    file = small / "work.csv"
    caseload(small / "log", small / "pack.yaml", *SMALL_DAY, *ALL, "--work-list", file)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    (row,) = rows_of(file)
    assert (row["worker"], row["team"], row["due"]) == ("'=1+1", "Zoë’s team", "2024-03-20")


def test_official_measures_are_said_and_written(authority: Path, tmp_path: Path) -> None:
    """The text, the JSON and the file tell the same measures; below 6 all hide, and the text says so."""
    file = tmp_path / "official.csv"
    said = run("official", authority / "ssd", *YEAR, "--file", file).stdout
    data = json.loads(run("official", authority / "ssd", *YEAR, "--json").stdout)
    titles = [row["title"] for row in data["measures"] if not row["band"]]
    assert len(titles) > 10
    at = [said.index(f"\n\n{title}\n") for title in titles]
    assert at == sorted(at)
    rows = rows_of(file)
    assert len(rows) == len(data["measures"])
    assert f"\nWritten: {file} ({len(rows)} rows)\n" in said
    assert not {row["count"] for row in rows} & set("12345")
    assert "Hidden: counts from 1 to 5, and what gives them away. --smallest 0 shows all." in said
    assert not [line for line in said.splitlines() if len(line) > 100 and not line.startswith("Written: ")]
    assert (data["subjects"], data["smallest"], data["written"]) == (60, 6, [])

    everything = tmp_path / "all.parquet"
    shown = run("official", authority / "ssd", *YEAR, "--file", everything, "--smallest", "0").stdout
    assert "hidden" not in shown.lower()
    table = pq.read_table(everything).to_pylist()
    for row in table:
        if row["share"] is not None and not row["band"]:
            block = shown[shown.index(f"\n{row['title']}\n") :]
            line = block.splitlines()[2]
            assert line.split() == [
                "all",
                f"{int(row['share'] * 1000 + 1e-9) / 10:.1f}%",
                str(row["count"]),
                "of",
                str(row["denominator"]),
            ]
    assert "working days (quartiles" in shown
    written = json.loads(run("official", authority / "ssd", *YEAR, "--file", everything, "--json").stdout)["written"]
    assert written == [str(everything)]


def test_official_measures_of_records_with_bad_cells() -> None:
    """Bad cells are told below the measures, and are no failure."""
    said = run(
        "official", READ / "cin_census" / "CIN_Census_2024.xml", "--from", "2023-04-01", "--to", "2024-03-31"
    ).stdout
    assert "\n2 cells or records could not be used:\n  CIN_Census_2024.xml, row 23, ChildIdentifiers:" in said
    assert "not assessed: " in said


# ---------------------------------------------------------------- the forms


@pytest.mark.parametrize(
    ("path", "form", "day", "subjects"),
    [
        ("ssd", "ssd", "2024-03-31", 3),
        ("cin_census", "cin-census", "2024-03-31", 2),
        ("cin_census/CIN_Census_2024.xml", "cin-census", "2024-03-31", 2),
        ("annex_a", "annex-a", "2020-06-01", 18),
        ("ssda903", "ssda903", "2019-09-26", None),
    ],
)
def test_a_form_is_recognised(path: str, form: str, day: str, subjects: int | None) -> None:
    """The samples of each form are read as that form, and are judged."""
    assert recognise(READ / path).name == form
    said = caseload(READ / path, "wokingham", "--as-of", day).stdout
    assert said.startswith(f"{read_records(READ / path, as_of=date.fromisoformat(day)).source}, judged by")
    assert counts_on(said)["children and other subjects"] == (
        subjects or counts_on(said)["children and other subjects"]
    )
    assert counts_on(said)["children and other subjects"] > 0


def test_the_command_line_knows_every_reader() -> None:
    """--form has the names of the register, in its order."""
    assert tuple(READERS) == FORMS


def test_a_log_is_read_from_a_file_a_folder_and_parquet(small: Path) -> None:
    """A folder takes the tables beside the events with it; one file says what it left; Parquet reads the same."""
    pandas = pytest.importorskip("pandas", reason="needs the extra notebook")
    parquet = small / "parquet"
    parquet.mkdir()
    for name in ("events", "subjects", "allocations"):
        pandas.read_csv(small / "log" / f"{name}.csv", dtype=str).to_parquet(parquet / f"{name}.parquet")
    folder = caseload(small / "log", small / "pack.yaml", *SMALL_DAY, *ALL, "--work-list", small / "a.csv").stdout
    caseload(parquet, small / "pack.yaml", *SMALL_DAY, *ALL, "--work-list", small / "b.csv")
    assert (small / "a.csv").read_bytes() == (small / "b.csv").read_bytes()
    assert [row["worker"] for row in rows_of(small / "a.csv")] == ["W1"]
    alone = caseload(
        small / "log" / "events.csv", small / "pack.yaml", *SMALL_DAY, *ALL, "--work-list", small / "c.csv"
    ).stdout
    assert counts_on(alone) == counts_on(folder)
    assert [row["worker"] for row in rows_of(small / "c.csv")] == [""]
    left = "subjects.csv and allocations.csv stand beside events.csv and did not go in. Name the folder"
    assert left in " ".join(alone.split())
    assert "beside" not in folder
    shutil.copy(small / "log" / "events.csv", small / "log" / "other.csv")
    assert "beside" not in caseload(small / "log" / "other.csv", small / "pack.yaml", *SMALL_DAY).stdout
    named = caseload(
        small / "log" / "events.csv",
        small / "pack.yaml",
        *SMALL_DAY,
        "--allocations",
        small / "log" / "allocations.csv",
    ).stdout
    assert "Note: subjects.csv stands beside events.csv" in named
    both = caseload(
        small / "log",
        small / "pack.yaml",
        *SMALL_DAY,
        "--subjects",
        small / "log" / "subjects.csv",
        "--holds",
        "everything",
    ).stdout
    assert counts_on(both) == counts_on(folder)


def test_a_log_with_other_dates_and_said_events(small: Path) -> None:
    """--dates and --holds reach the reader of a folder's log."""
    events = EVENTS.replace("2024-03-04", "04/03/2024").replace("2024-03-06", "06/03/2024")
    (small / "log" / "events.csv").write_text(events, encoding="utf-8")
    words = ("--dates", "dd/mm/yyyy", "--holds", "child visited", "--holds", "Child-Protection Plan started")
    assert counts_on(caseload(small / "log", small / "pack.yaml", *SMALL_DAY, *words).stdout)["met"] == 2


def test_a_return_in_another_encoding_is_recognised(tmp_path: Path) -> None:
    """The first line tells an SSDA903 return in UTF-16 and with semicolons; an unreadable file tells nothing."""
    text = "CHILD;SEX;DOB;ETHNIC\n1;1;01/01/2010;WBRI\n"
    for number, encoding in enumerate(("utf-16", "utf-8-sig", "cp1252")):
        file = tmp_path / f"{number}.csv"
        file.write_text(text, encoding=encoding)
        assert recognise(file).name == "ssda903"
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(TableError, match="I cannot tell"):
        recognise(tmp_path / "folder.csv")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "no file.csv").mkdir()
    with pytest.raises(TableError, match="I cannot tell"):
        recognise(tmp_path / "in")


def test_what_is_no_record_is_refused_in_words(small: Path) -> None:
    """A folder of nothing, binary files and files of another make are refused, each by its name and with a way out."""
    pack = small / "pack.yaml"
    assert wrong(small, pack, *DAY).endswith(": the records are in the folder log below it. Name that.")
    for name in ("empty", "other"):
        (small / name).mkdir()
    (small / "other" / "letter.txt").write_text(MARKER, encoding="utf-8")
    binary = bytes(range(256)) * 20
    for name in ("b.dat", "b.csv", "b.parquet", "b.xlsx", "b.xml"):
        (small / name).write_bytes(binary)
    (small / "pdf.csv").write_bytes(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\n\0\0")
    (small / "text.csv").write_bytes(b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\n")
    (small / "none.csv").write_bytes(b"")
    (small / "other.xml").write_text(f"<a><b>{MARKER}</b></a>", encoding="utf-8")
    (small / "half.xml").write_text(f"<a><b>{MARKER}", encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.append(["a", MARKER])
    book.save(small / "book.xlsx")
    book.close()
    expected = {
        "empty": "I cannot tell what records these are. The forms are: ssd: a folder of ssd_*.csv",
        "other": "I cannot tell what records these are",
        "b.dat": "I cannot tell what records these are",
        "b.csv": "this is not text",
        "pdf.csv": "this is not text",
        "text.csv": 'there is no column "subject"',
        "none.csv": "",
        "b.parquet": "it cannot be read as Parquet",
        "b.xlsx": "this cannot be read as a workbook",
        "book.xlsx": "There is no list of Annex A here",
        "b.xml": "",
        "other.xml": "this is no CIN census",
        "half.xml": "",
    }
    for name, words in expected.items():
        said = wrong(small / name, pack, *DAY)
        assert said.startswith(f"{name}: "), said
        assert words in said
        assert MARKER not in said
        assert MARKER not in run("official", small / name, *YEAR, code=2).output
    assert "does not exist" in wrong(small / "nothing", pack, *DAY)
    with pytest.raises(TableError, match="no such file or folder"):
        recognise(small / "nothing")


def test_a_log_that_is_there_twice_is_refused(small: Path) -> None:
    """Of events.csv and events.parquet neither is silently taken."""
    (small / "log" / "events.parquet").write_bytes(b"")
    said = wrong(small / "log", small / "pack.yaml", *SMALL_DAY)
    assert said == "log: events.csv and events.parquet are both there. Leave one of them."


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shape", ["ssd", "log"])
def test_a_forced_form_that_is_wrong_is_refused(authority: Path, form: str, shape: str) -> None:
    """--form another than the records have is refused, with the name of what was read."""
    words = (authority / shape, "wokingham", *DAY, "--form", form)
    if form == shape:
        assert counts_on(caseload(*words).stdout)["children and other subjects"] == 60
    else:
        assert wrong(*words).startswith(f"{shape}: ")


def test_the_reader_refuses_what_it_would_not_heed(small: Path) -> None:
    """`read_records` refuses a form that there is not, and options of a log for anything else."""
    with pytest.raises(ValueError, match="the forms are: ssd, ssda903"):
        read_records(small, "excel")
    with pytest.raises(ValueError, match="day_first: only an event log takes that, and ssd is read as Standard"):
        read_records(READ / "ssd", day_first=True)


# ---------------------------------------------------------------- wrong use


def test_a_day_that_the_records_do_not_know_is_refused() -> None:
    """--as-of after a census' reference date is refused before anything is judged, with the day to say."""
    path = READ / "cin_census" / "CIN_Census_2024.xml"
    assert wrong(path, "wokingham", "--as-of", "2024-04-01") == (
        "CIN_Census_2024.xml: the records speak until 2024-03-31, and what came later is not in them. "
        "Say --as-of 2024-03-31, or an earlier day."
    )


def test_a_snapshot_judged_as_of_another_day_is_told() -> None:
    """Annex A does not say its day: where its dates lie later, or all lie earlier, a note asks."""
    path = READ / "annex_a"
    later = " ".join(caseload(path, "wokingham", "--as-of", "2014-03-31").stdout.split())
    # 2020-05-15 is the latest date in the sample's lists.
    assert "are later than 2014-03-31, up to 2020-05-15. A snapshot is judged as of the day of its extract" in later
    earlier = " ".join(caseload(path, "wokingham", "--as-of", "2024-03-31").stdout.split())
    assert "Nothing in the records is later than 2020-05-15. If they were extracted before 2024-03-31" in earlier
    same = caseload(path, "wokingham", "--as-of", "2020-05-15").stdout
    assert "is --as-of that day?" not in same
    assert "Nothing in the records is later" not in same


def test_records_of_nobody_are_told(small: Path) -> None:
    """An event log without a row is judged, and a note asks whether it is the right one."""
    (small / "none").mkdir()
    (small / "none" / "events.csv").write_text("subject,event,date\n", encoding="utf-8")
    said = caseload(small / "none", small / "pack.yaml", *SMALL_DAY).stdout
    assert counts_on(said) == {"children and other subjects": 0}
    assert "There is no subject in these records." in said


def test_files_that_cannot_be_written_are_refused_first(small: Path) -> None:
    """A missing folder, a wrong ending, a name given twice, a place among the records: all are said, nothing runs."""
    pack, log = small / "pack.yaml", small / "log"
    before = digests(log)
    assert "is a directory" in wrong(log, pack, *SMALL_DAY, "--faults", log)
    assert "is a file" in wrong(log, pack, *SMALL_DAY, "--out", pack)
    said = wrong(
        log, pack, *SMALL_DAY, "--to", small / "x.xlsx", "--measures", small / "gone" / "m.csv",
        "--work-list", small / "a.csv", "--faults", small / "a.csv", "--report", log / "page.html",
    )  # fmt: skip
    assert said == (
        "--to: x.xlsx must end in .parquet or .csv. "
        f"--measures: there is no folder {small / 'gone'}. Make it first. "
        "--faults: --work-list has that name already. Name another file. "
        "--report: page.html would stand over or among the records. Name another folder."
    )
    over = wrong(log / "events.csv", pack, *SMALL_DAY, "--to", log / "events.csv", "--faults", log / "subjects.csv",
                 "--subjects", log / "subjects.csv")  # fmt: skip
    assert "--to: events.csv would stand over" in over
    assert "--faults: subjects.csv would stand over" in over
    (small / "out" / "report.html").mkdir(parents=True)
    assert "--report: report.html is a folder. Give the name of a file." in wrong(
        log, pack, *SMALL_DAY, "--out", small / "out"
    )
    assert "must end in .html or .htm" in wrong(log, pack, *SMALL_DAY, "--report", small / "page.pdf")
    assert "--file: x.xlsx must end in .csv or .parquet" in refused("official", log, *YEAR, "--file", small / "x.xlsx")
    assert digests(log) == before
    assert set(digests(small)) == {"pack.yaml"}
    assert list((small / "out").iterdir()) == [small / "out" / "report.html"]


def test_results_in_a_folder_below_the_records(small: Path) -> None:
    """A folder of its own below the records is no place among them: nothing there is read."""
    caseload(small / "log", small / "pack.yaml", *SMALL_DAY, "--out", small / "log" / "results")
    assert set(digests(small / "log" / "results")) == OUT


def test_a_pack_that_cannot_be_used(small: Path) -> None:
    """An unknown pack is a wrong question; a broken one has its problems told, as every command tells them."""
    assert 'Did you mean "wokingham"?' in wrong(small / "log", "wokinghm", *SMALL_DAY)
    assert "There is no such file" in wrong(small / "log", small / "gone.yaml", *SMALL_DAY)
    (small / "broken.yaml").write_text(
        PACK.replace("every: 10 working days", "every: 10 wroking days"), encoding="utf-8"
    )
    result = caseload(small / "log", small / "broken.yaml", *SMALL_DAY, code=1)
    assert "1 problem in the pack; it cannot be used." in result.stderr
    assert result.stdout == ""


def test_words_that_mean_nothing_are_refused(small: Path) -> None:
    """Options that would be passed over, or cannot be, are refused with a way out."""
    log, pack = small / "log", small / "pack.yaml"
    file = small / "m.csv"
    by = wrong(log, pack, *SMALL_DAY, "--measures", file, "--by", "nonsense")
    assert by.startswith('--by: there is no "nonsense" to group by. There is: standard, kind, section,')
    assert "sex" in by
    assert '--by: there is no "sex"' in wrong(log / "events.csv", pack, *SMALL_DAY, "--measures", file, "--by", "sex")
    assert '--by: there is no "nonsense"' in wrong(READ / "ssd", pack, *DAY, "--measures", file, "--by", "nonsense")
    assert "a column is named twice" in wrong(log, pack, *SMALL_DAY, "--measures", file, "--by", "team", "--by", "team")
    assert "Give --measures FILE or --out FOLDER" in wrong(log, pack, *SMALL_DAY, "--by", "team")
    assert not file.exists()
    for smallest in ("1", "4"):
        assert "--smallest: write 0 (show all), or 5 or more" in wrong(log, pack, *SMALL_DAY, "--smallest", smallest)
        assert "--smallest: write 0" in refused("official", log, *YEAR, "--smallest", smallest)
    assert "-1 is not in the range" in wrong(log, pack, *SMALL_DAY, "--smallest", "-1")
    assert "0 is not in the range" in wrong(log, pack, *SMALL_DAY, "--workers", "0")
    held = wrong(log, pack, *SMALL_DAY, "--holds", "child visted")
    assert '--holds: pack knows no event "child visted".' in held
    assert 'Did you mean "child visited"' in held
    assert "practice-rules vocabulary" in held
    assert 'knows no event "everything"' in wrong(
        log, pack, *SMALL_DAY, "--holds", "everything", "--holds", "child visited"
    )
    other = wrong(
        READ / "ssd",
        pack,
        *DAY,
        "--subjects",
        log / "subjects.csv",
        "--dates",
        "dd/mm/yyyy",
        "--holds",
        "child visited",
    )
    assert other == (
        "Only an event log takes --subjects, --holds and --dates; ssd is read as Standard Safeguarding Dataset."
    )
    assert "--to lies before --from" in refused("official", log, "--from", "2024-04-01", "--to", "2023-03-31")
    for first, last in (("2023-04-01T10:00", "2024-03-31"), ("2023-04-01", "2024-03-31T10:00")):
        assert "whole days. Leave out the time" in refused("official", log, "--from", first, "--to", last)


def test_a_moment_of_judging(small: Path) -> None:
    """--as-of and --known-at take a time of day, and every file comes of it."""
    words = (
        "--as-of",
        "2024-03-22T12:00",
        "--known-at",
        "2024-03-22T12:00",
        "--out",
        small / "out",
        "--work-list",
        small / "w.ics",
    )
    said = caseload(small / "log", small / "pack.yaml", *words).stdout
    assert "as of 2024-03-22T12:00:00\n" in said
    assert set(digests(small / "out")) == OUT - {"work_list.xlsx"}
    data = json.loads(caseload(small / "log", small / "pack.yaml", *words, "--json").stdout)
    assert data["known_at"] == "2024-03-22T12:00:00"


@pytest.mark.parametrize("stage", ["judge", "measures", "work_list", "html"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_a_run_that_ends_half_way_changes_no_file(
    small: Path, stage: str, error: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped by Ctrl-C or a full disk, whenever that is, the earlier results stay whole and together."""
    out = small / "out"
    words = (small / "log", small / "pack.yaml", "--out", out, *ALL)
    caseload(*words, "--as-of", "2024-03-22")
    before = digests(out)

    def stop(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(
        caseloads.Job if stage == "judge" else caseloads.Caseload, "_run" if stage == "judge" else stage, stop
    )
    result = caseload(*words, "--as-of", "2024-03-29", code=1 if error is KeyboardInterrupt else 2)
    expected = "Aborted!" if error is KeyboardInterrupt else "I can't use a file: no space left on device."
    assert result.stderr.strip() == expected
    assert digests(out) == before
    monkeypatch.undo()
    caseload(*words, "--as-of", "2024-03-29")
    assert digests(out).keys() == before.keys()
    assert digests(out)["obligations.parquet"] != before["obligations.parquet"]


def test_whoever_stops_listening_gets_no_complaint(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe that is closed, as `| head` does, is no mistake of the user's, and nothing is said of it."""

    def closed(*_: Any, **__: Any) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(caseload_commands, "_say", closed)
    result = CliRunner().invoke(
        cli, ["caseload", str(small / "log"), "--pack", str(small / "pack.yaml"), *SMALL_DAY, "--quiet"]
    )
    assert "I can't use" not in result.output


@pytest.mark.parametrize(
    ("library", "words"),
    [
        ("pyarrow", ()),
        ("openpyxl", ("--work-list", "w.xlsx")),
        ("icalendar", ("--work-list", "w.ics")),
    ],
)
def test_a_missing_extra_is_named(
    small: Path, library: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a library of the extra it is said at once what to install, and nothing is judged."""
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.setattr(caseloads, "evaluate_caseload", lambda *_, **__: pytest.fail("judged all the same"))
    given = [str(small / word) if word.startswith("w.") else word for word in words]
    said = wrong(small / "log", small / "pack.yaml", *SMALL_DAY, *given)
    assert said == f'This needs {library}: pip install "practice-rules[caseload]".'


def test_a_missing_extra_that_is_told_in_words(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ImportError that says itself what to install is passed on."""

    def missing(*_: Any, **__: Any) -> None:
        raise ImportError('Work lists need this: pip install "practice-rules[caseload]"')

    monkeypatch.setattr(caseload_commands, "caseload", missing)
    said = wrong(small / "log", small / "pack.yaml", *SMALL_DAY)
    assert said == 'Work lists need this: pip install "practice-rules[caseload]"'


# ---------------------------------------------------------------- synthetic


def test_synthetic_writes_what_was_asked_for(tmp_path: Path) -> None:
    """One shape or both, with the command that judges them; that command works as it is printed."""
    said = run("synthetic", tmp_path / "a", "--children", "1", "--shape", "log").stdout
    assert f"Written: {tmp_path / 'a' / 'log'} (1 child, invented)" in said
    assert [each.name for each in (tmp_path / "a").iterdir()] == ["log"]
    command = said.splitlines()[-1].split()
    assert command[:2] == ["practice-rules", "caseload"]
    out = command.index("--out")
    assert run(*command[1:out], "--quiet").stdout.startswith("Event log events.csv")
    both = run("synthetic", tmp_path / "b", "--children", "2").stdout
    assert sorted(each.name for each in (tmp_path / "b").iterdir()) == ["log", "ssd"]
    assert both.count("(2 children, invented)") == 2


def test_synthetic_is_the_same_again_and_another_with_another_seed(tmp_path: Path) -> None:
    """Equal options give equal files; another seed gives others."""
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        run("synthetic", tmp_path / name, "--children", "3", "--seed", seed)
    for shape in ("ssd", "log"):
        first, again, other = (digests(tmp_path / name / shape) for name in "abc")
        assert first == again
        assert first != other


def test_synthetic_never_mixes_two_authorities(tmp_path: Path) -> None:
    """Where files stand already nothing is written at all; an empty folder is used."""
    (tmp_path / "a" / "ssd").mkdir(parents=True)
    (tmp_path / "a" / "ssd" / "mine.csv").write_text("mine", encoding="utf-8")
    said = refused("synthetic", tmp_path / "a", "--children", "2")
    assert said == f"{tmp_path / 'a' / 'ssd'} is there already, and is left as it is. Name another folder."
    assert not (tmp_path / "a" / "log").exists()
    assert (tmp_path / "a" / "ssd" / "mine.csv").read_text(encoding="utf-8") == "mine"
    (tmp_path / "a" / "log").write_text("a file", encoding="utf-8")
    assert "are there already, and left as they are" in refused("synthetic", tmp_path / "a", "--children", "2")
    (tmp_path / "b" / "ssd").mkdir(parents=True)
    run("synthetic", tmp_path / "b", "--children", "2")
    assert sorted(each.name for each in (tmp_path / "b").iterdir()) == ["log", "ssd"]


def test_a_synthetic_authority_that_ends_half_way_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C between the two shapes leaves neither, and nothing hidden."""
    from practice_rules.synthetic import Authority

    def stop(self: Authority, folder: Path) -> None:
        folder.mkdir()
        raise KeyboardInterrupt

    monkeypatch.setattr(Authority, "write_event_log", stop)
    run("synthetic", tmp_path / "a", "--children", "2", code=1)
    assert list((tmp_path / "a").iterdir()) == []


def test_synthetic_refuses_what_makes_no_sense(tmp_path: Path) -> None:
    """No children, a share above 1, a seed in words: a plain refusal."""
    for words in (("--children", "0"), ("--dirt", "1.5"), ("--seed", "x"), ("--shape", "xml")):
        assert words[0] in refused("synthetic", tmp_path / "a", *words)
    assert not (tmp_path / "a").exists()


# ---------------------------------------------------------------- no value of a record


def _log_with_marks(folder: Path) -> None:
    folder.mkdir()
    (folder / "events.csv").write_text(
        "subject,event,date,time,recorded,id,about,cancelled,kind,born,seen alone,visit type\n"
        "c1,child protection plan started,2024-03-04,,,p1,,,,,,\n"
        f"c1,child visited,{MARKER},,,v1,,,,,,\n"
        f"c1,child visited,2024-03-06,{MARKER},,v2,,,,,,\n"
        f"c1,child visited,2024-03-07,,{MARKER},v3,,,,,,\n"
        f"c1,child visited,2024-03-08,,,v4,,{MARKER},,,,\n"
        f"c1,child visited,2024-03-09,,,v5,,,,,{MARKER},\n"
        f"c1,child visited,2024-03-10,,,v6,,,,,,{MARKER}\n"
        f"c1,{MARKER},2024-03-11,,,v7,,,,,,\n"
        f"c2,child visited,2024-03-12,,,v8,{MARKER},,,,,\n"
        f"c2,child visited,2024-03-12,,,v9,,,{MARKER},,,\n"
        f"c3,child visited,2024-03-12,,,va,,,,{MARKER},,\n"
        f",{MARKER},2024-03-12,,,vb,,,,,,\n",
        encoding="utf-8",
    )
    (folder / "subjects.csv").write_text(
        f"subject,born,fact: unborn\nc1,{MARKER},{MARKER}\n,{MARKER},\n", encoding="utf-8"
    )
    (folder / "allocations.csv").write_text(
        f"subject,from,to,worker,team\nc1,{MARKER},,W1,North\nc2,2024-03-01,{MARKER},W1,North\n,,,{MARKER},{MARKER}\n",
        encoding="utf-8",
    )


def _ssd_with_marks(folder: Path) -> None:
    """The sample of the SSD with the marker in every cell of every date, in one row of two."""
    shutil.copytree(READ / "ssd", folder)
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        for number, row in enumerate(rows):
            for name in row if number % 2 == 0 else ():
                if "date" in name or name.endswith(("_dob", "_flag", "_code")):
                    row[name] = MARKER
        if rows:
            text = io.StringIO(newline="")
            writer = csv.DictWriter(text, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
            path.write_text(text.getvalue(), encoding="utf-8", newline="")


@pytest.mark.parametrize("make", [_log_with_marks, _ssd_with_marks])
@pytest.mark.parametrize("pack", ["wokingham", "pack.yaml"])
def test_no_value_of_a_bad_cell_is_ever_told(small: Path, make: Any, pack: str) -> None:
    """What stands in bad cells is on neither stream, not in the faults, not in the page, not in the answer as JSON."""
    records, out = small / "marked", small / "out"
    make(records)
    given = pack if pack == "wokingham" else small / pack
    result = run("caseload", records, "--pack", given, *DAY, "--out", out)
    answer = caseload(records, given, *DAY, "--json")
    official = run("official", records, *YEAR, "--smallest", "0")
    faults = rows_of(out / "faults.csv")
    assert len(faults) >= 8
    assert f"{len(faults)} cells or records could not be used" in result.stdout
    assert sum(json.loads(answer.stdout)["faults"].values()) == len(faults)
    for text in (
        result.stdout, result.stderr, answer.stdout, answer.stderr, official.output,
        (out / "faults.csv").read_text(encoding="utf-8"), (out / "report.html").read_text(encoding="utf-8"),
        (out / "measures.csv").read_text(encoding="utf-8"),
    ):  # fmt: skip
        assert MARKER.lower() not in text.lower()
