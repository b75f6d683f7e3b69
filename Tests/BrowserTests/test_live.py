"""Polls and live Q&A between a host, participants and the screen in the hall."""

import io

import zxingcpp
from PIL import Image

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


def ask(page, text):
    field = page.get_by_role("textbox", name="Ask a question")
    field.fill(text)
    field.press("Enter")


def question(page, text):
    return page.locator("li.question", has_text=text)


def votes(page, text, number):
    question(page, text).locator(".vote-count", has_text=str(number)).wait_for()


def test_questions_are_asked_voted_on_staged_and_answered(daemon, browser):
    _, room, _ = hall(daemon, "bob", "mei")
    host, bob, mei, screen = (browser.page() for _ in range(4))
    sign_in(host, daemon, "alice", f"#/qa/{room}")
    host.get_by_role("button", name="More").click()
    host.get_by_role("menuitem", name="Open a Q&A session").click()
    host.get_by_label("Title").fill("Ask us")
    host.get_by_role("button", name="Open", exact=True).click()
    host.get_by_role("heading", name="Ask us").wait_for()

    sign_in(bob, daemon, "bob", f"#/room/{room}")
    bob.locator(".live-strip a", has_text="Ask us").click()
    ask(bob, "When will <i>it</i> be ready?")
    question(bob, "When will <i>it</i> be ready?").wait_for()
    sign_in(mei, daemon, "mei", f"#/qa/{room}")
    mei.get_by_label("Anonymously").check()
    ask(mei, "机器人支持中文吗？")
    question(bob, "机器人支持中文吗？").get_by_text("Anonymous").wait_for()
    sign_in(screen, daemon, "alice", f"#/qa/{room}/0/projector")
    code = screen.locator(".hall-head .qr").screenshot()
    joined = zxingcpp.read_barcodes(Image.open(io.BytesIO(code)))[0].text
    assert joined.startswith(f"{daemon.url}/#/qa/{room}/")
    bob.goto(joined)

    bob.locator("li.question").first.focus()
    while "机器人" not in bob.evaluate("document.activeElement.textContent"):
        bob.keyboard.press("j")
    bob.keyboard.press("v")
    for page in (bob, host, mei):
        votes(page, "机器人支持中文吗？", 1)
    question(host, "机器人支持中文吗？").get_by_role("button", name="Vote").first.click()
    votes(bob, "机器人支持中文吗？", 2)
    assert bob.locator("li.question .question-text").first.inner_text() == "机器人支持中文吗？"
    screen.locator(".hall-questions li", has_text="机器人支持中文吗？").locator(".vote-count", has_text="2").wait_for()

    question(host, "机器人支持中文吗？").get_by_role("button", name="Put on stage").click()
    for page in (bob, mei):
        page.locator(".stage-text", has_text="机器人支持中文吗？").wait_for()
    screen.locator(".hall-now", has_text="机器人支持中文吗？").wait_for()
    question(host, "When will").get_by_role("button", name="More").click()
    host.get_by_role("menuitem", name="Type an answer").click()
    host.locator("dialog textarea").fill("Next **week**.")
    host.get_by_role("button", name="Send").click()
    question(bob, "When will").locator(".answer", has_text="Next").wait_for()
    question(host, "机器人支持中文吗？").get_by_role("button", name="Answered aloud").click()
    question(bob, "机器人支持中文吗？").locator(".badge", has_text="answered").wait_for()
    host.locator(".toast", has_text="answered").get_by_role("button", name="Undo").last.click()
    bob.locator(".stage-text", has_text="机器人支持中文吗？").wait_for()


def test_a_question_is_kept_when_the_server_goes_and_asked_once_when_it_is_back(daemon, browser):
    owner, room, _ = hall(daemon, "bob")
    owner.do("qa.open", room=room, title="Ask us")
    page = browser.page()
    sign_in(page, daemon, "bob", f"#/qa/{room}")
    page.get_by_role("textbox", name="Ask a question").fill("Is it kept?")
    owner.socket.close()
    daemon.stop()
    page.locator(".banner").wait_for()
    page.get_by_role("textbox", name="Ask a question").press("Enter")
    page.locator(".toast").wait_for()
    assert page.get_by_role("textbox", name="Ask a question").input_value() == "Is it kept?"
    daemon.start()
    page.locator(".banner").wait_for(state="hidden", timeout=30000)
    page.get_by_role("textbox", name="Ask a question").press("Enter")
    question(page, "Is it kept?").wait_for()
    assert page.locator("li.question").count() == 1
    page.reload()
    question(page, "Is it kept?").wait_for()
    assert page.get_by_role("textbox", name="Ask a question").input_value() == ""
