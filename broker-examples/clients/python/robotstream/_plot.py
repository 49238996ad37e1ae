"""Numbers of a topic over time, in a window of matplotlib's."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, Deque, Dict, Iterator, List, Tuple

from ._message import Message
from ._robot import Robot

_FRAME = 0.05
_LINES = 32


class NoMatplotlib(Exception):
    """It is not installed."""

    def __str__(self) -> str:
        return "plot needs matplotlib: apt install python3-matplotlib, or pip install matplotlib"


def check() -> None:
    """Raises :class:`NoMatplotlib` where there is none."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise NoMatplotlib from None


def numbers(value: Any, path: str = "") -> Iterator[Tuple[str, float]]:
    """The numbers in a value with their paths: ``x``, ``position.0``; the whole value's is empty."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from numbers(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from numbers(inner, f"{path}.{index}" if path else str(index))
    elif isinstance(value, (int, float)):
        yield path, float(value)


class Curves:
    """Points of at most 32 lines, over the robot's time in seconds; what is older than the window goes."""

    def __init__(self, paths: List[str], seconds: float) -> None:
        self._paths = paths
        self._seconds = seconds
        self.lines: Dict[str, Deque[Tuple[float, float]]] = {}

    def add(self, message: Message) -> None:
        at = message.mono / 1e6
        for path, number in numbers(message.value):
            if self._paths and path not in self._paths:
                continue
            if path not in self.lines and len(self.lines) >= _LINES:
                continue
            line = self.lines.setdefault(path, deque())
            line.append((at, number))
            while line[0][0] < at - self._seconds:
                line.popleft()


async def plot(robot: Robot, topic: str, paths: List[str], seconds: float, rate: float) -> None:
    """Draws until the window is closed."""
    from matplotlib import pyplot

    curves = Curves(paths, seconds)
    figure, axes = pyplot.subplots(num=topic)
    drawn: Dict[str, Any] = {}
    pyplot.show(block=False)
    async with robot.subscribe(topic, rate_hz=rate) as messages:
        while pyplot.fignum_exists(figure.number):
            message = messages.poll()
            while message is not None:
                curves.add(message)
                message = messages.poll()
            now = robot.mono() / 1e6
            for path, points in curves.lines.items():
                if path not in drawn:
                    (drawn[path],) = axes.plot([], [], label=path or topic)
                    axes.legend(loc="upper left")
                drawn[path].set_data([at - now for at, _ in points], [number for _, number in points])
            axes.set_xlim(-seconds, 0)
            axes.relim()
            axes.autoscale_view(scalex=False)
            figure.canvas.draw_idle()
            figure.canvas.flush_events()
            await asyncio.sleep(_FRAME)
