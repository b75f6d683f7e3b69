#!/bin/bash
# A member that knows nothing of Lyceum but PROTOCOL.md, on `websocat` and a shell.
# Usage: member.sh ws://127.0.0.1:8080/v1/socket
set -euo pipefail
url=$1
name="cat-$RANDOM$RANDOM"

# One connection as a coprocess: lines out are frames in, and the other way round.
open_socket() {
    coproc SOCKET { websocat --protocol lyceum.v1.json "$url"; }
    exec {from}<&"${SOCKET[0]}" {to}>&"${SOCKET[1]}"
    expect '"event":"hello"' >/dev/null
}

# Without a goodbye, as a phone in a tunnel does it.
close_socket() {
    local process=$SOCKET_PID
    kill "$process"
    wait "$process" 2>/dev/null || true
    exec {from}<&- {to}>&-
}

# Prints the first line that holds the text; other events before it are dropped.
expect() {
    local line
    while IFS= read -r -t 10 -u "$from" line; do
        if [[ $line == *"$1"* ]]; then
            printf '%s\n' "$line"
            return
        fi
    done
    echo "websocat: nothing like $1 came" >&2
    exit 1
}

# Sends a command whose id is the first argument, and prints its answer.
ask() {
    printf '{"id":%s,%s}\n' "$1" "$2" >&"$to"
    expect "\"re\":$1,"
}

field() { grep -o "\"$1\":[^,}]*" <<<"$2" | head -1 | cut -d: -f2- | tr -d '"'; }

open_socket
token=$(field token "$(ask 1 "\"do\":\"account.register\",\"name\":\"$name\",\"password\":\"a password for $name\"")")
ask 2 "\"do\":\"session.open\",\"token\":\"$token\"" | grep -q '"ok"'
created=$(ask 3 "\"do\":\"room.create\",\"name\":\"$name\",\"title\":\"Cats\",\"kind\":\"public\"")
room=$(field room "$created")
epoch=$(field epoch "$created")
english=$(field seq "$(ask 4 "\"do\":\"message.post\",\"room\":$room,\"nonce\":\"a\",\"text\":\"a quick brown fox\"")")
chinese=$(field seq "$(ask 5 "\"do\":\"message.post\",\"room\":$room,\"nonce\":\"b\",\"text\":\"全文搜索很快\"")")
ask 6 "\"do\":\"message.post\",\"room\":$room,\"nonce\":\"c\",\"text\":\"in a thread\",\"thread\":$english" | grep -q '"ok"'
ask 7 "\"do\":\"message.edit\",\"room\":$room,\"seq\":$english,\"text\":\"a quick grey cat\"" | grep -q '"ok"'
ask 8 "\"do\":\"message.react\",\"room\":$room,\"seq\":$english,\"emoji\":\"🐈\"" | grep -q '"ok"'
ask 9 "\"do\":\"search\",\"text\":\"grey\",\"room\":$room" | grep -q "\"seq\":$english,"
ask 10 "\"do\":\"search\",\"text\":\"搜索\",\"room\":$room" | grep -q "\"seq\":$chinese,"
ask 11 "\"do\":\"message.edit\",\"room\":$room,\"seq\":1,\"text\":\"no message\"" | grep -q '"not_found"'
close_socket

open_socket
cursor="{\"room\":$room,\"epoch\":\"$epoch\",\"seq\":$chinese}"
ask 1 "\"do\":\"session.open\",\"token\":\"$token\",\"resume\":[$cursor]" | grep -q '"replay":3'
for event in message.posted message.edited reaction.added; do expect "\"event\":\"$event\"" >/dev/null; done
close_socket
echo "websocat: a member that follows PROTOCOL.md has done everything"
