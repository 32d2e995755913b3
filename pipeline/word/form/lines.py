"""Takes apart what holds several lines: layout tables of a head or signature, and paragraphs with line breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.word.form.document import Block
from pipeline.word.form.effective import Properties
from pipeline.word.form.paragraphs import BLANKS, Border, Paragraph, TextRun
from pipeline.word.form.parts import COPIES, PRINTED, ParagraphRole, dated, is_date, is_number, plain, preface
from pipeline.word.form.tables import Table, TableCell

_EARLIEST_TEXT = 60
"""A paragraph with this many characters is text, not a line of a head."""
_LARGEST_LAYOUT = 400
"""Characters of the largest table that may be a layout of lines."""
_OF_FIRST_LINE = ("ind.firstLine", "ind.hanging", "spacing.before")


def unfolded(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with a paragraph for each line that may be a part of its own; others unchanged.

    A line taken from a table, or a piece of a line, is loose: its place on the page is unknown.
    """
    found: list[Block] = []
    seen = _Seen()
    for block in blocks:
        pieces = seen.of_table(block) if isinstance(block, Table) else seen.of_paragraph(block)
        found += pieces
        seen.note(pieces)
    return found


class _Seen:
    """What is above a block, as far as it helps to recognise the block."""

    def __init__(self) -> None:
        self.begun = False
        """Whether a title or text is above, so that what follows is not a head."""
        self.text = False
        self.date = False
        self.last = ""

    def note(self, pieces: Sequence[Block]) -> None:
        for piece in pieces:
            if piece.words:
                self.last = piece.words
                self.begun = self.begun or isinstance(piece, Table) or not _may_be_of_a_head(piece)
                self.text = self.text or len(piece.words) > _EARLIEST_TEXT or piece.words.endswith("。")
                self.date = self.date or (isinstance(piece, Paragraph) and is_date(piece.words))

    def of_table(self, table: Table) -> list[Block]:
        """The lines of a table that lays out a head or signature; any other table itself."""
        words = table.words
        # The table of a colophon is read as a table, with its borders.
        if not words or len(words) > _LARGEST_LAYOUT or COPIES.match(words) or PRINTED.search(words):
            return [table]
        lines = [line.strip(BLANKS) for line in words.split("\n")]
        heads = not self.begun and (any(map(_is_of_a_head, lines)) or _red(table))
        signs = self.text and any(is_date(line) for line in lines) and not table.ruled
        return list(_laid_out(table)) if heads or signs else [table]

    def of_paragraph(self, paragraph: Paragraph) -> list[Block]:
        """The lines of a paragraph that holds several parts; any other paragraph itself."""
        words = paragraph.words
        if "\n" in words and len(words) < _LARGEST_LAYOUT:
            lines = [line.strip(BLANKS) for line in words.split("\n")]
            if is_date(lines[-1]) or (not self.begun and all(preface(line) for line in lines if line)):
                return [piece for line in _broken(paragraph) for piece in self._of_line(line)]
        return self._of_line(paragraph)

    def _of_line(self, paragraph: Paragraph) -> list[Block]:
        """The authority and date of a signature on one line, separated; a printing line stays whole."""
        if not self.text or self.date or COPIES.match(self.last) or len(paragraph.words) > _EARLIEST_TEXT:
            return [paragraph]
        pair = dated(paragraph.words)
        if pair is None:
            return [paragraph]
        at = paragraph.text.index(pair[0]) + len(pair[0])
        return [replace(paragraph, runs=runs, loose=True) for runs in divided(paragraph.runs, at)]


def _is_of_a_head(line: str) -> bool:
    return is_number(line) or "签发人" in plain(line) or preface(line) in (ParagraphRole.SECRECY, ParagraphRole.URGENCY)


def _may_be_of_a_head(paragraph: Paragraph) -> bool:
    large = any(run.red and run.size > 16 for run in paragraph.runs)
    return large or _is_of_a_head(paragraph.words) or preface(paragraph.words) is not None


def _red(table: Table) -> bool:
    """Whether a table contains something large and red, as a head is."""
    paragraphs = (paragraph for row in table.rows for cell in row for paragraph in cell.paragraphs)
    return any(run.red and run.size > 16 and run.text.strip(BLANKS) for one in paragraphs for run in one.runs)


def _laid_out(table: Table) -> Iterator[Paragraph]:
    """A table's paragraphs with words, row by row; the rule below the table becomes that of its last ones."""
    rows = [row for row in table.rows if any(paragraph.words for cell in row for paragraph in cell.paragraphs)]
    for at, row in enumerate(rows):
        for cell in row:
            for paragraph in cell.paragraphs:
                if paragraph.words or paragraph.boxes:
                    below = _below(table, cell, last=at == len(rows) - 1)
                    yield paragraph if below is None else replace(paragraph, of=_ruled(paragraph.of, below))


def _below(table: Table, cell: TableCell, *, last: bool) -> Border | None:
    own = cell.borders.get("bottom")
    return own or (table.borders.get("bottom" if last else "insideH") if "bottom" not in cell.borders else None)


def _ruled(of: Properties, below: Border) -> Properties:
    return {**of, "pBdr.bottom": below.kind, "pBdr.bottom.sz": f"{below.eighths:g}", "pBdr.bottom.color": below.colour}


def _broken(paragraph: Paragraph) -> Iterator[Paragraph]:
    """A paragraph for each of its lines; only the first keeps the first-line indent."""
    rest = paragraph.runs
    first = True
    while rest:
        text = "".join(run.text for run in rest)
        at = text.find("\n")
        line, rest = divided(rest, len(text) if at < 0 else at)
        # The line break belongs to neither line.
        rest = divided(rest, 1)[1]
        of = (
            paragraph.of
            if first
            else {key: of for key, of in paragraph.of.items() if not key.startswith(_OF_FIRST_LINE)}
        )
        yield replace(paragraph, runs=line, of=of)
        first = False


def divided(runs: Sequence[TextRun], at: int) -> tuple[tuple[TextRun, ...], tuple[TextRun, ...]]:
    """The runs of the first `at` characters, and those of the others."""
    before: list[TextRun] = []
    after: list[TextRun] = []
    for run in runs:
        start, at = run.text[: max(at, 0)], at - len(run.text)
        if start:
            before.append(replace(run, text=start))
        if rest := run.text[len(start) :]:
            after.append(replace(run, text=rest))
    return tuple(before), tuple(after)
