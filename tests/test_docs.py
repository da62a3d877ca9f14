"""The documentation is run: what a page shows is what happens, and every page can be found from the first.

How a page is read:

- `python` blocks of one page run one after another, in one namespace; a block without a language right below one is
  what it prints.
- `console` blocks hold `$ practice-rules …` and what it answers at a width of 100. A line of three dots stands for
  lines left out.
- `yaml` blocks are a pack, the top of one, standards, or stories. What a page has shown before still stands. Standards
  and stories may be shown two spaces in, as they stand in a file.
- After the language may stand `file=NAME` (the block is saved), `standard=NAME` (the standards are put into that
  pack), `add=NAME` (stories are added to that file), `pack=NAME` (stories of a shipped pack) and `wrong` (it must not
  load).
"""

from __future__ import annotations

import io
import re
import runpy
import shlex
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from practice_rules import Pack, load_pack
from practice_rules.__main__ import cli
from practice_rules.loading import read_pack_text
from practice_rules.stories import read_stories, run_stories

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
INDEX = DOCS / "index.md"
#: Pages that are run.
PAGES = [ROOT / "README.md", ROOT / "bench" / "README.md", *sorted(DOCS.rglob("*.md"))]
#: Pages of which only the links are followed.
BESIDE = [ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "examples" / "README.md"]
#: So many blocks of each sort there are at least: a page that is no longer read would be noticed.
FEWEST = {"python": 16, "printed": 14, "console": 32, "yaml": 50, "csv": 1}
WIDTH = 100

TOP = {
    "authority": "authority: Barsetshire County Council\n",
    "title": "title: Practice standards\n",
    "documents": "documents:\n  standards: {title: Practice Standards}\n",
    "vocabulary": "vocabulary: shared\n",
    "working days": "working days: Monday to Friday, except bank holidays in England\n",
    "day one": "day one: the next day\n",
    "hours without times": "hours without times: by date\n",
}
ANY_STANDARD = """\
  any-standard:
    says: Any standard.
    source: {section: Any, words: any words at all}
    not tested: It only fills the pack.
"""
OF_THE_TOP = {
    *TOP, "if not a working day", "closed", "terms", "details", "events", "periods", "standards", "stories",
}  # fmt: skip


# ---------------------------------------------------------------- reading a page


@dataclass
class Block:
    """One fenced block of a page: its line, its language, the words after it, and the text."""

    line: int
    language: str
    words: dict[str, str]
    text: str
    #: What the block without a language right below it holds, if there is one.
    below: str | None = None


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks_of(page: str) -> list[Block]:
    blocks: list[Block] = []
    fence: Block | None = None
    ended = 0
    lines = page.splitlines()
    for number, line in enumerate(lines, 1):
        if not line.startswith("```"):
            if fence is not None:
                fence.text += f"{line}\n"
            continue
        if fence is None:
            language, *words = line[3:].split() or [""]
            fence = Block(number, language, dict((*each.split("=", 1), "")[:2] for each in words), "")
            continue
        follows = bool(blocks) and not any(each.strip() for each in lines[ended : fence.line - 1])
        if not fence.language and follows and blocks[-1].language == "python" and blocks[-1].below is None:
            blocks[-1].below = fence.text
        else:
            blocks.append(fence)
        fence, ended = None, number
    assert fence is None, f"the block that begins on line {fence.line} never ends"
    return blocks


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# ---------------------------------------------------------------- running a page


def chunks_of(text: str) -> dict[str, str]:
    """The parts of a YAML text by their key at the margin, each with the comments above it."""
    found: dict[str, str] = {}
    key, waiting = "", ""
    for line in text.splitlines(keepends=True):
        head = re.match(r"([^\s#][^:]*):", line)
        if head:
            key = head[1]
            found[key] = waiting + line
            waiting = ""
        elif line.startswith("#") or not key:
            waiting += line
        else:
            found[key] += waiting + line
            waiting = ""
    return found


