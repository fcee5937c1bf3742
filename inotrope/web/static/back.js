/* The way back and a reload: the page comes again with what was typed, where a browser would only offer to send it anew.

A browser may write a window's history to a disk, so nothing of a patient stands in it: each page draws a handle for
its entry, and the server on this machine keeps, in memory alone, the fields that the page was made of and what was
typed since. Asked for again, the entry sends the handle, and the page is made once more. Without scripts the browser
asks whether to send the form again.

It stands first in the page and nothing of the page is shown before it: whoever presses a button at once has the handle
in the history already. What is not wholly there is not kept: half a case would be another patient. */
"use strict";
(() => {
  const body = document.body;
  let handle = "";

  const whole = () => document.readyState !== "loading";
  function whenWhole(then) {
    if (whole()) then();
    else document.addEventListener("DOMContentLoaded", then, { once: true });
  }

  function drawn() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
  }

  function fields() {
    const form = document.querySelector("#filled, #work, #typed, #entry, #asking, #convert") || document.getElementById("carry");
    if (!form) return null;
    const sent = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") sent.append(name, value);
    sent.append("kept-handle", handle);
    sent.append("kept-path", "/" + location.pathname.split("/")[1]);
    return sent;
  }

  let noted = null;
  function note() {
    const sent = fields();
    if (!sent) return;
    fetch("/kept", { method: "POST", body: sent }).then(() => { noted = sent; }, () => {});  // a server that ended keeps nothing
  }

  /* Of each name all that stands in the page, where anything of it is not what was noted last. */
  function since(before, now) {
    const changed = new URLSearchParams();
    for (const name of new Set([...before.keys(), ...now.keys()])) {
      const found = now.getAll(name);
      const same = JSON.stringify(found) === JSON.stringify(before.getAll(name));
      if (same && !["kept-handle", "kept-path"].includes(name)) continue;
      for (const value of found) changed.append(name, value);
      if (found.length === 0) changed.append("kept-without", name);
    }
    changed.append("kept-part", "yes");
    return changed;
  }

  /* A window that is left may not wait for an answer, and what it sends then may have 64 KB: of a large case it is what
     was typed since the last note. */
  function noteLast() {
    const sent = whole() ? fields() : null;
    if (!sent || navigator.sendBeacon("/kept", sent)) return;
    if (noted) navigator.sendBeacon("/kept", since(noted, sent));
  }

  let waits = 0;
  function noteSoon() {
    clearTimeout(waits);
    waits = setTimeout(note, 400);
  }

  /* What proves that this very login asks; empty where nobody logs in. */
  function proof() {
    const field = document.querySelector('input[name="csrf"]');
    return ["csrf", field ? field.value : ""];
  }

  /* In the place of this page, and not as a further entry: what lay ahead in the history stays there. */
  async function bring(kept) {
    const sent = new URLSearchParams([...kept.sent.filter(([name]) => name !== "do"), ["do", "keep"], proof()]);
    const answer = await fetch(kept.path, { method: "POST", body: sent });
    const page = await answer.text();
    history.replaceState(null, "", kept.path);
    document.open();
    document.write(page);
    document.close();
  }

  async function ask(handle) {
    const answer = await fetch("/kept/again", { method: "POST", body: new URLSearchParams([["kept-handle", handle], proof()]) });
    if (answer.ok) await bring(await answer.json());
    else document.getElementById("forgotten").hidden = false;
  }

  if (body.dataset.method === "POST") {
    handle = drawn();
    history.replaceState({ handle }, "", location.pathname);
    whenWhole(note);
    document.addEventListener("input", noteSoon);
    document.addEventListener("change", noteSoon);
    document.addEventListener("htmx:afterSettle", note);
    window.addEventListener("pagehide", noteLast);
  } else if (history.state && history.state.handle) {
    const kept = history.state.handle;
    whenWhole(() => ask(kept).catch(() => { document.getElementById("forgotten").hidden = false; }));
  }
})();
