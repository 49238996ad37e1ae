"""The parts that need no broker."""

import json
import unittest
from pathlib import Path

from robotstream import _retry
from robotstream._buffer import Buffer
from robotstream._clock import RobotClock
from robotstream._message import Message, Position, decode, encode
from robotstream._plot import numbers
from robotstream._retry import Backoff
from robotstream._robot import _address
from robotstream._subscription import POSITIONS, Resume


def message(seq, topic="t", value=0, size=10, **meta):
    head = {"data": {"name": topic, "type": "number"}, "seq": seq, "epoch": "e", **meta}
    return Message(topic, head, value, size, None)


def taken(buffer, age=lambda m: 0.0):
    found = []
    while (m := buffer.take(age)) is not None:
        found.append((m.seq, m.dropped, m.skipped))
    return found


def places(buffer):
    return [(m.topic, m.seq) for m in iter(lambda: buffer.take(lambda _: 0.0), None)]


class TheBuffer(unittest.TestCase):
    def test_loses_the_oldest_of_a_full_queue_and_tells_it(self):
        buffer = Buffer("queue", limit=2)
        for seq in range(1, 6):
            buffer.offer(message(seq))
        self.assertEqual([(4, 3, 0), (5, 0, 0)], taken(buffer))

    def test_loses_the_newest_where_that_was_asked_for(self):
        buffer = Buffer("queue", limit=2, overflow="drop_newest")
        for seq in range(1, 6):
            buffer.offer(message(seq))
        self.assertEqual([(1, 3, 0), (2, 0, 0)], taken(buffer))

    def test_adds_up_what_lost_messages_had_to_tell(self):
        buffer = Buffer("queue", limit=1)
        buffer.offer(message(5, dropped=4, skipped=7))
        buffer.offer(message(6))
        self.assertEqual([(6, 5, 7)], taken(buffer))

    def test_keeps_a_message_that_is_larger_than_its_bytes(self):
        buffer = Buffer("queue", limit_bytes=100)
        buffer.offer(message(1, size=60))
        buffer.offer(message(2, size=500))
        self.assertEqual([(2, 1, 0)], taken(buffer))

    def test_gives_the_newest_by_latest_in_the_place_of_the_one_before(self):
        buffer = Buffer("latest")
        for seq, topic in ((1, "a"), (1, "b"), (2, "a"), (3, "a")):
            buffer.offer(message(seq, topic))
        self.assertEqual([(3, 0, 2), (1, 0, 0)], taken(buffer))

    def test_keeps_the_newest_bytes_unless_told_otherwise(self):
        both = [(1, 0, 0), (2, 0, 0)]
        for buffer, kept in ((Buffer(), [(2, 1, 0)]), (Buffer("queue"), both), (Buffer(overflow="drop_oldest"), both)):
            buffer.offer(message(1, value=b"1"))
            buffer.offer(message(2, value=b"2"))
            self.assertEqual(kept, taken(buffer))

    def test_gives_a_picture_in_its_place_among_all_topics(self):
        buffer = Buffer()
        buffer.offer(message(1, "pose"))
        buffer.offer(message(1, "camera", value=b"1"))
        buffer.offer(message(2, "pose"))
        self.assertEqual([("pose", 1), ("camera", 1), ("pose", 2)], places(buffer))

    def test_gives_bytes_and_json_of_a_topic_in_their_order(self):
        buffer = Buffer()
        for seq, value in ((1, b"1"), (2, "two"), (3, b"3"), (4, b"4"), (5, "five")):
            buffer.offer(message(seq, value=value))
        self.assertEqual([(1, 1, 0), (2, 0, 0), (4, 0, 0), (5, 0, 0)], taken(buffer))

    def test_gives_newer_bytes_in_the_place_of_those_before(self):
        buffer = Buffer()
        for seq, topic, value in ((1, "camera", b"1"), (1, "pose", 0), (2, "camera", b"2"), (3, "camera", b"3")):
            buffer.offer(message(seq, topic, value))
        self.assertEqual([("camera", 3), ("pose", 1)], places(buffer))

    def test_counts_what_a_full_queue_loses_beside_what_was_replaced(self):
        buffer = Buffer(limit=2)
        buffer.offer(message(1, "camera", b"1"))
        buffer.offer(message(2, "camera", b"2"))
        buffer.offer(message(1, "pose"))
        buffer.offer(message(1, "mode"))
        buffer.offer(message(3, "camera", b"3"))
        self.assertEqual([(1, 3, 0), (3, 0, 0)], taken(buffer))

    def test_counts_the_bytes_of_what_waits_and_not_of_what_was_replaced(self):
        buffer = Buffer(limit_bytes=100)
        buffer.offer(message(1, "pose", size=10))
        for seq, size in ((1, 90), (2, 20), (3, 90)):
            buffer.offer(message(seq, "camera", b"", size))
        self.assertEqual(2, len(buffer))
        buffer.offer(message(4, "camera", b"", 91))
        self.assertEqual([(4, 4, 0)], taken(buffer))

    def test_has_a_busy_topic_push_no_quiet_one_out_of_a_full_queue(self):
        buffer = Buffer(limit=3)
        buffer.offer(message(1, "mode"))
        buffer.offer(message(1, "camera", b"1"))
        for seq in range(1, 6):
            buffer.offer(message(seq, "pose"))
        self.assertEqual([("mode", 1), ("camera", 1), ("pose", 5)], places(buffer))

    def test_loses_what_is_old_and_was_followed_and_never_the_newest_of_a_topic(self):
        buffer = Buffer()
        for seq, topic in ((1, "a"), (1, "rare"), (2, "a"), (3, "a")):
            buffer.offer(message(seq, topic))
        self.assertEqual([(1, 1, 0), (3, 1, 0)], taken(buffer, age=lambda m: 2.5))

    def test_loses_nothing_of_the_log_and_of_the_brokers_own_topics_for_its_age(self):
        buffer = Buffer()
        for seq, topic in ((1, "server_logs"), (2, "server_logs"), (1, "$stats"), (2, "$stats")):
            buffer.offer(message(seq, topic))
        self.assertEqual([(1, 0, 0), (2, 0, 0), (1, 0, 0), (2, 0, 0)], taken(buffer, age=lambda m: 2.5))

    def test_loses_no_command_for_its_age(self):
        buffer = Buffer()
        buffer.offer(message(1, kind="command"))
        buffer.offer(message(2, kind="command"))
        self.assertEqual([(1, 0, 0), (2, 0, 0)], taken(buffer, age=lambda m: 2.5))

    def test_goes_by_the_age_that_was_asked_for_in_the_place_of_two_seconds(self):
        buffer = Buffer(max_age=10)
        buffer.offer(message(1))
        buffer.offer(message(2))
        self.assertEqual([(1, 0, 0), (2, 0, 0)], taken(buffer, age=lambda m: 2.5))

    def test_loses_nothing_for_its_age_by_queue(self):
        buffer = Buffer("queue")
        buffer.offer(message(1))
        buffer.offer(message(2))
        self.assertEqual([(1, 0, 0), (2, 0, 0)], taken(buffer, age=lambda m: 2.5))

    def test_loses_what_is_older_than_asked_but_not_the_retained_value(self):
        buffer = Buffer("latest", max_age=0.2)
        buffer.offer(message(1, "a", retained=True))
        buffer.offer(message(1, "b"))
        self.assertEqual([(1, 0, 0)], taken(buffer, age=lambda m: 0.3))

    def test_refuses_by_reliable_what_finds_no_room(self):
        buffer = Buffer("reliable", limit=1)
        self.assertTrue(buffer.offer(message(1)))
        self.assertFalse(buffer.offer(message(2)))
        self.assertEqual([(1, 0, 0)], taken(buffer))


