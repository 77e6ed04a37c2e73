"""Walks an MCP server with FastMCP's client for Python and prints what it saw as one line of JSON: URL, then "auto" or "legacy"."""

import asyncio
import json
import sys

from fastmcp import Client
from fastmcp.client.messages import MessageHandler
from mcp.client.subscriptions import listen


class Changes(MessageHandler):
    def __init__(self):
        super().__init__()
        self.tools = asyncio.Event()

    async def on_tool_list_changed(self, message):
        self.tools.set()


async def answer(message, response_type, params, context):
    return {"name": "Frigg"}


async def walk(url, mode):
    changes = Changes()
    async with Client(url, mode=mode, elicitation_handler=answer, message_handler=changes) as client:
        heard = []

        async def progress(done, total, message):
            heard.append(done)

        counted = await client.call_tool("count", {"to": 3}, progress_handler=progress)
        prompt = await client.get_prompt("explain", {"topic": "holds"})
        return {
            "version": client.protocol_version,
            "tools": [tool.name for tool in await client.list_tools()],
            "sum": (await client.call_tool("add", {"a": 2, "b": 3})).structured_content,
            "counted": counted.content[0].text,
            "heard": heard,
            "greeting": (await client.call_tool("greet", {})).content[0].text,
            "note": (await client.read_resource("note://7"))[0].text,
            "prompt": prompt.messages[0].content.text,
            "changed": await hear_change(client, changes, mode),
            "calls": await cancel(client),
        }


async def hear_change(client, changes, mode):
    if mode == "legacy":
        await client.call_tool("grow", {})
        await asyncio.wait_for(changes.tools.wait(), 10)
        return "ToolsListChanged"
    async with listen(client.session, tools_list_changed=True) as subscription:
        await client.call_tool("grow", {})
        async for event in subscription:
            return type(event).__name__


async def cancel(client):
    sleeping = asyncio.create_task(client.call_tool("sleep", {}))
    calls = await until(client, lambda calls: calls["started"] > 0)
    sleeping.cancel()
    await asyncio.gather(sleeping, return_exceptions=True)
    return await until(client, lambda calls: calls["aborted"] == calls["started"])


async def until(client, holds):
    for _ in range(100):
        calls = json.loads((await client.read_resource("state://calls"))[0].text)
        if holds(calls):
            break
        await asyncio.sleep(0.05)
    return calls


print(json.dumps(asyncio.run(asyncio.wait_for(walk(sys.argv[1], sys.argv[2]), 40))))
