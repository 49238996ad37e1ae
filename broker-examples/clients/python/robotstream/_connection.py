"""One WebSocket connection: requests and their replies, and what else comes."""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from typing import Any, Callable, Dict, NamedTuple, Optional

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidStatus

from ._message import decode, encode
from ._retry import Ended, closed, refused, unreached, without_tls
from .errors import Disconnected, NoReply, RequestError

_log = logging.getLogger("robotstream")
_socket_log = logging.getLogger("robotstream.websocket")
_socket_log.setLevel(logging.INFO)  # below it websockets writes the headers, and with them the token

_OPEN_TIMEOUT = 10.0
REPLY_TIMEOUT = 10.0
_CLOSE_TIMEOUT = 2.0
_PING_INTERVAL = 5.0
_PING_TIMEOUT = 10.0

OnMessage = Callable[[Dict[str, Any], Optional[bytes], int], None]
Progress = Callable[[Any], None]


class Endpoint(NamedTuple):
    """Where the robot is.

    Attributes:
        url: of the WebSocket.
        tls: the settings of TLS, with ``wss``.
        frame_bytes: how large a frame is taken.
    """

    url: str
    tls: Optional[ssl.SSLContext]
    frame_bytes: int


class NotOpened(Exception):
    """There is no connection, and why."""

    def __init__(self, ended: Ended, cause: BaseException) -> None:
        super().__init__(ended.reason)
        self.ended = ended
        self.cause = cause


async def open_connection(endpoint: Endpoint, token: Optional[str], on_message: OnMessage) -> "Connection":
    """Connects.

    Args:
        token: goes into the header, which proxies do not log.
        on_message: is called with the head of each frame that is no reply, the bytes behind it and its size.

    Raises:
        NotOpened: it was refused, or the robot was not reached.
    """
    headers = {} if token is None else {"Authorization": "Bearer " + token}
    try:
        socket = await _NoRedirect(
            endpoint.url,
            ssl=endpoint.tls,
            additional_headers=headers,
            compression=None,
            max_size=endpoint.frame_bytes,
            open_timeout=_OPEN_TIMEOUT,
            close_timeout=_CLOSE_TIMEOUT,
            ping_interval=_PING_INTERVAL,
            ping_timeout=_PING_TIMEOUT,
            logger=_socket_log,
        )
    except InvalidStatus as refusal:
        response = refusal.response
        reason = _reason(response.body) or f"HTTP {response.status_code}"
        raise NotOpened(refused(response.status_code, reason, response.headers.get("Retry-After")), refusal) from None
    except ssl.SSLError as failure:
        raise NotOpened(without_tls(failure), failure) from None
    except (OSError, EOFError, asyncio.TimeoutError, InvalidHandshake, InvalidMessage) as failure:
        what = str(failure) or type(failure).__name__
        raise NotOpened(unreached(what), failure) from None
    return Connection(socket, on_message)


class _NoRedirect(connect):
    """Goes where it was told to and nowhere else, as it has a token with it."""

    def process_redirect(self, exc: Exception) -> Exception:
        return exc


def _reason(body: Optional[bytes]) -> str:
    try:
        return str(json.loads(body or b"")["message"])
    except (ValueError, KeyError, TypeError):
        return ""


