// The confirm screen: what is sent comes back as the parts that changed; the keyboard is enough. Without this script
// every button and link loads a page that does the same.
"use strict";
(() => {
  const reads = document.querySelector(".reads"), home = document.getElementById("noi");
  if (!reads || !home) return;
  const rows = () => [...reads.querySelectorAll(".read")];
  let busy = false;

  // Only one row is in the order of the Tab key; the arrows go on from there.
  function rove(row, focus = true, scroll = true) {
    rows().forEach((one) => { one.tabIndex = one === row ? 0 : -1; });
    if (focus) row?.focus({ preventScroll: true });
    if (focus && scroll) row?.scrollIntoView({ block: "nearest" });
  }
  const near = (row, step) => { const all = rows(); return all[all.indexOf(row) + step]; };
  const nextOpen = (row) => { const all = rows(), open = all.filter((one) => one.classList.contains("open")); return open.find((one) => all.indexOf(one) > all.indexOf(row)) || open[0]; };

  function place(html, link) {
    const parts = new DOMParser().parseFromString(html, "text/html").body;
    for (const part of [...parts.children]) {
      const there = document.getElementById(part.id);
      if (part.id === "bao") there.textContent = part.textContent.replace(/\s+/g, " ").trim();
      else if (there) there.replaceWith(part);
      else link?.closest(".lack")?.before(part);
    }
  }

  async function ask(address, options, link) {
    if (busy) return false;
    busy = true;
    try {
      const answer = await fetch(address, { ...options, headers: { "HX-Request": "true" } });
      if (answer.headers.get("HX-Redirect")) { leave(answer.headers.get("HX-Redirect")); return false; }
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      place(await answer.text(), link);
      return true;
    } catch { location.reload(); return false; } finally { busy = false; }
  }
  function leave(address) {
    const to = new URL(address, location.href);
    if (to.pathname === location.pathname && to.hash) history.replaceState(null, "", to);
    if (to.pathname === location.pathname) location.reload(); else location.assign(to);
  }

  async function say(form, name, path) {
    const row = rows().find((one) => one.dataset.path === path), next = row && (nextOpen(row) !== row ? nextOpen(row) : null);
    const data = new FormData(form), key = row?.id;
    data.append(name, path);
    if (!(await ask(form.getAttribute("action"), { method: "POST", body: data }))) return;
    const now = document.getElementById(key);
    const editing = now?.querySelector(".edit [name=value]");
    if (editing) { rove(now, false); editing.focus(); } else rove((now?.classList.contains("done") && name !== "reopen" && next && document.getElementById(next.id)) || now);
  }
  async function edit(row, address, link) {
    const key = row?.id || new URL(address, location.href).hash.slice(1);
    if (!(await ask(address.split("#")[0], {}, link))) return;
    const now = document.getElementById(key);
    rove(now, false);
    const input = now?.querySelector("[name=value], .edit button");
    if (input) { input.focus(); input.select?.(); } else now?.focus();
  }
  const editing = (row) => `?sua=${encodeURIComponent(row.dataset.path)}`, shown = (row) => `?xem=${encodeURIComponent(row.dataset.path)}`;

  document.addEventListener("submit", (event) => {
    const by = event.submitter, form = event.target;
    if (!by?.name || !["confirm", "correct", "absent", "reopen"].includes(by.name)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(form, by.name, by.value);
  }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('.reads a[href^="?sua="], .reads a[href^="?xem="]');
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    edit(link.closest(".read"), link.getAttribute("href"), link);
  });
  reads.addEventListener("focusin", (event) => { const row = event.target.closest(".read"); if (row) rove(row, false); });

  const KEYS = {
    j: (row) => rove(near(row, 1) || row), k: (row) => rove(near(row, -1) || row),
    Enter: (row) => say(home, "confirm", row.dataset.path), n: (row) => say(home, "absent", row.dataset.path),
    u: (row) => row.classList.contains("done") && say(home, "reopen", row.dataset.path), e: (row) => edit(row, editing(row)),
    "?": () => { const keys = document.querySelector(".keys"); keys.open = !keys.open; },
  };
  KEYS.ArrowDown = KEYS.j; KEYS.ArrowUp = KEYS.k;
  reads.addEventListener("keydown", (event) => {
    const row = event.target.closest(".read");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && row.querySelector(".edit")) { event.preventDefault(); edit(row, shown(row)); return; }
    const act = event.target === row && (KEYS[event.key] || KEYS[event.key.toLowerCase()]);
    if (!act) return;
    event.preventDefault();
    act(row);
  });

  const whole = document.querySelector(".pen.whole");
  if (whole) whole.hidden = false;
  whole?.addEventListener("click", () => { const open = whole.closest(".page").classList.toggle("wide-open"); whole.setAttribute("aria-expanded", open); });

  const asked = document.getElementById(location.hash.slice(1))?.closest?.(".read");
  const first = asked || rows().find((one) => one.classList.contains("open")) || rows()[0];
  const isWide = matchMedia("(min-width: 62rem)").matches;
  if (!document.querySelector(".edit")) rove(first, Boolean(asked) || (isWide && Boolean(first?.classList.contains("open"))), Boolean(asked));
})();
