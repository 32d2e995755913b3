"""PDFs: by the real LibreOffice, and by fake ones that hang, crash or write nothing."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pdfplumber
import pytest
from docx import Document

from pipeline.cli.verbs import main
from pipeline.errors import PipelineError
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from pipeline.word.printing import fonts, pdf, soffice
from pipeline.word.printing.fonts import StandIn, font_remark, named, stand_ins
from pipeline.word.printing.pdf import Printing, complete, printed
from tests.conftest import Paper
from tests.support import county
from tests.support.processes import SOFFICE, gone
from tests.support.reading import EXAMPLE, of_word

ROOT = Path(__file__).resolve().parent.parent
real = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
ONE_PAGE = b"%PDF-1.6\n<</Type/Pages/Count 1>><</Type/Page>>\n%%EOF\n"

Fake = Callable[[str], Path]


def write(path: Path, words: str = "正文") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    document = Document()
    document.add_paragraph(words)
    document.save(str(path))
    return path


def words(path: Path) -> str:
    with pdfplumber.open(path) as opened:
        return "".join(page.extract_text() for page in opened.pages)


def reasons(printing: Printing) -> list[str]:
    return [unprinted.reason for unprinted in printing.failed]


@pytest.fixture(autouse=True)
def no_desk_is_left(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever happens, the temporary folder is empty afterwards."""
    desk = tmp_path_factory.mktemp("desk")
    monkeypatch.setattr("tempfile.tempdir", str(desk))
    yield
    assert list(desk.iterdir()) == []


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Put a fake soffice before the real one; its lines see `files` (in order), `put(file, content)` and the time."""

    def make(body: str) -> Path:
        folder = tmp_path / "程序 bin"
        folder.mkdir(exist_ok=True)
        program = folder / "soffice"
        head = f"""#!{sys.executable}
import os, signal, subprocess, sys, time
from pathlib import Path
HERE = Path(__file__).parent
with (HERE / "calls").open("a") as calls:
    calls.write(" ".join(Path(word).name for word in sys.argv if word.endswith(".docx")) + "\\n")
out = Path(sys.argv[sys.argv.index("--outdir") + 1])
files = [Path(word) for word in sys.argv if word.endswith(".docx")]
def put(file, content={ONE_PAGE!r}):
    (out / (file.stem + ".pdf")).write_bytes(content)
def says(file, word):
    import zipfile
    return word in zipfile.ZipFile(file).read("word/document.xml").decode("utf-8")
