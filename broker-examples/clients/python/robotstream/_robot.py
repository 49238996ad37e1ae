"""The client: one connection after the other, and what the application has asked for on each of them."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import weakref
from types import TracebackType
from typing import (
    Any, AsyncIterator, Callable, Dict, Generator, List, NamedTuple, Optional, Tuple, Type, Union,
)  # fmt: skip
from urllib.parse import SplitResult, parse_qsl, urlsplit, urlunsplit

from . import _tls
from ._buffer import MESSAGES, Buffer
from ._clock import RobotClock
from ._connection import REPLY_TIMEOUT, Connection, Endpoint, Progress
from ._message import Message, Position
from ._sessions import Sessions, Status
from ._subscription import Resume, Since, Subscription
from ._token import Tokens, TokenSupplier
from .errors import Disconnected, RequestError, RobotStreamError

FRAME_BYTES = 16 * 1024 * 1024


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
    oldest: Optional[int] = None  # the number of its oldest message that is in the robot's memory
    stats: Optional[Dict[str, Any]] = None  # what is counted of it, for a client that may subscribe to $stats
    stop_value: Any = None  # of a stop topic: the value that stops the robot


class ServiceInfo(NamedTuple):
    """A service that the client may call (``docs/protocol.md``, services)."""

    name: str
    request: Optional[Dict[str, Any]]  # the JSON Schema of what it is asked
    reply: Optional[Dict[str, Any]]  # the same of what it answers


class connect:
    """A client of the robot at a URL, as a context or to be awaited::

        async with robotstream.connect("wss://robot:8765/wss", token=read_token) as robot:
            ...

    Entering waits for the first connection. After that the client comes back by itself whenever it is of use
    (``docs/protocol.md``, Close codes): at random times, later and later, up to 15 s.

    Args:
        url: of the broker, ``ws://`` or ``wss://`` (``http://`` and ``https://`` are taken for them); the path is
            ``/wss`` unless it has one, and the port that of HTTP, 80 or 443.
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
        max_frame_bytes: int = FRAME_BYTES,
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
        await self._robot._sessions.start(self._timeout)
        return self._robot

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self._robot.close()

    def __await__(self) -> Generator[Any, None, "Robot"]:
        return self.__aenter__().__await__()


def _address(url: str) -> Tuple[str, bool, bool]:
    shown = url.split("?")[0].split("#")[0]  # what follows may be a token
    parts = urlsplit(url)
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    if scheme not in ("ws", "wss") or not parts.hostname:
        raise ValueError(f'the address has to begin with ws://HOST or wss://HOST, and "{shown}" does not')
    if _port(parts) == 0:
        raise ValueError(f'the port of "{shown}" is no number from 1 to 65535')
    if parts.fragment:
        raise ValueError(f"the address {shown} has a fragment: remove it, and pass a token as token=")
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    style = [] if "frame" in names else ["frame=envelope"]  # whatever style the broker has for others
    query = "&".join(([parts.query] if parts.query else []) + style)
    path = parts.path.rstrip("/") or "/wss"
    return urlunsplit((scheme, parts.netloc, path, query, "")), scheme == "wss", "token" in names


def _port(parts: SplitResult) -> Optional[int]:
    try:
        return parts.port
    except ValueError:
        return 0


