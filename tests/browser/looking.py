"""How a page is looked at: by axe-core, by its width, by the keyboard."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# WCAG 2.2 at A and AA, and axe-core's own good practice: what is serious or critical of any of them fails.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
GRAVE = ("serious", "critical")
# What stands wider than the window, outside anything that scrolls by itself or is hidden from sight.
WIDER = """() => {
  const wide = document.documentElement.clientWidth, out = [];
  for (const one of document.querySelectorAll('body *')) {
    const box = one.getBoundingClientRect();
    if (box.width === 0 || box.right <= wide + 1) continue;
    let within = one.parentElement;
    while (within && !['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(within).overflowX))
      within = within.parentElement;
    const name = one.tagName.toLowerCase() + '.' + (one.getAttribute('class') || '');
    if (!within) out.push(`${name} to ${Math.round(box.right)}`);
  }
  return {page: document.documentElement.scrollWidth, window: wide, wider: out.slice(0, 8)};
}"""


@cache
def _axe() -> str:
    from axe_playwright_python.base import AXE_SCRIPT

    return str(AXE_SCRIPT)


def barriers(page: Page) -> list[str]:
    """Return axe-core's serious and critical findings on the page as it stands, one line each."""
    page.wait_for_load_state()
    page.evaluate(_axe())
    found = page.evaluate(f"axe.run({json.dumps({**RULES, 'resultTypes': ['violations']})})")
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {[node['html'][:160] for node in one['nodes'][:4]]}"
        for one in found["violations"]
        if one["impact"] in GRAVE
    ]


def sideways(page: Page) -> dict[str, object]:
    """Return what makes the page wider than its window; an empty dictionary if nothing does."""
    page.wait_for_load_state()  # before its styles have come, a page has another width
    seen = page.evaluate(WIDER)
    return {} if seen["page"] <= seen["window"] and not seen["wider"] else dict(seen)
