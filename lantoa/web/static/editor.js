// The message editor: references put in at the caret, mends with one key, and words kept when the line is down.
// Without this script every button sends the form and the page comes back with the same done.
"use strict";
(() => {
  const form = document.getElementById("soan");
  if (!form) return;
  const boxes = [...form.querySelectorAll("textarea")], status = () => document.getElementById("da-giu");
  const menu = document.getElementById("chen"), filter = document.getElementById("loc-chen");
  let last = document.getElementById("f-text"), opened = false;
  form.querySelector("[data-plain]").hidden = true;
  menu.querySelector("kbd").hidden = false;
  filter.hidden = false;
  boxes.forEach((box) => box.addEventListener("focus", () => { last = box; }));

  // What is put in can be taken back with Ctrl+Z.
  function put(box, start, end, text) {
    box.closest("details")?.setAttribute("open", "");
    box.focus();
    box.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) {
      box.setRangeText(text, start, end, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  // --- the menu of references: { or Ctrl+Space opens it, arrows choose, Escape goes back
  const ways = () => [...menu.querySelectorAll(".way:not(:disabled)")].filter((way) => way.getClientRects().length);
  function open(byBrace) {
    opened = byBrace;
    menu.open = true;
    filter.value = "";
    narrow();
    filter.focus();
  }
  function close() { menu.open = false; last.focus(); }
  function narrow() {
    const words = fold(filter.value).split(/\s+/).filter(Boolean);
    menu.querySelectorAll(".offer").forEach((offer) => {
      const text = fold(offer.textContent);
      offer.hidden = !words.every((word) => text.includes(word));
    });
  }
  function insert(reference) {
    const start = last.selectionStart, brace = opened && last.value[start - 1] === "{" ? 1 : 0;
    opened = false;
    menu.open = false;
    put(last, start - brace, last.selectionEnd, reference);
  }
  filter.addEventListener("input", (event) => { event.stopPropagation(); narrow(); });
  menu.addEventListener("keydown", (event) => {
    const all = ways(), at = all.indexOf(document.activeElement);
    if (event.key === "Escape") { event.preventDefault(); close(); }
    else if (event.key === "ArrowDown") { event.preventDefault(); (all[at + 1] || all[0])?.focus(); }
    else if (event.key === "ArrowUp") { event.preventDefault(); if (at <= 0) filter.focus(); else all[at - 1].focus(); }
    else if (event.key === "Enter" && document.activeElement === filter) { event.preventDefault(); all[0]?.click(); }
  });
  boxes.forEach((box) => box.addEventListener("keydown", (event) => {
    if (event.key === " " && event.ctrlKey) { event.preventDefault(); open(false); }
  }));
  boxes.forEach((box) => box.addEventListener("input", (event) => { if (event.data === "{") open(true); }));

  // --- mends, and the way from a fault to its place
  function placeOf(value, found) {
    const [name, start, end, ...rest] = value.split(":"), box = document.getElementById(`f-${name}`);
    if (!box) return null;
    let from = Number(start);
    if (found && box.value.slice(from, Number(end)) !== found) from = box.value.indexOf(found);
    return from < 0 ? null : { box, from, to: found ? from + found.length : Number(end), text: rest.join(":") };
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, a[data-picture]");
    if (!button) return;
    if (button.name === "insert") { event.preventDefault(); insert(button.value); }
    else if (button.name === "mend") {
      event.preventDefault();
      const place = placeOf(button.value, button.dataset.found);
      if (place) put(place.box, place.from, place.to, place.text);
    } else if (button.dataset.goto) {
      const place = placeOf(button.dataset.goto, button.querySelector("mark")?.textContent);
      if (place) { place.box.closest("details")?.setAttribute("open", ""); place.box.focus(); place.box.setSelectionRange(place.from, place.to); }
    } else if (button.dataset.picture && !event.ctrlKey && !event.metaKey) { event.preventDefault(); picture(button); }
  });
  function picture(link) {
    const image = new Image();
    image.className = "view";
    image.alt = link.dataset.picture;
    image.addEventListener("error", async () => {
      const answer = await fetch(link.href), told = document.createElement("p");
      told.className = "note bad";
      told.textContent = answer.status === 409 ? await answer.text() : form.dataset.lost;
      image.replaceWith(told);
    });
    image.src = link.href;
    link.replaceWith(image);
  }

  // --- words are kept on this computer until the server has them
  const shelf = `lantoa:${form.dataset.kept}`, base = form.elements.base;
  const words = () => JSON.stringify(boxes.map((box) => box.value.trim()));
  let sent = "", lost = 0;
  const store = (act) => { try { return act(localStorage); } catch { return null; } };
  function keep() { store((shelves) => shelves.setItem(shelf, JSON.stringify({ base: base.value, texts: boxes.map((box) => [box.name, box.value]) }))); }
  function recall() {
    const kept = JSON.parse(store((shelves) => shelves.getItem(shelf)) || "null");
    if (!kept) return;
    const before = words();
    kept.texts.forEach(([name, text]) => { const box = document.getElementById(`f-${name}`); if (box) box.value = text; });
    if (words() === before) { store((shelves) => shelves.removeItem(shelf)); return; }
    base.value = kept.base;
    status().textContent = form.dataset.found;
    last.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function down() {
    status().textContent = form.dataset.lost;
    status().classList.add("lost");
    clearTimeout(lost);
    lost = setTimeout(() => htmx.trigger(document.body, "xem"), 15000);
  }
  document.querySelector("[data-forgets]").addEventListener("click", () => store((shelves) => shelves.removeItem(shelf)));
  const own = (event) => event.detail.elt === form || event.detail.requestConfig?.elt === form;
  form.addEventListener("input", keep);
  window.addEventListener("online", () => htmx.trigger(document.body, "xem"));
  // Somebody who signed in again in another tab has a new token: the cookie has it, the page not yet.
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  document.addEventListener("submit", (event) => { const field = event.target.elements.csrfmiddlewaretoken; if (field && token()) field.value = token(); }, true);
  document.addEventListener("htmx:configRequest", (event) => {
    if (!own(event)) return;
    sent = words();
    if (token()) event.detail.parameters.csrfmiddlewaretoken = token();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!own(event)) return;
    const is = new URL(event.detail.xhr.responseURL).pathname === new URL(form.getAttribute("hx-post"), location).pathname;
    if (!is) { event.detail.shouldSwap = false; down(); }
    else if (words() === sent) store((shelves) => shelves.removeItem(shelf));
  });
  for (const kind of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) document.addEventListener(kind, (event) => { if (own(event)) down(); });

  // What was opened stays open when the previews come anew.
  let wide = [];
  const seen = document.getElementById("xem-truoc");
  seen.addEventListener("htmx:beforeSwap", () => { wide = [...seen.querySelectorAll("details[open]")].map((one) => one.id); });
  seen.addEventListener("htmx:afterSwap", () => { wide.forEach((id) => document.getElementById(id)?.setAttribute("open", "")); });
  document.addEventListener("DOMContentLoaded", () => setTimeout(recall)); // when the page listens for what is typed
})();
