"""``python -m robotstream``, and the examples of the README, as programs of their own."""

import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tests.broker import PATIENCE, Broker, environment, token

PACKAGE = Path(__file__).resolve().parents[1]


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "robotstream", *arguments],
        env=environment(), capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip


def first_lines(command, count, cwd=None):
    """The first lines of a program that goes on until it is ended."""
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=cwd
    ) as program:
        try:
            return [program.stdout.readline().rstrip() for _ in range(count)]
        finally:
            program.kill()


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = Broker()
        cls.broker.start()
        cls.addClassCleanup(cls.broker.__exit__)
        cls.token = Path(cls.broker.folder.name, "token")
        cls.token.write_text(token() + "\n")

    def command(self, name, *arguments):
        return run(name, self.broker.url, *arguments, "--token-file", str(self.token))

    def test_what_is_sent_is_listened_to_and_listed(self):
        sent = self.command("send", "focus", '"ball"')
        self.assertEqual((0, "taken as number 1, for 0 subscriptions\n"), (sent.returncode, sent.stdout), sent.stderr)
        heard = self.command("listen", "focus", "--count", "1")
        self.assertEqual({"topic": "focus", "type": "string", "value": "ball", "seq": 1}, json.loads(heard.stdout))
        self.assertEqual(["focus", "string", "state"], self.command("topics", "focus").stdout.split()[:3])

    def test_the_robot_is_stopped(self):
        with Broker(command="demo") as demo:
            stopped = run("stop", demo.url, "--token", token())
            self.assertEqual((0, "stopped on stop\n"), (stopped.returncode, stopped.stdout), stopped.stderr)
        refused = run("stop", self.broker.url, "--token", token())
        self.assertEqual(1, refused.returncode)
        self.assertIn("no stop topic", refused.stderr)

    def test_what_goes_wrong_is_one_line_and_a_code(self):
        for arguments, code, text in (
            (("listen", self.broker.url, "x", "--token", "bad"), 1, "token_invalid"),
            (("listen", self.broker.url, "x", "--token-file", str(self.token), "--timeout", "0.1"), 1, "nothing came in time"),
            (("listen", self.broker.url, "x", "--token-file", "no-such-file"), 1, "no-such-file"),
            (("send", self.broker.url, "$x", "1", "--token-file", str(self.token)), 1, "forbidden"),
            (("listen", "robot:8765", "x"), 1, "ws://HOST"),
            (("send", self.broker.url, "x", "ball"), 2, "needs its quotes"),
        ):
            with self.subTest(arguments):
                done = run(*arguments)
                self.assertEqual(code, done.returncode, done.stderr)
                self.assertIn(text, done.stderr.splitlines()[-1])
                self.assertNotIn("Traceback", done.stderr)

    def test_plot_without_matplotlib_says_what_to_install(self):
        try:
            import matplotlib  # noqa: F401
        except ImportError:
            done = self.command("plot", "x")
            self.assertEqual((1, True), (done.returncode, "python3-matplotlib" in done.stderr))
        else:
            self.skipTest("matplotlib is here")


class TheReadme(unittest.TestCase):
    """Its examples against the demo's robot, which moves."""

    @classmethod
    def setUpClass(cls):
        cls.broker = Broker(command="demo")
        cls.broker.start()
        cls.addClassCleanup(cls.broker.__exit__)

    def examples(self, language, file=PACKAGE / "README.md"):
        text = file.read_text("utf-8")
        blocks = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        return [
            block.replace("ws://127.0.0.1:8765/wss", self.broker.url).replace("your_jwt_token_here", token())
            for block in blocks
        ]

    def test_the_programs_do_what_they_say(self):
        first, second, third, fourth = self.examples("python")
        self.assertIn("ms old", first_lines([sys.executable, "-c", first], 1)[0])
        self.assertIn("'linear'", first_lines([sys.executable, "-c", second], 1)[0])
        status, driving = first_lines([sys.executable, "-c", third], 2)
        self.assertIn("state='connected'", status)
        self.assertIn("driving at", driving)
        told = subprocess.run([sys.executable, "-c", fourth], env=environment(), capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual("{'docked': True}", told.stdout.splitlines()[-1], told.stderr)

    def test_the_project_s_readme_shows_lines_that_work_when_pasted(self):
        shown = [e for e in self.examples("python", PACKAGE.parents[2] / "README.md") if "import robotstream" in e]
        self.assertEqual(1, len(shown))
        self.assertIn("'x'", first_lines([sys.executable, "-c", shown[0]], 1)[0])

    def test_the_commands_do_what_they_say(self):
        commands = next(block for block in self.examples("sh") if "robotstream listen" in block)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "token").write_text(token())
            commands = commands.replace("python -m", f"{sys.executable} -m")
            done = subprocess.run(
                ["sh", "-ec", commands], cwd=folder, env=environment(), capture_output=True, text=True, timeout=PATIENCE
            )
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("cmd_vel                          Twist            command", done.stdout)
        self.assertIn('"type": "Pose"', done.stdout)
        self.assertIn("taken as number", done.stdout)
        self.assertIn('{"docked": true}', done.stdout)

    def test_a_service_that_is_not_there_is_one_line_and_a_code(self):
        done = run("call", self.broker.url, "robot.fly", "--token", token())
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertIn("unknown_service", done.stderr.splitlines()[-1])


if __name__ == "__main__":
    unittest.main()
