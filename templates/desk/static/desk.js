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
for (const button of document.querySelectorAll("[data-hide]")) {
  button.hidden = false;
  button.addEventListener("click", hide);
}
// A page that the back button brings back from memory is asked for anew: it may be another person's turn.
addEventListener("pagehide", (event) => { if (event.persisted) document.documentElement.hidden = true; });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
function hide() {
  document.dispatchEvent(new Event("desk:hide"));
  document.title = document.body.dataset.hidden;
  const icon = document.querySelector("link[rel=icon]");
  if (icon) icon.href = document.body.dataset.neutral;
  document.body.replaceChildren();
}

// --- printing: the button is there only where it can do something -------------------------------------
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// --- a register by letters: the letter ticks, and the next person has the focus ------------------------
for (const form of document.querySelectorAll("[data-letters]")) {
  document.querySelector("[data-needs-script]")?.removeAttribute("hidden");
  form.addEventListener("keydown", (event) => {
    const set = event.target.closest("fieldset");
    if (!set || event.target.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1) return;
    const box = set.querySelector(`input[data-letter="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!box) return;
    event.preventDefault();
    box.checked = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    const sets = [...form.querySelectorAll("fieldset")], next = sets[sets.indexOf(set) + 1];
    const target = next?.querySelector("input:checked, input, select") ?? form.querySelector("button.main");
    target.focus();
  });
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

// --- a file dropped on the page is taken; one that is too large is not sent ----------------------------
for (const form of document.querySelectorAll("[data-drop]")) {
  const box = form.querySelector("[type=file]"), said = form.querySelector("[data-too-large]");
  const fits = () => {
    said.hidden = !box.files.length || box.files[0].size <= Number(form.dataset.drop);
    if (!said.hidden) said.focus();
    return said.hidden;
  };
  box.addEventListener("change", fits);
  form.addEventListener("submit", (event) => { if (!fits()) { event.preventDefault(); event.stopImmediatePropagation(); } });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length !== 1) return;
    box.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}

// --- an error summary takes the focus ---------------------------------------------------------------
document.querySelector("[data-focus]")?.focus();

// --- small helps in a form --------------------------------------------------------------------------
for (const form of document.querySelectorAll("[data-form]")) {
  // A second click sends nothing a second time; the server would know it anyway.
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  form.addEventListener("change", (event) => {
    const box = event.target, group = box.closest(".options");
    if (!group || !box.checked) return;
    if (box.type === "checkbox") {
      const alone = "alone" in box.dataset;
      for (const other of group.querySelectorAll("input:checked")) {
        if (other !== box && (alone || "alone" in other.dataset || box.name.endsWith(":state"))) other.checked = false;
      }
    }
    if (box.name.endsWith(":state")) {
      const field = form.elements[box.name.replace(/:state$/, "")];
      if (field) field.value = "";
    }
  });
  form.addEventListener("input", (event) => {
    for (const state of form.querySelectorAll(`[name="${CSS.escape(event.target.name)}:state"]:checked`)) state.checked = false;
  });
  coded(form);
  if (form.dataset.clear) for (const set of form.querySelectorAll("fieldset")) clearable(form, set);
}
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

// The code that a paper form has beside the box, typed where one answers: 4, or 9 and 8 for 98.
function coded(form) {
  let typed = "", within = null;
  form.addEventListener("keydown", (event) => {
    const set = event.target.type === "radio" ? event.target.closest("fieldset") : null;
    if (!set || !/^\d$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) { typed = ""; return; }
    const all = [...set.querySelectorAll("input[type=radio]")];
    typed = set === within ? typed + event.key : event.key;
    if (!all.some((one) => one.value.startsWith(typed))) typed = event.key;
    within = set;
    all.find((one) => one.value === typed)?.click();
    all.find((one) => one.value === typed)?.focus();
  });
}

function clearable(form, set) {
  if (!set.querySelector("input[type=radio]")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain clear";
  button.lang = document.documentElement.lang;
  button.textContent = form.dataset.clear;
  const show = () => { button.hidden = !set.querySelector("input:checked"); };
  button.addEventListener("click", () => {
    const ticked = set.querySelector("input:checked");
    if (!ticked) return;
    ticked.checked = false;
    set.querySelector("input").focus();
    ticked.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  });
  set.addEventListener("change", show);
  set.querySelector(".options").append(button);
  show();
}

// --- a draft saved while one types: what is said to be saved lies on the disk ------------------------
// What a save shows waits while something is pressed: no button moves away from under a finger.
let pressed = false, released = Promise.resolve();
addEventListener("pointerdown", () => {
  pressed = true;
  released = new Promise((go) => {
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { pressed = false; setTimeout(go); }, { capture: true, once: true });
  });
}, true);

for (const form of document.querySelectorAll("[data-autosave]")) autosave(form);

function autosave(form) {
  const status = form.querySelector("[data-saved]");
  let dirty = false, sending = false, over = false, timer = 0, failures = 0, kept = "";
  const say = (text, bad) => { if (status.textContent !== text) status.textContent = text; status.classList.toggle("not", bad); };
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(send, wait); };
  const body = () => { const typed = new URLSearchParams(new FormData(form)); typed.set("action", "save"); return typed; };
  const answers = () => { const typed = body(); typed.delete("revision"); return typed.toString(); };
  const ask = (more) => fetch(form.getAttribute("action"), {
    method: "POST", body: body(), headers: { Accept: "application/json" }, credentials: "same-origin", ...more,
  });

  async function send() {
    if (!dirty || sending || over || form.dataset.sent) return;
    if (pressed) { later(80); return; }
    dirty = false;
    const typed = answers();
    if (typed === kept) return;
    sending = true;
    say(form.dataset.saving, false);
    try {
      const answer = await ask({ signal: AbortSignal.timeout(15000) });
      const told = await answer.json();
      await released;
      if (told.saved) { failures = 0; kept = typed; take(told); } else {
        dirty = true; failures += 1; over = answer.status === 409;
      }
      say(told.said, !told.saved);
    } catch {
      dirty = true; failures += 1;
      say(form.dataset.unsaved, true);
    }
    sending = false;
    if (dirty && !over) later(failures ? Math.min(30000, 1500 * 2 ** failures) : 300);
  }
  function take(told) {
    form.elements.revision.value = told.revision;
    for (const one of form.querySelectorAll("[data-question]")) one.hidden = told.closed.includes(one.dataset.question);
    for (const one of form.querySelectorAll("[data-alert]")) one.hidden = !told.alert;
    for (const one of form.querySelectorAll("[data-echo]")) one.textContent = told.echoes[one.dataset.echo] ?? one.textContent;
  }
  form.addEventListener("input", () => { dirty = true; later(700); });
  form.addEventListener("change", () => { dirty = true; later(80); });
  const last = () => { if (dirty && !over && !form.dataset.sent) { dirty = false; ask({ keepalive: true }).catch(() => { dirty = true; }); } };
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") last(); });
  document.addEventListener("desk:hide", last);
  addEventListener("beforeunload", (event) => { if (dirty && !form.dataset.sent && form.isConnected) event.preventDefault(); });
}
