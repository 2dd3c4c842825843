"""Every operation of the API with the shop's own ids and a body that it takes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.conftest import Caller
from tests.safety.conftest import Shop, tiny_png
from tests.safety.pages import Answer, read
from wanhui.config import openapi
from wanhui.connectors.models import SavedMap
from wanhui.language import DEFAULT_ENGINE
from wanhui.replies.queries import digest

Body = Callable[[Shop], dict[str, Any]]
# Things of one person's own, which nobody else even sees:
PERSONAL = {"cases_undo", "desk_rename_view", "desk_delete_view"}
# Read by those who may change it only: links that let somebody in, addresses that are told what happens.
SETTINGS_ONLY = {"stores_invitations", "webhooks_receivers", "webhooks_receiver", "webhooks_messages"}
# For those who may correct and take figures out.
CORRECTING = {"corrections_corrections", "corrections_rows", "corrections_bars"}
OWN_ACCOUNT = {"accounts_change_me", "accounts_revoke_my_token", "stores_open_store"}


@dataclass(frozen=True)
class Operation:
    """One method of one address, as the OpenAPI document tells it."""

    key: str
    method: str
    path: str
    scope: str
    media: str

    @property
    def writes(self) -> bool:
        return self.method != "get" and self.key != "replies_lint"

    @property
    def everybodys(self) -> bool:
        """Whether whoever works in the store may do it."""
        return not self.writes and self.key not in SETTINGS_ONLY | CORRECTING


def operations() -> list[Operation]:
    """All of them."""
    return list(_operations())


def _operations() -> Iterator[Operation]:
    for path, methods in openapi.document()["paths"].items():
        for method, told in methods.items():
            media = next(iter(told.get("requestBody", {}).get("content", {})), "")
            scope = told["security"][0]["Bearer"][0]
            yield Operation(told["operationId"], method, path.removeprefix("/api/v1"), scope, media)


def seen(shop: Shop) -> dict[str, int]:
    """The shop's case at the version it has."""
    return {"case": shop.case.pk, "version": shop.case.version}


