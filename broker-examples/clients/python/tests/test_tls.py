"""Certificates that are trusted, and others."""

import subprocess
import unittest
from pathlib import Path

import robotstream
from robotstream._tls import _fingerprint
from tests.broker import PATIENCE, Broker, program, token


class Tls(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = Broker()
        folder = Path(cls.broker.folder.name)
        for name in ("robot", "other"):
            made = folder / name
            made.mkdir()
            subprocess.run(
                [*program(), "certificate", "127.0.0.1" if name == "robot" else "other"],
                cwd=made, check=True, capture_output=True,
            )  # fmt: skip
        cls.certificate, cls.other = (str(folder / name / "certificate.pem") for name in ("robot", "other"))
        key = str(folder / "robot" / "key.pem")
        cls.broker._command += ["--tls-certificate", cls.certificate, "--tls-key", key]
        cls.broker.start()
        cls.addClassCleanup(cls.broker.__exit__)

    async def test_the_robot_s_own_certificate_is_trusted_as_a_file_or_a_pin(self):
        for trust in (
            {"ca_file": self.certificate},
            {"pinned": self.certificate},
            {"pinned": _fingerprint(self.certificate).hex(":").upper()},
        ):
            async with robotstream.connect(self.broker.url, token=token(), timeout=PATIENCE, **trust) as robot:
                self.assertEqual(1, (await robot.publish(f"tls/{len(str(trust))}", 1)).seq)

    async def test_another_certificate_gets_no_token_and_ends_the_first_connect_at_once(self):
        for trust in ({}, {"ca_file": self.other}, {"pinned": self.other}):
            with self.assertRaises(robotstream.ConnectionEnded) as refused:
                await robotstream.connect(self.broker.url, token=token(), timeout=PATIENCE, **trust)
            self.assertIn("certificate", refused.exception.reason.lower())

    def test_what_contradicts_itself_is_refused(self):
        with self.assertRaises(ValueError):
            robotstream.connect("wss://r", ca_file=self.certificate, pinned=self.certificate)
        with self.assertRaises(ValueError):
            robotstream.connect("ws://r", ca_file=self.certificate)
        with self.assertRaises(ValueError):
            robotstream.connect("ws://r/?token=a", token="b")


if __name__ == "__main__":
    unittest.main()
