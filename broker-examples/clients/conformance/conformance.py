#!/usr/bin/env python3
"""Runs each client against one broker through a network that is cut, held and delayed; prints what each did.

README.md beside it says what is asked of a client and how a driver is written.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import re
import sys
import time
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, List, Optional

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "python"))

import robotstream  # noqa: E402
from tests.broker import Broker, environment, program, token  # noqa: E402
from tests.relay import Relay  # noqa: E402

JAVA_CLASSES = Path(os.environ.get("CONFORMANCE_JAVA_CLASSES", HERE.parent / "java" / "target" / "classes"))
PATIENCE = 60.0
QUIET = 1.5  # longer than any client waits before its first attempts
SKEW = 30  # how long after its end the broker takes a token


class Failed(Exception):
    """A client has not done what it has to do."""


def command(driver: Path) -> List[str]:
    """How a driver is started."""
    if driver.suffix == ".py":
        return [sys.executable, str(driver)]
    if driver.suffix == ".mjs":
        return ["node", str(driver)]
    java, *options, jar = program()  # the jar has what the client needs
    return [java, *options[:-1], "-cp", os.pathsep.join([str(JAVA_CLASSES), jar]), str(driver)]


class Client:
    """A driver that runs, what it was told and what it has told."""

    def __init__(self, driver: Path, tokens: Callable[[], Optional[str]]) -> None:
        self._driver = driver
        self._tokens = tokens
        self.events: List[Dict[str, Any]] = []
        self._news = asyncio.Event()
        self._over = False
        self.token_requests = 0

    async def __aenter__(self) -> "Client":
        self._process = await asyncio.create_subprocess_exec(
            *command(self._driver),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env=environment(),
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read())
        self._complaints = asyncio.create_task(self._process.stderr.read(100_000))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), 5)
        except asyncio.TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._reading
        self.complaints = (await self._complaints).decode(errors="replace")

    async def _read(self) -> None:
        while line := await self._process.stdout.readline():
            event = json.loads(line)
            if event["event"] == "token":
                self.token_requests += 1
                given = self._tokens()
                self.tell("token", **({} if given is None else {"token": given}))
            self.events.append(event)
            self._news.set()
        self._over = True
        self._news.set()

    def tell(self, what: str, **members: Any) -> None:
        self._process.stdin.write(json.dumps({"do": what, **members}).encode() + b"\n")

    async def wait(self, what: str, wanted: Callable[[Dict[str, Any]], bool], since: int = 0) -> Dict[str, Any]:
        """The first event after a place that is wanted."""
        end = time.monotonic() + PATIENCE
        seen = since
        while True:
            self._news.clear()
            for event in self.events[seen:]:
                if wanted(event):
                    return event
            seen = len(self.events)
            if self._over:
                raise Failed(f"the driver ended before: {what}")
            try:
                await asyncio.wait_for(self._news.wait(), end - time.monotonic())
            except asyncio.TimeoutError:
                raise Failed(f"not in {PATIENCE:.0f} s: {what}") from None

    async def status(self, state: str, since: int = 0) -> Dict[str, Any]:
        return await self.wait(state, lambda e: e["event"] == "status" and e["state"] == state, since)

    async def value(self, name: str, value: Any, since: int = 0) -> Dict[str, Any]:
        return await self.wait(
            f"value {value} on {name}", lambda e: e["event"] == "message" and e["as"] == name and e["value"] == value, since
        )

    async def outcome(self, name: str) -> Dict[str, Any]:
        return await self.wait(
            f"the outcome of {name}", lambda e: e["event"] in ("published", "answered", "failed") and e["as"] == name
        )

    async def progress(self, name: str) -> Dict[str, Any]:
        return await self.wait(f"progress of {name}", lambda e: e["event"] == "progress" and e["as"] == name)

    def messages(self, name: str) -> List[Dict[str, Any]]:
        return [e for e in self.events if e["event"] == "message" and e["as"] == name]

    def states(self) -> List[str]:
        return [e["state"] for e in self.events if e["event"] == "status"]

    async def connect(self, url: str, *topics: str, **options: Any) -> None:
        """Connects, and subscribes to topics under their own names."""
        self.tell("connect", url=url)
        await self.status("connected")
        for topic in topics:
            self.tell("subscribe", **{"as": topic}, topic=topic, options=options)


def need(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Failed(otherwise)


class Stage:
    """A broker, a relay before it, and a client of the script's own that goes round the relay."""

    def __init__(self, *options: str, command: str = "serve") -> None:
        self.broker = Broker(*options, command=command)

    async def __aenter__(self) -> "Stage":
        await asyncio.to_thread(self.broker.start)
        self.relay = await Relay(self.broker.port).__aenter__()
        self.own = await robotstream.connect(self.broker.url, token=lambda: token("script"))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.own.close()
        await self.relay.__aexit__()
        await asyncio.to_thread(self.broker.__exit__)

    async def publish(self, topic: str, values: Any) -> None:
        for value in values:
            await self.own.publish(topic, value)


