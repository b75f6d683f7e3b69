"""A bot's commands after a slash, and the buttons under its answers."""

import os
import subprocess
import sys

import pytest

from harness import Client, root, sign_in


@pytest.fixture
def hall(daemon):
    """A room with the example bot in it."""
    owner = Client.member(daemon, "alice", daemon.invite)
    room = owner.do("room.create", name="general", title="General", kind="public")["room"]
    made = owner.do("bot.create", name="dice", scopes=["read", "post", "commands"])
    owner.do("room.invite", room=room, member=made["bot"])
    bot = subprocess.Popen(
        [sys.executable, root / "deploy/examples/bot.py", daemon.url.replace("http", "ws") + "/v1/socket"],
        env={**os.environ, "LYCEUM_BOT_TOKEN": made["token"]},
    )
    yield room
    bot.terminate()
    bot.wait(10)


def test_a_command_is_completed_asked_for_and_answered_with_a_button(daemon, browser, hall):
    page = browser.page()
    sign_in(page, daemon, "alice", f"#/room/{hall}")
    field = page.locator("ly-room textarea")
    field.fill("hello")
    field.press("Enter")
    page.locator("article", has_text="hello").wait_for()
    for _ in range(40):
        field.fill("")
        field.press_sequentially("/ro")
        if page.get_by_role("option", name="/roll").count():
            break
        page.wait_for_timeout(250)
        page.reload()
        field.wait_for()
    field.press("Enter")
    assert field.input_value() == "/roll "
    field.press("Enter")
    page.get_by_label("dice").fill("2")
    page.get_by_role("button", name="Send").last.click()
    rolled = page.locator("article[data-seq]", has_text="🎲")
    rolled.wait_for()
    assert rolled.inner_text().count("+") == 1
    page.get_by_role("button", name="Again").click()
    rolled.nth(1).wait_for()
    field.fill("/nothing like it")
    field.press("Enter")
    page.locator("article[data-seq] .text", has_text="/nothing like it").wait_for()
