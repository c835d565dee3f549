"""The floor's two documents: the line of the log, and what the asker is told with its receipt."""

import base64
import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.bench.floor.config import TOLD
from tests.bench.floor.keys import Keys, sealed

DELAY = timedelta(minutes=15)


def line(
    keys: Keys, client: dict[str, Any], asked: dict[str, Any], answer: dict[str, Any], at: datetime
) -> dict[str, Any]:
    """Return the values of a line, and leave its id and its hash in the answer."""
    flow, records = answer["flow"], answer["records"]
    entry = UUID(
        int=int(at.timestamp() * 1000) << 80 | 7 << 76 | secrets.randbits(74) & ~(3 << 62) | 2 << 62
    )
    outcome = "deny" if flow is None else "permit"
    facts = _json(
        {
            "client": client["client"],
            "agency": client["agency"],
            "token": client["token"],
            "asked": {name: asked[name] for name in ("source", "purpose", "kind", "basis")},
            "categories": asked["categories"],
            "outcome": outcome,
            "record_count": len(records),
            "agreement": None if flow is None else flow[:3],
        }
    )
    about = _json(
        {
            "subject": str(answer["subject"]),
            "practitioner": asked["practitioner"],
            "records": [str(number) for number, _, _ in records],
        }
    )
    facts_salt, salt = secrets.token_bytes(32), secrets.token_bytes(32)
    leaf = (
        f'{{"v":1,"id":"{entry}","kind":"decision","facts":"{_committed(facts_salt, facts)}",'
        f'"subject":"{_committed(salt, about)}"}}'
    ).encode()
    answer["id"], answer["leaf_hash"] = entry, hashlib.sha256(b"\x00" + leaf).digest()
    return {
        "id": entry,
        "at": at,
        "recipient": asked["recipient"],
        "source": asked["source"],
        "outcome": outcome,
        "leaf": leaf,
        "leaf_hash": answer["leaf_hash"],
        "facts": facts,
        "facts_salt": facts_salt,
        "subject": answer["subject"],
        "opening": sealed(keys.log, about, f"log_subject|{entry}|opening"),
        "salt": salt,
    }


def told(keys: Keys, asked: dict[str, Any], answer: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Return the answer's document."""
    agreement, version, *_ = answer["flow"]
    sections = [
        {"record": str(number), "recorded_at": recorded.isoformat(), "content": content}
        for number, recorded, content in answer["records"]
    ]
    return {
        "id": str(answer["id"]),
        "outcome": "permit",
        "decided_at": at.isoformat(),
        "agreement": {"code": agreement, "version": version},
        "categories": asked["categories"],
        "refused": {},
        "sections": {asked["category"]: sections},
        "sources": [],
        "obligations": [],
        "receipt": _receipt(keys, answer, at),
    }


def _receipt(keys: Keys, answer: dict[str, Any], at: datetime) -> str:
    text = (
        f"{TOLD['log_origin']} receipt v1\n{answer['id']}\n{_base64(answer['leaf_hash'])}\n"
        f"{_instant(at)}\n{_instant(at + DELAY)}\n"
    )
    signature = _base64(keys.receipt_id + keys.receipt.sign(text.encode()))
    return f"{text}\n\N{EM DASH} {keys.receipt_name} {signature}\n"


def _instant(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _committed(salt: bytes, content: bytes) -> str:
    return _base64(hashlib.sha256(b"\x02" + salt + content).digest())


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
