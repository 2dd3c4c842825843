"""What is planted before a worker is killed, and what must be there in the end."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction

from tests import makers
from tests.processes import driver
from tests.processes.kinds import drain
from tests.triage.other_engine import NAME, Words
from wanhui.accounts.models import User
from wanhui.audit.models import Entry
from wanhui.cases.models import Case
from wanhui.connectors import actions as connectors
from wanhui.connectors.models import Import, ImportLine
from wanhui.kit import clock
from wanhui.language import engines
from wanhui.reviews.models import FollowUp, Review
from wanhui.stores import actions as stores
from wanhui.stores.models import Product
from wanhui.triage import actions as triage
from wanhui.triage.models import Rejudging, Verdict
from wanhui.triage.rejudging import actions as rejudging
from wanhui.triage.rejudging import queries as rejudging_queries
from wanhui.work import actions as work
from wanhui.work.models import Step


@dataclass(frozen=True)
class Scenario:
    """`plant` notes the steps, `look` tells what must be the same after every kill, `clear` makes room for the next."""

    plant: Callable[[], None]
    look: Callable[[], Any]
    clear: Callable[[], None]


def _plant_chain() -> None:
    with transaction.atomic():
        work.note("test.first", "a")
        work.note("test.first", "b")


def _look_at_chain() -> Any:
    seen = driver.state()
    return {"steps": seen["steps"], "effects": seen["effects"]}


def _clear_chain() -> None:
    Step.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM test_effect")


def _plant_import() -> None:
    """A seller's export of six rows, confirmed: bad reviews old and new, a follow-up, a duplicate, a blank row."""
    mei = User.objects.create_user("mei", display_name="梅")
    store = stores.open_store("一家衣铺", "taobao", actor=mei)
    now = clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    day = f"{now - timedelta(days=2):%Y-%m-%d}"
    rows = [
        "评价编号,商品名称,买家昵称,评价星级,评价内容,评价时间,追评内容",
        f"T9001,亚麻衬衫,海***燕,1,衬衫洗了一次就缩水了，客服也不理我,{day} 09:12:44,",
        f"T9002,亚麻衬衫,长***河,5,颜色好看，穿着舒服,{day} 10:01:02,穿了一周，袖口开线了",
        "T9003,牛仔半裙,晚***风,2,等了十天才收到,2025-01-05 08:00:00,",
        f"T9002,亚麻衬衫,长***河,5,颜色好看，穿着舒服,{day} 10:01:02,穿了一周，袖口开线了",
        f"T9004,牛仔半裙,小***满,5,很喜欢,{day} 12:30:00,",
        ",,,,,,",
    ]
    upload = BytesIO("\n".join(rows).encode())
    connectors.confirm(connectors.receive(store, upload, "评价.csv", actor=mei), actor=mei)


def _look_at_import() -> Any:
    """All that the import must have left, whoever was killed on the way: rows, judgements, cases, traces, no file."""
    fields = ("state", "total_rows", "done_rows", "new", "duplicate", "refused", "follow_ups")
    source = Import.objects.values(*fields).get()
    return {
        "import": source,
        "steps": _counted(Step.objects.values_list("kind", "state")),
        "texts": sorted(Review.objects.values_list("text", flat=True)),
        "follow ups": sorted(FollowUp.objects.values_list("text", flat=True)),
        "verdicts": _counted(Verdict.objects.values_list("current", "engine")),
        "cases": sorted(Case.objects.values_list("case_reviews__review__platform_id", "stage")),
        "products": Product.objects.count(),
        "lines": ImportLine.objects.count(),
        "entries": _counted(Entry.objects.values_list("verb")),
        "files left": sum(file.is_file() for file in (Path(settings.MEDIA_ROOT) / "imports").iterdir()),
    }


def _plant_look() -> None:
    """A shop whose five reviews another engine is asked about; one was corrected by a person."""
    engines._MAKERS[NAME] = Words
    rejudging_queries.AT_ONCE, rejudging._A_STRETCH = 2, 2
    mei = User.objects.create_user("mei", display_name="梅")
    store = stores.open_store("一家衣铺", "taobao", actor=mei)
    said = ("裤子起球，快递也慢", "很好，快递不错", "太贵了", "面料很舒服", "起球了")
    made = [makers.review(store, text, stars=None if n % 2 else 1) for n, text in enumerate(said)]
    triage.judge_reviews([review.pk for review in made], actor=None)
    triage.correct(Verdict.objects.get(review=made[2]), actor=mei, sentiment="negative", causes=["service"])
    drain()
    rejudging.ask_rejudging(store, NAME, actor=mei)


def _plant_change() -> None:
    """The same, looked at and wanted."""
    _plant_look()
    drain()
    rejudging.confirm_rejudging(Rejudging.objects.get(), actor=None)


def _look_at_rejudging() -> Any:
    """What was found and what was put in place: each text counted once, one verdict that counts for each."""
    found = Rejudging.objects.get()
    return {
        "state": [found.state, found.done, found.total],
        "found": {name: value for name, value in found.tally.items() if name != "examples"},
        "applied": {name: value for name, value in found.applied.items() if name != "examples"},
        "steps": _counted(Step.objects.values_list("kind", "state")),
        "verdicts": _counted(Verdict.objects.values_list("current", "engine")),
        "cases": _counted(Case.objects.values_list("primary", "stage")),
        "entries": _counted(Entry.objects.values_list("verb")),
    }


def _counted(rows: Iterable[Any]) -> dict[str, int]:
    return dict(sorted(Counter(" ".join(str(part) for part in row) for row in rows).items()))


def _clear_everything() -> None:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables, allow_cascade=True))
    shutil.rmtree(Path(settings.MEDIA_ROOT), ignore_errors=True)


ALL = {
    "look": Scenario(_plant_look, _look_at_rejudging, _clear_everything),
    "change": Scenario(_plant_change, _look_at_rejudging, _clear_everything),
    "chain": Scenario(_plant_chain, _look_at_chain, _clear_chain),
    "import": Scenario(_plant_import, _look_at_import, _clear_everything),
}
