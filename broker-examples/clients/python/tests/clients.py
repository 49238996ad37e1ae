"""What tests of the client have in common: a broker for a class, clients that are closed, a wait with an end."""

import asyncio
import logging
import unittest

import robotstream
from tests.broker import PATIENCE, Broker, token
from tests.relay import Relay

logging.getLogger("robotstream").setLevel(logging.CRITICAL)


class Statuses:
    """What a client has told of its connection, to be waited for."""

    def __init__(self):
        self.all = []
        self._queue = asyncio.Queue()

    def __call__(self, status):
        self.all.append(status)
        self._queue.put_nowait(status)

    async def get(self, state):
        while True:
            status = await asyncio.wait_for(self._queue.get(), PATIENCE)
            if status.state == state:
                return status


async def soon(awaitable):
    return await asyncio.wait_for(awaitable, PATIENCE)


async def until(condition):
    """Waits for what no event tells of."""
    async def poll():
        while not condition():
            await asyncio.sleep(0.005)

    await soon(poll())


class WithABroker(unittest.IsolatedAsyncioTestCase):
    options = ("--store", "memory")

    @classmethod
    def setUpClass(cls):
        cls.broker = Broker(*cls.options)
        cls.broker.start()
        cls.addClassCleanup(cls.broker.__exit__)

    async def client(self, url=None, **options):
        options.setdefault("token", token())
        options.setdefault("timeout", PATIENCE)
        robot = await robotstream.connect(url or self.broker.url, **options)
        self.addAsyncCleanup(robot.close)
        return robot

    async def relay(self):
        relay = Relay(self.broker.port)
        await relay.__aenter__()
        self.addAsyncCleanup(relay.__aexit__)
        return relay
