/* The way back and a reload: the page comes again with what was typed, where a browser would only offer to send it anew.

Nothing here is kept by a browser's cache (no-store), and a page that was posted is not shown again without it. So each
page notes the fields that it was made of, and what was typed since, in its own entry of the window's history: in
memory, in this window alone, where the browser holds the body of the same request anyway. Asked for again, the entry
sends them. Without scripts the browser asks whether to send the form again. */
"use strict";
(() => {
  const body = document.body;

  function fields() {
    const form = document.querySelector("#filled, #work, #typed") || document.getElementById("carry");
    if (!form) return null;
    const sent = [];
    for (const [name, value] of new FormData(form)) if (typeof value === "string") sent.push([name, value]);
    return sent;
  }

  function note() {
    const sent = fields();
    if (!sent) return;
    const path = "/" + location.pathname.split("/")[1];
    history.replaceState({ path, sent }, "", location.pathname);
  }

  function bring(kept) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = kept.path;
    for (const [name, value] of [...kept.sent, ["do", "keep"]]) {
      const field = document.createElement("textarea");  // an input would drop the ends of lines
      field.name = name;
      field.value = value;
      form.append(field);
    }
    form.hidden = true;
    body.append(form);
    form.submit();
  }

  if (body.dataset.method === "POST") {
    note();
    document.addEventListener("change", note);
    document.addEventListener("submit", note, true);
    document.addEventListener("htmx:afterSettle", note);
  } else if (history.state && history.state.sent) {
    bring(history.state);
  }
})();
