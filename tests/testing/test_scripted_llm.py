"""The scripted server: replies in order, or as a function says."""

import httpx
import pytest

from habitus.testing.scripted_llm import Asked, Reply, ScriptedLLM, says


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def post(server: ScriptedLLM, text: str) -> httpx.Response:
    body = {"messages": [{"role": "user", "content": text}]}
    return httpx.post(f"{server.url}/chat/completions", json=body)


def test_replies_come_in_order_and_the_last_one_stays() -> None:
    with ScriptedLLM([Reply(status=503), says("a"), says({"b": 1})]) as server:
        found = [post(server, str(n)) for n in range(4)]
    assert [each.status_code for each in found] == [503, 200, 200, 200]
    said = [each.json()["choices"][0]["message"]["content"] for each in found[1:]]
    assert said == ["a", '{"b": 1}', '{"b": 1}']
    assert [each.messages() for each in server.asked] == ["0", "1", "2", "3"]


def test_a_function_answers_what_it_is_asked() -> None:
    def echo(asked: Asked) -> Reply:
        return says(asked.messages() + "!")

    with ScriptedLLM(echo) as server:
        assert post(server, "x").json()["choices"][0]["message"]["content"] == "x!"


def test_a_late_reply_does_not_come() -> None:
    with ScriptedLLM([Reply(late=True)]) as server, pytest.raises(httpx.TimeoutException):
        httpx.post(f"{server.url}/chat/completions", json={"messages": []}, timeout=0.1)
