"""The differential fuzzer of the wire: `python -m tests.fuzz.wire [--requests N] [--seed N]`.

Requests are written, most of them broken, cut in pieces and sent through a gateway that is all in memory. Whatever it forwards has
to be read by h11 and by llhttp, alike, and has to mean what both of them read in what the client sent, as far as they read it at
all: method, target, body, and each field that is passed on. Nothing may be left over, hang, or raise.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from time import monotonic

from tests.fuzz.messages import mutated, pieces, request
from tests.properties.loopback import EARLY, Message, World, answers_in, world
from tests.properties.readings import origin_form, passed_on, read_by_h11, read_by_llhttp

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
ROUND = 20_000
"""Requests between two lines of progress."""


@dataclass
class Figures:
    """What a run has done."""

    conversations: int = 0
    forwarded: int = 0
    refused: int = 0
    """Answers of the gateway's own. What stands behind a request that cannot be read is not counted: nobody reads it."""
    both: int = 0
    """Forwarded, and the client's bytes could be read by h11 and by llhttp."""
    disagreements: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """Requests that the gateway has decided on."""
        return self.forwarded + self.refused

    def __str__(self) -> str:
        return (
            f"{self.requests} requests in {self.conversations} conversations: {self.forwarded} forwarded"
            f" ({self.both} of them read by h11 and by llhttp in what the client sent), {self.refused} answered by the gateway,"
            f" {len(self.disagreements)} disagreements"
        )


class Ears(logging.Handler):
    """Hears of defects: a gateway that catches its own exception answers 500 and says so in the log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.getMessage()}: {record.exc_info[1]!r}" if record.exc_info else record.getMessage())


def meant_alike(got: Message, read: Message) -> str | None:
    """What differs between a request as it was forwarded and as a parser reads it in what the client sent."""
    if got.method != read.method:
        return "method"
    if got.target != origin_form(read.target):
        return "target"
    if got.body != read.body:
        return "body"
    left = iter(read.headers)
    for pair in passed_on(got.headers):
        if pair not in left:  # takes what stands before it off: in the same order
            return f"field {pair!r}"
    return None


async def converse(on: World, random: Random, figures: Figures, ears: Ears) -> str | None:
    """One conversation; what is wrong with it."""
    data = b"".join(request(random) for _ in range(random.randint(1, 4)))
    if random.random() < 0.8:
        data = mutated(random, data)
    choices = [random.randint(0, EARLY if random.random() < 0.1 else EARLY - 1) for _ in range(8)]
    figures.conversations += 1
    try:
        output, closed = await on.converse(pieces(random, data), choices)
        if not closed:  # the client that was asked for the rest of its body went away without it
            output = output.removesuffix(CONTINUE)
        one, other = read_by_h11(data), read_by_llhttp(data)
        answers = answers_in(output, [message.method for message in max(one, other, key=len)])
    except Exception as error:
        return f"{type(error).__name__}: {error}\n  {data!r}"
    if ears.heard:
        return f"{ears.heard.pop()}\n  {data!r}"
    for number, (_, fields, _) in enumerate(answers):
        seen = int(fields.get(b"x-seen", b"-1"))
        if seen < 0:
            figures.refused += 1
            continue
        figures.forwarded += 1
        readings = [messages[number] for messages in (one, other) if number < len(messages)]
        figures.both += len(readings) == 2
        got = on.messages[seen]
        if not readings:
            return f"forwarded, and neither h11 nor llhttp reads it: {got}\n  {data!r}"
        for reading in readings:
            if (difference := meant_alike(got, reading)) is not None:
                return f"another {difference}: {got}\n  {reading}\n  {data!r}"
    return None


async def fuzz(requests: int, seed: int, *, told: bool = False) -> Figures:
    """Converse until so many requests have been decided on; what came of it."""
    figures, ears = Figures(), Ears()
    log = logging.getLogger("specgw")
    log.addHandler(ears)
    begun, next_word = monotonic(), ROUND
    try:
        async with world() as on:
            while figures.requests < requests:
                # Each conversation has a seed of its own, so that one that fails can be played alone.
                number = seed + figures.conversations
                wrong = await converse(on, Random(number), figures, ears)
                if wrong is not None:
                    figures.disagreements.append(f"seed {number}: {wrong}")
                    if told:
                        print(figures.disagreements[-1], flush=True)
                if told and figures.requests >= next_word:
                    next_word += ROUND
                    print(f"{figures} ({monotonic() - begun:.0f} s)", flush=True)
    finally:
        log.removeHandler(ears)
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 1 where anything differs."""
    parser = argparse.ArgumentParser(description="Differential fuzzing of what is forwarded, against h11 and llhttp.")
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    figures = asyncio.run(fuzz(options.requests, options.seed, told=True))
    print(figures)
    return 1 if figures.disagreements else 0


if __name__ == "__main__":
    raise SystemExit(main())