SEVERITY = {"seen": 0, "levels": {"safety": 1, "delivery": 2}, "mass_from": 5, "readers_from": 30}
# What each operation with a body takes; a new one is added here, or the test of this table fails.
BODIES: dict[str, Body] = {
    "accounts_change_me": lambda shop: {"language": "de"},
    "stores_open_store": lambda shop: {"name": "新店", "platform": "pdd"},
    "stores_change_settings": lambda shop: {"reply_within_hours": 6},
    "stores_add_person": lambda shop: {"username": "hong", "name": "小红", "role": "agent"},
    "stores_set_role": lambda shop: {"role": "lead"},
    "stores_invite": lambda shop: {"role": "agent"},
    "connectors_correct_map": lambda shop: {"columns": {"text": 0}},
    "connectors_rename_map": lambda shop: {"name": "评价导出"},
    "cases_assign_many": lambda shop: {"cases": [seen(shop)], "person": shop.people.li.pk},
    "cases_move_many": lambda shop: {"cases": [seen(shop)], "stage": "verified"},
    "desk_save_view": lambda shop: {"name": "物流", "filter": {"cause": "delivery"}, "share": shop.case.store_id},
    "desk_rename_view": lambda shop: {"name": "快递"},
    "connectors_upload": lambda shop: {
        "store": shop.case.store_id, "file": SimpleUploadedFile("周.csv", "评价内容,星级\n起球,1\n".encode()),
    },
    "connectors_send_rows": lambda shop: {"store": shop.case.store_id, "rows": [{"评价内容": "起球", "星级": 1}]},
    "connectors_set_columns": lambda shop: {"columns": {"text": 0, "stars": 2}, "year": 2026},
    "connectors_confirm": lambda shop: {"dry_run": True},
    "reviews_type_in": lambda shop: {"store": shop.case.store_id, "text": "袖口开线了", "stars": 2},
    "reviews_type_in_pictured": lambda shop: {
        "store": shop.case.store_id, "text": "拉链坏了", "stars": 1,
        "screenshot": SimpleUploadedFile("x.png", tiny_png()),
    },
    "rejudging_ask": lambda shop: {"engine": DEFAULT_ENGINE, "since": "2026-01-01"},
    "corrections_apply": lambda shop: {"engine": DEFAULT_ENGINE, "seen": 0, "bars": {"price": 0.6}},
    "corrections_revoke": lambda shop: {"engine": DEFAULT_ENGINE, "seen": 0},
    "severity_keep": lambda shop: SEVERITY,
    "severity_preview": lambda shop: SEVERITY,
    "own_add": lambda shop: {"name": "起球", "words": ["起球", "毛球"]},
    "own_preview": lambda shop: {"words": ["裤子"]},
    "own_change": lambda shop: {"name": "裤子", "words": ["裤子"]},
    "own_say": lambda shop: {"right": True},
    "own_add_to": lambda shop: {"cause": shop.own_cause.pk},
    "triage_correct": lambda shop: {"sentiment": "negative", "causes": ["price"]},
    "cases_claim": lambda shop: {"version": shop.case.version},
    "cases_assign": lambda shop: {"version": shop.case.version, "person": shop.people.li.pk},
    "cases_move": lambda shop: {"version": shop.case.version, "stage": "verified"},
    "cases_add_note": lambda shop: {"text": "看过照片了"},
    "cases_add_contact": lambda shop: {"channel": "phone", "result": "reached"},
    "cases_plan_measure": lambda shop: {"kind": "page", "text": "改尺码表"},
    "cases_close": lambda shop: {
        "version": shop.case.version, "outcome": "satisfied", "conclusion": "换了货，顾客满意",
    },
    "replies_save_draft": lambda shop: {"text": "您好，给您添麻烦了，真对不起。"},
    "replies_lint": lambda shop: {"text": "您好，给您添麻烦了。"},
    "replies_request_approval": lambda shop: {"reasons": {}},
    "replies_approve": lambda shop: {"seen": digest(shop.reply.text)},
    "webhooks_subscribe": lambda shop: {"url": "https://chat.example/other", "events": ["case.closed"]},
    "webhooks_change": lambda shop: {"url": "https://chat.example/hook", "events": ["case.closed"], "active": False},
    "replies_send_back": lambda shop: {"note": "提一下赠品"},
}


def address(operation: Operation, shop: Shop) -> str:
    """The operation's path with the ids of this shop's things."""
    key, store = operation.key, shop.case.store_id
    kinds = {"stores": store, "imports": shop.checking.pk, "cases": shop.case.pk, "reviews": shop.review.pk,
             "verdicts": shop.verdict.pk, "me": shop.token.pk, "views": shop.view.pk, "rejudgings": shop.rejudging.pk,
             "webhooks": shop.receiver.pk, "own-causes": shop.own_cause.pk, "own-found": shop.own_found.pk,
             "column-maps": SavedMap.objects.get(store=store).pk}
    special = {"desk_screenshot": shop.picture.pk, "webhooks_replay": shop.delivery.pk, "cases_undo": shop.deed.pk}
    pk = special.get(key) or kinds.get(operation.path.split("/")[1], 0)
    ids = {"pk": pk, "person": shop.people.li.pk, "measure": shop.measure.pk, "invitation": shop.invitation.pk}
    path = re.sub(r"{(\w+)}", lambda hole: str(ids[hole[1]]), operation.path)
    return path + ("?q=裤子" if key == "desk_search" else "")


def send(caller: Caller, operation: Operation, shop: Shop) -> Answer:
    """The operation on this shop's things, by this caller."""
    body = BODIES[operation.key](shop) if operation.key in BODIES else None
    if operation.media == "multipart/form-data":
        return read(caller(operation.method, address(operation, shop), data=body))
    return read(caller(operation.method, address(operation, shop), body))
