import { describe, expect } from 'vitest';
import { test } from '../src/stage.ts';

describe('the chat', () => {
  test('everybody reads a message, and who comes later reads it too', async ({ stage }) => {
    const budi = await stage.chromium('Budi');
    const siti = await stage.firefox('Siti');
    await budi.join(stage.guest());
    await siti.join(stage.guest());
    await budi.sendChat('Stok melati sudah datang');
    await siti.expectMessage('Stok melati sudah datang');

    const dewi = await stage.chromium('Dewi');
    await dewi.join(stage.guest());
    await dewi.expectMessage('Stok melati sudah datang');
    expect(await dewi.countMessages('Stok melati sudah datang')).toBe(1);
  });

  test('a private message is read by one person alone', async ({ stage }) => {
    const budi = await stage.chromium('Budi');
    const siti = await stage.chromium('Siti');
    const dewi = await stage.chromium('Dewi');
    for (const person of [budi, siti, dewi]) await person.join(stage.guest());

    await budi.whisper(siti, 'Hanya untuk Siti');
    await siti.expectMessage('Hanya untuk Siti');
    // What comes after it has arrived, so it would have been there by now.
    await siti.sendChat('Untuk semua');
    await dewi.expectMessage('Untuk semua');
    expect(await dewi.countMessages('Hanya untuk Siti')).toBe(0);
  });

  test('unread messages are counted at the button', async ({ stage }) => {
    const budi = await stage.chromium('Budi');
    const siti = await stage.chromium('Siti');
    await budi.join(stage.guest());
    await siti.join(stage.guest());
    await budi.sendChat('Satu');
    await budi.sendChat('Dua');
    await siti.waitFor(siti.control('toolbar.chat_unread', { count: 2 }));
  });
});
