"""What Prometheus reads: routes as templates, nobody's ids, everything that is promised."""

from __future__ import annotations

import re

from tests.serve.servers import Here, until


def value(server: Here, line: str) -> float:
    text = server.client.get("/metrics").text
    found = re.search(rf"^{re.escape(line)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_requests_events_cache_slates_and_queues_are_counted(server: Here) -> None:
    asked = 'habitus_requests_total{method="POST",route="/v1/recommend",status="200"}'
    took = 'habitus_request_seconds_count{route="/v1/recommend"}'
    taken = 'habitus_events_total{outcome="accepted"}'
    refused = 'habitus_events_total{outcome="rejected"}'
    hits, misses = (f'habitus_cache_total{{outcome="{one}"}}' for one in ("hit", "miss"))
    written = 'habitus_slates_total{outcome="written"}'
    names = (asked, took, taken, refused, hits, misses, written)
    before = {name: value(server, name) for name in names}

    def more(name: str) -> float:
        return value(server, name) - before[name]

    far = {"user_id": "m", "event_type": "view", "item_id": "a", "timestamp": 5 * 10**15}
    near = {"user_id": "m", "event_type": "view", "item_id": "a"}
    server.client.post("/v1/events", json={"events": [near, near, far]})
    for _ in range(3):
        server.client.post("/v1/recommend", json={"user_id": "m"})
    assert (more(asked), more(took), more(taken), more(refused)) == (3, 3, 2, 1)
    until(lambda: more(written) == 3, "the slates are counted")
    until(lambda: more(misses) >= 1 and more(hits) >= 1, "the cache is counted")
    text = server.client.get("/metrics").text
    for work in ("model", "read", "write", "events", "interpret"):
        assert f'habitus_queue_depth{{work="{work}"}}' in text
    assert 'habitus_model_age_seconds{workspace="default"} 0.0' in text


def test_no_label_holds_what_a_caller_chose(server: Here) -> None:
    for method in ("GET", "DELETE", "PURGE", "TOKEN63"):
        server.client.request(method, "/v1/users/token63/state?token63=1")
        server.client.request(method, "/token63")
    text = server.client.get("/metrics").text
    assert "token63" not in text.lower()
    assert 'route="/v1/users/{user_id:path}/state"' in text
    assert 'method="OTHER",route="unmatched",status="404"' in text
