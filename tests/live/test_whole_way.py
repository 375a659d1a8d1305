"""From a typed line to the page, through every process."""

from tests.session.page import Client
from tests.session.stack import Stack


async def test_a_line_reaches_the_page_as_output_and_object(stack: Stack) -> None:
    """A command is acknowledged, and what it did is in the page's store."""
    cookie, (session,) = stack.session()
    async with Client(stack.address, cookie, session) as page:
        await page.until(lambda: page.store.until > 0)
        ack = await page.acked(await page.line("set web 1"))
        assert ack["kind"] == "ack"
        await page.until(lambda: any(each.get("name") == "web" for each in page.store.changes))
        objects, terminals = page.store.at(ack["t"])
        assert objects["uid-web"]["spec"]["value"] == "1"
        assert terminals["t1"] == "$ set web 1\r\n"
