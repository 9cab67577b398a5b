/** From here to there on the clock of the recording, milliseconds. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** When somebody was there, and when they spoke. */
export interface SpeechLane {
  readonly person: string;
  readonly name: string;
  readonly stays: readonly Span[];
  readonly spoke: readonly Span[];
}

/** A pause between two words of somebody is not shown, milliseconds. */
const PAUSE_MS = 1_500;

interface Line {
  readonly at_ms: number;
  readonly type: string;
  readonly participant_id?: string;
  readonly participant_ids?: readonly string[];
  readonly name?: string;
}

interface Course {
  name: string;
  readonly stays: Span[];
  readonly spoke: Span[];
  since: number | null;
  speaksSince: number | null;
}

/**
 * Who was there and who spoke when, from the log of events of a recording, in the order in which people
 * came. Lines that are cut off or of a later version are passed over.
 */
export function speechOf(log: string, lengthMs: number): readonly SpeechLane[] {
  const courses = new Map<string, Course>();
  const hush = (course: Course, at: number) => {
    if (course.speaksSince === null) return;
    const last = course.spoke.at(-1);
    if (last && course.speaksSince - last.endMs < PAUSE_MS) {
      course.spoke[course.spoke.length - 1] = { ...last, endMs: at };
    } else if (at > course.speaksSince) {
      course.spoke.push({ startMs: course.speaksSince, endMs: at });
    }
    course.speaksSince = null;
  };
  const leave = (course: Course, at: number) => {
    hush(course, at);
    if (course.since !== null) course.stays.push({ startMs: course.since, endMs: at });
    course.since = null;
  };
  for (const { at_ms: at, type, participant_id = '', participant_ids = [], name } of linesOf(log)) {
    const course = courses.get(participant_id);
    if (type === 'participant_joined') {
      if (course) Object.assign(course, { since: course.since ?? at, name: name ?? course.name });
      else {
        const start = { name: name ?? '', stays: [], spoke: [], since: at, speaksSince: null };
        courses.set(participant_id, start);
      }
    } else if (type === 'name_changed' && course) {
      course.name = name ?? course.name;
    } else if (type === 'participant_left' && course) {
      leave(course, at);
    } else if (type === 'speakers_changed') {
      for (const [person, one] of courses) {
        if (!participant_ids.includes(person)) hush(one, at);
        else one.speaksSince ??= at;
      }
    }
  }
  return [...courses].map(([person, course]) => {
    leave(course, lengthMs);
    return { person, name: course.name, stays: course.stays, spoke: course.spoke };
  });
}

/** How long somebody spoke in all, milliseconds. */
export function spokenMs({ spoke }: SpeechLane): number {
  return spoke.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}

/** Where somebody speaks next after a place; from the beginning again when there is nothing more. */
export function nextWords({ spoke }: SpeechLane, positionMs: number): number | null {
  return (spoke.find(({ startMs }) => startMs > positionMs) ?? spoke[0])?.startMs ?? null;
}

function linesOf(log: string): readonly Line[] {
  return log.split('\n').flatMap((text) => {
    try {
      const line: unknown = JSON.parse(text);
      return isLine(line) ? [line] : [];
    } catch {
      return [];
    }
  });
}

function isLine(line: unknown): line is Line {
  return (
    typeof line === 'object' &&
    line !== null &&
    typeof (line as Line).at_ms === 'number' &&
    typeof (line as Line).type === 'string'
  );
}
