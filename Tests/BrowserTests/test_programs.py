"""Bots and webhooks made and managed by hand."""

import json
import urllib.request

from harness import Client, sign_in


def open_page(daemon, browser):
    owner = Client.member(daemon, "alice", daemon.invite)
    room = owner.do("room.create", name="general", title="General", kind="public")["room"]
    page = browser.page()
    sign_in(page, daemon, "alice", "#/programs")
    page.get_by_role("heading", name="Webhooks", exact=True).wait_for()
    return owner, room, page


def test_a_bot_is_made_told_its_token_once_and_deleted(daemon, browser):
    owner, _, page = open_page(daemon, browser)
    page.get_by_role("button", name="Make a bot").click()
    page.get_by_label("Name").fill("helper")
    page.locator("dialog").get_by_role("button", name="Create").click()
    token = page.get_by_role("textbox", name="Token").input_value()
    bot = Client(daemon)
    assert bot.do("session.open", token=token)["member"]["name"] == "helper"
    page.keyboard.press("Escape")
    row = page.locator(".program", has_text="helper")
    row.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="New token").click()
    fresh = page.get_by_role("textbox", name="Token").input_value()
    assert fresh != token
    page.keyboard.press("Escape")
    row.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    row.wait_for(state="detached", timeout=15_000)
    assert owner.do("bot.list")["bots"] == []


def test_a_post_comes_in_through_a_webhook_until_it_is_paused(daemon, browser):
    owner, room, page = open_page(daemon, browser)
    page.get_by_role("button", name="Make a webhook").click()
    page.get_by_label("Name").fill("builds")
    page.get_by_label("Kind").select_option("incoming")
    page.locator("dialog").get_by_role("button", name="Create").click()
    address = page.get_by_role("textbox", name="Address to post to").input_value()
    body = json.dumps({"text": "build 7 is green"}).encode()
    post = urllib.request.Request(address, body, {"content-type": "application/json"})
    urllib.request.urlopen(post).read()
    page.keyboard.press("Escape")
    row = page.locator(".program", has_text="builds")
    row.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Pause").click()
    row.get_by_text("paused").wait_for()
    refused = None
    try:
        urllib.request.urlopen(post).read()
    except urllib.error.HTTPError as error:
        refused = error.code
    assert refused == 404
    page.goto(f"{daemon.url}/#/room/{room}")
    page.locator("ly-room article", has_text="build 7 is green").wait_for()


def test_what_a_webhook_gave_up_is_shown(daemon, browser):
    owner, room, page = open_page(daemon, browser)
    page.get_by_role("button", name="Make a webhook").click()
    page.get_by_label("Name").fill("outward")
    page.get_by_label("Address that is called").fill("http://127.0.0.1:9/hook")
    page.locator("dialog").get_by_role("button", name="Create").click()
    page.locator("dialog [role=alert]", has_text="address").wait_for()
    page.get_by_label("Address that is called").fill("https://hooks.invalid/hook")
    page.locator("dialog").get_by_role("button", name="Create").click()
    assert page.get_by_role("textbox", name="Secret").input_value().startswith("whsec_")
    page.keyboard.press("Escape")
    row = page.locator(".program", has_text="outward")
    row.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Send a test").click()
    page.locator(".toast", has_text="Sent").wait_for()
    row.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Deliveries").click()
    page.locator("dialog li", has_text="waiting").wait_for()
