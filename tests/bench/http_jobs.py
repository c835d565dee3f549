"""The jobs that are asked over HTTP: a disclosure, and the token that one needs for it."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle

from app.kernel.signing import read_key
from sharing.chain.notes import Signer
from sharing.chain.receipts import open_receipt, receipt_key_name
from tests.bench import load, serving
from tests.bench.measure import Slice, Taken, WrongAnswer, cpu_of, interleaved
from tests.bench.report import Row, a_second, milliseconds
from tests.bench.serving import NotHere
from tests.bench.signing import Client
from tests.bench.world import World, asked_about

DISCLOSURES_A_SLICE = 150
TOKENS_A_SLICE = 150
_PATH = "/v1/disclosures"


@dataclass(frozen=True, slots=True)
class Contender:
    """One server: where it listens, its first process, and how it is asked."""

    client: Client
    process: int


def disclosure_rows(world: World, ours: Contender, floor: Contender) -> list[Row]:
    """Measure J1 and return its rows."""
    children = cycle(world.children)
    verifier = Signer(
        receipt_key_name(world.settings.log_origin), read_key(world.settings.receipt_key_file)
    ).verifier()

    def slice_of(contender: Contender) -> Slice:
        asked = [next(children) for _ in range(DISCLOSURES_A_SLICE)]
        token = ours.client.token()
        requests = [contender.client.call(_PATH, asked_about(child), token) for child in asked]
        written = world.count("log_entry")
        cut, answers = _timed(world, contender, requests)
        if world.count("log_entry") - written != len(requests):
            raise WrongAnswer("not every answer has its line in the log")
        for child, answer in zip(asked, answers, strict=True):
            told = _body(answer)
            (section,) = told["sections"]["plan"]
            if section["content"] != world.plan(child):
                raise WrongAnswer(f"another plan than that of {child}")
            if str(open_receipt(told["receipt"].encode(), [verifier]).entry) != told["id"]:
                raise WrongAnswer("a receipt for another entry")
        return cut

    taken = _taken({"ours": ours, "floor": floor}, slice_of)
    return [
        _rates("J1 disclosure, requests", taken, "floor", 0.60),
        Row(
            "J1 application CPU a request",
            milliseconds(taken.spread("ours", lambda cut: cut.app_cpu).middle),
            milliseconds(taken.spread("floor", lambda cut: cut.app_cpu).middle),
            taken.ratio("ours", "floor", lambda cut: cut.app_cpu),
            1.7,
            at_least=False,
        ),
        Row(
            "J1 PostgreSQL CPU a request",
            milliseconds(taken.spread("ours", lambda cut: cut.database_cpu).middle),
            milliseconds(taken.spread("floor", lambda cut: cut.database_cpu).middle),
            taken.ratio("ours", "floor", lambda cut: cut.database_cpu),
            1.7,
            at_least=False,
        ),
        Row(
            "J1 99th percentile",
            milliseconds(taken.latency("ours", 99)),
            milliseconds(taken.latency("floor", 99)),
            taken.ratio("ours", "floor", _p99),
            2.0,
            at_least=False,
        ),
    ]


def token_rows(world: World, ours: Contender, floor: Contender) -> Iterator[Row | str]:
    """Measure J4 and yield its rows, or why one is missing."""
    with ExitStack() as stack:
        contenders = {"ours": ours, "floor": floor}
        absent = None
        try:
            port = serving.free_port()
            process = stack.enter_context(serving.rival(world, port))
            issuer = f"http://127.0.0.1:{port}"
            client = Client(world.client_key, port, issuer, "/token")
            contenders["rival"] = Contender(client, process)
        except NotHere as error:
            absent = f"J4 beside oidc-provider: left out, {error}"

        def slice_of(contender: Contender) -> Slice:
            requests = [contender.client.token_request() for _ in range(TOKENS_A_SLICE)]
            cut, answers = _timed(world, contender, requests)
            told = [_body(answer) for answer in answers]
            if any((one["token_type"], one["scope"]) != ("DPoP", "echo.read") for one in told):
                raise WrongAnswer("not the token that was asked for")
            if len({one["access_token"] for one in told}) != len(told):
                raise WrongAnswer("the same token twice")
            return cut

        taken = _taken(contenders, slice_of)
        yield _rates("J4 token", taken, "floor", 0.60)
        if absent is None:
            yield _rates("J4 token, beside oidc-provider in memory", taken, "rival", 1.0)
        else:
            yield absent


def _taken(contenders: dict[str, Contender], slice_of: Callable[[Contender], Slice]) -> Taken:
    def taking(one: Contender) -> Callable[[], Slice]:
        return lambda: slice_of(one)

    taken = interleaved({name: taking(one) for name, one in contenders.items()})
    print(f"  {taken.dropped} of {taken.of} slices dropped: the machine was not steady", flush=True)
    return taken


def _timed(
    world: World, contender: Contender, requests: Sequence[bytes]
) -> tuple[Slice, list[bytes]]:
    postgres = world.server.child.pid
    before = cpu_of(contender.process), cpu_of(postgres)
    run = load.drive(contender.client.port, list(requests))
    app_cpu = (cpu_of(contender.process) - before[0]) / len(requests)
    database_cpu = (cpu_of(postgres) - before[1]) / len(requests)
    return Slice(run.rate, run.latencies, app_cpu, database_cpu), run.answers


def _body(answer: bytes) -> dict[str, object]:
    status, body = load.split(answer)
    if status != 200:
        raise WrongAnswer(f"{status}: {body.decode()}")
    return json.loads(body)


def _p99(cut: Slice) -> float:
    return sorted(cut.latencies)[len(cut.latencies) * 99 // 100]


def _rates(job: str, taken: Taken, to: str, goal: float) -> Row:
    return Row(
        job,
        a_second(taken.spread("ours", lambda cut: cut.rate)),
        a_second(taken.spread(to, lambda cut: cut.rate)),
        taken.ratio("ours", to, lambda cut: cut.rate),
        goal,
        at_least=True,
    )