def indented(text: str, by: int = 2) -> str:
    return "".join(f"{' ' * by}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


def outdented(text: str, by: int = 2) -> str:
    return "".join(line[by:] if line.strip() else "\n" for line in text.splitlines(keepends=True))


def matches(answer: str, expected: str) -> bool:
    """Whether an answer is what a page shows; a line of three dots stands for lines left out."""
    pieces = re.split(r"(?m)^\.\.\.$", expected)
    return re.fullmatch("(?s:.*)".join(map(re.escape, pieces)), answer) is not None


@dataclass
class Workshop:
    """Where one page is run: a folder, a namespace, and the standards it has shown so far."""

    folder: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})
    top: dict[str, str] = field(default_factory=lambda: dict(TOP))
    standards: dict[str, str] = field(default_factory=dict)

    def run(self, block: Block) -> None:
        """Run one block; what is wrong comes as an AssertionError."""
        if block.language == "python":
            self.python(block)
        elif block.language == "console":
            for command, expected in self.commands(block):
                answer = self.console(command)
                assert matches(answer, expected), f"$ {command}\nanswers:\n{answer}\nand the page shows:\n{expected}"
        elif block.language == "yaml":
            self.yaml(block)
        elif "file" in block.words:
            self.save(block.words["file"], block.text)

    def save(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def python(self, block: Block) -> None:
        said = self.printed(block)
        if block.below is not None:
            assert said == block.below, f"it prints:\n{said}\nand the page shows:\n{block.below}"

    def printed(self, block: Block) -> str:
        said = io.StringIO()
        with redirect_stdout(said):
            exec(compile(block.text, f"<line {block.line}>", "exec"), self.names)
        return "".join(f"{line.rstrip()}\n" for line in said.getvalue().splitlines())

    @staticmethod
    def commands(block: Block) -> Iterator[tuple[str, str]]:
        assert block.text.startswith("$ "), "a console block begins with a command: $ practice-rules …"
        for part in re.split(r"(?m)^\$ ", block.text)[1:]:
            command, _, expected = part.partition("\n")
            yield command, expected.rstrip("\n")

    def console(self, command: str) -> str:
        name, *words = shlex.split(command)
        assert name == "practice-rules", f"only practice-rules is run here, not {name}"
        answer = CliRunner(env={"COLUMNS": str(WIDTH)}).invoke(cli, words, prog_name="practice-rules")
        assert answer.exception is None or isinstance(answer.exception, SystemExit), repr(answer.exception)
        return "\n".join(line.rstrip() for line in answer.output.splitlines()).rstrip("\n")

    # --- YAML

    def yaml(self, block: Block) -> None:
        text = block.text
        if all(line.startswith("  ") for line in text.splitlines() if line.strip()):
            text = outdented(text)  # shown as it stands in the file
        chunks = chunks_of(text)
        assert chunks, "there is no key at the margin"
        if "stories" in chunks or "add" in block.words:
            self.stories(block)
        elif "standard" in block.words:
            path = self.folder / block.words["standard"]
            whole = chunks_of(path.read_text(encoding="utf-8"))
            held = chunks_of(outdented(whole["standards"].partition("\n")[2])) | chunks
            body = "\n".join(each.rstrip("\n") + "\n" for each in held.values())
            whole["standards"] = "standards:\n" + indented(body)
            self.loads("".join(whole.values()), path.stem, block)
            path.write_text("".join(whole.values()), encoding="utf-8")
        elif "file" in block.words:
            self.loads(block.text, Path(block.words["file"]).stem, block)
            self.save(block.words["file"], block.text)
        elif chunks.keys() <= OF_THE_TOP:
            shared = dict(chunks)
            standards = shared.pop("standards", "standards:\n").partition("\n")[2]
            # A page that shows a whole top begins anew; one that shows a line of it goes on.
            top = shared if "authority" in chunks else self.top | shared
            self.loads("".join(top.values()) + "standards:\n" + (standards or ANY_STANDARD), "page", block)
            if "wrong" not in block.words and "authority" not in chunks:
                self.top = top
            self.keep(chunks_of(outdented(standards)), block)
        else:
            self.loads(self.text(self.standards | chunks), "page", block)
            self.keep(chunks, block)

    def keep(self, chunks: dict[str, str], block: Block) -> None:
        if "wrong" not in block.words:
            self.standards |= chunks

    def text(self, standards: dict[str, str]) -> str:
        body = "".join(indented(each.rstrip("\n") + "\n") for each in standards.values())
        return "".join(self.top.values()) + "standards:\n" + (body or ANY_STANDARD)

    @staticmethod
    def loads(text: str, name: str, block: Block) -> Pack | None:
        pack, problems = read_pack_text(text, name)
        said = "\n\n".join(map(str, problems))
        if "wrong" in block.words:
            assert problems, "it is marked as wrong, and nothing is wrong with it"
        else:
            assert not problems, said
            assert pack is not None
        return pack

    def stories(self, block: Block) -> None:
        text = block.text
        if "add" in block.words:
            text = (self.folder / block.words["add"]).read_text(encoding="utf-8") + "\n" + text
        named = block.words.get("file") or block.words.get("add")
        path = self.save(named or "page-stories.yaml", text)
        if "pack" in block.words:
            pack = load_pack(block.words["pack"])
        elif named:
            pack = load_pack(path.parent.parent / path.name)
        else:
            pack = self.loads(self.text(self.standards), "page", Block(0, "", {}, ""))
        stories, problems = read_stories(path, pack)
        wrong = [str(each) for each in problems]
        wrong += [f"{each.story.name}: {each.lines}" for each in run_stories(stories, pack) if not each.passed]
        if "wrong" in block.words:
            assert wrong, "it is marked as wrong, and every story comes out as told"
        else:
            assert stories, "there is no story"
            assert not wrong, "\n\n".join(wrong)


def workshop(folder: Path) -> Workshop:
    """A folder with the examples in it, as a reader in the project's folder has them."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    return Workshop(folder)


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_what_a_page_shows_is_what_happens(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every block of the page, one after another."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    place = workshop(tmp_path)
    for block in blocks_of(text_of(path)):
        if block.language == "python" and re.search(r"^import pandas|\.timeline\(", block.text, re.MULTILINE):
            pytest.importorskip("pandas")
            pytest.importorskip("matplotlib")
        try:
            place.run(block)
        except Exception as error:
            pytest.fail(f"{shown(path)}:{block.line} ({block.language})\n{error}", pytrace=False)


def test_enough_is_run() -> None:
    """The pages hold at least so many blocks of each sort."""
    found: Counter[str] = Counter()
    for path in PAGES:
        for block in blocks_of(text_of(path)):
            if block.language == "console":
                found["console"] += len(list(Workshop.commands(block)))
            else:
                found[block.language] += 1
            found["printed"] += block.below is not None
    few = {sort: found[sort] for sort, least in FEWEST.items() if found[sort] < least}
    assert not few, f"fewer examples than there were: {few}, expected at least {FEWEST}"


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("```python\nprint(1 + 1)\n```\n\n```\n3\n```\n", "it prints"),
        ('```console\n$ practice-rules due "1 day" after 2024-03-28\nFriday.\n```\n', "answers"),
        ("```console\n$ ls\n```\n", "only practice-rules"),
        ("```yaml\nclosed: [2024-13-01]\n```\n", "2024-13-01"),
        ("```yaml wrong\nclosed: [2024-12-27]\n```\n", "nothing is wrong"),
        ("```yaml\nvisits:\n  says: A child is visited.\n```\n", "source"),
    ],
)
def test_a_page_that_is_not_true_is_noticed(
    page: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test of the pages can fail, for each sort of block."""
    monkeypatch.chdir(tmp_path)
    (block,) = blocks_of(page)
    with pytest.raises(AssertionError, match=message):
        workshop(tmp_path).run(block)


def test_a_story_that_does_not_come_out_is_noticed(tmp_path: Path) -> None:
    """A story on a page with a wrong date fails."""
    page = (
        "```yaml pack=bromley\nstories:\n  - story: A story\n    standard: allocation-direction\n    events:\n"
        "      - 2024-05-07: case allocated\n    as of: 2024-05-31\n    expect: nothing\n```\n"
    )
    (block,) = blocks_of(page)
    with pytest.raises(AssertionError, match="A story"):
        workshop(tmp_path).run(block)


# ---------------------------------------------------------------- links


def slug(heading: str) -> str:
    """The anchor of a heading, as the usual viewers make it."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"[`*_]", "", heading).strip().lower()).replace(" ", "-")


def without_blocks(text: str) -> str:
    return re.sub(r"(?ms)^```.*?^```", "", text)


def anchors_of(path: Path) -> set[str]:
    return {slug(found) for found in re.findall(r"(?m)^#+ (.+)$", without_blocks(text_of(path)))}


def links_of(path: Path) -> Iterator[tuple[str, Path, str]]:
    """The links of a page to files: as written, the file, the anchor."""
    for written in re.findall(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)", without_blocks(text_of(path))):
        if re.match(r"[a-z]+:", written):
            continue
        target, _, anchor = written.partition("#")
        yield written, (path.parent / target).resolve() if target else path, anchor


@pytest.mark.parametrize("path", [*PAGES, *BESIDE], ids=shown)
def test_links_lead_somewhere(path: Path) -> None:
    """Every link to a file finds it, and its heading."""
    wrong = []
    for written, target, anchor in links_of(path):
        if not target.exists():
            wrong.append(f"{shown(path)} links to {written}, and there is no such file.")
        elif anchor and anchor not in anchors_of(target):
            wrong.append(f"{shown(path)} links to {written}, and there is no such heading.")
    assert not wrong, "\n".join(wrong)


def test_every_page_can_be_found() -> None:
    """From docs/index.md, by links alone, every page of the documentation is reached."""
    reached, waiting = set(), [INDEX]
    while waiting:
        path = waiting.pop()
        if path in reached or path.suffix != ".md" or not path.exists():
            continue
        reached.add(path)
        waiting += [target for _, target, _ in links_of(path)]
    lost = [shown(path) for path in PAGES if path not in reached]
    assert not lost, f"No link leads from docs/index.md to {', '.join(lost)}."


def test_every_decision_is_listed() -> None:
    """docs/decisions/index.md lists each decision by its own title."""
    listed = text_of(DOCS / "decisions" / "index.md")
    missing = []
    for path in sorted((DOCS / "decisions").glob("0*.md")):
        title = text_of(path).splitlines()[0].lstrip("# ").split(". ", 1)[1]
        if f"[{title}]({path.name})" not in listed:
            missing.append(f"[{title}]({path.name})")
    assert not missing, f"docs/decisions/index.md lacks {missing}"


# ---------------------------------------------------------------- pages made from the source


@pytest.mark.parametrize("page", ["api.md", "command-line.md", "packs.md"])
def test_the_reference_is_what_the_source_says(page: str) -> None:
    """The pages that docs/make_reference.py writes are as it would write them now."""
    made = runpy.run_path(str(DOCS / "make_reference.py"))["pages"]()
    assert made[page] == text_of(DOCS / "reference" / page), (
        f"docs/reference/{page} is not what the source says. Run: python docs/make_reference.py"
    )
