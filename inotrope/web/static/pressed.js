/* Nothing that is pressed or typed on the plan is lost while it is made anew.

An answer that is pressed stays in the form as a field of its own until the plan that holds it has come. What is pressed
while that is made is sent with it once more, and the page waits for the plan that holds both; a button that leads to
another page takes along what was pressed. What is typed while the plan is made is typed into the new one too. */
"use strict";
(() => {
  const WORK = "work";
  let sent = null;
  let more = false;
  let late = [];

  const boxes = () => document.querySelectorAll("#main input[type=text], #main select, #main textarea");
  const key = (box) => box.id ? `#${CSS.escape(box.id)}` : `[name="${CSS.escape(box.name)}"]`;
  const called = (box) => box.labels && box.labels.length ? box.labels[0].innerText : box.getAttribute("aria-label") || "";

  function remember(form, button) {
    const what = button.name === "answer" ? button.value.split("=")[0] : button.value;
    for (const old of form.querySelectorAll("input[data-pressed]")) if (old.dataset.pressed === what) old.remove();
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = button.name;
    field.value = button.value;
    field.dataset.pressed = what;
    form.append(field);
    const others = document.querySelectorAll("button.taken");
    for (const other of others) if (other.value.split("=")[0] === what) other.classList.remove("taken");
    button.classList.add("taken");
  }

  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (!button) return;
    const to = button.hasAttribute("formaction") ? button.formAction : form.action;
    const leaves = new URL(to).pathname !== new URL(form.action).pathname;
    if (leaves) event.stopImmediatePropagation();  // another page is no part of this one
    if (leaves || form.id !== WORK) return;
    if (button.name) remember(form, button);
    if (!sent) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    more = true;
  }, true);

  document.addEventListener("keydown", (event) => {
    const near = event.key === "Enter" && event.target.matches("input[type=text]") && event.target.closest("[data-enter]");
    if (!near) return;
    event.preventDefault();
    document.getElementById(near.dataset.enter).click();
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.id !== WORK) return;
    [sent, more] = [new Map(), false];
    for (const box of boxes()) sent.set(key(box), box.value);
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    late = [];
    if (event.detail.requestConfig.elt.id !== WORK || !event.detail.shouldSwap) return;
    if (more) {
      event.detail.shouldSwap = false;
      setTimeout(() => document.getElementById(WORK).requestSubmit());
      return;
    }
    for (const box of boxes()) if (sent.get(key(box)) !== box.value) late.push([key(box), box.value, called(box)]);
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig.elt.id === WORK) sent = null;
  });

  document.addEventListener("htmx:afterSwap", () => {
    const lost = [];
    for (const [where, value, name] of late) {
      const box = document.querySelector(`#main ${where}`);
      if (box) box.value = value;
      else if (value.trim()) lost.push(`${name}: ${value}`);
    }
    late = [];
    const says = document.getElementById("late");
    says.hidden = lost.length === 0;
    says.querySelector("span").textContent = lost.join("; ");
  });
})();
