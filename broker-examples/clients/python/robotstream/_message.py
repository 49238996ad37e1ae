"""Messages, and how they are read from frames."""

from __future__ import annotations

import json
from typing import Any, Dict, NamedTuple, Optional, Tuple, Union

from ._clock import RobotClock


class Position(NamedTuple):
    """A place in a topic: its epoch, and the number of the last message that one has (0: none of the epoch)."""

    epoch: str
    seq: int


class Message:
    """One value of a topic.

    Attributes:
        topic: the topic's name.
        value: what JSON says, as Python has it; ``bytes`` on topics of a media type.
        type: the word for what the value is, or its media type.
        name: the name inside the data; the topic's in most cases.
        seq: the message's number in its topic, one more each time.
        epoch: of these numbers; another when they begin anew.
        ts: when the broker took it, microseconds since 1970 by the robot's wall clock, which may step.
        mono: the same in microseconds since the broker started, which never step.
        dropped: how many messages this subscription has lost since its previous one, on the robot, here, or while
            there was no connection.
        skipped: how many were left out since then as it asked (``rate_hz``, ``latest``); that is no loss.
        gap: whether an unknown number was lost before it: the topic's numbers began anew while there was no connection.
        retained: whether it was published before the subscription.
        publisher: who published it; ``robot`` for the robot's own code.
        command: whether its topic is a command topic.
    """

    __slots__ = (
        "topic", "value", "type", "name", "seq", "epoch", "ts", "mono", "dropped", "skipped", "gap", "retained",
        "publisher", "command", "size", "_clock",
    )  # fmt: skip

    def __init__(self, topic: str, head: Dict[str, Any], value: Any, size: int, clock: Optional[RobotClock]) -> None:
        data = head["data"]
        self.topic = topic
        self.value = value
        self.type: str = data.get("type", "")
        self.name: str = data.get("name", topic)
        self.seq: int = head.get("seq", 0)
        self.epoch: str = head.get("epoch", "")
        self.ts: int = head.get("ts", 0)
        self.mono: int = head.get("mono", 0)
        self.dropped: int = head.get("dropped", 0)
        self.skipped: int = head.get("skipped", 0)
        self.gap = False
        self.retained: bool = head.get("retained", False)
        self.publisher: str = head.get("from", "")
        self.command: bool = head.get("kind") == "command"
        self.size = size
        self._clock = clock

    @property
    def age(self) -> float:
        """How old the value is now, in seconds, by the robot's clock that never steps. It grows while one holds it."""
        return max(0.0, (self._clock.mono() - self.mono) / 1e6) if self._clock else float("nan")

    @property
    def position(self) -> Position:
        """Where a later subscription or history may go on: ``since=message.position``."""
        return Position(self.epoch, self.seq)

    def __repr__(self) -> str:
        value = f"{len(self.value)} bytes" if isinstance(self.value, bytes) else repr(self.value)
        return f"<Message {self.topic} {self.seq} {self.type} {value}>"


def decode(frame: Union[str, bytes]) -> Tuple[Dict[str, Any], Optional[bytes]]:
    """The head of a frame, and the bytes of a binary one.

    Raises:
        ValueError: what came is no frame of a broker.
    """
    if isinstance(frame, str):
        return _object(json.loads(frame)), None
    length = int.from_bytes(frame[:4], "big")
    if len(frame) < 4 + length:
        raise ValueError("a binary message that is shorter than its head")
    return _object(json.loads(frame[4 : 4 + length])), frame[4 + length :]


def encode(body: Dict[str, Any], payload: Optional[bytes]) -> Union[str, bytes]:
    """A request as the frame to be sent, binary if there are bytes.

    Raises:
        ValueError: a value has no JSON: NaN, an infinity, half a surrogate pair.
        TypeError: a value of a class that JSON does not know.
    """
    text = json.dumps(body, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    head = text.encode()
    return text if payload is None else len(head).to_bytes(4, "big") + head + payload


def _object(parsed: Any) -> Dict[str, Any]:
    if not isinstance(parsed, dict):
        raise ValueError("a message that is no JSON object")
    return parsed
