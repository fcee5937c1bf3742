/* Where somebody was when a part of the page is drawn anew: the keyboard goes on from there, and the window stays.

Without this an answered question would send the keyboard back to the top of the page. */
"use strict";
(() => {
  let place = "";

  document.addEventListener("htmx:beforeSwap", () => {
    const at = document.activeElement && document.activeElement.closest(".question, section[id]");
    place = at ? at.id : "";
  });

  document.addEventListener("htmx:afterSettle", () => {
    const now = document.activeElement;
    if (!place || (now && now !== document.body)) return;
    const at = document.getElementById(place) || document.getElementById("questions");
    if (!at) return;
    at.tabIndex = -1;
    at.focus({ preventScroll: true });
    const top = at.getBoundingClientRect().top;
    if (top < 0 || top > window.innerHeight - 44) at.scrollIntoView();
  });
})();
