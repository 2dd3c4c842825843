"""The project's own source, as the contracts look at it."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "wanhui"


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of the program, by its path inside the package; migrations left out: Django writes them."""
    files = sorted(PACKAGE.rglob("*.py"))
    kept = [file for file in files if "migrations" not in file.parts]
    return {file.relative_to(PACKAGE): ast.parse(file.read_text(encoding="utf-8")) for file in kept}


@cache
def python_files() -> list[Path]:
    """Every Python file of the repository: program, tests, training, benchmarks, start.py."""
    folders = [ROOT / name for name in ("src", "tests", "training", "benchmarks")]
    found = [file for folder in folders for file in folder.rglob("*.py") if "migrations" not in file.parts]
    return [ROOT / "start.py", ROOT / "manage.py", *sorted(found)]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines(node: ast.stmt) -> int:
    """How many lines a function or class takes, decorators left out."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


@cache
def rooms() -> list[str]:
    """The rooms that exist: packages directly inside the package."""
    return sorted(folder.parent.name for folder in PACKAGE.glob("*/__init__.py"))


@cache
def floors() -> dict[str, int]:
    """The floor of each room, 0 the lowest, as pyproject.toml tells import-linter."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    names = [[name.strip(" ()") for name in layer.split(":")] for layer in reversed(layers)]
    return {name: floor for floor, layer in enumerate(names) for name in layer}


@cache
def tracked() -> list[Path]:
    """Every file that git keeps or would keep; the working tree's files where there is no git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [file for name in listed if name and (file := ROOT / name).is_file()]


def text_of(file: Path) -> str | None:
    """The text of a file, None for one that holds no text."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
