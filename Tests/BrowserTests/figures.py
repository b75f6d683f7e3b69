#!/usr/bin/env python3
"""Measures the client in Chromium on the built daemon: first screen, opening a room, a busy room.

BINARY names the daemon, preferably a release build; MINUTES how long the busy room lasts (default 1).
"""

import os
import threading
import time

from harness import Client, running, sign_in

minutes = float(os.environ.get("MINUTES", "1"))


def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


watch_form = """new MutationObserver((_, watch) => {
  if (!document.querySelector('form input')) return;
  watch.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.usableAt = performance.now(); }));
}).observe(document, { childList: true, subtree: true });"""

usable = """new Promise(done => {
  const look = () => window.usableAt ? done(window.usableAt) : requestAnimationFrame(look);
  look();
})"""


def first_screen(daemon, browser):
    times = []
    for _ in range(5):
        page = browser.page()
        page.add_init_script(watch_form)
        page.goto(daemon.url)
        times.append(page.evaluate(usable))
        size = page.evaluate("performance.getEntriesByType('resource').reduce((n, e) => n + e.transferSize, 0)")
        page.context.close()
    print(f"first usable screen, cold cache: {median(times):.0f} ms (limit 1000); {size} bytes fetched")


watch_room = """room => new Promise(done => {
  const start = performance.now();
  location.hash = `#/room/${room}`;
  const look = () => {
    const title = document.querySelector('ly-room h2')?.textContent;
    const rows = document.querySelectorAll('ly-room article').length;
    if (title === `room-${room}` && rows > 10) requestAnimationFrame(() => done(performance.now() - start));
    else requestAnimationFrame(look);
  };
  look();
})"""


def opening_rooms(daemon, browser, owner):
    rooms = []
    for _ in range(12):
        room = owner.do("room.create", name=f"r{len(rooms)}", kind="public")["room"]
        owner.do("room.update", room=room, title=f"room-{room}")
        owner.do_all([("message.post", {"room": room, "text": f"message {n} **bold**", "nonce": f"{room}.{n}"}) for n in range(80)])
        rooms.append(room)
    page = browser.page()
    sign_in(page, daemon, "alice", f"#/room/{rooms[0]}")
    page.wait_for_timeout(800)
    first = [page.evaluate(watch_room, room) for room in rooms[1:]]
    again = [page.evaluate(watch_room, room) for room in rooms[-4:-1]]
    print(f"opening a room: median {median(first):.0f} ms, worst {max(first):.0f} ms (limit 100); again {median(again):.0f} ms")
    page.context.close()


count_frames = """ms => new Promise(done => {
  const start = performance.now();
  const times = [];
  const frame = now => { times.push(now); now - start < ms ? requestAnimationFrame(frame) : done(times); };
  requestAnimationFrame(frame);
})"""


def busy_room(daemon, browser, owner):
    room = owner.do("room.create", name="busy", kind="public")["room"]
    stop = threading.Event()

    def post():
        writer = Client.member(daemon, "writer")
        writer.do("room.join", room=room)
        start, sent = time.monotonic(), 0
        while not stop.is_set():
            due = int((time.monotonic() - start) * 50)
            if due > sent:
                writer.do_all([("message.post", {"room": room, "text": f"message {n} of many, **with** `marks`", "nonce": f"w{n}"}) for n in range(sent, due)])
                sent = due
            time.sleep(0.005)
        print(f"  {sent / (time.monotonic() - start):.1f} messages a second arrived in view")

    page = browser.page()
    sign_in(page, daemon, "alice", f"#/room/{room}")
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")

    def heap():
        session.send("HeapProfiler.collectGarbage")
        return page.evaluate("performance.memory.usedJSHeapSize") / 1e6

    writer = threading.Thread(target=post)
    writer.start()
    page.wait_for_timeout(10_000)
    session.send("Performance.enable")

    def work():
        found = session.send("Performance.getMetrics")["metrics"]
        return {m["name"]: m["value"] for m in found}

    before, rates, heaps = work(), [], [heap()]
    for _ in range(max(1, int(minutes * 6))):
        times = page.evaluate(count_frames, 10_000)
        rates.append((len(times) - 1) / (times[-1] - times[0]) * 1000)
        heaps.append(heap())
    after = work()
    seconds = after["Timestamp"] - before["Timestamp"]
    shares = {name: (after[name] - before[name]) / seconds * 100 for name in ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")}
    print("  main thread: " + ", ".join(f"{name[:-8].lower()} {share:.0f} %" for name, share in shares.items()))
    rows = page.locator("ly-room article").count()
    stop.set()
    writer.join()
    print(f"busy room: {median(rates):.1f} frames a second, worst ten seconds {min(rates):.1f} (limit 55)")
    print(f"  heap {heaps[0]:.1f} MB at first, {heaps[-1]:.1f} MB after {minutes:g} min; {rows} rows on the page")
    page.context.close()


with running() as (daemon, browser):
    owner = Client.member(daemon, "alice", daemon.invite)
    first_screen(daemon, browser)
    opening_rooms(daemon, browser, owner)
    busy_room(daemon, browser, owner)
