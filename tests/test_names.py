"""Files with odd names, and other things than files in a month's folder: known by path, with readable names."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from openpyxl import load_workbook

from pipeline.cli.verbs import main
from pipeline.errors import PipelineError
from pipeline.intake.files.folders import month_folder, workbooks
from pipeline.intake.files.names import readable, told_apart
from pipeline.intake.joining import Month
from pipeline.intake.loading import load
from pipeline.run.report import report
from pipeline.walking import walk
from tests.support.reading import EXAMPLE

ROOT = Path(__file__).resolve().parent.parent
ZONES = ("云岭责任区", "城关责任区")
PATIENCE = 60


@pytest.fixture
def month(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "in" / "2023-08"))


def told(month: Month, *numbers: str) -> list[str]:
    return [str(issue) for issue in month.issues if issue.number in numbers]


def a_zone(folder: Path) -> Path:
    return next(path for path in sorted(folder.glob("责任区月报-*.xlsx")) if "县本级" not in path.name)


def in_gbk(path: Path) -> Path:
    """The same file under its name in GBK, as a zip made on Windows leaves it on Linux."""
    renamed = path.with_name(os.fsdecode(path.name.encode("gbk")))
    path.rename(renamed)
    return renamed


# Names ---------------------------------------------------------------------------------------------------------------


def test_workbooks_with_names_in_gbk_are_read_and_named_readably(month: Path) -> None:
    before = load(month)
    for path in sorted(month.glob("*.xlsx")):
        in_gbk(path)
    after = load(month)
    assert after.workbooks == before.workbooks
    assert (after.unreported, after.issues, after.zone_of_workbook) == ((), before.issues, before.zone_of_workbook)


def test_names_that_differ_in_what_nobody_sees_are_told_apart(month: Path) -> None:
    before = load(month)
    books = sorted(month.glob("责任区月报-*.xlsx"))[:3]
    for invisible, path in zip(("\u200b", "\u200d", "\u00ad"), books, strict=True):
        path.rename(month / f"责任区月报{invisible}.xlsx")
    after = load(month)
    assert len(after.files) == len(before.files)
    assert (after.unreported, len(after.issues)) == ((), len(before.issues))
    assert set(after.zone_of_workbook.values()) == set(before.zone_of_workbook.values())
    assert {"责任区月报\ufffd.xlsx", "责任区月报\ufffd（2）.xlsx", "责任区月报\ufffd（3）.xlsx"} <= after.files.keys()


def test_composed_and_decomposed_names_are_told_apart(month: Path) -> None:
    before = load(month)
    book, other = sorted(month.glob("责任区月报-*.xlsx"))[:2]
    book.rename(month / unicodedata.normalize("NFC", "Zoné.xlsx"))
    other.rename(month / unicodedata.normalize("NFD", "Zoné.xlsx"))
    after = load(month)
    assert {"Zoné.xlsx", "Zoné（2）.xlsx"} <= after.files.keys()
    assert len(after.issues) == len(before.issues)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("责任区　月报（一）.xlsx", "责任区　月报（一）.xlsx"),
        (os.fsdecode("月报.xlsx".encode("gbk")), "月报.xlsx"),
        (f"云岭/{os.fsdecode('月报.xlsx'.encode('gbk'))}", "云岭/月报.xlsx"),
        (os.fsdecode(b"a\xff\xff\xff.xlsx"), "a\ufffd\ufffd\ufffd.xlsx"),
        ("月\x1b[2J报\u202e.xlsx", "月\ufffd[2J报\ufffd.xlsx"),
    ],
)
def test_a_name_is_made_readable(name: str, shown: str) -> None:
    assert readable(name) == shown


def test_names_are_told_apart_by_their_folders_and_else_by_numbers(tmp_path: Path) -> None:
    paths = [
        tmp_path / name
        for name in ("甲/月报.xlsx", "乙/月报.xlsx", "乙/月\u200b报.xlsx", "乙/月\u200c报.xlsx", "无\u200b", "无\u200c")
    ]
    names = [
        "甲/月报.xlsx",
        "乙/月报.xlsx",
        "乙/月\ufffd报.xlsx",
        "乙/月\ufffd报（2）.xlsx",
        "无\ufffd",
        "无\ufffd（2）",
    ]
    assert told_apart(paths, tmp_path) == dict(zip(paths, names, strict=True))


def test_a_run_over_names_in_gbk_links_to_the_very_files(month: Path, tmp_path: Path) -> None:
    book = a_zone(month)
    opened = load_workbook(book)
    opened["问题整改台账"]["A2"] = "不是编号"
    opened.save(book)
    inside = month / os.fsdecode("上报".encode("gbk"))
    inside.mkdir()
    renamed = in_gbk(Path(shutil.move(book, inside)))
    done = report(month, tmp_path / "out")
    page = load_workbook(done.results).worksheets[0]
    links = [cell.hyperlink.target.replace("\\", "/") for row in page.iter_rows() for cell in row if cell.hyperlink]
    files = {
        done.results.parent.joinpath(os.fsdecode(unquote_to_bytes(link.partition("#")[0]))).resolve() for link in links
    }
    assert renamed.resolve() in files
    assert any(issue.location.workbook == f"上报/{book.name}" for issue in done.issues)


def test_a_registry_above_is_not_taken_for_a_damaged_one_of_its_name(month: Path) -> None:
    shutil.copy(month / "名录.xlsx", month.parent / "名录.xlsx")
    (month / "名录.xlsx").write_bytes(b"")
    loaded = load(month)
    assert {"../名录.xlsx"} <= loaded.workbooks.keys()
    assert loaded.unread == ("名录.xlsx",)


# Other than files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE])
def test_a_sub_folder_that_cannot_be_opened_is_reported_and_no_zone_in_it_is_called_unreported(
    month: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    (month / "西片").mkdir()
    shutil.move(a_zone(month), month / "西片")
    listed: Callable[..., Any] = os.scandir

    def fails(path: str | int) -> Any:
        if not isinstance(path, int) and Path(path).name == "西片":
            raise OSError(number, os.strerror(number), str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", fails)
    loaded = load(month)
    (sentence,) = told(loaded, "FL-55")
    assert sentence.startswith("《西片/》：这个文件夹打不开（")
    assert loaded.unreported == ()
    assert loaded.unread == ("西片/",)


def test_a_months_folder_that_cannot_be_opened_is_reported_and_an_earlier_one_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Path(shutil.copytree(EXAMPLE.parent, tmp_path / "in"))
    listed, closed = os.scandir, "2023-07"

    def fails(path: str | int) -> Any:
        if not isinstance(path, int) and Path(path).name == closed:
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE), str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", fails)
    assert "《2023-07/》" in " ".join(map(str, load(given / "2023-08").issues))
    closed = "2023-08"
    with pytest.raises(PipelineError, match=r"2023-08”打不开（网络共享断开过）"):
        load(given / "2023-08")


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can become somebody else")
def test_a_folder_without_permission_is_reported_by_a_real_process(tmp_path: Path) -> None:
    """As the user nobody, who cannot list what root has closed."""
    script = (
        "import os, sys; from pathlib import Path; from pipeline.walking import walk; os.setuid(65534)\n"
        "list(walk(Path(sys.argv[1]), lambda path, error: print(path.name, error.errno)))"
    )
    for above in (tmp_path, *tmp_path.parents[:-2]):
        above.chmod(above.stat().st_mode | 0o055)
    (tmp_path / "关着" / "里面").mkdir(parents=True)
    (tmp_path / "关着").chmod(0)
    command = [sys.executable, "-c", script, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, timeout=PATIENCE)
    assert run.stdout == f"关着 {errno.EACCES}\n"


def test_a_pipe_named_like_a_workbook_is_reported_and_never_opened(month: Path) -> None:
    os.mkfifo(month / "责任区月报-某.xlsx")
    (month / "责任区月报-另.xlsx").symlink_to("责任区月报-某.xlsx")
    os.mkfifo(month / "旧表.xls")
    loaded = load(month)
    assert len(told(loaded, "FL-58")) == 3
    assert "《责任区月报-另.xlsx》：这不是普通文件（是管道或设备），没有打开" in " ".join(told(loaded, "FL-58"))


def test_links_that_lead_nowhere_or_to_themselves_or_to_folders_are_reported(month: Path) -> None:
    (month / "断.xlsx").symlink_to("没有的.xlsx")
    (month / "圈.xlsx").symlink_to("圈.xlsx")
    (month / "别处").symlink_to("..")
    loaded = load(month)
    assert sorted(text[:2] for text in told(loaded, "FL-57")) == ["《圈", "《断"]
    assert told(loaded, "FL-56") == [
        "《别处/》：这是指向别处文件夹的链接，里面的表没有读入；其中有本月的表的，请把表复制到这里（规则 FL-56）"
    ]


def test_a_run_over_a_link_that_leads_to_itself_is_reported_and_made(month: Path, tmp_path: Path) -> None:
    (month / "圈.xlsx").symlink_to("圈.xlsx")
    assert report(month, tmp_path / "out").made


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE])
def test_a_file_of_which_the_system_tells_nothing_is_reported_and_the_rest_is_made(
    month: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    (month / "西片").mkdir()
    path = Path(shutil.move(a_zone(month), month / "西片"))
    asked: Callable[..., Any] = os.stat

    def fails(one: Any, *rest: Any, **more: Any) -> Any:
        if not isinstance(one, int) and os.fspath(one) == str(path):
            raise OSError(number, os.strerror(number), str(path))
        return asked(one, *rest, **more)

    monkeypatch.setattr(os, "stat", fails)
    outcome = report(month, tmp_path / "out")
    assert [i.location.workbook for i in outcome.issues if i.number == "FL-13"] == [f"西片/{path.name}"]
    assert outcome.made


@pytest.mark.parametrize("kind", ["long", "loop", "loop inside", "file"])
def test_a_folder_that_is_none_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    (tmp_path / "圈").symlink_to("圈")
    (tmp_path / "文件").write_text("")
    given = {"long": "长" * 100, "loop": "圈", "loop inside": "圈/2023-08", "file": "文件"}[kind]
    assert main(["report", str(tmp_path / given), "--output", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    cause = {
        "long": "打不开（名称太长）",
        "loop": "打不开（链接绕成了圈）",
        "loop inside": "打不开（链接绕成了圈）",
        "file": "找不到数据文件夹",
    }
    assert cause[kind] in error
    assert main(["report", str(tmp_path / given), str(tmp_path / "没有"), "--output", str(tmp_path / "out")]) == 2
    assert cause[kind] in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["long", "loop"])
def test_an_output_folder_that_can_be_none_is_reported(
    month: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    (tmp_path / "圈").symlink_to("圈")
    output = {"long": "长" * 100, "loop": "圈"}[kind]
    assert main(["report", str(month), "--output", str(tmp_path / output)]) == 2
    error = capsys.readouterr().err
    assert "无法写入输出文件夹" in error
    assert {"long": "名称太长", "loop": "链接绕成了圈"}[kind] in error


@pytest.mark.parametrize("verb", ["check", "check-form", "blank", "variables"])
@pytest.mark.parametrize("kind", ["pipe", "link to a pipe", "long", "loop"])
def test_no_verb_opens_what_is_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], verb: str, kind: str
) -> None:
    os.mkfifo(tmp_path / "整改清单.docx")
    (tmp_path / "整改清单-另.docx").symlink_to("整改清单.docx")
    (tmp_path / "整改清单-圈.docx").symlink_to("整改清单-圈.docx")
    names = {
        "pipe": "整改清单.docx",
        "link to a pipe": "整改清单-另.docx",
        "loop": "整改清单-圈.docx",
        "long": "长" * 100,
    }
    path, out = str(tmp_path / names[kind]), str(tmp_path / "out")
    words = {"blank": [out, "--registry", path], "variables": [out, "--example", path]}.get(verb, [path])
    assert main([verb, *words]) == 2
    told = capsys.readouterr().err
    if verb != "variables":
        assert {"long": "名称太长", "loop": "链接绕成了圈"}.get(kind, "不是普通文件（是管道或设备），没有打开") in told
    assert told.startswith("错误：")


def test_only_the_month_is_asked_for_its_folder(month: Path) -> None:
    assert month_folder(month.parent, None) == month
    assert [found.path for found in workbooks(month)[0]] == sorted(month.glob("*.xlsx"))
    assert [Path(entry.path) for entry in walk(month / "没有")] == []
