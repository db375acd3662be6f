// Shows notices that somebody asked for on a public page, and opens what they lead to. Only this origin is opened.
"use strict";

const HOME = "/c/";

// An address of our own, or none: what a notice leads to comes from a message.
function ours(address) {
  try {
    const url = new URL(address, self.location.origin);
    return url.origin === self.location.origin ? url.href : "";
  } catch {
    return "";
  }
}

function read(data) {
  try {
    const notice = data.json();
    if (notice && typeof notice === "object" && notice.title) return notice;
  } catch {
    // not what we send: its words are shown all the same, because a push must show something
  }
  return { title: data?.text().slice(0, 100) || "Lan Tỏa" };
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const notice = event.data ? read(event.data) : { title: "Lan Tỏa" };
  const refuse = ours(notice.opt_out || "");
  const english = String(notice.lang || "").startsWith("en");
  event.waitUntil(self.registration.showNotification(String(notice.title), {
    body: String(notice.body || ""),
    lang: String(notice.lang || "vi"),
    tag: String(notice.tag || ""),
    data: { url: ours(notice.url || ""), refuse },
    actions: refuse ? [{ action: "refuse", title: english ? "Stop notices" : "Từ chối nhận tin" }] : [],
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url, refuse } = event.notification.data || {};
  const address = event.action === "refuse" ? refuse : url || new URL(HOME, self.location.origin).href;
  if (!address) return;
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: "window" });
    const here = open.find((client) => client.url === address);
    return here ? here.focus() : self.clients.openWindow(address);
  })());
});