class Connection:
    """An open connection. :meth:`read` has to run while requests wait for replies."""

    def __init__(self, socket: ClientConnection, on_message: OnMessage) -> None:
        self._socket = socket
        self._on_message = on_message
        self._waiting: Dict[int, "asyncio.Future[Dict[str, Any]]"] = {}
        self._progress: Dict[int, Progress] = {}
        self._last_id = 0

    async def request(
        self,
        body: Dict[str, Any],
        payload: Optional[bytes] = None,
        *,
        timeout: float = REPLY_TIMEOUT,
        progress: Optional[Progress] = None,
        given_up: Optional[Callable[[int], None]] = None,
    ) -> Dict[str, Any]:
        """Sends a request and waits for its reply.

        Args:
            timeout: how long to wait, in seconds.
            progress: is called with what a service tells before its answer.
            given_up: is called with the request's id when the task that waits is cancelled.

        Raises:
            RequestError: the broker refuses it.
            Disconnected: the connection is lost.
            NoReply: nothing came in time.
            ValueError, TypeError: it has no JSON.
        """
        self._last_id += 1
        number = self._last_id
        frame = encode({**body, "id": number}, payload)
        reply: "asyncio.Future[Dict[str, Any]]" = asyncio.get_running_loop().create_future()
        self._waiting[number] = reply
        if progress is not None:
            self._progress[number] = progress
        try:
            return await asyncio.wait_for(self._exchange(frame, reply), timeout)
        except asyncio.TimeoutError:
            raise NoReply(f"no reply to {body['action']} within {timeout:g} s") from None
        except asyncio.CancelledError:
            if given_up is not None:
                given_up(number)
            raise
        finally:
            del self._waiting[number]
            self._progress.pop(number, None)
            if not reply.cancel() and not reply.cancelled():
                reply.exception()  # nobody else may look at it

    async def _exchange(self, frame: Any, reply: "asyncio.Future[Dict[str, Any]]") -> Dict[str, Any]:
        try:
            await self._socket.send(frame)
        except ConnectionClosed:
            raise Disconnected("the connection is lost") from None
        return await reply

    async def read(self) -> Ended:
        """Reads until the connection ends, and says how."""
        try:
            while True:
                frame = await self._socket.recv()
                try:
                    head, payload = decode(frame)
                    self._receive(head, payload, len(frame))
                except (ValueError, LookupError, TypeError, AttributeError) as bad:
                    _log.debug("a frame that is none", exc_info=True)
                    return Ended(1002, f"the other side speaks another language ({type(bad).__name__})", again=True)
        except ConnectionClosed as end:
            return _end(end)
        finally:
            for reply in self._waiting.values():
                if not reply.done():
                    reply.set_exception(Disconnected("the connection was lost before the reply came"))

    def _receive(self, head: Dict[str, Any], payload: Optional[bytes], size: int) -> None:
        action = head.get("action")
        reply = self._waiting.get(head["id"]) if isinstance(head.get("id"), int) else None
        if action == "error":
            error = _error(head)
            if reply is None:
                _log.log(logging.DEBUG if error.code == "cancelled" else logging.WARNING, "%s", error)
            elif not reply.done():
                reply.set_exception(error)
        elif action in ("ack", "pong"):
            if reply is not None and not reply.done():
                self._on_message(head, None, size)  # before what comes behind it
                reply.set_result(head)
        elif action == "progress":
            self._tell_progress(head)
        else:
            self._on_message(head, payload, size)

    def _tell_progress(self, head: Dict[str, Any]) -> None:
        progress = self._progress.get(head["id"])
        if progress is not None:
            try:
                progress(head.get("data"))
            except Exception:
                _log.exception("progress failed")

    async def close(self) -> None:
        """Says goodbye with 1000; returns in any case within two seconds or little more."""
        await self._socket.close()


def _error(head: Dict[str, Any]) -> RequestError:
    wait = head.get("retry_after_ms")
    return RequestError(
        str(head.get("code", "")),
        str(head.get("message", "")),
        bool(head.get("retry", False)),
        None if wait is None else wait / 1000,
        head.get("topic"),
        head.get("oldest"),
        head.get("holder"),
    )


def _end(end: ConnectionClosed) -> Ended:
    said = end.rcvd
    if said is not None:
        return closed(said.code, said.reason)
    if end.sent is not None and end.sent.code == 1011:
        return closed(1006, "the robot answered no ping")
    if end.sent is not None and end.sent.code in (1002, 1007, 1009):
        return closed(end.sent.code, end.sent.reason)
    return closed(1006, "the connection was lost")
