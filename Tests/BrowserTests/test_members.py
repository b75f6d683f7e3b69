"""Members in real pages on the real daemon."""

import re

from harness import Client, password, sign_in


def log(page):
    return page.locator("ly-room ly-log")


def write(page, text, where="ly-room"):
    page.locator(f"{where} textarea").fill(text)
    page.locator(f"{where} textarea").press("Enter")


def message(page, text, where="ly-room"):
    return page.locator(f"{where} article", has_text=text)


def community(daemon, *names):
    """An owner and members in one room."""
    owner = Client.member(daemon, "alice", daemon.invite)
    room = owner.do("room.create", name="general", title="General", kind="public")["room"]
    members = [Client.member(daemon, name) for name in names]
    for member in members:
        member.do("room.join", room=room)
    return owner, room, members


def test_the_first_link_makes_the_owner_who_opens_a_room(daemon, browser):
    page = browser.page()
    page.goto(f"{daemon.url}/#invite={daemon.invite}")
    page.get_by_label("Name").fill("alice")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("button", name="Create a room").click()
    page.locator("dialog").get_by_label("Name").fill("general")
    page.locator("dialog").get_by_role("button", name="Create").click()
    write(page, "first")
    message(page, "first").wait_for()
    cookies = page.context.cookies()
    assert [(c["name"], c["httpOnly"], c["secure"], c["sameSite"]) for c in cookies] == [
        ("__Host-lyceum", True, True, "Strict")
    ]
    page.reload()
    message(page, "first").wait_for()


def test_two_members_talk_reply_react_edit_and_delete(daemon, browser):
    _, room, _ = community(daemon, "bob", "张三")
    first, second = browser.page(), browser.page(language="zh-CN")
    sign_in(first, daemon, "bob", f"#/room/{room}")
    sign_in(second, daemon, "张三", f"#/room/{room}")
    write(first, "hello **world**")
    seen = message(second, "hello world")
    seen.wait_for()
    assert seen.locator("strong", has_text="world").count() == 1

    seen.hover()
    second.get_by_role("button", name="打开话题串").click()
    write(second, "回复", "ly-thread")
    message(first, "hello world").get_by_role("button", name=re.compile("1 reply")).click()
    message(first, "回复", "ly-thread").wait_for()
    first.keyboard.press("Escape")
    first.keyboard.press("Escape")

    message(second, "hello world").first.hover()
    second.locator("ly-room .toolbar").get_by_role("button", name="添加回应").click()
    second.locator(".emoji-grid button").first.click()
    message(first, "hello world").locator(".reaction", has_text="1").wait_for()

    first.locator("ly-room textarea").press("ArrowUp")
    first.locator("ly-room textarea").fill("hello there")
    first.locator("ly-room textarea").press("Enter")
    message(second, "hello there").first.locator(".edited").wait_for()


def test_a_mention_is_counted_until_it_is_read(daemon, browser):
    owner, room, (bob,) = community(daemon, "bob")
    other = owner.do("room.create", name="other", kind="public")["room"]
    bob.do("room.join", room=other)
    page = browser.page()
    sign_in(page, daemon, "bob", f"#/room/{other}")
    owner.do("message.post", room=room, text="@bob look", nonce="1")
    link = page.get_by_role("link", name="General, 1 unread, 1 mentions").or_(
        page.get_by_role("link", name="General, 1 unread, 1 mention")
    )
    link.click()
    message(page, "@bob look").wait_for()
    page.get_by_role("link", name="General", exact=True).wait_for()


def test_completion_puts_in_names_and_emoji(daemon, browser):
    _, room, _ = community(daemon, "bob", "张三")
    page = browser.page()
    sign_in(page, daemon, "bob", f"#/room/{room}")
    field = page.locator("ly-room textarea")
    field.press_sequentially("@zs")
    page.get_by_role("option", name="张三").wait_for()
    field.press("Enter")
    field.press_sequentially(":rocke")
    page.get_by_role("option").first.wait_for()
    field.press("Tab")
    assert field.input_value() == "@张三 🚀 "


