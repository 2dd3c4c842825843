"""A client that reads English, so that tests speak the language of the source."""

import pytest
from django.test import Client

from tests import cast


@pytest.fixture
def mei(people: cast.Cast) -> Client:
    """The owner of the clothing shop."""
    return signed_in(people, "mei")


def signed_in(people: cast.Cast, who: str) -> Client:
    """One of the cast, signed in, reading English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(getattr(people, who))
    return client
