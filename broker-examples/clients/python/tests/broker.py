"""A real broker for tests: the jar of the examples in a process of its own, and tokens for it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import queue
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Dict, List, Optional

SECRET = b"0123456789abcdef0123456789abcdef"
PATIENCE = 60.0


def program() -> List[str]:
    """The jar's command; ``ROBOTSTREAM_JAR`` names another one than the build's, ``ROBOTSTREAM_JAVA`` another Java."""
    built = Path(__file__).resolve().parents[3] / "target" / "robotstream-demo.jar"
    java = os.environ.get("ROBOTSTREAM_JAVA", "java")
    return [java, "-XX:TieredStopAtLevel=1", "-jar", os.environ.get("ROBOTSTREAM_JAR", str(built))]


def token(subject: str = "tester", ttl: float = 3600, **claims: Any) -> str:
    """A JWT that the broker takes; two of the same second differ in ``jti``."""
    now = time.time()
    body = {"sub": subject, "iat": int(now), "exp": now + ttl, "jti": os.urandom(8).hex(), **claims}
    text = _base64(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + "." + _base64(json.dumps(body).encode())
    return text + "." + _base64(hmac.new(SECRET, text.encode(), hashlib.sha256).digest())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Broker:
    """``serve``, or another command of the jar, until the end of a ``with``."""

    def __init__(self, *options: str, command: str = "serve", port: int = 0) -> None:
        self.folder = tempfile.TemporaryDirectory()
        secret = Path(self.folder.name, "secret")
        secret.write_bytes(SECRET)
        self._command = [
            *program(), command, "--port", str(port), "--secret-file", str(secret), *options,
        ]  # fmt: skip
        self.lines: List[str] = []

    def __enter__(self) -> "Broker":
        self.start()
        return self

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1
        )
        listening: "queue.Queue[Optional[str]]" = queue.Queue()
        threading.Thread(target=self._read, args=(self._process.stdout, listening), daemon=True).start()
        url = listening.get(timeout=PATIENCE)
        if url is None:
            raise AssertionError(f"the broker did not start: {self.lines}")
        self.url = url
        self.port = int(url.rsplit(":", 1)[1].split("/")[0])

    def restart(self) -> None:
        """Ends it in order and starts it again on the same port."""
        self.stop()
        self._command[self._command.index("--port") + 1] = str(self.port)
        self.start()

    def _read(self, out: Any, listening: "queue.Queue[Optional[str]]") -> None:
        for line in out:
            self.lines.append(line.rstrip())
            if line.startswith("listening "):
                listening.put(line.split()[1])
        listening.put(None)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.folder.cleanup()


def environment() -> Dict[str, str]:
    """For programs that tests start: this package, no proxy."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    path = os.pathsep.join([str(Path(__file__).resolve().parents[1]), *filter(None, [kept.get("PYTHONPATH")])])
    return {**kept, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