def test_enter_that_ends_a_composition_sends_nothing(daemon, browser):
    _, room, _ = community(daemon, "bob")
    page = browser.page()
    sign_in(page, daemon, "bob", f"#/room/{room}")
    page.locator("ly-room textarea").focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "nihao", "selectionStart": 5, "selectionEnd": 5})
    key = {"key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    session.send("Input.insertText", {"text": "你好"})
    assert page.locator("ly-room textarea").input_value() == "你好"
    assert page.locator("ly-room article").count() == 0
    page.locator("ly-room textarea").press("Enter")
    message(page, "你好").wait_for()


def test_what_is_written_while_the_server_is_away_arrives_once(daemon, browser):
    owner, room, _ = community(daemon, "bob")
    page = browser.page()
    sign_in(page, daemon, "bob", f"#/room/{room}")
    write(page, "before")
    message(page, "before").wait_for()
    owner.socket.close()
    daemon.stop()
    page.locator(".banner").wait_for()
    write(page, "meanwhile")
    page.locator("article.failed", has_text="meanwhile").wait_for()
    page.locator("ly-room textarea").fill("a draft")
    daemon.start()
    page.locator("article:not(.pending)", has_text="meanwhile").wait_for(timeout=30000)
    page.locator(".banner").wait_for(state="hidden")
    assert page.locator("ly-room textarea").input_value() == "a draft"
    reader = Client(daemon)
    reader.do("session.open", name="bob", password=password)
    texts = [m["text"] for m in reader.do("history.get", room=room, fold=True)["messages"]]
    assert texts == ["before", "meanwhile"]


def test_a_draft_survives_a_reload(daemon, browser):
    _, room, _ = community(daemon, "bob")
    page = browser.page()
    sign_in(page, daemon, "bob", f"#/room/{room}")
    page.locator("ly-room textarea").fill("half a thought")
    page.reload()
    page.locator("ly-room textarea").wait_for()
    assert page.locator("ly-room textarea").input_value() == "half a thought"


def test_a_browser_that_stores_nothing_says_so_and_keeps_the_draft(daemon, browser):
    owner, room, (bob,) = community(daemon, "bob")
    other = owner.do("room.create", name="other", kind="public")["room"]
    bob.do("room.join", room=other)
    page = browser.page()
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }")
    sign_in(page, daemon, "bob", f"#/room/{room}")
    page.locator("ly-room textarea").fill("kept in memory")
    page.locator(".toast").wait_for()
    page.goto(f"{daemon.url}/#/room/{other}")
    page.get_by_role("heading", name="other").first.wait_for()
    page.goto(f"{daemon.url}/#/room/{room}")
    page.get_by_role("heading", name="General").first.wait_for()
    assert page.locator("ly-room textarea").input_value() == "kept in memory"


def test_history_is_scrolled_both_ways_without_a_hole_or_a_jump(daemon, browser):
    owner, room, (bob,) = community(daemon, "bob")
    for start in range(0, 3000, 500):
        owner.do_all(
            [
                ("message.post", {"room": room, "text": f"message {n} " + "word " * (n * 7 % 60), "nonce": str(n)})
                for n in range(start, start + 500)
            ]
        )
    bob.do("read.mark", room=room, seq=10**9)
    page = browser.page()
    sign_in(page, daemon, "bob", f"#/room/{room}")
    message(page, "message 2999").wait_for()
    for direction in (-1, 1):
        for _ in range(40):
            before = page.evaluate(visible)
            page.evaluate("d => document.querySelector('.log-scroller').scrollTop += d * 500", direction)
            page.wait_for_timeout(120)
            after = page.evaluate(visible)
            moved = {seq: after[seq] - top for seq, top in before.items() if seq in after}
            # What stays on screen moves by what was scrolled, whatever was fetched or dropped meanwhile.
            assert moved and max(abs(step + direction * 500) for step in moved.values()) < 3 or at_end(page)
            numbers = page.evaluate(numbers_shown)
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
            assert len(numbers) <= 350


