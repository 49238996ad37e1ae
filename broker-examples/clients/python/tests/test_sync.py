"""The client for threads."""

import logging
import threading
import unittest

import robotstream
import robotstream.sync
from tests.broker import PATIENCE, Broker, token

logging.getLogger("robotstream").setLevel(logging.CRITICAL)


class WithoutAsyncio(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = Broker("--store", "memory")
        cls.broker.start()
        cls.addClassCleanup(cls.broker.__exit__)

    def client(self, **options):
        return robotstream.sync.connect(self.broker.url, token=token(), timeout=PATIENCE, **options)

    def test_talks_like_the_other_one(self):
        with self.client() as robot:
            messages = robot.subscribe("s/talk")
            self.assertEqual(1, robot.publish("s/talk", [1], type="List").subscribers)
            message = messages.get(timeout=PATIENCE)
            self.assertEqual(([1], "List"), (message.value, message.type))
            self.assertEqual([1], robot.latest("s/talk").value)
            self.assertEqual(["s/talk"], [topic.name for topic in robot.topics("s/talk")])
            self.assertEqual([[1]], [m.value for m in robot.history("s/talk")])
            with self.assertRaises(robotstream.RequestError):
                robot.subscribe("a//#/b")

    def test_a_control_loop_polls_without_waiting(self):
        with self.client() as robot:
            messages = robot.subscribe("s/poll")
            self.assertIsNone(messages.poll())
            robot.publish("s/poll", 5)
            self.assertEqual(5, messages.get(timeout=PATIENCE).value)
            self.assertIsNone(messages.poll())
            messages.close()
            with self.assertRaises(robotstream.Closed):
                messages.poll()
        messages.close()

    def test_an_option_that_is_none_is_refused_at_the_call(self):
        with self.client() as robot:
            with self.assertRaises(TypeError):
                robot.subscribe("s/options", rate=10)

    def test_a_time_limit_loses_no_message(self):
        with self.client() as robot, robot.subscribe("s/limit") as messages:
            with self.assertRaises(TimeoutError):
                messages.get(timeout=0.01)
            for n in range(200):
                robot.publish("s/limit", n)
            seen = []
            while len(seen) < 200:
                try:
                    seen.append(messages.get(timeout=0.0001).value)
                except TimeoutError:
                    pass
            self.assertEqual(list(range(200)), seen)

    def test_closing_ends_the_loop_of_another_thread(self):
        seen = []
        with self.client() as robot:
            messages = robot.subscribe("s/closing")
            thread = threading.Thread(target=lambda: seen.extend(messages))
            thread.start()
            robot.publish("s/closing", 1)
        thread.join(PATIENCE)
        self.assertFalse(thread.is_alive())
        self.assertLessEqual(len(seen), 1)
        with self.assertRaises(robotstream.Closed):
            robot.publish("s/closing", 2)
        robot.close()

    def test_calls_and_leases_are_those_of_the_other_one(self):
        with Broker(command="demo") as demo:
            with robotstream.sync.connect(demo.url, token=token(), timeout=PATIENCE) as robot:
                robot.acquire("cmd_vel", ttl=PATIENCE)
                robot.release("cmd_vel")
                self.assertEqual({"docked": True}, robot.call("robot.dock", {"speed": 1}, timeout=PATIENCE))
                with self.assertRaises(robotstream.RequestError):
                    robot.release("cmd_vel")

    def test_a_refusal_leaves_no_thread(self):
        before = threading.active_count()
        with self.assertRaises(robotstream.ConnectionEnded):
            with robotstream.sync.connect(self.broker.url, token="no.such.token"):
                pass
        self.assertEqual(before, sum(thread.name != "robotstream" for thread in threading.enumerate()))


if __name__ == "__main__":
    unittest.main()
