"""What every tool of the MCP server has in common: who calls, and how a failure is told."""

import datetime as dt
from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar

from fastapi import HTTPException
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from rag.web.asking import client_of
from rag.web.error_responses import described

AsOf = Annotated[dt.date | None, Field(description="leave out documents dated later, such as 2026-03-01")]
Result = TypeVar("Result")


async def told(work: Coroutine[Any, Any, Result]) -> Result:
    """The result; what fails is told in the one sentence that other callers get."""
    try:
        return await work
    except HTTPException as error:
        raise ToolError(str(error.detail)) from error
    except Exception as error:
        raise ToolError(described(error)[2]) from error


def client_name(context: Context) -> str:
    """Whose turn a call takes."""
    return client_of(context.request_context.request)
