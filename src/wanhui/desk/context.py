"""What every page shows at its top."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Counts for the navigation bar."""
    return {}
