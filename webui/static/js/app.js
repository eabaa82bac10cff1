// Entry point: starts every module once. All of them listen on the document, so fragments
// swapped in later need no second start.
import { startClock } from "./clock.js";
import { startDateFields } from "./datefield.js";
import { startDesk } from "./desk.js";
import { startDialogs } from "./dialog.js";
import { startDrafts } from "./draft.js";
import { startForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startLock } from "./lock.js";
import { startOutcome } from "./outcome.js";
import { startPermits } from "./permit.js";
import { startProgress } from "./progress.js";
import { startTables } from "./table.js";
import { startUploads } from "./upload.js";
import { startKeysOfPersons } from "./webauthn.js";

startKeysOfPersons();
startForms();
startKeys();
startDialogs();
startClock();
startPermits();
startDesk();
startDrafts();
startOutcome();
startDateFields();
startTables();
startProgress();
startUploads();
startLock();
