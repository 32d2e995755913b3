"""`python -m pipeline`: hands over to the command line, and reports how the process ended."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

from pipeline import ending
from pipeline.cli.streams import OutputLost, has_chinese, open_streams
from pipeline.errors import cause

CANNOT_RUN = 2


def run() -> int:
    """Run the verb; gives the exit code. Only a bug in the program ends in a traceback."""
    _name_files_in_chinese()
    open_streams()
    try:
        ending.listen()
        return _run()
    except ending.Ended as ended:
        _tell("运行被中止，没有做完；输出文件夹里的文书都是完整的。要继续，请重新运行。")
        return ended.code
    finally:
        ending.no_longer()
        gc.freeze()  # the end of the process need not search a month's rows for cycles


def _name_files_in_chinese() -> None:
    """Restart in UTF-8 if the locale (LC_ALL=en_US.ISO-8859-1) has no Chinese: it could not name our files."""
    if not has_chinese(sys.getfilesystemencoding()) and os.environ.get("PYTHONUTF8") != "1":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _run() -> int:
    from pipeline.cli.printable import printable
    from pipeline.cli.verbs import main

    try:
        try:
            code = main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        sys.stdout.flush()
    except OutputLost as lost:
        _tell(f"结果没有全部显示出来：输出写不进去（{lost}）。文书如已生成，都在输出文件夹里。")
        return CANNOT_RUN
    except MemoryError:
        _tell("内存不足，没有做完；输出文件夹里的文书都是完整的。请关闭其他程序后重试。")
        return CANNOT_RUN
    except ImportError as error:  # also what the system says if a library finds no room in memory
        _tell(
            printable(
                f"程序的一个部件装不进来（{error}）：内存不足，或程序没有装完整。"
                "请关闭其他程序后重试；还不行，请删去 .venv 文件夹后再运行 make report。"
            )
        )
        return CANNOT_RUN
    except OSError as error:
        where = f"“{error.filename}”" if error.filename else "文件"
        _tell(printable(f"无法读写{where}：{cause(error)}。请核对后重试。"))
        return CANNOT_RUN
    return code


def _tell(sentence: str) -> None:
    with suppress(OutputLost):
        sys.stdout.flush()
    print(f"错误：{sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(run())
