"""No word, no postcode and no list of a search reaches a log line or a metric."""

import io

from app.observe import logs
from tests.pages.world import POSTCODE, an_id
from tests.service import Service

HTML = {"Accept": "text/html"}
SECRET = {"words": "domestic abuse refuge", "postcode": "LS8 5NH", "language": "qqz"}
PATHS = (
    *("/search", "/search.json", "/search.csv", "/search/suggestions"),
    *("/shortlist", "/shortlist.json", "/shortlist.csv", f"/services/{an_id('service', 1)}"),
)


def test_no_search_is_logged_or_counted(served: Service) -> None:
    lines = io.StringIO()
    logs.set_up("DEBUG", stream=lines)
    client = served.app.test_client()
    for path in PATHS:
        for more in ({}, {"age": "seven"}, {"shortlist": an_id("service", 2)}):
            client.post(path, data=SECRET | more, headers=HTML)
    client.get("/search?words=domestic+abuse&postcode=LS8+5NH", headers=HTML)
    client.get(f"/shortlist?service={an_id('service', 3)}", headers=HTML)
    counted = client.get("/metrics").get_data(as_text=True)
    logs.set_up()

    written = lines.getvalue()
    assert written.count('"rule": "/search"') > 2
    looked_for = ("domestic", "refuge", "LS8", "5NH", "qqz", POSTCODE, "seven")
    for said in (*looked_for, an_id("service", 2), an_id("service", 3)):
        assert said not in written, said
        assert said not in counted, said
