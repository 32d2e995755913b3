"""待发文书.zip: every letter, folders kept, the same bytes for the same documents; none without notices."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from pipeline.cli.verbs import main
from pipeline.publishing import MANIFEST, sha256, zipped
from pipeline.run.report import ZIPPED
from pipeline.trays import Tray
from tests.support import county
from tests.support.reading import EXAMPLE

UTF8 = 0x800


def test_all_notices_are_in_one_zip_under_their_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["report", str(EXAMPLE), "--output", str(tmp_path), "--zip"])
    month = tmp_path / EXAMPLE.name
    made = month / ZIPPED
    with zipfile.ZipFile(made) as package:
        entries = package.infolist()
        assert package.testzip() is None
        assert all(package.read(entry) == (month / entry.filename).read_bytes() for entry in entries)
    notices = [path.relative_to(month).as_posix() for path in sorted((month / Tray.LETTERS).rglob("*.docx"))]
    assert [entry.filename for entry in entries] == notices
    assert len({name.rpartition("/")[0] for name in notices}) > 1
    assert all(entry.flag_bits & UTF8 and entry.date_time == (1980, 1, 1, 0, 0, 0) for entry in entries)
    assert json.loads((month / MANIFEST).read_text(encoding="utf-8"))["others"][ZIPPED] == sha256(made)
    assert f"待发文书已打包在 {made}。" in capsys.readouterr().out.replace("\n", "")


def test_a_run_that_asks_for_no_zip_leaves_none_from_an_earlier_one(tmp_path: Path) -> None:
    main(["report", str(EXAMPLE), "--output", str(tmp_path), "--zip"])
    main(["report", str(EXAMPLE), "--output", str(tmp_path)])
    assert not list(tmp_path.rglob("*.zip"))


def test_the_same_files_give_the_same_bytes_whenever_they_were_written(tmp_path: Path) -> None:
    for folder, names in (("一", ["乙", "甲"]), ("二", ["甲", "乙"])):
        for name in names:
            path = tmp_path / folder / "通知" / "会议" / f"{name}.docx"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name, encoding="utf-8")
    (tmp_path / "二" / "通知" / "会议" / "甲.docx").touch()
    one, other = (zipped(tmp_path / folder, "通知", tmp_path / folder / "包" / "通知.zip") for folder in ("一", "二"))
    assert one is not None
    assert other is not None
    assert one.read_bytes() == other.read_bytes()


def test_without_notices_a_sentence_says_so_and_no_zip_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    month = tmp_path / "2024-03"
    county.write(
        county.county(5, zones=1, schools=4, campaigns=0, meetings=0, visits=0, problems=0, entries=0, records=0), month
    )
    main(["report", str(month), "--output", str(tmp_path / "out"), "--zip"])
    assert "本次没有生成待发文书，没有可打包的。" in capsys.readouterr().out
    assert not list((tmp_path / "out").rglob("*.zip"))
