"""The output folder: the old one or the new one, whole; edits by hand kept; what the manifest says."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from filelock import FileLock

from pipeline.cli.verbs import main
from pipeline.counties.counties import run
from pipeline.errors import PipelineError
from pipeline.publishing import (
    BY_HAND,
    MANIFEST,
    Manifest,
    ManifestEntry,
    exchange,
    fresh_folder,
    keeping,
    put_file,
    put_in_place,
    sha256,
)
from pipeline.publishing import folder as folder_module
from pipeline.publishing import single as single_module
from pipeline.publishing.manifest import hashes
from pipeline.run import report as report_module
from pipeline.run.options import RunOptions
from pipeline.run.report import Outcome, report
from pipeline.trays import Tray
from tests.support.months import part_of_example
from tests.support.reading import EXAMPLE

ROOT = Path(__file__).resolve().parent.parent


def refusing(number: int) -> Callable[..., None]:
    """A call of the system that fails."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def compare(edited: Path, new: Path) -> list[str]:
    return [f"{edited.read_text()} -> {new.read_text()}"]


def publish(target: Path, **files: str) -> tuple[tuple[Path, tuple[str, ...]], ...]:
    """A run that makes these files."""
    return publish_files(target, files)


def publish_files(target: Path, files: Mapping[str, str]) -> tuple[tuple[Path, tuple[str, ...]], ...]:
    """A run that makes files by these paths."""
    with fresh_folder(target) as fresh:
        for name, content in files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_text(content)
        made = [ManifestEntry(name, "模板.docx", {}) for name in files]
        Manifest("1", "2024-03", draft=False, inputs={}, templates={}, documents=made).write(fresh, target)
        kept = put_in_place(fresh, target, compare)
    return tuple((Path(os.path.relpath(one.path, target)), one.differences) for one in kept)


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


