"""What people do on the pages: choose a move and say why in its dialog, sign one card or a whole inbox."""

import re
from collections.abc import Mapping

from playwright.sync_api import Page, expect

NOTHING_SAID: Mapping[str, str] = {}


def decide(page: Page, move: str, said: Mapping[str, str] = NOTHING_SAID, *, on: str = ".page-tools") -> None:
    """Make a move that a dialog asks about, telling it what its fields ask for, by their labels."""
    page.wait_for_load_state()  # the buttons open dialogs once the scripts are there
    page.locator(on).get_by_role("button", name=move, exact=True).click()
    dialog = page.get_by_role("dialog")
    for label, text in said.items():
        dialog.get_by_label(label).fill(text)
    dialog.get_by_role("button", name=move, exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def sign_one(page: Page, move: str) -> None:
    """Sign the card, or the report, that is open."""
    decide(page, move, on=".action-bar")


def sign_all(page: Page, move: str) -> int:
    """Select every card of the inbox, those with a risk one by one, and move them in one go; gives how many."""
    page.goto("/inbox")
    page.wait_for_load_state()
    boxes = page.locator("[data-pick]").all()
    for box in boxes:
        box.check()
    page.locator("#batch-bar").get_by_role("button", name=re.compile(move)).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=move).click()
    expect(dialog.locator(".batch-summary")).to_have_text(f"成功 {len(boxes)}")
    dialog.get_by_role("button", name="完成").click()
    expect(page.get_by_text("都处理完了")).to_be_visible()
    return len(boxes)
