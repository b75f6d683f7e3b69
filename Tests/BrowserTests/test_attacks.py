"""TESTING A17 to A19: what members write is text and stays text."""

import pytest

from harness import Client, sign_in

corpus = [
    "<script>window.hurt=1</script>",
    "<img src=x onerror=window.hurt=1>",
    "<svg onload=window.hurt=1>",
    "<iframe srcdoc='<script>parent.hurt=1</script>'></iframe>",
    "[x](javascript:window.hurt=1)",
    "[x](JaVaScRiPt:window.hurt=1)",
    "[x](data:text/html,<script>window.hurt=1</script>)",
    "[x](java\tscript:window.hurt=1)",
    "[x](https://example.org\" onmouseover=\"window.hurt=1)",
    "![x](x\" onerror=\"window.hurt=1)",
    "<a href='javascript:window.hurt=1'>x</a>",
    "**<b onclick=window.hurt=1>x</b>**",
    "`<script>window.hurt=1</script>`",
    "```<script>\n<script>window.hurt=1</script>\n```",
    "> <style>*{background:url(javascript:window.hurt=1)}</style>",
    "\"><script>window.hurt=1</script>",
    "'-window.hurt=1-'",
    "{{constructor.constructor('window.hurt=1')()}}",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=window.hurt=1>",
    "<template><script>window.hurt=1</script></template>",
    "https://example.org/<script>window.hurt=1</script>",
    "||<img src=x onerror=window.hurt=1>||",
    "@room<script>window.hurt=1</script>",
    "&lt;script&gt;window.hurt=1&lt;/script&gt;",
]


