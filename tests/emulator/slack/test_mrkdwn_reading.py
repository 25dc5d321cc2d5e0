"""Slack's markup is read as Slack shows it, and pings whom Slack pings."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emulator.slack.blockkit import blocks_mentions, blocks_plain
from bot.emulator.slack.mrkdwn import Mentions, Names, escape, mentions, render_html, render_plain

NAMES = Names(users={"U1": "Ines Duarte"}, channels={"C1": "impl-harborpine"}, groups={"S1": "ce-leads"})
LISBON = ZoneInfo("Europe/Lisbon")


def link(url: str, shown: str) -> str:
    return f'<a href="{url}" target="_blank" rel="noopener noreferrer">{shown}</a>'


def mention(kind: str, shown: str) -> str:
    return f'<span class="mention {kind}">{shown}</span>'


READ = [
    ("hello", "hello", "hello"),
    ("a &amp; b &lt;c&gt;", "a & b <c>", "a &amp; b &lt;c&gt;"),
    (
        "<@U1>, see <#C1>",
        "@Ines Duarte, see #impl-harborpine",
        mention("user", "@Ines Duarte") + ", see " + mention("channel", "#impl-harborpine"),
    ),
    ("<@U9|ruth>", "@ruth", mention("user", "@ruth")),
    ("<#C9>", "#private channel", mention("channel", "#private channel")),
    ("<#C9|old-name>", "#old-name", mention("channel", "#old-name")),
    ("<!here> <!channel>", "@here @channel", mention("broadcast", "@here") + " " + mention("broadcast", "@channel")),
    ("<!subteam^S1|@x>", "@ce-leads", mention("group", "@ce-leads")),
    ("<!subteam^S2|@others>", "@others", mention("group", "@others")),
    ("<!unknown|shown>", "shown", "shown"),
    (
        "<https://fernhill.example/a?b=1&amp;c=2|the plan>",
        "the plan",
        link("https://fernhill.example/a?b=1&amp;c=2", "the plan"),
    ),
    (
        "<mailto:ines@fernhill.example>",
        "ines@fernhill.example",
        link("mailto:ines@fernhill.example", "mailto:ines@fernhill.example"),
    ),
    (
        "see https://fernhill.example/x_y_z.",
        "see https://fernhill.example/x_y_z.",
        "see " + link("https://fernhill.example/x_y_z", "https://fernhill.example/x_y_z") + ".",
    ),
    (
        "*bold* _italic_ ~gone~ `code`",
        "bold italic gone code",
        "<strong>bold</strong> <em>italic</em> <s>gone</s> <code>code</code>",
    ),
    ("*bold _both_*", "bold both", "<strong>bold <em>both</em></strong>"),
    ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
    ("* not bold *", "* not bold *", "* not bold *"),
    ("*over\nlines*", "*over\nlines*", "*over<br>lines*"),
    ("`*raw*`", "*raw*", "<code>*raw*</code>"),
    ("a\n```\nx = *1*\ny\n```\nb", "a\n\nx = *1*\ny\n\nb", "a<br><pre>x = *1*\ny</pre><br>b"),
    ("&gt; one\n&gt; *two*\nthree", "> one\n> two\nthree", "<blockquote>one<br><strong>two</strong></blockquote>three"),
    ("a\n&gt;&gt;&gt;b\nc", "a> b\n> c", "a<blockquote>b<br>c</blockquote>"),
    ("a < b and c > d", "a < b and c > d", "a &lt; b and c &gt; d"),
]


@pytest.mark.parametrize(("wire", "plain", "html"), READ)
def test_a_wire_text_is_read(wire: str, plain: str, html: str) -> None:
    """Text on the wire becomes what a person sees, as plain text and as HTML."""
    assert render_plain(wire, NAMES) == plain
    assert render_html(wire, NAMES) == html


HOSTILE = [
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<script>alert(1)</script>",
    '<javascript:alert(1)|"click">',
    '<https://fernhill.example/"onmouseover="alert(1)|x>',
    "<@U1|<img src=x onerror=alert(1)>>",
    "<!date^1^<b>^javascript:alert(1)|<b>>",
    "`<img src=x>`",
    "\x000\x01 \x00999\x01",
]


@pytest.mark.parametrize("wire", HOSTILE)
def test_nothing_hostile_gets_into_html(wire: str) -> None:
    """Whatever is posted, the HTML holds only our own tags and only harmless links."""
    html = render_html(wire, NAMES, verbatim=False)
    for bad in ("<script", "<img", "<b>", 'href="javascript', '" onmouseover', '"onmouseover'):
        assert bad not in html


@given(st.text(alphabet=st.sampled_from(list("*_~`<>&;|@#!^\n\x00\x01 aU1/:.http")), max_size=200))
def test_any_text_is_read(text: str) -> None:
    """No text makes the reader fail, and escaped text reads back as it was typed, apart from emphasis marks."""
    render_html(text, NAMES, verbatim=False)
    assert not mentions(escape(text))


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ("Acme <!channel> Ltd", Mentions(broadcast=frozenset(["channel"]))),
        ("`<!here>` in code", Mentions(broadcast=frozenset(["here"]))),
        ("<@U1> and *<@U2|x>* of <!subteam^S1>", Mentions(frozenset(["U1", "U2"]), frozenset(["S1"]))),
        ("&lt;!channel&gt; @channel", Mentions()),
    ],
)
def test_who_is_pinged(wire: str, expected: Mentions) -> None:
    """Control syntax pings wherever it stands; escaped text never does."""
    assert mentions(wire) == expected


def test_blocks_parse_more_than_texts_do() -> None:
    """In a mrkdwn object that is not verbatim, ``@here`` and ``#channel`` work as typed; in plain_text nothing does."""

    def pinged(text: dict[str, Any]) -> Mentions:
        return blocks_mentions([{"type": "section", "text": text}])

    assert pinged({"type": "mrkdwn", "text": "@here"}).broadcast == {"here"}
    assert not pinged({"type": "mrkdwn", "text": "@here", "verbatim": True})
    assert pinged({"type": "mrkdwn", "text": "<!channel>", "verbatim": True}).broadcast == {"channel"}
    assert not pinged({"type": "plain_text", "text": "<!channel> @here"})
    assert render_plain("in #impl-harborpine", NAMES, verbatim=False) == "in #impl-harborpine"
    assert 'class="mention channel"' in render_html("in #impl-harborpine", NAMES, verbatim=False)
    assert 'class="mention' not in render_html("in #elsewhere, a@here", NAMES, verbatim=False)


