"""A network that is cut, and a broker that is restarted."""

import asyncio
import unittest

import robotstream
from tests.broker import token
from tests.clients import Statuses, WithABroker, soon


class ComingBack(WithABroker):
    async def test_a_cut_connection_is_made_again_and_nothing_is_missed(self):
        relay = await self.relay()
        statuses = Statuses()
        robot, other = await self.client(relay.url, on_status=statuses), await self.client(token=token("other"))
        async with robot.subscribe("cut") as messages, robot.subscribe("cuts/#") as several:
            await other.publish("cut", 0)
            await other.publish("cuts/a", 0)
            self.assertEqual([0, 0], [(await soon(messages.get())).value, (await soon(several.get())).value])
            relay.refuses = True
            relay.cut()
            lost = await statuses.get("waiting")
            self.assertEqual(1006, lost.code)
            with self.assertRaises(robotstream.Disconnected):
                await robot.publish("cut", "lost")
            for n in range(1, 6):
                await other.publish("cut", n)
                await other.publish("cuts/a", n)
            relay.refuses = False
            self.assertEqual([1, 2, 3, 4, 5], [(await soon(messages.get())).value for _ in range(5)])
            self.assertEqual([1, 2, 3, 4, 5], [(await soon(several.get())).value for _ in range(5)])

    async def test_who_wants_what_is_new_gets_the_newest_after_an_absence(self):
        relay = await self.relay()
        robot, other = await self.client(relay.url), await self.client(token=token("other"))
        async with robot.subscribe("fresh", policy="latest") as messages:
            await other.publish("fresh", 0)
            await soon(messages.get())
            relay.refuses = True
            relay.cut()
            for n in range(1, 6):
                await other.publish("fresh", n)
            relay.refuses = False
            self.assertEqual(5, (await soon(messages.get())).value)

    async def test_a_reply_that_is_lost_with_the_connection_is_told(self):
        relay = await self.relay()
        robot = await self.client(relay.url)
        relay.hold()
        publishing = asyncio.create_task(robot.publish("held", 1))
        await asyncio.sleep(0)
        relay.cut()
        with self.assertRaises(robotstream.Disconnected):
            await soon(publishing)

    async def test_a_robot_that_is_not_there_yet_is_waited_for_as_long_as_said(self):
        relay = await self.relay()
        relay.refuses = True
        with self.assertRaises(robotstream.ConnectionEnded) as failed:
            await robotstream.connect(relay.url, token=token(), timeout=0.3)
        self.assertEqual(0, failed.exception.code)
        statuses = Statuses()
        connecting = asyncio.ensure_future(
            asyncio.gather(self.client(relay.url, timeout=None, on_status=statuses))
        )
        await statuses.get("waiting")
        relay.refuses = False
        self.assertTrue((await soon(connecting))[0].connected)


class Restarting(WithABroker):
    options = ("--frame", "flat")

    async def test_a_restarted_broker_is_found_again_and_the_gap_is_told(self):
        statuses = Statuses()
        robot = await self.client(on_status=statuses)
        async with robot.subscribe("again") as messages:
            await robot.publish("again", 1)
            self.assertEqual(1, (await soon(messages.get())).value)
            await asyncio.to_thread(self.broker.restart)
            self.assertEqual(1001, (await statuses.get("waiting")).code)
            await statuses.get("connected")
            await robot.publish("again", 2)
            message = await soon(messages.get())
            self.assertEqual((2, True), (message.value, message.gap))


if __name__ == "__main__":
    unittest.main()