visible = """() => {
  const box = document.querySelector('.log-scroller').getBoundingClientRect();
  return Object.fromEntries([...document.querySelectorAll('ly-room article[data-seq]')]
    .map(a => [a.dataset.seq, a.getBoundingClientRect()])
    .filter(([, r]) => r.bottom > box.top - 600 && r.top < box.bottom + 600).map(([s, r]) => [s, r.top]));
}"""
numbers_shown = """() => [...document.querySelectorAll('ly-room article[data-seq] .text')]
  .map(t => Number(/message (\\d+)/.exec(t.textContent)[1]))"""


def at_end(page):
    return page.evaluate(
        "(() => { const s = document.querySelector('.log-scroller');"
        " return s.scrollTop < 2 || s.scrollHeight - s.scrollTop - s.clientHeight < 2 })()"
    )


def test_unread_messages_are_found_and_left_behind(daemon, browser):
    owner, room, _ = community(daemon, "bob")
    owner.do_all([("message.post", {"room": room, "text": f"message {n}", "nonce": str(n)}) for n in range(300)])
    page = browser.page()
    sign_in(page, daemon, "bob", f"#/room/{room}")
    page.locator(".line.unread").wait_for()
    assert page.locator(".line.unread").bounding_box()["y"] < 300
    page.locator(".jump").click()
    message(page, "message 299").wait_for()
    page.locator(".unread-bar button").first.click()
    page.locator(".line.unread").wait_for()
    page.keyboard.press("End")
    page.get_by_role("link", name="General", exact=True).wait_for()


def test_every_room_shows_its_own_messages_however_fast_one_switches(daemon, browser):
    owner, room, (bob,) = community(daemon, "bob")
    rooms = [owner.do("room.create", name=f"room-{n}", kind="public")["room"] for n in range(6)]
    for n, other in enumerate(rooms):
        bob.do("room.join", room=other)
        owner.do_all([("message.post", {"room": other, "text": f"of {n}", "nonce": f"{n}-{k}"}) for k in range(60)])
        bob.do("read.mark", room=other, seq=10**9)
    page = browser.page()
    sign_in(page, daemon, "bob", f"#/room/{room}")
    for turn in range(30):
        n = turn * 5 % 6
        page.evaluate("r => { location.hash = `#/room/${r}` }", rooms[n])
        page.wait_for_timeout(20 * (turn % 4))
        shown = page.evaluate(
            "() => [document.querySelector('ly-room h2')?.textContent,"
            " ...new Set([...document.querySelectorAll('ly-room .text')].map(t => t.textContent))]"
        )
        assert len(shown) <= 2 and (len(shown) == 1 or shown[1] == shown[0].replace("room-", "of "))


def test_search_and_switcher_lead_to_the_message_and_the_room(daemon, browser):
    owner, room, (bob,) = community(daemon, "bob")
    club = owner.do("room.create", name="读书会", kind="public")["room"]
    bob.do("room.join", room=club)
    owner.do_all([("message.post", {"room": room, "text": f"message {n}", "nonce": str(n)}) for n in range(200)])
    owner.do("message.post", room=club, text="这本书讲的是分布式系统", nonce="zh")
    bob.do("read.mark", room=room, seq=10**9)
    page = browser.page()
    sign_in(page, daemon, "bob", f"#/room/{room}")
    page.keyboard.press("Control+k")
    page.keyboard.type("dsh")
    page.get_by_role("option", name="读书会").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="读书会").first.wait_for()
    page.get_by_role("button", name="Search this room").click()
    page.get_by_role("searchbox").fill("分布")
    hit = page.locator("ly-search .hit", has_text="分布式系统")
    hit.wait_for()
    assert hit.locator("mark").first.inner_text() == "分布"
    page.locator("ly-search select").select_option("")
    page.get_by_role("searchbox").fill("message 17")
    page.locator("ly-search .hit", has_text="message 17").first.click()
    page.locator("article.flash").wait_for()


