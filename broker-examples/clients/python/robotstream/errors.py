"""What goes wrong, as exceptions. All are :class:`RobotStreamError`; ``retry`` says whether waiting can help."""

from __future__ import annotations

from typing import Optional


class RobotStreamError(Exception):
    """Anything that this package reports."""

    retry: bool = False


class RequestError(RobotStreamError):
    """The broker has refused a request (``docs/protocol.md``, Errors).

    Attributes:
        code: what is wrong, a word for programs such as ``forbidden`` or ``type_mismatch``.
        message: the same for people.
        retry: whether the same request can succeed later if the client only waits.
        retry_after: how long to wait, in seconds, if the broker knows.
        topic: the topic or filter of the request, if it was a valid one.
        oldest: with ``history_gap``, the number of the oldest message that is kept, if there is one.
        holder: with ``lease_held``, the name of who has the lease.
    """

    def __init__(
        self,
        code: str,
        message: str,
        retry: bool = False,
        retry_after: Optional[float] = None,
        topic: Optional[str] = None,
        oldest: Optional[int] = None,
        holder: Optional[str] = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.retry = retry
        self.retry_after = retry_after
        self.topic = topic
        self.oldest = oldest
        self.holder = holder


class Disconnected(RobotStreamError):
    """There is no connection now, or it was lost before the answer came. The client is on its way back.

    A publish or call that fails so may have arrived, or not. None is kept for later or made again: a robot must not act on old commands.
    """

    retry = True


class NoReply(RobotStreamError):
    """The broker has not answered a request within 10 seconds, or a call 10 seconds after its own time limit."""

    retry = True


class ConnectionEnded(RobotStreamError):
    """The client has stopped: coming back would be of no use, or was not wanted.

    Attributes:
        code: the close code (``docs/protocol.md``, Close codes), or the HTTP status of a refusal before the WebSocket
            opened; 0 if no robot was reached at all.
        reason: what the broker, or the system, said.
    """

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}" if code else reason)
        self.code = code
        self.reason = reason


class Closed(RobotStreamError):
    """The application has closed the client."""
