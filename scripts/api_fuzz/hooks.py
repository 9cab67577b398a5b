"""Each request comes from another address, so that limits for one address do not end the run."""

import ipaddress
import itertools

import schemathesis

# Counted and not drawn: the tool seeds `random` anew for each example, and drawn addresses repeat.
# The range is the one for tests of network devices (RFC 2544).
ADDRESSES = itertools.cycle(ipaddress.ip_network("198.18.0.0/15").hosts())


@schemathesis.hook
def before_call(context, case, kwargs):
    case.headers = {**dict(case.headers or {}), "X-Forwarded-For": str(next(ADDRESSES))}