Scenario = Callable[[Path], Awaitable[str]]
SCENARIOS: Dict[str, Scenario] = {}


def scenario(run: Scenario) -> Scenario:
    SCENARIOS[run.__name__] = run
    return run


def fresh() -> str:
    return token("client")


@scenario
async def loss(driver: Path) -> str:
    async with Stage("--store", "memory") as stage, Client(driver, fresh) as client:
        await client.connect(stage.relay.url, "t")
        await stage.publish("t", [0])
        await client.value("t", 0)
        stage.relay.refuses = True
        stage.relay.cut()
        await client.status("waiting")
        client.tell("publish", **{"as": "away"}, topic="t", value="away")
        failed = await client.outcome("away")
        need(failed["event"] == "failed" and failed["code"] == "disconnected", f"a publish without a connection: {failed}")
        await stage.publish("t", range(1, 6))
        stage.relay.refuses = False
        back = time.monotonic()
        await client.value("t", 5)
        values = [m["value"] for m in client.messages("t")]
        need(values == list(range(6)), f"delivered {values}")
        return f"5 of 5 after {time.monotonic() - back:.1f} s"


@scenario
async def silence(driver: Path) -> str:
    async with Stage("--store", "memory") as stage, Client(driver, fresh) as client:
        await client.connect(stage.relay.url, "t")
        await stage.publish("t", [0])
        await client.value("t", 0)
        stage.relay.hold()
        held = time.monotonic()
        await stage.publish("t", range(1, 6))
        await client.status("waiting")
        noticed = time.monotonic() - held
        stage.relay.cut()
        stage.relay.release()
        await client.value("t", 5)
        values = [m["value"] for m in client.messages("t")]
        need(values == list(range(6)), f"delivered {values}")
        return f"noticed after {noticed:.0f} s, 5 of 5"


@scenario
async def delay(driver: Path) -> str:
    async with Stage() as stage, Client(driver, fresh) as client:
        stage.relay.delay = 0.1
        await client.connect(stage.relay.url, "t")
        await stage.publish("t", [0])
        await client.value("t", 0)
        ages = []
        for value in range(1, 6):
            await stage.publish("t", [value])
            ages.append((await client.value("t", value))["age"])
        age = sorted(ages)[2]
        need(0.06 < age < 0.3, f"ages of {age * 1000:.0f} ms on a way of 100 ms")
        return f"ages of {age * 1000:.0f} ms on a way of 100 ms"


@scenario
async def restart(driver: Path) -> str:
    async with Stage() as stage, Client(driver, fresh) as client:
        await client.connect(stage.relay.url, "t")
        await stage.publish("t", [1])
        await client.value("t", 1)
        await asyncio.to_thread(stage.broker.restart)
        told = await client.status("waiting")
        await client.status("connected", since=client.events.index(told))
        while not stage.own.connected:
            await asyncio.sleep(0.05)
        await stage.publish("t", [2])
        message = await client.value("t", 2)
        need(message["gap"], "nothing is said of the gap")
        return f"told {told['code']}, back, gap told"


@scenario
async def renewal(driver: Path) -> str:
    def short() -> str:
        return token("client", ttl=4 - SKEW)

    async with Stage() as stage, Client(driver, short) as client:
        await client.connect(stage.relay.url, "t")
        for _ in range(2):
            await client.status("renewed", since=len(client.events))
        need(client.states().count("connected") == 1, f"it went through {client.states()}")
        need(stage.relay.connections == 1, f"{stage.relay.connections} connections")
        return f"one session, {client.token_requests} tokens"


@scenario
async def expiry(driver: Path) -> str:
    old = token("client", ttl=4 - SKEW)
    given = [old]

    async with Stage() as stage, Client(driver, lambda: given[-1]) as client:
        await client.connect(stage.relay.url, "t")
        ended = await client.status("waiting")
        need(ended["code"] == 4401, f"ended with {ended['code']}")
        asked = client.token_requests
        await client.wait("another question for a token", lambda e: client.token_requests > asked)
        await asyncio.sleep(QUIET)
        tries = stage.relay.connections
        need(tries == 1, f"the refused token was sent {tries - 1} more times")
        given.append(fresh())
        await client.status("connected", since=client.events.index(ended))
        return "4401, no second try with the old token, back with the new one"


