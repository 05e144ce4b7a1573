"""A listening socket, or a refusal that names what is wrong: the address, or the port."""

from __future__ import annotations

import socket

import pytest

from composer.errors import NetworkError
from composer.workflow.ports import listen


@pytest.mark.parametrize("host", ["a..b", "é" * 80, "203.0.113.9"], ids=["no name", "too long", "another machine's"])
def test_a_host_that_is_not_this_machine_is_not_blamed_on_the_port(host: str) -> None:
    with pytest.raises(NetworkError) as refused, listen(host, 8000):
        pass
    assert host in refused.value.message.fr
    assert refused.value.hint is not None
    assert refused.value.hint.en == "`hebdo serve --host 127.0.0.1`"


def test_a_port_that_somebody_holds_is_named_with_another_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(NetworkError) as refused, listen("127.0.0.1", port, typed="hebdo preview"):
            pass
    assert str(port) in refused.value.message.fr
    assert refused.value.hint is not None
    assert refused.value.hint.en.startswith("`hebdo preview --port ")
