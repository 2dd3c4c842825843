"""The permission matrix, cell by cell: a change of the table is a change of this picture."""

from wanhui.accounts.rules import MATRIX, Role, Verb, allows, roles_that_may
from wanhui.config import settings

PICTURE = """
role         see import correct rejudge claim write approve send grant_small grant_medium grant_large appeal close export unmask settings people
owner        x   x      x       x       x     x     x       x    x           x            x           x      x     x      x      x        x
manager      x   x      x       x       x     x     x       x    x           x            x           x      x     x      x      x        .
lead         x   x      x       x       x     x     x       x    x           x            .           x      x     x      x      .        .
agent        x   x      x       .       x     x     .       x    x           .            .           .      x     .      .      .        .
scout        x   x      x       .       .     .     .       .    .           .            .           .      .     .      .      .        .
after_sales  x   .      x       .       x     x     .       x    x           .            .           .      x     .      .      .        .
quality      x   .      x       .       .     .     .       .    .           .            .           .      .     x      .      .        .
marketing    x   .      .       .       .     x     .       .    .           .            .           .      .     x      .      .        .
viewer       x   .      .       .       .     .     .       .    .           .            .           .      .     .      .      .        .
"""  # noqa: E501


def test_every_cell_of_the_matrix_is_as_drawn() -> None:
    head, *rows = [line.split() for line in PICTURE.strip().splitlines()]
    drawn = {
        (Role(row[0]), Verb(verb)): cell == "x" for row in rows for verb, cell in zip(head[1:], row[1:], strict=True)
    }
    assert drawn == {(role, verb): allows(role, verb) for role in Role for verb in Verb}


def test_nobody_may_do_nothing() -> None:
    assert not any(allows(None, verb) for verb in Verb)


def test_the_roles_of_a_verb_are_those_that_the_matrix_allows() -> None:
    for verb in Verb:
        assert set(roles_that_may(verb)) == {role for role in Role if verb in MATRIX[role]}


def test_passwords_are_kept_with_argon2_outside_tests() -> None:
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
