"""Writes the OpenAPI document into the file named: `make api-document`."""

import os
import sys
from pathlib import Path

import django


def main() -> None:
    """Set Django up as the tests do, on a folder of its own, and write."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from wanhui.config import openapi

    Path(sys.argv[1]).write_text(openapi.text(), encoding="utf-8")


if __name__ == "__main__":
    main()
