"""Tokens that are refused, end, and are renewed."""

import asyncio
import logging
import unittest

import robotstream
from tests.broker import token
from tests.clients import Statuses, WithABroker


class Tokens(WithABroker):
    async def test_a_session_goes_on_with_newer_tokens(self):
        given = []
        statuses = Statuses()

        async def supplier():
            given.append(token("renewed", ttl=-26))  # the broker allows 30 s for clocks that differ
            return given[-1]

        robot = await self.client(token=supplier, on_status=statuses)
        session = robot.hello["session"]
        await statuses.get("renewed")
        await statuses.get("renewed")
        self.assertGreaterEqual(len(given), 3)
        self.assertEqual(session, robot.hello["session"])
        self.assertNotIn("waiting", [s.state for s in statuses.all])

    async def test_a_session_whose_token_cannot_be_renewed_ends_with_4401(self):
        robot = await self.client(token=token("short", ttl=-26))
        with self.assertRaises(robotstream.ConnectionEnded) as ended:
            async for _ in robot.subscribe("nothing"):
                pass
        self.assertEqual(4401, ended.exception.code)
        self.assertTrue(ended.exception.reason.startswith("token_expired"))
        with self.assertRaises(robotstream.ConnectionEnded):
            await robot.publish("x", 1)

    async def test_a_refused_token_is_not_sent_again(self):
        given = [token("late", ttl=-26)] * 4
        statuses = Statuses()
        relay = await self.relay()
        supplier = lambda: given.pop() if given else token("late")  # noqa: E731
        robot = await self.client(relay.url, token=supplier, on_status=statuses)
        self.assertEqual(4401, (await statuses.get("waiting")).code)
        await statuses.get("connected")
        self.assertTrue(robot.connected)
        self.assertEqual([], given)
        self.assertEqual(2, relay.connections)

    async def test_a_refused_token_is_told_at_once(self):
        for wrong, code in ((token(ttl=-100), 401), ("x.y.z", 401), (None, 401)):
            with self.assertRaises(robotstream.ConnectionEnded) as refused:
                await self.client(token=wrong)
            self.assertEqual(code, refused.exception.code)
        with self.assertRaises(robotstream.ConnectionEnded) as refused:
            await self.client(self.broker.url + "/elsewhere")
        self.assertEqual(404, refused.exception.code)

    async def test_a_token_goes_nowhere_else_by_a_redirect(self):
        asked = []

        async def answer(reader, writer):
            asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
            port = server.sockets[0].getsockname()[1]
            writer.write(f"HTTP/1.1 302 Found\r\nLocation: ws://localhost:{port}/\r\n\r\n".encode())
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        self.addCleanup(server.close)
        with self.assertRaises(robotstream.ConnectionEnded) as refused:
            await self.client(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        self.assertEqual((302, 1), (refused.exception.code, len(asked)))

    async def test_a_subscription_that_the_newer_token_does_not_cover_ends_in_its_loop(self):
        tokens = [token("less", topics={"subscribe": ["b"], "publish": []}), token("less", ttl=-26)]
        robot = await self.client(token=lambda: tokens.pop() if len(tokens) > 1 else tokens[0])
        with self.assertRaises(robotstream.RequestError) as ended:
            async for _ in robot.subscribe("a"):
                pass
        self.assertEqual("forbidden", ended.exception.code)

    async def test_a_failing_supplier_is_told_without_what_it_says(self):
        def fails():
            raise RuntimeError("secret")

        with self.assertRaises(robotstream.ConnectionEnded) as failed:
            await self.client(token=fails, timeout=0.1)
        self.assertIn("RuntimeError", str(failed.exception))
        self.assertNotIn("secret", str(failed.exception))

    async def test_tokens_reach_no_log(self):
        with self.assertLogs(level=logging.DEBUG) as logs:
            logging.getLogger("robotstream").setLevel(logging.DEBUG)
            self.addCleanup(logging.getLogger("robotstream").setLevel, logging.CRITICAL)
            secret = token("logged")
            robot = await self.client(token=secret)
            await robot.close()
            logging.getLogger().debug("so that there is one")
        self.assertNotIn(secret, "\n".join(logs.output) + repr(robot) + repr(vars(robot._sessions)))


if __name__ == "__main__":
    unittest.main()
