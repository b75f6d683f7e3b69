"""WCAG 2.2 AA by axe-core, in every view, both themes, both languages, desktop and phone."""

import pathlib

import axe_core_python
import pytest

from harness import Client, sign_in

axe = (pathlib.Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page):
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run(document, { runOnly: tags, rules: { region: { enabled: false } } })", tags)
    return [
        f"{v['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else ''}"
        for v in found["violations"] for node in v["nodes"][:3]
    ]


def seed(daemon):
    owner = Client.member(daemon, "alice", daemon.invite)
    bob = Client.member(daemon, "张三")
    room = owner.do("room.create", name="general", title="General", topic="All of it", kind="public")["room"]
    bob.do("room.join", room=room)
    text = "**bold** `code` [link](https://example.org) ||spoiler||\n\n```swift\nlet x = 1\n```\n\n> quote\n\n1. one\n2. two"
    seq = owner.do("message.post", room=room, text=text, nonce="1")["seq"]
    bob.do("message.post", room=room, text="@alice 你好", nonce="2", reply_to=seq)
    bob.do("message.post", room=room, text="in the thread", nonce="3", thread=seq)
    bob.do("message.react", room=room, seq=seq, emoji="👍")
    owner.do("message.pin", room=room, seq=seq)
    bob.do("direct.open", members=[owner.id])
    bob.do("message.report", room=room, seq=seq, reason="unfriendly")
    session = owner.do("qa.open", room=room, title="Ask", anonymous_allowed=True, downvotes=True)["seq"]
    asked = [
        bob.do("question.ask", room=room, qa=session, text=f"Question {n}?", nonce=f"q{n}")["seq"] for n in range(3)
    ]
    owner.do("question.vote", room=room, question=asked[0], value=1)
    owner.do("question.live", room=room, question=asked[1])
    owner.do("question.answer", room=room, question=asked[2], text="So.", nonce="answer")
    for fields in ({"options": ["a", "b"]}, {"options": ["x", "y"], "ranked": True}, {"free_text": True}):
        poll = owner.do("poll.open", room=room, question="Which?", **fields)["seq"]
        choice = {"text": "this"} if "free_text" in fields else {"options": [0]}
        owner.do("poll.vote", room=room, poll=poll, **choice)
    return room, seq


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_axe_finds_nothing(daemon, browser, dark, phone):
    room, seq = seed(daemon)
    size = {"width": 360, "height": 740} if phone else {}
    page = browser.page(dark=dark, phone=phone, language="zh-CN" if dark else "en-GB", **size)
    page.goto(daemon.url)
    page.locator("form").wait_for()
    found = {"sign in": violations(page)}
    sign_in(page, daemon, "alice")
    for path in ("", f"room/{room}", f"room/{room}/thread/{seq}", "threads", "discover", "settings", "programs", "review",
                 "review/rules", "review/classifier", "review/audit", "dashboard", f"qa/{room}", f"qa/{room}/0/projector"):
        page.goto(f"{daemon.url}/#/{path}")
        page.wait_for_timeout(400)
        found[path] = violations(page)
    page.goto(f"{daemon.url}/#/room/{room}")
    page.locator("ly-room article").first.wait_for()
    page.locator(".live-strip a").first.wait_for()
    if not phone:
        page.locator(".room-head").get_by_role("button").nth(1).click()
        page.locator(".discover-pane").wait_for()
        found["beside the room"] = violations(page)
        page.locator(".discover-pane").get_by_role("button").first.click()
    page.locator("ly-room article").first.focus()
    found["focused row"] = violations(page)
    for keys in ("?", "Control+k"):
        page.keyboard.press(keys)
        page.locator("dialog").wait_for()
        found[f"dialog {keys}"] = violations(page)
        page.keyboard.press("Escape")
    page.locator(".room-head button").last.click()
    found["menu"] = violations(page)
    assert {view: problems for view, problems in found.items() if problems} == {}
