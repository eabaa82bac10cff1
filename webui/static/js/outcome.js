// Select by typing: code, kana, kanji or a part of the word. [data-combo] holds an input
// (role=combobox), a hidden input with the chosen code, and a listbox of all options:
//   <li role="option" data-code="51" data-find="のうふやくそく">…</li>
// The hidden input fires "change"; with hx-get/hx-post on it the required fields come at once.
import { imeOwns } from "./keys.js";
import { say } from "./net.js";

const MOST = 7;

/** Half width, lower case, katakana to hiragana, no spaces: what typing is compared with. */
export function fold(text) {
  const hira = (ch) => String.fromCharCode(ch.charCodeAt(0) - 0x60);
  return text.normalize("NFKC").toLowerCase().replace(/[ァ-ヶ]/g, hira).replace(/[\s・、（）()]+/g, "");
}

function parts(box) {
  return {
    input: box.querySelector('[role="combobox"]'),
    value: box.querySelector("[data-combo-value]"),
    list: box.querySelector('[role="listbox"]'),
    none: box.querySelector("[data-combo-none]"),
    options: [...box.querySelectorAll('[role="option"]')],
  };
}

function rank(option, query) {
  const code = fold(option.dataset.code);
  if (code === query) return 0;
  if (code.startsWith(query)) return 1;
  const word = fold(option.dataset.label);
  const kana = fold(option.dataset.find ?? "");
  if (word.startsWith(query) || kana.startsWith(query)) return 2;
  return word.includes(query) || kana.includes(query) ? 3 : 9;
}

function highlight(option, typed) {
  const place = option.querySelector("[data-combo-label]");
  const label = option.dataset.label;
  const at = typed ? label.indexOf(typed) : -1;
  place.textContent = at < 0 ? label : label.slice(0, at);
  if (at < 0) return;
  const mark = document.createElement("mark");
  mark.textContent = typed;
  place.append(mark, label.slice(at + typed.length));
}

function select(p, option) {
  for (const each of p.options) each.setAttribute("aria-selected", String(each === option));
  if (option) p.input.setAttribute("aria-activedescendant", option.id);
  else p.input.removeAttribute("aria-activedescendant");
}

function shown(p) {
  return [...p.list.querySelectorAll('[role="option"]')].filter((option) => !option.hidden);
}

function open(p, yes) {
  p.input.setAttribute("aria-expanded", String(yes));
  p.list.hidden = !yes;
  if (!yes && p.none) p.none.hidden = true;
}

function filter(box) {
  const p = parts(box);
  // The text of the taken option is no question: it shows everything again.
  const untouched = p.input.dataset.taken && p.input.value === p.input.dataset.taken;
  const typed = untouched ? "" : p.input.value.normalize("NFKC").trim();
  const query = fold(typed);
  const byRank = p.options.map((option) => [query ? rank(option, query) : 2, Number(option.dataset.place), option]);
  byRank.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let count = 0;
  for (const [score, , option] of byRank) {
    option.hidden = score > 3 || count >= MOST;
    if (!option.hidden) count += 1;
    highlight(option, typed);
    p.list.append(option);
  }
  open(p, count > 0);
  if (p.none) p.none.hidden = count > 0;
  const list = shown(p);
  select(p, (untouched && list.find((option) => option.dataset.code === p.value.value)) || list[0] || null);
}

function take(box, option) {
  const p = parts(box);
  const changed = p.value.value !== option.dataset.code;
  p.value.value = option.dataset.code;
  p.input.value = `${option.dataset.code} ${option.dataset.label}`;
  p.input.dataset.taken = p.input.value;
  p.input.removeAttribute("aria-invalid");
  if (box.dataset.combo === "float") open(p, false);
  say(`${p.input.value} を選びました`);
  if (changed) p.value.dispatchEvent(new Event("change", { bubbles: true }));
}

function onKey(event) {
  const box = event.target.closest?.("[data-combo]");
  if (!box || event.target.getAttribute("role") !== "combobox" || imeOwns(event)) return;
  const p = parts(box);
  const list = shown(p);
  const at = list.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (p.list.hidden) filter(box);
    else select(p, list[Math.min(list.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))]);
  } else if (event.key === "Enter" && !event.ctrlKey && !p.list.hidden && at >= 0) {
    event.preventDefault();
    take(box, list[at]);
  } else if (event.key === "Escape" && !p.list.hidden) {
    event.preventDefault();
    p.input.value = p.input.dataset.taken ?? "";
    if (box.dataset.combo === "float") open(p, false);
    else filter(box);
  }
}

function onInput(event) {
  const box = event.target.closest?.("[data-combo]");
  if (box && event.target.getAttribute("role") === "combobox") filter(box);
}

function onLeave(event) {
  const box = event.target.closest?.('[data-combo="float"]');
  if (!box || box.contains(event.relatedTarget)) return;
  const p = parts(box);
  p.input.value = p.input.value.trim() === "" ? "" : (p.input.dataset.taken ?? p.input.value);
  if (p.input.value === "" && p.value.value !== "") {
    p.value.value = "";
    p.input.dataset.taken = "";
    p.value.dispatchEvent(new Event("change", { bubbles: true }));
  }
  open(p, false);
}

export function startOutcome() {
  document.addEventListener("input", onInput);
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusout", onLeave);
  document.addEventListener("focusin", (event) => event.target.matches?.('[data-combo] [role="combobox"]') && event.target.select());
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest?.('[data-combo] [role="option"]');
    if (!option) return;
    event.preventDefault(); // the focus stays in the text box
    take(option.closest("[data-combo]"), option);
  });
}
