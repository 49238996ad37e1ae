"""Where tokens come from."""

from __future__ import annotations

import asyncio
import inspect
from typing import Awaitable, Callable, Optional, Union

TokenSupplier = Union[str, Callable[[], str], Callable[[], Awaitable[str]]]


class Tokens:
    """Asks the application for a token when one is needed.

    Args:
        supplier: a token; or a function that returns one, which may be a coroutine function. A plain function runs on
            a thread of its own, so it may read a file or ask an identity provider.
    """

    def __init__(self, supplier: Optional[TokenSupplier]) -> None:
        self._supplier = supplier
        self._last: Optional[str] = None

    @property
    def can_change(self) -> bool:
        """Whether asking again can bring another token."""
        return callable(self._supplier)

    @property
    def last(self) -> Optional[str]:
        """The token that was given last."""
        return self._last

    async def next(self) -> Optional[str]:
        """A token, or ``None`` if the robot is to be reached without.

        Raises:
            Exception: whatever the supplier raises; ``ValueError`` if it returns no token.
        """
        if self._supplier is None or isinstance(self._supplier, str):
            self._last = self._supplier
            return self._last
        if inspect.iscoroutinefunction(self._supplier):
            token = await self._supplier()
        else:
            token = await asyncio.to_thread(self._supplier)
            if inspect.isawaitable(token):
                token = await token
        if not isinstance(token, str) or not token.strip():
            raise ValueError("the token supplier returned no token")
        self._last = token.strip()
        return self._last
