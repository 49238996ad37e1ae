"""What to do when a connection has ended: the table of close codes of ``docs/protocol.md``."""

from __future__ import annotations

import random
import re
import ssl
from typing import Callable, NamedTuple, Optional

_STOP_CODES = frozenset({1000, 1002, 1003, 1007, 1008, 1009, 1010, 4403, 4409})
_STOP_STATUSES = frozenset({400, 403, 404, 405, 410, 426, 431, 501})
_RETRY_AFTER = re.compile(r"retry_after_ms=(\d{1,9})")


class Ended(NamedTuple):
    """How a connection ended, or why there was none.

    Attributes:
        code: close code or HTTP status; 1006 if the connection was lost, 0 if there was none.
        reason: what was said with it.
        again: whether to come back.
        token_refused: whether to come back only with another token.
        after: how long to wait at the least, in seconds.
    """

    code: int
    reason: str
    again: bool
    token_refused: bool = False
    after: float = 0.0


def without_tls(failure: ssl.SSLError) -> Ended:
    """Of a TLS handshake that failed: for good where the other side does not speak TLS."""
    reason = getattr(failure, "reason", None)  # this package's own have none
    if reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST"):
        return Ended(0, "the robot does not speak TLS at this port: use ws://", again=False)
    return unreached(str(failure))


def closed(code: int, reason: str) -> Ended:
    """Of a WebSocket's close code."""
    return Ended(code, reason, code not in _STOP_CODES, code == 4401, _after(reason))


def refused(status: int, reason: str, retry_after: Optional[str]) -> Ended:
    """Of the HTTP status of a refusal.

    Args:
        retry_after: the header of that name, if there is one.
    """
    seconds = float(retry_after) if retry_after is not None and re.fullmatch(r"\d{1,6}", retry_after) else 0.0
    again = status not in _STOP_STATUSES and not 200 <= status < 400
    return Ended(status, reason, again, status == 401, _after(reason) or seconds)


def unreached(reason: str) -> Ended:
    """Of a robot that could not be reached, or a token that could not be had."""
    return Ended(0, reason, True)


def _after(reason: str) -> float:
    found = _RETRY_AFTER.search(reason)
    return int(found.group(1)) / 1000 if found else 0.0


class Backoff:
    """How long to wait before the next attempt: twice as long each time up to 15 s, at random by half.

    A connection that has lasted for 5 seconds makes it begin anew; one that ends sooner does not, since a full server
    may let a client in and close at once.
    """

    FIRST = 0.25
    LONGEST = 15.0
    LASTING = 5.0

    def __init__(self, uniform: Callable[[float, float], float] = random.uniform) -> None:
        self._uniform = uniform
        self._next = self.FIRST

    def lasted(self, seconds: float) -> None:
        """Takes note of how long a connection was open."""
        if seconds >= self.LASTING:
            self._next = self.FIRST

    def delay(self, at_least: float = 0.0) -> float:
        """Seconds to wait now."""
        longest = self._next
        self._next = min(self.LONGEST, 2 * longest)
        return at_least + self._uniform(longest / 2, longest)