"""
        program.write_text(head + body, encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        return folder

    return make


def calls(folder: Path) -> list[int]:
    """How many documents each call was given."""
    return [len(line.split()) for line in (folder / "calls").read_text().splitlines()]


# the real LibreOffice -------------------------------------------------------------------------------------------------


@real
def test_every_document_of_the_example_gets_a_pdf_by_one_call(paper: Paper) -> None:
    assert paper.calls == (len(paper.pdf_of),)
    assert [path.stem for path in paper.pdf_of.values()] == [path.stem for path in paper.pdf_of]
    assert all(complete(path) for path in paper.pdf_of.values())


@real
def test_a_pdf_says_what_its_document_says_whatever_the_document_is_called(tmp_path: Path) -> None:
    names = ["云 岭 的 通知", "“引号”'单引号'", "-开头", "$(touch x); `y` & %PATH%", "长" * 80, "a.b.c", "日本語ñ😀"]
    documents = [write(tmp_path / f"{name}.docx", f"第{number}份") for number, name in enumerate(names)]
    printing = printed(documents)
    assert printing.failed == ()
    assert [path.name for path in printing.made] == [f"{name}.pdf" for name in names]
    assert [words(path) for path in printing.made] == [f"第{number}份" for number in range(len(names))]
    assert len(list(tmp_path.iterdir())) == 2 * len(names)


@real
def test_what_is_no_document_is_named_and_the_others_are_printed(tmp_path: Path) -> None:
    whole = [write(tmp_path / f"{name}.docx") for name in ("一", "二", "三")]
    (tmp_path / "空.docx").touch()
    (tmp_path / "文字.docx").write_text("不是文书", encoding="utf-8")
    shutil.make_archive(str(tmp_path / "包"), "zip", ROOT / "requirements")
    (tmp_path / "包.zip").rename(tmp_path / "包.docx")
    printing = printed(
        [whole[0], *(tmp_path / f"{name}.docx" for name in ("空", "文字", "包", "没有")), *whole[1:], whole[0]]
    )
    assert [path.stem for path in printing.made] == ["一", "二", "三"]
    assert {one.document.stem: one.reason for one in printing.failed} == {
        "空": f"{pdf.NO_DOCUMENT}。",
        "文字": f"{pdf.NO_DOCUMENT}。",
        "包": f"{pdf.UNPRINTABLE}。",
        "没有": f"{pdf.ABSENT}。",
    }


@real
def test_a_later_run_renews_the_pdf(tmp_path: Path) -> None:
    document = write(tmp_path / "通知.docx", "旧文")
    (first,) = printed([document]).made
    assert words(first) == "旧文"
    write(document, "新文")
    assert [words(path) for path in printed([document]).made] == ["新文"]


@real
def test_a_run_with_pdf_prints_what_it_made_and_nothing_that_it_withheld(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    month = tmp_path / "2024-03"
    county.write(county.county(0, zones=2, schools=6, records=4, problems=6), month)
    templates = tmp_path / "word"
    shutil.copytree(ROOT / "input_templates" / "word", templates)
    (templates / "整改清单.docx").unlink()
    done = report(month, tmp_path / "out", RunOptions(templates=templates, pdf=True))
    assert done.printing is not None
    assert {path.with_suffix(".pdf") for path in of_word(done.made)} == set(done.printing.made)
    assert done.printing.failed == ()
    assert len(list((tmp_path / "out").rglob("*.pdf"))) == len(of_word(done.made)) > 0
    assert {Path(one.title).name.partition("整改清单")[1] for one in done.withheld} == {"整改清单"}
    assert main(["report", str(month), "--output", str(tmp_path / "draft"), "--draft", "--pdf", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["printing"]["made"]) == len(of_word(done.made)) + len(done.withheld)
    assert all(path.endswith("（草稿）.pdf") and Path(path).is_file() for path in told["printing"]["made"])
    assert told["printing"]["failed"] == []


# a LibreOffice that fails ---------------------------------------------------------------------------------------------


def test_without_documents_nothing_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert printed([]) == Printing()


def test_without_libreoffice_a_sentence_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(soffice, "PLACES", ())
    document = write(tmp_path / "通知.docx")
    stale = tmp_path / "通知.pdf"
    stale.write_bytes(ONE_PAGE)
    os.utime(stale, (0, 0))
    with pytest.raises(PipelineError, match=r"请安装 LibreOffice.*另存为”选 PDF。$"):
        printed([document])
    assert not stale.exists()


def test_without_libreoffice_a_run_makes_the_documents_and_ends_with_1(
    outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(soffice, "PLACES", ())
    assert main(["report", str(EXAMPLE), "--output", str(tmp_path), "--pdf"]) == 1
    shown = capsys.readouterr().out
    assert f"PDF 共生成 0 份，与 Word 文书同名，放在一起；未生成 {len(of_word(outcome.made))} 份。" in shown
    assert all(word in shown for word in ("没有找到", "LibreOffice"))
    assert "缺少字体" not in shown
    assert len(list(tmp_path.rglob("*.docx"))) == len(of_word(outcome.made))


def test_libreoffice_is_found_in_its_usual_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "libreoffice24.2" / "program" / "soffice"
    program.parent.mkdir(parents=True)
    program.touch()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(soffice, "PLACES", ("C:/nowhere/soffice.com", f"{tmp_path}/libreoffice*/program/soffice"))
    with pytest.raises(PipelineError):
        soffice.find()
    program.chmod(0o755)
    assert soffice.find() == program


def test_a_program_that_cannot_be_started_is_reported(tmp_path: Path, fake: Fake) -> None:
    (fake("") / "soffice").write_text("这不是程序", encoding="utf-8")
    (reason,) = reasons(printed([write(tmp_path / "通知.docx")]))
    assert reason.startswith("LibreOffice 启动不了（")
    assert reason.endswith("），请重新安装。")


def test_a_program_that_writes_nothing_and_ends_well_is_seen_through_after_two_calls(
    tmp_path: Path, fake: Fake
) -> None:
    folder = fake("")
    printing = printed([write(tmp_path / f"{number}.docx") for number in range(20)])
    assert printing.made == ()
    assert reasons(printing) == [f"{pdf.UNPRINTABLE}。"] * 20
    assert calls(folder) == [20, 19]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.6\n<</Type/Page>>",
        b"<</Type/Page>>\n%%EOF",
        b"%PDF-1.6\n<</Type/Pages/Count 0>>\n%%EOF\n",
    ],
)
def test_an_incomplete_pdf_is_not_taken(tmp_path: Path, fake: Fake, content: bytes) -> None:
    fake(f"for file in files: put(file, {content!r})")
    assert reasons(printed([write(tmp_path / "通知.docx")])) == [f"{pdf.INCOMPLETE}。"]
    assert not (tmp_path / "通知.pdf").exists()


def test_a_pdf_with_its_pages_in_a_compressed_stream_is_complete(tmp_path: Path) -> None:
    import zlib

    packed = zlib.compress(b"1 0 <</Type/Page/Parent 2 0 R>>")
    stream = b"5 0 obj\n<</Type/ObjStm/N 1/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (
        len(packed),
        packed,
    )
    path = tmp_path / "新版.pdf"
    path.write_bytes(b"%PDF-1.7\n" + stream + b"\n%%EOF\n")
    assert complete(path)
    assert not complete(tmp_path / "没有.pdf")


def test_a_document_that_crashes_the_program_is_named_and_those_behind_it_are_printed(
    tmp_path: Path, fake: Fake
) -> None:
    folder = fake("""
