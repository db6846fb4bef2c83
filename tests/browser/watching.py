"""What a page does wrong without anybody seeing it, and what only a measurement shows."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

AXE = Path(__file__).parents[2] / "console/node_modules/axe-core/axe.min.js"
# The browser itself notes every answer of 4xx; those are refusals which the page shows.
REFUSAL = "Failed to load resource: the server responded with a status of 4"
# So does the browser when a test takes the network away.
OFFLINE = "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"
# WeChat's framework notes each list that a page has not filled yet, as WeChat itself does.
EMPTY_LIST = "The for-list data is neither Array nor Object"
SMALLEST_PX = {"console": 13, "citizens": 14}

SMALL_TEXTS = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const small = new Set();
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        const text = walker.currentNode.textContent.trim();
        if (!text || !parent.checkVisibility()) continue;
        const size = parseFloat(getComputedStyle(parent).fontSize);
        if (size < SMALLEST) small.add(`${size}px: ${text.slice(0, 30)}`);
    }
    return [...small];
}"""

RUN_AXE = """async () => {
    const found = await axe.run(document, { resultTypes: ["violations"] });
    return found.violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
}"""


class Watch:
    """Collects the faults of one page."""

    def __init__(self, page: Page) -> None:
        self.faults: list[str] = []
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", self._note_request)

    def _note_message(self, message: ConsoleMessage) -> None:
        is_expected = message.text.startswith((REFUSAL, OFFLINE, EMPTY_LIST))
        if message.type in ("error", "warning") and not is_expected:
            self.faults.append(f"{message.type}: {message.text}")

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname != "127.0.0.1":
            self.faults.append(f"foreign host: {request.url}")


def check_readable(page: Page, whose: str = "console") -> None:
    """No text below the smallest size, and nothing serious that axe-core finds."""
    assert page.evaluate(SMALL_TEXTS.replace("SMALLEST", str(SMALLEST_PX[whose]))) == []
    # Evaluated by the debugger, which the page's policy does not bind.
    page.evaluate(AXE.read_text())
    assert page.evaluate(RUN_AXE) == []
