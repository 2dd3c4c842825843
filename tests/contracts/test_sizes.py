"""Small enough to be read: files, functions, classes. There is no list of exceptions."""

import ast

from tests.contracts import source

FILE, FUNCTION, CLASS, EVERYDAY_FUNCTION = 400, 60, 250, 30


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    files = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in source.python_files()}
    assert {str(file.relative_to(source.ROOT)): n for file, n in files.items() if n > FILE} == {}


def test_templates_styles_and_scripts_keep_the_same_bar() -> None:
    files = [f for ending in ("html", "css", "js") for f in source.PACKAGE.rglob(f"*.{ending}")]
    own = [file for file in files if "vendor" not in file.parts]
    sizes = {str(file.relative_to(source.ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in own}
    assert {name: n for name, n in sizes.items() if n > FILE} == {}


def test_no_function_is_longer_than_sixty_lines() -> None:
    assert _functions_longer_than(FUNCTION) == []


def test_nine_functions_in_ten_fit_in_thirty_lines() -> None:
    all_functions = [function for tree in source.modules().values() for function in source.functions(tree)]
    assert len(_functions_longer_than(EVERYDAY_FUNCTION)) <= len(all_functions) / 10


def test_no_class_is_longer_than_two_hundred_and_fifty_lines() -> None:
    long = [
        f"{path}: {node.name} has {source.lines(node)} lines"
        for path, tree in source.modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and source.lines(node) > CLASS
    ]
    assert long == []


def _functions_longer_than(bar: int) -> list[str]:
    return [
        f"{path}: {function.name} has {source.lines(function)} lines"
        for path, tree in source.modules().items()
        for function in source.functions(tree)
        if source.lines(function) > bar
    ]
