"""Taking in files: nothing lost, nothing doubled, every row accounted for."""

import pytest

from tests.cast import Cast
from tests.reviews.making import as_csv, figures, line, taken_in
from wanhui.audit.models import Entry
from wanhui.reviews.models import Review


def test_a_file_becomes_reviews_and_the_same_file_changes_nothing(people: Cast) -> None:
    data = as_csv([line("饼干碎了一半"), line("很好吃", buyer="大**力", stars="5")])
    first = taken_in(people.clothes, data, people.mei)
    assert figures(first) == (2, 0, 0, 0)
    again = taken_in(people.clothes, data, people.mei)
    assert figures(again) == (0, 0, 2, 0)
    assert Review.objects.count() == 2
