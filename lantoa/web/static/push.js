// "Nhận thông báo trên máy này": offered only where browser, server and owner can all do it. The page works without.
"use strict";

(() => {
  const box = document.getElementById("thong-bao");
  const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!box || !can) return;
  const button = box.querySelector("button"), said = box.querySelector("[role=status]");
  const { key, address, place, on, off, denied, failed, wait } = box.dataset;

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "="));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const isSame = (a, b) => a && a.byteLength === b.byteLength && new Uint8Array(a).every((one, at) => one === b[at]);

  const tell = async (method, subscription) => {
    const answer = await fetch(address, {
      method, credentials: "omit", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ subscription, place }),
    });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.said || failed);
    return told.said;
  };

  const show = (isOn) => {
    button.textContent = isOn ? off : on;
    button.setAttribute("aria-pressed", String(isOn));
  };

  const standing = async () => {
    const worker = await navigator.serviceWorker.getRegistration("/c/");
    const found = await worker?.pushManager.getSubscription();
    if (found && !isSame(found.options.applicationServerKey, bytes(key))) {  // made for a key that is no longer ours
      await found.unsubscribe();
      return null;
    }
    return found || null;
  };

  const begin = async () => {
    if (await Notification.requestPermission() !== "granted") throw new Error(denied);
    const worker = await navigator.serviceWorker.register("/sw.js", { scope: "/c/" });
    const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
    try {
      return await tell("POST", made);
    } catch (error) {
      await made.unsubscribe();  // we do not know this browser: it shall not think we did
      throw error;
    }
  };

  const end = async (found) => {
    const words = await tell("DELETE", found);
    await found.unsubscribe();
    return words;
  };

  button.addEventListener("click", async () => {
    button.disabled = true;
    said.textContent = wait;
    try {
      const found = await standing();
      said.textContent = await (found ? end(found) : begin());
      show(!found);
    } catch (error) {
      said.textContent = error.name === "Error" ? error.message : failed;
    }
    button.disabled = false;
  });

  standing().then((found) => show(Boolean(found)), () => show(false)).finally(() => { box.hidden = false; });
})();
