"""What waits for an application that is slower than its messages."""

from __future__ import annotations

from collections import OrderedDict
from itertools import count
from typing import Callable, Dict, Optional

from ._message import Message

MESSAGES = 1024
BYTES = 4 * 1024 * 1024
STALE_AFTER = 2.0


def _thinned(message: Message) -> bool:
    """Commands, entries of the log and what the broker tells of itself are left alone, as its own queue leaves them."""
    return not (message.command or message.topic == "server_logs" or message.topic.startswith("$"))


class Buffer:
    """The messages of one subscription that have come and were not taken yet, in one order, bounded by count and bytes.

    Its policies are those of the broker's own queue (``docs/protocol.md``, Options). Where of a topic the newest alone waits, a newer
    message takes the place of the one before, unless a message of that topic that has to be kept stands behind it. A full queue loses
    the oldest message that another of its topic has followed, or else the oldest. What it loses is added to ``dropped`` of the next
    message that is taken, with what the lost ones had to tell.

    Args:
        policy: ``None`` (in order; of a state topic that is not the broker's own, what has waited for 2 s and was followed by
            another value is lost, and of bytes the newest alone waits unless ``overflow`` is said), ``queue`` (in order, whatever the age),
            ``latest`` (of each topic the newest), ``reliable`` (in order; :meth:`offer` refuses what finds no room).
        limit: how many messages may wait.
        overflow: ``drop_newest`` has a full queue lose the new message.
        limit_bytes: how many bytes may wait; one message always may.
        max_age: seconds after which a message is lost, unless it was published before the subscription; in the place of the 2 s.
    """

    def __init__(
        self,
        policy: Optional[str] = None,
        limit: int = MESSAGES,
        overflow: Optional[str] = None,
        limit_bytes: int = BYTES,
        max_age: Optional[float] = None,
    ) -> None:
        self._policy = policy
        self._limit = limit
        self._limit_bytes = limit_bytes
        self._overflow = overflow
        self._max_age = max_age
        self._places = count()
        self._queue: "OrderedDict[int, Message]" = OrderedDict()  # by place
        self._newest: Dict[str, int] = {}  # by topic: the place of its newest message
        self._bytes = 0
        self._dropped = 0
        self._skipped = 0
        self._gap = False

    def __len__(self) -> int:
        return len(self._queue)

    def offer(self, message: Message) -> bool:
        """Takes a message in; false if it is refused, as only ``reliable`` does."""
        place = self._place_for(message)
        if place is not None:
            former = self._queue[place]
            self._bytes -= former.size
            self._lose(former, asked_for=self._policy == "latest")
        elif self._full(message) and self._policy == "reliable":
            return False
        elif self._full(message) and self._overflow == "drop_newest":
            self._lose(message)
            return True
        else:
            place = next(self._places)
        self._queue[place] = message
        self._newest[message.topic] = place
        self._bytes += message.size
        while len(self) > 1 and (len(self) > self._limit or self._bytes > self._limit_bytes):
            self._lose(self._remove(self._least_wanted()))
        return True

    def take(self, age: Callable[[Message], float]) -> Optional[Message]:
        """The next message, if one waits.

        Args:
            age: how old a message is, in seconds.
        """
        while self._queue:
            message = self._remove(next(iter(self._queue)))
            if message.retained or not self._old(message, age(message)):
                return self._told(message)
            self._lose(message)
        return None

    def _place_for(self, message: Message) -> Optional[int]:
        """The place that a message may take of one of its topic; ``None`` if it has to stand behind all."""
        place = self._newest.get(message.topic)
        if place is None or not (self._newest_alone(message) and self._newest_alone(self._queue[place])):
            return None
        return place

    def _newest_alone(self, message: Message) -> bool:
        """Whether of such messages of a topic the newest alone waits."""
        by_default = self._policy is None and self._overflow is None and isinstance(message.value, bytes)
        return self._policy == "latest" or by_default

    def _old(self, message: Message, age: float) -> bool:
        if self._max_age is not None:
            return age > self._max_age
        followed = self._policy is None and message.topic in self._newest
        return followed and age > STALE_AFTER and _thinned(message)

    def _full(self, message: Message) -> bool:
        more = len(self) + 1 > self._limit or self._bytes + message.size > self._limit_bytes
        return more and len(self) > 0

    def _least_wanted(self) -> int:
        followed = (place for place, message in self._queue.items() if self._newest[message.topic] != place)
        return next(followed, next(iter(self._queue)))

    def _remove(self, place: int) -> Message:
        message = self._queue.pop(place)
        self._bytes -= message.size
        if self._newest[message.topic] == place:
            del self._newest[message.topic]
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
