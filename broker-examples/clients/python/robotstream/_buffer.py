"""What waits for an application that is slower than its messages."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from typing import Callable, Counter as Counts, Deque, Optional

from ._message import Message

MESSAGES = 1024
BYTES = 4 * 1024 * 1024
STALE_AFTER = 2.0


def _thinned(message: Message) -> bool:
    """Commands, entries of the log and what the broker tells of itself are left alone, as its own queue leaves them."""
    return not (message.command or message.topic == "server_logs" or message.topic.startswith("$"))


class Buffer:
    """The messages of one subscription that have come and were not taken yet, bounded by count and bytes.

    Its policies are those of the broker's own queue (``docs/protocol.md``, Options). What it loses is added to
    ``dropped`` of the next message that is taken, with what the lost ones had to tell.

    Args:
        policy: ``None`` (in order; of a state topic that is not the broker's own, what has waited for 2 s and was followed by
            another value is lost, and of bytes the newest alone waits), ``queue`` (in order, whatever the age), ``latest`` (of each topic the
            newest), ``reliable`` (in order; :meth:`offer` refuses what finds no room).
        limit: how many messages may wait.
        keep_oldest: whether a full queue loses the new message and not the oldest.
        limit_bytes: how many bytes may wait; one message always may.
        max_age: seconds after which a message is lost, unless it was published before the subscription; in the place of the 2 s.
    """

    def __init__(
        self,
        policy: Optional[str] = None,
        limit: int = MESSAGES,
        keep_oldest: bool = False,
        limit_bytes: int = BYTES,
        max_age: Optional[float] = None,
    ) -> None:
        self._policy = policy
        self._limit = limit
        self._limit_bytes = limit_bytes
        self._keep_oldest = keep_oldest
        self._max_age = max_age
        self._queue: Deque[Message] = deque()
        self._newest: "OrderedDict[str, Message]" = OrderedDict()  # of topics of which the newest alone waits
        self._waiting: Counts[str] = Counter()
        self._bytes = 0
        self._dropped = 0
        self._skipped = 0
        self._gap = False

    def __len__(self) -> int:
        return len(self._queue) + len(self._newest)

    def offer(self, message: Message) -> bool:
        """Takes a message in; false if it is refused, as only ``reliable`` does."""
        if self._policy == "latest" or (self._policy is None and isinstance(message.value, bytes)):
            former = self._newest.get(message.topic)
            if former is not None:  # the place stays the former's, so that a busy topic keeps no other waiting
                self._bytes -= former.size
                self._lose(former, asked_for=self._policy == "latest")
            self._newest[message.topic] = message
            self._bytes += message.size
            self._make_room()
            return True
        if self._full(message):
            if self._policy == "reliable":
                return False
            if self._keep_oldest:
                self._lose(message)
                return True
        self._queue.append(message)
        self._waiting[message.topic] += 1
        self._bytes += message.size
        self._make_room()
        return True

    def take(self, age: Callable[[Message], float]) -> Optional[Message]:
        """The next message, if one waits.

        Args:
            age: how old a message is, in seconds.
        """
        while len(self):
            message = self._pop()
            if message.retained or not self._old(message, age(message)):
                return self._told(message)
            self._lose(message)
        return None

    def _old(self, message: Message, age: float) -> bool:
        if self._max_age is not None:
            return age > self._max_age
        followed = self._policy is None and self._waiting[message.topic] > 0
        return followed and age > STALE_AFTER and _thinned(message)

    def _full(self, message: Message) -> bool:
        more = len(self) + 1 > self._limit or self._bytes + message.size > self._limit_bytes
        return more and len(self) > 0

    def _make_room(self) -> None:
        while len(self) > 1 and (len(self) > self._limit or self._bytes > self._limit_bytes):
            self._lose(self._pop())

    def _pop(self) -> Message:
        if not self._queue:
            message = self._newest.popitem(last=False)[1]
        else:
            message = self._queue.popleft()
            self._waiting[message.topic] -= 1
            if not self._waiting[message.topic]:
                del self._waiting[message.topic]
        self._bytes -= message.size
        return message

    def _lose(self, message: Message, asked_for: bool = False) -> None:
        self._dropped += message.dropped + (not asked_for)
        self._skipped += message.skipped + asked_for
        self._gap |= message.gap

    def _told(self, message: Message) -> Message:
        message.dropped += self._dropped
        message.skipped += self._skipped
        message.gap |= self._gap
        self._dropped = self._skipped = 0
        self._gap = False
        return message
