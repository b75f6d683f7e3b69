"""A member that knows nothing of Lyceum but PROTOCOL.md, on PyPI's `websockets`.

Registers, joins, chats, threads, edits, reacts, searches in Chinese and English, is disconnected and resumes.
Usage: member.py ws://127.0.0.1:8080/v1/socket
"""

import asyncio
import json
import secrets
import sys

import websockets


class Member:
    """One connection: commands are answered by `ask`, events wait in `events`."""

    def __init__(self, socket):
        self.socket = socket
        self.last_id = 0
        self.answers = {}
        self.events = asyncio.Queue()
        self.reader = asyncio.create_task(self.read())

    @classmethod
    async def connect(cls, url):
        member = cls(await websockets.connect(url, subprotocols=["lyceum.v1.json"]))
        hello = await member.event("hello")
        assert hello["protocol"] == 1 and hello["limits"]["frame_bytes"] > 0, hello
        return member

    async def read(self):
        async for frame in self.socket:
            message = json.loads(frame)
            if "re" in message:
                self.answers.pop(message["re"]).set_result(message)
            else:
                await self.events.put(message)

    async def ask(self, command, /, **fields):
        self.last_id += 1
        answer = self.answers[self.last_id] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps({"id": self.last_id, "do": command, **fields}, ensure_ascii=False))
        message = await asyncio.wait_for(answer, 10)
        if "error" in message:
            raise RuntimeError(f"{command}: {message['error']}")
        return message["ok"]

    async def refused(self, command, /, **fields):
        try:
            await self.ask(command, **fields)
        except RuntimeError as error:
            return str(error)
        raise AssertionError(f"{command} was not refused")

    async def event(self, name):
        """The next event of this name; others before it are dropped."""
        while True:
            event = await asyncio.wait_for(self.events.get(), 10)
            if event["event"] == name:
                return event

    async def close(self):
        await self.socket.close()
        await self.reader


async def register(url, name):
    member = await Member.connect(url)
    account = await member.ask("account.register", name=name, password=f"a password for {name}")
    session = await member.ask("session.open", token=account["token"])
    assert session["member"]["name"] == name and session["rooms"] == [], session
    return member, account["token"]


async def main(url):
    suffix = secrets.token_hex(3)
    ann, _ = await register(url, f"ann-{suffix}")
    bob, token = await register(url, f"bob-{suffix}")
    room = (await ann.ask("room.create", name=f"agora-{suffix}", title="Agora", kind="public"))["room"]
    entry = (await bob.ask("room.join", room=room))["entry"]
    assert any(r["id"] == room for r in (await bob.ask("room.list", limit=200))["rooms"])

    nonce = secrets.token_hex(8)
    posted = await ann.ask("message.post", room=room, text=f"hello @bob-{suffix}, the quick brown fox", nonce=nonce)
    again = await ann.ask("message.post", room=room, text="a repeat", nonce=nonce)
    assert again["seq"] == posted["seq"] and again["duplicate"] is True, again
    seen = await bob.event("message.posted")
    assert seen["seq"] == posted["seq"] and seen["mentions"], seen
    chinese = await ann.ask("message.post", room=room, text="我们明天讨论数据库索引", nonce=secrets.token_hex(8))
    await bob.ask("message.post", room=room, text="a reply", nonce=secrets.token_hex(8), thread=posted["seq"])
    await ann.ask("message.edit", room=room, seq=posted["seq"], text="hello, the quick red fox")
    await bob.ask("message.react", room=room, seq=posted["seq"], emoji="👍")
    assert (await bob.event("message.edited"))["message"] == posted["seq"]
    assert (await ann.event("reaction.added"))["emoji"] == "👍"
    assert "forbidden" in await bob.refused("message.edit", room=room, seq=posted["seq"], text="not mine")
    assert "not_found" in await bob.refused("history.get", room=987654)

    for text, seq in (("red fox", posted["seq"]), ("数据库", chinese["seq"]), ("索引", chinese["seq"])):
        hits = (await bob.ask("search", text=text, room=room))["hits"]
        assert [hit["seq"] for hit in hits] == [seq], (text, hits)

    head = (await bob.ask("history.get", room=room, limit=1))["events"][-1]["seq"]
    await bob.close()
    missed = [await ann.ask("message.post", room=room, text=f"missed {n}", nonce=secrets.token_hex(8)) for n in range(5)]
    bob = await Member.connect(url)
    cursor = {"room": room, "epoch": entry["epoch"], "seq": head}
    session = await bob.ask("session.open", token=token, resume=[cursor])
    assert {"room": room, "replay": 5} in session["resumed"], session["resumed"]
    assert [(await bob.event("message.posted"))["seq"] for _ in missed] == [post["seq"] for post in missed]
    folded = (await bob.ask("history.get", room=room, before=head + 1, fold=True))["messages"]
    root = next(message for message in folded if message["seq"] == posted["seq"])
    assert root["text"] == "hello, the quick red fox" and root["replies"]["count"] == 1, root
    assert root["reactions"] == [{"emoji": "👍", "count": 1, "mine": True}], root
    await ann.close()
    await bob.close()
    print("websockets: a member that follows PROTOCOL.md has done everything")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
