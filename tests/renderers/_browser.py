"""Chromium, asked over its own pipe: no driver to download, nothing between the test and the page."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip
# The browser speaks on its descriptors 3 and 4, whatever numbers they have here; copied first, so that neither covers the other.
START = (
    "import fcntl, os, sys; a, b = (fcntl.fcntl(int(fd), fcntl.F_DUPFD, 50) for fd in sys.argv[1:3]);"
    "os.dup2(a, 3); os.dup2(b, 4); os.execv(sys.argv[3], sys.argv[3:])"
)
KEYS = {
    "Enter": 13, "Escape": 27, " ": 32, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowRight": 39, "ArrowDown": 40, "Tab": 9,
}  # fmt: skip


def chromium() -> str | None:
    """The browser's program, None where none is installed."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    """A headless browser; `open` gives a page of its own."""

    def __init__(self, program: str) -> None:
        self.folder = tempfile.mkdtemp(prefix="journeykit-browser-")
        theirs_in, self._write = os.pipe()
        self._read, theirs_out = os.pipe()
        run = [sys.executable, "-c", START, str(theirs_in), str(theirs_out), program]
        run += [*FLAGS, f"--user-data-dir={self.folder}", "about:blank"]
        self._process = subprocess.Popen(
            run, pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._buffer, self._number = b"", 0
        self.events: list[dict[str, Any]] = []

    def close(self) -> None:
        try:
            self.call("Browser.close")
        except (OSError, RuntimeError):
            self._process.kill()
        self._process.wait(timeout=20)
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.next(30)
            if answer is None:
                raise RuntimeError(f"the browser gave no answer to {method}")
            if answer.get("id") != self._number:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']}")
            else:
                return answer["result"]

    def next(self, timeout: float) -> dict[str, Any] | None:
        end = time.monotonic() + timeout
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                return None
            got = os.read(self._read, 1 << 20)
            if not got:
                raise RuntimeError("the browser went away")
            self._buffer += got
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def open(self, page: str | Path, **settings: Any) -> Page:
        return Page(self, page, **settings)


class Page:
    """One page in a window of ``size``; what it asks for, logs and throws is kept."""

    def __init__(
        self,
        browser: Browser,
        page: str | Path,
        *,
        size: tuple[int, int] = (1440, 1000),
        dark: bool = False,
        scripts: bool = True,
        phone: bool = False,
        fragment: str = "",
    ) -> None:
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.target = target
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.call("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=False, flatten=True)
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.call(
            "Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1, mobile=phone
        )
        self.media(dark=dark)
        self.url = page.as_uri() if isinstance(page, Path) else page
        browser.events.clear()
        self.call("Page.navigate", url=self.url + fragment)
        self.wait_for("Page.loadEventFired")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        return self.browser.call(method, self.session, **params)

    def media(self, *, dark: bool = False, kind: str = "") -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        calm = {"name": "prefers-reduced-motion", "value": "reduce"}
        self.call("Emulation.setEmulatedMedia", media=kind, features=[scheme, calm])

    def wait_for(self, event: str, timeout: float = 20) -> None:
        end = time.monotonic() + timeout
        while not any(e.get("method") == event for e in self.browser.events):
            found = self.browser.next(max(0.0, end - time.monotonic()))
            if found is None:
                raise RuntimeError(f"no {event} within {timeout} s")
            self.browser.events.append(found)

    def frame(self) -> str:
        """The session of a frame that lives in a process of its own, as sandboxed ones do."""
        self.wait_for("Target.attachedToTarget")
        return next(
            e["params"]["sessionId"] for e in self.browser.events if e.get("method") == "Target.attachedToTarget"
        )

    def ask(self, expression: str, session: str | None = None) -> Any:
        """The value of a JavaScript expression in the page (its promise awaited), or in a frame by its session."""
        how = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        got = self.browser.call("Runtime.evaluate", session or self.session, **how)
        if "exceptionDetails" in got:
            raise RuntimeError(got["exceptionDetails"]["exception"].get("description", str(got)))
        return got["result"].get("value")

    def until(self, holds: Callable[[], bool], timeout: float = 5) -> bool:
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if holds():
                return True
            time.sleep(0.02)
        return holds()

    def press(self, key: str) -> None:
        about: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": KEYS.get(key, ord(key[0].upper()))}
        typed = "\r" if key == "Enter" else key if len(key) == 1 else ""
        self.call("Input.dispatchKeyEvent", type="keyDown", **about, **({"text": typed} if typed else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    def type(self, words: str) -> None:
        self.call("Input.insertText", text=words)

    def click(self, selector: str) -> None:
        """Click the middle of what is in sight of an element."""
        place = self.ask(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center', "
            "inline: 'center'}); const b = e.getBoundingClientRect(); return [(Math.max(b.left, 0) + Math.min(b.right, "
            "innerWidth)) / 2, (Math.max(b.top, 0) + Math.min(b.bottom, innerHeight)) / 2]; })()"
        )
        self.mouse("mousePressed", *place)
        self.mouse("mouseReleased", *place)

    def mouse(self, kind: str, x: float, y: float) -> None:
        pressed = kind != "mouseReleased"
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=int(pressed), clickCount=1)

    def pdf(self) -> bytes:
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])

    def shot(self) -> bytes:
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def faults(self) -> list[str]:
        """What the console was told as a warning or worse, what was thrown, and every request but the page's own."""
        found = []
        for event in self.browser.events:
            params = event.get("params", {})
            match event.get("method"):
                case "Runtime.exceptionThrown":
                    found.append(f"threw {params['exceptionDetails']}")
                case "Runtime.consoleAPICalled" if params["type"] in ("error", "warning", "assert"):
                    found.append(f"console {params['args']}")
                case "Log.entryAdded" if params["entry"]["level"] in ("error", "warning"):
                    found.append(f"log {params['entry']['text']}")
                case "Network.requestWillBeSent" if not params["request"]["url"].startswith(self.url):
                    found.append(f"asked for {params['request']['url']}")
        return found

    def close(self) -> None:
        self.browser.call("Target.closeTarget", targetId=self.target)
