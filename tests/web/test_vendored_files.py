"""The front-end files in the tree are the ones that the manifest names, and they reach for nothing outside."""

import hashlib
import json
import re
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
PACKAGES = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))["packages"]


def test_every_vendored_file_has_the_checksum_of_the_manifest():
    for package in PACKAGES:
        for name, checksum in package["files"].items():
            assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == checksum, name


def test_no_vendored_file_is_missing_from_the_manifest():
    named = {name for package in PACKAGES for name in package["files"]}
    present = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert present - {"manifest.json"} == named


def test_every_package_says_its_version_and_licence():
    for package in PACKAGES:
        assert package["version"]
        assert package["licence"] == "MIT"
        assert f"{package['folder']}/LICENSE" in package["files"]


def test_no_stylesheet_draws_pictures_that_the_security_policy_blocks():
    sheets = [*VENDOR.rglob("*.css"), *(VENDOR.parent / "css").glob("*.css")]
    assert len(sheets) >= 3
    for sheet in sheets:
        assert "data:" not in sheet.read_text(encoding="utf-8"), sheet.name


def test_every_icon_that_a_page_asks_for_is_in_the_sprite():
    root = VENDOR.parents[1]
    sprite = (VENDOR / "bootstrap-icons" / "sprite.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))
    pages = "".join(path.read_text(encoding="utf-8") for path in (root / "templates").rglob("*.html"))
    asked = set(re.findall(r'icon="([a-z0-9-]+)"', pages)) | set(
        re.findall(r'{% icon "([a-z0-9-]+)" %}', pages)
    )
    assert asked
    assert asked <= known
