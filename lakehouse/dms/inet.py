"""PostgreSQL's binary inet as the text that the server writes."""

import struct
from itertools import groupby

IPV4, IPV6 = 2, 3
BITS = {IPV4: 32, IPV6: 128}
HEADER = 4  # family, bits of the netmask, whether it is a cidr, number of bytes


def inet_text(address: bytes | None) -> str | None:
    """Text of inet_send's bytes (PostgreSQL, network.c); None stays None."""
    if address is None:
        return None
    family, bits = address[:2]
    octets = address[HEADER:]
    text = ".".join(map(str, octets)) if family == IPV4 else _ipv6(octets)
    return text if bits == BITS[family] else f"{text}/{bits}"


def _ipv6(octets: bytes) -> str:
    """The longest run of zeros as two colons, IPv4 within IPv6 in its own form.

    Source: PostgreSQL, port/inet_net_ntop.c, inet_net_ntop_ipv6.
    """
    words = struct.unpack("!8H", octets)
    start, length = _longest_zeros(words)
    parts = [f"{word:x}" for word in words]
    if start == 0 and (length == 6 or (length == 5 and words[5] == 0xFFFF)):
        parts[6:] = [".".join(map(str, octets[12:]))]
    if length < 2:
        return ":".join(parts)
    return f"{':'.join(parts[:start])}::{':'.join(parts[start + length :])}"


def _longest_zeros(words: tuple[int, ...]) -> tuple[int, int]:
    """Where the longest run of zeros begins, the first of several, and how long it is."""
    best, at = (0, 0), 0
    for is_zero, run in groupby(words, lambda word: word == 0):
        length = len(list(run))
        if is_zero and length > best[1]:
            best = (at, length)
        at += length
    return best