def test_two_tabs_agree_on_what_is_read(daemon, browser):
    owner, room, (bob,) = community(daemon, "bob")
    other = owner.do("room.create", name="other", kind="public")["room"]
    bob.do("room.join", room=other)
    first = browser.page()
    sign_in(first, daemon, "bob", f"#/room/{other}")
    owner.do("message.post", room=room, text="news", nonce="1")
    first.get_by_role("link", name="General, 1 unread").wait_for()
    second = first.context.new_page()
    second.goto(f"{daemon.url}/#/room/{room}")
    message(second, "news").wait_for()
    first.get_by_role("link", name="General", exact=True).wait_for()


def test_an_invite_link_brings_a_stranger_and_a_member_into_the_room(daemon, browser):
    owner, _, (bob,) = community(daemon, "bob")
    secret = owner.do("room.create", name="secret", title="Secret", kind="private")["room"]
    code = owner.do("room.invite", room=secret, uses=2)["invite"]
    stranger = browser.page()
    stranger.goto(f"{daemon.url}/#invite={code}")
    stranger.get_by_label("Name").fill("newcomer")
    stranger.get_by_label("Password").fill(password)
    stranger.get_by_role("button", name="Create account").click()
    stranger.get_by_role("heading", name="Secret").first.wait_for()
    member = browser.page()
    sign_in(member, daemon, "bob")
    member.evaluate("code => { location.hash = `invite=${code}` }", code)
    member.get_by_role("heading", name="Secret").first.wait_for()
    write(member, "hello from bob")
    message(stranger, "hello from bob").wait_for()


def test_a_public_room_is_read_before_it_is_joined(daemon, browser):
    owner, room, _ = community(daemon, "bob")
    owner.do("message.post", room=room, text="come in", nonce="1")
    Client.member(daemon, "carol")
    page = browser.page()
    sign_in(page, daemon, "carol", f"#/room/{room}")
    message(page, "come in").wait_for()
    assert not page.locator("ly-room textarea").is_visible()
    page.locator(".room-head").get_by_role("button", name="Join").click()
    page.locator("ly-room textarea").wait_for()
    write(page, "thanks")
    message(page, "thanks").wait_for()


record_notices = """
window.notices = [];
window.Notification = class {
  static permission = 'default';
  static async requestPermission() { return Notification.permission = 'granted'; }
  constructor(title, options) { notices.push([title, options.body, this]); }
  close() {}
};
document.hasFocus = () => !window.isAway;
"""


def test_who_types_is_seen_and_who_looks_away_is_told_when_they_are_called(daemon, browser):
    owner, room, (bob, mei) = community(daemon, "bob", "mei")
    other = owner.do("room.create", name="other", title="Other", kind="public")["room"]
    bob.do("room.join", room=other)
    page, writer = browser.page(), browser.page()
    page.add_init_script(record_notices)
    sign_in(page, daemon, "bob", "#/settings")
    page.get_by_label("Notify me of mentions and direct messages").check()
    page.goto(f"{daemon.url}/#/room/{room}")
    sign_in(writer, daemon, "mei", f"#/room/{room}")
    mei.do("message.post", room=room, text="here", nonce="here")
    message(page, "here").locator(".dot.online").wait_for()
    writer.locator("ly-room textarea").press_sequentially("hello")
    page.locator("ly-room .typing", has_text="mei").wait_for()
    write(writer, "@bob hello")
    message(page, "@bob hello").wait_for()
    assert page.locator("ly-room .typing").inner_text() == ""
    assert page.evaluate("notices") == [], "who looks needs no notice"
    page.evaluate("isAway = true")
    owner.do("message.post", room=other, text="nothing for you", nonce="1")
    owner.do("message.post", room=other, text="@bob **come** over", nonce="2")
    page.wait_for_function("notices.length > 0")
    assert page.evaluate("notices.map(([title, body]) => [title, body])") == [["alice · Other", "@bob come over"]]
    assert page.title().startswith("(1) ")
    page.evaluate("notices[0][2].onclick()")
    page.locator("ly-room article.flash", has_text="come over").wait_for()
