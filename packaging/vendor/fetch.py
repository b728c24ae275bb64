"""Brings the vendored web and font files from their npm packages, as `lock.json` names them.

    python packaging/vendor/fetch.py            fetch, verify and write the files
    python packaging/vendor/fetch.py --check    verify the files in the tree, offline
    python packaging/vendor/fetch.py --relock   fetch and write the hashes into the lock anew

The files are in the tree so that a machine without npm can run the program. A package is
taken only if its archive has the lock's sha512, a file only if it has the lock's sha256.
Fonts come as WOFF and are stored unpacked as the TTF inside: Qt on every platform and the
map page read the same file. This script changes nothing else in a file.
"""

import argparse
import base64
import hashlib
import json
import struct
import subprocess
import sys
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCK = Path(__file__).with_name("lock.json")


class VendorError(Exception):
    """The reason in one sentence."""


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description="vendored web and font files")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--check", action="store_true", help="verify the files in the tree")
    group.add_argument("--relock", action="store_true", help="write the lock's hashes anew")
    arguments = parser.parse_args()
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    try:
        if arguments.check:
            check(lock)
        else:
            for package in lock["packages"]:
                fetch(package, arguments.relock)
            if arguments.relock:
                LOCK.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")
    except VendorError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def check(lock: dict[str, Any]) -> None:
    """Every locked file is in the tree with its sha256, and nothing lies beside them."""
    wanted = {f["to"]: f["sha256"] for p in lock["packages"] for f in p["files"]}
    for to, sha256 in wanted.items():
        path = ROOT / to
        if not path.is_file():
            raise VendorError(f"{to}: missing; run packaging/vendor/fetch.py")
        if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            raise VendorError(f"{to}: not the file that the lock names; run fetch.py")
    for folder in lock["folders"]:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and name not in wanted:
                raise VendorError(f"{name}: not in the lock")


def fetch(package: dict[str, Any], relock: bool) -> None:
    """Fetch one package and write its files."""
    with tempfile.TemporaryDirectory() as folder:
        archive = _pack(f"{package['name']}@{package['version']}", Path(folder))
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if relock:
            package["integrity"] = f"sha512-{digest}"
        elif package["integrity"] != f"sha512-{digest}":
            raise VendorError(f"{package['name']}: archive differs from the lock's integrity")
        with tarfile.open(archive) as tar:
            for entry in package["files"]:
                _store(tar, package["name"], entry, relock)


def _pack(spec: str, folder: Path) -> Path:
    command = ["npm", "pack", spec, "--ignore-scripts", "--pack-destination", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise VendorError("npm is not installed; the files in the tree can be used") from None
    except subprocess.CalledProcessError as error:
        raise VendorError(f"{spec}: npm pack failed: {error.stderr.strip()}") from None
    return next(folder.glob("*.tgz"))


def _store(tar: tarfile.TarFile, name: str, entry: dict[str, str], relock: bool) -> None:
    try:
        member = tar.extractfile(f"package/{entry['from']}")
    except KeyError:
        member = None
    if member is None:
        raise VendorError(f"{name}: has no file {entry['from']}")
    data = member.read()
    if entry["from"].endswith(".woff") and entry["to"].endswith(".ttf"):
        data = sfnt_of_woff(data, entry["from"])
    sha256 = hashlib.sha256(data).hexdigest()
    if relock:
        entry["sha256"] = sha256
    elif entry["sha256"] != sha256:
        raise VendorError(f"{name}: {entry['from']} differs from the lock's sha256")
    path = ROOT / entry["to"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def sfnt_of_woff(woff: bytes, name: str) -> bytes:
    """The TrueType font in a WOFF 1.0 file (W3C Recommendation, section 4), table for table."""
    signature, flavour, _, count = struct.unpack_from(">4sIIH", woff)
    if signature != b"wOFF":
        raise VendorError(f"{name}: not a WOFF file")
    entries = [struct.unpack_from(">4sIIII", woff, 44 + 20 * i) for i in range(count)]
    log2 = count.bit_length() - 1
    span = 16 << log2
    directory = bytearray(struct.pack(">IHHHH", flavour, count, span, log2, 16 * count - span))
    body = bytearray()
    start = 12 + 16 * count
    for tag, offset, packed, length, checksum in sorted(entries, key=lambda e: e[0]):
        data = woff[offset : offset + packed]
        table = zlib.decompress(data) if packed < length else data
        if len(table) != length:
            raise VendorError(f"{name}: table {tag.decode('latin1')} is cut short")
        directory += struct.pack(">4sIII", tag, checksum, start + len(body), length)
        body += table + bytes(-length % 4)
    return bytes(directory + body)


if __name__ == "__main__":
    sys.exit(main())
