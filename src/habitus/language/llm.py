"""A client of any OpenAI-compatible language model. Nothing of Habitus needs one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx

from habitus.types import HabitusError

LARGEST = 1 << 20  # bytes of an answer
AGAIN = frozenset({408, 429, 500, 502, 503, 504})  # what a server says when it may do better later
PLAIN = frozenset({400, 415, 422})  # what one says that knows no JSON mode
WAIT = 0.5  # seconds before the second attempt, twice as many before each after it


class Failure(StrEnum):
    """Why a model gave no answer that can be used."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    STATUS = "status"
    TOO_LARGE = "too large"
    REFUSAL = "refusal"
    BAD_JSON = "bad JSON"


class LLMError(HabitusError):
    """A call that failed: `kind` says how, `status` is that of HTTP where there was one.

    The message holds nothing of what was sent or came back, as both may hold secrets.
    """

    def __init__(self, kind: Failure, problem: str, mend: str = "", status: int = 0) -> None:
        super().__init__(problem, mend)
        self.kind = kind
        self.status = status


@dataclass(frozen=True, slots=True)
class LLM:
    """One model of one server.

    base_url  as OpenAI's clients take it: "http://localhost:11434/v1"
    timeout   seconds for one call in all, however slowly the answer drips in, retries included
    retries   how often a call is made again when the server is busy or cannot be reached
    transport, clock, sleep: for tests
    """

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    timeout: float = 30.0
    retries: int = 2
    transport: httpx.BaseTransport | None = field(default=None, repr=False)
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def __post_init__(self) -> None:
        try:
            url = httpx.URL(self.base_url)
        except httpx.InvalidURL:
            url = httpx.URL()
        if url.scheme not in ("http", "https") or not url.host or url.userinfo or url.query:
            # The value is not repeated: it may hold a password.
            raise HabitusError(
                "HABITUS_LLM_BASE_URL is no plain http or https address.",
                "Write it as in http://localhost:11434/v1; a key goes into HABITUS_LLM_API_KEY.",
            )
        if not self.model:
            raise HabitusError("HABITUS_LLM_MODEL names no model.", "Name one that it serves.")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> LLM | None:
        """The model that HABITUS_LLM_BASE_URL, HABITUS_LLM_MODEL and HABITUS_LLM_API_KEY name; None
        where there is no address. HabitusError where they cannot be used."""
        address = environ.get("HABITUS_LLM_BASE_URL", "").strip()
        if not address:
            return None
        model = environ.get("HABITUS_LLM_MODEL", "").strip()
        return cls(address, model, environ.get("HABITUS_LLM_API_KEY", "").strip())

    def ask(self, instructions: str, data: str) -> Any:
        """The model's answer to the instructions about the data, read as JSON. LLMError where there
        is none in time."""
        body = {
            "model": self.model,
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": data},
            ],
            "temperature": 0,
            "response_format": {"type": "json_object"},
        }
        return _content(self._call(body))

    def _call(self, body: dict[str, Any]) -> bytes:
        """The server's answer to a body, attempts after failures included."""
        end = self.clock() + self.timeout
        attempt = 0
        while True:
            try:
                return self._post(body, end)
            except LLMError as error:
                if error.status in PLAIN and "response_format" in body:
                    body = {k: v for k, v in body.items() if k != "response_format"}
                    continue
                pause = WAIT * 2**attempt
                hopeful = error.kind is Failure.UNREACHABLE or error.status in AGAIN
                if not hopeful or attempt >= self.retries or self.clock() + pause >= end:
                    raise
                self.sleep(pause)
                attempt += 1

    def _post(self, body: dict[str, Any], end: float) -> bytes:
        left = max(end - self.clock(), 0.001)
        headers = {"Accept-Encoding": "identity"}  # so that a small answer cannot unpack to a huge
        if self.api_key:
            headers["Authorization"] = f"Bearer {self.api_key}"
        url = f"{self.base_url.rstrip('/')}/chat/completions"
        try:
            # Redirects are not followed: the key and the texts are for this address alone.
            with (
                httpx.Client(
                    transport=self.transport, timeout=left, follow_redirects=False
                ) as client,
                client.stream("POST", url, json=body, headers=headers) as answer,
            ):
                if answer.status_code != httpx.codes.OK:
                    raise _status(answer.status_code)
                return self._read(answer, end)
        except httpx.TimeoutException:
            raise _late(self.timeout) from None
        except httpx.HTTPError as error:
            raise LLMError(
                Failure.UNREACHABLE,
                f"The language model cannot be reached ({type(error).__name__}).",
                "Check HABITUS_LLM_BASE_URL.",
            ) from None

    def _read(self, answer: httpx.Response, end: float) -> bytes:
        read = bytearray()
        for block in answer.iter_raw():
            read += block
            if len(read) > LARGEST:
                raise LLMError(
                    Failure.TOO_LARGE, f"The language model's answer is over {LARGEST:,} bytes."
                )
            if self.clock() > end:
                raise _late(self.timeout)
        return bytes(read)


def _late(seconds: float) -> LLMError:
    return LLMError(
        Failure.TIMEOUT, f"The language model gave no answer within {seconds:g} seconds."
    )


def _status(status: int) -> LLMError:
    mends = {401: "Check HABITUS_LLM_API_KEY.", 404: "Check HABITUS_LLM_BASE_URL and _MODEL."}
    if 300 <= status < 400:
        mends[status] = "It points to another address, which is not followed."
    return LLMError(
        Failure.STATUS,
        f"The language model's server answered HTTP {status}.",
        mends.get(status, ""),
        status,
    )


def _content(body: bytes) -> Any:
    """The JSON that the model wrote within the server's JSON."""
    try:
        choice = json.loads(body)["choices"][0]
        message = choice["message"]
        refused = message.get("refusal") or choice.get("finish_reason") == "content_filter"
        content = message.get("content")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise _bad("is none of a chat") from None
    if refused:
        raise LLMError(Failure.REFUSAL, "The language model refused to answer.")
    if not isinstance(content, str):
        raise _bad("holds no text")
    try:
        return json.loads(_unfenced(content))
    except (ValueError, RecursionError):
        raise _bad("is not JSON") from None


def _unfenced(content: str) -> str:
    """Without the fence of Markdown that many models put around JSON."""
    text = content.strip()
    if text.startswith("```") and text.endswith("```"):
        return text.removeprefix("```").removeprefix("json").removesuffix("```")
    return text


def _bad(how: str) -> LLMError:
    return LLMError(Failure.BAD_JSON, f"The language model's answer {how}.")
