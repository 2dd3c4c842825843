"""json, jsonl and jsonp."""

import json

import pytest

from tests.connectors.file.build import reviews_of, table_of
from wanhui.connectors.file.problem import FileProblem

ITEMS = [{"content": "颜色不对", "score": 2}, {"content": "很满意", "score": 5, "nickname": "梅子"}]


def test_an_array_of_objects_is_a_table_of_all_their_keys() -> None:
    table = table_of(json.dumps(ITEMS), "a.json")
    assert table.header == ["content", "score", "nickname"]
    assert list(table.rows) == [["颜色不对", 2, None], ["很满意", 5, "梅子"]]


def test_the_array_may_be_inside_an_object_beside_others() -> None:
    document = {"code": 0, "data": {"tags": [{"name": "a"}], "comments": ITEMS}}
    assert len(reviews_of(json.dumps(document), "a.json")) == 2


@pytest.mark.parametrize("name", ["page.jsonp", "page.txt", "page.js.json", "-"])
def test_jsonp_in_gbk_is_recognised_whatever_its_name(name: str) -> None:
    data = ("fetch_98({" + f'"comments": {json.dumps(ITEMS, ensure_ascii=False)}' + "});").encode("gbk")
    table = table_of(data, name)
    assert (table.format, table.encoding) == ("jsonp", "gb18030")
    assert len(list(table.rows)) == 2


def test_objects_in_a_row_become_dotted_columns_and_arrays_stay_json() -> None:
    row = {"content": "好", "user": {"name": "梅", "level": 3}, "pics": ["http://a/1.jpg", "http://a/2.jpg"]}
    found = reviews_of(json.dumps([row]), "a.json")[0]
    assert found.source["user.name"] == "梅"
    assert found.media == ("http://a/1.jpg", "http://a/2.jpg")


def test_json_lines_are_read_with_keys_that_come_late() -> None:
    lines = [json.dumps({"text": f"第{n}条评价，还不错"}) for n in range(800)] + [
        json.dumps({"text": "坏", "rating": 1})
    ]
    found = reviews_of("\n".join(lines), "a.jsonl")
    assert len(found) == 801
    assert found[-1].source == {"text": "坏", "rating": "1"}


def test_json_lines_on_standard_input_are_recognised() -> None:
    assert table_of("\n".join(json.dumps(item) for item in ITEMS), "-").format == "jsonl"


def test_a_line_that_is_no_json_is_named() -> None:
    with pytest.raises(FileProblem, match=r"a\.jsonl, line 2, character 12: this is not JSON"):
        table_of('{"text": "好"}\n{"text": "坏\n', "a.jsonl")


def test_a_line_that_is_no_object_is_named() -> None:
    with pytest.raises(FileProblem, match="line 2: an object"):
        table_of('{"text": "好"}\n[1, 2]\n', "a.jsonl")


def test_json_that_ends_early_is_refused_with_its_place() -> None:
    with pytest.raises(FileProblem, match="not complete JSON: something is wrong in line 1"):
        table_of('[{"text": "好"}, {"te', "a.json")


def test_json_without_a_list_of_objects_is_refused() -> None:
    for text in ("[1, 2, 3]", '{"a": 1}', '"just a text"', "[]"):
        with pytest.raises(FileProblem, match="no list of objects"):
            table_of(text, "a.json")


def test_json_nested_beyond_reason_is_refused() -> None:
    with pytest.raises(FileProblem, match=r"nested too deeply|no list of objects"):
        table_of("[" * 200_000 + "]" * 200_000, "a.json")


def test_half_characters_become_replacement_marks() -> None:
    found = reviews_of('[{"text": "好\\ud83d吃", "nickname": "\\udc00梅"}]', "a.json")[0]
    assert found.text.startswith("好")
    found.source["nickname"].encode("utf-8")


def test_long_ids_in_json_are_exact_and_kept() -> None:
    found = reviews_of('[{"text": "好", "order_id": 1234567890123456789}]', "a.json")[0]
    assert found.order_id == "1234567890123456789"
