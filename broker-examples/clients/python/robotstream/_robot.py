"""The client: one connection after the other, and what the application has asked for on each of them."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
import os
import ssl
import time
import weakref
from types import TracebackType
from typing import (
    Any, AsyncIterator, Callable, Coroutine, Dict, Generator, List, NamedTuple, Optional, Set, Tuple, Type, Union,
)  # fmt: skip
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from . import _retry, _tls
from ._buffer import MESSAGES, Buffer
from ._clock import RobotClock
from ._connection import Connection, Endpoint, NotOpened, open_connection
from ._message import Message, Position
from ._retry import Backoff, Ended
from ._subscription import Resume, Since, Subscription
from ._token import Tokens, TokenSupplier
from .errors import Closed, ConnectionEnded, Disconnected, RequestError, RobotStreamError

_log = logging.getLogger("robotstream")

_FRAME_BYTES = 16 * 1024 * 1024
_CLOCK_INTERVAL = 10.0
_RENEW_BEFORE = 60.0
_RENEW_AGAIN = 2.0


class Status(NamedTuple):
    """What has become of the connection.

    Attributes:
        state: ``connected``, ``waiting`` (lost, or not to be had; another attempt comes), ``renewed`` (a newer token
            was taken), ``renewal_failed``, or ``ended``.
        code: close code or HTTP status, where one was told.
        reason: what was said with it.
        delay: seconds until the next attempt, if ``waiting``.
    """

    state: str
    code: int = 0
    reason: str = ""
    delay: float = 0.0


class Published(NamedTuple):
    """The broker's acknowledgement: it has numbered the message, and queued it for so many subscriptions."""

    seq: int
    subscribers: int


class TopicInfo(NamedTuple):
    """A topic that the client may subscribe to (``docs/protocol.md``, topics)."""

    name: str
    type: Optional[str]
    kind: str
    rights: Tuple[str, ...]
    retained: bool
    rate: float
    schema: Optional[Dict[str, Any]]


class connect:
    """A client of the robot at a URL, as a context or to be awaited::

        async with robotstream.connect("wss://robot:8765/wss", token=read_token) as robot:
            ...

    Entering waits for the first connection. After that the client comes back by itself whenever it is of use
    (``docs/protocol.md``, Close codes): at random times, later and later, up to 15 s.

    Args:
        url: of the broker, ``ws://`` or ``wss://``; the path is ``/wss`` unless it has one.
        token: a token, or a function or coroutine function that returns one. It is asked at each connect, and before a
            token ends (a minute, or a quarter of what it has), so that the session goes on with a newer one.
        ca_file: a PEM file of certificates to trust, the robot's own self-signed one for instance.
        pinned: instead, the robot's certificate: a PEM file, or its SHA-256 in hex.
        timeout: how long the first connection may take, in seconds, attempts included; ``None`` waits for ever.
        on_status: is called on the event loop with each :class:`Status`.
        max_frame_bytes: the largest frame that is taken; 16 MiB, the most that brokers send, unless said.

    Raises:
        ConnectionEnded: on entering: the robot refuses this client, or was not reached in time.
        ValueError: at once: the URL is none, or two arguments contradict each other.
    """

    def __init__(
        self,
        url: str,
        *,
        token: Optional[TokenSupplier] = None,
        ca_file: "Optional[Union[str, os.PathLike[str]]]" = None,
        pinned: Optional[str] = None,
        timeout: Optional[float] = 10.0,
        on_status: Optional[Callable[[Status], None]] = None,
        max_frame_bytes: int = _FRAME_BYTES,
    ) -> None:
        address, secure, has_token = _address(url)
        if has_token and token is not None:
            raise ValueError("the URL has a token, and token= is another: give one of them")
        if not secure and (ca_file is not None or pinned is not None):
            raise ValueError("ca_file and pinned are for wss://")
        tls = _tls.context(ca_file, pinned) if secure else None
        self._timeout = timeout
        self._robot = Robot(Endpoint(address, tls, max_frame_bytes), Tokens(token), on_status)

    async def __aenter__(self) -> "Robot":
        await self._robot._start(self._timeout)
        return self._robot

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self._robot.close()

    def __await__(self) -> Generator[Any, None, "Robot"]:
        return self.__aenter__().__await__()


