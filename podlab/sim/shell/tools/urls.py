"""URLs as wget and curl take them, and the words of HTTP's codes.

Upstream: RFC 3986, RFC 9110. Left out: user names, IPv6.
"""

from __future__ import annotations

from msgspec import Struct

REASONS = {
    200: "OK", 201: "Created", 204: "No Content", 301: "Moved Permanently", 302: "Found", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized",
    403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip


class Url(Struct):
    """The pieces; `shown` is host and port as they were written."""

    scheme: str
    host: str
    port: int
    path: str
    shown: str


def split_url(text: str) -> Url:
    """The pieces of `[http://]HOST[:PORT][/PATH]`."""
    scheme, has_scheme, rest = text.partition("://")
    if not has_scheme:
        scheme, rest = "http", text
    shown, slash, path = rest.partition("/")
    if "?" in shown:
        shown, _, query = shown.partition("?")
        slash, path = "/", f"?{query}"
    host, _, port = shown.partition(":")
    number = int(port) if port.isdecimal() else 443 if scheme == "https" else 80
    return Url(scheme, host, number, slash + path or "/", shown)
