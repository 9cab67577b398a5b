import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ChromiumTab } from '../src/browser/ChromiumTab.ts';
import { FirefoxTab } from '../src/browser/FirefoxTab.ts';
import type { Tab } from '../src/browser/Tab.ts';
import { eventually } from '../src/eventually.ts';
import { Hearing } from '../src/Hearing.ts';
import { colourClip } from '../src/media/clip.ts';
import { colourName } from '../src/media/palette.ts';
import { toneFile } from '../src/media/tone.ts';

// The drivers themselves, against a page that sends its camera from one peer connection to another.

const TONE_HZ = 700;
const OTHER_TONE_HZ = 1_900;

const PAGE = `<!doctype html><html lang="en"><title>Loop</title>
<label>Your name <input id="name"></label>
<button id="start" aria-label="Start the loop">▶</button>
<button hidden>Never shown</button>
<section aria-label="Stage"><video autoplay playsinline></video></section>
<script>
start.onclick = async () => {
  document.title = name.value;
  const [from, to] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const gathered = (connection) => new Promise((resolve) => {
    connection.onicecandidate = (event) => event.candidate || resolve();
  });
  const fromGathered = gathered(from);
  const toGathered = gathered(to);
  to.ontrack = ({ streams: [stream] }) => { document.querySelector('video').srcObject = stream; };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const track of stream.getTracks()) from.addTrack(track, stream);
  await from.setLocalDescription();
  await fromGathered;
  await to.setRemoteDescription(from.localDescription);
  await to.setLocalDescription();
  await toGathered;
  await from.setRemoteDescription(to.localDescription);
};
const name = document.getElementById('name');
</script></html>`;

const STAGE = { role: 'region', name: 'Stage' };

let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => {
  server.close();
});

async function openChromium(): Promise<Tab> {
  return ChromiumTab.open({
    videoFile: await colourClip('violet', 30),
    audioFile: toneFile(TONE_HZ),
    language: 'en',
  });
}

function openFirefox(): Promise<Tab> {
  return FirefoxTab.open({ toneHz: TONE_HZ, language: 'en' });
}

async function pictureOf(tab: Tab) {
  const [shown] = await tab.runOn(STAGE, (_, element) => window.jumpaProbe.shown(element), null);
  if (!shown) throw new Error('the stage has no video');
  return shown;
}

describe.each([
  ['Chromium', openChromium],
  ['Firefox', openFirefox],
])('%s', (browser, open) => {
  test('plays its fake camera and microphone through a peer connection', async () => {
    const tab = await open();
    try {
      await tab.goto(address);
      await tab.fill({ role: 'textbox', name: 'Your name' }, 'Toko Melati');
      await tab.click({ role: 'button', name: /start/ });
      expect(await tab.isThere({ role: 'button', name: 'Never shown' })).toBe(false);
      expect(await tab.run(() => document.title, null)).toBe('Toko Melati');

      await eventually('the picture moves', async () => {
        const { framesShown, isPainted } = await pictureOf(tab);
        return (isPainted && framesShown > 30) || `${framesShown} frames`;
      });
      const colours = new Set<string>();
      await eventually('the picture has the colour of the clip', async () => {
        const { colour } = await pictureOf(tab);
        if (colour) colours.add(colourName(colour) ?? JSON.stringify(colour));
        if (browser === 'Firefox') return colours.size > 1 || [...colours].join();
        return colours.has('violet') || [...colours].join();
      });
      const hearing = new Hearing(tab);
      await eventually('the tone is heard and no other', () =>
        hearing.look(TONE_HZ, [OTHER_TONE_HZ]),
      );
      const received = await tab.run(() => window.jumpaProbe.inbound(), null);
      expect(received.map(({ kind }) => kind).sort()).toEqual(['audio', 'video']);
      expect(await tab.run(() => window.jumpaProbe.transports(), null)).toContain('udp');
    } finally {
      await tab.close();
    }
  });
});