for file in files:
    if says(file, "崩溃"):
        os.kill(os.getpid(), signal.SIGSEGV)
    put(file)
""")
    documents = [write(tmp_path / f"{number}.docx", "崩溃" if number in (3, 4) else "") for number in range(9)]
    printing = printed(documents)
    assert [path.stem for path in printing.made] == ["0", "1", "2", "5", "6", "7", "8"]
    assert [one.document.stem for one in printing.failed] == ["3", "4"]
    assert reasons(printing) == ["LibreOffice 意外退出（代码 -11），请重试。"] * 2
    assert calls(folder) == [9, 5, 4]


HANGS = """
child = subprocess.Popen(["sleep", "600"])
(HERE / "child").write_text(str(child.pid))
signal.signal(signal.SIGTERM, signal.SIG_IGN)
put(files[0])
if len(files) > 1:
    put(files[1], b"%PDF half")
time.sleep(600)
"""


@pytest.fixture
def quick_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soffice, "GRACE", 0.2)


@pytest.mark.usefixtures("quick_end")
def test_a_program_that_hangs_is_ended_with_its_children_and_what_it_printed_is_kept(
    tmp_path: Path, fake: Fake
) -> None:
    bystander = subprocess.Popen(["sleep", "600"])
    try:
        folder = fake(HANGS)
        printing = printed([write(tmp_path / f"{number}.docx") for number in range(2)], seconds=1)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()
    assert [path.stem for path in printing.made] == ["0"]
    assert reasons(printing) == [
        "LibreOffice 运行 1 秒仍未完成，已停止；请关闭其他程序后重试，或用 --pdf-seconds 放宽时限。"
    ]
    assert gone(int((folder / "child").read_text()))


@pytest.mark.usefixtures("quick_end")
def test_an_interruption_ends_the_program_and_leaves_nothing(
    tmp_path: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fake(HANGS)
    started = soffice._start

    def interrupted(command: list[str], desk: Path) -> subprocess.Popen[bytes]:
        process = started(command, desk)
        while not (folder / "child").exists() or not (folder / "child").read_text():
            time.sleep(0.05)
        signal.raise_signal(signal.SIGALRM)
        return process

    def wait(*_: object, **__: object) -> int:
        monkeypatch.undo()
        monkeypatch.setattr("tempfile.tempdir", None)
        raise KeyboardInterrupt

    monkeypatch.setattr(soffice, "_start", interrupted)
    monkeypatch.setattr(subprocess.Popen, "wait", wait)
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    with pytest.raises(KeyboardInterrupt):
        printed([write(tmp_path / "通知.docx")])
    assert gone(int((folder / "child").read_text()))
    assert not (tmp_path / "通知.pdf").exists()


def test_the_time_limit_grows_with_the_documents_and_can_be_set(
    tmp_path: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake("")
    limits: list[float] = []

    def noting(*_: object, seconds: float) -> str:
        limits.append(seconds)
        return ""

    monkeypatch.setattr(pdf, "convert", noting)
    printed([write(tmp_path / "0.docx")])
    printed([write(tmp_path / f"{number}.docx") for number in range(10)], seconds=None)
    printed([write(tmp_path / "0.docx")], seconds=7)
    assert limits == [65, 110, 105, 7]


def test_many_documents_go_in_batches(tmp_path: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = fake("for file in files: put(file)")
    monkeypatch.setattr(pdf, "BATCH", 4)
    printing = printed([write(tmp_path / f"{number}.docx") for number in range(10)])
    assert [path.stem for path in printing.made] == [str(number) for number in range(10)]
    assert calls(folder) == [4, 4, 2]


# where PDFs are put ---------------------------------------------------------------------------------------------------

PRINTS = "for file in files: put(file)"


def test_an_old_pdf_does_not_stay_beside_a_newer_document_that_cannot_be_printed(tmp_path: Path, fake: Fake) -> None:
    fake("")
    document = write(tmp_path / "通知.docx")
    old, other = tmp_path / "通知.pdf", tmp_path / "别的.pdf"
    old.write_bytes(ONE_PAGE)
    other.write_bytes(ONE_PAGE)
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    assert printed([document]).made == ()
    assert not old.exists()
    assert other.exists()


def test_an_old_pdf_that_cannot_be_removed_is_reported(
    tmp_path: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(PRINTS)
    document = write(tmp_path / "通知.docx")
    (tmp_path / "通知.pdf").write_bytes(ONE_PAGE)
    os.utime(tmp_path / "通知.pdf", (0, 0))

    def opened_elsewhere(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "in use")

    with monkeypatch.context() as windows:
        windows.setattr(Path, "unlink", opened_elsewhere)
        assert reasons(printed([document])) == [f"{pdf.STALE}。"]


def test_a_document_that_changes_while_it_is_printed_gets_no_pdf(tmp_path: Path, fake: Fake) -> None:
    document = write(tmp_path / "通知.docx")
    fake(f"{PRINTS}\nos.utime({str(document)!r}, (2**31, 2**31))")
    assert reasons(printed([document])) == [f"{pdf.CHANGED}。"]
    assert not (tmp_path / "通知.pdf").exists()


def test_a_place_that_cannot_be_written_is_reported_and_the_others_are_printed(tmp_path: Path, fake: Fake) -> None:
    fake(PRINTS)
    documents = [write(tmp_path / "一.docx"), write(tmp_path / "二.docx")]
    (tmp_path / "一.pdf").mkdir()
    printing = printed(documents)
    assert [path.stem for path in printing.made] == ["二"]
    assert "无法读写“" in reasons(printing)[0]
    assert [path.name for path in tmp_path.glob(".*")] == []
    (tmp_path / "是文件").touch()
    assert "检查文件夹的权限。" in reasons(printed(documents, tmp_path / "是文件"))[0]


def test_a_read_only_folder_is_reported(tmp_path: Path, fake: Fake) -> None:
    fake(PRINTS)
    document = write(tmp_path / "文书" / "通知.docx")
    document.parent.chmod(0o555)
    try:
        printing = printed([document])
    finally:
        document.parent.chmod(0o755)
    if os.geteuid() == 0:
        assert printing.failed == ()  # nothing is read-only for root
    else:
        assert "没有权限" in reasons(printing)[0]


def test_a_full_disk_is_reported_and_leaves_no_half_of_a_pdf(
    tmp_path: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(PRINTS)
    documents = [write(tmp_path / "一.docx"), write(tmp_path / "二.docx")]
    copy = shutil.copyfile

    def full(source: Path, target: Path) -> None:
        copy(source, target)
        if target.suffix == ".part" and not (tmp_path / "一.pdf").exists() and not list(tmp_path.glob("full")):
            (tmp_path / "full").touch()
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    printing = printed(documents)
    assert reasons(printing) == [f"磁盘已满，无法写入“{tmp_path / '一.pdf'}”；请清理磁盘后重试。"]
    assert [path.stem for path in printing.made] == ["二"]
    assert [path.name for path in tmp_path.glob("*.pdf")] == ["二.pdf"]
    assert not list(tmp_path.glob(".*.part"))


def test_a_full_disk_of_temporary_files_is_reported(
    tmp_path: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(PRINTS)
    document = write(tmp_path / "通知.docx")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    assert reasons(printed([document]))[0].startswith("磁盘已满")
    monkeypatch.setattr("tempfile.mkdtemp", full)
    with pytest.raises(PipelineError, match=r"磁盘已满.*请清理磁盘后重试。$"):
        printed([document])


def test_two_documents_of_one_name_do_not_overwrite_each_other_s_pdf(tmp_path: Path, fake: Fake) -> None:
    fake(PRINTS)
    documents = [write(tmp_path / "甲" / "Notice.docx"), write(tmp_path / "乙" / "notice.docx")]
    printing = printed(documents, tmp_path / "新 文件夹" / "深")
    assert printing.made == (tmp_path / "新 文件夹" / "深" / "Notice.pdf",)
    assert reasons(printing) == [f"{pdf.SAME_NAME}。"]
    assert len(printed(documents).made) == 2


# the run, and its fonts -----------------------------------------------------------------------------------------------


def test_a_run_whose_printing_fails_in_part_ends_with_1_and_names_it(
    outcome: Outcome, tmp_path: Path, fake: Fake, capsys: pytest.CaptureFixture[str]
) -> None:
    fake("""
