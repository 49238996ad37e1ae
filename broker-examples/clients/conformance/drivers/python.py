"""The Python client for the conformance script; see README.md beside it for what is read and written."""

import asyncio
import base64
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))

import robotstream  # noqa: E402


def tell(event, **members):
    print(json.dumps({"event": event, **members}), flush=True)


class Driver:
    def __init__(self):
        self.tokens = asyncio.Queue()
        self.flowing = {}
        self.calls = {}
        self.tasks = set()
        self.robot = None

    async def token(self):
        tell("token")
        command = await self.tokens.get()
        if "token" not in command:
            raise RuntimeError("the script gives no token")
        return command["token"]

    def status(self, status):
        tell("status", state=status.state, code=status.code, reason=status.reason)

    async def connect(self, url):
        connecting = robotstream.connect(url, token=self.token, timeout=None, on_status=self.status)
        try:
            self.robot = await connecting
        except robotstream.ConnectionEnded:
            pass  # told as a status

    async def loop(self, name, topic, options):
        if "max_age_ms" in options:
            options["max_age"] = options.pop("max_age_ms") / 1000
        flowing = self.flowing[name] = asyncio.Event()
        flowing.set()
        try:
            async for m in self.robot.subscribe(topic, **options):
                value = base64.b64encode(m.value).decode() if isinstance(m.value, bytes) else m.value
                tell(
                    "message", topic=m.topic, value=value, seq=m.seq, dropped=m.dropped, skipped=m.skipped, gap=m.gap,
                    age=m.age, **{"as": name},
                )  # fmt: skip
                await flowing.wait()
        except robotstream.RobotStreamError:
            pass
        tell("over", **{"as": name})

    async def publish(self, name, topic, value):
        async def publish():
            done = await self.robot.publish(topic, value)
            tell("published", seq=done.seq, **{"as": name})

        await self.outcome(name, publish())

    async def call(self, name, service, data, timeout):
        async def call():
            def progress(told):
                tell("progress", data=told, **{"as": name})

            answer = await self.robot.call(service, data, timeout=timeout, progress=progress)
            tell("answered", data=answer, **{"as": name})

        await self.outcome(name, call())

    async def outcome(self, name, work):
        try:
            await work
        except asyncio.CancelledError:
            tell("failed", code="cancelled", **{"as": name})
        except robotstream.Disconnected:
            tell("failed", code="disconnected", **{"as": name})
        except robotstream.RequestError as refused:
            tell("failed", code=refused.code, **{"as": name})
        except robotstream.RobotStreamError as failed:
            tell("failed", code=type(failed).__name__, **{"as": name})

    def start(self, work):
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def run(self):
        commands = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(commands), sys.stdin
        )
        while line := await commands.readline():
            command = json.loads(line)
            what, name = command["do"], command.get("as")
            if what == "connect":
                self.start(self.connect(command["url"]))
            elif what == "token":
                self.tokens.put_nowait(command)
            elif what == "subscribe":
                self.start(self.loop(name, command["topic"], command.get("options", {})))
            elif what == "pause":
                self.flowing[name].clear()
            elif what == "resume":
                self.flowing[name].set()
            elif what == "publish":
                self.start(self.publish(name, command["topic"], command["value"]))
            elif what == "call":
                work = self.call(name, command["service"], command["data"], command["timeout_ms"] / 1000)
                self.calls[name] = self.start(work)
            elif what == "cancel":
                self.calls[name].cancel()
            elif what == "close":
                await self.robot.close()


asyncio.run(Driver().run())
