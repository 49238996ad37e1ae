"""The same client for programs without asyncio.

::

    import robotstream.sync

    with robotstream.sync.connect("ws://127.0.0.1:8765/wss", token="…") as robot:
        for message in robot.subscribe("pose", rate_hz=10):
            print(message.value, message.age)

An event loop on a thread of its own does the work. Any thread may call any method, one at a time for a subscription.
Arguments and errors are those of :mod:`robotstream`.
"""

from __future__ import annotations

import asyncio
import os
import threading
from types import TracebackType
from typing import Any, Callable, Coroutine, Iterator, List, Optional, Type, TypeVar, Union

from . import _robot, _subscription
from ._connection import Progress
from ._message import Message, Position
from ._robot import Published, ServiceInfo, TopicInfo
from ._sessions import Status
from ._subscription import Since
from ._token import TokenSupplier
from .errors import Closed

_T = TypeVar("_T")


class _Loop:
    """An event loop on a thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="robotstream", daemon=True)
        self._thread.start()

    def run(self, work: "Coroutine[Any, Any, _T]") -> _T:
        if threading.current_thread() is self._thread:
            work.close()
            raise RuntimeError("a token supplier, on_status or progress cannot wait for the client that calls it")
        if self._loop.is_closed():
            work.close()
            raise Closed("the client was closed")
        waiting = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return waiting.result()
        except BaseException:
            waiting.cancel()
            raise

    def stop(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()


class connect:
    """As :class:`robotstream.connect`, for ``with``."""

    def __init__(
        self,
        url: str,
        *,
        token: Optional[TokenSupplier] = None,
        ca_file: "Optional[Union[str, os.PathLike[str]]]" = None,
        pinned: Optional[str] = None,
        timeout: Optional[float] = 10.0,
        on_status: Optional[Callable[[Status], None]] = None,
        max_frame_bytes: int = _robot.FRAME_BYTES,
    ) -> None:
        self._connect = _robot.connect(
            url, token=token, ca_file=ca_file, pinned=pinned, timeout=timeout, on_status=on_status,
            max_frame_bytes=max_frame_bytes,
        )  # fmt: skip

    def __enter__(self) -> "Robot":
        loop = _Loop()
        try:
            self._robot = Robot(loop, loop.run(self._connect.__aenter__()))
        except BaseException:
            loop.stop()
            raise
        return self._robot

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self._robot.close()


class Robot:
    """As :class:`robotstream.Robot`; each method waits for what it returns."""

    def __init__(self, loop: _Loop, robot: _robot.Robot) -> None:
        self._loop = loop
        self._robot = robot

    @property
    def connected(self) -> bool:
        """Whether there is a connection now."""
        return self._robot.connected

    @property
    def hello(self) -> "dict[str, Any]":
        """What the broker said of itself and this session, last."""
        return self._robot.hello

    def subscribe(
        self,
        topic: str,
        *,
        policy: Optional[str] = None,
        queue: Optional[int] = None,
        overflow: Optional[str] = None,
        rate_hz: Optional[float] = None,
        max_age: Optional[float] = None,
        retained: Optional[bool] = None,
        min_level: Optional[str] = None,
        since: Optional[Since] = None,
        resume: Optional[bool] = None,
    ) -> "Subscription":
        """As :meth:`robotstream.Robot.subscribe`; it begins at once."""

        async def begin() -> _subscription.Subscription:
            subscription = self._robot.subscribe(
                topic, policy=policy, queue=queue, overflow=overflow, rate_hz=rate_hz, max_age=max_age,
                retained=retained, min_level=min_level, since=since, resume=resume,
            )  # fmt: skip
            return await subscription.__aenter__()

        return Subscription(self._loop, self._loop.run(begin()))

    def publish(
        self, topic: str, value: Any, *, type: Optional[str] = None, ttl: Optional[float] = None, echo: bool = True
    ) -> Published:
        """As :meth:`robotstream.Robot.publish`."""
        return self._loop.run(self._robot.publish(topic, value, type=type, ttl=ttl, echo=echo))

    def latest(self, topic: str, *, timeout: float = 2.0) -> Optional[Message]:
        """As :meth:`robotstream.Robot.latest`."""
        return self._loop.run(self._robot.latest(topic, timeout=timeout))

    def topics(self, topic: Optional[str] = None) -> List[TopicInfo]:
        """As :meth:`robotstream.Robot.topics`."""
        return self._loop.run(self._robot.topics(topic))

    def services(self) -> List[ServiceInfo]:
        """As :meth:`robotstream.Robot.services`."""
        return self._loop.run(self._robot.services())

    def history(
        self, topic: str, *, since: Optional[Position] = None, limit: Optional[int] = None
    ) -> Iterator[Message]:
        """As :meth:`robotstream.Robot.history`."""
        messages = self._robot.history(topic, since=since, limit=limit)

        async def following() -> Optional[Message]:
            return await _next_or_none(messages)

        while True:
            message = self._loop.run(following())
            if message is None:
                return
            yield message

    def call(
        self, service: str, data: Any = None, *, timeout: float = 10.0, progress: Optional[Progress] = None
    ) -> Any:
        """As :meth:`robotstream.Robot.call`; ``progress`` is called on the client's own thread. An exception that ends the
        wait, such as that of Ctrl-C, gives the call up."""
        return self._loop.run(self._robot.call(service, data, timeout=timeout, progress=progress))

    def acquire(self, topic: str, *, ttl: float = 5.0) -> None:
        """As :meth:`robotstream.Robot.acquire`."""
        self._loop.run(self._robot.acquire(topic, ttl=ttl))

    def release(self, topic: str) -> None:
        """As :meth:`robotstream.Robot.release`."""
        self._loop.run(self._robot.release(topic))

    def stop(self, *, timeout: float = 1.0) -> List[str]:
        """As :meth:`robotstream.Robot.stop`."""
        return self._loop.run(self._robot.stop(timeout=timeout))

    def close(self) -> None:
        """As :meth:`robotstream.Robot.close`; ends the thread too."""
        try:
            self._loop.run(self._robot.close())
        except Closed:
            return
        self._loop.stop()


class Subscription:
    """As :class:`robotstream.Subscription`, to be iterated or asked with a time limit."""

    def __init__(self, loop: _Loop, subscription: _subscription.Subscription) -> None:
        self._loop = loop
        self._subscription = subscription

    @property
    def known(self) -> Optional[bool]:
        """Whether somebody has declared or published to a topic that matches."""
        return self._subscription.known

    def __iter__(self) -> Iterator[Message]:
        return self

    def __next__(self) -> Message:
        try:
            return self.get()
        except Closed:
            raise StopIteration from None

    def get(self, timeout: Optional[float] = None) -> Message:
        """The next message.

        Raises:
            TimeoutError: none came in that time, in seconds.
            Closed: the subscription or the client has ended.
        """
        try:
            return self._loop.run(asyncio.wait_for(self._subscription.get(), timeout))
        except asyncio.TimeoutError:
            raise TimeoutError(f"nothing came within {timeout:g} s") from None

    def poll(self) -> Optional[Message]:
        """The next message if one waits already, else ``None``: for control loops. It waits for no message, and raises
        what :meth:`get` raises."""

        async def poll() -> Optional[Message]:
            return self._subscription.poll()

        return self._loop.run(poll())

    def close(self) -> None:
        """As :meth:`end`, by the name that ``contextlib.closing`` calls; also after the client has ended."""
        try:
            self.end()
        except Closed:
            pass

    def end(self) -> None:
        """Ends it; a thread that waits for it is told ``Closed``."""

        async def end() -> None:
            self._subscription.end()

        self._loop.run(end())

    def __enter__(self) -> "Subscription":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


async def _next_or_none(messages: "Any") -> Optional[Message]:
    """The next of an asynchronous iterator (``anext`` is there from Python 3.10 on)."""
    try:
        message: Message = await messages.__anext__()
        return message
    except StopAsyncIteration:
        return None
