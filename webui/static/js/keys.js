// Shortcuts. data-key="F2" | "Alt+K" | "Ctrl+Enter" on any element: the key clicks it, or
// focuses it when it takes text. Letters go by event.code, so they work while the IME is on;
// while the IME converts, no shortcut acts.
import { reasonOf } from "./forms.js";
import { say } from "./net.js";

const SETTLE_MS = 50;
let composedAt = -Infinity;
let fieldBefore = null;

/** True while the IME owns the keyboard, and for the Enter that ends a conversion. */
export function imeOwns(event) {
  if (event.isComposing || event.keyCode === 229) return true;
  return event.key === "Enter" && performance.now() - composedAt < SETTLE_MS;
}

/** True for elements whose digits and letters are text. */
export function takesText(element) {
  if (!element) return false;
  if (element.isContentEditable || element.tagName === "TEXTAREA" || element.tagName === "SELECT") return true;
  return element.tagName === "INPUT" && !/^(radio|checkbox|button|submit|file)$/.test(element.type);
}

function nameOf(event) {
  if (event.shiftKey || event.metaKey || event.getModifierState("AltGraph")) return "";
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  if (event.altKey && !event.ctrlKey && letter) return `Alt+${letter}`;
  if (event.ctrlKey && !event.altKey && event.key === "Enter") return "Ctrl+Enter";
  if (!event.altKey && !event.ctrlKey && /^F[1-4]$/.test(event.key)) return event.key;
  return "";
}

function scope() {
  return document.querySelector("dialog[open]") ?? document;
}

function find(name) {
  const all = [...scope().querySelectorAll(`[data-key="${CSS.escape(name)}"]`)];
  return all.find((element) => element.checkVisibility());
}

function act(element) {
  if (takesText(element)) {
    fieldBefore = document.activeElement;
    element.focus();
    element.select?.();
  } else if (element.getAttribute("aria-disabled") === "true") {
    element.focus();
    say(reasonOf(element) || element.textContent.trim());
  } else {
    element.click();
  }
}

function openKeyList() {
  const list = document.getElementById("key-list");
  if (list && !list.open) list.showModal();
}

function answer(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return false;
  const box = document.activeElement?.closest?.("[data-answers]");
  if (!box || takesText(document.activeElement)) return false;
  const buttons = [...box.querySelectorAll("[data-answer]")];
  if (/^[0-9]$/.test(event.key)) {
    const chosen = buttons.find((button) => button.dataset.answer === event.key);
    if (chosen) act(chosen);
    return Boolean(chosen);
  }
  const step = { ArrowDown: 2, ArrowUp: -2, ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const next = step && buttons[buttons.indexOf(document.activeElement) + step];
  if (next) next.focus();
  return Boolean(step);
}

function tabs(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const bar = step && !event.altKey && document.activeElement?.closest?.("[data-tabs]");
  if (!bar) return false;
  const links = [...bar.querySelectorAll("a")];
  links[(links.indexOf(document.activeElement) + step + links.length) % links.length].focus();
  return true;
}

function escape() {
  for (const open of document.querySelectorAll("details.account[open]")) {
    open.open = false;
    open.querySelector("summary").focus();
    return true;
  }
  if (fieldBefore?.isConnected && takesText(document.activeElement)) {
    fieldBefore.focus();
    fieldBefore = null;
    return true;
  }
  return false;
}

function onKey(event) {
  if (imeOwns(event)) {
    // The Enter that ends a conversion must not send the form either.
    if (event.key === "Enter" && !event.isComposing) event.preventDefault();
    return;
  }
  if (event.defaultPrevented) return;
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
    if (escape()) event.preventDefault();
    return;
  }
  if (document.body.dataset.keys === "off") return;
  if (event.key === "?" && !takesText(document.activeElement)) {
    event.preventDefault();
    openKeyList();
    return;
  }
  const name = nameOf(event);
  const target = name && find(name);
  if (target) act(target);
  else if (name === "F1") openKeyList();
  else if (!answer(event) && !tabs(event)) return;
  event.preventDefault();
}

export function startKeys() {
  document.addEventListener("compositionend", () => { composedAt = performance.now(); }, true);
  document.addEventListener("keydown", onKey);
}
