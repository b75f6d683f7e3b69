"""Files: uploaded, shown in their place, looked at, refused with a reason."""

import http.client
import struct
import zlib

import pytest

from harness import Client, password, sign_in


@pytest.fixture(autouse=True)
def takes_files(daemon):
    """An older daemon, named by BINARY, may take none."""
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port)
    connection.request("POST", "/v1/files")
    if connection.getresponse().status == 404:
        pytest.skip("this daemon takes no files")


def png(width, height):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes((60, 90, 220)) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def attach(page, name, body, kind="application/octet-stream"):
    page.locator("ly-room input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": body})


def room_of_two(daemon):
    owner = Client.member(daemon, "alice", daemon.invite)
    room = owner.do("room.create", name="general", title="General", kind="public")["room"]
    Client.member(daemon, "bob").do("room.join", room=room)
    return room


def test_an_image_is_uploaded_and_seen_in_its_place(daemon, browser):
    room = room_of_two(daemon)
    alice, bob = browser.page(), browser.page()
    for page, name in ((alice, "alice"), (bob, "bob")):
        sign_in(page, daemon, name, f"#/room/{room}")
        page.locator("ly-room textarea").wait_for()
    attach(alice, "a <b>blue field.png", png(640, 320), "image/png")
    alice.locator(".attached .chip", has_text="blue").wait_for()
    alice.locator(".attached progress").wait_for(state="detached")
    alice.locator("ly-room textarea").fill("look")
    alice.locator("ly-room textarea").press("Enter")
    for page in (alice, bob):
        image = page.locator("article[data-seq] .image img")
        image.wait_for()
        # Its place was kept before it came.
        assert page.evaluate("i => [i.getAttribute('width'), i.offsetHeight]", image.element_handle()) == ["400", 200]
        page.evaluate("i => i.decode()", image.element_handle())
        assert page.evaluate("i => i.naturalWidth", image.element_handle()) == 640
    bob.locator("article .image").click()
    bob.locator("dialog .whole-image").wait_for()
    bob.keyboard.press("Escape")
    bob.locator("dialog").wait_for(state="detached")


def test_another_file_is_offered_to_be_saved_and_a_page_is_not_run(daemon, browser):
    room = room_of_two(daemon)
    page = browser.page()
    sign_in(page, daemon, "alice", f"#/room/{room}")
    page.locator("ly-room textarea").wait_for()
    attach(page, "<img src=x onerror=window.hurt=1>.html", b"<script>parent.hurt=1</script>", "text/html")
    page.locator(".attached .chip").wait_for()
    page.locator(".attached progress").wait_for(state="detached")
    page.locator("ly-room textarea").press("Enter")
    link = page.locator("article[data-seq] a.file")
    link.wait_for()
    with page.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes() == b"<script>parent.hurt=1</script>"
    assert page.evaluate("window.hurt") is None


def wave(seconds):
    """Silence as RIFF WAVE."""
    rate = 44_100
    samples = bytes(2 * rate * seconds)
    form = struct.pack("<HHIIHH", 1, 1, rate, 2 * rate, 2, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_a_sound_is_played_and_sought_in_without_its_beginning(daemon, browser):
    room = room_of_two(daemon)
    page = browser.page()
    sign_in(page, daemon, "alice", f"#/room/{room}")
    page.locator("ly-room textarea").wait_for()
    attach(page, "lecture.wav", wave(60), "audio/wav")
    page.locator(".attached .chip").wait_for()
    page.locator(".attached progress").wait_for(state="detached")
    page.locator("ly-room textarea").press("Enter")
    ranges = []
    page.on("response", lambda r: "/v1/files/" in r.url and ranges.append((r.status, r.headers.get("content-range"))))
    page.locator("article[data-seq]").get_by_role("button", name="Play: lecture.wav").click()
    at = page.evaluate("""() => new Promise((done, fail) => {
      const sound = document.querySelector('dialog audio');
      sound.muted = true;
      const seek = () => { sound.onseeked = () => done(sound.currentTime); sound.currentTime = 55; };
      sound.onerror = () => fail(new Error(sound.error.message));
      sound.readyState > 0 ? seek() : sound.onloadedmetadata = seek;
    })""")
    assert at >= 55
    assert ranges and all(status == 206 for status, _ in ranges)
    assert any(not place.startswith("bytes 0-") for _, place in ranges)


def test_a_file_dropped_on_a_thread_goes_out_there_and_one_that_is_on_its_way_can_be_discarded(daemon, browser):
    room = room_of_two(daemon)
    owner = Client(daemon)
    owner.do("session.open", name="alice", password=password)
    root = owner.do("message.post", room=room, text="the root", nonce="1")["seq"]
    page = browser.page()
    sign_in(page, daemon, "alice", f"#/room/{room}/thread/{root}")
    page.locator("ly-thread textarea").wait_for()
    page.route("**/v1/files", lambda route: None)
    drop = """(pane, name) => {
      const data = new DataTransfer();
      data.items.add(new File(['notes'], name, { type: 'text/plain' }));
      const event = new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
      pane.dispatchEvent(event);
      return event.defaultPrevented;
    }"""
    assert page.locator("ly-thread .log-scroller").evaluate(drop, "stuck.txt")
    page.locator("ly-thread .attached .chip", has_text="stuck.txt").get_by_role("button").click()
    page.locator("ly-thread .chip").wait_for(state="detached")
    page.unroute("**/v1/files")
    page.locator("ly-thread .log-scroller").evaluate(drop, "notes.txt")
    page.locator("ly-thread .attached .chip", has_text="notes.txt").wait_for()
    page.locator("ly-thread .attached progress").wait_for(state="detached")
    page.locator("ly-thread textarea").press("Enter")
    page.locator("ly-thread article[data-seq] a.file", has_text="notes.txt").wait_for()
    # What is dropped on nothing leads nowhere.
    assert page.locator("ly-sidebar").evaluate(drop, "astray.txt")


def test_what_one_member_attached_is_not_there_for_the_next_at_the_same_page(daemon, browser):
    room = room_of_two(daemon)
    page = browser.page()
    sign_in(page, daemon, "alice", f"#/room/{room}")
    page.locator("ly-room textarea").wait_for()
    attach(page, "mine.txt", b"mine", "text/plain")
    page.locator(".attached .chip", has_text="mine.txt").wait_for()
    page.evaluate("location.hash = '#/settings'")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("textbox", name="Name").fill("bob")
    page.locator("input[type=password]").fill(password)
    page.locator("button[type=submit]").click()
    page.evaluate("room => { location.hash = `#/room/${room}` }", room)
    page.locator("ly-room textarea").wait_for()
    assert page.locator(".attached .chip").count() == 0
