"use strict";

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
