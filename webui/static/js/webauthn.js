// FIDO2 keys. form[data-key-act="check|register"] with data-key-ask: on submit the server is asked
// for its question, the key answers it, and the form goes with the answer in input[name="answer"].
import { post } from "./net.js";

const SAYS = {
  waiting: "鍵に触れてください。",
  refused: "鍵から答えがありませんでした。差し直して、もう一度押してください。",
  missing: "このブラウザーでは鍵を使えません。システム管理者に伝えてください。",
};

function tell(form, text) {
  const place = form.querySelector("[data-key-says]");
  if (place) place.textContent = text;
}

async function answerOf(form) {
  const response = await post(form.dataset.keyAsk, {});
  const question = await response.json();
  if (form.dataset.keyAct === "register") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(question);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(question);
  return navigator.credentials.get({ publicKey });
}

async function onSubmit(event) {
  const form = event.target;
  const place = form.matches?.("[data-key-act]") ? form.querySelector('input[name="answer"]') : null;
  if (!place || place.value) return;
  event.preventDefault();
  if (!window.PublicKeyCredential) {
    tell(form, SAYS.missing);
    return;
  }
  tell(form, SAYS.waiting);
  try {
    place.value = JSON.stringify((await answerOf(form)).toJSON());
    form.submit();
  } catch {
    tell(form, SAYS.refused);
  }
}

export function startKeysOfPersons() {
  document.addEventListener("submit", onSubmit, true);
}