@pytest.fixture(params=[True, False], ids=["in one step", "in two steps"])
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where to publish, on a system that can swap two names, and on one that can neither do that nor hard-link.

    Nothing is left beside it.
    """
    if not request.param:
        monkeypatch.setattr(exchange, "_exchanged", lambda *_: False)
        monkeypatch.setattr(os, "link", refusing(errno.EPERM))
    yield tmp_path / "out" / "2024-03"
    assert {path.name for path in (tmp_path / "out").iterdir()} <= {"2024-03", ".2024-03.lock"}


def test_a_run_replaces_what_the_last_one_made(target: Path) -> None:
    assert publish(target, 一="1", 二="2") == ()
    assert publish(target, 二="两", 三="3") == ()
    assert contents(target) == {"二": "两", "三": "3"}


def test_a_document_edited_by_hand_is_kept_with_what_differs(target: Path) -> None:
    publish(target, 通知="旧", 清单="单")
    (target / "通知").write_text("改")
    assert publish(target, 通知="新", 清单="单") == ((Path(BY_HAND, "通知"), ("改 -> 新",)),)
    kept = {"手工修改/通知": "改", "手工修改/通知.对比.txt": "改 -> 新\n"}
    assert contents(target) == {"通知": "新", "清单": "单", **kept}
    (target / "通知").write_text("又改")
    assert publish(target, 通知="新") == ((Path(BY_HAND, "通知（2）"), ("又改 -> 新",)),)
    again = {"手工修改/通知（2）": "又改", "手工修改/通知（2）.对比.txt": "又改 -> 新\n"}
    assert contents(target) == {"通知": "新", **kept, **again}


def test_a_document_edited_by_hand_that_is_made_no_more_is_kept(target: Path) -> None:
    publish(target, 通知="旧", 清单="单")
    (target / "通知").write_text("改")
    assert publish(target, 清单="单") == ((Path(BY_HAND, "通知"), ("本次没有生成这份文书",)),)
    assert contents(target)["手工修改/通知"] == "改"


def test_an_edit_that_the_new_run_makes_too_is_no_edit(target: Path) -> None:
    publish(target, 通知="旧")
    (target / "通知").write_text("新")
    assert publish(target, 通知="新") == ()
    assert contents(target) == {"通知": "新"}


def test_files_of_others_stay_where_they_are(target: Path) -> None:
    publish(target, 通知="旧")
    (target / "扫描件" / "第一批").mkdir(parents=True)
    (target / "扫描件" / "第一批" / "回执.txt").write_text("收到")
    (target / "通知（副本）").write_text("副本")
    (target / "去向").symlink_to("没有的文件")
    assert publish(target, 通知="新") == ()
    assert contents(target) == {"通知": "新", "通知（副本）": "副本", "扫描件/第一批/回执.txt": "收到"}
    assert (target / "去向").readlink() == Path("没有的文件")


@pytest.mark.parametrize("manifest", [None, "", "[]", "{", '{"documents": [3], "others": {}}', '{"documents": 1}'])
def test_without_a_manifest_everything_counts_as_made_by_others(target: Path, manifest: str | None) -> None:
    target.mkdir(parents=True)
    (target / "通知").write_text("谁写的")
    (target / "清单").write_text("单")
    if manifest is not None:
        (target / MANIFEST).write_text(manifest)
    assert publish(target, 通知="新") == ((Path(BY_HAND, "通知"), ("谁写的 -> 新",)),)
    assert contents(target)["清单"] == "单"


EARLIER = {
    "总结/总结.docx": "1-总结/总结.docx",
    "通知/会议.docx": "2-待发文书/通知/会议.docx",
    "通知/整改通知书/甲.docx": "2-待发文书/整改通知书/甲.docx",
    "清单/学校/乙.docx": "3-清单/学校/乙.docx",
    "校验结果.xlsx": "9-校验/校验结果.xlsx",
}
"""By its path in the earlier layout of the folder, the path of each file today."""


@pytest.fixture
def earlier(target: Path) -> Path:
    """A folder of the earlier layout, with a document edited by hand, one moved aside, and files of others."""
    publish_files(target, dict.fromkeys(EARLIER, "旧"))
    (target / MANIFEST).rename(target / "生成记录.json")
    (target / "通知/会议.docx").write_text("改")
    (target / "通知/自己的.docx").write_text("自己写的")
    (target / "手工修改/总结").mkdir(parents=True)
    (target / "手工修改/总结/总结.docx").write_text("上次改的")
    (target / "扫描件").mkdir()
    (target / "扫描件/回执.txt").write_text("收到")
    return target


def test_a_folder_of_the_earlier_layout_is_put_into_todays_and_nothing_is_lost(earlier: Path) -> None:
    kept = publish_files(earlier, dict.fromkeys(EARLIER.values(), "新"))
    assert kept == ((Path(BY_HAND, "2-待发文书/通知/会议.docx"), ("改 -> 新",)),)
    assert contents(earlier) == {
        **dict.fromkeys(EARLIER.values(), "新"),
        "2-待发文书/通知/自己的.docx": "自己写的",
        "手工修改/2-待发文书/通知/会议.docx": "改",
        "手工修改/2-待发文书/通知/会议.docx.对比.txt": "改 -> 新\n",
        "手工修改/总结/总结.docx": "上次改的",
        "扫描件/回执.txt": "收到",
    }
    assert not (earlier / "生成记录.json").exists()
    assert sorted(path.name for path in earlier.iterdir() if path.is_dir()) == [
        *("1-总结", "2-待发文书", "3-清单", "9-校验", "手工修改", "扫描件")
    ]


def test_in_todays_layout_a_folder_with_an_earlier_name_stays(target: Path) -> None:
    publish_files(target, {"1-总结/总结.docx": "旧"})
    (target / "通知").mkdir()
    (target / "通知/自己的.docx").write_text("自己写的")
    (target / "生成记录.json").write_text("抄下来的")
    publish_files(target, {"1-总结/总结.docx": "新"})
    assert contents(target) == {"1-总结/总结.docx": "新", "通知/自己的.docx": "自己写的", "生成记录.json": "抄下来的"}


def test_what_is_saved_into_the_earlier_layout_during_the_run_is_put_into_todays(
    earlier: Path, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    meanwhile(lambda: (earlier / "清单/学校/乙.docx").write_text("刚改好"))
    kept = publish_files(earlier, dict.fromkeys(EARLIER.values(), "新"))
    assert (Path(BY_HAND, "3-清单/学校/乙.docx"), ("刚改好 -> 新",)) in kept


def test_a_run_that_fails_leaves_the_folder_as_it_was(target: Path) -> None:
    publish(target, 通知="旧")
    (target / "通知").write_text("改")

    def fails() -> None:
        with fresh_folder(target) as fresh:
            (fresh / "通知").write_text("新")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert contents(target) == {"通知": "改"}


def test_a_full_disk_is_reported_and_the_folder_is_as_it_was(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(target, 通知="旧")
    (target / "通知").write_text("改")

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", refusing(errno.EMLINK))
        patched.setattr(shutil, "copy2", refusing(errno.ENOSPC))
        with pytest.raises(PipelineError, match="磁盘已满，请清理磁盘后重试。原有的文书没有变动。"):
            publish(target, 通知="新")
    assert contents(target) == {"通知": "改"}


def test_a_folder_that_another_program_holds_is_reported(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(target, 通知="旧")

    def held(*_: object) -> None:
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(exchange, "_exchanged", lambda *_: False)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", held)
        with pytest.raises(PipelineError, match="正被 Word、WPS 或 Excel 打开，请全部关闭后重试"):
            publish(target, 通知="新")
    assert contents(target) == {"通知": "旧"}


def test_the_second_step_that_fails_takes_the_first_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "2024-03"
    publish(target, 通知="旧")
    monkeypatch.setattr(exchange, "_exchanged", lambda *_: False)
    real = Path.rename

    def second_fails(self: Path, to: Path) -> Path:
        if ".新-" in self.name:
            raise OSError(errno.EIO, "broken")
        return real(self, to)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", second_fails)
        with pytest.raises(PipelineError):
            publish(target, 通知="新")
    assert contents(target) == {"通知": "旧"}


def test_a_run_killed_between_the_two_steps_is_recovered_from(target: Path) -> None:
    publish(target, 通知="旧")
    (target / "通知").write_text("改")
    target.rename(exchange.aside(target))
    (target.with_name(f".{target.name}.新-1")).mkdir()
    assert publish(target, 通知="新") == ((Path(BY_HAND, "通知"), ("改 -> 新",)),)


def test_a_second_run_at_once_says_so(target: Path) -> None:
    publish(target, 通知="旧")
    told = pytest.raises(PipelineError, match=r"另一次运行正在写“.*2024-03”，请等它结束后再试。$")
    with FileLock(target.with_name(f".{target.name}.lock")), told:
        publish(target, 通知="新")
    assert contents(target) == {"通知": "旧"}
    publish(target, 通知="新")


def test_where_nothing_can_be_written_it_is_reported() -> None:
    with pytest.raises(PipelineError, match=r"无法写入输出文件夹“.*请检查该文件夹的权限和磁盘空间"):
        publish(Path("/dev/null/out/2024-03"), 通知="新")


def test_a_file_in_the_folders_place_is_reported_and_left(tmp_path: Path) -> None:
    (tmp_path / "2024-03").write_text("文件")
    for target in (tmp_path / "2024-03", tmp_path / "2024-03" / "2024-03"):
        with pytest.raises(
            PipelineError, match=r"无法写入输出文件夹“.*“.*/2024-03”是一个文件，不是文件夹，请移走或改名"
        ):
            publish(target, 通知="新")
    assert (tmp_path / "2024-03").read_text() == "文件"


# Nothing of a colleague's is deleted ---------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE])
def test_a_folder_that_cannot_be_listed_stops_the_run_before_anything_moves(
    target: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    publish(target, 通知="旧")
    (target / "扫描件" / "第一批").mkdir(parents=True)
    (target / "扫描件" / "第一批" / "回执.txt").write_text("收到")
    before, listed = contents(target), os.scandir

    def fails(path: str | int) -> object:  # of a number, it is asked when a folder is removed
        return refusing(number)() if not isinstance(path, int) and Path(path).name == "第一批" else listed(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", fails)
        with pytest.raises(
            PipelineError, match=r"扫描件/第一批.*列不出来.*原有的文书没有变动。$|输出文件夹中的.*列不出来"
        ):
            publish(target, 通知="新")
    assert contents(target) == before
    assert publish(target, 通知="新") == ()
    assert contents(target)["扫描件/第一批/回执.txt"] == "收到"


def saved(path: Path, content: str) -> None:
    """As Word saves: a new file takes the name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "~WRD0001.tmp").write_text(content)
    (path.parent / "~WRD0001.tmp").replace(path)


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Lets something happen after the folder was looked at, and before the folders change places."""

    def let(happen: Callable[[], object]) -> None:
        for module in (folder_module, single_module):
            real = module.put

            def put(fresh: Path, target: Path, real: Callable[[Path, Path], Path | None] = real) -> Path | None:
                happen()
                return real(fresh, target)

            monkeypatch.setattr(module, "put", put)

    return let


def test_what_is_saved_between_the_look_and_the_swap_survives(
    target: Path, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    publish(target, 通知="旧", 清单="单", 总结="总")
    (target / "手记").write_text("一")
    (target / "底稿").write_text("一")

    def happen() -> None:
        saved(target / "通知", "刚改好")
        (target / "清单").write_text("就地改")
        saved(target / "手记", "二")
        (target / "底稿").write_text("二")
        saved(target / "新来" / "回执", "收到")
        (target / "空的").mkdir()

    meanwhile(happen)
    kept = publish(target, 通知="新", 清单="单", 附件="附")
    assert {path.as_posix(): told for path, told in kept if path.name in ("通知", "清单")} == {
        "手工修改/通知": ("刚改好 -> 新",),
        "手工修改/清单": ("就地改 -> 单",),
    }
    found = contents(target)
    assert (found["通知"], found["清单"], found["附件"]) == ("新", "单", "附")
    assert (found["手工修改/通知"], found["手工修改/清单"], found["新来/回执"]) == ("刚改好", "就地改", "收到")
    assert (found["手记"], found["手工修改/手记"]) == ("一", "二")
    assert "二" in (found["底稿"], found.get("手工修改/底稿"))  # where a file has two names, it is changed under both
    assert (target / "空的").is_dir()
    assert "总结" not in found


def test_what_was_saved_before_a_run_was_killed_is_taken_over_by_the_next_one(target: Path) -> None:
    publish(target, 通知="旧", 清单="单")
    (target / "手记").write_text("一")
    old = exchange.aside(target)
    shutil.copytree(target, old)
    publish_beside = {name: f"{name}二" for name in ("通知", "清单")}
    saved(old / "通知", "刚改好")
    for name, content in publish_beside.items():
        (target / name).write_text(content)
    made = [ManifestEntry(name, "模板.docx", {}) for name in publish_beside]
    Manifest("1", "2024-03", draft=False, inputs={}, templates={}, documents=made).write(target, target)
    assert publish(target, 通知="三", 清单="三") == ((Path(BY_HAND, "通知"), ("刚改好 -> 通知二",)),)
    kept = {"手工修改/通知": "刚改好", "手工修改/通知.对比.txt": "刚改好 -> 通知二\n"}
    assert contents(target) == {"通知": "三", "清单": "三", "手记": "一", **kept}


def test_an_old_folder_that_cannot_be_looked_at_again_stays_and_is_reported(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(target, 通知="旧")
    old, listed = exchange.aside(target), os.scandir

    def fails(path: str | int) -> object:
        return refusing(errno.ESTALE)() if not isinstance(path, int) and Path(path) == old else listed(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", fails)
        ((where, told),) = publish(target, 通知="新")
    assert where == Path("..", old.name)
    assert "其中可能有刚保存的文件" in told[0]
    assert contents(target) == {"通知": "新"}
    assert publish(target, 通知="再") == ()


def test_a_comparison_that_somebody_has_written_into_is_not_overwritten(target: Path) -> None:
    publish(target, 通知="旧")
    (target / "通知").write_text("改")
    publish(target, 通知="新")
    (target / BY_HAND / "通知").rename(target / "已处理的通知")
    (target / BY_HAND / "通知.对比.txt").write_text("局长批：同意")
    (target / "通知").write_text("又改")
    assert publish(target, 通知="三") == ((Path(BY_HAND, "通知（2）"), ("又改 -> 三",)),)
    assert contents(target)["手工修改/通知.对比.txt"] == "局长批：同意"


def test_a_folder_where_a_document_goes_and_a_file_where_a_folder_goes_are_kept(target: Path) -> None:
    (target / "通知" / "批").mkdir(parents=True)
    (target / "通知" / "批" / "一").write_text("批件")
    (target / BY_HAND).write_text("一个文件")
    (target / "空的").mkdir()
    kept = publish(target, 通知="新")
    assert kept == ((Path("手工修改（2）", "通知", "批", "一"), ("本次没有生成这份文书",)),)
    assert contents(target)["手工修改（2）/通知/批/一"] == "批件"
    assert contents(target)[BY_HAND] == "一个文件"
    assert (target / "空的").is_dir()


def test_a_pipe_in_the_folder_stops_the_run_and_is_not_read(target: Path) -> None:
    publish(target, 通知="旧")
    os.mkfifo(target / "管道.docx")
    with pytest.raises(PipelineError, match=r"管道.docx”不是普通文件，请移走后重试。原有的文书没有变动。"):
        publish(target, 通知="新")
    assert (target / "通知").read_text() == "旧"


def test_a_document_with_the_longest_name_is_kept(target: Path) -> None:
    name = "长" * 85
    publish(target, **{name: "旧"})
    (target / name).write_text("改")
    ((path, _),) = publish(target, **{name: "新"})
    assert (target / path).read_text() == "改"
    (target / name).write_text("又改")
    ((path, _),) = publish(target, **{name: "三"})
    assert path.name.endswith("长长（2）")
    assert (target / path).read_text() == "又改"


def test_a_link_where_a_document_goes_leads_to_where_it_led(target: Path) -> None:
    publish(target, 通知="旧")
    (target / "底稿").write_text("底")
    (target / "通知").unlink()
    (target / "通知").symlink_to("底稿")
    ((path, _),) = publish(target, 通知="新")
    assert (target / path).is_symlink()
    assert (target / path).read_text() == "底"
    assert (target / "通知").read_text() == "新"


def test_read_only_files_and_folders_of_others_stay(target: Path) -> None:
    publish(target, 通知="旧")
    (target / "存档").mkdir()
    (target / "存档" / "一").write_text("一")
    (target / "存档" / "一").chmod(0o444)
    (target / "存档").chmod(0o555)
    assert publish(target, 通知="新") == ()
    assert contents(target) == {"通知": "新", "存档/一": "一"}


def test_a_file_that_vanishes_while_it_is_looked_at_is_no_fault(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(target, 通知="旧", 清单="单")
    (target / "手记").write_text("一")
    listed = keeping.listing

    def vanishing(folder: Path) -> list[Path]:
        found = listed(folder)
        for name in ("手记", "清单"):
            (target / name).unlink(missing_ok=True)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(folder_module, "listing", vanishing)
        assert publish(target, 通知="新") == ()
    assert contents(target) == {"通知": "新"}


def test_a_single_document_saved_at_the_last_moment_survives(
    tmp_path: Path, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    def put(content: str) -> None:
        (tmp_path / "fresh").mkdir(exist_ok=True)
        (tmp_path / "fresh" / "汇总").write_text(content)
        told = put_file(tmp_path / "fresh" / "汇总", folder, "模板.docx", compare)
        kept.append(told.path.name if told else None)

    folder, kept = tmp_path / "out", list[str | None]()
    folder.mkdir()
    put("一")
    put("二")
    meanwhile(lambda: saved(folder / "汇总", "刚改好"))
    put("三")
    assert kept == [None, None, "汇总"]
    (folder / BY_HAND / "汇总").unlink()
    (folder / BY_HAND / "汇总.对比.txt").write_text("批注")
    put("四")
    assert kept[3:] == ["汇总（2）"]
    assert {name: text for name, text in contents(folder).items() if "对比" not in name} == {
        "汇总": "四",
        "手工修改/汇总（2）": "刚改好",
    }
    assert contents(folder)["手工修改/汇总.对比.txt"] == "批注"


@pytest.mark.parametrize("output", ["in", "in/out", "in/2023-08", "in/2023-08/out", "link", "link/out"])
@pytest.mark.parametrize("given", ["in", "in/2023-08", "link"])
def test_documents_never_go_among_the_workbooks(tmp_path: Path, given: str, output: str) -> None:
    part_of_example(tmp_path / "in" / "2023-08")
    (tmp_path / "link").symlink_to("in")
    before = sorted((tmp_path / "in").rglob("*"))
    if given == "in/2023-08" and output in ("in/out", "link/out"):
        assert report(tmp_path / given, tmp_path / output).made  # beside the month is not among its workbooks
        return
    with pytest.raises(PipelineError, match=r"输出文件夹“.*数据文件夹.*请用 --output（make 用 OUTPUT=）换一个位置。"):
        report(tmp_path / given, tmp_path / output)
    assert sorted((tmp_path / "in").rglob("*")) == before


def test_several_counties_are_not_written_over_their_own_workbooks(tmp_path: Path) -> None:
    for county in ("甲县", "乙县"):
        part_of_example(tmp_path / county / "2023-08")
    before = sorted(tmp_path.rglob("*.xlsx"))
    made = run([tmp_path / "甲县", tmp_path / "乙县"], tmp_path, RunOptions(), workers=1)
    assert all("就是数据文件夹" in county.error for county in made.counties)
    assert sorted(tmp_path.rglob("*.xlsx")) == before


RUNS = """
import sys
from pathlib import Path
from pipeline.publishing import Manifest, ManifestEntry, fresh_folder, put_in_place
target = Path(sys.argv[1])
print("ready", flush=True)
for run in range(10**6):
    with fresh_folder(target) as fresh:
        for name in ("甲", "乙", "丙"):
            (fresh / name).write_text(f"{run}")
        made = [ManifestEntry(name, "", {}) for name in ("甲", "乙", "丙")]
        Manifest("1", "2024-03", False, {}, {}, made).write(fresh, target)
        put_in_place(fresh, target, lambda *_: [])
