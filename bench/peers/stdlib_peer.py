"""The usual loop of the standard library: an EmailMessage per reader, one kept smtplib connection per thread."""

from __future__ import annotations

import smtplib
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

from common import measure, reader, task

TASK = task()


def build(to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "La Gazette <lettre@exemple.fr>", to, "La halle, deux hivers après"
    message["List-Unsubscribe"] = f"<https://lettre.exemple.fr/u/{to}>"
    message.set_content(TASK.text.replace("@@READER@@", to))
    message.add_alternative(TASK.html.replace("@@READER@@", to), subtype="html")
    return message


def lane(first: int) -> int:
    numbers = range(first, TASK.messages, TASK.connections)
    with smtplib.SMTP("127.0.0.1", TASK.port) as server:
        for number in numbers:
            server.send_message(build(reader(number)))
    return len(numbers)


def all_lanes() -> int:
    with ThreadPoolExecutor(TASK.connections) as pool:
        return sum(pool.map(lane, range(TASK.connections)))


measure(all_lanes)
