"""How many creates per second the served sandbox answers: `python bench/sandbox_throughput.py [creates] [connections]`.

The load comes over bare sockets, so that what is measured is the server and not a client.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

_QUESTIONS = [
    {"question": f"What did you learn from case {number}?", "id": f"q{number}", "external_id": f"case-{number}"}
    for number in range(6)
]
_BODY = json.dumps(
    {
        "name": "Support agent",
        "location": "remote",
        "interview_template_id": "46b98d37-1557-4391-beca-03037ead19f2",
        "mojito_language_code": "en",
        "description": "First-line support",
        "status": "active",
        "type": "interview",
        "visibility": "merchant_invite",
        "is_embedded": True,
        "questions": _QUESTIONS,
    }
).encode()
_CREATE = b"/functions/v1/job-interview-create-from-array"


async def _client(host: str, port: int, pending: list[None]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    head = b"POST %b HTTP/1.1\r\nHost: sandbox\r\nAuthorization: Bearer bench\r\nContent-Length: %d\r\n\r\n"
    request = head % (_CREATE, len(_BODY)) + _BODY
    while pending:
        pending.pop()
        writer.write(request)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        if not answer.startswith(b"HTTP/1.1 200"):
            raise SystemExit(answer.decode())
    writer.close()


async def _load(host: str, port: int, creates: int, connections: int) -> float:
    pending: list[None] = [None] * creates
    began = time.perf_counter()
    await asyncio.gather(*(_client(host, port, pending) for _ in range(connections)))
    return time.perf_counter() - began


def main() -> None:
    creates = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    connections = int(sys.argv[2]) if len(sys.argv) > 2 else 64
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", "from reconciler.cli.sandbox import command; command()"]
        server = subprocess.Popen([*command, "serve", "--path", folder], stdout=subprocess.PIPE, text=True)
        announced = server.stdout.readline() if server.stdout else ""
        address = urlsplit(announced.split()[-1])
        seconds = asyncio.run(_load(address.hostname or "", address.port or 0, creates, connections))
        server.send_signal(signal.SIGTERM)
        _, _, usage = os.wait4(server.pid, 0)
        server.returncode = 0
    cpu = usage.ru_utime + usage.ru_stime
    print(f"{creates} creates over {connections} connections: {creates / seconds:.0f}/s, ", end="")
    print(f"{cpu / creates * 1e6:.0f} us of server CPU each (start-up included), {usage.ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