def test_rich_text_pings() -> None:
    """User, group and broadcast elements of rich text ping."""
    parts = [
        {"type": "user", "user_id": "U1"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "broadcast", "range": "everyone"},
        {"type": "text", "text": "<!channel>"},
    ]
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}
    assert blocks_mentions([block]) == Mentions(frozenset(["U1"]), frozenset(["S1"]), frozenset(["everyone"]))
    assert blocks_plain([block], NAMES) == "@Ines Duarte@ce-leads@everyone<!channel>"


NOON = int(datetime(2026, 7, 6, 11, 5, 9, tzinfo=UTC).timestamp())
DATES = [
    ("{date_num}", "2026-07-06"),
    ("{date}", "July 6th, 2026"),
    ("{date_short}", "Jul 6, 2026"),
    ("{date_long} at {time}", "Monday, July 6th, 2026 at 12:05 PM"),
    ("{time_secs}", "12:05:09 PM"),
    ("{date_pretty}", "today"),
    ("{date_slash} {wrong}", "07/06/2026 {wrong}"),
    ("{ago}", "1 hour ago"),
]


@pytest.mark.parametrize(("template", "shown"), DATES)
def test_dates_are_shown_in_the_readers_zone(template: str, shown: str) -> None:
    """A date reads in the zone of who reads it."""
    now = datetime(2026, 7, 6, 12, 30, tzinfo=UTC)
    assert render_plain(f"<!date^{NOON}^{template}|then>", NAMES, LISBON, now=now) == shown


def test_impossible_dates_show_their_fallback() -> None:
    """A moment no calendar has falls back to the text given with it."""
    assert render_plain("<!date^99999999999999999^{date}|some day>") == "some day"
    link = render_html(f"<!date^{NOON}^{{date_num}}^https://fernhill.example|then>")
    assert link.startswith('<a href="https://fernhill.example"')
    assert ">2026-07-06</a>" in link


def test_blocks_are_read_with_their_controls() -> None:
    """A card reads as lines, buttons and fields included."""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": "A &amp; B"}},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "*Owner:* <@U1>"},
            "fields": [{"type": "mrkdwn", "text": "_Size_ L"}],
            "accessory": {"type": "button", "text": {"type": "plain_text", "text": "Open"}},
        },
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "<!date^0^{date_num}|x>"}]},
        {
            "type": "input",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "placeholder": {"type": "plain_text", "text": "a reason"}},
        },
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]]},
    ]
    assert blocks_plain(blocks, NAMES).split("\n") == [
        "A & B", "Owner: @Ines Duarte", "Size L", "[Open]", "———", "1970-01-01", "Why: [a reason]", "a | b",
    ]  # fmt: skip
