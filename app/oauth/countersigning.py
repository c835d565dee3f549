"""Documents that a client signs with the key it is registered with, such as agreements."""

from sqlalchemy.orm import Session

from app.oauth.jose import Malformed, NotVerified, read
from app.oauth.registered import find_client
from sharing.actions.signers import NotSigned, Signed


class RegisteredKeys:
    """The keys that clients are registered with at this instant."""

    def signed(self, session: Session, client_id: str, compact: str) -> Signed:
        """Return what a client signed; `NotSigned` unless a key of its own holds it."""
        try:
            unverified = read(compact)
        except Malformed as error:
            raise NotSigned(str(error)) from error
        client = find_client(session.connection(), client_id)
        # One after another: without a kid, a set of keys would be tried with whichever comes first.
        for key in client.keys.keys if client is not None else ():
            try:
                claims = unverified.verify(key)
            except NotVerified:
                continue
            public = {name: str(value) for name, value in key.as_dict(private=False).items()}
            return Signed(claims, public)
        raise NotSigned(f"no key that {client_id} is registered with made this signature")
