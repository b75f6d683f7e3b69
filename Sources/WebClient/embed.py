#!/usr/bin/env python3
"""Writes assets.c, which lists every file below Assets for the compiler to embed.

Run it after adding or removing a file; changed contents need nothing, since the compiler follows #embed.
With --check it changes nothing and fails if the list is not right.
"""

import pathlib
import sys

here = pathlib.Path(__file__).parent
paths = sorted(p.relative_to(here / "Assets").as_posix() for p in (here / "Assets").rglob("*") if p.is_file())


def symbol(path: str) -> str:
    return "asset_" + "".join(c if c.isalnum() else "_" for c in path)


lines = ["// Made by embed.py from the files below Assets.", '#include "WebClient.h"', ""]
lines += ['#pragma clang diagnostic ignored "-Wc23-extensions"', ""]
for path in paths:
    lines += [f"static const unsigned char {symbol(path)}[] = {{", f'#embed "Assets/{path}"', "};"]
lines += ["", "static const struct lyceum_web_asset assets[] = {"]
lines += [f'    {{"{path}", {symbol(path)}, sizeof {symbol(path)}}},' for path in paths]
lines += ["};", "", f"const size_t lyceum_web_asset_count = {len(paths)};", ""]
lines += ["struct lyceum_web_asset lyceum_web_asset_at(size_t index) { return assets[index]; }", ""]
text = "\n".join(lines)

target = here / "assets.c"
if "--check" in sys.argv:
    sys.exit(0 if target.read_text() == text else "Sources/WebClient/assets.c is not what embed.py writes")
target.write_text(text)
