const WIDTH = 640;
const HEIGHT = 360;

const ROOMS = [
  ['#d9c9b3', '#9c8468'],
  ['#b8cbd3', '#6d8794'],
  ['#c9d1bd', '#7d8c6b'],
  ['#d8c3c0', '#94706c'],
  ['#c6c2d6', '#746f91'],
  ['#cfd6d9', '#7f8b91'],
] as const;
const SKINS = ['#e7b995', '#c98d63', '#a66f48', '#8a5636', '#f0cbb0', '#6f452c'] as const;
const HAIRS = ['#1d1613', '#35241a', '#0f0f12', '#5a4030', '#2b2b30'] as const;
const CLOTHES = [
  '#1f5f6b',
  '#7a2f3b',
  '#35507e',
  '#4e5a2e',
  '#e5e3dc',
  '#5b3f72',
  '#b06b2f',
] as const;

const cache = new Map<string, string>();

/** A made-up person in a made-up room, as a picture address. */
export function drawFace(seed: number): string {
  return cached(`face-${seed}`, (paint) => {
    const pick = <Kind>(list: readonly Kind[], salt: number) =>
      list[(seed * 7 + salt * 3 + ((seed * salt) % 5)) % list.length] as Kind;
    const [near, far] = pick(ROOMS, 1);
    const wall = paint.createLinearGradient(0, 0, WIDTH, HEIGHT);
    wall.addColorStop(0, near);
    wall.addColorStop(1, far);
    paint.fillStyle = wall;
    paint.fillRect(0, 0, WIDTH, HEIGHT);
    drawShelf(paint, seed);

    const x = WIDTH / 2 + ((seed * 53) % 90) - 45;
    const y = 150 + ((seed * 17) % 24);
    paint.fillStyle = pick(CLOTHES, 2);
    ellipse(paint, x, HEIGHT + 60, 170, 170);
    const skin = pick(SKINS, 3);
    paint.fillStyle = skin;
    paint.fillRect(x - 28, y + 40, 56, 80);
    const hair = pick(HAIRS, 4);
    const isVeiled = seed % 4 === 1;
    paint.fillStyle = isVeiled ? pick(CLOTHES, 5) : hair;
    ellipse(paint, x, y - 14, isVeiled ? 92 : 80, isVeiled ? 108 : 92);
    if (isVeiled) ellipse(paint, x, y + 110, 104, 80);
    paint.fillStyle = skin;
    ellipse(paint, x, y + 8, 64, 80);
    if (!isVeiled) {
      paint.fillStyle = hair;
      ellipse(paint, x - 4, y - 62, 70, 34);
    }
    paint.fillStyle = '#2a1c14';
    ellipse(paint, x - 24, y, 6, 5);
    ellipse(paint, x + 24, y, 6, 5);
    paint.strokeStyle = 'rgb(90 40 30 / 70%)';
    paint.lineWidth = 5;
    paint.lineCap = 'round';
    paint.beginPath();
    paint.arc(x, y + 30, 22, 0.25 * Math.PI, 0.75 * Math.PI);
    paint.stroke();
    if (seed % 3 === 2) drawGlasses(paint, x, y);
  });
}

/** A made-up person as a camera would give them. */
export function faceTrack(): MediaStreamTrack | null {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const paint = canvas.getContext('2d');
  const picture = new Image();
  picture.src = drawFace(0);
  // A new frame now and then: a stream shows nothing until something is drawn.
  setInterval(() => paint?.drawImage(picture, 0, 0), 200);
  return canvas.captureStream(5).getVideoTracks()[0] ?? null;
}

/** A made-up shared screen: a table with figures. */
export function drawScreen(): string {
  return cached('screen', (paint) => {
    paint.fillStyle = '#ffffff';
    paint.fillRect(0, 0, WIDTH, HEIGHT);
    paint.fillStyle = '#f0f3f5';
    paint.fillRect(0, 0, WIDTH, 34);
    paint.fillStyle = '#0e7c7b';
    paint.fillRect(24, 58, 180, 14);
    paint.fillStyle = '#c3ccd1';
    for (let row = 0; row < 7; row += 1) {
      paint.fillRect(24, 96 + row * 34, 592, 1);
      for (let column = 0; column < 4; column += 1) {
        paint.fillRect(24 + column * 150, 108 + row * 34, 60 + ((row * 31 + column * 17) % 60), 8);
      }
    }
    paint.fillStyle = '#e8a317';
    for (let bar = 0; bar < 8; bar += 1) {
      paint.fillRect(400 + bar * 26, 84 - ((bar * 13) % 26), 16, (bar * 13) % 26);
    }
  });
}

function drawShelf(paint: CanvasRenderingContext2D, seed: number): void {
  paint.fillStyle = 'rgb(255 255 255 / 16%)';
  const at = (seed * 97) % 380;
  paint.fillRect(at, 40, 150, 10);
  for (let book = 0; book < 6; book += 1) {
    paint.fillStyle = `rgb(${(book * 60 + seed * 20) % 200} ${(90 + seed * 33) % 170} 110 / 35%)`;
    paint.fillRect(at + 8 + book * 22, 4 + ((book * 7) % 14), 14, 36 - ((book * 7) % 14));
  }
}

function drawGlasses(paint: CanvasRenderingContext2D, x: number, y: number): void {
  paint.strokeStyle = '#20242a';
  paint.lineWidth = 4;
  for (const side of [-25, 25]) {
    paint.beginPath();
    paint.ellipse(x + side, y, 19, 16, 0, 0, 2 * Math.PI);
    paint.stroke();
  }
}

function ellipse(
  paint: CanvasRenderingContext2D,
  x: number,
  y: number,
  radiusX: number,
  radiusY: number,
): void {
  paint.beginPath();
  paint.ellipse(x, y, radiusX, radiusY, 0, 0, 2 * Math.PI);
  paint.fill();
}

function cached(key: string, paintIt: (paint: CanvasRenderingContext2D) => void): string {
  const known = cache.get(key);
  if (known) return known;
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const paint = canvas.getContext('2d');
  if (!paint) throw new Error('this browser cannot draw on a canvas');
  paintIt(paint);
  const address = canvas.toDataURL('image/jpeg', 0.85);
  cache.set(key, address);
  return address;
}
