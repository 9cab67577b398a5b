import { eventually } from './eventually.ts';
import type { Person } from './Person.ts';
import { totpCode } from './totpCode.ts';

const PASSWORD = 'empat kata tak bersambung';

const field = (person: Person, key: string) => ({ role: 'textbox', name: person.say(key) });

/** What somebody reads on the page that fits, or nothing. */
export async function readText(person: Person, pattern: RegExp): Promise<string> {
  let found = '';
  await eventually(`${person.name} reads ${pattern}`, async () => {
    const text = await person.tab.run(() => {
      const values = [...document.querySelectorAll('input')].map((input) => input.value);
      return [document.body.innerText, ...values].join('\n');
    }, null);
    found = pattern.exec(text)?.[0] ?? '';
    return found !== '' || text.slice(0, 300);
  });
  return found;
}

/** Sets the server up by its first-login link. */
export async function becomeOperator(rina: Person, link: string): Promise<void> {
  await rina.tab.goto(link);
  await rina.fill(field(rina, 'dashboard.people.person.name'), rina.name);
  await rina.fill(field(rina, 'dashboard.people.person.email'), 'rina@jumpa.example');
  await rina.fill(field(rina, 'dashboard.people.person.password'), PASSWORD);
  await rina.click(rina.button('dashboard.people.welcome.action'));
}

/** Makes a client with a trial app and gives the link for its owner. */
export async function makeClient(rina: Person, address: string): Promise<string> {
  await rina.tab.goto(`${address}/dashboard/operator/clients`);
  await rina.click(rina.button('dashboard.operator.clients.create'));
  await rina.fill(field(rina, 'dashboard.operator.create_client.name'), 'Toko Melati');
  await rina.fill(field(rina, 'dashboard.operator.create_client.email'), 'siti@melati.example');
  await rina.click(rina.button('dashboard.operator.create_client.action'));
  const link = await readText(rina, /http\S+\/dashboard\/invitation\?token=\w+/);
  await rina.click(rina.button('dashboard.common.secret.stored'));
  return link;
}

/** Accepts the invitation and gives the path of the organisation's area. */
export async function acceptInvitation(siti: Person, link: string): Promise<string> {
  await siti.tab.goto(link);
  await siti.fill(field(siti, 'dashboard.people.person.name'), siti.name);
  await siti.fill(field(siti, 'dashboard.people.person.password'), PASSWORD);
  await siti.click(siti.button('dashboard.people.invitation.action_new'));
  let area = '';
  await eventually(`${siti.name} is in the organisation`, async () => {
    const path = await siti.tab.run(() => window.location.pathname, null);
    area = /^\/dashboard\/t\/ten_\w+/.exec(path)?.[0] ?? '';
    return area !== '' || path;
  });
  return area;
}

export async function turnSecondFactorOn(siti: Person, address: string): Promise<void> {
  await siti.tab.goto(`${address}/dashboard/account/security`);
  await siti.click(siti.button('dashboard.people.second_factor.enrol'));
  const secret = await readText(siti, /\b[A-Z2-7]{26,}\b/);
  // The sixth digit sends it.
  const code = totpCode(secret);
  await siti.fill(field(siti, 'dashboard.people.second_factor.code'), code);
  await siti.click(siti.button('dashboard.people.recovery.stored'));
  await siti.expectText(siti.say('dashboard.people.second_factor.disable'));
}

/** Makes a link into a room of the app whose playground is open, for somebody who is no moderator. */
export async function makeLink(siti: Person, room: string, name: string): Promise<string> {
  await siti.fill(field(siti, 'dashboard.client.playground.room'), room);
  await siti.fill(field(siti, 'dashboard.client.playground.name'), name);
  const moderator = siti.say('dashboard.client.playground.moderator');
  await siti.click({ role: 'checkbox', name: moderator });
  await siti.click(siti.button('dashboard.client.playground.action'));
  return readText(siti, new RegExp(`http\\S+/${room}\\?jwt=[\\w.-]+`));
}
