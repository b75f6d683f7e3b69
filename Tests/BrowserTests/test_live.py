"""Polls and live Q&A between a host, participants and the screen in the hall."""

from harness import Client, sign_in


def hall(daemon, *names):
    owner = Client.member(daemon, "alice", daemon.invite)
    room = owner.do("room.create", name="hall", title="Hall", kind="public")["room"]
    members = [Client.member(daemon, name) for name in names]
    for member in members:
        member.do("room.join", room=room)
    return owner, room, members


def option(page, text):
    return page.locator(".poll-option", has_text=text)


def test_a_poll_is_opened_answered_and_shown_in_the_hall(daemon, browser):
    _, room, _ = hall(daemon, "bob")
    host, bob, screen = browser.page(), browser.page(), browser.page()
    sign_in(host, daemon, "alice", f"#/qa/{room}")
    host.get_by_role("button", name="More").click()
    host.get_by_role("menuitem", name="Open a poll").click()
    host.get_by_label("Question", exact=True).fill("Tea or <b>coffee</b>?")
    host.get_by_label("Options").fill("Tea\nCoffee")
    host.get_by_role("button", name="Open", exact=True).click()
    sign_in(bob, daemon, "bob", f"#/room/{room}")
    bob.locator(".live-strip a", has_text="Tea or <b>coffee</b>?").click()
    option(bob, "Coffee").click()
    host.locator(".poll", has_text="1 voter").wait_for()
    host.locator(".poll-option", has_text="Tea").focus()
    host.keyboard.press("Enter")
    bob.locator(".poll", has_text="2 voters").wait_for()
    assert host.evaluate("document.activeElement.textContent").startswith("Tea")
    sign_in(screen, daemon, "alice", f"#/qa/{room}/0/projector")
    screen.locator(".hall-poll .poll-option", has_text="50 %").first.wait_for()
    option(bob, "Tea").click()
    screen.locator(".hall-poll .poll-option", has_text="100 %").wait_for()
    host.locator(".poll").get_by_role("button", name="More").click()
    host.get_by_role("menuitem", name="Close the poll").click()
    bob.locator(".poll.closed").wait_for()
    assert option(bob, "Coffee").is_disabled()


def test_polls_of_every_kind_take_what_they_ask_for(daemon, browser):
    owner, room, _ = hall(daemon, "bob")
    polls = {
        "several": {"options": ["a", "b", "c"], "multiple": True}, "order": {"options": ["x", "y"], "ranked": True},
        "word": {"free_text": True}, "quiz": {"options": ["wrong", "right"], "quiz_answer": 1},
        "later": {"options": ["on", "off"], "results_hidden": True},
    }
    made = {name: owner.do("poll.open", room=room, question=name, **fields)["seq"] for name, fields in polls.items()}
    page = browser.page()
    sign_in(page, daemon, "bob", f"#/qa/{room}")

    def poll(name):
        return page.locator(".poll", has=page.get_by_role("heading", name=name))

    for name, picks in (("several", "ac"), ("order", "yx")):
        for pick in picks:
            poll(name).locator(".poll-option", has_text=pick).click()
    poll("word").get_by_role("textbox").fill("快乐")
    poll("word").get_by_role("button", name="Send").click()
    poll("word").locator(".cloud li", has_text="快乐").wait_for()
    poll("quiz").locator(".poll-option", has_text="wrong").click()
    poll("later").locator(".poll-option", has_text="on").click()
    for name in made:
        poll(name).get_by_text("1 voter").wait_for()
    assert poll("order").locator(".poll-mark").all_inner_texts() == ["2", "1"]
    assert "%" not in poll("later").inner_text()
    owner.do("poll.close", room=room, poll=made["later"])
    poll("later").get_by_text("100 % · 1").wait_for()
    owner.do("poll.close", room=room, poll=made["quiz"])
    poll("quiz").locator(".poll-option.best", has_text="right").wait_for()
    page.reload()
    poll("several").locator(".poll-option.mine").nth(1).wait_for()
    assert poll("several").locator(".poll-option.mine .poll-text").all_inner_texts() == ["a", "c"]
    owner.do("poll.delete", room=room, poll=made["word"])
    poll("word").wait_for(state="detached")