"""


def test_killed_at_any_moment_the_folder_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    target = tmp_path / "2024-03"
    publish(target, 甲="0", 乙="0", 丙="0")
    (target / "手记").write_text("不是运行生成的")
    moments, runs = random.Random(9704), set()
    for _ in range(100):
        run = subprocess.Popen([sys.executable, "-c", RUNS, str(target)], cwd=ROOT, stdout=subprocess.PIPE)
        assert run.stdout is not None
        assert run.stdout.readline() == b"ready\n"
        time.sleep(moments.uniform(0, 0.03))
        run.send_signal(signal.SIGKILL)
        run.communicate()
        found = contents(target)
        assert found.pop("手记") == "不是运行生成的"
        assert set(found) == {"甲", "乙", "丙"}
        assert len(set(found.values())) == 1
        runs |= set(found.values())
        assert hashes(target) == {name: sha256(target / name) for name in found}
    assert len(runs) > 3, "several runs came as far as the swap before they were killed"
    publish(target, 甲="完")
    assert {path.name for path in tmp_path.iterdir()} == {"2024-03", ".2024-03.lock"}


# A whole run ---------------------------------------------------------------------------------------------------------


def test_the_manifest_names_every_file_with_its_hash_and_its_sources(outcome: Outcome) -> None:
    content = json.loads((outcome.folder / MANIFEST).read_text(encoding="utf-8"))
    assert (content["period"], content["draft"]) == ("2023-08", False)
    books = {path.relative_to(EXAMPLE).as_posix(): sha256(path) for path in EXAMPLE.rglob("*.xlsx")}
    assert books.items() <= content["inputs"].items()
    templates = ROOT / "input_templates" / "word"
    assert content["templates"] == {
        one["template"]: sha256(templates / one["template"]) for one in content["documents"] if one["template"]
    }
    written = {one["file"]: one["sha256"] for one in content["documents"]} | content["others"]
    assert written == {
        path.relative_to(outcome.folder).as_posix(): sha256(path)
        for path in outcome.folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    sources = {Path(one["file"]).stem: one["sources"] for one in content["documents"]}
    assert all(set(books) <= set(content["inputs"]) for books in sources.values())
    (zone_list,) = (told for name, told in sources.items() if name.startswith("云岭责任区"))
    assert {book for book, sheets in zone_list.items() if "问题整改台账" in sheets} == {"责任区月报-云岭责任区.xlsx"}


def test_a_second_run_writes_the_same_manifest_while_nothing_changes(folder: Path, tmp_path: Path) -> None:
    first = (report(folder, tmp_path / "out").folder / MANIFEST).read_bytes()
    assert (report(folder, tmp_path / "out").folder / MANIFEST).read_bytes() == first


def test_a_workbook_that_goes_away_during_a_run_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    month = part_of_example(tmp_path / "input" / EXAMPLE.name)
    read = report_module.load

    def read_and_gone(*given: Any) -> object:
        found = read(*given)
        (month / "名录.xlsx").rename(tmp_path / "名录.xlsx")
        return found

    monkeypatch.setattr(report_module, "load", read_and_gone)
    with pytest.raises(PipelineError, match="”在运行中被移走"):
        report(month, tmp_path / "output")
    assert not (tmp_path / "output" / EXAMPLE.name).exists()


def test_a_document_edited_in_word_is_kept_and_reported(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["report", str(folder), "--output", str(tmp_path / "out")]
    assert main(arguments) == 0
    name = "清溪县2023年8月教育督导工作总结.docx"
    path = tmp_path / "out" / "2023-08" / Tray.SUMMARIES / name
    edited = Document(str(path))
    edited.paragraphs[1].text = "领导改过的一句。"
    edited.save(str(path))
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    (kept,) = json.loads(capsys.readouterr().out)["kept"]
    assert kept["path"] == str(tmp_path / "out" / "2023-08" / BY_HAND / Tray.SUMMARIES / name)
    (difference,) = kept["differences"]
    assert difference.startswith("第2段：手工修改的是“领导改过的一句。”，本次生成的是“")
    assert Document(kept["path"]).paragraphs[1].text == "领导改过的一句。"
    assert "领导改过" not in Document(str(path)).paragraphs[1].text


def test_drafts_do_not_take_the_place_of_documents(folder: Path, tmp_path: Path) -> None:
    made = report(folder, tmp_path / "out").made
    drafts = report(folder, tmp_path / "out", RunOptions(draft=True))
    assert drafts.folder == tmp_path / "out" / "2023-08（草稿）"
    assert all(path.is_file() for path in (*made, *drafts.made))


def test_a_document_that_is_withheld_now_does_not_stay_from_an_earlier_run(folder: Path, tmp_path: Path) -> None:
    first = report(folder, tmp_path / "out")
    templates = tmp_path / "word"
    shutil.copytree(ROOT / "input_templates" / "word", templates)
    (templates / "整改清单.docx").unlink()
    second = report(folder, tmp_path / "out", RunOptions(templates=templates))
    gone = set(first.made) - set(second.made)
    assert gone
    assert not any(path.exists() for path in gone)