@scenario
async def refused(driver: Path) -> str:
    async with Stage() as stage, Client(driver, lambda: "no.such.token") as client:
        client.tell("connect", url=stage.relay.url)
        told = await client.wait("a status", lambda e: e["event"] == "status")
        need(told["state"] in ("waiting", "ended"), f"{told}")
        await asyncio.sleep(QUIET)
        need(stage.relay.connections == 1, f"the refused token was sent {stage.relay.connections} times")
        return f"{told['code'] or told['reason']}, sent once"


@scenario
async def replaced(driver: Path) -> str:
    async with Stage("--sessions-per-subject", "1") as stage, Client(driver, fresh) as client:
        await client.connect(stage.relay.url, "t")
        await stage.publish("t", [1])
        other = await robotstream.connect(stage.broker.url, token=token("client"))
        try:
            ended = await client.status("ended")
            need(ended["code"] == 4409, f"ended with {ended['code']}")
            await client.wait("the end of the loop", lambda e: e["event"] == "over")
            await asyncio.sleep(QUIET)
            need(stage.relay.connections == 1 and other.connected, "it came back")
            return "4409, stays away"
        finally:
            await other.close()


async def told_to_wait(url: str) -> float:
    """How long a full broker has clients wait, in seconds."""
    try:
        await robotstream.connect(url, token=token("one more"), timeout=0.5)
    except robotstream.ConnectionEnded as refused:
        told = re.search(r"retry_after_ms=(\d+)", refused.reason)
        if told is not None:
            return int(told.group(1)) / 1000
    raise Failed("the broker is not full")


@scenario
async def full(driver: Path) -> str:
    async with Stage("--max-sessions", "2") as stage, Client(driver, fresh) as client:
        filler = await robotstream.connect(stage.broker.url, token=token("filler"))
        try:
            least = await told_to_wait(stage.broker.url)
            client.tell("connect", url=stage.relay.url)
            told = await client.status("waiting")
            first = time.monotonic()
            tries = stage.relay.connections
            while stage.relay.connections == tries:
                await asyncio.sleep(0.01)
            waited = time.monotonic() - first
            need(waited > 0.9 * least, f"it came back after {waited:.1f} s, and was told {least:.1f}")
        finally:
            await filler.close()
        await client.status("connected")
        return f"{told['code'] or told['reason']}, {waited:.1f} s later again, in"


@scenario
async def slow(driver: Path) -> str:
    number = 3000
    async with Stage() as stage, Client(driver, fresh) as client:
        await client.connect(stage.relay.url, "t", policy="queue", queue=100)
        await stage.publish("t", ["first"])
        first = await client.value("t", "first")
        client.tell("pause", **{"as": "t"})
        for value in range(0, number, 100):
            await asyncio.gather(*(stage.own.publish("t", n) for n in range(value, value + 100)))
            await asyncio.sleep(0.12)
        client.tell("publish", **{"as": "busy"}, topic="other", value=1)
        answer = await client.outcome("busy")
        need(answer["event"] == "published", f"a publish of the slow client: {answer}")
        client.tell("resume", **{"as": "t"})
        await client.value("t", number - 1)
        got = client.messages("t")[client.messages("t").index(first) + 1 :]
        lost = sum(m["dropped"] + m["skipped"] for m in got)
        need(len(got) + lost == number, f"{len(got)} received, {lost} told as lost, of {number}")
        need(len(got) < number / 2, f"{len(got)} messages had piled up")
        return f"{len(got)} received, {lost} told as lost"


@scenario
async def order(driver: Path) -> str:
    async with Stage() as stage, Client(driver, fresh) as client:
        await client.connect(stage.relay.url, "robot/#")
        await stage.publish("robot/mode", ["first"])
        await client.value("robot/#", "first")
        client.tell("pause", **{"as": "robot/#"})
        client.tell("publish", **{"as": "paused"}, topic="other", value=1)
        await client.outcome("paused")
        await stage.publish("robot/mode", ["second"])
        await client.value("robot/#", "second")  # and there it stops
        await stage.publish("robot/pose", [1])
        await stage.publish("robot/camera", [b"1"])
        await stage.publish("robot/pose", [2])
        await stage.publish("robot/camera", [b"2"])
        await stage.publish("robot/either", [b"1", "two", b"3"])
        await stage.publish("robot/mode", ["last"])
        client.tell("publish", **{"as": "all has come"}, topic="other", value=2)
        await client.outcome("all has come")
        client.tell("resume", **{"as": "robot/#"})
        await client.value("robot/#", "last")
        got = client.messages("robot/#")[2:]
        places = " ".join(f"{m['topic'][6:]} {m['seq']}" for m in got)
        need(places == "pose 1 camera 2 pose 2 either 1 either 2 either 3 mode 3", f"delivered {places}")
        lost = sum(m["dropped"] + m["skipped"] for m in got)
        need(lost == 1, f"{lost} told as lost, of one picture that a newer one replaced")
        return places


