// Forms, fragments and toasts: nothing is sent twice, a dead button does nothing but say why,
// and a polled fragment never takes away what somebody is working in.
import { connection, say } from "./net.js";

const TOAST_MS = 8000;
const RESEND_MS = 10000; // a download leaves the page in place, so the form must live again
const toasts = new WeakMap();

export function reasonOf(element) {
  const ids = (element.getAttribute("aria-describedby") ?? "").split(/\s+/).filter(Boolean);
  return ids.map((id) => document.getElementById(id)?.textContent.trim()).filter(Boolean).join(" ");
}

function holdDeadButton(event) {
  const dead = event.target.closest?.('[aria-disabled="true"]');
  if (!dead) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  dead.focus();
  say(reasonOf(dead) || dead.textContent.trim());
}

function holdSecondSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.matches("[hx-post],[hx-get],[hx-put]")) return;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, RESEND_MS);
}

function rearm(event) {
  // A page kept by the browser may show a person again after locking: ask the server instead.
  if (event.persisted) {
    window.location.reload();
    return;
  }
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
}

function busyInside(target) {
  const active = document.activeElement;
  if (active && active !== document.body && target.contains(active)) return true;
  const picked = document.getSelection();
  return Boolean(picked && !picked.isCollapsed && target.contains(picked.anchorNode));
}

function keepFocus(event) {
  const target = event.detail.target;
  if (target?.matches?.("[data-polled]") && busyInside(target)) event.detail.shouldSwap = false;
}

function tickToasts() {
  for (const toast of document.querySelectorAll("[data-toast]:not([hidden])")) {
    const used = toasts.get(toast) ?? 0;
    const held = toast.matches(":hover") || toast.contains(document.activeElement);
    if (!held) toasts.set(toast, used + 1000);
    if (used >= TOAST_MS) toast.hidden = true;
  }
}

function closeAccount(event) {
  for (const open of document.querySelectorAll("details.account[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
}

function toFirstError() {
  const wrong = document.querySelector('main [aria-invalid="true"]');
  if (!wrong || document.activeElement !== document.body) return;
  (wrong.matches("fieldset") ? wrong.querySelector("input") : wrong)?.focus();
}

export function startForms() {
  toFirstError();
  document.addEventListener("click", holdDeadButton, true);
  document.addEventListener("click", closeAccount);
  document.addEventListener("click", (event) => {
    const toast = event.target.closest?.("[data-toast-close]")?.closest("[data-toast]");
    if (toast) toast.hidden = true;
  });
  document.addEventListener("submit", holdSecondSubmit);
  window.addEventListener("pageshow", rearm);
  document.addEventListener("htmx:beforeSwap", keepFocus);
  document.addEventListener("htmx:sendError", () => connection(true));
  document.addEventListener("htmx:afterRequest", (event) => event.detail.successful && connection(false));
  window.addEventListener("offline", () => connection(true));
  window.addEventListener("online", () => connection(false));
  setInterval(tickToasts, 1000);
}