def harmless(page):
    page.wait_for_timeout(150)
    assert page.evaluate("window.hurt") is None
    bad = "script:not([src]),iframe,object,embed,form[action],[onclick],[onerror],[onload],style,img[src=x]"
    assert page.locator(f".app :is({bad})").count() == 0
    for target in page.eval_on_selector_all(".app a[href]", "all => all.map(a => a.protocol)"):
        assert target in ("http:", "https:", "mailto:", "blob:")


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_the_corpus_stays_text_wherever_it_is_shown(daemon, browser, language):
    owner = Client.member(daemon, "alice", daemon.invite)
    room = owner.do("room.create", name="general", title=corpus[1], topic=corpus[0], kind="public")["room"]
    other = owner.do("room.create", name="other", title=corpus[2], topic=corpus[15], kind="public")["room"]
    seqs = [
        owner.do("message.post", room=room, text=text, nonce=str(n))["seq"] for n, text in enumerate(corpus)
    ]
    owner.do("message.post", room=room, text=corpus[1], nonce="reply", reply_to=seqs[0])
    owner.do("message.post", room=room, text=corpus[0], nonce="thread", thread=seqs[1])
    owner.do("thread.update", room=room, thread=seqs[1], title=corpus[1])
    owner.do("message.pin", room=room, seq=seqs[0])
    bob = Client.member(daemon, "bob")
    for place in (room, other):
        bob.do("room.join", room=place)
    bob.do("message.report", room=room, seq=seqs[2], reason=corpus[1])
    owner.do("qa.open", room=other, title=corpus[1], anonymous_allowed=True)
    session = owner.do("qa.list", room=other)["qa"]["seq"]
    asked = [bob.do("question.ask", room=other, qa=session, text=corpus[n], nonce=f"q{n}")["seq"] for n in range(3)]
    owner.do("question.live", room=other, question=asked[0])
    owner.do("question.answer", room=other, question=asked[1], text=corpus[2], nonce="answer")
    owner.do("poll.open", room=other, question=corpus[0], options=corpus[1:4])
    words = owner.do("poll.open", room=other, question=corpus[2], free_text=True)["seq"]
    bob.do("poll.vote", room=other, poll=words, text=corpus[1])
    page = browser.page(language=language)
    sign_in(page, daemon, "alice", f"#/room/{room}")
    page.locator("ly-room article").first.wait_for()
    harmless(page)
    shown = page.locator("ly-room .text").all_inner_texts()
    assert any("<script>window.hurt=1</script>" in text for text in shown)
    for spoiler in page.locator(".spoiler").all():
        spoiler.click()
    page.goto(f"{daemon.url}/#/room/{room}/thread/{seqs[1]}")
    page.locator("ly-thread article").first.wait_for()
    harmless(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("script")
    harmless(page)
    page.keyboard.press("Escape")
    for path in ("threads", "settings", "discover", "dashboard", "review", f"room/{other}"):
        page.goto(f"{daemon.url}/#/{path}")
        harmless(page)
    page.goto(f"{daemon.url}/#/review")
    page.locator(".review-row").first.click()
    page.locator(".review-detail", has_text="<img src=x onerror").wait_for()
    harmless(page)
    page.goto(f"{daemon.url}/#/qa/{other}")
    page.locator(".stage-text", has_text="<script>window.hurt=1</script>").wait_for()
    page.locator(".poll-option", has_text="<img src=x onerror").first.wait_for()
    harmless(page)
    page.goto(f"{daemon.url}/#/qa/{other}/0/projector")
    page.locator(".hall-now", has_text="<script>window.hurt=1</script>").wait_for()
    harmless(page)
    page.goto(f"{daemon.url}/#/room/{room}")
    page.get_by_role("button", name="Search this room").or_(page.get_by_role("button", name="搜索本房间")).click()
    page.get_by_role("searchbox").fill("script")
    page.locator("ly-search .hit").first.wait_for()
    harmless(page)


def test_unicode_bombs_leave_the_layout_whole(daemon, browser):
    owner = Client.member(daemon, "alice", daemon.invite)
    room = owner.do("room.create", name="general", kind="public")["room"]
    owner.do("message.post", room=room, text="before", nonce="1")
    bombs = ["Z" + "\u0338\u0300\u0316" * 1300, "\u202e" + "gnp.exe " * 20, "\U0001f468\u200d" * 900, "a" * 4000, "\u2067x\u202e" * 500]
    for n, bomb in enumerate(bombs):
        owner.do("message.post", room=room, text=bomb, nonce=f"b{n}")
    owner.do("message.post", room=room, text="after", nonce="2")
    page = browser.page(width=360, height=740, phone=True)
    sign_in(page, daemon, "alice", f"#/room/{room}")
    page.goto(f"{daemon.url}/#/room/{room}")
    after = page.locator("article", has_text="after")
    after.wait_for()
    sizes = page.evaluate(
        "() => [document.documentElement.scrollWidth, innerWidth,"
        " document.querySelector('.log-scroller').scrollWidth <= document.querySelector('.log-scroller').clientWidth]"
    )
    assert sizes[0] <= sizes[1] and sizes[2]
    rows = page.evaluate("() => [...document.querySelectorAll('article')].map(a => { const r = a.getBoundingClientRect(); return [r.top, r.bottom] })")
    assert all(rows[n][1] <= rows[n + 1][0] + 1 for n in range(len(rows) - 1))
    assert page.evaluate("getComputedStyle([...document.querySelectorAll('.text')].pop()).direction") == "ltr"


def test_another_sites_page_can_do_nothing_with_the_cookie(daemon, browser):
    import http.client

    Client.member(daemon, "alice", daemon.invite)
    page = browser.page()
    sign_in(page, daemon, "alice")
    cookie = page.context.cookies()[0]

    def ask(method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", daemon.port)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"cookie": f"{cookie['name']}={cookie['value']}", **names})
        answer = connection.getresponse()
        answer.read()
        return answer.status

    json_type = {"content_type": "application/json"}
    assert ask("POST", "/v1/tickets", "{}", **json_type, sec_fetch_site="same-origin") == 201
    assert ask("POST", "/v1/tickets", "{}", **json_type, origin=daemon.url) == 201
    assert ask("POST", "/v1/tickets", "{}", **json_type, sec_fetch_site="cross-site") == 403
    assert ask("POST", "/v1/tickets", "{}", **json_type, sec_fetch_site="same-site") == 403
    assert ask("POST", "/v1/tickets", "{}", **json_type, origin="https://evil.example") == 403
    assert ask("POST", "/v1/tickets", "{}", **json_type) == 403
    assert ask("POST", "/v1/tickets", "{}", content_type="text/plain", sec_fetch_site="same-origin") == 415
    assert ask("DELETE", "/v1/sessions/current", sec_fetch_site="cross-site") == 403
    assert ask("DELETE", "/v1/sessions/current", sec_fetch_site="same-origin") == 200
    assert ask("POST", "/v1/tickets", "{}", **json_type, sec_fetch_site="same-origin") == 401
