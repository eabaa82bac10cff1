// The dial permit on the screen: counts down, warns, and at 0 takes the number out of the page.
//   [data-permit="64"] data-permit-total="90"   seconds left when the fragment was made
//   [data-permit-secret]   removed from the DOM at 0 (number, confirm and renew buttons)
//   [data-permit-seconds]  text of the seconds      progress   the bar
//   [data-permit-ended]    shown at 0: why it ended and which key asks again
import { secondsSince, stamp } from "./clock.js";
import { say } from "./net.js";

const SPOKEN_AT = [30, 10];
const seen = new WeakMap();

function memoryOf(panel) {
  if (!seen.has(panel)) seen.set(panel, { at: stamp(), said: new Set(), over: false });
  return seen.get(panel);
}

function end(panel) {
  const held = panel.contains(document.activeElement);
  for (const secret of panel.querySelectorAll("[data-permit-secret]")) secret.remove();
  for (const outside of document.querySelectorAll("[data-permit-outside]")) outside.remove();
  panel.dataset.ended = "yes";
  const why = panel.querySelector("[data-permit-ended]");
  if (why) {
    why.hidden = false;
    say(why.textContent.replace(/\s+/g, " ").trim());
    if (held) why.querySelector("button, a")?.focus();
  }
  document.dispatchEvent(new CustomEvent("dialer:permit-ended"));
}

function show(panel, left, memory) {
  const total = Number(panel.dataset.permitTotal ?? 90);
  const seconds = panel.querySelector("[data-permit-seconds]");
  if (seconds) seconds.textContent = String(left);
  const bar = panel.querySelector("progress");
  if (bar) bar.value = left;
  const near = left <= Math.min(20, total / 2);
  panel.dataset.tone = near ? "care" : "plain";
  if (bar) bar.dataset.tone = near ? "care" : "plain";
  const word = panel.querySelector("[data-permit-near]");
  if (word) word.hidden = !near;
  for (const mark of SPOKEN_AT) {
    if (left <= mark && left > mark - 3 && !memory.said.has(mark)) {
      memory.said.add(mark);
      say(`発信許可は あと${left}秒です。`);
    }
  }
}

function tick() {
  for (const panel of document.querySelectorAll("[data-permit]")) {
    const memory = memoryOf(panel);
    if (memory.over) continue;
    const left = Math.max(0, Math.ceil(Number(panel.dataset.permit) - secondsSince(memory.at)));
    if (left > 0) {
      show(panel, left, memory);
    } else {
      memory.over = true;
      end(panel);
    }
  }
}

export function startPermits() {
  tick();
  setInterval(tick, 250);
  document.addEventListener("htmx:afterSettle", tick);
  document.addEventListener("visibilitychange", tick);
}
