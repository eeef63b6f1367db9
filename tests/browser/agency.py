"""A small sign-in of an agency on this machine: discovery, keys, a page that sends people back, and signed tokens."""

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from time import time
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "prm", "between the two of us"


class Agency:
    """What the agency says of whoever comes next; `forged`: its tokens are signed with a key that is not its own."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.says: dict[str, Any] = {"sub": "1", "email": "rosa@example.org", "email_verified": True}
        self.forged = self.refuses = False
        self.codes: dict[str, str] = {}
        self.asked: list[str] = []

    def discovery(self) -> dict[str, Any]:
        ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        } | {f"{name}_endpoint": f"{self.url}/{path}" for name, path in ends.items()}

    def keys(self) -> dict[str, Any]:
        public: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "1", "use": "sig", "alg": "RS256"}]}

    def way_back(self, query: dict[str, str]) -> str:
        """Where a person is sent once they pressed yes, or no."""
        if self.refuses:
            return f"{query['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': query['state']})}"
        code = token_urlsafe(8)
        self.codes[code] = query["code_challenge"]
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        digest = sha256(said.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).decode().rstrip("=")
        known = self.codes.pop(said.get("code", ""), "")
        if said.get("client_secret") != SECRET or known != challenge:
            return 400, {"error": "invalid_grant"}
        claims = {"iss": self.url, "aud": CLIENT, "iat": int(time()), "exp": int(time()) + 60} | self.says
        key = self.stranger if self.forged else self.key
        signed = jwt.encode(claims, key, algorithm="RS256", headers={"kid": "1"})
        return 200, {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": signed}


class Door(BaseHTTPRequestHandler):
    """Its pages, as the server's agency answers them."""

    server: "House"

    def answer(self, status: int, found: dict[str, Any] | None = None, **headers: str) -> None:
        body = json.dumps(found or {}).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", "content-length": str(len(body))}.items():
            self.send_header(name, value)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        parts, here = urlsplit(self.path), self.server.agency
        here.asked.append(parts.path)
        if parts.path == "/authorize":
            self.answer(302, location=here.way_back(dict(parse_qsl(parts.query))))
        else:
            self.answer(200, here.keys() if parts.path == "/keys" else here.discovery())

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["content-length"])).decode()
        self.answer(*self.server.agency.token(dict(parse_qsl(sent))))

    def log_message(self, *_: Any) -> None:
        """It keeps quiet."""


class House(ThreadingHTTPServer):
    """A server with an agency in it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.agency = Agency(self.server_port)


@contextmanager
def agency() -> Iterator[Agency]:
    """It listens on a port of its own as long as the block lasts."""
    with House() as house:
        thread = threading.Thread(target=house.serve_forever, daemon=True)
        thread.start()
        try:
            yield house.agency
        finally:
            house.shutdown()
            thread.join()
