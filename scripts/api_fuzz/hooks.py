"""Each request comes from another address, so that limits for one address do not end the run."""

import random

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    case.headers = {
        **dict(case.headers or {}),
        "X-Forwarded-For": f"203.0.{random.randrange(114)}.{random.randrange(1, 255)}",
    }
