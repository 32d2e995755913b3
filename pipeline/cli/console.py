"""rich's console and table, made safe: no text can control the terminal; imported only to show something."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.segment import Segment
from rich.table import Table

from pipeline.cli.printable import printable


class SafeConsole(Console):
    """Makes every text printable, wherever it comes from: a cell, a path, a template."""

    def render(self, renderable: Any, options: Any = None) -> Iterable[Segment]:
        """The pieces to show; colours come from the console only."""
        for piece in super().render(renderable, options):
            yield piece if piece.control else piece._replace(text=printable(piece.text))


class SafeTable(Table):
    """Makes texts printable before their widths are measured, so that nothing is cut off."""

    def add_row(self, *cells: Any, **options: Any) -> None:
        """A row."""
        super().add_row(*(printable(cell) if isinstance(cell, str) else cell for cell in cells), **options)
