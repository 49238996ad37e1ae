"""Services that are called and leases that are held, with the demo's robot."""

import asyncio
import math
import unittest

import robotstream
from tests.broker import PATIENCE, Broker, token
from tests.clients import Statuses, WithABroker, soon

STOP = {"linear": 0.0, "angular": 0.0}


class Calling(WithABroker):
    @classmethod
    def setUpClass(cls):
        cls.broker = Broker(command="demo")
        cls.broker.start()
        cls.addClassCleanup(cls.broker.__exit__)

    async def away(self, robot):
        """Drives the robot away from its dock, so that a call has something to do."""
        async with robot.subscribe("pose", policy="latest") as poses:
            while math.hypot((pose := (await soon(poses.get())).value)["x"], pose["y"]) < 0.3:
                await robot.publish("cmd_vel", {"linear": 1.5, "angular": 0.0}, type="Twist")

    async def test_a_call_has_its_progress_and_its_answer(self):
        robot = await self.client()
        await self.away(robot)
        told = []
        answer = await robot.call("robot.dock", {"speed": 1}, timeout=PATIENCE, progress=told.append)
        self.assertEqual({"docked": True}, answer)
        self.assertGreater(told[0]["metres"], 0)

    async def test_a_stop_stops_the_robot_on_each_stop_topic_that_the_token_permits(self):
        robot = await self.client()
        (info,) = await robot.topics("stop")
        self.assertIs(True, info.stop_value)
        async with robot.subscribe("stop") as stops:
            self.assertEqual(["stop"], await robot.stop())
            self.assertIs(True, (await soon(stops.get())).value)
        await robot.publish("stop", False)
        viewer = await self.client(token=token(topics={"subscribe": ["#"], "publish": []}))
        with self.assertRaises(robotstream.RequestError) as refused:
            await viewer.stop()
        self.assertEqual("forbidden", refused.exception.code)

    async def test_a_stop_without_an_acknowledgement_is_an_error(self):
        robot = await self.client()
        with self.assertRaisesRegex(robotstream.NoReply, "no reply to stop"):
            await robot.stop(timeout=0)
        await robot.close()
        with self.assertRaises(robotstream.Closed):
            await robot.stop()

    async def test_services_are_those_that_it_may_call(self):
        robot = await self.client()
        (dock,) = await robot.services()
        self.assertEqual("robot.dock", dock.name)
        self.assertIn("speed", dock.request["properties"])
        self.assertIn("docked", dock.reply["properties"])
        self.assertEqual([], await (await self.client(token=token(services=[]))).services())

    async def test_what_is_refused_has_a_code(self):
        robot = await self.client(token=token(services=["robot.dock", "robot.fly"]))
        for service, data, code in (
            ("robot.fly", None, "unknown_service"),
            ("robot.dock", {"speeed": 1}, "type_mismatch"),
            ("arm", None, "forbidden"),
        ):
            with self.subTest(service), self.assertRaises(robotstream.RequestError) as refused:
                await robot.call(service, data)
            self.assertEqual(code, refused.exception.code)
        with self.assertRaises(ValueError):
            await robot.call("robot.dock", {"speed": float("nan")})

    async def test_a_call_that_takes_too_long_is_a_timeout(self):
        robot = await self.client()
        await self.away(robot)
        with self.assertRaises(robotstream.RequestError) as late:
            await robot.call("robot.dock", {"speed": 0.1}, timeout=0.2)
        self.assertEqual("timeout", late.exception.code)

    async def test_a_task_that_is_cancelled_gives_its_call_up(self):
        robot = await self.client()
        await self.away(robot)
        for _ in range(9):  # more than may go on
            call = asyncio.create_task(robot.call("robot.dock", {"speed": 0.1}, timeout=10 * PATIENCE))
            await robot.topics("pose")
            call.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await call
        self.assertEqual({"docked": True}, await robot.call("robot.dock", {"speed": 1}, timeout=PATIENCE))

    async def test_a_progress_that_fails_does_no_harm(self):
        robot = await self.client()
        await self.away(robot)
        self.assertEqual({"docked": True}, await robot.call("robot.dock", {"speed": 1}, timeout=PATIENCE, progress=lambda: None))

    async def test_a_call_whose_connection_is_lost_fails_and_is_not_made_again(self):
        witness, relay, statuses, told = await self.client(), await self.relay(), Statuses(), []
        await self.away(witness)
        robot = await self.client(relay.url, on_status=statuses)

        def progress(data):
            told.append(data)
            relay.cut()

        with self.assertRaises(robotstream.Disconnected):
            await robot.call("robot.dock", {"speed": 0.1}, timeout=10 * PATIENCE, progress=progress)
        await statuses.get("waiting")
        with self.assertRaises(robotstream.Disconnected):
            await robot.call("robot.dock")
        await statuses.get("connected")
        before = len(told)
        # One that was made again would be in its way.
        self.assertEqual({"docked": True}, await witness.call("robot.dock", {"speed": 1}, timeout=PATIENCE))
        self.assertEqual(before, len(told))

    async def test_who_has_the_lease_publishes_alone(self):
        robot, other = await self.client(), await self.client(token=token("other"))
        await robot.acquire("cmd_vel", ttl=PATIENCE)
        await robot.publish("cmd_vel", STOP, type="Twist")
        for refused in (other.publish("cmd_vel", STOP, type="Twist"), other.acquire("cmd_vel")):
            with self.assertRaises(robotstream.RequestError) as held:
                await refused
            self.assertEqual(("lease_held", "tester", True), (held.exception.code, held.exception.holder, held.exception.retry))
        await robot.release("cmd_vel")
        await other.publish("cmd_vel", STOP, type="Twist")
        with self.assertRaises(robotstream.RequestError) as free:
            await robot.release("cmd_vel")
        self.assertEqual("lease_required", free.exception.code)


if __name__ == "__main__":
    unittest.main()