async def drive_away(robot: robotstream.Robot) -> None:
    """From the dock of the demo's robot, so that a call to it takes a while."""
    async with robot.subscribe("pose", policy="latest") as poses:
        while abs((await poses.get()).value["x"]) < 0.3:
            await robot.publish("cmd_vel", {"linear": 1.5, "angular": 0.0}, type="Twist")


@scenario
async def call(driver: Path) -> str:
    async with Stage(command="demo") as stage, Client(driver, fresh) as client:

        async def begin(name: str, speed: float, timeout_ms: int = 600_000, service: str = "robot.dock") -> None:
            await drive_away(stage.own)
            client.tell("call", **{"as": name}, service=service, data={"speed": speed}, timeout_ms=timeout_ms)

        async def fails(name: str, code: str) -> None:
            outcome = await client.outcome(name)
            need(outcome["event"] == "failed" and outcome["code"] == code, f"{name}: {outcome}")

        await client.connect(stage.relay.url)
        await begin("done", 1)
        outcome = await client.outcome("done")
        need(outcome["event"] == "answered" and outcome["data"] == {"docked": True}, f"done: {outcome}")
        need((await client.progress("done"))["data"]["metres"] > 0, "progress without data")
        await begin("unknown", 1, service="robot.fly")
        await fails("unknown", "unknown_service")
        await begin("late", 0.1, timeout_ms=200)
        await fails("late", "timeout")
        await begin("given up", 0.1)
        await client.progress("given up")
        client.tell("cancel", **{"as": "given up"})
        await fails("given up", "cancelled")
        await begin("lost", 0.1)
        await client.progress("lost")
        stage.relay.cut()
        await fails("lost", "disconnected")
        told = len(client.events)
        await client.status("connected", since=told)
        await stage.own.call("robot.dock", {"speed": 1}, timeout=PATIENCE)  # waits for one that was made again
        again = [e for e in client.events[told:] if e["event"] in ("progress", "answered")]
        need(not again, f"it was called again: {again}")
        return "answer, progress, refusal, timeout, cancel; not again after a loss"


@scenario
async def close(driver: Path) -> str:
    async with Stage() as stage, Client(driver, fresh) as client:
        await client.connect(stage.relay.url, "t")
        await stage.publish("t", [1])
        async with stage.own.subscribe("server_logs") as logs:
            client.tell("close")
            async for entry in logs:
                if entry.value["event"] == "client_disconnected" and entry.value.get("subject") == "client":
                    code = entry.value["attrs"]["code"]
                    break
        need(code == 1000, f"the robot was told {code}")
        await client.wait("the end of the loop", lambda e: e["event"] == "over")
        return "1000"


async def run(driver: Path, name: str) -> Optional[str]:
    """Runs one scenario; its result, or what failed, as a line of the table."""
    try:
        return "ok      " + await asyncio.wait_for(SCENARIOS[name](driver), 3 * PATIENCE)
    except (Failed, asyncio.TimeoutError, robotstream.RobotStreamError) as failure:
        return "FAILED  " + (str(failure) or "it took too long")


def available(driver: Path) -> Optional[str]:
    """Why a driver cannot be started, if so."""
    client = HERE.parent / {".py": "python", ".mjs": "javascript", ".java": "java"}[driver.suffix]
    if not client.is_dir():
        return f"{client} is not there"
    if driver.suffix == ".java" and not JAVA_CLASSES.is_dir():
        return f"{JAVA_CLASSES} is not built"
    return None


async def main() -> int:
    drivers = {file.stem.lower(): file for file in sorted((HERE / "drivers").iterdir()) if file.suffix in (".py", ".mjs", ".java")}
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--client", action="append", choices=list(drivers))
    options.add_argument("--scenario", action="append", choices=list(SCENARIOS))
    chosen = options.parse_args()
    logging.getLogger("robotstream").setLevel(logging.CRITICAL)
    failures = 0
    for client in chosen.client or drivers:
        missing = available(drivers[client])
        if missing is not None:
            print(f"{client:11} left out: {missing}", flush=True)
            failures += chosen.client is not None
            continue
        for name in chosen.scenario or SCENARIOS:
            result = await run(drivers[client], name)
            failures += not result.startswith("ok")
            print(f"{client:11} {name:9} {result}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
