"""What becomes of names that strangers gave."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.discovery._names import _FORBIDDEN, claiming, named, others, readable, slug, titles, unique
from journeykit.errors import JourneyError
from journeykit.model import Condition, Match, Touchpoint

texts = st.text(st.characters(codec="utf-8"), max_size=120)


def refused(sign: str) -> bool:
    try:
        Match(event=sign)
    except JourneyError:
        return True
    return False


def test_the_forbidden_characters_are_those_of_the_model() -> None:
    """A rule refuses exactly the characters that discovery works around."""
    signs = [chr(code) for code in range(0x300)]

    assert [sign for sign in signs if refused(sign)] == [sign for sign in signs if _FORBIDDEN.search(sign)]


@given(texts)
def test_any_name_makes_a_valid_touchpoint(name: str) -> None:
    """Whatever the name, its title is one short visible line and its id, where it has one, a slug; the model takes both."""
    title, id = readable(name), slug(name)
    Touchpoint(id=id or "event-1", title=title)

    assert len(title) <= 80
    assert title == " ".join(title.split())
    assert set(id) <= set(string.ascii_lowercase + string.digits + "-")


@given(st.lists(texts, min_size=1, max_size=6, unique=True))
def test_each_test_passes_one_name_only(names: list[str]) -> None:
    """Of all the log's names a test passes its own, and a plain name always has one."""
    found = claiming(names, names)

    assert {name for name in names if not _FORBIDDEN.search(name)} <= set(found)
    for name, test in found.items():
        if test.op == "eq":
            assert name == test.value
        else:
            signs = {"*": ".*", "?": "."}
            pattern = "".join(signs.get(sign, re.escape(sign)) for sign in test.value)
            assert [name] == [other for other in names if re.fullmatch(pattern, other, re.DOTALL)]


@pytest.mark.parametrize(
    ("tests", "rule"),
    [
        ([], Condition("null", False)),
        ([Condition("eq", "a")], Condition("not", Condition("in", ("a",)))),
        ([Condition("glob", "a?")], Condition("not", Condition("glob", "a?"))),
        (
            [Condition("eq", "b"), Condition("glob", "a?"), Condition("eq", "c")],
            Condition("not", Condition("any", (Condition("in", ("b", "c")), Condition("glob", "a?")))),
        ),
    ],
)
def test_the_rule_for_the_rest(tests: list[Condition], rule: Condition) -> None:
    """Whatever passes none of the tests, in the shortest form."""

    assert Match(event=rule) == others(tests)


def test_names_of_a_rule() -> None:
    """The event names that a rule spells out, nested ones too; globs and numbers name none."""
    rule = Match(any=[Match(event=["a", 3]), Match(event="b", where={"x": "c"}), Match(event=Condition("glob", "d*"))])

    assert {"a", "b"} == named(rule)


def test_a_taken_id_gets_a_number_and_stays_short() -> None:
    """Numbers count up from 2, and an id never grows over 64 characters."""
    taken = {"x" * 60}
    made = [unique("x" * 60, taken) for _ in range(12)]

    assert [f"{'x' * 60}-{number}" for number in range(2, 14)] == made
    assert max(map(len, made)) <= 64


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("add_to_cart", "Add to cart"),
        ("onboarding__chooseLoginType", "Onboarding choose login type"),
        ("AddToCart", "Add to cart"),
        ("OrderID", "Order ID"),
        ("myHTTPServer", "My HTTP server"),
        ("$pageview", "Pageview"),
        ("sign-up-page", "Sign up page"),
        ("drop-off", "Drop-off"),
        ("PURCHASE", "Purchase"),
        ("ADD_TO_CART", "Add to cart"),
        ("SMS_SENT", "SMS sent"),
        ("SKU", "SKU"),
        ("iPhone", "iPhone"),
        ("eBay offer", "eBay offer"),
        ("PayPal_opened", "PayPal opened"),
        ("ProductPage / View", "Product page / View"),
        ("shop / add_to_cart", "Shop / add to cart"),
        ("/checkout/step_1", "/checkout/step_1"),
        ("Buy now | Our shop", "Buy now | Our shop"),
        ("支付_完成", "支付 完成"),
        ("_", "_"),
    ],
)
def test_an_identifier_becomes_words(name: str, title: str) -> None:
    """Snake case, camel case and capitals are read as a sentence would be; what people wrote stays as it is."""

    assert [title] == titles([name])


def test_the_name_of_the_site_is_left_out_of_the_titles_of_its_pages() -> None:
    """What a fifth of the page titles end in is the site; never where that leaves two alike, or where few say it."""
    pages = [f"Page {k} | Our shop" for k in range(3)]

    assert ["Page 0", "Page 1", "Page 2", "Home"] == titles([*pages, "Home"])
    assert [*pages[:2], "Home"] == titles([*pages[:2], "Home"])
    assert ["Page 0 | Our shop", "Page 1", "Page 2", "Page 0"] == titles([*pages, "Page 0"])
    assert pages == titles([*pages, *(f"Other {k}" for k in range(20))])[:3]
    assert ["A | B", "C | B", "D | B"] == titles(["A | B - S", "C | B - S", "D | B - S"])


@given(st.lists(texts, min_size=1, max_size=8, unique=True))
def test_no_two_touchpoints_look_the_same(names: list[str]) -> None:
    """Every name has a title, and each its own."""
    made = titles(names)

    assert len(names) == len(set(made))
    assert all(title.strip() for title in made)
