"""The results as a picture by matplotlib: documents a second by contestant, and seconds by number of counties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.growth import ONE, POOL, Growth

PICTURE = Path(__file__).parent / "growth.svg"
OURS, OTHERS = "#9C1C1C", "#5B6B7F"


def draw(path: Path, renderers: Mapping[str, Mapping[str, float]], counties: Sequence[Growth]) -> None:
    """Write the picture, in the format of the path's suffix.

    renderers: documents a second by job and contestant, ours first; counties: the runs, by their number. What was not
    measured is left out.
    """
    parts = [*renderers.items(), *([("counties", counties)] if counties else [])]
    figure = Figure(figsize=(5 * len(parts), 4), layout="constrained")
    for place, (title, measured) in enumerate(parts, 1):
        on = figure.add_subplot(1, len(parts), place)
        if isinstance(measured, Mapping):
            _bars(on, title, measured)
        else:
            _lines(on, measured)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def _bars(on: Axes, title: str, speeds: Mapping[str, float]) -> None:
    names = list(reversed(speeds))
    colours = [OTHERS] * (len(names) - 1) + [OURS]
    on.bar_label(on.barh(names, [speeds[name] for name in names], color=colours), fmt="{:,.0f}", padding=3)
    on.set(title=title, xlabel="documents a second (more is better)")
    on.margins(x=0.2)


def _lines(on: Axes, counties: Sequence[Growth]) -> None:
    numbers = [growth.counties for growth in counties]
    for name, colour, mark in ((ONE, OTHERS, "o"), (POOL, OURS, "s")):
        on.plot(numbers, [growth.seconds[name] for growth in counties], marker=mark, color=colour, label=name)
    on.set(title="small counties in one run", xlabel="counties", ylabel="seconds")
    on.grid(visible=True, alpha=0.3)
    on.legend()