class Robot:
    """A client, as :class:`connect` gives it. Its methods belong to the event loop that it was made on."""

    def __init__(self, endpoint: Endpoint, tokens: Tokens, on_status: Optional[Callable[[Status], None]]) -> None:
        self._sessions = Sessions(endpoint, tokens, self._receive, self._opened, self._stopped, on_status)
        self._subscriptions: "Dict[str, weakref.ref[Subscription]]" = {}
        self._last_name = 0
        self._newest: Dict[str, _Newest] = {}

    # ---- what an application calls

    @property
    def connected(self) -> bool:
        """Whether there is a connection now."""
        return self._sessions.connection is not None

    @property
    def hello(self) -> Dict[str, Any]:
        """What the broker said of itself and this session, last (``docs/protocol.md``, hello)."""
        return dict(self._sessions.hello)

    @property
    def round_trip(self) -> float:
        """The shortest of the last round trips to the robot, in seconds."""
        return self._sessions.clock.round_trip

    def mono(self) -> int:
        """The robot's clock that never steps, now, in microseconds; reckoned, to half a round trip."""
        return self._sessions.clock.mono()

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
        buffer = Buffer(policy or ("queue" if queue else None), queue or MESSAGES, overflow, max_age=max_age)
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
            type: the word that the topic declares, or with ``bytes`` their media type; unless said ``bool``,
                ``int``, ``float``, ``string``, ``array``, ``object`` or ``null`` by the value.
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
        return [
            TopicInfo(
                t["name"], t.get("type"), t.get("kind", "state"), tuple(t.get("rights", ())),
                t.get("retained", False), t.get("rate", 0.0), t.get("schema"), t.get("oldest"), t.get("stats"),
                t.get("stop", {}).get("value"),
            )
            for t in await self._pages("topics", {} if topic is None else {"topic": topic})
        ]  # fmt: skip

    async def services(self) -> List[ServiceInfo]:
        """The services that this client may call, in the order of their names."""
        return [ServiceInfo(s["name"], s.get("request"), s.get("reply")) for s in await self._pages("services", {})]

    async def _pages(self, what: str, asked: Dict[str, Any]) -> List[Dict[str, Any]]:
        found: List[Dict[str, Any]] = []
        body = {"action": what, **asked}
        while True:
            page = await self._request(body)
            found += page[what]
            if page["complete"] or not page[what]:
                return found
            body["after"] = found[-1]["name"]

    async def history(
        self, topic: str, *, since: Optional[Position] = None, limit: Optional[int] = None
    ) -> AsyncIterator[Message]:
        """What the robot has kept of a topic, the oldest first, a page at a time as the loop goes on.

        Args:
            topic: a name, no filter.
            since: begins behind this position; with the oldest that is kept unless said.
            limit: how many messages at the most.

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
                    value = base64.b64decode(value) if entry.get("encoding") == "base64" else value
                    yield Message(topic, {**entry, "epoch": page["epoch"]}, value, 0, self._sessions.clock)
            if page["complete"] or not page["messages"]:
                return
            left = None if left is None else left - len(page["messages"])

    async def call(
        self, service: str, data: Any = None, *, timeout: float = 10.0, progress: Optional[Progress] = None
    ) -> Any:
        """Calls a service of the robot and waits for its answer (``docs/protocol.md``, call and cancel).

        It is never made a second time. A task that is cancelled meanwhile gives the call up, and the robot is told so.

        Args:
            data: what the service is asked, anything that has JSON; ``None`` asks nothing, ``{}``.
            timeout: seconds that the robot has for the answer; then the error is ``timeout``.
            progress: is called on the event loop with what the service tells before its answer.

        Raises:
            RequestError: ``unknown_service``, ``type_mismatch``, ``timeout``, ``call_failed``, ``forbidden``, ``overloaded``.
            Disconnected: there is no connection, or it was lost before the answer came: what the robot has done of it is
                not known.
            ConnectionEnded, Closed: the client has stopped.
            ValueError, TypeError: the data has no JSON.
        """
        connection = self._connection()
        body: Dict[str, Any] = {"action": "call", "service": service, "timeout_ms": max(1, round(timeout * 1000))}
        if data is not None:
            body["data"] = data

        def given_up(number: int) -> None:
            self._sessions.background(self._quietly(connection, {"action": "cancel", "call": number}))

        ack = await connection.request(body, timeout=timeout + REPLY_TIMEOUT, progress=progress, given_up=given_up)
        return ack.get("data")

    async def acquire(self, topic: str, *, ttl: float = 5.0) -> None:
        """Takes the lease of a topic for this connection, or keeps it: nobody else publishes there meanwhile.

        Args:
            ttl: seconds after the last publish, or the last ``acquire``, at which the lease ends.

        Raises:
            RequestError: ``lease_held``, with ``holder``; ``forbidden``, if the topic is none that one can have for oneself.
            Disconnected, ConnectionEnded, Closed: as for :meth:`publish`.
        """
        await self._request({"action": "acquire", "topic": topic, "ttl_ms": max(1, round(ttl * 1000))})

    async def release(self, topic: str) -> None:
        """Gives the lease of a topic back.

        Raises:
            RequestError: ``lease_required``, if this connection does not have it.
            Disconnected, ConnectionEnded, Closed: as for :meth:`publish`.
        """
        await self._request({"action": "release", "topic": topic})

    async def stop(self, *, timeout: float = 1.0) -> List[str]:
        """Stops the robot: the broker publishes the declared value on each stop topic that the token permits.

        Treat the robot as not stopped if this raises.

        Args:
            timeout: seconds within which the broker has to acknowledge.

        Returns:
            The names of those topics.

        Raises:
            RequestError: ``forbidden``, if the token permits no stop topic or the robot has none.
            NoReply: the broker has not acknowledged in that time.
            Disconnected: at once, if there is no connection; or it was lost before the acknowledgement came.
            ConnectionEnded, Closed: the client has stopped.
        """
        ack = await self._connection().request({"action": "stop"}, timeout=timeout)
        return list(ack["topics"])

    async def close(self) -> None:
        """Ends the client: loops end, the robot is told 1000. Waits for its answer for two seconds."""
        await self._sessions.close()

    # ---- requests and subscriptions

    async def _request(self, body: Dict[str, Any], payload: Optional[bytes] = None) -> Dict[str, Any]:
        return await self._connection().request(body, payload)

    def _connection(self) -> Connection:
        self._still_there()
        if self._sessions.connection is None:
            raise Disconnected("there is no connection at the moment")
        return self._sessions.connection

    async def _quietly(self, connection: Connection, body: Dict[str, Any]) -> None:
        with contextlib.suppress(RobotStreamError):
            await connection.request(body)

    def _still_there(self) -> None:
        if self._sessions.end is not None:
            raise self._sessions.end.with_traceback(None)  # it may be raised often, and would grow

    def _opened(self) -> None:
        for subscription in self._present():
            self._subscribe_soon(subscription)

    def _stopped(self, end: RobotStreamError) -> None:
        for subscription in self._present():
            subscription.fail(end)

    def _present(self) -> List[Subscription]:
        return [s for s in (reference() for reference in list(self._subscriptions.values())) if s is not None]

    def _begin(self, subscription: Subscription) -> None:
        self._last_name += 1
        subscription.name = f"s{self._last_name}"
        self._subscriptions[subscription.name] = weakref.ref(subscription)
        if self._sessions.end is not None:
            subscription.fail(self._sessions.end)
        elif self._sessions.connection is not None:
            self._subscribe_soon(subscription)

    def _subscribe_soon(self, subscription: Subscription) -> None:
        subscription.listening = False
        self._sessions.background(self._subscribe(self._sessions.connection, weakref.ref(subscription)))

    async def _subscribe(
        self, connection: Optional[Connection], reference: "weakref.ref[Subscription]"
    ) -> None:
        while connection is not None and connection is self._sessions.connection:
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
        if self._subscriptions.pop(name, None) is not None and self._sessions.connection is not None:
            self._sessions.background(self._unsubscribe(self._sessions.connection, name, topic))

    async def _unsubscribe(self, connection: Connection, name: str, topic: str) -> None:
        await self._quietly(connection, {"action": "unsubscribe", "topic": topic, "sub": name})

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
        connection = self._sessions.connection
        if connection is None:
            return
        self._sessions.background(self._unsubscribe(connection, subscription.name, subscription.topic))
        this = weakref.ref(subscription)

        def again() -> None:
            waiting = this()
            if waiting is not None and self._sessions.connection is connection:
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
    if value is None:
        return "null"
    words = {bool: "bool", int: "int", float: "float", str: "string", dict: "object"}
    return next((word for kind, word in words.items() if isinstance(value, kind)), "array")
