"""Client of a robot's RobotStreamBroker.

::

    import asyncio
    import robotstream

    async def main() -> None:
        async with robotstream.connect("ws://127.0.0.1:8765/wss", token="…") as robot:
            async for message in robot.subscribe("pose", rate_hz=10):
                print(message.value, message.age)

    asyncio.run(main())

For programs without asyncio there is :mod:`robotstream.sync`. The wire is described in ``docs/protocol.md``.
"""

from ._message import Message, Position
from ._robot import Published, Robot, ServiceInfo, TopicInfo, connect
from ._sessions import Status
from ._subscription import Subscription
from .errors import Closed, ConnectionEnded, Disconnected, NoReply, RequestError, RobotStreamError

__all__ = [
    "Closed",
    "ConnectionEnded",
    "Disconnected",
    "Message",
    "NoReply",
    "Position",
    "Published",
    "RequestError",
    "Robot",
    "RobotStreamError",
    "ServiceInfo",
    "Status",
    "Subscription",
    "TopicInfo",
    "connect",
]
