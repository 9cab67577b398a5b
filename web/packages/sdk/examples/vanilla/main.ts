import { type ParticipantView, Room } from '@jumpa/sdk';

const room = new Room();
const tiles = new Map<string, { figure: HTMLElement; detach: () => void }>();

/** One tile: the picture of a participant and their name. */
function addTile(participant: ParticipantView, source: 'camera' | 'screen'): void {
  const figure = document.createElement('figure');
  const video = document.createElement('video');
  const name = document.createElement('figcaption');
  name.textContent = participant.name;
  figure.append(video, name);
  byId('tiles').append(figure);
  const detach = room.attachVideo(video, {
    participantId: participant.id,
    source,
    onShown: (isShown) => video.classList.toggle('is-shown', isShown),
  });
  tiles.set(`${participant.id}/${source}`, { figure, detach });
}

/** Makes the page agree with the state of the room. */
function draw(): void {
  const { phase, participants, isAudioBlocked } = room.state;
  byId('join').hidden = phase !== 'idle' && phase !== 'left';
  byId('controls').hidden = phase !== 'connected' && phase !== 'reconnecting';
  byId('status').textContent = isAudioBlocked ? 'Click anywhere to hear the others' : phase;

  const wanted = new Set<string>();
  for (const participant of participants) {
    for (const source of ['camera', 'screen'] as const) {
      if (source === 'screen' && participant.screen !== 'live') continue;
      const key = `${participant.id}/${source}`;
      wanted.add(key);
      if (!tiles.has(key)) addTile(participant, source);
    }
  }
  for (const [key, { figure, detach }] of tiles) {
    if (wanted.has(key)) continue;
    detach();
    figure.remove();
    tiles.delete(key);
  }
}

function drawControls(): void {
  const { microphone, camera, screen } = room.local.state;
  byId('microphone').ariaPressed = String(microphone.isOn);
  byId('camera').ariaPressed = String(camera.isOn);
  byId('screen').ariaPressed = String(screen.isOn);
}

function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** Shows why something did not work. */
function explain(error: unknown): void {
  byId('status').textContent = error instanceof Error ? error.message : String(error);
}

room.subscribe(draw);
room.local.subscribe(drawControls);
room.prepare();
document.addEventListener('click', () => room.resumeAudio().catch(explain));

byId('join').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(event.target as HTMLFormElement);
  room
    .join({
      appId: String(form.get('app')),
      room: String(form.get('room')),
      name: String(form.get('name')),
    })
    .catch(explain);
});

byId('microphone').onclick = () =>
  room.local.setMicrophone(!room.local.state.microphone.isOn).catch(explain);
byId('camera').onclick = () => room.local.setCamera(!room.local.state.camera.isOn).catch(explain);
byId('screen').onclick = () => room.local.setScreen(!room.local.state.screen.isOn).catch(explain);
byId('leave').onclick = () => room.leave();
draw();
