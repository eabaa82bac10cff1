// Long work: [data-progress-url] is asked every second (data-progress-every, ms) until it answers
//   {"done": 842, "total": 1204, "text": "1,204行のうち 842行", "finished": false, "next": "/path"}
// finished with next opens that page; finished without it reloads.
import { getJson, ownPath, say } from "./net.js";

const PATIENCE = 5;
const running = new WeakSet();

function show(box, answer) {
  const bar = box.querySelector("progress");
  if (bar && Number.isFinite(answer.total)) {
    bar.max = Math.max(1, answer.total);
    bar.value = answer.done;
  }
  const line = box.querySelector("[data-progress-text]");
  if (line && answer.text) line.textContent = answer.text;
}

async function watch(box) {
  let failures = 0;
  const every = Math.max(500, Number(box.dataset.progressEvery) || 1000);
  while (box.isConnected && failures < PATIENCE) {
    try {
      const answer = await getJson(box.dataset.progressUrl);
      failures = 0;
      show(box, answer);
      if (answer.finished) {
        say(answer.text ?? "終わりました");
        if (ownPath(answer.next)) window.location.assign(answer.next);
        else window.location.reload();
        return;
      }
    } catch {
      failures += 1;
    }
    await new Promise((wake) => { setTimeout(wake, every * (failures + 1)); });
  }
  const lost = box.querySelector("[data-progress-lost]");
  if (box.isConnected && lost) lost.hidden = false;
}

function scan() {
  for (const box of document.querySelectorAll("[data-progress-url]")) {
    if (running.has(box)) continue;
    running.add(box);
    watch(box);
  }
}

export function startProgress() {
  scan();
  document.addEventListener("htmx:afterSettle", scan);
}
