/* An answer is being made: it is said at once, and how long it may take. Without scripts the browser shows that it waits. */
"use strict";
(() => {
  const says = document.getElementById("working");
  const DOWNLOADS = "/case/file";
  const SOON_MS = 300;  // what comes sooner, such as a moved rate, needs no word
  let waits = 0;
  let asked = 0;

  const show = () => { says.hidden = false; };
  const hide = () => {
    clearTimeout(waits);
    says.hidden = true;
  };

  window.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    const to = button && button.hasAttribute("formaction") ? button.formAction : form.action;
    if (form.method !== "post" || form.target === "_blank" || new URL(to).pathname === DOWNLOADS) return;
    show();
  }, true);

  document.addEventListener("htmx:beforeRequest", () => {
    asked += 1;
    clearTimeout(waits);
    waits = setTimeout(show, SOON_MS);
  });
  document.addEventListener("htmx:afterRequest", () => {
    asked = Math.max(0, asked - 1);
    if (asked === 0) hide();
  });
  window.addEventListener("pageshow", hide);
})();
