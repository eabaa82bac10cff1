// Rows under the keys: up/down move, Space picks, Shift+down extends, Enter opens, PageUp/PageDown turn.
//   table[data-rows]            rows carry tabindex (0 on the first, -1 on the others)
//   [data-pick-all]             the box in the head
//   [data-bulk-for="tableId"]   bulk bar: [data-bulk-count], [data-bulk-some], [data-bulk-none], [data-bulk-act]

function rowsOf(table) {
  return [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.tabIndex >= -1 && row.dataset.row !== undefined);
}

function boxOf(row) {
  return row.querySelector("[data-pick]");
}

function paint(table) {
  const boxes = rowsOf(table).map(boxOf).filter(Boolean);
  for (const box of boxes) box.closest("tr").classList.toggle("picked", box.checked);
  const picked = boxes.filter((box) => box.checked).length;
  const all = table.querySelector("[data-pick-all]");
  if (all) {
    all.checked = picked > 0 && picked === boxes.length;
    all.indeterminate = picked > 0 && picked < boxes.length;
  }
  for (const bar of document.querySelectorAll(`[data-bulk-for="${CSS.escape(table.id)}"]`)) paintBar(bar, picked);
}

function paintBar(bar, picked) {
  bar.dataset.picked = picked > 0 ? "some" : "none";
  const count = bar.querySelector("[data-bulk-count]");
  if (count) count.textContent = String(picked);
  for (const part of bar.querySelectorAll("[data-bulk-some]")) part.hidden = picked === 0;
  for (const part of bar.querySelectorAll("[data-bulk-none]")) part.hidden = picked > 0;
  for (const act of bar.querySelectorAll("[data-bulk-act] .button, .button[data-bulk-act]")) {
    act.setAttribute("aria-disabled", String(picked === 0));
  }
}

function pick(row, yes) {
  const box = boxOf(row);
  if (!box || box.disabled) return;
  box.checked = yes ?? !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function goTo(rows, row) {
  if (!row) return;
  for (const each of rows) each.tabIndex = each === row ? 0 : -1;
  row.focus();
}

function turn(table, which) {
  const region = table.closest(".region") ?? document;
  const link = region.querySelector(`[data-pager="${which}"]`);
  if (!link || link.getAttribute("aria-disabled") === "true") return false;
  link.click();
  return true;
}

function onKey(event) {
  const row = event.target;
  if (row.tagName !== "TR" || event.isComposing || event.ctrlKey || event.altKey) return;
  const table = row.closest("table[data-rows]");
  if (!table) return;
  const rows = rowsOf(table);
  const at = rows.indexOf(row);
  let used = true;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = rows[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (event.shiftKey) {
      pick(row, true);
      if (next) pick(next, true);
    }
    goTo(rows, next);
  } else if (event.key === "Home") goTo(rows, rows[0]);
  else if (event.key === "End") goTo(rows, rows.at(-1));
  else if (event.key === " ") pick(row);
  else if (event.key === "Enter") row.querySelector("a[href]")?.click();
  else if (event.key === "PageDown") used = turn(table, "next");
  else if (event.key === "PageUp") used = turn(table, "prev");
  else used = false;
  if (used) event.preventDefault();
}

function onChange(event) {
  const table = event.target.closest?.("table[data-rows]");
  if (!table) return;
  if (event.target.matches("[data-pick-all]")) {
    for (const box of rowsOf(table).map(boxOf)) if (box && !box.disabled) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-pick-all], [data-pick]")) paint(table);
}

function paintAll() {
  for (const table of document.querySelectorAll("table[data-rows]")) paint(table);
}

export function startTables() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", onChange);
  document.addEventListener("htmx:afterSettle", paintAll);
  window.addEventListener("pageshow", paintAll);
  paintAll();
}
