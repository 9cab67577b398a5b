import { expect } from 'vitest';
import { eventually } from '../src/eventually.ts';
import type { Person } from '../src/Person.ts';
import { testAt } from '../src/stage.ts';
import { origin, percentile } from './figures.ts';

/** Cameras at their usual rate. */
const test = testAt(30);

const JOINS = 24;

/** What happens on the way to the first frame, in the usual order; times count from the press. */
const STEPS = [
  'socket opened',
  'offer made',
  'join sent',
  'joined',
  'answer taken',
  'connected',
  'view sent',
  'first frame',
] as const;

type Step = (typeof STEPS)[number];

declare global {
  interface Window {
    joinSteps?: Partial<Record<Step, number>>;
  }
}

/** Watches, inside the page, from the press of the join button to the first painted frame of `name`. */
async function watchFirstFrame(person: Person, name: string): Promise<void> {
  await person.tab.run((other) => {
    const steps: Partial<Record<Step, number>> = {};
    window.joinSteps = steps;
    let pressedAt: number | null = null;
    const mark = (step: Step) => {
      if (pressedAt !== null) steps[step] ??= performance.now() - pressedAt;
    };
    document.addEventListener(
      'click',
      () => {
        pressedAt ??= performance.now();
      },
      { capture: true, once: true },
    );

    const { send } = WebSocket.prototype;
    const seen = new WeakSet<WebSocket>();
    WebSocket.prototype.send = function (text) {
      if (String(text).includes('"type":"join"')) mark('join sent');
      if (String(text).includes('"type":"view"')) mark('view sent');
      if (!seen.has(this)) {
        seen.add(this);
        this.addEventListener('message', ({ data }) => {
          if (String(data).includes('"type":"joined"')) mark('joined');
        });
      }
      send.call(this, text);
    };
    const Socket = window.WebSocket;
    window.WebSocket = class extends Socket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        this.addEventListener('open', () => mark('socket opened'));
      }
    };
    // The types tell the form that answers with a promise from the old one with callbacks.
    const setLocalDescription: (
      this: RTCPeerConnection,
      description?: RTCLocalSessionDescriptionInit,
    ) => Promise<void> = RTCPeerConnection.prototype.setLocalDescription;
    const setRemoteDescription: (
      this: RTCPeerConnection,
      description: RTCSessionDescriptionInit,
    ) => Promise<void> = RTCPeerConnection.prototype.setRemoteDescription;
    RTCPeerConnection.prototype.setLocalDescription = async function (description) {
      await setLocalDescription.call(this, description);
      mark('offer made');
    };
    RTCPeerConnection.prototype.setRemoteDescription = async function (description) {
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') mark('connected');
      });
      await setRemoteDescription.call(this, description);
      mark('answer taken');
    };

    const watched = new Set<HTMLVideoElement>();
    const timer = setInterval(() => {
      const video = document.querySelector<HTMLVideoElement>(`li[aria-label="${other}"] video`);
      if (!video || watched.has(video)) return;
      watched.add(video);
      video.requestVideoFrameCallback(() => {
        clearInterval(timer);
        mark('first frame');
      });
    }, 5);
  }, name);
}

test('join to first remote frame', async ({ stage }) => {
  const budi = await stage.chromium('Budi');
  const siti = await stage.chromium('Siti');
  await budi.join(stage.guest());

  const joins: Partial<Record<Step, number>>[] = [];
  for (let join = 0; join < JOINS; join += 1) {
    await siti.visit(stage.guest());
    if (join === 0) {
      await siti.fill({ role: 'textbox', name: siti.say('prejoin.name_label') }, 'Siti');
    }
    await watchFirstFrame(siti, 'Budi');
    await siti.click(siti.button('prejoin.join'));
    await eventually('the first frame is there', async () => {
      const steps = await siti.tab.run(() => window.joinSteps ?? {}, null);
      if (steps['first frame'] === undefined) return 'no frame';
      joins.push(steps);
      return true;
    });
    await siti.leave();
  }

  const times = (step: Step) => joins.flatMap((steps) => steps[step] ?? []);
  const figures = (step: Step) => {
    const values = times(step);
    if (values.length === 0) return `${step}: before the press`;
    return `${step}: p50 ${percentile(values, 0.5).toFixed(0)} ms, p95 ${percentile(values, 0.95).toFixed(0)} ms`;
  };
  console.log(
    [
      `join to first remote frame, ${joins.length} joins, ${origin()}`,
      ...STEPS.map(figures),
      `max ${Math.max(...times('first frame')).toFixed(0)} ms`,
    ].join('\n'),
  );
  expect(times('first frame')).toHaveLength(JOINS);
});
