"""A console and a table of rich in which nothing that is shown can steer the terminal; imported only where something is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.segment import Segment
from rich.table import Table

from pipeline.cli.terminal import printable


class SafeConsole(Console):
    """Every text is made printable, wherever it comes from: a cell, a path, a template."""

    def render(self, renderable: Any, options: Any = None) -> Iterable[Segment]:
        """The pieces of what is shown; colours are of the console's own."""
        for piece in super().render(renderable, options):
            yield piece if piece.control else piece._replace(text=printable(piece.text))


class SafeTable(Table):
    """Its texts are made printable before their widths are taken, so that nothing is cut off."""

    def add_row(self, *cells: Any, **options: Any) -> None:
        """A row."""
        super().add_row(*(printable(cell) if isinstance(cell, str) else cell for cell in cells), **options)
