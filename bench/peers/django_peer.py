"""Django's EmailMultiAlternatives, one kept connection per thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import django
from common import measure, reader, task
from django.conf import settings

settings.configure(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", DEFAULT_CHARSET="utf-8", USE_I18N=False)
django.setup()

from django.core.mail import EmailMultiAlternatives  # noqa: E402 - Django wants its settings first
from django.core.mail.backends.smtp import EmailBackend  # noqa: E402

TASK = task()


def lane(first: int) -> int:
    numbers = range(first, TASK.messages, TASK.connections)
    connection = EmailBackend(host="127.0.0.1", port=TASK.port)
    connection.open()
    for number in numbers:
        to = reader(number)
        message = EmailMultiAlternatives(
            "La halle, deux hivers après",
            TASK.text.replace("@@READER@@", to),
            "La Gazette <lettre@exemple.fr>",
            [to],
            connection=connection,
        )
        message.attach_alternative(TASK.html.replace("@@READER@@", to), "text/html")
        message.send()
    connection.close()
    return len(numbers)


def all_lanes() -> int:
    with ThreadPoolExecutor(TASK.connections) as pool:
        return sum(pool.map(lane, range(TASK.connections)))


measure(all_lanes)
