"""Recommendations: shown with their reasons, opened, followed, dismissed."""

from harness import Client, sign_in


def talk(daemon):
    """A room with threads in which three members take part; the first only in their own."""
    owner = Client.member(daemon, "alice", daemon.invite)
    people = [owner] + [Client.member(daemon, name) for name in ("bob", "mei")]
    room = owner.do("room.create", name="swift", title="Swift", kind="public")["room"]
    for member in people[1:]:
        member.do("room.join", room=room)
    roots = []
    for n, text in enumerate(("Notes on actors", "并发调试笔记", "SQLite settings that matter")):
        roots.append(people[n].do("message.post", room=room, text=text, nonce=f"r{n}")["seq"])
        for k, member in enumerate(people if n == 0 else people[1:]):
            member.do("message.post", room=room, text=f"an answer of {k} to it", nonce=f"a{n}{k}", thread=roots[-1])
    return people, room, roots


def test_a_recommended_thread_is_opened_and_a_dismissed_one_stays_away(daemon, browser):
    people, room, _ = talk(daemon)
    found = people[0].do("recommend.get", kinds=["threads"])["items"]
    assert found
    page = browser.page()
    sign_in(page, daemon, "alice", "#/discover")
    cards = page.locator("section", has=page.get_by_role("heading", name="Threads")).locator(".card")
    cards.first.wait_for()
    texts = cards.locator(".card-title").all_inner_texts()
    assert texts and all(any(word in text for word in ("actors", "并发", "SQLite")) for text in texts)
    assert all(reason for reason in cards.locator("p.hint").all_inner_texts())
    gone = texts[0]
    cards.first.get_by_role("button", name="Dismiss").click()
    page.locator(".card", has_text=gone).wait_for(state="detached")
    page.reload()
    page.locator("ly-discover .card, ly-discover .empty").first.wait_for()
    threads = page.locator("section", has=page.get_by_role("heading", name="Threads"))
    assert threads.locator(".card-title", has_text=gone).count() == 0
    title = threads.locator(".card-title").first
    wanted = title.inner_text()
    title.click()
    page.locator("ly-thread article", has_text=wanted).first.wait_for()
    page.locator(".room-head").get_by_role("button", name="For you").click()
    page.locator(".discover-pane .card").first.wait_for()
    page.locator(".discover-pane").get_by_role("button", name="Close").click()
    page.locator(".discover-pane").wait_for(state="detached")


def test_the_dashboard_shows_figures_with_tables(daemon, browser):
    talk(daemon)
    page = browser.page()
    sign_in(page, daemon, "alice", "#/dashboard")
    page.locator(".tile", has_text="Ready").get_by_text("Yes").wait_for()
    messages = page.locator("section", has=page.get_by_role("heading", name="Messages", exact=True))
    messages.locator("summary").first.click()
    table = messages.get_by_role("table").first
    table.wait_for()
    assert table.locator("tbody tr").count() == 24
    assert table.locator("tbody tr").last.locator("td").all_inner_texts() == ["10", "3"]
    page.locator("section", has=page.get_by_role("heading", name="Rising")).get_by_role("link", name="Swift").first.wait_for()
    page.locator(".leaders li").first.wait_for()
    assert page.get_by_text("not a function").count() == 0


def test_what_is_kept_about_one_is_shown_and_forgotten(daemon, browser):
    people, _, _ = talk(daemon)
    page = browser.page()
    sign_in(page, daemon, "bob", "#/settings")
    page.get_by_label("Let others be recommended to talk to me").uncheck()
    page.locator(".kept summary").click()
    page.locator(".kept .token", has_text="Swift").first.wait_for()
    page.reload()
    page.get_by_label("Let others be recommended to talk to me").wait_for()
    assert not page.get_by_label("Let others be recommended to talk to me").is_checked()
    assert people[1].do("activity.me")["discoverable"] is False
    page.get_by_role("button", name="Forget my activity").click()
    page.locator(".toast", has_text="forgotten").wait_for()
    page.locator(".kept summary").click()
    page.locator(".kept .token", has_text="Swift").first.wait_for(state="detached")
