"""A fake Zenskar for tests and demos: its customer endpoints over real HTTP, with faults on demand.

    from cleanbill_service.sandbox import Switches, create_app
    from cleanbill_service.server import background

    with background(create_app(Switches(phone="strict"))) as url:
        ...  # POST {url}/customers with the headers `organisation` (a UUID) and `x-api-key` (any text)

It keeps everything in memory, one store an organisation, and shares no code with what it helps to test.
What Zenskar's documentation leaves open is a switch (`switches.py`).

The control endpoints need no key and leave no trace in the request log:

GET /__sandbox__/state
    `creates` (customers created by requests), `customers` (how many, by organisation), `unknown_keys` (keys that were
    dropped, counted by dotted name: `address.postal_code`), `requests_seen` and `requests` (the last 10,000 in order:
    method, path, query, headers as [name, value], body_base64, body_sha256, fault), `switches` and `faults` (what is
    left of the script).
POST /__sandbox__/reset
    Forgets everything. The switches are again those given to `create_app`.
PUT /__sandbox__/switches
    Some switches: `{"phone": "strict", "visibility_delay": 2}`. Answers with all of them.
POST /__sandbox__/faults, DELETE /__sandbox__/faults
    Appends a list of faults to the script, or empties it. A request takes the first fault that fits it:
    `[{"name": "error", "status": 503, "method": "POST", "path": "/customer*", "repeat": 2}, {"name": "latency"}]`.
    `path` is a shell pattern, `repeat` is 1 unless given, and null stands for "until deleted".
POST /__sandbox__/seed
    `{"organisation": "<uuid>", "customers": [{"customer_name": "Acme", "active_contract": true}],
    "business_entities": [{"name": "Acme India"}], "rates": [{"country_code": "US", "state_code": "CA"}],
    "custom_attributes": [{"name": "region"}], "revoked_keys": ["old"], "forbidden_keys": ["read-only"]}`,
    all but the organisation optional. Answers with the ids.

A fault may also come with its request, as `Sandbox-Fault: hang; when=after; seconds=5`; then the script is left alone.

| fault | reads | what happens |
|---|---|---|
| latency | seconds, max_seconds | the true answer later, after a random time if max_seconds is given |
| hang | when, seconds (60) | no answer until the client leaves or the time is over |
| reset, close | when | no answer; the connection ends with a TCP RST, or with a FIN |
| error | when, status (500), body (json, html, empty), retry_after | that status |
| drip | seconds | the true answer in 20 pieces over that time |
| truncate | | the true headers, half of the body, end of the connection |
| gzip | | the true answer, compressed |
| not-json, null | when | 200 with `OK`, or with `null` |
| login | when | 302 to a page of HTML |
| crash | | 500 where the true answer is 400 or 422 |
| invisible | seconds | the created customer is missing from lists for that time |

`when` is `before` (the default: the request has no effect) or `after` (it took effect, and only the answer is lost).
"""

from cleanbill_service.sandbox.app import create_app
from cleanbill_service.sandbox.switches import Switches

__all__ = ["Switches", "create_app"]
