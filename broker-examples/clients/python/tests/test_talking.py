"""Topics, values, refusals, the end; and loops that are slow."""

import asyncio
import gc
import traceback
import unittest

import robotstream
from tests.broker import PATIENCE, token
from tests.clients import WithABroker, soon, until


class Talking(WithABroker):
    async def test_a_loop_gets_what_is_published_with_number_type_and_age(self):
        robot = await self.client()
        async with robot.subscribe("talk") as messages:
            done = await robot.publish("talk", {"x": [1, "ü", None]}, type="Thing")
            message = await soon(messages.get())
        self.assertEqual(1, done.subscribers)
        self.assertEqual(("talk", "Thing", {"x": [1, "ü", None]}), (message.topic, message.type, message.value))
        self.assertEqual((done.seq, 0, False, "tester"), (message.seq, message.dropped, message.gap, message.publisher))
        self.assertTrue(0 <= message.age < PATIENCE)

    async def test_bytes_come_as_bytes_and_go_as_bytes(self):
        robot = await self.client()
        picture = bytes(range(256)) * 8000  # more than 1 MiB is sent to who says that it takes it
        async with robot.subscribe("camera") as pictures:
            await robot.publish("camera", picture[:1_000_000], type="image/jpeg")
            message = await soon(pictures.get())
        self.assertEqual(("image/jpeg", picture[:1_000_000]), (message.type, message.value))

    async def test_a_refused_request_raises_the_code_and_the_message(self):
        robot = await self.client(token=token(topics={"subscribe": ["pose"], "publish": []}))
        with self.assertRaises(robotstream.RequestError) as refused:
            await robot.publish("pose", 1)
        self.assertEqual(("forbidden", False, "pose"), (refused.exception.code, refused.exception.retry, refused.exception.topic))
        self.assertIn("pose", refused.exception.message)
        with self.assertRaises(robotstream.RequestError) as refused:
            async for _ in robot.subscribe("secrets"):
                pass
        self.assertEqual("forbidden", refused.exception.code)
        with self.assertRaises(robotstream.RequestError):
            await robot.latest("secrets")
        self.assertTrue(robot.connected)

    async def test_an_ended_subscription_says_why_each_time_it_is_asked(self):
        robot = await self.client(token=token(topics={"subscribe": ["pose"], "publish": []}))
        poses, secrets = robot.subscribe("pose"), robot.subscribe("secrets")
        self.assertIsNone(poses.poll())
        async with poses:  # one that has begun may still be entered
            pass
        for _ in range(3):
            with self.assertRaises(robotstream.RequestError) as refused:
                await soon(secrets.get())
            with self.assertRaises(robotstream.RequestError):
                secrets.poll()
        frames = list(traceback.walk_tb(refused.exception.__traceback__))
        self.assertLess(len(frames), 10)
        with self.assertRaises(robotstream.Closed):
            poses.poll()

    async def test_a_command_that_comes_too_late_is_stale(self):
        robot = await self.client()
        await robot.publish("drive", 1, ttl=PATIENCE)
        robot._sessions.clock.sample(robot._sessions.clock.local(), robot.mono() - 1_000_000)  # a clock that is a second behind
        robot._sessions.clock._samples[-1] = (0.0, robot._sessions.clock._samples[-1][1])
        with self.assertRaises(robotstream.RequestError) as stale:
            await robot.publish("drive", 1, ttl=0.1)
        self.assertEqual("stale", stale.exception.code)

    async def test_latest_is_the_newest_value_at_once(self):
        robot, other = await self.client(), await self.client()
        self.assertIsNone(await robot.latest("newest", timeout=0.01))
        for value in range(5):
            await other.publish("newest", value)

        async def newest():
            while (message := await robot.latest("newest")) is None or message.value != 4:
                await asyncio.sleep(0)
            return message

        self.assertEqual(4, (await soon(newest())).value)
        self.assertEqual(4, (await (await self.client()).latest("newest")).value)

    async def test_topics_come_with_type_and_rights_over_as_many_pages_as_there_are(self):
        robot = await self.client(token=token("reader", topics={"subscribe": ["many/#"], "publish": ["many/5/#"]}))
        for session in range(4):
            other = await self.client(token=token(f"maker-{session}"))
            for n in range(60):
                await other.publish(f"many/{session}/{n:0150}", n)
        found = await robot.topics()
        self.assertEqual(240, len(found))
        self.assertEqual(sorted(t.name for t in found), [t.name for t in found])
        self.assertEqual(("int", "state", ("subscribe",)), (found[0].type, found[0].kind, found[0].rights))
        self.assertEqual(1, found[0].oldest)

    async def test_history_goes_over_as_many_pages_as_there_are(self):
        robot = await self.client()
        for n in range(1, 41):
            await robot.publish("past", {"n": n, "text": "x" * 20_000})
        self.assertEqual(list(range(1, 41)), [m.value["n"] async for m in robot.history("past")])
        third = [m async for m in robot.history("past", limit=3)][2]
        self.assertEqual([4, 5], [m.value["n"] async for m in robot.history("past", since=third.position, limit=2)])
        with self.assertRaises(robotstream.RequestError) as gap:
            [m async for m in robot.history("past", since=robotstream.Position("other", 1))]
        self.assertEqual(("history_gap", 1), (gap.exception.code, gap.exception.oldest))

    async def test_a_history_tells_bytes_from_a_string_that_looks_like_them(self):
        robot = await self.client()
        await robot.publish("either", b"\xff\xd8\x00", type="image/jpeg")
        await robot.publish("either", "/9gA", type="image/jpeg")
        self.assertEqual([b"\xff\xd8\x00", "/9gA"], [m.value async for m in robot.history("either")])

    async def test_a_loop_that_was_left_ends_its_subscription(self):
        robot = await self.client()
        await robot.publish("left", 1)
        async for _ in robot.subscribe("left"):
            break
        gc.collect()
        await asyncio.sleep(0)
        await until(lambda: not robot._sessions._tasks)
        self.assertEqual(0, (await robot.publish("left", 2)).subscribers)

    async def test_subscriptions_to_one_topic_are_each_other_s_strangers(self):
        robot = await self.client()
        async with robot.subscribe("twice") as first:
            async with robot.subscribe("twice") as second:
                await robot.publish("twice", 1)
                self.assertEqual(1, (await soon(second.get())).value)
            await robot.publish("twice", 2)
            self.assertEqual([1, 2], [(await soon(first.get())).value for _ in range(2)])

    async def test_a_value_without_json_is_told_before_it_is_sent(self):
        robot = await self.client()
        with self.assertRaises(ValueError):
            await robot.publish("nan", float("nan"))
        with self.assertRaises(TypeError):
            await robot.publish("object", object())
        self.assertEqual(1, (await robot.publish("nan", 1)).seq)

    async def test_closing_ends_loops_and_is_told_to_the_robot(self):
        watcher = await self.client(token=token("watcher"))
        robot = await self.client(token=token("leaver"))

        async def loop():
            return [m async for m in robot.subscribe("nothing")]

        looping = asyncio.create_task(loop())
        async with watcher.subscribe("server_logs") as logs:
            await robot.close()
            self.assertEqual([], await soon(looping))
            with self.assertRaises(robotstream.Closed):
                await robot.publish("x", 1)
            async for entry in logs:
                if entry.value["event"] == "client_disconnected" and entry.value.get("subject") == "leaver":
                    self.assertEqual(1000, entry.value["attrs"]["code"])
                    return


