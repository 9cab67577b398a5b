/** Two rising notes (E5, A5), start times in seconds and frequencies in hertz. */
const NOTES = [
  { at: 0, hz: 659.26 },
  { at: 0.22, hz: 880 },
] as const;

const NOTE_S = 0.5;

/** An audio context that can choose its loudspeaker, where the browser allows it. */
interface SinkContext extends AudioContext {
  setSinkId?(sinkId: string): Promise<void>;
}

/** Plays a chime on a loudspeaker (`null`: the system's choice); resolves when it has ended. */
export async function playChime(speakerId: string | null): Promise<void> {
  const context: SinkContext = new AudioContext();
  try {
    if (speakerId && speakerId !== 'default') await context.setSinkId?.(speakerId);
    await context.resume();
    const start = context.currentTime + 0.05;
    const ended = NOTES.map((note) => playNote(context, start + note.at, note.hz));
    await Promise.all(ended);
  } finally {
    await context.close();
  }
}

function playNote(context: AudioContext, at: number, hz: number): Promise<void> {
  const oscillator = new OscillatorNode(context, { type: 'sine', frequency: hz });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.25, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, at + NOTE_S);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + NOTE_S);
  return new Promise((resolve) => {
    oscillator.onended = () => resolve();
  });
}
