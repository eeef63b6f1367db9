"""`make audit` looks at pages that are there, with tools that are pinned; how well it goes is its own business."""

import importlib
import json
import re
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.urls import resolve

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK = ROOT / "requirements" / "audit" / "package-lock.json"


@pytest.fixture
def lighthouse(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return importlib.import_module("audit_lighthouse")


@pytest.fixture
def wapiti(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return importlib.import_module("audit_wapiti")


def test_lighthouse_looks_at_eight_pages_that_are_there(lighthouse: ModuleType) -> None:
    pages = lighthouse.PAGES
    assert len({route for _title, route, _path in pages}) == 8
    for _title, route, path in pages:
        assert resolve(path.format(slug="a", token="b").partition("?")[0]).url_name == route


def test_tools_of_the_audit_are_pinned_with_hashes_and_without_addresses() -> None:
    assert "://" not in LOCK.read_text(encoding="utf-8")
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    asked = json.loads(LOCK.with_name("package.json").read_text(encoding="utf-8"))["devDependencies"]
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert asked == {"lighthouse": packages["node_modules/lighthouse"]["version"]}
    assert all("integrity" in one and "resolved" not in one for one in packages.values())
    pinned = (ROOT / "requirements" / "wapiti.txt").read_text(encoding="utf-8")
    assert re.search(r"^wapiti3==\S+", pinned, re.MULTILINE)
    assert "--hash=sha256:" in pinned
    assert "://" not in pinned


def test_only_what_is_argued_is_no_finding(wapiti: ModuleType) -> None:
    def found(path: str) -> dict[str, str]:
        return {"path": path, "method": "POST", "parameter": "", "info": "Lack of anti CSRF token"}

    kind = "Cross Site Request Forgery"
    report = {"vulnerabilities": {kind: [found("/p/x/mail"), found("/program/")]}, "anomalies": {}}
    assert wapiti.findings(report, lambda _path: False) == [
        f"{kind}: POST /program/ : Lack of anti CSRF token"
    ]


@pytest.mark.django_db
def test_what_wapiti_takes_for_unchecked_is_asked_again(wapiti: ModuleType, live_server: Any) -> None:
    house = wapiti.House(live_server.url, session="", token="", slug="", others=[])
    one = {
        "path": "/imports/",
        "method": "POST",
        "parameter": "",
        "info": "is not properly checked in backend",
    }
    report = {"vulnerabilities": {"Cross Site Request Forgery": [one]}, "anomalies": {}}
    assert wapiti.findings(report, partial(wapiti.refuses_forged, house)) == []
    assert not wapiti.refuses_forged(house, "/p/x/mail")  # partners' pages know no such mark: decision 6
