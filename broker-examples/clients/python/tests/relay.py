"""A network that a test can cut, hold, delay and refuse."""

from __future__ import annotations

import asyncio
from typing import Optional, Set


class Relay:
    """Forwards connections to a broker until it is told otherwise."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._writers: Set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self.refuses = False
        self.delay = 0.0
        self.connections = 0

    async def __aenter__(self) -> "Relay":
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}/wss"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()
        self._flowing.set()

    def cut(self) -> None:
        """Ends all connections without a goodbye (RST)."""
        for writer in list(self._writers):
            writer.transport.abort()

    def hold(self) -> None:
        """Lets nothing through, and ends nothing."""
        self._flowing.clear()

    def release(self) -> None:
        self._flowing.set()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuses:
            writer.transport.abort()
            return
        self.connections += 1
        other: Optional[asyncio.StreamWriter] = None
        try:
            back, other = await asyncio.open_connection("127.0.0.1", self._to)
            self._writers |= {writer, other}
            await asyncio.gather(self._pump(reader, other), self._pump(back, writer))
        except OSError:
            pass
        finally:
            for end in (writer, other):
                if end is not None:
                    self._writers.discard(end)
                    end.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while True:
            data = await source.read(65536)
            await asyncio.sleep(self.delay)
            await self._flowing.wait()
            if not data:
                sink.close()
                return
            sink.write(data)
            await sink.drain()
