"""The formats of names: labels, subdomains, qualified names, ports, environment variables.

Each check returns what is wrong with a value, in the API server's words; an empty list: nothing.

Upstream: staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go, pkg/api/validate/content. Left out: IPv6 zones.
"""

from __future__ import annotations

import ipaddress
import re

LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
SUBDOMAIN = rf"{LABEL}(\.{LABEL})*"
QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
LABEL_VALUE = f"({QUALIFIED})?"
RFC1035 = "[a-z]([-a-z0-9]*[a-z0-9])?"
_PORT = re.compile(r"[-a-z0-9]+")
_CONFIG_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_HEADER = re.compile(r"[-A-Za-z0-9]+")
_ENV = "printable ASCII characters other than '='"


def _whole(pattern: str, value: str) -> bool:
    return re.fullmatch(pattern, value, re.ASCII) is not None


def regex_error(message: str, pattern: str, *examples: str) -> str:
    """A message with its examples and the expression, as the API server writes it."""
    if not examples:
        return f"{message} (regex used for validation is '{pattern}')"
    listed = " or ".join(f"'{each}', " for each in examples)
    return f"{message} (e.g. {listed}regex used for validation is '{pattern}')"


_LABEL_ERROR = regex_error(
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    LABEL,
    "my-name",
    "123-abc",
)
_SUBDOMAIN_ERROR = regex_error(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    SUBDOMAIN,
    "example.com",
)
_RFC1035_ERROR = regex_error(
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    RFC1035,
    "my-name",
    "abc-123",
)
_QUALIFIED_ERROR = regex_error(
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    QUALIFIED,
    "MyName",
    "my.name",
    "123-abc",
)
_VALUE_ERROR = regex_error(
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    LABEL_VALUE,
    "MyValue",
    "my_value",
    "12345",
)


def longer(limit: int, unit: str = "characters") -> str:
    """`must be no more than …`."""
    return f"must be no more than {limit} {unit}"


def label(value: str) -> list[str]:
    """An RFC 1123 label: names of containers, volumes, namespaces."""
    return ([longer(63)] if len(value) > 63 else []) + ([] if _whole(LABEL, value) else [_LABEL_ERROR])


def subdomain(value: str) -> list[str]:
    """An RFC 1123 subdomain: names of most objects."""
    return ([longer(253)] if len(value) > 253 else []) + ([] if _whole(SUBDOMAIN, value) else [_SUBDOMAIN_ERROR])


def rfc1035(value: str) -> list[str]:
    """A DNS-1035 label."""
    return ([longer(63)] if len(value) > 63 else []) + ([] if _whole(RFC1035, value) else [_RFC1035_ERROR])


def qualified(value: str) -> list[str]:
    """A qualified name: keys of labels, finalizers, condition types."""
    errors = []
    parts = value.split("/")
    if len(parts) == 2:
        prefix, name = parts
        if not prefix:
            errors.append("prefix part must be non-empty")
        else:
            errors += [f"prefix part {each}" for each in subdomain(prefix)]
    elif len(parts) == 1:
        name = value
    else:
        text = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
        text = "a qualified name " + regex_error(text, QUALIFIED, "MyName", "my.name", "123-abc")
        return [text + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"]
    if not name:
        errors.append("name part must be non-empty")
    elif len(name) > 63:
        errors.append("name part " + longer(63, "bytes"))
    if not _whole(QUALIFIED, name):
        errors.append("name part " + _QUALIFIED_ERROR)
    return errors


def label_value(value: str) -> list[str]:
    """The value of a label."""
    return ([longer(63, "bytes")] if len(value) > 63 else []) + ([] if _whole(LABEL_VALUE, value) else [_VALUE_ERROR])


def port_number(value: int) -> list[str]:
    """1 to 65535."""
    return [] if 1 <= value <= 65535 else ["must be between 1 and 65535, inclusive"]


def port_name(value: str) -> list[str]:
    """An IANA service name."""
    errors = []
    if len(value) > 15:
        errors.append(longer(15))
    if not _PORT.fullmatch(value):
        errors.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not re.search("[a-z]", value):
        errors.append("must contain at least one letter (a-z)")
    if "--" in value:
        errors.append("must not contain consecutive hyphens")
    if value[:1] == "-" or value[-1:] == "-":
        errors.append("must not begin or end with a hyphen")
    return errors


def env_name(value: str) -> list[str]:
    """The name of an environment variable: any printable ASCII but `=`."""
    if value and all(" " <= each <= "~" and each != "=" for each in value):
        return []
    return [f"a valid environment variable name must consist only of {_ENV}"]


def header_name(value: str) -> list[str]:
    """The name of an HTTP header."""
    if _HEADER.fullmatch(value):
        return []
    return [regex_error("a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+", "X-Header-Name")]


def config_key(value: str) -> list[str]:
    """A key of a ConfigMap or a Secret."""
    errors = []
    if len(value) > 253:
        errors.append(longer(253))
    if not _CONFIG_KEY.fullmatch(value):
        text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
        errors.append(regex_error(text, "[-._a-zA-Z0-9]+", "key.name", "KEY_NAME", "key-name"))
    if value == ".":
        errors.append("must not be '.'")
    elif value == "..":
        errors.append("must not be '..'")
    elif value.startswith(".."):
        errors.append("must not start with '..'")
    return errors


def ip_address(value: str) -> list[str]:
    """An IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"]
    return []


def cidr(value: str) -> list[str]:
    """An IPv4 or IPv6 network."""
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"]
    return [] if "/" in value else ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"]


def generate(base: str, suffix: str) -> str:
    """The name made of a generateName, cut so that the whole has at most 63 characters."""
    return base[: 63 - len(suffix)] + suffix


def search_path(value: str) -> list[str]:
    """A DNS search path: a subdomain that may have underscores."""
    underscored = "[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?"
    whole = rf"{underscored}(\.{underscored})*"
    if _whole(whole, value):
        return [longer(253)] if len(value) > 253 else []
    text = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
    return [regex_error(text, whole, "_example.com")]


def path_segment(value: str) -> list[str]:
    """A name that can stand in a path: those of roles, and of what is referred to."""
    if value in (".", ".."):
        return [f"may not be '{value}'"]
    return [f"may not contain '{each}'" for each in "/%" if each in value]


def wildcard_subdomain(value: str) -> list[str]:
    """`*.` and a subdomain: hosts of Ingresses."""
    whole = rf"\*\.{SUBDOMAIN}"
    errors = [longer(253)] if len(value) > 253 else []
    text = (
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case "
        "alphanumeric characters, '-' or '.' and end with an alphanumeric character"
    )
    return errors + ([] if _whole(whole, value) else [regex_error(text, whole, "*.example.com")])


def prefixed_path(value: str) -> list[str]:
    """A domain and a path: who serves a class."""
    domain, _, path = value.partition("/")
    if not domain or not path:
        return ['must be a domain-prefixed path (such as "acme.io/foo")']
    return subdomain(domain)
