"""Subscriptions: what is asked of the broker, and the loop that takes the messages."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional, Union

from ._buffer import Buffer
from ._message import Message, Position
from .errors import Closed, RobotStreamError

if TYPE_CHECKING:
    from types import TracebackType

POSITIONS = 256
"""Of how many topics a subscription knows where it is, which is as many as a request may name."""

Since = Union[Position, Mapping[str, Position]]


class Resume:
    """Where a subscription is in each of its topics, so that it can go on there after an absence."""

    def __init__(self, topic: str, wanted: bool) -> None:
        self._filter = "+" in topic.split("/") or topic.split("/")[-1] == "#"
        self._topic = topic
        self._wanted = wanted
        self._last: "OrderedDict[str, Position]" = OrderedDict()
        self._behind: Dict[str, Position] = {}

    def begin(self, since: Since) -> None:
        """Takes the application's own positions."""
        positions = {self._topic: since} if isinstance(since, Position) else since
        for topic, position in positions.items():
            self._remember(topic, Position(*position))

    def since(self) -> Optional[Dict[str, Any]]:
        """The option of that name for a new connection."""
        self._behind = dict(self._last)
        if not self._wanted or not self._last:
            return None
        positions = {topic: position._asdict() for topic, position in self._last.items()}
        return positions if self._filter else positions.get(self._topic)

    def answered(self, ack: Mapping[str, Any]) -> None:
        """Takes the broker's word for which topics nothing was lost of."""
        answers = ack.get("topics") or ({self._topic: ack} if "recovered" in ack else {})
        for topic, answer in answers.items():
            if answer.get("recovered"):
                self._behind.pop(topic, None)

    def is_new(self, message: Message) -> bool:
        """Whether a message is not the last value that was here before; marks what was lost before it."""
        last = self._last.get(message.topic)
        if message.retained and last is not None and last.epoch == message.epoch and last.seq >= message.seq:
            return False
        behind = self._behind.pop(message.topic, None)
        if behind is not None and self._wanted:
            if behind.epoch != message.epoch:
                message.gap = True
            else:
                message.dropped = max(message.dropped, message.seq - behind.seq - 1 - message.skipped)
        return True

    def passed(self, message: Message) -> None:
        """A message was taken in; a later connection goes on behind it."""
        self._remember(message.topic, message.position)

    def _remember(self, topic: str, position: Position) -> None:
        self._last[topic] = position
        self._last.move_to_end(topic)
        if len(self._last) > POSITIONS:
            self._last.popitem(last=False)


class Subscription:
    """Messages of a topic or filter, in order, as fast as the application takes them::

        async for message in robot.subscribe("pose", rate_hz=10):
            print(message.value)

    It begins with the loop, and ends when the loop was left and nobody has it any more; with
    ``async with robot.subscribe("pose") as poses:`` it begins and ends with the block. It outlives the connection: it
    is made again on the next one, and goes on where it was.

    What waits for the loop is bounded (1,024 messages and 4 MiB, or as the options say); what is lost is told in
    ``dropped`` of the next message.
    """

    def __init__(
        self,
        topic: str,
        options: Dict[str, Any],
        buffer: Buffer,
        resume: Resume,
        begin: Callable[["Subscription"], None],
        end: Callable[[str, str], None],
    ) -> None:
        self.topic = topic
        self.name = ""
        self.options = options
        self.resume = resume
        self.known: Optional[bool] = None
        """Whether somebody has declared or published to a topic that matches; ``None`` before the broker has said."""
        self.listening = False
        self._buffer = buffer
        self._begin = begin
        self._end = end
        self._arrival: Optional["asyncio.Future[None]"] = None
        self._accepted: Optional["asyncio.Future[None]"] = None
        self._failure: Optional[RobotStreamError] = None
        self._refill: Optional[Callable[[], None]] = None
        self._begun = False
        self._ended = False

    def __aiter__(self) -> "Subscription":
        return self

    async def __anext__(self) -> Message:
        """The next message.

        Raises:
            RequestError: the broker refuses the subscription, or has ended it with a newer token.
            ConnectionEnded: the client has stopped.
        """
        while True:
            try:
                message = self.poll()
            except Closed:
                raise StopAsyncIteration from None
            if message is not None:
                return message
            if self._arrival is not None:
                raise RuntimeError("another task waits for this subscription already")
            self._arrival = asyncio.get_running_loop().create_future()
            try:
                await self._arrival
            finally:
                self._arrival = None

    def poll(self) -> Optional[Message]:
        """The next message if one waits already, else ``None``: for control loops. Raises what :meth:`get` raises."""
        self._start()
        message = None if self._ended else self._buffer.take(lambda m: m.age)
        if message is None:
            if self._failure is not None:
                self.end()
                raise self._failure.with_traceback(None)  # it may be raised often, and would grow
            if self._ended:
                raise Closed("the subscription has ended")
            if self._refill is not None:
                refill, self._refill = self._refill, None
                refill()
        return message

    async def get(self) -> Message:
        """The next message; raises :class:`Closed` at the end where a loop would end."""
        try:
            return await self.__anext__()
        except StopAsyncIteration:
            raise Closed("the subscription has ended") from None

    async def __aenter__(self) -> "Subscription":
        """Returns when the broker has accepted it; raises as the loop does."""
        self._start()
        try:
            if self._failure is not None:
                raise self._failure.with_traceback(None)
            if self.known is None:
                self._accepted = asyncio.get_running_loop().create_future()
                await self._accepted
        except BaseException:
            self.end()
            raise
        return self

    async def __aexit__(
        self, kind: Optional[type], error: Optional[BaseException], trace: Optional["TracebackType"]
    ) -> None:
        self.end()

    def end(self) -> None:
        """Ends it; a loop that waits ends too."""
        if not self._ended:
            self._ended = True
            self._wake()
            if self._begun:
                self._end(self.name, self.topic)

    def __del__(self) -> None:
        if self._begun and not self._ended:
            self._end(self.name, self.topic)

    def _start(self) -> None:
        if not self._begun:
            self._begun = True
            self._begin(self)

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)

    # What the robot's side of it calls, on the event loop.

    def accepted(self, ack: Mapping[str, Any]) -> None:
        """The broker has accepted it."""
        self.known = bool(ack.get("known"))
        self.listening = True
        self.resume.answered(ack)
        if self._accepted is not None and not self._accepted.done():
            self._accepted.set_result(None)

    def offer(self, message: Message) -> bool:
        """A message has come; false if there is no room for it and none may be lost."""
        if not self.listening or not self.resume.is_new(message):
            return True
        if not self._buffer.offer(message):
            self.listening = False
            return False
        self.resume.passed(message)
        self._wake()
        return True

    def fail(self, failure: RobotStreamError) -> None:
        """Nothing will come any more; what waits is taken first."""
        if self._failure is None:
            self._failure = failure
            if self._accepted is not None and not self._accepted.done():
                self._accepted.set_exception(failure)
            self._wake()

    def refill_when_empty(self, refill: Callable[[], None]) -> None:
        """What to call when all that waits was taken."""
        self._refill = refill
