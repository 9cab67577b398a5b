import base64
import hashlib
import hmac
import json
import os
import sys
import time


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def join_token(
    key_id: str, secret: str, room: str, name: str, subject: str, moderator: bool = False
) -> str:
    """Lets one person into one room for an hour."""
    now = int(time.time())
    header = {"alg": "HS256", "typ": "JWT", "kid": key_id}
    claims = {
        "room": room,
        "name": name,
        "sub": subject,
        "moderator": moderator,
        "iat": now,
        "exp": now + 3600,
    }
    signed = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
    signature = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64url(signature)}"


if __name__ == "__main__":
    room, name, subject, *role = sys.argv[1:]
    key_id, secret = os.environ["JUMPA_KEY_ID"], os.environ["JUMPA_KEY_SECRET"]
    print(join_token(key_id, secret, room, name, subject, role == ["moderator"]))
