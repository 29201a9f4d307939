"""The client: what it sends, what it accepts, and that every failure has its kind."""

import logging
from collections.abc import Iterator
from itertools import count

import httpx
import pytest

from habitus.language.llm import LARGEST, LLM, Failure, LLMError
from habitus.testing.scripted_llm import Reply, ScriptedLLM, says
from habitus.types import HabitusError

KEY = "sk-unguessable-7f3a"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def client(url: str, **more: object) -> LLM:
    return LLM(url, "small", KEY, sleep=lambda seconds: None, **more)  # type: ignore[arg-type]


def failure(llm: LLM) -> LLMError:
    with pytest.raises(LLMError) as raised:
        llm.ask("Answer.", "{}")
    assert KEY not in str(raised.value)
    assert KEY not in repr(raised.value)
    return raised.value


def test_it_is_off_without_an_address() -> None:
    assert LLM.from_environment({}) is None
    assert LLM.from_environment({"HABITUS_LLM_BASE_URL": " ", "HABITUS_LLM_API_KEY": KEY}) is None


def test_the_environment_names_it_and_its_key_is_never_shown() -> None:
    environ = {
        "HABITUS_LLM_BASE_URL": "http://localhost:1/v1",
        "HABITUS_LLM_MODEL": "small",
        "HABITUS_LLM_API_KEY": KEY,
    }
    made = LLM.from_environment(environ)
    assert made is not None
    assert (made.base_url, made.model, made.api_key) == ("http://localhost:1/v1", "small", KEY)
    assert KEY not in repr(made)
    assert KEY not in str(made)


@pytest.mark.parametrize(
    "address",
    ["localhost:80", "ftp://a/v1", "http://", f"http://me:{KEY}@a/v1", f"https://a/v1?key={KEY}"],
)
def test_an_address_that_is_none_or_holds_a_secret_is_refused_and_not_repeated(
    address: str,
) -> None:
    with pytest.raises(HabitusError, match="HABITUS_LLM_BASE_URL") as raised:
        LLM.from_environment({"HABITUS_LLM_BASE_URL": address, "HABITUS_LLM_MODEL": "m"})
    assert KEY not in str(raised.value)


def test_a_model_has_to_be_named() -> None:
    with pytest.raises(HabitusError, match="HABITUS_LLM_MODEL"):
        LLM.from_environment({"HABITUS_LLM_BASE_URL": "http://a/v1"})


def test_one_question_and_its_answer(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ScriptedLLM([says({"fine": True})]) as server:
        assert client(server.url + "/").ask("Read it.", '{"text": "x"}') == {"fine": True}
    (asked,) = server.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    assert asked.body == {
        "model": "small",
        "messages": [
            {"role": "system", "content": "Read it."},
            {"role": "user", "content": '{"text": "x"}'},
        ],
        "temperature": 0,
        "response_format": {"type": "json_object"},
    }
    assert KEY not in caplog.text


def test_without_a_key_none_is_sent() -> None:
    with ScriptedLLM([says({})]) as server:
        LLM(server.url, "small").ask("", "")
    assert "Authorization" not in server.asked[0].headers


def test_a_fence_around_the_json_is_read() -> None:
    with ScriptedLLM([says('```json\n{"a": 1}\n```')]) as server:
        assert client(server.url).ask("", "") == {"a": 1}


def test_a_server_without_json_mode_is_asked_without_it() -> None:
    with ScriptedLLM([Reply(status=400), says({"a": 1})]) as server:
        assert client(server.url).ask("", "") == {"a": 1}
    assert ["response_format" in each.body for each in server.asked] == [True, False]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_three_times_in_all(status: int) -> None:
    with ScriptedLLM([Reply(status=status)]) as server:
        failed = failure(client(server.url))
    assert (failed.kind, failed.status) == (Failure.STATUS, status)
    assert len(server.asked) == 3
    with ScriptedLLM([Reply(status=status), says({"a": 1})]) as server:
        assert client(server.url).ask("", "") == {"a": 1}


@pytest.mark.parametrize(("status", "mend"), [(401, "API_KEY"), (403, ""), (404, "BASE_URL")])
def test_a_status_that_will_not_change_is_not_tried_again(status: int, mend: str) -> None:
    body = f'{{"error": "Incorrect key {KEY}"}}'.encode()
    with ScriptedLLM([Reply(body, status)]) as server:
        failed = failure(client(server.url))
    assert (failed.kind, failed.status) == (Failure.STATUS, status)
    assert mend in failed.mend
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [302, 307])
def test_no_redirect_is_followed(status: int) -> None:
    with ScriptedLLM([says({"a": 1})]) as other:
        moved = Reply(status=status, headers={"Location": f"{other.url}/chat/completions"})
        with ScriptedLLM([moved]) as server:
            failed = failure(client(server.url))
    assert failed.kind is Failure.STATUS
    assert "not followed" in failed.mend
    assert other.asked == []


def test_a_server_that_does_not_answer_is_given_up() -> None:
    with ScriptedLLM([Reply(late=True)]) as server:
        failed = failure(client(server.url, timeout=0.2))
    assert failed.kind is Failure.TIMEOUT
    assert "0.2 seconds" in str(failed)
    assert len(server.asked) == 1


def test_an_answer_that_drips_in_is_given_up_too() -> None:
    class Drip(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield b" "

    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=Drip()))
    seconds = count()
    llm = client("http://a/v1", transport=transport, clock=lambda: float(next(seconds)))
    assert failure(llm).kind is Failure.TIMEOUT
    assert next(seconds) < 40


def test_nobody_at_the_address() -> None:
    with ScriptedLLM([says({})]) as server:
        pass
    failed = failure(client(server.url))
    assert failed.kind is Failure.UNREACHABLE
    assert "BASE_URL" in failed.mend


def test_an_answer_has_a_largest_size() -> None:
    with ScriptedLLM([Reply(b" " * (LARGEST + 1))]) as server:
        assert failure(client(server.url)).kind is Failure.TOO_LARGE


@pytest.mark.parametrize(
    "reply",
    [
        says(None, refusal="I cannot help with that."),
        Reply(b'{"choices": [{"message": {"content": ""}, "finish_reason": "content_filter"}]}'),
    ],
)
def test_a_refusal(reply: Reply) -> None:
    with ScriptedLLM([reply]) as server:
        assert failure(client(server.url)).kind is Failure.REFUSAL
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"<html>"),
        Reply(b"[]"),
        Reply(b"\xff\xfe"),
        Reply(b'{"choices": []}'),
        Reply(b'{"choices": [{"message": null}]}'),
        Reply(b'{"choices": [{"message": {"content": null}}]}'),
        Reply(b"[" * 100_000),
        says("I am sorry, I cannot."),
        says('{"proposals": ['),
        says("[" * 100_000),
    ],
)
def test_what_is_no_json_of_a_chat(reply: Reply) -> None:
    with ScriptedLLM([reply]) as server:
        assert failure(client(server.url)).kind is Failure.BAD_JSON
