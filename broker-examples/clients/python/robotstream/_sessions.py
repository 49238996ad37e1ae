"""Sessions: one connection after the other, each kept for as long as its tokens last."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from typing import Any, Callable, Coroutine, Dict, NamedTuple, Optional, Set

from . import _retry
from ._clock import RobotClock
from ._connection import Connection, Endpoint, NotOpened, open_connection
from ._retry import Backoff, Ended
from ._token import NoToken, Tokens
from .errors import Closed, ConnectionEnded, RequestError, RobotStreamError

_log = logging.getLogger("robotstream")

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


class Sessions:
    """Connects, comes back, brings newer tokens, and ends.

    Args:
        receive: is called with each frame that is no error: the clock of its session, its head, bytes and size.
        opened: is called when a session has begun, with :attr:`connection`, :attr:`clock` and :attr:`hello` set.
        stopped: is called once, when none will come any more.
        on_status: the application's, or none.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        tokens: Tokens,
        receive: Callable[[RobotClock, Dict[str, Any], Optional[bytes], int], None],
        opened: Callable[[], None],
        stopped: Callable[[RobotStreamError], None],
        on_status: Optional[Callable[[Status], None]],
    ) -> None:
        self._endpoint = endpoint
        self._tokens = tokens
        self._receive = receive
        self._opened = opened
        self._stopped = stopped
        self._on_status = on_status
        self._last_attempt = Ended(0, "no answer", again=True)
        self._supervisor: "Optional[asyncio.Task[None]]" = None
        self._tasks: "Set[asyncio.Task[Any]]" = set()
        self.connection: Optional[Connection] = None
        self.clock = RobotClock()
        self.hello: Dict[str, Any] = {}
        self.end: Optional[RobotStreamError] = None

    async def start(self, timeout: Optional[float]) -> None:
        """Returns when the first session has begun.

        Raises:
            ConnectionEnded: the robot refuses, or was not reached in that time, in seconds.
        """
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

    async def close(self) -> None:
        """Ends the session with 1000, and all."""
        self._stop(Closed("the client was closed"))
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.wait({self._supervisor})

    def background(self, work: "Coroutine[Any, Any, None]") -> None:
        """Runs what belongs to the session, and ends with it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

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
            except Exception as fault:  # of this package: who waits is told, and not left waiting
                _log.exception("a fault of the client")
                ended = Ended(0, f"a fault of the client: {type(fault).__name__}", again=False)
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
        except NoToken as failure:
            return _retry.unreached(str(failure))
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
            self.connection = None
            await _cancelled(serving, *self._tasks)
            await connection.close()
            await _cancelled(reading)

    async def _serve(self, connection: Connection, clock: RobotClock, first: "asyncio.Future[None]") -> None:
        """Begins a session and keeps it, until a request of its own fails."""
        try:
            greeting = connection.request({"action": "hello", "max_frame_bytes": self._endpoint.frame_bytes})
            time_check = connection.request({"action": "ping", "t": clock.local()})
            hello: Dict[str, Any] = (await asyncio.gather(greeting, time_check))[0]
            self.hello, self.clock, self.connection = hello, clock, connection
            self._opened()
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
                        raise NoToken("the token supplier returned the same token")
                    ack = await connection.request({"action": "auth", "token": token})
                except (NoToken, RequestError) as failure:
                    _log.warning("the token was not renewed: %s", failure)
                    self._tell(Status("renewal_failed", 0, str(failure)))
                    await asyncio.sleep(max(_RENEW_AGAIN, (end - time.monotonic()) / 4))
                    continue
                self._tell(Status("renewed"))
                expires_in_ms = ack.get("expires_in_ms")
                break

    def _stop(self, end: RobotStreamError) -> None:
        if self.end is None:
            self.end = end
            self._stopped(end)

    def _tell(self, status: Status) -> None:
        if self._on_status is not None:
            try:
                self._on_status(status)
            except Exception:
                _log.exception("on_status failed")


async def _cancelled(*tasks: "asyncio.Task[Any]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