class ComingBack(unittest.TestCase):
    def test_follows_the_table_of_close_codes(self):
        for code in (1000, 1002, 1007, 1008, 1009, 4403, 4409):
            self.assertFalse(_retry.closed(code, "").again, code)
        for code in (1001, 1005, 1006, 1011, 1012, 1013, 4401, 4408, 4429):
            self.assertTrue(_retry.closed(code, "").again, code)
        self.assertTrue(_retry.closed(4401, "token_expired: …").token_refused)

    def test_follows_the_table_of_statuses(self):
        for status in (400, 403, 404, 405, 426, 431, 301):
            self.assertFalse(_retry.refused(status, "", None).again, status)
        for status in (401, 408, 429, 500, 502, 503):
            self.assertTrue(_retry.refused(status, "", None).again, status)
        self.assertTrue(_retry.refused(401, "token_expired: …", None).token_refused)

    def test_waits_as_long_as_the_robot_says(self):
        self.assertEqual(4.0, _retry.closed(1013, "overloaded retry_after_ms=4000").after)
        self.assertEqual(1.5, _retry.refused(503, "overloaded retry_after_ms=1500", "2").after)
        self.assertEqual(2.0, _retry.refused(503, "busy", "2").after)
        self.assertEqual(0.0, _retry.refused(503, "busy", "Fri, 31 Dec 1999 23:59:59 GMT").after)

    def test_waits_longer_each_time_and_at_random_by_half(self):
        asked = []
        backoff = Backoff(lambda low, high: asked.append((low, high)) or high)
        self.assertEqual([0.25, 0.5, 1, 2, 4, 8, 15, 15], [backoff.delay() for _ in range(8)])
        self.assertEqual((7.5, 15.0), asked[-1])

    def test_begins_anew_after_a_connection_that_lasted_only(self):
        backoff = Backoff(lambda low, high: high)
        backoff.delay()
        backoff.lasted(1)
        self.assertEqual(0.5, backoff.delay())
        backoff.lasted(6)
        self.assertEqual(0.25, backoff.delay())


