"""Where tokens come from."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, Awaitable, Callable, Optional, Union

TokenSupplier = Union[str, Callable[[], str], Callable[[], Awaitable[str]]]


class NoToken(Exception):
    """The application gave none. Of what its function raised the class is told, since the text may have a secret."""


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
            NoToken: the supplier failed, or returned none.
        """
        if self._supplier is None or isinstance(self._supplier, str):
            self._last = self._supplier
            return self._last
        try:
            token = await _call(self._supplier)
        except Exception as failure:
            raise NoToken(f"the token supplier failed: {type(failure).__name__}") from None
        if not isinstance(token, str) or not token.strip():
            raise NoToken("the token supplier returned no token")
        self._last = token.strip()
        return self._last


async def _call(supplier: Callable[[], Any]) -> Any:
    if inspect.iscoroutinefunction(supplier):
        return await supplier()
    token = await asyncio.to_thread(supplier)
    return await token if inspect.isawaitable(token) else token
