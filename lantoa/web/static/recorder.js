// Recording at the desk, where the browser has a microphone; without this script a file is chosen and sent.
"use strict";
(() => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-plays]"), sound = button && document.getElementById(button.dataset.plays);
    if (!sound) return;
    sound.currentTime = Number(button.dataset.at);
    sound.play();
  });
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return;

  document.querySelectorAll(".recorder").forEach((box) => {
    const button = box.querySelector("button"), said = button.querySelector("span"), clock = box.querySelector("[role=timer]"), status = box.querySelector("[role=status]");
    const input = box.closest("form").querySelector("input[type=file]");
    let recorder = null, ticking = 0, heard = null;
    box.hidden = false;
    const written = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

    async function start() {
      const voice = { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: true };
      let stream;
      try { stream = await navigator.mediaDevices.getUserMedia({ audio: voice }); } catch { status.textContent = box.dataset.denied; return; }
      const parts = [], begun = Date.now();
      recorder = new MediaRecorder(stream, { audioBitsPerSecond: 96000 });
      recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
      recorder.addEventListener("stop", () => { stream.getTracks().forEach((track) => track.stop()); take(new Blob(parts, { type: recorder.mimeType })); recorder = null; });
      recorder.start(1000);
      said.textContent = box.dataset.stop;
      status.textContent = "";
      ticking = setInterval(() => { clock.textContent = written((Date.now() - begun) / 1000); }, 250);
    }
    function stop() {
      clearInterval(ticking);
      recorder.stop();
      said.textContent = box.dataset.start;
    }
    // What was recorded becomes the file of the form, and is heard before it is sent.
    function take(blob) {
      const files = new DataTransfer();
      files.items.add(new File([blob], blob.type.includes("mp4") ? "thu-am.m4a" : "thu-am.webm", { type: blob.type }));
      input.files = files.files;
      heard?.remove();
      heard = document.createElement("audio");
      heard.controls = true;
      heard.src = URL.createObjectURL(blob);
      heard.setAttribute("aria-label", box.dataset.done);
      box.append(heard);
      status.textContent = box.dataset.done;
    }
    button.addEventListener("click", () => (recorder ? stop() : start()));
    window.addEventListener("beforeunload", (event) => { if (recorder) event.preventDefault(); });
  });
})();
