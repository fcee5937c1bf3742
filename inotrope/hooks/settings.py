"""How the hooks of one server are set: who may call, under which names, how much comes in, how long an answer takes.

No setting holds a clinical number. The limits are judgements about one machine, and each says what it guards.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inotrope.access.clients.settings import Clients


@dataclass(frozen=True, slots=True)
class HooksSettings:
    """The settings of the hooks of one server.

    Attributes:
        clients: Who may call.
        hosts: The names, with their ports, that are answered to.
        trusting: Whether anybody is believed without a token: on this machine alone, and by an explicit flag.
        largest_body: Bytes of a request's body; a record of weeks has some hundred thousands.
        slowest_body_s: Seconds within which a whole body must have come.
        longest_answer_s: Seconds after which a call is answered without the rest of its answer.
        workers: Answers that are computed at once.
        longest_queue: Answers that may wait; whoever comes later is told to come again.
    """

    clients: Clients
    hosts: tuple[str, ...]
    trusting: bool = False
    largest_body: int = 5_000_000
    slowest_body_s: float = 10.0
    longest_answer_s: float = 6.0
    workers: int = field(default_factory=lambda: max(1, os.cpu_count() or 1))
    longest_queue: int = 40
