import json

from app.demo.contacts import INVENTED, facts, published
from directory.rules.contacts import dialable

# Surnames of people whom the documents name: they are history, and belong in no data of ours.
NAMED_IN_THE_DOCUMENTS = (
    "Hopkinson",
    "Mayfield",
    "Jancis",
    "Stenton",
    "Andrea",
    "Tariq",
    "Venner",
    "Harrison",
    "Attwood",
    "Overton",
    "Tosell",
)


def test_every_entry_names_a_document_of_its_own_city() -> None:
    cities = {one["code"]: one["city"] for one in facts()["documents"]}

    entries = [one for part in facts().values() for one in part if "document" in one]

    assert len(entries) > 50
    assert all(cities[one["document"]] == one["city"] for one in entries)


def test_visible_faults_are_flagged_and_not_repaired() -> None:
    by_code = {one.code: one for one in published()}
    east, south = by_code["leeds-hub-east"], by_code["leeds-hub-south"]

    assert east.phone is not None
    assert (east.phone.as_published, east.phone.e164) == ("0113535899", None)
    assert east.phone.fault
    assert not dialable(east.phone)
    assert south.email is not None
    assert south.email.as_published == "southeearlyhelp@leeds.gov.uk"
    assert south.email.fault


def test_a_number_to_dial_is_the_printed_one() -> None:
    for one in (*published(), INVENTED):
        if one.phone is not None and one.phone.e164 is not None:
            printed = one.phone.as_published.replace(" ", "")
            assert one.phone.e164 == "+44" + printed.removeprefix("0")
            assert len(printed) == 11


def test_nothing_is_made_up_where_a_document_prints_no_contact() -> None:
    silent = [one for one in published() if one.city in {"Leicester", "York"}]

    assert len(silent) == 6
    assert all(one.phone is None and one.email is None for one in silent)


def test_nobody_named_in_the_documents_is_named_here() -> None:
    whole = json.dumps(facts())

    assert not [name for name in NAMED_IN_THE_DOCUMENTS if name in whole]
