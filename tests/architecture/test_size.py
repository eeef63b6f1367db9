"""No module over 300 lines, no function over 40, no drawer without a label."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MODULES = sorted(
    module
    for package in ("config", "tasks", "prm", "scripts", "tests")
    for module in (ROOT / package).rglob("*.py")
    if "migrations" not in module.parts and "__pycache__" not in module.parts
)
DRAWERS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "service",
    "services",
    "base",
}
EXCEPTION = "# long:"  # on the line of the `def`, with the reason


def long_functions(module: Path) -> dict[str, int]:
    lines = module.read_text(encoding="utf-8").splitlines()
    return {
        f"{module.name}:{node.name}": length
        for node in ast.walk(ast.parse("\n".join(lines)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > 40
        and EXCEPTION not in lines[node.lineno - 1]
    }


def test_no_module_is_over_300_lines() -> None:
    lengths = {str(module.relative_to(ROOT)): len(module.read_text().splitlines()) for module in MODULES}
    assert len(lengths) > 50
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_no_function_is_over_40_lines() -> None:
    assert {name: length for module in MODULES for name, length in long_functions(module).items()} == {}


def test_measure_sees_a_long_function(tmp_path: Path) -> None:
    body = "\n".join(f"    line = {number}" for number in range(40))
    module = tmp_path / "module.py"
    module.write_text(f"def long():\n{body}\n")
    assert long_functions(module) == {"module.py:long": 41}


def test_no_module_is_a_drawer_without_a_label() -> None:
    assert [
        module for module in MODULES if module.stem in DRAWERS or DRAWERS & set(module.parts[-2:-1])
    ] == []
