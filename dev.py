"""Everything a newcomer or a checker needs, with nothing but Python 3.11 or newer.

    python dev.py demo     make .venv, install the library, run `practice-rules demo`
    python dev.py test     make .venv, install the library and its tools, run the tests; the core must be covered whole
    python dev.py lint     ruff check, ruff format --check, mypy --strict
    python dev.py spark    install Spark as well (a large download; it needs Java) and run a caseload on it
    python dev.py wheel    build the wheel, install it somewhere else, and use it there
    python dev.py check    test, lint and wheel, one after another

Words after `test` go to pytest:  python dev.py test -k calendars

The virtual environment is .venv beside this file; set PRACTICE_RULES_VENV to use another folder. It is installed
again only when pyproject.toml or constraints.txt has changed.

This file uses only what every Python understands, so that an old one can read it far enough to say which is needed.
"""

from __future__ import print_function

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.abspath(__file__))
CONSTRAINTS = os.path.join(ROOT, "constraints.txt")
WINDOWS = os.name == "nt"
STAMP = "practice-rules-installed.json"
TOOLS = ("dev", "notebook")
# Tens of thousands of histories, made from the packs themselves.
GENERATED = os.path.join("tests", "test_boundaries.py")
ON_EVERY_CORE = ["-n", "auto", "--dist", "worksteal"]
# What shows results and reads files. Everything else decides verdicts, and each of its branches is tested.
NOT_CORE = tuple(
    "*/" + name + ".py"
    for name in (
        "__main__ showing* pictures plots schema reading synthetic worklists "
        "readers/annex_a readers/cin_census readers/ssd readers/ssda903"
    ).split()
)

# What pip says when it cannot reach any server.
OFFLINE = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "getaddrinfo failed",
    "Network is unreachable",
    "Connection refused",
    "nodename nor servname",
)

# Run by the Python of an empty environment, away from this folder, after the wheel was installed there.
USE_THE_WHEEL = """
import datetime, os, sys
import practice_rules
from practice_rules import Event, History, evaluate, load_pack

where = os.path.realpath(practice_rules.__file__)
source = os.path.realpath(sys.argv[1])
if os.path.commonpath([where, source]) == source:
    sys.exit("The wheel was not used: practice_rules was found in the source folder, " + where)

pack = load_pack("bromley")
held = Event("strategy discussion held", datetime.date(2024, 5, 1))
history = History(subject="child-1", born=datetime.date(2015, 3, 2), events=[held])
result = evaluate(history, pack, as_of=datetime.date(2024, 6, 28))
print("practice_rules " + practice_rules.__version__ + " from the wheel: the pack bromley loads,")
print("and a history is evaluated, with " + str(len(result.obligations)) + " obligations.")
if not result.breached:
    sys.exit("The conference that was owed by 16 May 2024 is not overdue.")
"""


class Refused(Exception):
    """An ordinary failure, said in words; never shown as a traceback."""

    def __init__(self, message, code=1):
        Exception.__init__(self, message)
        self.code = code


def say(words):
    print(words)
    sys.stdout.flush()


def indented(text, last=15):
    lines = [line for line in (text or "").splitlines() if line.strip()]
    return "\n".join("    " + line for line in lines[-last:])


def version_words(version):
    return ".".join(str(part) for part in version)


def refuse_an_old_python():
    if sys.version_info[:2] < OLDEST:
        raise Refused(
            "This needs Python {0} or newer, and was started with Python {1} ({2}).\n"
            "Install a newer Python, then start this file with it, for example:\n"
            "    {3} dev.py test".format(
                version_words(OLDEST),
                version_words(sys.version_info[:3]),
                sys.executable,
                "py -3.12" if WINDOWS else "python3.12",
            )
        )


# ---------------------------------------------------------------- running things


def clean_environment():
    """The environment without what would make one Python look into the folders of another."""
    environment = dict(os.environ)
    for name in ("PYTHONPATH", "PYTHONHOME", "__PYVENV_LAUNCHER__"):
        environment.pop(name, None)
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    return environment


