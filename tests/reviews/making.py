"""Files and imports for tests: made in memory, taken in as the worker would."""

import csv
import io
from collections.abc import Sequence

from wanhui.accounts.models import User
from wanhui.connectors import actions as connectors
from wanhui.connectors.models import Import
from wanhui.reviews import actions
from wanhui.stores.models import Store

HEADER = ("评价ID", "商品名称", "买家昵称", "评价时间", "星级", "评价内容", "追评内容", "商家回复")


def as_csv(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> bytes:
    """A csv file as sellers export it, with a byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def line(
    text: str,
    *,
    id: str = "",
    product: str = "云朵饼干",
    buyer: str = "小**梅",
    at: str = "2026-11-01 10:20:30",
    stars: str = "1",
    later: str = "",
    reply: str = "",
) -> tuple[str, ...]:
    """One line under HEADER."""
    return (id, product, buyer, at, stars, text, later, reply)


def received(store: Store, data: bytes, actor: User | None, name: str = "评价.csv") -> Import:
    """A file that waits for confirmation."""
    return connectors.receive(store, io.BytesIO(data), name, actor=actor)


def taken_in(store: Store, data: bytes, actor: User | None, *, dry_run: bool = False, name: str = "评价.csv") -> Import:
    """A file taken in whole."""
    source = connectors.confirm(received(store, data, actor, name), actor=actor, dry_run=dry_run)
    return actions.take_in(source.pk, actor=None)


def figures(source: Import) -> tuple[int, int, int, int]:
    """new, edited, duplicate, refused."""
    return source.new, source.edited, source.duplicate, source.refused
