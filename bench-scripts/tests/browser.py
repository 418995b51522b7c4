# SPDX-License-Identifier: GPL-2.0
"""A headless Chromium, driven over chromedriver's HTTP interface."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

FLAGS = ("--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
         "--disable-background-networking --disable-component-update "
         "--disable-sync --hide-scrollbars --force-color-profile=srgb").split()


def missing() -> str:
    """Why there can be no browser test here, or ''."""
    for program in ("chromium", "chromedriver"):
        if not shutil.which(program):
            return (f"{program} is not installed: "
                    "bench-scripts/setup/deps.sh report-check")
    return ""


class Browser:
    """One browser; use it in a with statement."""

    def __enter__(self) -> Browser:
        self.folder = tempfile.mkdtemp(prefix="kab-browser-")
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        self.port = self.find_port()
        options = {"binary": shutil.which("chromium"), "args": [
            *FLAGS, f"--user-data-dir={self.folder}"]}
        value = self.call("session", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"}}}}, top=True)
        self.session = value["sessionId"]
        return self

    def find_port(self) -> int:
        """chromedriver picks a free port and says which."""
        assert self.driver.stdout
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                return int(found.group(1))
        raise RuntimeError("chromedriver did not start")

    def __exit__(self, kind: type[BaseException] | None,
                 value: BaseException | None,
                 trace: TracebackType | None) -> None:
        try:
            if hasattr(self, "session"):
                self.call("", None, "DELETE")
        finally:
            self.driver.terminate()
            self.driver.wait()
            shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, path: str, body: dict[str, Any] | None,
             method: str = "POST", top: bool = False) -> Any:
        """One command; its value."""
        url = f"http://127.0.0.1:{self.port}/"
        url += path if top else f"session/{self.session}"
        url += f"/{path}" if path and not top else ""
        request = urllib.request.Request(
            url, None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"}, method=method)
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=120) as answer:
            return json.load(answer)["value"]

    def cdp(self, command: str, **params: Any) -> Any:
        """A command of the DevTools protocol."""
        return self.call("goog/cdp/execute",
                         {"cmd": command, "params": params})

    def look(self, width: int, height: int, dark: bool,
             print_: bool = False) -> None:
        """Size of the window and the reader's colour scheme."""
        self.cdp("Emulation.setDeviceMetricsOverride", width=width,
                 height=height, deviceScaleFactor=1, mobile=width < 600)
        self.cdp("Emulation.setEmulatedMedia",
                 media="print" if print_ else "screen",
                 features=[{"name": "prefers-color-scheme",
                            "value": "dark" if dark else "light"}])

    def script_off(self, off: bool) -> None:
        """A reader without JavaScript."""
        self.cdp("Emulation.setScriptExecutionDisabled", value=off)

    def open(self, path: Path) -> None:
        """Load a local file."""
        self.call("url", {"url": path.resolve().as_uri()})

    def run(self, script: str, *args: Any) -> Any:
        """The value of a script in the page."""
        return self.call("execute/sync", {"script": script,
                                          "args": list(args)})

    def console(self) -> list[str]:
        """Everything the page logged."""
        entries = self.call("se/log", {"type": "browser"})
        return [f"{e['level']}: {e['message']}" for e in entries]

    def picture(self, path: Path, whole: bool = True) -> None:
        """A screenshot, of the whole page or of what is in view."""
        shot = self.cdp("Page.captureScreenshot", format="png",
                        captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))

    def pointer(self, x: float, y: float, click: bool = False) -> None:
        """Move the mouse there, and press."""
        steps: list[dict[str, Any]] = [
            {"type": "pointerMove", "duration": 0, "x": round(x),
             "y": round(y)}]
        if click:
            steps += [{"type": "pointerDown", "button": 0},
                      {"type": "pointerUp", "button": 0}]
        self.call("actions", {"actions": [{
            "type": "pointer", "id": "mouse", "actions": steps}]})
