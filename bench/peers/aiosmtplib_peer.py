"""aiosmtplib at its best: connections kept open, finished bytes in which only the reader's address is replaced."""

from __future__ import annotations

import asyncio

import aiosmtplib
from common import measure, reader, task

TASK = task()


async def lane(numbers: range) -> int:
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=TASK.port, start_tls=False, use_tls=False)
    await client.connect()
    for number in numbers:
        to = reader(number)
        await client.sendmail("lettre@exemple.fr", [to], TASK.message.replace(b"@@READER@@", to.encode()))
    await client.quit()
    return len(numbers)


async def all_lanes() -> int:
    return sum(await asyncio.gather(*(lane(range(one, TASK.messages, TASK.connections)) for one in range(TASK.connections))))


measure(lambda: asyncio.run(all_lanes()))
