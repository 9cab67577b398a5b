import { describe, expect } from 'vitest';
import { test } from '../src/stage.ts';
import { Wire } from '../src/Wire.ts';

describe('when the connection breaks', () => {
  test('after a killed server both people are back by themselves', async ({ stage }) => {
    const budi = await stage.chromium('Budi');
    const siti = await stage.firefox('Siti');
    await budi.join(stage.guest());
    await siti.join(stage.guest());
    await budi.expectSees(siti);
    await siti.expectSees(budi);
    await budi.sendChat('Sampai di mana kita tadi?');
    await siti.expectMessage('Sampai di mana kita tadi?');
    await stage.server.expectKeeps('Sampai di mana kita tadi?');

    await stage.server.kill();
    await budi.expectText(budi.say('banner.reconnecting_help'));
    await stage.server.start();
    await Promise.all([budi.expectSees(siti), siti.expectSees(budi)]);
    await budi.expectHears(siti);
    await siti.expectHears(budi);

    // The server's chat has replaced the page's: the next message stands behind the one of before.
    await siti.sendChat('Di halaman dua');
    await budi.expectMessage('Di halaman dua');
    for (const person of [budi, siti]) {
      expect(await person.countMessages('Sampai di mana kita tadi?')).toBe(1);
    }
    const dewi = await stage.chromium('Dewi');
    await dewi.join(stage.guest());
    await dewi.expectMessage('Sampai di mana kita tadi?');
  });

  test('a lost WebSocket does not stop the picture, and what was missed arrives once', async ({
    stage,
  }) => {
    const budi = await stage.chromium('Budi');
    const siti = await stage.chromium('Siti');
    const wire = await Wire.to(stage.server.port);
    try {
      await budi.join({ ...stage.guest(), address: wire.address });
      await siti.join(stage.guest());
      await budi.expectSees(siti);

      wire.cut();
      await siti.sendChat('Apakah Anda masih di sana?');
      await budi.expectSees(siti);
      await siti.expectSees(budi);
      await budi.expectHears(siti);

      wire.mend();
      await budi.expectMessage('Apakah Anda masih di sana?');
      await siti.sendChat('Selamat datang kembali');
      await budi.expectMessage('Selamat datang kembali');
      expect(await budi.countMessages('Apakah Anda masih di sana?')).toBe(1);
    } finally {
      await wire.close();
    }
  });

  test('without UDP the media takes TCP', async ({ stage }) => {
    const budi = await stage.chromium('Budi', { isUdpBlocked: true });
    const siti = await stage.chromium('Siti');
    await budi.join(stage.guest());
    await siti.join(stage.guest());

    await budi.expectMeets(siti);
    // Every pair of candidates that works, the chosen one among them.
    const ways = await budi.tab.run(() => window.jumpaProbe.transports(), null);
    expect(new Set(ways)).toEqual(new Set(['tcp']));
    expect(await siti.tab.run(() => window.jumpaProbe.transports(), null)).toContain('udp');
  });
});
