"""Publishes one value as the protocol's document shows it: publish.py URL TOPIC JSON"""

import asyncio
import json
import sys

import websockets


async def publish(url, topic, value):
    async with websockets.connect(url) as websocket:
        data = {"name": topic, "type": "any", "data": value}
        await websocket.send(json.dumps({"action": "publish", "topic": topic, "data": data}))


asyncio.run(publish(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])))
