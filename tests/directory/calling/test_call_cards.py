"""One to call, as the page shows it."""

from dataclasses import replace
from datetime import date

from directory.rules.call_cards import call_card
from directory.rules.telling_calls import called_told
from directory.terms.contacts import Email, Opening, Phone
from directory.terms.coverage import Called
from directory.terms.searching import Freshness
from tests.directory.calling.builders import HUB, LATER, contact

DAY = date(2026, 4, 10)


def called(**details: object) -> Called:
    return replace(Called(HUB, "It answers.", Freshness.STALE), **details)  # type: ignore[arg-type]  # builder


def test_what_somebody_must_know_first_is_beneath_the_name() -> None:
    card = call_card(
        called(front_door=True, away=True, away_until=LATER, invented=True, stands_in_for="Hub"),
        DAY,
    )

    assert card.tags == (
        "Front door",
        "Away until 1 July 2026",
        "Stands in for Hub",
        "Invented for the demonstration",
    )
    assert call_card(called(away=True), DAY).tags == ("Away",)
    assert call_card(called(), DAY).tags == ()


def test_only_what_works_is_a_link() -> None:
    faulty = contact(
        "hub", "hub", phone=Phone("0113535899", fault="short"), email=Email("a@b.example", "odd")
    )
    whole = contact("hub", "hub", email=Email("a b+c@d.example"))
    card = call_card(called(contact=faulty), DAY)

    assert (card.phone and card.phone.href, card.email and card.email.href) == (None, None)
    assert (card.phone and card.phone.fault, card.email and card.email.fault) == ("short", "odd")
    card = call_card(called(contact=whole), DAY)
    assert card.phone
    assert card.phone.href == "tel:+441632960123"
    assert card.email
    assert card.email.href == "mailto:a%20b+c@d.example"
    mute = call_card(called(contact=contact("hub", "hub", phone=None)), DAY)
    assert (mute.phone, mute.email, mute.no_number) == (
        None,
        None,
        "No telephone number is on file.",
    )
    told = called_told(called(contact=contact("hub", "hub", phone=None)))
    assert (told["phone"], told["email"]) == (None, None)


def test_hours_holder_and_source_are_lines_of_their_own() -> None:
    full = contact(
        "hub",
        "hub",
        holder="R. Ashgrove",
        for_whom="practitioners",
        more={"part of": "the council"},
        opening_hours=(Opening(("MO", "TU"), "09:00", "17:00"),),
        hours_note="Not in August",
    )

    card = call_card(called(contact=full, note="Ask for duty"), DAY)

    assert dict(card.lines) == {
        "Who": "R. Ashgrove",
        "When": dict(card.lines)["When"],
        "For": "practitioners",
        "Please note": "Ask for duty",
        "Part of": "the council",
        "Source": "A guide (2021-02)",
    }
    assert "9am to 5pm" in dict(card.lines)["When"]
    assert dict(card.lines)["When"].endswith("; Not in August")
    assert card.checked.text.startswith("Never checked")
