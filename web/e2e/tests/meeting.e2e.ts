import { describe, expect } from 'vitest';
import { test } from '../src/stage.ts';

describe('people in a room', () => {
  test('two people with different browsers see and hear each other', async ({ stage }) => {
    const budi = await stage.chromium('Budi');
    const siti = await stage.firefox('Siti');
    await budi.join(stage.guest());
    await siti.join(stage.guest());

    await budi.expectMeets(siti);
  });

  test('four people see and hear each other', async ({ stage }) => {
    const people = [];
    for (const name of ['Budi', 'Siti', 'Dewi', 'Agus']) {
      // Small windows: four browsers draw on two cores without a graphics card.
      const person = await stage.chromium(name, { size: { width: 640, height: 480 } });
      await person.join(stage.guest());
      people.push(person);
    }

    for (const person of people) {
      for (const other of people) {
        if (person === other) continue;
        await person.expectSees(other);
        await person.expectHears(other);
      }
    }
  });

  test('a reloaded page is in the call again with one click', async ({ stage }) => {
    const budi = await stage.chromium('Budi');
    const siti = await stage.chromium('Siti');
    await budi.join(stage.guest());
    await siti.join(stage.guest());
    await siti.expectSees(budi);

    await budi.tab.reload();
    const nameField = { role: 'textbox', name: budi.say('prejoin.name_label') };
    await budi.waitFor(nameField);
    const remembered = await budi.tab.runOn(
      nameField,
      (_, element) => (element as HTMLInputElement).value,
      null,
    );
    expect(remembered).toBe('Budi');
    await budi.click(budi.button('prejoin.join'));
    await budi.expectInCall();

    await budi.expectMeets(siti);
  });

  test('somebody who leaves is gone for the others and can come back', async ({ stage }) => {
    const budi = await stage.chromium('Budi');
    const siti = await stage.chromium('Siti');
    await budi.join(stage.guest());
    await siti.join(stage.guest());
    await siti.expectSees(budi);

    await budi.leave();
    await siti.waitUntilGone(siti.tileOf(budi));
    await budi.click(budi.button('left.rejoin'));
    await siti.expectSees(budi);
    await budi.expectSees(siti);
  });
});
