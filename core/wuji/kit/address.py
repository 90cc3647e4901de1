"""Where a call comes from, as one subscriber: what is counted per address is counted per this."""

from ipaddress import IPv6Address, ip_address

PREFIX_V6 = 64  # what one subscriber gets; a single IPv6 address would be a new key for every guess


def network(address: str) -> str:
    """An IPv4 address itself, of an IPv6 one its subscriber's network; what is no address (a socket) stands for itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(int(found) >> (128 - PREFIX_V6))
    return str(found)
