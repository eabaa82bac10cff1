// Native dialogs: data-opens="id" opens, data-closes closes the one around it. The first focus
// is on the safe choice (autofocus), Escape is the safe choice, the browser returns the focus.

function onClick(event) {
  const opener = event.target.closest?.("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog && !dialog.open) dialog.showModal();
    return;
  }
  event.target.closest?.("[data-closes]")?.closest("dialog")?.close();
}

/** An irreversible act stays dead until the exact words or number have been typed. */
function onTyped(event) {
  const wanted = event.target.dataset?.confirms;
  if (wanted === undefined) return;
  const button = document.getElementById(event.target.dataset.unlocks);
  if (!button) return;
  const same = event.target.value.normalize("NFKC").trim() === wanted;
  const otherwiseDead = button.dataset.blocked === "yes";
  button.setAttribute("aria-disabled", String(!same || otherwiseDead));
}

export function startDialogs() {
  document.addEventListener("click", onClick);
  document.addEventListener("input", onTyped);
}
