"""A server, or a network, that answers late, twice, out of order or in words nobody knows; and pages that die."""

import json

from harness import sign_in
from test_members import community, message, write


def numbers(page):
    return page.evaluate(
        "() => [...document.querySelectorAll('ly-room article[data-seq] .text')].map(t => t.textContent)"
    )


def test_frames_that_come_twice_late_out_of_order_or_unknown_change_nothing(daemon, browser):
    owner, room, _ = community(daemon, "bob")
    page = browser.page()
    held = []

    def meddle(socket):
        server = socket.connect_to_server()
        unknown = [
            {"event": "sky.fell", "room": room}, {"event": "sky.fell", "stream": "moon", "seq": 1}, {"re": 10**9, "ok": {}},
        ]

        def arrived(text):
            frame = json.loads(text)
            if frame.get("event") != "message.posted":
                return socket.send(text)
            held.append(text)
            if len(held) % 4:
                return
            # Four at a time: the last first, each twice, and between them what nobody knows.
            for late in reversed(held[-4:]):
                for copy in (late, json.dumps(unknown[len(held) % 3]), late):
                    socket.send(copy)

        server.on_message(arrived)
        socket.on_message(server.send)

    page.route_web_socket("**/v1/socket", meddle)
    sign_in(page, daemon, "bob", f"#/room/{room}")
    page.locator("ly-room textarea").wait_for()
    owner.do_all([("message.post", {"room": room, "text": f"message {n}", "nonce": str(n)}) for n in range(12)])
    message(page, "message 11").wait_for()
    assert numbers(page) == [f"message {n}" for n in range(12)]
    assert len(held) >= 12


def test_an_answer_that_stays_away_is_told_and_a_second_try_posts_once(daemon, browser):
    owner, room, _ = community(daemon, "bob")
    page = browser.page()
    posts = []

    def meddle(socket):
        server = socket.connect_to_server()

        def sent(text):
            if '"message.post"' in text:
                posts.append(text)
            # The first post does not get through, and nothing says so.
            if '"message.post"' not in text or len(posts) > 1:
                server.send(text)

        socket.on_message(sent)

    page.route_web_socket("**/v1/socket", meddle)
    page.clock.install()
    sign_in(page, daemon, "bob", f"#/room/{room}")
    write(page, "is it there?")
    page.locator("article.sending").wait_for()
    page.clock.run_for(16_000)
    failed = page.locator("article.failed", has_text="No answer yet")
    failed.get_by_role("button", name="Retry").click()
    page.locator("article[data-seq]", has_text="is it there?").wait_for()
    assert [json.loads(text)["nonce"] for text in posts] == [json.loads(posts[0])["nonce"]] * 2


def test_a_server_that_takes_the_connection_and_says_nothing_is_left(daemon, browser):
    _, room, _ = community(daemon, "bob")
    page = browser.page()
    tries = []

    def silent_at_first(socket):
        tries.append(socket)
        # Not connected to the server: it is accepted, and hears nothing.
        if len(tries) > 1:
            socket.connect_to_server()

    sign_in(page, daemon, "bob", f"#/room/{room}")
    page.route_web_socket("**/v1/socket", silent_at_first)
    page.clock.install()
    page.reload()
    while not tries:
        page.wait_for_timeout(50)
    page.clock.run_for(20_000)
    page.locator("ly-room textarea").wait_for()
    assert len(tries) == 2


def test_two_tabs_that_die_without_a_connection_lose_neither_message_nor_draft(daemon, browser):
    owner, room, _ = community(daemon, "bob")
    first = browser.page()
    sign_in(first, daemon, "bob", f"#/room/{room}")
    context = first.context
    second = context.new_page()
    second.goto(f"{daemon.url}/#/room/{room}")
    second.locator("ly-room textarea").wait_for()
    owner.socket.close()
    daemon.stop()
    for page, text in ((first, "from the first"), (second, "from the second")):
        page.locator(".banner").wait_for()
        write(page, text)
        page.locator("article.failed", has_text=text).wait_for()
    second.locator("ly-room textarea").fill("half a thought")
    for page in (second, first):
        page.close()
    daemon.start()
    page = context.new_page()
    page.goto(f"{daemon.url}/#/room/{room}")
    for text in ("from the first", "from the second"):
        page.locator("article[data-seq]", has_text=text).wait_for()
    assert page.locator("ly-room textarea").input_value() == "half a thought"


def test_a_draft_keeps_what_it_replies_to_and_what_is_attached(daemon, browser):
    owner, room, (bob,) = community(daemon, "bob")
    other = owner.do("room.create", name="other", kind="public")["room"]
    bob.do("room.join", room=other)
    owner.do("message.post", room=room, text="the question", nonce="q")
    owner.do_all([("message.post", {"room": room, "text": f"message {n}", "nonce": str(n)}) for n in range(120)])
    bob.do("read.mark", room=room, seq=10**9)
    page = browser.page()
    sign_in(page, daemon, "bob", f"#/room/{room}")
    page.evaluate("room => { location.hash = `#/room/${room}/at/1` }", room)
    asked = message(page, "the question")
    asked.hover()
    page.locator("ly-room .toolbar").get_by_role("button", name="Reply").click()
    page.locator("ly-room textarea").fill("half an answer")
    page.locator("ly-room input[type=file]").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    page.locator(".attached progress").wait_for(state="detached")
    page.goto(f"{daemon.url}/#/room/{other}")
    page.get_by_role("heading", name="other").first.wait_for()
    assert page.locator(".attached .chip").count() == 0
    page.goto(f"{daemon.url}/#/room/{room}")
    page.locator(".attached .chip", has_text="a.txt").wait_for()
    page.reload()
    page.locator(".composer-about", has_text="the question").wait_for()
    page.locator("ly-room textarea").press("Enter")
    reply = page.locator("article[data-seq]", has_text="half an answer")
    # What it replies to is far outside the window.
    reply.locator(".reply-line", has_text="the question").wait_for()
    owner.do("message.delete", room=room, seq=bob.do("history.get", room=room, fold=True, limit=1)["messages"][0]["reply_to"])
    reply.locator(".reply-line", has_text="the question").wait_for(state="detached")


def test_who_leaves_the_page_has_not_taken_back_what_they_deleted(daemon, browser):
    owner, room, _ = community(daemon, "bob")
    page = browser.page()
    sign_in(page, daemon, "bob", f"#/room/{room}")
    write(page, "a slip")
    page.locator("article[data-seq]", has_text="a slip").wait_for()
    page.locator("article[data-seq]", has_text="a slip").focus()
    page.keyboard.press("Delete")
    page.locator(".toast").wait_for()
    watcher = browser.page()
    sign_in(watcher, daemon, "alice", f"#/room/{room}")
    message(watcher, "a slip").wait_for()
    page.goto("about:blank")
    message(watcher, "a slip").wait_for(state="detached")