class Resuming(unittest.TestCase):
    def test_tells_what_was_lost_where_the_robot_has_not_kept_it(self):
        resume = Resume("t", wanted=True)
        resume.passed(message(3))
        self.assertEqual({"epoch": "e", "seq": 3}, resume.since())
        resume.answered({"recovered": False, "epoch": "e", "seq": 9})
        late = message(9, retained=True)
        self.assertTrue(resume.is_new(late))
        self.assertEqual((5, False), (late.dropped, late.gap))

    def test_says_that_it_cannot_know_where_the_numbers_began_anew(self):
        resume = Resume("t", wanted=True)
        resume.passed(message(3))
        resume.since()
        first = message(1, epoch="another")
        resume.is_new(first)
        self.assertTrue(first.gap)

    def test_passes_over_a_last_value_that_was_here_before(self):
        resume = Resume("t", wanted=False)
        resume.passed(message(3))
        self.assertFalse(resume.is_new(message(3, retained=True)))
        self.assertTrue(resume.is_new(message(4, retained=True)))

    def test_names_no_more_topics_than_a_request_may(self):
        resume = Resume("#", wanted=True)
        for n in range(POSITIONS + 10):
            resume.passed(message(1, f"t{n}"))
        self.assertEqual(POSITIONS, len(resume.since()))
        self.assertIn(f"t{POSITIONS + 9}", resume.since())

    def test_begins_where_the_application_says(self):
        resume = Resume("t", wanted=True)
        resume.begin(Position("k", 7))
        self.assertEqual({"epoch": "k", "seq": 7}, resume.since())


class TheClock(unittest.TestCase):
    def test_believes_the_answer_that_came_back_soonest(self):
        now = [100.0]
        clock = RobotClock(lambda: now[0])
        now[0] = 101.0
        clock.sample(100.0, 5_000_000)  # half a second away at most
        now[0] = 102.0
        clock.sample(101.998, 6_000_000)
        now[0] = 103.0
        self.assertAlmostEqual(7_001_000, clock.mono(), delta=2)
        self.assertAlmostEqual(0.002, clock.round_trip)


class TheWire(unittest.TestCase):
    def test_reads_the_binary_message_of_the_document(self):
        head = b'{"action":"publish","topic":"camera","data":{"name":"camera","type":"image/jpeg"}}  '
        self.assertEqual(84, len(head))
        parsed, payload = decode(len(head).to_bytes(4, "big") + head + b"\xff\xd8")
        self.assertEqual(("camera", b"\xff\xd8"), (parsed["topic"], payload))
        self.assertEqual((parsed, payload), decode(encode(parsed, payload)))

    def test_refuses_what_is_no_frame(self):
        for frame in ("[]", "x", b"\0\0\0\5{}", b"\0"):
            with self.assertRaises(ValueError):
                decode(frame)

    def test_sends_no_nan(self):
        with self.assertRaises(ValueError):
            encode({"v": float("nan")}, None)

    def test_takes_and_refuses_addresses_as_every_client_does(self):
        table = json.loads(Path(__file__).resolve().parents[2].joinpath("conformance", "addresses.json").read_text())
        for given, address in table["accepted"].items():
            self.assertEqual((address, address.startswith("wss:"), False), _address(given), given)
        for given, why in table["refused"].items():
            with self.subTest(given), self.assertRaisesRegex(ValueError, why) as refused:
                _address(given)
            self.assertNotIn("secret", str(refused.exception))

    def test_finds_a_token_in_the_address(self):
        self.assertEqual(("wss://r/x?token=a&frame=envelope", True, True), _address("wss://r/x?token=a"))


class ThePlot(unittest.TestCase):
    def test_finds_each_number_by_its_path(self):
        value = {"x": 1, "on": True, "name": "a", "joints": [{"angle": 2.5}]}
        self.assertEqual([("x", 1.0), ("on", 1.0), ("joints.0.angle", 2.5)], list(numbers(value)))
        self.assertEqual([("", 3.0)], list(numbers(3)))


if __name__ == "__main__":
    unittest.main()
