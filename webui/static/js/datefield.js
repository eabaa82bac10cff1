// A date as people say it. The server reads it: POST data-date-url with text=… answers
//   {"iso": "2022-09-30", "text": "2022年9月30日（金）", "note": "10日後", "reason": ""}
// reason is the sentence why the day cannot be used; it turns into an error on leaving the field.
import { connection, post } from "./net.js";

const QUIET_MS = 250;
const waiting = new WeakMap();
const asked = new WeakMap();

function show(input, answer, left) {
  const place = document.getElementById(input.dataset.dateSays);
  if (!place) return;
  place.textContent = "";
  const bad = Boolean(answer.reason);
  const main = document.createElement("span");
  main.textContent = answer.text ?? "";
  const note = document.createElement("span");
  note.className = bad ? "" : "hint";
  note.textContent = answer.reason || answer.note || "";
  place.append(...[main, note].filter((part) => part.textContent));
  place.dataset.tone = bad ? (left ? "stop" : "care") : "plain";
  if (bad && left) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

async function ask(input, left) {
  clearTimeout(waiting.get(input));
  const text = input.value.trim();
  if (text === "") {
    show(input, {}, false);
    return;
  }
  const turn = (asked.get(input) ?? 0) + 1;
  asked.set(input, turn);
  try {
    const response = await post(input.dataset.dateUrl, { text });
    const answer = await response.json();
    connection(false);
    if (asked.get(input) === turn) show(input, answer, left);
  } catch {
    connection(true);
  }
}

export function startDateFields() {
  document.addEventListener("input", (event) => {
    const input = event.target;
    if (!input.dataset?.dateUrl || event.isComposing) return;
    clearTimeout(waiting.get(input));
    waiting.set(input, setTimeout(() => ask(input, false), QUIET_MS));
  });
  document.addEventListener("compositionend", (event) => {
    if (event.target.dataset?.dateUrl) ask(event.target, false);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.dataset?.dateUrl && event.target.value !== event.target.defaultValue) ask(event.target, true);
  });
}
