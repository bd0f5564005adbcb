"""An exchange that the sandbox answers where the service does not: nobody can be reached, or it says 501 itself."""

from __future__ import annotations

import asyncio

from specgw import problems
from specgw.dataplane.passage import Passage
from specgw.http1 import ResponseHead
from specgw.policies.base import Answer, Reply
from specgw.problems import Problem

_NOT_SERVED = (problems.NO_UPSTREAM, problems.UPSTREAM_UNREACHABLE)


class Substituted(Passage):
    """A Passage whose route has `mock: {mode: fallback}`."""

    __slots__ = ()

    def answer(self, answer: Answer) -> None:
        """Answer; what says that there is no service becomes what the sandbox has."""
        if isinstance(answer, Problem) and answer.kind in _NOT_SERVED and not self.replied and not self.ended:
            self.release()
            self._substitute()
        else:
            super().answer(answer)

    def answered(self, head: ResponseHead) -> None:
        """The service's answer: RFC 9110 section 15.6.2, 501 says that it does not support what was asked for."""
        if head.status == 501 and not self.replied:
            self.release()
            self._substitute()
            self.client_side.flush()
        else:
            super().answered(head)

    def _substitute(self) -> None:
        substitute = self.chain.substitute
        assert substitute is not None, "only such chains are passed in this way"
        self.notes["mocked"] = True
        outcome = substitute(self)
        if isinstance(outcome, Problem | Reply):
            super().answer(outcome)
        elif outcome is not None:
            self._task = asyncio.get_running_loop().create_task(self._wait(outcome, (), lambda: None, 0))
