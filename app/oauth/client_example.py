"""Call rightshare as a registered client: needs Python 3.11 and `pip install joserfc`.

python rightshare_client.py headers GET URL | curl -H @- URL
python rightshare_client.py GET URL

In a program: `requests.get(url, auth=Rightshare(...))`; httpx takes it alike.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from joserfc import jwt
from joserfc.jwk import import_key

CLIENT_FILE = Path("client.json")
ALGORITHMS = {"EC": "ES256", "RSA": "PS256", "OKP": "Ed25519"}
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Rightshare:
    """Adds to each request an access token and a proof, made anew, that we hold its key."""

    def __init__(
        self,
        client: dict[str, Any],
        clock: Callable[[], float] = time.time,  # noqa: TID251  (runs on the client's machine)
    ) -> None:
        self.client, self.clock = client, clock
        self.key = import_key(client["private_jwk"])
        self.token, self.ends = "", 0.0
        self.nonce: dict[str, str] = {}

    def __call__(self, request: Any) -> Any:  # noqa: ANN401  (a request of requests or of httpx)
        """Add the headers to a request about to be sent."""
        request.headers.update(self.headers(request.method, str(request.url)))
        return request

    def headers(self, method: str, url: str) -> dict[str, str]:
        """Return the two headers of one call; they serve once."""
        if self.clock() > self.ends - 30:
            self.token, self.ends = self.new_token()
        hashed = hashlib.sha256(self.token.encode()).digest()
        ath = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        return {
            "Authorization": f"DPoP {self.token}",
            "DPoP": self.proof(method, url, ath=ath),
        }

    def new_token(self) -> tuple[str, float]:
        """Return a token and when it ends."""
        me, url = self.client["client_id"], self.client["token_endpoint"]
        claims = {"iss": me, "sub": me, "aud": self.client["issuer"], "exp": int(self.clock()) + 60}
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": self.sign({"kid": self.client["private_jwk"]["kid"]}, claims),
        }
        headers = {"DPoP": self.proof("POST", url)}
        asked = Request(url, urlencode(form).encode(), headers)  # noqa: S310  (the service's own address)
        try:
            with urlopen(asked, timeout=30) as answer:  # noqa: S310  (as above)
                issued = json.load(answer)
        except HTTPError as error:
            nonce, said = error.headers.get("DPoP-Nonce"), error.read().decode()
            if nonce is None or "use_dpop_nonce" not in said or nonce in self.nonce.values():
                raise SystemExit(said) from error
            self.nonce = {"nonce": nonce}
            return self.new_token()
        return issued["access_token"], self.clock() + issued["expires_in"]

    def proof(self, method: str, url: str, **more: str) -> str:
        """Return a proof for one request (RFC 9449)."""
        header = {"typ": "dpop+jwt", "jwk": self.key.as_dict(private=False)}
        return self.sign(header, {"htm": method, "htu": url} | self.nonce | more)

    def sign(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        """Return a JWT signed with the client's key."""
        alg = ALGORITHMS[self.key.key_type]
        unique = {"iat": int(self.clock()), "jti": secrets.token_urlsafe(16)}
        return jwt.encode({"alg": alg} | header, unique | claims, self.key, algorithms=[alg])


def main(arguments: list[str]) -> None:
    """Print the headers of a call, or make it and print the answer."""
    *headers_only, method, url = arguments
    auth = Rightshare(json.loads(CLIENT_FILE.read_text(encoding="utf-8")))
    headers = auth.headers(method, url)
    if headers_only:
        sys.stdout.writelines(f"{name}: {value}\n" for name, value in headers.items())
        return
    with urlopen(Request(url, None, headers, method=method), timeout=30) as answer:  # noqa: S310  (as above)
        sys.stdout.write(answer.read().decode())


if __name__ == "__main__":
    main(sys.argv[1:])
