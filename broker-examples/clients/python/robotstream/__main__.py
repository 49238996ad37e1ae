"""``python -m robotstream``: listen, send, call, stop, topics, plot."""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import sys
import time
from pathlib import Path
from typing import Any, Callable, List, Optional

from . import _plot
from ._message import Message
from ._robot import Published, Robot, connect
from ._sessions import Status
from .errors import RequestError, RobotStreamError

_LEASE = 1.0  # seconds; each publish keeps it
_PERIOD = 0.1  # seconds between publishes with --for


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs a command; 0 when done, 1 when refused, closed or failed, 2 when used wrongly."""
    options = _parser().parse_args(arguments)
    try:
        asyncio.run(_run(options))
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has gone, and so does this
        return 0
    except (RobotStreamError, OSError, ValueError, asyncio.TimeoutError, _plot.NoMatplotlib) as failure:
        print(str(failure) or "nothing came in time", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("url", metavar="URL", help="ws://HOST:PORT/wss, or wss://")
    tokens = common.add_mutually_exclusive_group()
    tokens.add_argument("--token-file", metavar="FILE", type=Path, help="read at each connect, so it may be renewed")
    tokens.add_argument("--token", help="stays in the shell's history")
    common.add_argument("--ca-file", metavar="FILE", help="certificates to trust, or the robot's own")
    common.add_argument("--pinned", metavar="FILE|SHA256", help="the robot's certificate, whatever name is in it")

    parser = argparse.ArgumentParser(prog="python -m robotstream", description="A robot's topics.")
    commands = parser.add_subparsers(dest="command", required=True)

    listen = commands.add_parser("listen", parents=[common], help="prints each message on a line")
    listen.add_argument("topic", metavar="TOPIC", help="a topic or a filter (joints/+, #)")
    listen.add_argument("--count", type=_positive(int), metavar="N", help="ends after N messages")
    listen.add_argument("--timeout", type=_positive(float), metavar="SECONDS", help="fails when none came for so long")
    listen.add_argument("--rate", type=_positive(float), metavar="HZ", help="so many of each topic a second at most")
    listen.set_defaults(work=_listen)

    send = commands.add_parser("send", parents=[common], help="publishes a value")
    send.add_argument("topic", metavar="TOPIC")
    send.add_argument("value", metavar="JSON", type=_json)
    send.add_argument("--type", help="the word that the topic declares, Twist for instance")
    send.add_argument(
        "--for", dest="time", type=_positive(float), metavar="SECONDS", help="publishes it again and again for so long"
    )
    send.set_defaults(work=_send)

    stop = commands.add_parser("stop", parents=[common], help="stops the robot on each stop topic that the token permits")
    stop.set_defaults(work=_stop)

    call = commands.add_parser("call", parents=[common], help="has a service do something, and prints its answer")
    call.add_argument("service", metavar="SERVICE")
    call.add_argument("data", metavar="JSON", type=_json, nargs="?", help="what it is asked; {} unless given")
    call.add_argument("--timeout", type=_positive(float), default=10.0, metavar="SECONDS", help="for the answer: 10")
    call.set_defaults(work=_call)

    topics = commands.add_parser("topics", parents=[common], help="lists the topics that the token may read")
    topics.add_argument("topic", metavar="FILTER", nargs="?")
    topics.set_defaults(work=_topics)

    plot = commands.add_parser("plot", parents=[common], help="draws numbers over time (needs matplotlib)")
    plot.add_argument("topic", metavar="TOPIC")
    plot.add_argument("path", metavar="MEMBER", nargs="*", help="of the value, as x or position.0; all numbers unless given")
    plot.add_argument("--seconds", type=_positive(float), default=30.0, help="how much of the past is shown: 30")
    plot.add_argument("--rate", type=_positive(float), default=20.0, metavar="HZ", help="points a second: 20")
    plot.set_defaults(work=_plot_topic)
    return parser


def _positive(kind: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        number = kind(text)
        if not number > 0:
            raise argparse.ArgumentTypeError(f"{text} is not more than 0")
        return number

    return read


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(f"{text} is no JSON ({wrong}); a string needs its quotes: '\"text\"'") from None


async def _run(options: argparse.Namespace) -> None:
    token = options.token
    if options.token_file is not None:
        file: Path = options.token_file
        file.read_text()  # one that is not there is a mistake, and not to be waited for
        token = lambda: file.read_text().strip()  # noqa: E731
    connecting = connect(
        options.url, token=token, ca_file=options.ca_file, pinned=options.pinned, on_status=_tell
    )
    if options.command == "plot":
        _plot.check()
    async with connecting as robot:
        await options.work(robot, options)


def _tell(status: Status) -> None:
    if status.state == "waiting":
        print(f"no connection ({status.reason}), again in {status.delay:.1f} s", file=sys.stderr)


async def _listen(robot: Robot, options: argparse.Namespace) -> None:
    left = options.count
    async with robot.subscribe(options.topic, rate_hz=options.rate) as messages:
        if not messages.known:
            print(f"nobody has published on {options.topic} yet", file=sys.stderr)
        while left is None or left > 0:
            print(_line(await asyncio.wait_for(messages.get(), options.timeout)), flush=True)
            left = None if left is None else left - 1


def _line(message: Message) -> str:
    value = message.value
    if isinstance(value, bytes):
        value = base64.b64encode(value).decode()
    shown = {"topic": message.topic, "type": message.type, "value": value, "seq": message.seq}
    if message.dropped:
        shown["dropped"] = message.dropped
    return json.dumps(shown, ensure_ascii=False)


async def _send(robot: Robot, options: argparse.Namespace) -> None:
    try:
        done = await _publish(robot, options)
    except RequestError as refusal:
        if refusal.code != "lease_required":
            raise
        await robot.acquire(options.topic, ttl=_LEASE)
        try:
            done = await _publish(robot, options)
        finally:
            await robot.release(options.topic)
    print(f"taken as number {done.seq}, for {done.subscribers} subscription{'' if done.subscribers == 1 else 's'}")


async def _publish(robot: Robot, options: argparse.Namespace) -> Published:
    """Publishes the value once, or again and again; each publish keeps a lease."""
    end = time.monotonic() + (options.time or 0)
    done = await robot.publish(options.topic, options.value, type=options.type)
    while time.monotonic() < end:
        await asyncio.sleep(_PERIOD)
        done = await robot.publish(options.topic, options.value, type=options.type)
    return done


async def _stop(robot: Robot, options: argparse.Namespace) -> None:
    print(f"stopped on {', '.join(await robot.stop())}")


async def _call(robot: Robot, options: argparse.Namespace) -> None:
    def progress(data: Any) -> None:
        print(json.dumps(data, ensure_ascii=False), file=sys.stderr, flush=True)

    answer = await robot.call(options.service, options.data, timeout=options.timeout, progress=progress)
    print(json.dumps(answer, ensure_ascii=False))


async def _topics(robot: Robot, options: argparse.Namespace) -> None:
    for topic in await robot.topics(options.topic):
        may = "publish" if "publish" in topic.rights else ""
        print(f"{topic.name:32} {topic.type or '-':16} {topic.kind:8} {topic.rate:8.1f}/s {may}".rstrip())


async def _plot_topic(robot: Robot, options: argparse.Namespace) -> None:
    await _plot.plot(robot, options.topic, options.path, options.seconds, options.rate)


if __name__ == "__main__":
    sys.exit(main())
