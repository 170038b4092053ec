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

// Passages are played as plain tones, by the notes that stand beside their roll.
let playing = null;

function stop() {
  if (!playing) return;
  playing.audio.close();
  playing.button.textContent = "Play";
  playing = null;
}

function tone(audio, out, onset, duration, pitch) {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.type = "triangle";
  oscillator.frequency.value = 440 * 2 ** ((pitch - 69) / 12);
  gain.gain.setValueAtTime(0, onset);
  gain.gain.linearRampToValueAtTime(0.12, onset + 0.01);
  gain.gain.setTargetAtTime(0, onset + Math.max(duration, 0.05), 0.06);
  oscillator.connect(gain).connect(out);
  oscillator.start(onset);
  oscillator.stop(onset + duration + 0.5);
}

function play(figure, button) {
  stop();
  const audio = new AudioContext();
  const out = audio.createDynamicsCompressor();
  out.connect(audio.destination);
  const notes = figure.dataset.notes.split(" ").filter(Boolean).map((note) => note.split(",").map(Number));
  const start = audio.currentTime + 0.1;
  let end = 0;
  for (const [onset, duration, pitch] of notes) {
    tone(audio, out, start + onset, duration, pitch);
    end = Math.max(end, onset + duration);
  }
  playing = { audio, button };
  button.textContent = "Stop";
  const own = playing;
  setTimeout(() => playing === own && stop(), 1000 * (end + 0.8));
}

function offerPlaying(part) {
  for (const figure of part.querySelectorAll("figure[data-notes]")) {
    if (figure.querySelector("button")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Play";
    button.addEventListener("click", () => (playing?.button === button ? stop() : play(figure, button)));
    figure.prepend(button);
  }
}

offerPlaying(answers);
