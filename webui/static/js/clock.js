// Ticking text. The width never changes (tabular figures); screen readers are not told each second.
//   data-count-up="204"            seconds gone when the page was made
//   data-count-down="4888"         seconds left when the page was made
//   data-until="2022-09-20T20:30:00+09:00"   seconds left by the home's clock (body data-now)
//   data-warn-under="600"          below it: data-late="yes" and [data-late-word] of the same box is shown
//   data-clock="ISO" data-clock-prefix="訓練の時計："   the home's clock itself, in Japan time

const JAPAN_MS = 9 * 3600 * 1000;
const DAYS = "日月火水木金土";
const began = new WeakMap();
const arrived = { wall: Date.now(), steady: performance.now() };

/** Seconds since `from`; the larger of two clocks, so a sleeping computer counts too. */
export function secondsSince(from) {
  return Math.max(Date.now() - from.wall, performance.now() - from.steady) / 1000;
}

export function stamp() {
  return { wall: Date.now(), steady: performance.now() };
}

function firstSeen(element, key) {
  const known = began.get(element);
  if (known && known.key === key) return known.at;
  const at = stamp();
  began.set(element, { key, at });
  return at;
}

/** 75 -> 01:15, 4888 -> 1:21:28, 478800 -> 5日と13時間 */
export function spell(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  if (s >= 86400) return `${Math.floor(s / 86400)}日と${Math.floor((s % 86400) / 3600)}時間`;
  if (s >= 3600) return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return `${two(Math.floor(s / 60))}:${two(s % 60)}`;
}

function homeNow() {
  const made = Date.parse(document.body.dataset.now ?? "");
  return Number.isNaN(made) ? Date.now() : made + secondsSince(arrived) * 1000;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function countDown(element, left) {
  write(element, spell(Math.ceil(left)));
  const late = left <= Number(element.dataset.warnUnder ?? -1);
  const box = element.closest(".timer") ?? element;
  box.dataset.late = late ? "yes" : "no";
  const word = box.querySelector("[data-late-word]");
  if (word) word.hidden = !late;
}

function spellClock(element) {
  const made = Date.parse(element.dataset.clock);
  if (Number.isNaN(made)) return;
  const t = new Date(made + secondsSince(firstSeen(element, element.dataset.clock)) * 1000 + JAPAN_MS);
  const day = `${t.getUTCFullYear()}年${t.getUTCMonth() + 1}月${t.getUTCDate()}日（${DAYS[t.getUTCDay()]}）`;
  const time = `${t.getUTCHours()}:${String(t.getUTCMinutes()).padStart(2, "0")}`;
  write(element, `${element.dataset.clockPrefix ?? ""}${day}${time}`);
}

function tick() {
  for (const element of document.querySelectorAll("[data-count-up]")) {
    const gone = secondsSince(firstSeen(element, element.dataset.countUp));
    write(element, spell(Number(element.dataset.countUp) + gone));
  }
  for (const element of document.querySelectorAll("[data-count-down]")) {
    const gone = secondsSince(firstSeen(element, element.dataset.countDown));
    countDown(element, Number(element.dataset.countDown) - gone);
  }
  for (const element of document.querySelectorAll("[data-until]")) {
    countDown(element, (Date.parse(element.dataset.until) - homeNow()) / 1000);
  }
  for (const element of document.querySelectorAll("[data-clock]")) spellClock(element);
}

export function startClock() {
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSettle", tick);
}
