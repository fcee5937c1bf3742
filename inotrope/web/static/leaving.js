/* A window is closed, or left by a link, and something is typed that is not put in: the browser asks first.

What a button takes along is not left behind, and where nothing is typed nothing is asked. The browser says it in its own
words. Without scripts a closed window says nothing. */
"use strict";
(() => {
  const PUT_IN_BY_BUTTON = ["work", "entry"];  // their boxes stand empty where nothing is typed
  const ON_ITS_WAY_MS = 1000;
  let along = null;

  const hidden = (name) => [...document.querySelectorAll("input[type=hidden]")].find((field) => field.name === name);

  /* What stands in a box where nothing is left to put in or to ask. */
  function settled(box) {
    const known = hidden(`answered.${box.name}`) || (box.name === "assume" && hidden("assume_kidney"));
    if (known) return known.value;
    return PUT_IN_BY_BUTTON.includes(box.form.id) || box.form.id === "asking" ? "" : box.defaultValue;
  }

  function isTyped(box) {
    if (box.type === "checkbox" || box.type === "radio") return box.form.id === "filled" && box.checked !== box.defaultChecked;
    if (box.tagName !== "SELECT") return box.value.trim() !== settled(box).trim() && (box.form.id === "filled" || box.value.trim() !== "");
    if (box.form.id === "filled") return [...box.options].some((one) => one.defaultSelected) && !box.selectedOptions[0].defaultSelected;
    return box.form.id === "asking" && box.value !== settled(box);
  }

  /* Whether something typed stays behind when a form is sent; without one, when the page is left. */
  function leavesBehind(form) {
    const whole = document.querySelector("main[data-typed] form[method=post], #typed, #filled[data-typed]");
    if (whole && !(form && document.getElementById("main").contains(form))) return true;
    const boxes = document.querySelectorAll("#main input[type=text], #main input[type=checkbox], #main input[type=radio], #main textarea, #main select");
    return [...boxes].some((box) => box.form && box.form !== form && box.form.method === "post" && !box.closest(".login") && isTyped(box));
  }

  window.addEventListener("submit", (event) => {
    along = event.target;
    setTimeout(() => { along = null; }, ON_ITS_WAY_MS);
  }, true);

  window.addEventListener("beforeunload", (event) => {
    if (!leavesBehind(along)) return;
    event.preventDefault();
    setTimeout(() => { document.getElementById("working").hidden = true; });  // where somebody stays, nothing is computed
  });
})();
