"""Fetch the few front-end files that PRM ships or is tested with, so that neither running nor testing it needs Node.

`make vendor` runs this. It asks npm for each package of a manifest by name and version, copies the files named there
and writes their SHA-256 back into the manifest. `static/vendor/` holds what pages ask for, `tests/browser/vendor/` what
only tests use. Two things are changed on the way:

* Bootstrap draws ticks, arrows and crosses as `data:` images, which a content security policy of 'self' blocks. Each
  becomes a file of its own beside the stylesheet.
* Of the icons only those listed in the manifest go into one sprite; the package's own sprite is over a megabyte.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
HOMES = (ROOT / "static" / "vendor", ROOT / "tests" / "browser" / "vendor")
DATA_IMAGE = re.compile(r"""url\((["'])data:image/svg\+xml,(.+?)\1\)""")
SOURCE_MAP = re.compile(r"\n?(/\*|//)# sourceMappingURL=.*?(\*/)?\s*$")


def unpack(name: str, version: str, folder: Path) -> Path:
    """Let npm fetch one package and return the folder with its content."""
    target = folder / name
    target.mkdir()
    subprocess.run(
        ["npm", "pack", "--silent", f"{name}@{version}"], cwd=target, check=True, stdout=subprocess.DEVNULL
    )
    with tarfile.open(next(target.glob("*.tgz"))) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def images_to_files(css: str, folder: Path) -> str:
    """Write every `data:` image of a stylesheet to a file and point the stylesheet at it."""
    folder.mkdir(parents=True, exist_ok=True)

    def write(match: re.Match[str]) -> str:
        svg = unquote(match.group(2))
        name = hashlib.sha256(svg.encode()).hexdigest()[:12] + ".svg"
        (folder / name).write_text(svg + "\n", encoding="utf-8")
        return f'url("{folder.name}/{name}")'

    return DATA_IMAGE.sub(write, css)


def sprite(symbols: str, names: list[str]) -> str:
    """One SVG file with the named symbols of the package's sprite, in alphabetical order."""
    parts = ['<svg xmlns="http://www.w3.org/2000/svg">']
    for name in sorted(names):
        found = re.search(
            rf'<symbol class="[^"]*" viewBox="([^"]*)" id="{re.escape(name)}">(.*?)</symbol>',
            symbols,
            re.DOTALL,
        )
        if found is None:
            raise SystemExit(f"no icon called {name}")
        parts.append(f'<symbol id="{name}" viewBox="{found.group(1)}">{found.group(2).strip()}</symbol>')
    return "\n".join([*parts, "</svg>\n"])


def copy_files(package: dict, source: Path, home: Path) -> None:
    """Copy the files of one package into `home`; `copies` maps our path to the package's."""
    for ours, theirs in package["copies"].items():
        target = home / ours
        target.parent.mkdir(parents=True, exist_ok=True)
        text = (source / theirs).read_text(encoding="utf-8")
        if target.suffix == ".css":
            text = images_to_files(text, target.parent / "images")
        if ours.endswith("sprite.svg"):
            text = sprite(text, package["icons"])
        target.write_text(SOURCE_MAP.sub("\n", text), encoding="utf-8")


def renew(home: Path) -> None:
    """Fetch every package of the manifest in `home` and write down what came."""
    manifest = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        for package in manifest["packages"]:
            shutil.rmtree(home / package["folder"], ignore_errors=True)
            copy_files(package, unpack(package["name"], package["version"], Path(folder)), home)
            package["files"] = {
                path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted((home / package["folder"]).rglob("*"))
                if path.is_file()
            }
    (home / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    for home in HOMES:
        renew(home)


if __name__ == "__main__":
    main()
