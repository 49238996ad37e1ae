"""Takes 50 messages a second of a topic whose values are times: slow.py URL TOPIC SECONDS OPTIONS, with asyncio or, as slow.py ... sync, without."""

import asyncio
import json
import sys
import time

import websockets
from websockets.sync.client import connect

URL, TOPIC, SECONDS = sys.argv[1], sys.argv[2], float(sys.argv[3])
SUBSCRIBE = json.dumps({"action": "subscribe", "topic": TOPIC, "options": json.loads(sys.argv[4])})
PERIOD = 0.02


class Account:
    """What came, how old it was, and what was told of the rest."""

    def __init__(self):
        self.began = time.time()
        self.oldest = 0.0
        self.first = None
        self.last = None
        self.came = 0
        self.told = 0

    def takes(self, text):
        frame = json.loads(text)
        if frame.get("action") == "publish":
            self.last = frame["seq"]
            if self.first is None:
                self.first = frame["seq"]
            else:
                self.told += frame.get("dropped", 0) + frame.get("skipped", 0)
            self.came += 1
            if time.time() - self.began > 1:
                self.oldest = max(self.oldest, time.time() * 1000 - frame["data"]["data"])
        return time.time() - self.began < SECONDS

    def line(self):
        untold = self.last - self.first + 1 - self.came - self.told
        return f"oldest {self.oldest:.0f} ms, came {self.came}, told {self.told}, untold {untold}"


async def with_asyncio():
    async with websockets.connect(URL) as socket:
        await socket.send(SUBSCRIBE)
        account = Account()
        while account.takes(await socket.recv()):
            await asyncio.sleep(PERIOD)
        print(account.line())


def without():
    with connect(URL) as socket:
        socket.send(SUBSCRIBE)
        account = Account()
        while account.takes(socket.recv()):
            time.sleep(PERIOD)
        print(account.line())


# Each tells its account before it closes: a library that has stopped reading waits 10 s for the other side's close.
if sys.argv[5:] == ["sync"]:
    without()
else:
    asyncio.run(with_asyncio())
