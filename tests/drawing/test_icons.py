from __future__ import annotations

import re

import pytest

from journeykit.drawing.icons import _KEYWORDS, ICONS, icon_for


@pytest.mark.parametrize(
    ("channel", "icon"),
    [
        ("Social ad", "ad"), ("Instagram", "share"), ("Web search", "search"), ("Websuche", "search"), ("Web shop", "web"),
        ("Onlineshop", "web"), ("Mobile app", "app"), ("Live chat", "chat"), ("Checkout", "card"), ("Basket", "cart"),
        ("E-mail", "mail"), ("Newsletter", "mail"), ("Delivery", "box"), ("Review", "star"), ("Store", "store"),
        ("Filiale", "store"), ("Phone", "call"), ("Telefon", "call"), ("Support", "support"), ("Sales agent", "person"),
        ("Portal", "web"), ("Kundenportal", "web"), ("Praxis", "clinic"), ("Arztpraxis", "clinic"), ("Gespräch", "talk"),
        ("Beratungsgespräch", "talk"), ("Workshop", "event"), ("Referral", "link"), ("Friend referral", "person"),
        ("WhatsApp", "chat"), ("Telefonberatung", "call"), ("Boutique en ligne", "web"), ("Cita", "event"),
        ("バスケット", "cart"), ("対面", "talk"), ("موعد", "event"), ("عيادة", "clinic"), ("Website visit", "web"),
        ("メール", "mail"), ("توصيل", "box"), ("Weather balloon", "neutral"), ("", "neutral"), ("Shadow", "neutral"),
    ],
)  # fmt: skip
def test_a_channel_finds_its_icon(channel: str, icon: str) -> None:
    """Whole words decide, in several languages; what nothing matches is neutral (no "ad" in "Shadow")."""
    assert icon == icon_for(channel)


def test_no_keyword_stands_for_two_icons() -> None:
    """The second would never be found."""
    words = [word for _, row in _KEYWORDS for word in row.split()]

    assert sorted(set(words)) == sorted(words)
    assert {icon for icon, _ in _KEYWORDS} <= set(ICONS)


@pytest.mark.parametrize("name", sorted(ICONS))
def test_icons_are_plain_paths(name: str) -> None:
    """An icon is path data and nothing else."""
    assert re.fullmatch(r"[MmLlHhVvCcSsQqAaZz0-9 .-]+", ICONS[name])
