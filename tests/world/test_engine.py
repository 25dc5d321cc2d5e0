"""Durable work: once per key, whatever is repeated."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.world.engine import Engine, FlowFailed, Run


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(tmp_path)
    yield made
    made.stop()


def test_a_flow_runs_once_per_key(engine: Engine) -> None:
    """Starting the same key again neither runs it again nor fails."""
    ran: list[str] = []
    engine.register("greet", lambda run, name: run.step("say", lambda: ran.append(name)))
    engine.launch()

    first = engine.start("greet", "greet:1", name="Priya")
    engine.result("greet:1")
    second = engine.start("greet", "greet:1", name="Priya")

    assert (first, second, ran) == (True, False, ["Priya"])


def test_children_run_side_by_side_and_give_their_results_in_order(engine: Engine) -> None:
    """A flow may start flows and collect what they return."""

    def parent(run: Run) -> list[int]:
        for number in (1, 2, 3):
            run.start("double", f"double:{number}", number=number)
        return run.results([f"double:{number}" for number in (1, 2, 3)])

    engine.register("parent", parent)
    engine.register("double", lambda run, number: run.step("double", lambda: number * 2))
    engine.launch()
    engine.start("parent", "parent:1")

    assert engine.result("parent:1") == [2, 4, 6]
    assert engine.settle(5)


def test_a_failing_flow_is_known_as_failed(engine: Engine) -> None:
    """Its result raises, its status says so, and other flows go on."""

    def fail(run: Run) -> None:
        raise RuntimeError("no such sheet")

    engine.register("fail", fail)
    engine.launch()
    engine.start("fail", "fail:1")

    with pytest.raises(FlowFailed, match="no such sheet"):
        engine.result("fail:1")
    assert engine.status("fail:1") == "failed"


def test_an_unknown_kind_is_refused_at_once(engine: Engine) -> None:
    """A flow nobody registered cannot wait for ever under its key."""
    engine.launch()

    with pytest.raises(KeyError, match="nobody"):
        engine.start("nobody", "nobody:1")
