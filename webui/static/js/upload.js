// File fields: which files are chosen, in Japanese; too much is said before it is sent.
import { say } from "./net.js";

const MIB = 1024 * 1024;

function sizeText(bytes) {
  return bytes < MIB ? `${Math.max(1, Math.round(bytes / 1024))}KB` : `${(bytes / MIB).toFixed(1)}MB`;
}

function chosenText(files) {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const names = files.map((file) => file.name).join("、");
  return files.length === 1 ? `${names}（${sizeText(size)}）` : `${files.length}個：${names}（合わせて${sizeText(size)}）`;
}

function show(event) {
  const box = event.target.closest?.("[data-upload]");
  if (!box || event.target.type !== "file") return;
  const chosen = box.querySelector("[data-upload-chosen]");
  chosen.dataset.none ??= chosen.textContent;
  const files = [...event.target.files];
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > Number(box.dataset.uploadMost)) {
    event.target.value = "";
    chosen.textContent = `${sizeText(size)}あります。合わせて${sizeText(Number(box.dataset.uploadMost))}までにして、選び直してください。`;
    say(chosen.textContent);
    return;
  }
  chosen.textContent = files.length ? chosenText(files) : chosen.dataset.none;
}

export function startUploads() {
  document.addEventListener("change", show);
}
