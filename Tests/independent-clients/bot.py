"""Drives deploy/examples/bot.py, which runs unchanged in a process of its own, as a member would.

Usage: bot.py ws://127.0.0.1:8080/v1/socket PATH-OF-THE-EXAMPLE
"""

import asyncio
import os
import secrets
import subprocess
import sys

from member import register


async def main(url, example):
    suffix = secrets.token_hex(3)
    ann, _ = await register(url, f"ann-{suffix}")
    room = (await ann.ask("room.create", name=f"dice-{suffix}", title="Dice", kind="public"))["room"]
    made = await ann.ask("bot.create", name=f"dicebot-{suffix}", scopes=["read", "post", "commands"])
    await ann.ask("room.invite", room=room, member=made["bot"])
    process = subprocess.Popen([sys.executable, example, url], env={**os.environ, "LYCEUM_BOT_TOKEN": made["token"]})
    try:
        await drive(ann, room, f"dicebot-{suffix}", process)
    finally:
        process.kill()
        process.wait()
        await ann.close()
    print("websockets: the example bot has rolled its dice")


async def drive(ann, room, name, process):
    for _ in range(400):
        assert process.poll() is None, "the example bot has ended"
        found = (await ann.ask("command.complete", room=room, text="ztz"))["suggestions"]
        if found:
            break
        await asyncio.sleep(0.05)
    assert found[0]["command"]["name"] == "roll", found
    await ann.ask("command.invoke", room=room, command="roll", options={"dice": 3}, nonce=secrets.token_hex(8))
    answer = await ann.event("bot.answered")
    assert answer["state"] == "answered", answer
    message = (await ann.ask("history.get", room=room, limit=200, fold=True))["messages"][-1]
    assert message["text"].startswith("🎲") and message["text"].count("+") == 2, message
    assert message["bot"]["components"][0]["id"] == "again", message
    await ann.ask("component.invoke", room=room, message=message["seq"], component="again", nonce=secrets.token_hex(8))
    assert (await ann.event("bot.answered"))["state"] == "answered"
    await ann.ask("message.post", room=room, text=f"hello @{name}", nonce=secrets.token_hex(8))
    while "/roll" not in (await ann.event("message.posted"))["text"]:
        pass


asyncio.run(main(*sys.argv[1:]))
