"""The tokens, in the way each database searches best: the one migration that asks which database it is."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Contentless: the tokens are made from search_findable.text. Neither places nor lengths are kept: what holds all
# tokens of a query is checked against that text.
SQLITE = [
    "CREATE VIRTUAL TABLE search_words USING fts5("
    " words, content='', columnsize=0, detail=none, tokenize='ascii')",
]
# The tokens lie outside the row: lists and checks read slim rows, the tokens are only read to make the index.
POSTGRES = [
    "ALTER TABLE search_findable ADD COLUMN words tsvector",
    "ALTER TABLE search_findable ALTER COLUMN words SET STATISTICS 0",
    "ALTER TABLE search_findable ALTER COLUMN text SET STORAGE MAIN",
    "ALTER TABLE search_findable SET (toast_tuple_target = 128)",
    "CREATE INDEX search_findable_words ON search_findable USING gin (words)",
]
BACK = {
    "sqlite": ["DROP TABLE search_words"],
    "postgresql": ["DROP INDEX search_findable_words", "ALTER TABLE search_findable DROP COLUMN words"],
}


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRES})


def unmake(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    run(schema_editor, BACK)


def run(schema_editor: BaseDatabaseSchemaEditor, statements: dict[str, list[str]]) -> None:
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [("search", "0001_first")]

    operations = [migrations.RunPython(make, unmake)]
