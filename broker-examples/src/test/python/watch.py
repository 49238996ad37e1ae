"""Connects and tells what becomes of the connection: watch.py URL"""

import asyncio
import sys

import websockets


async def watch(url):
    try:
        async with websockets.connect(url) as websocket:
            print("open")
            while True:
                await websocket.recv()
    except websockets.ConnectionClosed as closed:
        print("closed", closed.rcvd.code, closed.rcvd.reason)
    except websockets.InvalidHandshake as refused:
        print("refused", refused)


asyncio.run(watch(sys.argv[1]))
