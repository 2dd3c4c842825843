"""csv, tsv and txt: encodings, separators, title rows, quotation marks, and files that must be refused."""

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.connectors.file.build import columns_of, reviews_of, table_of
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.readers import read_table

PLAIN = "评价内容,星级\n快递太慢了，等了八天,1\n质量很好，下次再来,5\n"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("gb18030", "gb18030"), ("gbk", "gb18030")],
)
def test_each_encoding_is_found_by_its_bytes(encoding: str, found: str) -> None:
    table = table_of(PLAIN.encode(encoding))
    assert table.encoding == found
    assert table.header == ["评价内容", "星级"]
    assert [row[0] for row in table.rows] == ["快递太慢了，等了八天", "质量很好，下次再来"]


def test_big_endian_utf_16_is_read() -> None:
    table = table_of(b"\xfe\xff" + PLAIN.encode("utf-16-be"))
    assert table.header == ["评价内容", "星级"]


def test_bytes_that_fit_no_encoding_are_refused_with_their_position() -> None:
    with pytest.raises(FileProblem, match=r"neither UTF-8 \(byte 26\) nor GB18030 \(byte 26\)"):
        table_of("评价内容,星级\n好的".encode() + b"\xff\xff,1\n")


def test_a_western_encoding_is_not_read_as_chinese() -> None:
    text = "Text,Sterne\nSchöne Qualität für großes Geld, leider zerdrückt und völlig übergelaufen,1\n" * 5
    with pytest.raises(FileProblem, match="no sensible Chinese"):
        table_of(text.encode("cp1252"))


def test_big5_is_not_read_as_mainland_chinese() -> None:
    text = "內容,星級\n餐點送來已經冷掉，店員態度也很差，不會再來光顧了,1\n" * 5
    with pytest.raises(FileProblem, match=r"UTF-8|GB18030"):
        table_of(text.encode("big5"))


def test_traditional_chinese_in_gbk_is_read() -> None:
    text = "內容,星級\n餐點送來已經冷掉,店員態度也很差,\n" * 5
    assert table_of(text.encode("gb18030")).encoding == "gb18030"


def test_zero_bytes_mean_no_text_file() -> None:
    with pytest.raises(FileProblem, match="zero byte at position 10"):
        table_of(b"text,stars\x00\x01\x02")


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "-"])
def test_the_separator_is_found_by_content_whatever_the_ending(delimiter: str, name: str) -> None:
    table = table_of(PLAIN.replace(",", delimiter), name)
    assert table.header == ["评价内容", "星级"]
    assert len(list(table.rows)) == 2


def test_a_text_file_without_separators_is_one_review_a_line() -> None:
    found = reviews_of("快递太慢了,等了八天\n质量很好\n\n味道一般, 不会再买\n", "talk.txt")
    assert [review.text for review in found] == ["快递太慢了,等了八天", "质量很好", "", "味道一般, 不会再买"]
    assert found[2].refused == "the row is empty"


def test_a_csv_with_one_column_needs_no_separator() -> None:
    assert [review.text for review in reviews_of("评论\n好吃\n太咸了\n")] == ["好吃", "太咸了"]


def test_line_breaks_and_quotes_inside_cells_are_kept() -> None:
    found = reviews_of('评价内容,星级\n"第一行\n第二行，他说""再见""",1\n"好",5\n')
    assert found[0].text == '第一行\n第二行，他说"再见"'
    assert len(found) == 2


def test_the_header_is_found_under_title_rows() -> None:
    table = table_of("一家衣铺 评价导出,,\n导出时间：2026-11-01,,\n\n订单编号,评价内容,评价时间\n77,很好,2026-10-01\n")
    assert table.header == ["订单编号", "评价内容", "评价时间"]
    assert table.title_rows == ["一家衣铺 评价导出", "导出时间：2026-11-01"]
    assert table.header_row == 3
    assert len(list(table.rows)) == 1


def test_a_file_without_a_header_keeps_its_first_row() -> None:
    found = reviews_of("77,这件衣服掉色很严重，洗了一次就不能穿了,1\n78,很喜欢，面料舒服，尺码也合适,5\n")
    assert [review.text[:4] for review in found] == ["这件衣服", "很喜欢，"]
    assert list(found[0].source) == ["列1", "列2", "列3"]


def test_unnamed_columns_get_a_name_in_the_language_of_the_file() -> None:
    assert table_of(",评价内容,\n1,很好,\n").header[0] == "列1"
    assert table_of(",text,stars\n1,very good,5\n").header[0] == "column 1"


