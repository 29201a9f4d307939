"""/healthz, /readyz and /metrics: for those who run the server."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from habitus.serve import metrics
from habitus.serve.answers import HealthAnswer
from habitus.serve.calls import answer, calls, service_of
from habitus.serve.visit import Right

public = APIRouter()
router = APIRouter(route_class=calls(Right.ADMIN))


@public.get("/healthz", response_model=HealthAnswer, tags=["operations"])
async def healthz(request: Request) -> Response:
    """Whether the process runs."""
    del request
    return answer({"ready": True, "reason": ""})


@public.get(
    "/readyz",
    response_model=HealthAnswer,
    responses={503: {"model": HealthAnswer}},
    tags=["operations"],
)
async def readyz(request: Request) -> Response:
    """Whether a model, or popularity, can answer; 503 with the reason where not."""
    watch = service_of(request).watch
    reason = "" if watch.ready else watch.reason
    return answer({"ready": watch.ready, "reason": reason}, 200 if watch.ready else 503)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": "habitus_requests_total 1.0"}}}},
    tags=["operations"],
)
async def measured(request: Request) -> Response:
    """For Prometheus; summed over all workers."""
    text, kind = await service_of(request).reads.run(metrics.text)
    return Response(text, media_type=kind)
