// Small helps; every page works without them.
"use strict";

// A field and the words it was read from light each other.
function lightPairs() {
  const page = document.querySelector(".page");
  if (!page) return;
  const light = (mark, scroll) => {
    document.querySelectorAll(".lit").forEach((node) => node.classList.remove("lit"));
    if (!mark) return;
    const words = [...page.querySelectorAll("[data-marks]")].filter((node) => node.dataset.marks.split(" ").includes(mark));
    words.forEach((node) => node.classList.add("lit"));
    document.getElementById(`f-${mark}`)?.classList.add("lit");
    const seen = words.find((node) => node.getClientRects().length), sheet = seen?.closest(".sheet, .leaves");
    if (scroll && sheet && sheet.scrollHeight > sheet.clientHeight) {
      sheet.scrollTop += seen.getBoundingClientRect().top - sheet.getBoundingClientRect().top - sheet.clientHeight / 3;
    }
  };
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const field = event.target.closest?.(".read");
      const words = event.target.closest?.("[data-marks]");
      if (field) light(field.id.slice(2), true);
      else if (words) light(words.dataset.marks.split(" ")[0], false);
    });
  }
}

// A letter may be dropped anywhere on the upload box.
function dropFiles() {
  document.querySelectorAll(".drop").forEach((box) => {
    const input = box.querySelector("input[type=file]");
    for (const kind of ["dragover", "dragenter"]) box.addEventListener(kind, (event) => { event.preventDefault(); box.classList.add("over"); });
    for (const kind of ["dragleave", "drop"]) box.addEventListener(kind, () => box.classList.remove("over"));
    box.addEventListener("drop", (event) => { event.preventDefault(); if (event.dataTransfer.files.length) input.files = event.dataTransfer.files; });
  });
}

// A long list of choices is narrowed by typing, with or without accents.
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
function narrowChoices() {
  document.querySelectorAll("[data-narrows]").forEach((input) => {
    input.closest("[hidden]")?.removeAttribute("hidden");
    const labels = document.getElementById(input.dataset.narrows).querySelectorAll("label");
    input.addEventListener("input", () => labels.forEach((label) => { label.parentElement.hidden = !fold(label.textContent).includes(fold(input.value)); }));
  });
}

// A filter takes effect when chosen; a form is sent once.
function eagerForms() {
  document.querySelectorAll("form[data-eager] select, form[data-eager] input[type=checkbox]").forEach((input) => input.addEventListener("change", () => input.form.requestSubmit()));
  document.querySelectorAll("form[method=post]").forEach((form) => form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  }));
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
}

document.addEventListener("DOMContentLoaded", () => { lightPairs(); dropFiles(); narrowChoices(); eagerForms(); });
