"""The receipt of an erasure: what was searched and found, signed so that a change shows."""

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from lakehouse.erasure.errors import ErasureError

PRIVATE, PUBLIC = "signing_key.pem", "signing_key.pub.pem"


def write_receipt(folder: Path, name: str, content: Mapping[str, Any]) -> Path:
    """Sign the content with the folder's key, made on first use, and write both as one file."""
    key = _private_key(folder)
    signature = base64.b64encode(key.sign(_canonical(content))).decode()
    path = folder / f"{name}.receipt.json"
    document = {"receipt": content, "signature": {"algorithm": "Ed25519", "value": signature}}
    path.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return path


def verify_receipt(path: Path, public_key: Path) -> Mapping[str, Any]:
    """The content of a receipt. Raises ErasureError when it is not what was signed."""
    try:
        document = json.loads(path.read_text("utf-8"))
        key = load_pem_public_key(public_key.read_bytes())
        assert isinstance(key, Ed25519PublicKey)
        signature = base64.b64decode(document["signature"]["value"])
        key.verify(signature, _canonical(document["receipt"]))
        return document["receipt"]
    except (OSError, ValueError, KeyError, TypeError, AssertionError) as error:
        raise ErasureError(f"{path} is no receipt, or its key is missing: {error}") from error
    except InvalidSignature as error:
        raise ErasureError(
            f"{path} is not what was signed: it was changed, or signed by another key"
        ) from error


def digest(value: str) -> str:
    """What a receipt says of a value that it must not repeat."""
    return hashlib.sha256(value.encode()).hexdigest()


def _private_key(folder: Path) -> Ed25519PrivateKey:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PRIVATE
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        path.touch(mode=0o600)
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / PUBLIC).write_bytes(public)
    key = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
