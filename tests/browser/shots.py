"""The pictures of the README, from the demo world in a headless browser.

    python -m tests.browser.shots FOLDER
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.running import FLAGS, Visitors, browser_path, running_desk


def main(folder: Path) -> None:
    """queue.png and case.png, as people see them on an office screen."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, running_desk(Path(home), demo=True) as desk, sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=browser_path(), args=FLAGS)
        page = Visitors(browser).come(desk)
        page.goto("/")
        name, password = desk.login()
        page.fill("input[name=username]", name)
        page.fill("input[name=password]", password)
        page.click("main button[type=submit]")
        page.wait_for_selector("a[href*='/cases/']")
        page.screenshot(path=str(folder / "queue.png"))
        page.locator("main a[href^='/cases/']:not([href='/cases/closed/'])").first.click()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=str(folder / "case.png"))
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
