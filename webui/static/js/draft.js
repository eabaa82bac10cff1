// Drafts live on the server. form[data-draft-url] is sent a moment after the last change;
// the answer {"text": "下書きを保存しました 19:08:31"} goes to [data-draft-status].
import { connection, post } from "./net.js";

const QUIET_MS = 800;
const RETRY_MS = 5000;
const LOST = "接続が切れています。入力は続けられます。戻りしだい保存します。";
const waiting = new Map();

function statusOf(form) {
  const id = form.dataset.draftStatus;
  return id ? document.getElementById(id) : form.querySelector("[data-draft-status-line]");
}

async function save(form, options) {
  waiting.delete(form);
  if (!form.isConnected) return;
  const line = statusOf(form);
  const version = form.dataset.draftVersion;
  try {
    const response = await post(form.dataset.draftUrl, new FormData(form), options);
    const answer = response.status === 204 ? {} : await response.json();
    connection(false);
    if (form.dataset.draftVersion === version) form.dataset.draftDirty = "no";
    if (line && answer.text) line.textContent = answer.text;
  } catch {
    connection(true);
    if (line) line.textContent = LOST;
    later(form, RETRY_MS);
  }
}

function later(form, wait) {
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => save(form), wait));
}

function onChange(event) {
  const form = event.target.form ?? event.target.closest?.("form");
  if (!form?.dataset.draftUrl) return;
  form.dataset.draftDirty = "yes";
  form.dataset.draftVersion = String(Number(form.dataset.draftVersion ?? 0) + 1);
  later(form, QUIET_MS);
}

/** Leaving by Alt+Left, F5 or closing: send what is still waiting, without holding the page. */
export function flushDrafts() {
  for (const [form, timer] of waiting) {
    clearTimeout(timer);
    save(form, { keepalive: true });
  }
}

export function startDrafts() {
  document.addEventListener("input", onChange);
  document.addEventListener("change", onChange);
  document.addEventListener("htmx:beforeRequest", flushDrafts);
  // Once the form itself is sent, a late draft must not arrive after the result.
  document.addEventListener("submit", (event) => {
    clearTimeout(waiting.get(event.target));
    waiting.delete(event.target);
  });
  window.addEventListener("pagehide", flushDrafts);
}
