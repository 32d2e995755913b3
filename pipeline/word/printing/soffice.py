"""LibreOffice as a process: finds it, runs it over files, ends it in time; knows no document and no PDF."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.ending import held
from pipeline.errors import PipelineError
from pipeline.word.printing.fonts import font_environment

NAMES = ("soffice", "libreoffice")
PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/usr/lib64/libreoffice/program/soffice",
    "/opt/libreoffice*/program/soffice",
    "/usr/local/bin/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/opt/homebrew/bin/soffice",
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
)
"""Where LibreOffice is on Linux, macOS and Windows if it is not in PATH."""

NOT_INSTALLED = (
    "没有找到 LibreOffice，不能生成 PDF。请安装 LibreOffice（https://zh-cn.libreoffice.org）后重试，"
    "或在 WPS 中打开文书，用“另存为”选 PDF。"
)
_NOWHERE, _PORT = "127.0.0.1", 9
"""A proxy that does not exist (RFC 863 reserves the port): a document's links reach no address."""
_SETTINGS: Mapping[str, Mapping[str, str]] = {
    "Office.Common/Security/Scripting": {
        "BlockUntrustedRefererLinks": "true",
        "MacroSecurityLevel": "3",
    },
    "Office.Writer/Content/Update": {"Link": "2"},
    "Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetNoProxy": "",
        **{f"ooInet{kind}ProxyName": _NOWHERE for kind in ("HTTP", "HTTPS", "FTP")},
        **{f"ooInet{kind}ProxyPort": str(_PORT) for kind in ("HTTP", "HTTPS", "FTP")},
    },
}
"""The profile, in LibreOffice's names: links are neither followed nor updated, no macro runs."""
GRACE = 5
"""Seconds between asking it to end and ending it."""


def find() -> Path:
    """The program, from PATH or the usual places. Raises PipelineError, which says what to do, if there is none."""
    for name in NAMES:
        if in_path := shutil.which(name):
            return Path(in_path)
    for place in map(Path, PLACES):
        if not place.is_absolute():
            continue  # a path of another system
        for program in Path(place.anchor).glob(str(place.relative_to(place.anchor))):
            if os.access(program, os.X_OK):
                return program
    raise PipelineError(NOT_INSTALLED)


def convert(program: Path, files: Sequence[Path], target: Path, profile: Path, *, seconds: float) -> str:
    """Print .docx files into a folder, in order, by one call; gives what went wrong as a Chinese clause, or "".

    Only the call's own processes are ended: on time-out, on interruption, and when it is over. "" does not mean that
    all were printed: LibreOffice exits with 0 even if it has written nothing.
    """
    # Without --norestore, LibreOffice asks about documents of an earlier crash, and waits for an answer.
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard", "--nologo"]
    filters = ["--infilter=MS Word 2007 XML", "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(target)]
    # A profile of its own: a second LibreOffice on one profile hands its files to the first and exits at once.
    command = [str(program), f"-env:UserInstallation={profile.as_uri()}", *options, *filters, *map(str, files)]
    process: subprocess.Popen[bytes] | None = None
    try:
        _settle(profile)
        # A signal between starting the process and storing it would leave LibreOffice running.
        with held():
            process = _start(command, profile.parent)
        code = process.wait(timeout=seconds)
    except OSError:
        return f"LibreOffice 启动不了（{program}），请重新安装"
    except subprocess.TimeoutExpired:
        return f"LibreOffice 运行 {seconds:.0f} 秒仍未完成，已停止；请关闭其他程序后重试，或用 --pdf-seconds 放宽时限"
    finally:
        if process:
            _end(process)
    return f"LibreOffice 意外退出（代码 {code}），请重试" if code else ""


def _settle(profile: Path) -> None:
    """Write a profile that reaches no address; raises OSError."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" '
        f'oor:op="fuse"><value>{value}</value></prop></item>'
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    )
    (profile / "user").mkdir(parents=True, exist_ok=True)
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><oor:items '
        f'xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'
    )
    (profile / "user" / "registrymodifications.xcu").write_text(text, encoding="utf-8")


def _start(command: Sequence[str], desk: Path) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own, so that it can be ended with its children and nothing else.

    desk: the folder of its temporary files, which it leaves behind when it is ended.
    """
    return subprocess.Popen(
        command,
        env={**font_environment(), **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(desk))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # a pipe would stay open as long as any grandchild holds it
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and what is left of those it started."""
    if sys.platform == "win32":
        if process.poll() is None:
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
        process.wait()
        return
    with suppress(ProcessLookupError, PermissionError):  # macOS says "not permitted" for a group that has ended
        # soffice is a shell script that starts oosplash, which starts soffice.bin: only the group has them all.
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=GRACE)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
