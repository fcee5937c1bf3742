/* A part of a page that was asked for and did not come: it is said, for nothing else on the page would change. */
"use strict";
(() => {
  const says = document.getElementById("unanswered");
  const show = (seen) => () => { says.hidden = !seen; };
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, show(true));
  document.addEventListener("htmx:afterSwap", show(false));
})();
