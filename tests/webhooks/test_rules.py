"""What is told, how it is signed, when it is tried again, where it may go."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.webhooks import rules


def test_the_signature_is_that_of_the_specifications_example() -> None:
    """The example of the Standard Webhooks specification, 1.0."""
    import base64

    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = rules.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(min_size=1), st.binary())
def test_one_changed_byte_changes_the_signature(body: bytes, other: bytes) -> None:
    signed = rules.signature(b"key", "id", 1, body)
    assert (signed == rules.signature(b"key", "id", 1, other)) == (body == other)
    assert signed != rules.signature(b"key", "id", 2, body)
    assert signed != rules.signature(b"other", "id", 1, body)


def test_a_verb_is_told_as_one_event_at_most() -> None:
    verbs = [verb for told in rules.EVENTS.values() for verb in told]
    assert len(verbs) == len(set(verbs))
    assert all(rules.event_of(verb) == event for event, told in rules.EVENTS.items() for verb in told)
    assert rules.event_of("accounts.make_person") is None


def test_waits_grow_over_a_weekend_and_then_end() -> None:
    waits = []
    while (wait := rules.wait_after(len(waits) + 1)) is not None:
        waits.append(wait)
    assert waits == sorted(waits)
    assert timedelta(days=2) < sum(waits, timedelta(0)) < timedelta(days=5)


@pytest.mark.parametrize(("status", "taken"), [(200, True), (204, True), (301, False), (404, False), (500, False)])
def test_only_a_good_answer_means_that_it_arrived(status: int, taken: bool) -> None:
    assert rules.was_taken(status) is taken


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        ("https://chat.example/hook", None), ("http://192.168.1.9:8080/x", None), ("ftp://a.example", "scheme"),
        ("javascript:alert(1)", "scheme"), ("https://", "host"), ("https://me:secret@a.example/", "user"),
        ("https://a.example:0/", "port"), ("https://a.example:99999/", "host"), ("https://a.ex ample/", "host"),
        ("https://a.example/\r\nX: y", "host"), ("https://[::1/", "host"), ("https://a.example/" + "x" * 600, "long"),
    ],
)  # fmt: skip
def test_an_address_is_looked_at_before_it_is_kept(url: str, trouble: str | None) -> None:
    assert rules.trouble_with(url) == trouble


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True), ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True), ("127.0.0.1", False),
        ("10.0.0.8", False),
        ("192.168.1.1", False), ("169.254.169.254", False), ("::1", False), ("fe80::1%eth0", False), ("0.0.0.0", False),
        ("::ffff:127.0.0.1", False), ("224.0.0.1", False), ("100.64.0.1", False), ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_the_network_inside_is_not_the_internet(address: str, public: bool) -> None:
    assert rules.is_public(address) is public


@given(st.ip_addresses())
def test_any_address_is_judged_and_no_private_one_is_public(address: object) -> None:
    found = ip_address(str(address))
    if found.is_private or found.is_loopback or found.is_link_local:
        assert not rules.is_public(str(address))
    else:
        rules.is_public(str(address))


def test_what_is_told_holds_ids_and_names_of_fields_only() -> None:
    said = rules.payload("case.closed", at=datetime(2026, 11, 20, tzinfo=UTC), store=1, kind="case", ref="7", actor=3,
                         fields=["outcome"], counts={})
    assert said == {
        "type": "case.closed",
        "timestamp": "2026-11-20T00:00:00+00:00",
        "data": {"store": 1, "kind": "case", "ref": "7", "actor": 3, "fields": ["outcome"], "counts": {}},
    }