class Flow(WithABroker):
    async def test_a_slow_loop_has_a_bounded_number_waiting_and_is_told_of_the_rest(self):
        robot, other = await self.client(), await self.client()
        async with robot.subscribe("fast", policy="queue", queue=10) as slow:
            for n in range(1, 101):
                await other.publish("fast", n)
            await until(lambda: slow.resume._last["fast"].seq == 100)
            self.assertEqual(10, len(slow._buffer))
            seen = [await soon(slow.get()) for _ in range(10)]
        self.assertEqual(list(range(91, 101)), [m.value for m in seen])
        self.assertEqual([90] + 9 * [0], [m.dropped for m in seen])

    async def test_a_slow_loop_holds_no_other_up_nor_its_own_publishing(self):
        robot, other = await self.client(), await self.client()
        async with robot.subscribe("flood"), robot.subscribe("calm") as calm:
            for n in range(2000):
                await other.publish("flood", "x" * 4000, echo=False)
            await other.publish("calm", 1)
            self.assertEqual(1, (await soon(calm.get())).value)
            await soon(robot.publish("answer", 2))

    async def test_who_may_lose_nothing_and_is_slow_goes_on_where_it_was(self):
        robot, other = await self.client(), await self.client(token=token("other"))
        async with robot.subscribe("all", policy="reliable") as every:
            every._buffer._limit = 5
            for n in range(1, 31):
                await other.publish("all", n)
            seen = [await soon(every.get()) for _ in range(30)]
        self.assertEqual(list(range(1, 31)), [m.value for m in seen])
        self.assertEqual({0}, {m.dropped for m in seen})

    async def test_pictures_wait_one_at_a_time(self):
        robot, other = await self.client(), await self.client()
        async with robot.subscribe("pictures") as pictures:
            for n in range(20):
                await other.publish("pictures", bytes([n]) * 1000, type="image/png")
            await until(lambda: "pictures" in pictures.resume._last and pictures.resume._last["pictures"].seq == 20)
            newest = await soon(pictures.get())
        self.assertEqual((20, bytes([19]) * 1000), (newest.seq, newest.value))
        self.assertEqual(19, newest.dropped + newest.skipped)


if __name__ == "__main__":
    unittest.main()
