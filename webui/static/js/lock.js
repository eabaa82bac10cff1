// Idle lock. body[data-idle-seconds] without input: tell the server (POST data-lock-url), then
// take the whole page out of the DOM, so nothing personal is left on the terminal, and open the
// lock page. The page goes even when the server does not answer.
import { secondsSince, stamp } from "./clock.js";
import { flushDrafts } from "./draft.js";
import { post } from "./net.js";

const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "input"];
const SHARE_MS = 5000;
const LOCKED = "423";
const REPORT_SECONDS = 60; // the server locks too: it must know that somebody reads and scrolls
let last = stamp();
let locking = false;

function blank() {
  document.title = "画面をロックしています";
  const main = document.createElement("main");
  main.className = "work";
  const title = document.createElement("h1");
  title.textContent = "画面をロックしています";
  const text = document.createElement("p");
  text.textContent = "画面の内容は、この端末から消しました。入力中だった内容は下書きに残っています。";
  const link = document.createElement("a");
  link.href = document.body.dataset.lockPage || "/";
  link.className = "button button--solid";
  link.textContent = "続ける";
  const row = document.createElement("p");
  row.append(link);
  main.append(title, text, row);
  document.body.replaceChildren(main);
  document.body.className = "";
  return link.href;
}

async function lock() {
  if (locking) return;
  locking = true;
  const url = document.body.dataset.lockUrl;
  flushDrafts();
  const answer = post(url, {}, { keepalive: true, redirect: "manual" }).catch(() => null);
  const page = blank();
  const response = await answer;
  if (response) window.location.replace(page);
}

// A part of the page may have a limit of its own: while somebody is on the line.
function limit() {
  const own = document.querySelector("main [data-idle-seconds]") ?? document.body;
  return Number(own.dataset.idleSeconds ?? 0);
}

export function startLock() {
  if (!(limit() > 0) || !document.body.dataset.lockUrl) return;
  // Work in another window of the same person counts as work: the session is one.
  const others = new BroadcastChannel("dialer-activity");
  others.onmessage = () => { last = stamp(); };
  let told = stamp();
  let reported = stamp();
  const check = () => { if (secondsSince(last) >= limit()) lock(); };
  const active = () => {
    check(); // a computer that slept wakes up with a key: that key comes too late
    if (locking) return;
    last = stamp();
    if (secondsSince(reported) >= REPORT_SECONDS) {
      reported = stamp();
      // The server may have locked a little before this page would: then it is too late here too.
      post(document.body.dataset.activeUrl, {}).catch((fault) => { if (fault.message === LOCKED) lock(); });
    }
    if (secondsSince(told) * 1000 < SHARE_MS) return;
    told = stamp();
    others.postMessage("active");
  };
  for (const sign of SIGNS) document.addEventListener(sign, active, { passive: true, capture: true });
  setInterval(check, 1000);
  document.addEventListener("visibilitychange", check);
}
