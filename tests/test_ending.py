"""How the process ends: by a signal, without a terminal, on a terminal without Chinese; with real processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from pipeline.cli.printable import printable
from pipeline.cli.terminal import new_console, new_table, say
from pipeline.ending import temporary_folder
from tests.support.processes import gone
from tests.support.reading import EXAMPLE

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60
CONTROLS = "\x1b]0;x\x07", "\x9b31m", "\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\U000e0041", "\x85", "\u2028"


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of temporary files of the processes of a test; nothing is left in it."""
    desk = tmp_path_factory.mktemp("desk")
    yield desk
    assert list(desk.iterdir()) == []


def begun(desk: Path, *words: str | Path, script: str = "", **options: object) -> subprocess.Popen[str]:
    """A process of the command line, or of a script, with its temporary files on the desk."""
    command = [sys.executable, *(["-c", script] if script else ["-m", "pipeline"]), *map(str, words)]
    given: dict[str, object] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options}
    environment = {**os.environ, "TMPDIR": str(desk), **dict(options.get("env") or {})}  # type: ignore[call-overload]
    return subprocess.Popen(command, cwd=ROOT, **{**given, "env": environment})  # type: ignore[call-overload, no-any-return]


def until(happens: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < ends, "it does not happen"
        time.sleep(0.05)


# Signals -------------------------------------------------------------------------------------------------------------

HANGS = """#!{python}
import os, subprocess, sys, time
child = subprocess.Popen(["sleep", "600"])
open(os.environ["TMPDIR"] + "/left-behind", "w").close()
with open("{folder}/child.new", "w") as file:
    file.write(str(child.pid))
os.rename("{folder}/child.new", "{folder}/child")
time.sleep(600)
"""


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)])
def test_a_signal_ends_libreoffice_and_leaves_the_output_folder_and_no_temporary_one(
    tmp_path: Path, desk: Path, sent: signal.Signals, code: int
) -> None:
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(HANGS.format(python=sys.executable, folder=tmp_path))
    program.chmod(0o755)
    (tmp_path / "out" / "2023-08").mkdir(parents=True)
    (tmp_path / "out" / "2023-08" / "回执.txt").write_text("收到")
    path = {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    run = begun(desk, "report", EXAMPLE, "--output", tmp_path / "out", "--pdf", env=path)
    until((tmp_path / "child").exists)
    run.send_signal(sent)
    _, told = run.communicate(timeout=PATIENCE)
    assert run.returncode == code
    assert told == "错误：运行被中止，没有做完；输出文件夹里的文书都是完整的。要继续，请重新运行。\n"
    assert gone(int((tmp_path / "child").read_text()))
    assert {item.name for item in (tmp_path / "out").rglob("*")} == {"2023-08", "回执.txt", ".2023-08.lock"}


def lingers(folder: str) -> None:
    """A task that has begun something and takes long."""
    with temporary_folder("pipeline-lingering-"):
        (Path(folder) / str(os.getpid())).touch()
        time.sleep(600)


POOL = """
import sys
from pipeline import ending
from pipeline.counties.executing import each_done
from tests.test_ending import lingers
ending.listen()
try:
    for _ in each_done(lingers, [sys.argv[1]] * 3, workers=2):
        pass
except ending.Ended as ended:
    sys.exit(ended.code)
"""


@pytest.mark.parametrize("to_all", [False, True], ids=["to the parent", "to all, as a terminal does"])
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_workers_and_what_they_have_begun(
    tmp_path: Path, desk: Path, sent: signal.Signals, code: int, to_all: bool
) -> None:
    begun_here = tmp_path / "begun"
    begun_here.mkdir()
    run = begun(desk, begun_here, script=POOL, start_new_session=True)
    until(lambda: len(list(begun_here.iterdir())) == 2)
    if to_all:
        os.killpg(run.pid, sent)
    else:
        run.send_signal(sent)
    _, told = run.communicate(timeout=PATIENCE)
    assert (run.returncode, told) == (code, "")
    assert all(gone(int(worker.name)) for worker in begun_here.iterdir())


def test_a_long_name_of_the_temporary_folder_keeps_no_worker_from_working(tmp_path: Path) -> None:
    desk = tmp_path / ("长" * 40)
    desk.mkdir()
    script = (
        "from pipeline.counties.executing import each_done; print([done for _, done in each_done(abs, [-1, -2], "
        "workers=2)])"
    )
    told, faults = begun(desk, script=script).communicate(timeout=PATIENCE)
    assert (told, faults) == ("[1, 2]\n", "")


def test_workers_do_not_outlive_a_parent_that_was_killed(tmp_path: Path) -> None:
    run = begun(tmp_path, tmp_path, script=POOL, stderr=subprocess.DEVNULL)
    workers = lambda: [item for item in tmp_path.iterdir() if item.name.isdigit()]  # noqa: E731
    until(lambda: len(workers()) == 2)
    run.kill()
    run.communicate(timeout=PATIENCE)
    assert all(gone(int(worker.name)) for worker in workers())
    until(lambda: not list(tmp_path.glob("pipeline-lingering-*")))


LACKS_MEMORY = """
import sys
from pipeline.cli import verbs
from pipeline.__main__ import run
verbs.main = lambda: bytearray(sys.maxsize)
sys.exit(run())
"""


def test_a_lack_of_memory_ends_with_a_sentence(desk: Path) -> None:
    run = begun(desk, script=LACKS_MEMORY)
    told = "错误：内存不足，没有做完；输出文件夹里的文书都是完整的。请关闭其他程序后重试。\n"
    assert (run.communicate(timeout=PATIENCE), run.returncode) == (("", told), 2)


CANNOT_LOAD = """
import sys
from pipeline.cli import verbs
from pipeline.__main__ import run
def main():
    raise ImportError("failed to map segment from shared object")
verbs.main = main
sys.exit(run())
"""


def test_a_library_that_cannot_be_loaded_ends_with_a_sentence(desk: Path) -> None:
    run = begun(desk, script=CANNOT_LOAD)
    said, told = run.communicate(timeout=PATIENCE)
    assert (said, run.returncode) == ("", 2)
    assert told.startswith(
        "错误：程序的一个部件装不进来（failed to map segment from shared object）：内存不足，或程序没有装完整。"
    )


# What is shown goes nowhere ------------------------------------------------------------------------------------------

VERBS = [("check",), ("check", "--json"), ("new-template", "某种"), ("--help",), ("check-form", "没有.docx", "--json")]
LOST = "错误：结果没有全部显示出来：输出写不进去（{}）。文书如已生成，都在输出文件夹里。\n"


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
@pytest.mark.parametrize("cause", ["磁盘已满", "已经关闭", "接收的程序已经结束"])
def test_what_cannot_be_shown_is_reported_and_the_exit_code_is_2(
    desk: Path, words: tuple[str, ...], cause: str
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open("/dev/full", "w") as full:  # noqa: PTH123
        options: Mapping[str, dict[str, object]] = {
            "磁盘已满": {"stdout": full},
            "已经关闭": {"stdout": None, "preexec_fn": lambda: os.close(1)},
            "接收的程序已经结束": {"stdout": writing},
        }
        run = begun(desk, *words, **options[cause])
    os.close(writing)
    _, told = run.communicate(timeout=PATIENCE)
    assert (run.returncode, told) == (2, LOST.format(cause))


def test_without_stderr_the_run_goes_on_and_stdout_holds_nothing_else(desk: Path, tmp_path: Path) -> None:
    run = begun(desk, "guide", tmp_path, stderr=None, preexec_fn=lambda: os.close(2))
    shown, _ = run.communicate(timeout=PATIENCE)
    assert (run.returncode, shown) == (0, f"已生成 {tmp_path}/填表指南.md\n")


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "latin-1:strict"},
    ],
    ids=str,
)
def test_a_terminal_that_has_no_chinese_is_spoken_to_in_utf_8(
    desk: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    run = begun(desk, "guide", tmp_path / "指南", env=environment, encoding="utf-8")
    assert run.communicate(timeout=PATIENCE) == (f"已生成 {tmp_path}/指南/填表指南.md\n", "")
    run = begun(desk, "report", tmp_path / "没有", env=environment, encoding="utf-8")
    shown, told = run.communicate(timeout=PATIENCE)
    assert (run.returncode, shown) == (2, "")
    assert told.startswith("错误：找不到数据文件夹")


def test_a_terminal_of_chinese_windows_is_spoken_to_in_gbk(desk: Path, tmp_path: Path) -> None:
    run = begun(desk, "guide", tmp_path, env={"PYTHONIOENCODING": "gbk"}, encoding="gbk")
    assert run.communicate(timeout=PATIENCE) == (f"已生成 {tmp_path}/填表指南.md\n", "")


# What is shown does not steer ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("control", CONTROLS, ids=ascii)
def test_nothing_shown_steers_the_terminal(capsys: pytest.CaptureFixture[str], control: str) -> None:
    table = new_table("题", "一", "二")
    table.add_row(f"甲{control}乙", Path(f"丙{control}丁").name)
    console = new_console()
    console.print(table)
    console.print(printable(f"戊{control}己"))
    say(f"庚{control}辛")
    shown = capsys.readouterr().out
    assert not set(control) & set(shown) - set("]0;x31m")
    assert "�" in shown
    assert all(char in shown for char in "甲乙丙丁戊己庚辛")


def test_what_can_be_seen_is_shown_as_it_is() -> None:
    assert printable("一\n二\t三　四（５）👩\u200d👧") == "一\n二\t三　四（５）👩\u200d👧"


def test_a_path_with_an_escape_sequence_is_shown_and_not_sent(desk: Path, tmp_path: Path) -> None:
    month = tmp_path / "县\x1b[2J\u202e" / "2023-08"
    shutil.copytree(EXAMPLE, month)
    run = begun(desk, "report", month, "--output", tmp_path / "县\x1b[2J\u202e出")
    shown, told = run.communicate(timeout=PATIENCE)
    assert (run.returncode, told) == (0, "")
    assert not {"\x1b", "\u202e"} & set(shown)
    assert "县�[2J�" in shown
