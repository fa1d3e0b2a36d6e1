"use strict";
// Everything here only makes a page quicker to use: without it every page works by its forms.

// --- quick hide: Escape twice leaves a neutral page; what was typed lies saved in the record -------
let escaped = 0;
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") { escaped = 0; return; }
  const now = event.timeStamp;
  if (escaped && now - escaped < 1200) hide();
  escaped = now;
});
function hide() {
  document.dispatchEvent(new Event("desk:hide"));
  document.title = document.body.dataset.hidden;
  const icon = document.querySelector("link[rel=icon]");
  if (icon) icon.href = document.body.dataset.neutral;
  document.body.replaceChildren();
}

// --- a list narrowed while one types ----------------------------------------------------------------
for (const box of document.querySelectorAll("[data-filters]")) {
  box.closest("[hidden]")?.removeAttribute("hidden");
  const rows = [...document.getElementById(box.dataset.filters).children];
  const texts = rows.map((row) => row.textContent.toLocaleLowerCase());
  box.addEventListener("input", () => {
    const wanted = box.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    rows.forEach((row, at) => { row.hidden = !wanted.every((word) => texts[at].includes(word)); });
  });
}

// --- an error summary takes the focus ---------------------------------------------------------------
document.querySelector("[data-focus]")?.focus();