def _address(url: str) -> Tuple[str, bool, bool]:
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise ValueError("the URL has to begin with ws://HOST or wss://HOST")
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    style = [] if "frame" in names else ["frame=envelope"]  # whatever style the broker has for others
    query = "&".join(([parts.query] if parts.query else []) + style)
    path = parts.path if parts.path not in ("", "/") else "/wss"
    return urlunsplit((parts.scheme, parts.netloc, path, query, "")), parts.scheme == "wss", "token" in names


class Robot:
    """A client, as :class:`connect` gives it. Its methods belong to the event loop that it was made on."""

    def __init__(self, endpoint: Endpoint, tokens: Tokens, on_status: Optional[Callable[[Status], None]]) -> None:
        self._endpoint = endpoint
        self._tokens = tokens
        self._on_status = on_status
        self._connection: Optional[Connection] = None
        self._clock = RobotClock()
        self._hello: Dict[str, Any] = {}
        self._subscriptions: "Dict[str, weakref.ref[Subscription]]" = {}
        self._last_name = 0
        self._newest: Dict[str, "_Newest"] = {}
        self._end: Optional[RobotStreamError] = None
        self._supervisor: "Optional[asyncio.Task[None]]" = None
        self._tasks: "Set[asyncio.Task[Any]]" = set()

    # ---- what an application calls

    @property
    def connected(self) -> bool:
        """Whether there is a connection now."""
        return self._connection is not None

    @property
    def hello(self) -> Dict[str, Any]:
        """What the broker said of itself and this session, last (``docs/protocol.md``, hello)."""
        return dict(self._hello)

    @property
    def round_trip(self) -> float:
        """The shortest of the last round trips to the robot, in seconds."""
        return self._clock.round_trip

    def mono(self) -> int:
        """The robot's clock that never steps, now, in microseconds; reckoned, to half a round trip."""
        return self._clock.mono()

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
    ) -> Subscription:
        """A subscription to a topic or filter; see :class:`Subscription` and ``docs/protocol.md``, Options.

        Args:
            policy: ``queue``, ``latest`` or ``reliable``; in order, but nothing old that was followed, unless said.
            queue: how many messages may wait on either side, with the policy ``queue``.
            overflow: ``drop_oldest`` or ``drop_newest``, with the policy ``queue``.
            rate_hz: so many messages of each topic a second at the most.
            max_age: seconds after which a message is not worth sending.
            retained: whether last values are wanted first.
            min_level: of ``server_logs``.
            since: where to go on: a position, or with a filter a position for each topic.
            resume: whether it goes on after an absence where it was, with what the robot has kept. Unless said: yes,
                but not with ``latest``, ``rate_hz``, ``max_age`` or ``min_level``, which leave messages out.

        Raises:
            ConnectionEnded, Closed: the client has stopped.
        """
        self._still_there()
        options: Dict[str, Any] = {"meta": True, "binary": True}
        given = {
            "policy": policy, "queue": queue, "overflow": overflow, "rate_hz": rate_hz, "retained": retained,
            "min_level": min_level, "max_age_ms": None if max_age is None else max(1, round(max_age * 1000)),
        }  # fmt: skip
        options.update({name: value for name, value in given.items() if value is not None})
        if resume is None:
            resume = policy != "latest" and rate_hz is None and max_age is None and min_level is None
        positions = Resume(topic, resume or since is not None)
        if since is not None:
            positions.begin(since)
        buffer = Buffer(policy, queue or MESSAGES, overflow == "drop_newest", max_age=max_age)
        return Subscription(topic, options, buffer, positions, self._begin, self._unsubscribe_later())

    async def publish(
        self,
        topic: str,
        value: Any,
        *,
        type: Optional[str] = None,
        ttl: Optional[float] = None,
        echo: bool = True,
    ) -> Published:
        """Publishes a value and waits for the acknowledgement.

        Args:
            type: the word that the topic declares, or with ``bytes`` their media type; what JSON calls the value
                unless said.
            ttl: seconds from now after which the robot is to refuse it as ``stale``: for commands.
            echo: whether this client's own subscriptions get it.

        Raises:
            RequestError: the broker refuses it.
            Disconnected: there is no connection, or it was lost before the answer came; nothing is kept for later.
            ConnectionEnded, Closed: the client has stopped.
            ValueError, TypeError: the value has no JSON.
        """
        payload = bytes(value) if isinstance(value, (bytes, bytearray, memoryview)) else None
        data: Dict[str, Any] = {"name": topic, "type": type or _type_of(value)}
        if payload is None:
            data["data"] = value
        body: Dict[str, Any] = {"action": "publish", "topic": topic, "data": data}
        if ttl is not None:
            body.update(mono=self.mono(), ttl_ms=max(0, round(ttl * 1000)))
        if not echo:
            body["echo"] = False
        ack = await self._request(body, payload)
        return Published(ack.get("seq", 0), ack.get("subscribers", 0))

    async def latest(self, topic: str, *, timeout: float = 2.0) -> Optional[Message]:
        """The newest value of a topic. The first call subscribes; those after it return at once, also while there is
        no connection, so look at ``age``.

        Args:
            topic: a name, no filter.
            timeout: how long the first call waits for a value.

        Returns:
            ``None`` while there was no value yet.

        Raises:
            RequestError: the broker refuses the subscription.
            ConnectionEnded, Closed: the client has stopped.
        """
        newest = self._newest.get(topic)
        if newest is None:
            newest = self._newest[topic] = _Newest(self.subscribe(topic, policy="latest"))
            try:
                await asyncio.wait_for(newest.first(), timeout)
            except asyncio.TimeoutError:
                pass
            except RobotStreamError:
                del self._newest[topic]
                raise
        return newest.get()

    async def topics(self, topic: Optional[str] = None) -> List[TopicInfo]:
        """The topics that this client may subscribe to, in the order of their names.

        Args:
            topic: a name or filter; all topics unless said, those of the broker's own as well.
        """
        found: List[TopicInfo] = []
        body: Dict[str, Any] = {"action": "topics", **({} if topic is None else {"topic": topic})}
        while True:
            page = await self._request(body)
            found += [
                TopicInfo(
                    t["name"], t.get("type"), t.get("kind", "state"), tuple(t.get("rights", ())),
                    t.get("retained", False), t.get("rate", 0.0), t.get("schema"),
                )
                for t in page["topics"]
            ]  # fmt: skip
            if page["complete"] or not page["topics"]:
                return found
            body["after"] = page["topics"][-1]["name"]

    async def history(
        self, topic: str, *, since: Optional[Position] = None, limit: Optional[int] = None, binary: bool = False
    ) -> AsyncIterator[Message]:
        """What the robot has kept of a topic, the oldest first, a page at a time as the loop goes on.

        Args:
            topic: a name, no filter.
            since: begins behind this position; with the oldest that is kept unless said.
            limit: how many messages at the most.
            binary: whether the topic is one of bytes, which a history has in base64.

        Raises:
            RequestError: ``history_gap``, if not all since the position is kept; and others.
        """
        left = limit
        while left is None or left > 0:
            body: Dict[str, Any] = {"action": "history", "topic": topic, "limit": 1000 if left is None else min(left, 1000)}
            if since is not None:
                body["since"] = since._asdict()
            page = await self._request(body)
            for entry in page["messages"]:
                since = Position(page["epoch"], entry["seq"])
                if "data" in entry:
                    value = entry["data"].get("data")
                    value = base64.b64decode(value) if binary else value
                    yield Message(topic, {**entry, "epoch": page["epoch"]}, value, 0, self._clock)
            if page["complete"] or not page["messages"]:
                return
            left = None if left is None else left - len(page["messages"])

    async def close(self) -> None:
        """Ends the client: loops end, the robot is told 1000. Waits for its answer for two seconds."""
        self._stop(Closed("the client was closed"))
        if self._supervisor is not None:
            self._supervisor.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._supervisor

    # ---- the connection

    async def _start(self, timeout: Optional[float]) -> None:
        if self._supervisor is not None:
            raise RuntimeError("this client was started before")
        first: "asyncio.Future[None]" = asyncio.get_running_loop().create_future()
        self._supervisor = asyncio.create_task(self._supervise(first))
        try:
            await asyncio.wait_for(asyncio.shield(first), timeout)
        except asyncio.TimeoutError:
            end = self._last_attempt
            await self.close()
            raise ConnectionEnded(end.code, f"no connection within {timeout:g} s: {end.reason}") from None
        except BaseException:
            await self.close()
            raise
        finally:
            first.cancel()

    _last_attempt = Ended(0, "no answer", again=True)

    async def _supervise(self, first: "asyncio.Future[None]") -> None:
        backoff = Backoff()
        while True:
            began = time.monotonic()
            try:
                ended = await self._attempt(first)
            except NotOpened as failed:
                ended = failed.ended
                if not first.done() and isinstance(failed.cause, ssl.SSLCertVerificationError):
                    ended = ended._replace(again=False)
            self._last_attempt = ended
            if not ended.again or (ended.token_refused and not self._tokens.can_change):
                failure = ConnectionEnded(ended.code, ended.reason)
                self._stop(failure)
                self._tell(Status("ended", ended.code, ended.reason))
                if not first.done():
                    first.set_exception(failure)
                return
            backoff.lasted(time.monotonic() - began if ended.code >= 1000 else 0)
            delay = backoff.delay(ended.after)
            _log.info("the connection ended (%s %s), the next attempt in %.1f s", ended.code, ended.reason, delay)
            self._tell(Status("waiting", ended.code, ended.reason, delay))
            await asyncio.sleep(delay)

    async def _attempt(self, first: "asyncio.Future[None]") -> Ended:
        refused = self._tokens.last if self._last_attempt.token_refused else None
        try:
            token = await self._tokens.next()
        except Exception as failure:  # the application's
            _log.warning("the token supplier failed: %r", failure)
            return _retry.unreached(f"the token supplier failed: {type(failure).__name__}")
        if token is not None and token == refused:
            return self._last_attempt  # refused before, it would be refused again
        clock = RobotClock()
        connection = await open_connection(
            self._endpoint, token, lambda head, payload, size: self._receive(clock, head, payload, size)
        )
        reading = asyncio.create_task(connection.read())
        serving = asyncio.create_task(self._serve(connection, clock, first))
        try:
            await asyncio.wait({reading, serving}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                return Ended(1006, "the robot did not answer", again=True)
            return reading.result()
        finally:
            self._connection = None
            await _cancelled(serving, *self._tasks)
            await connection.close()
            await _cancelled(reading)

    async def _serve(self, connection: Connection, clock: RobotClock, first: "asyncio.Future[None]") -> None:
        """Begins a session and keeps it, until a request of its own fails."""
        try:
            hello, _ = await asyncio.gather(
                connection.request({"action": "hello", "max_frame_bytes": self._endpoint.frame_bytes}),
                connection.request({"action": "ping", "t": clock.local()}),
            )
            self._hello, self._clock, self._connection = hello, clock, connection
            for subscription in self._present():
                self._subscribe_soon(subscription)
            self._tell(Status("connected"))
            if not first.done():
                first.set_result(None)
        except RobotStreamError as failure:
            _log.info("the session could not begin: %s", failure)
            return
        chores = [
            asyncio.create_task(self._keep_time(connection, clock)),
            asyncio.create_task(self._renew(connection, hello.get("expires_in_ms"))),
        ]
        try:
            await asyncio.wait(chores, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            await _cancelled(*chores)

    async def _keep_time(self, connection: Connection, clock: RobotClock) -> None:
        while True:
            await asyncio.sleep(_CLOCK_INTERVAL)
            await connection.request({"action": "ping", "t": clock.local()})

    async def _renew(self, connection: Connection, expires_in_ms: Optional[int]) -> None:
        """Brings newer tokens before the present one ends."""
        if not self._tokens.can_change:
            return
        while expires_in_ms is not None:
            left = expires_in_ms / 1000
            end = time.monotonic() + left
            await asyncio.sleep(max(left - min(_RENEW_BEFORE, left / 4), 0))
            while True:
                before = self._tokens.last
                try:
                    token = await self._tokens.next()
                    if token == before:
                        raise ValueError("the token supplier returned the same token")
                    ack = await connection.request({"action": "auth", "token": token})
                except Disconnected:
                    raise
                except Exception as failure:  # the application's, or the broker's about its token
                    _log.warning("the token was not renewed: %s", failure)
                    self._tell(Status("renewal_failed", 0, str(failure)))
                    await asyncio.sleep(max(_RENEW_AGAIN, (end - time.monotonic()) / 4))
                    continue
                self._tell(Status("renewed"))
                expires_in_ms = ack.get("expires_in_ms")
                break

    async def _request(self, body: Dict[str, Any], payload: Optional[bytes] = None) -> Dict[str, Any]:
        self._still_there()
        if self._connection is None:
            raise Disconnected("there is no connection at the moment")
        return await self._connection.request(body, payload)

    def _still_there(self) -> None:
        if self._end is not None:
            raise self._end

    def _stop(self, end: RobotStreamError) -> None:
        if self._end is None:
            self._end = end
            for subscription in self._present():
                subscription.fail(end)

    def _tell(self, status: Status) -> None:
        if self._on_status is not None:
            try:
                self._on_status(status)
            except Exception:
                _log.exception("on_status failed")

    def _background(self, work: "Coroutine[Any, Any, None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ---- subscriptions

    def _present(self) -> List[Subscription]:
        return [s for s in (reference() for reference in list(self._subscriptions.values())) if s is not None]

    def _begin(self, subscription: Subscription) -> None:
        self._last_name += 1
        subscription.name = f"s{self._last_name}"
        self._subscriptions[subscription.name] = weakref.ref(subscription)
        if self._end is not None:
            subscription.fail(self._end)
        elif self._connection is not None:
            self._subscribe_soon(subscription)

    def _subscribe_soon(self, subscription: Subscription) -> None:
        subscription.listening = False
        self._background(self._subscribe(self._connection, weakref.ref(subscription)))

    async def _subscribe(
        self, connection: Optional[Connection], reference: "weakref.ref[Subscription]"
    ) -> None:
        while connection is not None and connection is self._connection:
            subscription = reference()
            if subscription is None:
                return
            options = dict(subscription.options)
            since = subscription.resume.since()
            if since is not None:
                options["since"] = since
            body = {"action": "subscribe", "topic": subscription.topic, "sub": subscription.name, "options": options}
            del subscription  # it may end while its request is on the way
            try:
                await connection.request(body)
                return
            except RequestError as refusal:
                if refusal.retry:
                    await asyncio.sleep(refusal.retry_after or 1.0)
                    continue
                self._fail(reference(), refusal)
                return
            except RobotStreamError:
                return  # the next connection asks again

    def _fail(self, subscription: Optional[Subscription], failure: RobotStreamError) -> None:
        if subscription is not None:
            self._subscriptions.pop(subscription.name, None)
            subscription.fail(failure)

    def _unsubscribe_later(self) -> Callable[[str, str], None]:
        """What a subscription calls at its end, on any thread; it keeps neither alive."""
        loop = asyncio.get_running_loop()
        this = weakref.ref(self)

        def unsubscribe(name: str, topic: str) -> None:
            robot = this()
            if robot is not None and not loop.is_closed():
                loop.call_soon_threadsafe(robot._forget, name, topic)

        return unsubscribe

    def _forget(self, name: str, topic: str) -> None:
        if self._subscriptions.pop(name, None) is not None and self._connection is not None:
            self._background(self._unsubscribe(self._connection, name, topic))

    async def _unsubscribe(self, connection: Connection, name: str, topic: str) -> None:
        with contextlib.suppress(RobotStreamError):
            await connection.request({"action": "unsubscribe", "topic": topic, "sub": name})

    def _receive(self, clock: RobotClock, head: Dict[str, Any], payload: Optional[bytes], size: int) -> None:
        action = head.get("action")
        if action == "pong":
            clock.sample(head["t"], head["mono"])
            return
        reference = self._subscriptions.get(head.get("sub", ""))
        subscription = None if reference is None else reference()
        if subscription is None:
            return
        if action == "publish":
            value = payload if payload is not None else head["data"].get("data")
            if not subscription.offer(Message(head["topic"], head, value, size, clock)):
                self._pause(subscription)
        elif action == "ack" and "known" in head:
            subscription.accepted(head)
        elif action == "unsubscribed":
            code = head.get("code", "")
            self._fail(subscription, RequestError(code, "the newer token does not allow it", topic=head.get("topic")))

    def _pause(self, subscription: Subscription) -> None:
        """Ends a subscription that may lose nothing while its application takes nothing; it goes on where it was."""
        connection = self._connection
        if connection is None:
            return
        self._background(self._unsubscribe(connection, subscription.name, subscription.topic))
        this = weakref.ref(subscription)

        def again() -> None:
            waiting = this()
            if waiting is not None and self._connection is connection:
                self._subscribe_soon(waiting)

        subscription.refill_when_empty(again)


class _Newest:
    """The newest message of one topic."""

    def __init__(self, subscription: Subscription) -> None:
        self._subscription = subscription
        self._message: Optional[Message] = None

    async def first(self) -> None:
        self._message = await self._subscription.get()

    def get(self) -> Optional[Message]:
        self._message = self._subscription.poll() or self._message
        return self._message


def _type_of(value: Any) -> str:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "application/octet-stream"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    if value is None:
        return "null"
    return "object" if isinstance(value, dict) else "array"


async def _cancelled(*tasks: "asyncio.Task[Any]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
