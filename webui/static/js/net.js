// Talking to our own server and to the status line. Bodies go by POST, so no typed value
// ever stands in a URL.

function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** POST a form or plain object; resolves with the Response, rejects when it is not 2xx (or, with redirect "manual", a redirect). */
export async function post(url, fields, options = {}) {
  const body = fields instanceof FormData ? new URLSearchParams(fields) : new URLSearchParams(fields ?? {});
  const response = await fetch(url, {
    method: "POST",
    body,
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error", // a redirect means the session is over: never treat it as saved
    headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch" },
    ...options,
  });
  if (!response.ok && response.type !== "opaqueredirect") throw new Error(String(response.status));
  return response;
}

/** GET a JSON document of our own server. */
export async function getJson(url) {
  const response = await fetch(url, {
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
    headers: { "X-Requested-With": "fetch" },
  });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

/** Say something politely to screen readers; what is said also stands on the screen elsewhere. */
export function say(text) {
  const line = document.getElementById("status");
  if (line) line.textContent = text;
}

/** Only paths of this server may be opened from a JSON answer. */
export function ownPath(path) {
  return typeof path === "string" && path.startsWith("/") && !path.startsWith("//") && !path.includes("\\");
}

/** Show or take away the "connection lost" banner (role=alert). */
export function connection(lost) {
  const banner = document.getElementById("connection");
  if (banner) banner.hidden = !lost;
}
