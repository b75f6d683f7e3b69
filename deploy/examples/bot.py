#!/usr/bin/env python3
"""A bot on PyPI's `websockets`: rolls dice, in English and Chinese, and answers who names it.

Usage: LYCEUM_BOT_TOKEN=… bot.py ws://127.0.0.1:8080/v1/socket
The token is what `bot.create` answers; the bot needs the scopes `read`, `post` and `commands`.
"""

import asyncio
import itertools
import json
import os
import random
import sys

import websockets

COMMANDS = [{
    "name": "roll", "name_zh": "掷骰子", "description": "Rolls dice", "description_zh": "掷几个骰子",
    "options": [{"name": "dice", "name_zh": "个数", "type": "integer", "description": "How many, 1 to 10"}],
}]
AGAIN = [{"type": "button", "id": "again", "label": "Again", "label_zh": "再来", "style": "primary"}]


async def main(url, token):
    # `connect` as an iterator comes back by itself whenever the connection breaks.
    async for socket in websockets.connect(url, subprotocols=["lyceum.v1.json"]):
        numbers = itertools.count(1)

        async def send(command, **fields):
            await socket.send(json.dumps({"id": next(numbers), "do": command, **fields}, ensure_ascii=False))

        async def roll(invocation, dice=1):
            rolled = [random.randint(1, 6) for _ in range(min(max(dice, 1), 10))]
            text = "🎲 " + " + ".join(map(str, rolled)) + f" = {sum(rolled)}"
            await send("bot.respond", invocation=invocation, text=text, components=AGAIN)

        try:
            await send("session.open", token=token, intents=[])
            await send("bot.commands.set", commands=COMMANDS)
            async for frame in socket:
                event = json.loads(frame)
                if "error" in event:
                    sys.exit(f"refused: {event['error']}")
                match event.get("event"):
                    case "bot.invoked":
                        await roll(event["invocation"], event["options"].get("dice", 1))
                    case "component.invoked":
                        await roll(event["invocation"])
                    case "me.mentioned":
                        await send(
                            "message.post", room=event["room"], reply_to=event["message"],
                            nonce=f"mention-{event['room']}-{event['message']}", text="Try `/roll`. 试试 `/roll`。")
        except websockets.ConnectionClosed as closed:
            if closed.rcvd and 4100 <= closed.rcvd.code < 4300:
                sys.exit("the token is no longer good")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], os.environ["LYCEUM_BOT_TOKEN"]))