def quietly(command, cwd=ROOT):
    """Run a command and keep what it says: (exit code, text)."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        return 127, str(error)
    return done.returncode, done.stdout


def aloud(command, cwd=ROOT):
    """Run a command that speaks for itself: the exit code."""
    try:
        return subprocess.run(command, cwd=cwd, env=clean_environment(), check=False).returncode
    except OSError as error:
        say("Could not run {0}: {1}".format(command[0], error))
        return 127


# ---------------------------------------------------------------- the virtual environment


def venv_folder():
    named = os.environ.get("PRACTICE_RULES_VENV", "").strip()
    return os.path.abspath(os.path.expanduser(named)) if named else os.path.join(ROOT, ".venv")


def inside(venv, program):
    """The path of a program of the environment."""
    return os.path.join(venv, "Scripts", program + ".exe") if WINDOWS else os.path.join(venv, "bin", program)


def make_venv(venv):
    """Make the environment if it is not there; refuse one that does not work."""
    python = inside(venv, "python")
    if os.path.isdir(venv) and os.listdir(venv):
        refuse_a_broken_venv(venv, python)
        return
    say("Making a virtual environment in {0} ...".format(venv))
    made = False
    try:
        code, text = quietly([sys.executable, "-m", "venv", venv])
        made = code == 0
    finally:
        if not made:
            shutil.rmtree(venv, ignore_errors=True)
    if not made:
        advice = ""
        if "ensurepip" in text or "No module named venv" in text:
            advice = (
                "\nThis Python came without the part that makes virtual environments. On Debian and Ubuntu:\n"
                "    sudo apt install python{0}-venv".format(version_words(sys.version_info[:2]))
            )
        raise Refused(
            "Could not make a virtual environment in {0}. Python said:\n{1}{2}".format(venv, indented(text), advice)
        )


def refuse_a_broken_venv(venv, python):
    remedy = "Delete that folder and run this again; it will be made afresh."
    if not os.path.exists(os.path.join(venv, "pyvenv.cfg")):
        raise Refused(
            "{0} is there already and is not a virtual environment.\n"
            "Move it away, or name another folder in PRACTICE_RULES_VENV.".format(venv)
        )
    code, text = quietly([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    if code != 0:
        raise Refused("The virtual environment in {0} does not run:\n{1}\n{2}".format(venv, indented(text, 3), remedy))
    version = tuple(int(part) for part in text.split()[-1].split("."))
    if version < OLDEST:
        raise Refused(
            "The virtual environment in {0} has Python {1}; this needs {2} or newer.\n{3}".format(
                venv, version_words(version), version_words(OLDEST), remedy
            )
        )
    code, text = quietly([python, "-m", "pip", "--version"])
    if code != 0:
        raise Refused("The virtual environment in {0} has no pip:\n{1}\n{2}".format(venv, indented(text, 3), remedy))


def fingerprint():
    """Changes whenever the environment has to be installed again."""
    digest = hashlib.sha256(ROOT.encode("utf-8", "surrogateescape"))
    for name in ("pyproject.toml", "constraints.txt"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def read_stamp(path):
    try:
        with open(path, encoding="utf-8") as file:
            stamp = json.load(file)
        return str(stamp["fingerprint"]), {str(extra) for extra in stamp["extras"]}
    except (OSError, ValueError, KeyError, TypeError):
        return "", set()


def install(venv, extras):
    """Install the project and the extras asked for, unless that has been done and nothing has changed since."""
    stamp = os.path.join(venv, STAMP)
    now = fingerprint()
    before, installed = read_stamp(stamp)
    if before == now and installed.issuperset(extras):
        return
    wanted = sorted(installed.union(extras))
    say("Installing the library{0} ...".format(" and its tools (a minute or two)" if wanted else ""))
    if os.path.exists(stamp):
        os.remove(stamp)
    pip_install(inside(venv, "python"), ["-e", ROOT + ("[" + ",".join(wanted) + "]" if wanted else "")])
    with open(stamp, "w", encoding="utf-8") as file:
        json.dump({"fingerprint": now, "extras": wanted}, file)


def pip_install(python, what, cwd=ROOT):
    command = [python, "-m", "pip", "install", "--quiet", "--no-input", "-c", CONSTRAINTS]
    code, text = quietly(command + what, cwd=cwd)
    if code == 0:
        return
    if any(sign in text for sign in OFFLINE):
        errors = [line.strip() for line in text.splitlines() if line.strip().startswith("ERROR:")]
        raise Refused(
            "Could not download what the library needs. This computer seems to be offline, or a proxy stands in the\n"
            "way. Connect it and run this again; afterwards no connection is needed. pip said:\n"
            + indented("\n".join(errors) or text, 3)
        )
    raise Refused("Could not install the library. pip said:\n" + indented(text, 25))


def ready(extras):
    """The folder of an environment in which the library and the extras are installed."""
    venv = venv_folder()
    make_venv(venv)
    install(venv, extras)
    return venv


# ---------------------------------------------------------------- what can be asked for


def demo(words):
    venv = ready(())
    return aloud([inside(venv, "practice-rules"), "demo"] + words)


def test(words):
    venv = ready(TOOLS)
    python = inside(venv, "python")
    if words:
        return aloud([python, "-m", "pytest"] + words)
    # Counting lines makes the generated days four times as slow, and they run no line that the others leave out.
    if aloud([python, "-m", "pytest", "--cov", "--ignore", GENERATED] + ON_EVERY_CORE) != 0:
        return 1
    say("== every branch of the core is run by the tests")
    if aloud([python, "-m", "coverage", "report", "--fail-under=100", "--omit=" + ",".join(NOT_CORE)]) != 0:
        return 1
    say("== and nearly every branch of what reads and shows")
    if aloud([python, "-m", "coverage", "report", "--fail-under=95", "--include=" + ",".join(NOT_CORE)]) != 0:
        return 1
    say("== the generated days around every due date")
    return aloud([python, "-m", "pytest", GENERATED] + ON_EVERY_CORE)


def spark(words):
    refuse_words("spark", words)
    if shutil.which("java") is None:
        say("There is no Java here, which Spark needs: nothing was run.")
        return 0
    venv = ready(TOOLS + ("spark",))
    return aloud([inside(venv, "python"), "-m", "pytest", os.path.join("tests", "test_engines.py")])


def lint(words):
    refuse_words("lint", words)
    venv = ready(TOOLS)
    python = inside(venv, "python")
    failed = []
    for name, command in (
        ("ruff check", ["-m", "ruff", "check", "."]),
        ("ruff format --check", ["-m", "ruff", "format", "--check", "."]),
        ("mypy --strict", ["-m", "mypy", "--strict"]),
    ):
        say("== " + name)
        if aloud([python] + command) != 0:
            failed.append(name)
    if failed:
        say("Not in order: " + ", ".join(failed) + ".")
    return 1 if failed else 0


def wheel(words):
    refuse_words("wheel", words)
    venv = ready(TOOLS)
    elsewhere = os.path.realpath(tempfile.mkdtemp(prefix="practice-rules-wheel-"))
    try:
        say("== build the wheel, by way of the source archive")
        built = os.path.join(elsewhere, "dist")
        code, text = quietly([inside(venv, "python"), "-m", "build", "--outdir", built, ROOT])
        if code != 0:
            raise Refused("The wheel could not be built:\n" + indented(text, 25))
        wheels = [name for name in os.listdir(built) if name.endswith(".whl")]
        say("\n".join(sorted(os.listdir(built))))

        say("== install it in an empty environment elsewhere")
        empty = os.path.join(elsewhere, "venv")
        make_venv(empty)
        pip_install(inside(empty, "python"), [os.path.join(built, wheels[0])], cwd=elsewhere)

        say("== use it there")
        program = inside(empty, "practice-rules")
        use([inside(empty, "python"), "-c", USE_THE_WHEEL, ROOT], elsewhere)
        use([program, "list"], elsewhere)

        say("== and with the extra for caseloads")
        pip_install(inside(empty, "python"), [os.path.join(built, wheels[0]) + "[caseload]"], cwd=elsewhere)
        use([program, "synthetic", "authority", "--children", "40"], elsewhere)
        records = os.path.join("authority", "ssd")
        use([program, "caseload", records, "--pack", "bromley", "--as-of", "2024-03-31", "--out", "results"], elsewhere)
        return 0
    finally:
        shutil.rmtree(elsewhere, ignore_errors=True)


def use(command, folder):
    """Run a command of the installed wheel."""
    code = aloud(command, cwd=folder)
    if code != 0:
        raise Refused("The installed wheel does not work: see above.", code)


def check(words):
    refuse_words("check", words)
    failed = []
    for name, task in (("test", test), ("lint", lint), ("wheel", wheel)):
        try:
            code = task([])
        except Refused as refusal:
            say(str(refusal))
            code = refusal.code
        if code != 0:
            failed.append(name)
    say("Failed: " + ", ".join(failed) + "." if failed else "All is well: tests, lint and wheel.")
    return 1 if failed else 0


TASKS = {"demo": demo, "test": test, "spark": spark, "lint": lint, "wheel": wheel, "check": check}


def refuse_words(task, words):
    if words:
        raise Refused("`dev.py {0}` takes no further words: {1}".format(task, " ".join(words)), 2)


def main(words):
    try:
        if not words or words[0] in ("-h", "--help", "help"):
            say(__doc__.strip())
            return 0 if words else 2
        if words[0] not in TASKS:
            raise Refused("I don't know `{0}`. Say one of: {1}.".format(words[0], ", ".join(TASKS)), 2)
        refuse_an_old_python()
        return TASKS[words[0]](words[1:])
    except Refused as refusal:
        sys.stdout.flush()
        sys.stderr.write("{0}\n".format(refusal))
        return refusal.code
    except OSError as error:
        sys.stdout.flush()
        sys.stderr.write("Could not go on: {0}\n".format(error))
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
