"""Starts the built daemon on an empty data folder, and pages of Debian's Chromium on it."""

import contextlib
import json
import os
import pathlib
import subprocess
import tempfile

from playwright.sync_api import sync_playwright
from websockets.sync.client import connect

root = pathlib.Path(__file__).resolve().parents[2]
binary = os.environ.get("BINARY", str(root / ".build/debug/lyceum"))
chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
password = "correct horse battery"
# A folder whose files stand in for those in the binary, so that a change to the client is tried without a build.
assets = os.environ.get("ASSETS")
types = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".webmanifest": "application/json"}


# For tests of other things, whose texts are floods and repeats by any rule.
unmoderated = []
for name in ("flag", "hold", "block"):
    unmoderated += ["--set", f"moderation.{name}=1000"]
unmoderated += ["--set", "moderation.checks_per_hour=0", "--set", f"moderation.rules={tempfile.mkdtemp()}"]


class Daemon:
    """One daemon with its data; `stop` and `start` keep the address."""

    def __init__(self, moderated=False):
        self.moderated = moderated
        self.folder = tempfile.TemporaryDirectory(prefix="lyceum-browser-")
        self.port = 0
        self.invite = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [
                binary, "serve", "--listen", f"127.0.0.1:{self.port}", "--data", self.folder.name,
                "--set", "accounts.scrypt_log_cost=10",
                "--set", "limits.commands_per_minute=10000000", *([] if self.moderated else unmoderated),
            ],
            stdout=subprocess.PIPE, text=True,
        )
        for line in self.process.stdout:
            if "http://" in line and "#invite=" in line:
                self.invite = line.split("#invite=")[1].split()[0]
                break
            if "http://" in line and "metrics" not in line:
                self.url = next(word for word in line.split() if word.startswith("http://")).rstrip("/")
                self.port = int(self.url.rsplit(":", 1)[1])
                if self.invite:
                    break

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def close(self):
        # Going away politely takes five seconds, and nobody is left to be polite to.
        self.process.kill()
        self.process.wait(30)
        self.folder.cleanup()


class Client:
    """A member on the socket, for what a test needs besides its pages."""

    def __init__(self, daemon):
        address = daemon.url.replace("http", "ws") + "/v1/socket"
        opening = connect(address, subprotocols=["lyceum.v1.json"], max_size=None, ping_interval=None)
        self.socket = opening.__enter__()
        self.number = 0

    def do(self, command, /, **fields):
        return self.do_all([(command, fields)])[0]

    def do_all(self, commands):
        """Many at once, in order; the answers in order."""
        first = self.number + 1
        for name, fields in commands:
            self.number += 1
            self.socket.send(json.dumps({"id": self.number, "do": name, **fields}))
        answers = {}
        while len(answers) < len(commands):
            frame = json.loads(self.socket.recv())
            if frame.get("re", 0) >= first:
                answers[frame["re"]] = frame
        for answer in answers.values():
            if "error" in answer:
                raise RuntimeError(f"{answer['error']}")
        return [answers[first + index]["ok"] for index in range(len(commands))]

    @classmethod
    def member(cls, daemon, name, invite=None):
        client = cls(daemon)
        answer = client.do("account.register", name=name, password=password, **({"invite": invite} if invite else {}))
        client.do("session.open", token=answer["token"])
        client.id = answer["member"]
        return client


class Browser:
    def __init__(self):
        self.playwright = sync_playwright().start()
        self.chromium = self.playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]
        )
        self.problems = []

    def page(self, *, width=1280, height=800, dark=False, language="en-GB", phone=False):
        context = self.chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", locale=language,
            has_touch=phone, is_mobile=phone, permissions=["clipboard-read", "clipboard-write"],
        )
        context.add_init_script(
            "addEventListener('securitypolicyviolation',"
            " e => console.error('CSP ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))"
        )
        context.set_default_timeout(10_000)
        if assets:
            context.route("**/assets/**", self._serve)
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("console", self._console)
        return page

    def _serve(self, route):
        file = pathlib.Path(assets) / route.request.url.split("/assets/")[1].split("/", 1)[1]
        # The page of an older binary names files that are no more.
        if file.exists():
            route.fulfill(path=file, content_type=types[file.suffix])
        else:
            route.fulfill(status=404)

    def _console(self, message):
        # A refused request is told by the client itself; the browser's own line about it says nothing more.
        if message.type == "error" and "Failed to load resource" not in message.text:
            if "WebSocket connection" not in message.text:
                self.problems.append(f"console: {message.text}")

    def close(self):
        self.chromium.close()
        self.playwright.stop()


def sign_in(page, daemon, name, path=""):
    page.goto(daemon.url + "/" + path)
    page.get_by_role("textbox", name="Name").or_(page.get_by_role("textbox", name="名字")).fill(name)
    page.locator("input[type=password]").fill(password)
    page.locator("button[type=submit]").click()
    page.locator("ly-sidebar").wait_for(state="attached")


@contextlib.contextmanager
def running():
    daemon, browser = Daemon(), Browser()
    try:
        yield daemon, browser
    finally:
        browser.close()
        daemon.close()
