"""Tables as rows that belong to no database: one JSON list a row, and a digest that does not depend on their order."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, ForeignObject, JSONField, Model
from django.utils.duration import duration_iso_string

from wanhui.config.keeping.trouble import Trouble
from wanhui.kit.batches import chunks

Row = list[Any]
Migration = tuple[str, str]
READ_ROWS, WRITE_ROWS = 2_000, 1_000
# Django's own apps that an earlier version used: their tables stay in an old database, unused.
RETIRED = {"sessions"}
_MODULO = 1 << 256
_NUL, _INSTEAD = "\x00", "\ufffd"


@dataclass(frozen=True, slots=True)
class Table:
    """One table as its migrations made it: its model of that time and the columns that hold values."""

    name: str
    model: type[Model]
    fields: tuple[Field[Any, Any], ...]

    @property
    def columns(self) -> list[str]:
        return [field.attname for field in self.fields]


@dataclass(slots=True)
class Tally:
    """What was counted of one table: its rows, and the sum of the rows' digests, which no order changes."""

    rows: int = 0
    total: int = 0
    replaced: int = 0  # cells in which a NUL was replaced

    def add(self, row: Row) -> None:
        text = json.dumps(_settled(row), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        self.total = (self.total + int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")) % _MODULO
        self.rows += 1

    @property
    def digest(self) -> str:
        return f"{self.total:064x}"


def applied(alias: str) -> set[Migration]:
    """The migrations that a database has seen; none where it is empty."""
    return set(MigrationRecorder(connections[alias]).applied_migrations())


def all_known() -> list[Migration]:
    """Every migration of this program."""
    return sorted(_loader().disk_migrations)


def unknown(migrations: Iterable[Migration]) -> list[Migration]:
    """Those that this program has never heard of: the database, or the backup, comes from a newer one."""
    known = set(_loader().disk_migrations)
    return sorted(one for one in migrations if tuple(one) not in known and one[0] not in RETIRED)


def targets(migrations: Iterable[Migration]) -> list[Migration]:
    """The last migrations of each room among these: migrating to them gives the schema of that time."""
    graph, seen = _loader().graph, {tuple(one) for one in migrations}
    last = [
        one for one in seen
        if one in graph.nodes
        and not any(child.key in seen and child.key[0] == one[0] for child in graph.node_map[one].children)
    ]  # fmt: skip
    return sorted(cast("list[Migration]", last))


def tables(migrations: Iterable[Migration]) -> list[Table]:
    """Every table that these migrations made, by name. What is no Django table (a search index) is not among them."""
    loader = _loader()
    apps = loader.project_state(cast("Any", targets(migrations))).apps
    models = apps.get_models(include_auto_created=True)
    found = [model for model in models if _is_stored(model) and model._meta.app_label in loader.migrated_apps]
    return sorted((_table(model) for model in found), key=lambda table: table.name)


def _loader() -> MigrationLoader:
    return MigrationLoader(None)


def _is_stored(model: type[Model]) -> bool:
    return model._meta.managed and not model._meta.proxy


def _table(model: type[Model]) -> Table:
    fields = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    return Table(model._meta.db_table, model, tuple(fields))


def count(alias: str, table: Table) -> int:
    """How many rows it has now."""
    return table.model._base_manager.using(alias).count()


def read(alias: str, table: Table) -> Iterator[Row]:
    """Every row as a list of plain values, read piece by piece."""
    writers = [_plain_writer(field) for field in table.fields]
    found = table.model._base_manager.using(alias).order_by("pk").values_list(*table.columns)
    for values in found.iterator(chunk_size=READ_ROWS):
        yield [
            value if value is None or write is None else write(value)
            for write, value in zip(writers, values, strict=True)
        ]


def as_line(row: Row) -> str:
    """One row as one line of text, without its line end."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def tallied(rows: Iterable[Row], tally: Tally, *, without_nul: bool = False) -> Iterator[Row]:
    """The same rows, counted on their way; with `without_nul` every NUL becomes U+FFFD (PostgreSQL keeps none)."""
    for row in rows:
        if without_nul:
            clean = [_without_nul(value) for value in row]
            tally.replaced += sum(old != new for old, new in zip(row, clean, strict=True))
            row = clean
        tally.add(row)
        yield row


def write(alias: str, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Store rows exactly as they are: no default, no "now", no signal. `columns` names the values of each row.

    Trouble when the database refuses one, with the table's name.
    """
    by_name = {field.attname: field for field in table.fields}
    if missing := [name for name in columns if name not in by_name]:
        raise Trouble(f"The table {table.name} has no column {', '.join(missing)} in this version.")
    fields = [by_name[name] for name in columns]
    readers = [_target(field).to_python for field in fields]
    manager: Any = table.model._base_manager.using(alias)
    for part in chunks(rows, WRITE_ROWS):
        objects = [
            table.model(**{
                name: None if value is None else read_(value)
                for name, read_, value in zip(columns, readers, row, strict=True)
            })
            for row in part
        ]  # fmt: skip
        most = max(1, connections[alias].ops.bulk_batch_size(fields, objects))
        try:
            for few in chunks(objects, most):
                manager._insert(few, fields=fields, using=alias, raw=True)
        except (DataError, IntegrityError) as error:
            raise Trouble(f"The database refuses a row of {table.name}: {str(error).strip()}") from error


def reset_sequences(alias: str, found: Sequence[Table]) -> None:
    """Let the next number of each table follow the highest one that is there (PostgreSQL; SQLite does it itself)."""
    connection = connections[alias]
    statements = connection.ops.sequence_reset_sql(no_style(), [table.model for table in found])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def empty(alias: str, found: Sequence[Table]) -> None:
    """Take away what migrations planted themselves: the rows to come bring their own."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for table in found:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table.name)}")


def _target(field: Field[Any, Any]) -> Field[Any, Any]:
    """What a foreign key holds is what the key it points to holds."""
    while isinstance(field, ForeignObject):
        field = field.target_field
    return field


_WRITERS: Mapping[str, Callable[[Any], Any]] = {
    "DateTimeField": lambda value: cast(datetime, value).astimezone(UTC).isoformat(),
    "DateField": lambda value: cast(date, value).isoformat(),
    "TimeField": lambda value: cast(time, value).isoformat(),
    "DecimalField": lambda value: format(cast(Decimal, value), "f"),
    "DurationField": lambda value: duration_iso_string(cast(timedelta, value)),
    "UUIDField": lambda value: str(cast(UUID, value)),
    "BinaryField": lambda value: base64.b64encode(bytes(value)).decode("ascii"),
    "FileField": str,
    "ImageField": str,
}


def _plain_writer(field: Field[Any, Any]) -> Callable[[Any], Any] | None:
    field = _target(field)
    if isinstance(field, JSONField):
        return None
    return _WRITERS.get(field.get_internal_type())


def _settled(value: Any) -> Any:
    """For the digest only: jsonb gives 1 for 1.0, so both count as the same number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_settled(item) for item in value]
    if isinstance(value, dict):
        return {key: _settled(item) for key, item in value.items()}
    return value


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(_NUL, _INSTEAD) if _NUL in value else value
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return value
