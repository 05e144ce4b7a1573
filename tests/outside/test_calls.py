"""A call of ours ends in words, whatever it is given: what it raised would end who told the desk."""

from __future__ import annotations

import asyncio
import socket

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.outside.calls import call
from composer.text.hosts import is_web_address
from composer.words import Words

ODD = [
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:0/",
    "http://[",
    "http://[::1",
    "http://",
    "",
    "x",
    "http://127.0.0.1:-1/",
    "http://a\0/",
]


@pytest.mark.parametrize("url", ODD)
def test_an_address_that_cannot_be_called_is_an_answer_in_words(url: str) -> None:
    answer = asyncio.run(call(url, timeout_s=2.0))
    assert not answer.is_taken
    assert answer.words.en
    assert answer.words.en.isprintable()


def test_nobody_there_is_told_in_both_languages() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = asyncio.run(call(f"http://127.0.0.1:{port}/", timeout_s=5.0))
    assert answer.words == Words(fr="connexion refusée", en="connection refused")


@given(st.text(alphabet="[]:/@?#.%a1é\\\u0663\u2100 \0", max_size=20).map("http://{}".format))
def test_what_the_settings_take_can_be_called(url: str) -> None:
    if is_web_address(url):
        called = httpx.URL(url)
        assert called.host
        assert 0 < (called.port or 80) < 65536


def test_who_ends_a_call_ends_it() -> None:
    async def ended() -> None:
        async with asyncio.timeout(0.2):
            await call(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout_s=30.0)

    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TimeoutError):
        asyncio.run(ended())
