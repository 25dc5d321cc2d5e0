"""The page answers only this machine's own pages, and lets nothing in from outside."""

from __future__ import annotations

import re

import pytest
import requests
from page_visit import Visitor

from bot.emulator.page import guard
from bot.emulator.page.links import local
from bot.emulator.server import Running

SCREENS = ["slack", "drive", "mail", "log"]


def test_the_front_leads_to_the_page(running: Running) -> None:
    """Whoever opens the printed address arrives where one chooses who to be."""
    session = requests.Session()
    session.trust_env = False
    answer = session.get(running.url + "/", timeout=10)
    assert answer.url == running.url + "/page"
    assert "Who do you want to be?" in answer.text
    assert "Ines Duarte" in answer.text
    assert "Ada Novak" not in answer.text, "somebody who left cannot be chosen"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1:80", ""])
def test_a_foreign_name_is_refused(running: Running, host: str) -> None:
    """A site that points its own name at this machine reads nothing."""
    answer = Visitor(running.workspace, "ines.duarte").get(headers={"Host": host})
    assert answer.status_code in (400, 403)
    assert "Ines" not in answer.text


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""}])
def test_another_site_cannot_act(running: Running, headers: dict[str, str]) -> None:
    """A POST from another origin, or from none, does nothing."""
    ines = Visitor(running.workspace, "ines.duarte")
    assert ines.post("post", headers, channel="general", text="gotcha").status_code == 403
    assert "gotcha" not in ines.sees()


def test_a_plain_form_cannot_act(running: Running) -> None:
    """Only JSON is taken: the form of another page cannot send that."""
    ines = Visitor(running.workspace, "ines.duarte")
    address = f"{running.url}/page/act/post?as={ines.id}"
    answer = ines.session.post(address, data='{"channel":"general"}', headers={"Origin": running.url}, timeout=10)
    assert answer.status_code == 403


@pytest.mark.parametrize("body", ["nonsense", "[]", '"x"'])
def test_nonsense_is_refused_with_a_sentence(running: Running, body: str) -> None:
    """What is not a JSON object is refused, not an accident of the server."""
    ines = Visitor(running.workspace, "ines.duarte")
    headers = {"Origin": running.url, "Content-Type": "application/json"}
    answer = ines.session.post(f"{running.url}/page/act/post?as={ines.id}", data=body, headers=headers, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_comes_from_outside(running: Running, screen: str) -> None:
    """Each screen forbids foreign scripts, styles and pictures, and names none."""
    answer = Visitor(running.workspace, "ines.duarte").get(screen)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "http" not in policy
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.text)
    assert "<script>" not in answer.text
    assert not re.search(r'\son\w+="', answer.text)


@pytest.mark.parametrize("name", ["page.css", "page.js"])
def test_style_and_script_are_our_own(running: Running, name: str) -> None:
    """The page's files load nothing from elsewhere; another name is not served."""
    ines = Visitor(running.workspace, "ines.duarte")
    text = ines.session.get(f"{running.url}/page/static/{name}", timeout=10).text
    assert len(text) > 1000
    assert "http://" not in text
    assert "https://" not in text
    assert "@import" not in text
    for other in ("secrets.json", "..%2Fserver.py", "page.css%00.js"):
        assert ines.session.get(f"{running.url}/page/static/{other}", timeout=10).status_code in (404, 501)


@pytest.mark.parametrize("who", ["", "nobody", "ada.novak@fernhill.example"])
def test_one_can_only_be_somebody_who_is_there(running: Running, who: str) -> None:
    """Nobody, strangers and those who left have no screen and cannot act."""
    visitor = Visitor(running.workspace, who)
    assert visitor.get().status_code == 404
    assert visitor.cannot("post", channel="general", text="boo")


def test_the_bot_cannot_be_played(running: Running) -> None:
    """Nobody may act as the bot: it has its own keys."""
    bot = next(row for row in running.workspace.people().values() if row["bot"])
    assert Visitor(running.workspace, bot["id"]).get().status_code == 404


def test_a_screen_that_did_not_change_is_not_sent_again(running: Running) -> None:
    """The browser asks each second; unless something changed the answer is an empty 304."""
    ines = Visitor(running.workspace, "ines.duarte")
    tag = ines.get().headers["ETag"]
    assert ines.get(headers={"If-None-Match": tag}).status_code in (200, 304)  # the minute may have turned
    ines.does("post", channel="general", text="news")
    changed = ines.get(headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert "news" in changed.text
    assert ines.get(headers={"If-None-Match": changed.headers["ETag"]}).content in (b"", changed.content)


def test_unknown_screens_and_acts(running: Running) -> None:
    """What is not there is said to be not there."""
    ines = Visitor(running.workspace, "ines.duarte")
    assert ines.get("payroll").status_code == 404
    assert "payroll" in ines.cannot("payroll")


LINKS = [
    ("https://docs.google.com/spreadsheets/d/abc-1/edit#gid=7&range=B4", "/page/sheet?as=U1&file=abc-1&tab=7&cell=B4"),
    ("https://docs.google.com/document/d/abc/edit", "/page/doc?as=U1&file=abc"),
    ("https://drive.google.com/drive/folders/abc", "/page/drive?as=U1&folder=abc"),
    (
        "https://fernhill.slack.com/archives/C01/p1795390026960723",
        "/page/slack?as=U1&channel=C01&message=1795390026.960723",
    ),
    ("https://fernhill.example/spreadsheets/d/abc", "https://fernhill.example/spreadsheets/d/abc"),
    ("https://notgoogle.com/document/d/abc", "https://notgoogle.com/document/d/abc"),
]


@pytest.mark.parametrize(("url", "leads"), LINKS)
def test_links_to_the_services_stay_here(url: str, leads: str) -> None:
    """A link to Google or Slack opens the page's own screen; any other is left alone."""
    assert local(url, "U1") == leads


def test_the_policy_frames_nothing() -> None:
    """Nobody can put the page into a frame and have people press its buttons unseen."""
    assert "frame-ancestors 'none'" in guard.HEADERS["Content-Security-Policy"]
