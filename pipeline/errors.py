"""The one exception meant for people: a mistake of the operator, in a sentence that says what to do."""

from __future__ import annotations

import errno


class PipelineError(Exception):
    """Something outside the filled workbooks is wrong (a folder, a template, the installation); its text is Chinese."""


_CAUSES = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENAMETOOLONG: "名称太长",
    errno.ELOOP: "链接绕成了圈",
    errno.ENOENT: "已经不在原处",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EROFS: "磁盘是只读的",
    errno.EIO: "磁盘或网络出错",
    errno.ESTALE: "网络共享断开过",
    errno.ETIMEDOUT: "网络没有回应",
    errno.EHOSTDOWN: "网络没有回应",
    errno.EMFILE: "同时打开的文件太多",
    errno.ENFILE: "同时打开的文件太多",
    errno.EBUSY: "正被别的程序占用",
    errno.EISDIR: "是一个文件夹，不是文件",
    errno.ENOTDIR: "是一个文件，不是文件夹",
    errno.EPIPE: "接收的程序已经结束",
    errno.EBADF: "已经关闭",
}


def cause(error: OSError) -> str:
    """Why the system refused, as a Chinese clause."""
    return _CAUSES.get(error.errno or 0, f"系统报告：{error.strerror or type(error).__name__}")