for file in files:
    if not says(file, "责任区"):
        put(file)
""")
    assert main(["report", str(EXAMPLE), "--output", str(tmp_path), "--pdf", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["exit_code"], told["withheld"], len(told["made"])) == (1, [], len(outcome.made))
    made, failed = told["printing"]["made"], told["printing"]["failed"]
    assert made
    assert failed
    assert sorted(
        [Path(path).with_suffix(".docx").name for path in made] + [Path(one["document"]).name for one in failed]
    ) == (sorted(path.name for path in of_word(map(Path, told["made"]))))
    assert {one["reason"] for one in failed} == {f"{pdf.UNPRINTABLE}。"}


@pytest.mark.parametrize("seconds", ["0", "-1", "很久", "nan", "inf"])
def test_a_time_limit_that_is_none_is_wrong_usage(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["report", str(EXAMPLE), "--pdf", "--pdf-seconds", seconds])
    assert ended.value.code == 2
    assert "命令写法不对" in capsys.readouterr().err


def test_a_run_without_pdf_calls_no_libreoffice(outcome: Outcome) -> None:
    assert outcome.printing is None


def test_every_font_of_a_template_has_its_stand_ins() -> None:
    import re
    import zipfile

    used = set()
    for template in (ROOT / "input_templates" / "word").glob("*.docx"):
        with zipfile.ZipFile(template) as package:
            parts = [
                package.read(name).decode()
                for name in package.namelist()
                if re.match(r"word/(styles|document|footer)", name)
            ]
        used |= set(re.findall(r'w:(?:eastAsia|ascii|hAnsi)="([^"]+)"', "".join(parts))) - {"zh-CN", "en-US", "ja-JP"}
    assert used == set(named())


@pytest.mark.skipif(shutil.which("fc-match") is None, reason="fontconfig is not installed")
def test_a_font_that_is_missing_is_reported_with_what_stands_in_and_one_that_is_there_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = {one.font: one.stand_in for one in stand_ins() or ()}
    assert missing["楷体_GB2312"] == "FandolKai"
    file = subprocess.run(["fc-match", "--format", "%{file}", "FandolKai"], capture_output=True, check=True, text=True)
    (own := tmp_path / "fonts").mkdir()
    shutil.copy(file.stdout, own / "字体.otf")
    renamed = tmp_path / "fonts.conf"
    renamed.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<dir>{own}</dir><match target="scan"><test name="file" compare="contains"><string>{own}</string></test>'
        '<edit name="family" mode="assign"><string>楷体_GB2312</string></edit></match>'
        f"<include>{fonts.FONTS}</include><cachedir>{tmp_path}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(renamed))
    assert "楷体_GB2312" not in {one.font for one in stand_ins() or ()}


def test_the_sentence_about_fonts_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert font_remark([StandIn("黑体", "FandolHei"), StandIn("宋体", "FandolSong")]) == (
        "缺少字体：黑体（以 FandolHei 代替）、宋体（以 FandolSong 代替），预览中字形和换行可能不同；"
        "正式印发请在装有该字体的电脑上打印。"
    )
    assert font_remark([]) == ""
    monkeypatch.setenv("PATH", "")
    assert stand_ins() is None
    assert "没有核对" in font_remark(stand_ins())
