// The desk: focus goes where the next act is, once per stage; the line result may be typed.
//   [data-stage="greeting"]   the fragment of the current stage; a change of the value moves the focus
//   [data-focus]              where the focus goes (first visible one inside the stage)
//   form[data-line-results]   line result form: input[data-line-code], button[data-code], [data-line-error],
//                             input[data-line-at-once] becomes 1 when the code is ended with Ctrl+Enter
import { imeOwns } from "./keys.js";
import { say } from "./net.js";

let stage = null;

function moveFocus() {
  const root = document.querySelector("[data-stage]");
  if (!root) {
    stage = null;
    return;
  }
  if (root.dataset.stage === stage) return;
  stage = root.dataset.stage;
  const target = [...root.querySelectorAll("[data-focus]")].find((element) => element.checkVisibility());
  if (target) target.focus({ preventScroll: false });
  const current = root.querySelector('.steps [aria-current="step"]');
  if (current) say(`段階：${current.textContent.replace(/\s+/g, " ").trim()}`);
}

function lineError(form, text) {
  const place = form.querySelector("[data-line-error]");
  if (place) place.textContent = text;
  say(text);
}

/** Enter in the code box presses the button that carries this code; an unknown code sends nothing. */
function onLineCode(event) {
  const box = event.target;
  if (!box.matches?.("[data-line-code]") || event.key !== "Enter" || imeOwns(event)) return;
  const code = box.value.normalize("NFKC").trim();
  const form = box.closest("form");
  if (code === "" && !event.ctrlKey) return; // an empty box: Enter means つながった, the first button
  event.preventDefault();
  event.stopPropagation();
  const button = [...form.querySelectorAll("button[data-code]")].find((each) => each.dataset.code === code);
  if (button) {
    // Ctrl+Enter saves the result at once; the server asks back when it needs more.
    const atOnce = form.querySelector("[data-line-at-once]");
    if (atOnce) atOnce.value = event.ctrlKey ? "1" : "";
    button.click();
    return;
  }
  box.setAttribute("aria-invalid", "true");
  lineError(form, code ? `${code} は、ここでは使えません。一覧の番号を打ちます。` : "結果の番号を打ちます。");
}

function onLineInput(event) {
  const box = event.target;
  if (!box.matches?.("[data-line-code]")) return;
  box.removeAttribute("aria-invalid");
  const place = box.closest("form").querySelector("[data-line-error]");
  if (place) place.textContent = "";
}

export function startDesk() {
  moveFocus();
  document.addEventListener("htmx:afterSettle", moveFocus);
  document.addEventListener("keydown", onLineCode, true);
  document.addEventListener("input", onLineInput);
}
