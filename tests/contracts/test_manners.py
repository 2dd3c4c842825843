"""How code is written here, where a linter has no rule for it."""

import ast
import re

from tests.contracts import source

# Where any error at all is caught: the worker's loop gives a step back with its reason. Outbound doors come here too.
DOORS = {"pipeline/advance.py"}
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "gettext_noop"}
COMMENT_LINES = 6


def test_every_error_is_caught_at_the_doors_only() -> None:
    caught = {
        path.as_posix()
        for path, tree in source.modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _catches_all(node) and not _passes_on(node)
    }
    assert caught <= DOORS


def _catches_all(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return bool(names & {"Exception", "BaseException"})


def _passes_on(handler: ast.ExceptHandler) -> bool:
    """Cleaning up before the error goes on its way catches nothing."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_messages_for_people_are_plain_strings_that_can_be_translated() -> None:
    """An f-string inside gettext is looked up with the values filled in, and never found."""
    wrong = [
        f"{path}:{call.lineno}"
        for path, tree in source.modules().items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in GETTEXT
        and any(_is_made_up(argument) for argument in call.args[: 2 if "n" in call.func.id[:1] else 1])
    ]
    assert wrong == []


def _is_made_up(node: ast.expr) -> bool:
    """Anything but a plain string; a bare name is the caller's business only in wrappers, which we do not have."""
    if isinstance(node, ast.BinOp | ast.Call):
        return True
    return isinstance(node, ast.JoinedStr)


def test_nothing_is_put_off_in_the_code() -> None:
    mark = re.compile(r"#.*\b(?:TO" + "DO|FIX" + r"ME)\b")  # split, or this line would be a finding
    found = [
        f"{file.relative_to(source.ROOT)}:{number}"
        for file in source.python_files()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if mark.search(line)
    ]
    assert found == []


def test_a_comment_longer_than_six_lines_is_a_page_in_the_decisions() -> None:
    long = []
    for file in source.python_files():
        run = 0
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            run = run + 1 if line.lstrip().startswith("#") else 0
            if run == COMMENT_LINES + 1:
                long.append(f"{file.relative_to(source.ROOT)}:{number}")
    assert long == []


def test_every_module_and_every_public_function_and_class_says_what_it_is_for() -> None:
    silent = []
    for path, tree in source.modules().items():
        if path.name != "__init__.py" and not ast.get_docstring(tree):
            silent.append(str(path))
        for node in tree.body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if named and not ast.get_docstring(node):  # type: ignore[arg-type]
                silent.append(f"{path}: {node.name}")  # type: ignore[union-attr]
    assert silent == []


def test_weights_and_data_are_never_pickles() -> None:
    """A pickle runs code when it is opened."""
    importers = [
        str(path)
        for path, tree in source.modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and {"pickle", "joblib", "shelve", "marshal"} & {name.name.split(".")[0] for name in node.names}
    ]
    assert importers == []
    assert [str(f) for f in source.tracked() if f.suffix in {".pkl", ".pickle", ".joblib"}] == []


def test_migrations_import_no_code_of_the_program() -> None:
    """A migration must run in ten years, when that code is gone."""
    wrong = []
    for file in source.PACKAGE.rglob("migrations/0*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            if any(name.split(".")[0] == "wanhui" for name in [module, *names]):
                wrong.append(f"{file.relative_to(source.ROOT)}:{node.lineno}")  # type: ignore[attr-defined]
    assert wrong == []
