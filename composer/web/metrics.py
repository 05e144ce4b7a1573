"""``/metrics`` of the desk's listener: figures in Prometheus' or OpenMetrics' form, for a monitor that brings its token."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator

from prometheus_client import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from composer.workflow.metrics import Family, Meter

PATH = "/metrics"


class MetricsDoor:
    """Answers ``PATH`` itself, before the desk's own door: a monitor has no cookie, and its token opens nothing else (RFC 6750 §2.1)."""

    def __init__(self, app: ASGIApp, *, meter: Meter, token: str) -> None:
        self.app = app
        self.meter = meter
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or pass on what is for others."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self.app(scope, receive, send)
            return
        await (await self._answer(scope))(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response:
        headers = Headers(scope=scope)
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), self.token.encode()):
            return PlainTextResponse("Unauthorized\n", status_code=401, headers={"www-authenticate": "Bearer"})
        if scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse("Method Not Allowed\n", status_code=405, headers={"allow": "GET, HEAD"})
        return await run_in_threadpool(metrics_page, self.meter, headers.get("accept", ""))


def metrics_page(meter: Meter, accepted: str) -> Response:
    """All figures, in the form that ``accepted`` asks for."""
    encode, content_type = choose_encoder(accepted)
    return Response(encode(_Collected(meter.families())), headers={"content-type": content_type})


class _Collected(Collector):
    def __init__(self, families: Iterable[Family]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        for family in self._families:
            metric = Metric(family.name, family.words, family.kind)
            for one in family.samples:
                metric.add_sample(f"{family.name}_total" if family.kind == "counter" else family.name, dict(one.labels), one.value)
            yield metric