def test_two_filled_columns_of_one_name_are_refused_by_name() -> None:
    with pytest.raises(FileProblem, match=r'two columns named "评价内容" \(columns 1 and 3\)'):
        table_of("评价内容,星级,评价内容\n好,5,坏\n")


def test_a_second_column_of_one_name_may_be_empty() -> None:
    table = table_of("评价内容,星级,评价内容\n好,5,\n")
    assert table.header == ["评价内容", "星级", "评价内容 (3)"]
    assert "name of columns 1 and 3" in table.notes[0]


def test_an_empty_file_is_refused() -> None:
    for data in (b"", b"\xef\xbb\xbf", b"\n\n  \n", b",,,\n,,\n"):
        with pytest.raises(FileProblem, match="empty"):
            table_of(data)


def test_an_unknown_ending_is_named() -> None:
    with pytest.raises(FileProblem, match=r'has the ending "\.docx", which is not known'):
        table_of("x", "reviews.docx")


def test_a_web_page_called_xls_is_refused_in_words() -> None:
    with pytest.raises(FileProblem, match="web page inside"):
        table_of("<html><table><tr><td>评价内容</td></tr></table></html>", "export.xls")


def test_a_csv_called_xls_is_read_as_what_it_is() -> None:
    assert table_of(PLAIN, "export.xls").format == "csv"


def test_a_quotation_mark_that_is_never_closed_is_refused_with_its_line() -> None:
    rows = "".join(f"好的第{n}条,5\n" for n in range(700))
    table = table_of(f'评价内容,星级\n好,5\n{rows}"坏,1\n很好,5\n很好,5\n')
    with pytest.raises(FileProblem, match="quotation mark opened in line 703 is never closed"):
        list(table.rows)


def test_a_cell_of_a_megabyte_is_refused() -> None:
    with pytest.raises(FileProblem, match="longer than 1,000,000 characters"):
        table_of("评价内容,星级\n" + "好" * 1_000_001 + ",1\n")


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(FileProblem, match="501 columns; at most 500"):
        table_of(",".join(["评价内容", *(f"c{n}" for n in range(500))]) + "\n" + "x," * 500 + "x\n")


def test_a_missing_file_is_named(tmp_path: object) -> None:
    from pathlib import Path

    with pytest.raises(FileProblem, match="There is no file"):
        read_table(Path(str(tmp_path)) / "no.csv", "no.csv")


def test_rows_that_are_too_short_are_filled_and_counted() -> None:
    found = reviews_of("评价内容,星级,买家\n好\n坏,1\n")
    assert [(review.text, review.stars) for review in found] == [("好", None), ("坏", 1)]


class _Endless(io.RawIOBase):
    """A csv of many megabytes that exists only while it is read."""

    def __init__(self, rows: int) -> None:
        self._head = "评价内容,星级\n".encode()
        self._line = "衣服很好看，就是快递有点慢，包装也一般般,4\n".encode()
        self._size = len(self._head) + rows * len(self._line)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = {0: 0, 1: self._at, 2: self._size}[whence] + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        if self._at < len(self._head):
            piece = self._head[self._at :]
        else:
            piece = (self._line * (len(target) // len(self._line) + 2))[
                (self._at - len(self._head)) % len(self._line) :
            ]
        piece = piece[: min(len(target), self._size - self._at)]
        target[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def test_memory_stays_flat_for_a_long_csv() -> None:
    table = read_table(io.BufferedReader(_Endless(300_000)), "long.csv")
    tracemalloc.start()
    try:
        count = sum(1 for _ in table.rows)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 300_000
    assert peak < 4_000_000


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), min_size=1, max_size=40),
            st.integers(1, 5),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_a_cell_holds_comes_back_unchanged(rows: list[tuple[str, int]]) -> None:
    import csv

    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([("评价内容", "星级"), *rows])
    table = table_of(stream.getvalue())
    assert [row[0] for row in table.rows] == [text for text, _ in rows]


def test_a_text_column_by_number_or_name_wins() -> None:
    table = table_of("标题,评价内容\n很好看的一件衣服,好\n")
    assert columns_of(table, "1").index("text") == 0
    assert columns_of(table, "标题").index("text") == 0
    with pytest.raises(FileProblem, match='no column "3"'):
        columns_of(table, "3")


def test_the_separator_line_that_excel_writes_is_no_header() -> None:
    assert table_of("sep=;\n评价内容;星级\n很好;5\n").header == ["评价内容", "星级"]
