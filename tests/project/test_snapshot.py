"""A snapshot gives back the rows it was made from."""

import json

import pytest

from bot.project import schema, snapshot
from bot.project.rows import Row
from bot.project.starting_rows import template_rows


@pytest.mark.parametrize(
    ("name", "variant"), [("standard_plan", "production"), ("trial_plan", "trial"), ("playbook", "")]
)
def test_rows_survive_the_snapshot(name: str, variant: str) -> None:
    """Every template row, packed as JSON text and unpacked, is the same row; a zero stays a zero."""
    loaded = schema.load(name)
    made = {
        tab.name: [Row(record.id, n, record) for n, record in enumerate(template_rows(tab, variant), 2)]
        for tab in loaded.tabs
    }

    assert snapshot.unpack(loaded, json.loads(json.dumps(snapshot.pack(made)))) == made
