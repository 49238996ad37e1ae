"""The robot's clock, as far as a client can tell."""

from __future__ import annotations

import time
from collections import deque
from typing import Callable, Deque, Tuple

_SAMPLES = 8


class RobotClock:
    """Reckons the broker's ``mono`` (microseconds since its start) from answers to hello and ping.

    Of the last eight answers the one that came back soonest counts: its error is at most half its round trip.
    """

    def __init__(self, local: Callable[[], float] = time.monotonic) -> None:
        self._local = local
        self._samples: Deque[Tuple[float, float]] = deque(maxlen=_SAMPLES)

    def local(self) -> float:
        """This machine's clock, in seconds."""
        return self._local()

    def sample(self, asked: float, mono: int) -> None:
        """Takes an answer in.

        Args:
            asked: when the request was sent, by :meth:`local`; the answer comes now.
            mono: what the broker said.
        """
        now = self._local()
        self._samples.append((now - asked, mono - (asked + now) / 2 * 1e6))

    @property
    def round_trip(self) -> float:
        """The shortest of the last round trips, in seconds."""
        return min(self._samples)[0]

    def mono(self) -> int:
        """The broker's ``mono`` now, in microseconds."""
        return round(self._local() * 1e6 + min(self._samples)[1])
