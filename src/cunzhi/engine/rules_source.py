"""Loads a scenario's rules.py from its text: pure functions that import nothing of ours but the sdk.

The text is looked through first, so that a mistake is named with its line. The rules then run with a few harmless
builtins only, so that what the look did not foresee finds nothing to take hold of either.
"""

import ast
import builtins
import hashlib
import importlib
import traceback
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

from cunzhi.base.strict_yaml import Problem

MAY_IMPORT = frozenset({"cunzhi.sdk", "collections.abc", "datetime", "hashlib", "math", "typing"})
HARMLESS = """
    abs all any bin bool bytes callable chr dict divmod enumerate filter float format frozenset hash hex int isinstance
    iter len list map max min next oct ord pow range repr reversed round set slice sorted str sum tuple zip
    False None True ArithmeticError Exception KeyError LookupError TypeError ValueError
"""
MAY_CALL = frozenset(HARMLESS.split())
"""The builtins that a rule has."""
LEADING_OUT = """
    ag_await ag_code ag_frame co_code cr_await cr_code cr_frame f_back f_builtins f_code f_globals f_locals gi_code
    gi_frame gi_yieldfrom tb_frame tb_next mro get_type_hints ForwardRef
"""
FRAMES = frozenset(LEADING_OUT.split())
"""Names by which Python would lead from a function to everything else."""
BLOCKS = (ast.Global, ast.Nonlocal, ast.ClassDef, ast.AsyncFunctionDef, ast.Try, ast.With, ast.While, ast.Await)


def problems_in(text: str, name: str) -> list[Problem]:
    """What keeps this text from being a scenario's rules."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return [Problem(name, error.lineno or 1, "", f"not Python: {error.msg}")]
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    found = []
    for node in ast.walk(tree):
        for what in _forbidden(node, own):
            found.append(Problem(name, getattr(node, "lineno", 1), "", what))
    return sorted(found, key=lambda problem: problem.line)


def _forbidden(node: ast.AST, own: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from _imports([alias.name for alias in node.names])
    if isinstance(node, ast.ImportFrom):
        yield from _imports(["." * node.level + (node.module or "")])
        yield from (f"imports {alias.name}, which leads out" for alias in node.names if _leads_out(alias.name))
    if isinstance(node, ast.Name) and (node.id.startswith("__") or (_is_builtin(node.id) and node.id not in own)):
        yield f"uses {node.id}; a rule only looks at its facts and answers"
    if isinstance(node, ast.Attribute) and _leads_out(node.attr):
        yield f"uses {node.attr}, which leads out of its facts"
    if isinstance(node, ast.MatchClass):
        yield from (f"matches on {name}, which leads out of its facts" for name in node.kwd_attrs if _leads_out(name))
    if isinstance(node, BLOCKS):
        yield f"holds a {type(node).__name__}; rules are plain functions"


def _imports(modules: list[str]) -> Iterator[str]:
    for module in modules:
        if module not in MAY_IMPORT:
            yield f"imports {module}; rules may import only {', '.join(sorted(MAY_IMPORT))}"


def _is_builtin(name: str) -> bool:
    return hasattr(builtins, name) and name not in MAY_CALL


def _leads_out(name: str) -> bool:
    """Private names, frames, and modules that the allowed ones happen to hold (typing.sys)."""
    return name.startswith("_") or name == "*" or name in FRAMES or name in _modules_inside()


@cache
def _modules_inside() -> frozenset[str]:
    allowed = [importlib.import_module(name) for name in MAY_IMPORT]
    return frozenset(name for module in allowed for name, held in vars(module).items() if isinstance(held, ModuleType))


def _import(name: str, *rest: Any) -> ModuleType:
    """What `import` does inside rules."""
    if name not in MAY_IMPORT:
        raise ImportError(f"rules may not import {name}")
    return builtins.__import__(name, *rest)


def problem_on_loading(slug: str, text: str) -> Problem | None:
    """Whether what stands outside functions, which runs when the rules are read, fails."""
    name = f"{slug}/rules.py"
    try:
        load_rules(slug, text)
    except Exception as error:  # noqa: BLE001  it is somebody else's text: whatever it raises is named with its line
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
        return Problem(name, (lines[-1] if lines else 1) or 1, "", f"fails when it is read: {error!r:.120}")
    return None


def load_rules(slug: str, text: str) -> ModuleType:
    """The rules as a module. The text has passed `problems_in`."""
    module = ModuleType(f"cunzhi_rules_{slug}_{hashlib.sha256(text.encode()).hexdigest()[:8]}")
    allowed = {name: getattr(builtins, name) for name in MAY_CALL}
    module.__dict__["__builtins__"] = {**allowed, "__import__": _import}
    exec(compile(text, f"{slug}/rules.py", "exec"), module.__dict__)  # noqa: S102  its imports and names were checked
    return module
