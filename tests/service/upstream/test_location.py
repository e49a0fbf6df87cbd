"""What counts as pointing at Zenskar, for base URLs of every kind."""

import pytest

from cleanbill_service.upstream.location import Location


@pytest.mark.parametrize(
    ("base", "sent", "received"),
    [
        ("https://api.zenskar.com", "https://api.zenskar.com/customers", "/zenskar/customers"),
        ("https://api.zenskar.com", "https://API.Zenskar.com:443/customers", "/zenskar/customers"),
        ("https://api.zenskar.com/", "http://api.zenskar.com/customers/", "/zenskar/customers/"),
        ("https://api.zenskar.com", "http://api.zenskar.com:80/customers", "/zenskar/customers"),
        ("https://api.zenskar.com", "https://api.zenskar.com:8443/x", "https://api.zenskar.com:8443/x"),
        ("https://api.zenskar.com", "https://api.zenskar.com.evil.example/x", "https://api.zenskar.com.evil.example/x"),
        ("https://api.zenskar.com", "https://api.zenskar.com:x/", "https://api.zenskar.com:x/"),
        ("https://host/v1", "https://host/v1/customers", "/zenskar/customers"),
        ("https://host/v1/", "/v1?a=b", "/zenskar/?a=b"),
        ("https://host/v1", "/v1", "/zenskar/"),
        ("https://host/v1", "/v10/customers", "/v10/customers"),
        ("https://host/v1", "https://host/login", "https://host/login"),
        ("http://[::1]:9000", "http://[::1]:9000/x", "/zenskar/x"),
        ("http://[::1]:9000", "http://[::2]:9000/x", "http://[::2]:9000/x"),
    ],
)
def test_only_what_points_at_zenskar_is_rewritten(base: str, sent: str, received: str) -> None:
    headers = [(b"Location", sent.encode()), (b"Link", sent.encode())]
    assert Location(base, "/zenskar").at_gateway(headers) == [
        (b"Location", received.encode()),
        (b"Link", sent.encode()),
    ]
