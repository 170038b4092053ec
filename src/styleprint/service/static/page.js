// Sends the form without leaving the page, and shows each answer as it comes. Without it the form works as any form.
"use strict";

const form = document.getElementById("ask");
const input = document.getElementById("files");
const drop = document.getElementById("drop");
const told = document.getElementById("told");
const progress = document.getElementById("progress");
const answers = document.getElementById("answers");
const button = form.querySelector("button");

document.documentElement.classList.add("scripted");

function tell(text, isProblem = false) {
  told.textContent = text;
  told.classList.toggle("problem", isProblem);
}

function refusal(files) {
  const most = Number(form.dataset.files);
  const bytes = Number(form.dataset.fileBytes);
  if (!files.length) return "Choose a file first.";
  if (files.length > most) return `At most ${most} files at once; these are ${files.length}.`;
  const large = [...files].find((file) => file.size > bytes);
  return large ? `${large.name} is too large: at most ${bytes / 1e6} MB.` : "";
}

async function* lines(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const parts = rest.split("\n");
    rest = parts.pop();
    yield* parts.filter(Boolean);
    if (done) return;
  }
}

async function problemOf(response) {
  try {
    const problem = await response.json();
    return `${problem.title}. ${problem.detail} [${problem.code}]`;
  } catch {
    return `The service answered ${response.status}.`;
  }
}

async function ask(data, count) {
  const response = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/x-ndjson" } });
  if (!response.ok) return tell(await problemOf(response), true);
  const batch = document.createElement("div");
  answers.prepend(batch);
  answers.hidden = false;
  let last = { done: 0, told: "" };
  for await (const line of lines(response.body)) {
    const part = JSON.parse(line);
    if (part.told) {
      batch.insertAdjacentHTML("beforeend", part.html);
      offerPlaying(batch);
      keep(part);
      last = part;
      progress.value = part.done / part.total;
      tell(count === 1 ? part.told : `${part.done} of ${part.total} done. ${part.told}`);
    } else {
      batch.insertAdjacentHTML("afterbegin", part.html);
    }
  }
  if (last.done < count) return tell(`The service stopped after ${last.done} of ${count} files.`, true);
  if (count > 1) tell(`All ${count} done.`);
}

// What was answered in this tab is kept by the browser until the tab is closed, and by nobody else.
const shelf = document.getElementById("earlier");
const place = `styleprint ${form.dataset.bundle}`;
const mostKept = 20;

function earlier() {
  try {
    return JSON.parse(sessionStorage.getItem(place)) ?? [];
  } catch {
    return [];
  }
}

function keep({ html, told }) {
  const kept = [{ html, told }, ...earlier()].slice(0, mostKept);
  while (kept.length) {
    try {
      return sessionStorage.setItem(place, JSON.stringify(kept));
    } catch {
      kept.pop();
    }
  }
}

function showEarlier() {
  for (const { html, told } of earlier()) {
    const entry = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = told;
    entry.append(summary);
    entry.insertAdjacentHTML("beforeend", html);
    shelf.append(entry);
  }
  shelf.hidden = !shelf.querySelector("details");
  offerPlaying(shelf);
}

document.getElementById("forget").addEventListener("click", () => {
  sessionStorage.removeItem(place);
  shelf.querySelectorAll("details").forEach((entry) => entry.remove());
  shelf.hidden = true;
  input.focus();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const wrong = refusal(input.files);
  if (wrong) return tell(wrong, true);
  const count = input.files.length;
  button.disabled = true;
  progress.hidden = false;
  progress.removeAttribute("value");
  tell(count === 1 ? "Listening…" : `0 of ${count} done.`);
  try {
    await ask(new FormData(form), count);
  } catch {
    tell("The service cannot be reached.", true);
  }
  button.disabled = false;
  progress.hidden = true;
});

for (const name of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
  });
}

drop.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  form.requestSubmit();
});

offerPlaying(answers);
showEarlier();
