import { ChromiumTab } from './browser/ChromiumTab.ts';
import { describe, type Tab, type Target } from './browser/Tab.ts';
import { DEADLINE_MS, eventually, type Look } from './eventually.ts';
import { Hearing } from './Hearing.ts';
import { literal } from './literal.ts';
import { type ColourName, colourName } from './media/palette.ts';
import type { Inbound, Shown } from './page/Probe.ts';
import type { Words } from './Words.ts';

/** Frames that have to appear between two looks before a picture counts as moving. */
const MOVING_FRAMES = 10;

/** How long a voice has to stay away before it counts as silent: longer than a syllable and a jitter buffer. */
const SILENCE_MS = 1_500;

/** Who somebody is, and how the others recognise picture and voice. */
export interface Identity {
  readonly name: string;
  /** Colour of their picture; `null` for a picture that runs through the colours. */
  readonly colour: ColourName | null;
  readonly toneHz: number;
}

/** Where somebody goes. */
export interface Invitation {
  readonly address: string;
  readonly app: string;
  readonly room: string;
  readonly token?: string;
}

/** A person in front of a browser: what they do, and what they see and hear. */
export class Person {
  readonly identity: Identity;
  readonly tab: Tab;
  readonly words: Words;
  readonly #hearing: Hearing;

  constructor(identity: Identity, tab: Tab, words: Words) {
    this.identity = identity;
    this.tab = tab;
    this.words = words;
    this.#hearing = new Hearing(tab);
  }

  get name(): string {
    return this.identity.name;
  }

  /** Text of the pages in this person's language. */
  say(key: string, variables?: Readonly<Record<string, string | number>>): string {
    return this.words.say(key, variables);
  }

  // What a person does.

  /** Opens the room's link and sees the mirror before the call. */
  async visit({ address, app, room, token }: Invitation): Promise<void> {
    const query = token ? `?jwt=${encodeURIComponent(token)}` : '';
    await this.tab.goto(`${address}/${app}/${room}${query}`);
    await this.waitFor(this.button('prejoin.join'));
  }

  /** Fills in what the mirror asks for and presses the one big button. */
  async askToJoin(invitation: Invitation): Promise<void> {
    await this.visit(invitation);
    if (!invitation.token) {
      await this.fill({ role: 'textbox', name: this.say('prejoin.name_label') }, this.name);
    }
    await this.click(this.button('prejoin.join'));
  }

  /** Answers the mirror's question for the room's password. */
  async enterPassword(password: string): Promise<void> {
    await this.fill({ role: 'textbox', name: this.say('prejoin.password_label') }, password);
    await this.click(this.button('prejoin.join'));
  }

  /** Opens a second tab in the same browser, to be shared; the call stays in front. */
  async openBeside(html: string): Promise<void> {
    if (!(this.tab instanceof ChromiumTab)) throw new Error(`${this.name} has no Chromium`);
    await this.tab.openBeside(html);
  }

  /** Joins and is in the call. */
  async join(invitation: Invitation): Promise<void> {
    await this.askToJoin(invitation);
    await this.expectInCall();
  }

  /** Leaves with the red button. */
  async leave(): Promise<void> {
    await this.click(this.control('toolbar.leave_call'));
    await this.waitFor(this.button('left.rejoin'));
  }

  /** Opens a panel unless it is open. */
  async open(panel: 'chat' | 'people'): Promise<void> {
    if (await this.tab.isThere(this.control(`toolbar.${panel}_close`))) return;
    // Its name tells how many people or unread messages there are.
    const keys = panel === 'chat' ? ['chat', 'chat_unread'] : ['people_count', 'people_waiting'];
    const names = keys.map((key) => this.words.like(`toolbar.${key}`).source);
    const name = new RegExp(names.join('|'));
    await this.click({ ...this.control(`toolbar.${panel}_close`), name });
    await this.waitFor(this.control(`toolbar.${panel}_close`));
  }

  /** Unfolds what a moderator decides about newcomers, in the people panel. */
  async openAccess(): Promise<void> {
    await this.open('people');
    if (await this.tab.isThere(this.lobbySwitch())) return;
    await this.click({ role: 'button', name: this.words.begins('people.host_controls') });
    await this.waitFor(this.lobbySwitch());
  }

  /** Writes to everybody. */
  async sendChat(text: string): Promise<void> {
    await this.open('chat');
    await this.fill({ role: 'textbox', name: this.say('chat.label') }, text);
    await this.tab.press('Enter');
    await this.expectMessage(text);
  }

  /** Writes to one person, from the menu at their tile. */
  async whisper(other: Person, text: string): Promise<void> {
    await this.choose(this.menuOf(other), this.say('chat.write_privately'));
    await this.fill({ role: 'textbox', name: this.say('chat.label') }, text);
    await this.tab.press('Enter');
    await this.expectMessage(text);
  }

  async click(target: Target): Promise<void> {
    await eventually(`${this.name} clicks ${describe(target)}`, async (): Promise<Look> => {
      await this.tab.click(target);
      return true;
    });
  }

  async fill(target: Target, text: string): Promise<void> {
    await this.waitFor(target);
    await this.tab.fill(target, text);
  }

  /** Presses a button of the dialog that is open. */
  async confirm(titleKey: string, buttonKey: string, variables = {}): Promise<void> {
    const dialog = { role: 'dialog', name: this.say(titleKey, variables) };
    await this.click({ ...this.button(buttonKey), within: dialog });
    await this.waitUntilGone(dialog);
  }

  /** Opens a menu by its button and chooses one of its entries. */
  async choose(button: Target, entry: string): Promise<void> {
    await this.click(button);
    await this.click({ role: 'menuitem', name: entry });
  }

  // How a person names things.

  button(key: string, variables?: Readonly<Record<string, string | number>>): Target {
    return { role: 'button', name: this.say(key, variables) };
  }

  /** The call controls, each by its text. */
  control(key: string, variables?: Readonly<Record<string, string | number>>): Target {
    const within = { role: 'toolbar', name: this.say('call.landmark_toolbar') };
    return { ...this.button(key, variables), within };
  }

  /** The switch that makes newcomers wait. */
  lobbySwitch(): Target {
    return { role: 'switch', name: this.words.begins('people.lobby_switch') };
  }

  /** The tile of somebody on the stage. */
  tileOf(other: Person): Target {
    const name = other === this ? this.#ownTileName() : other.name;
    return { role: 'listitem', name, within: this.#stage() };
  }

  /** The button at somebody's tile that opens what can be done with them. */
  menuOf(other: Person): Target {
    return { ...this.button('tile.menu', { name: other.name }), within: this.tileOf(other) };
  }

  /** The tile of somebody's shared screen. */
  screenOf(other: Person): Target {
    const name = this.say('tile.screen_of', { name: other.name });
    return { role: 'listitem', name, within: this.#stage() };
  }

  // What a person sees and hears.

  async waitFor(target: Target, deadlineMs = DEADLINE_MS): Promise<void> {
    await eventually(
      `${this.name} sees ${describe(target)}`,
      async () => (await this.tab.isThere(target)) || (await this.#whatIsThere(target.role)),
      deadlineMs,
    );
  }

  async waitUntilGone(target: Target): Promise<void> {
    await eventually(`${this.name} no longer sees ${describe(target)}`, async () =>
      (await this.tab.isThere(target)) ? 'still there' : true,
    );
  }

  /** Waits for a text anywhere on the page. */
  async expectText(text: string | RegExp): Promise<void> {
    const pattern = typeof text === 'string' ? literal(text) : text.source;
    await eventually(`${this.name} reads ${text}`, async () => {
      // What is hidden cannot be read, so this is not `textContent`.
      const page = await this.tab.run(() => document.body.innerText.replace(/\s+/g, ' '), null);
      return new RegExp(pattern, 'iu').test(page) || page.slice(0, 500);
    });
  }

  async expectInCall(): Promise<void> {
    await this.waitFor({ role: 'toolbar', name: this.say('call.landmark_toolbar') });
    await this.waitFor(this.tileOf(this));
  }

  /** Has been in the call for so long. */
  async expectInCallFor(durationMs: number): Promise<void> {
    const start = performance.now();
    await eventually(`${this.name} stays in the call`, async () => {
      const isIn = await this.tab.isThere(this.control('toolbar.leave_call'));
      if (!isIn) throw new Error('is out of it');
      return performance.now() - start >= durationMs || 'not long enough';
    });
  }

  /** The other's picture is painted in the other's tile, moves, and is the other's. */
  async expectSees(other: Person, deadlineMs = DEADLINE_MS): Promise<number> {
    let first: Shown | null = null;
    const colours = new Set<string>();
    return eventually(
      `${this.name} sees ${other.name}`,
      async () => {
        const picture = await this.#picture(this.tileOf(other));
        if (!picture?.isPainted) return picture ? 'not painted' : 'no video';
        // A tile that was built again counts its frames anew.
        if (first === null || picture.framesShown < first.framesShown) first = picture;
        const colour = picture.colour && colourName(picture.colour);
        colours.add(colour ?? JSON.stringify(picture.colour));
        const isTheirs = other.identity.colour
          ? colour === other.identity.colour
          : colours.size > 1;
        const frames = picture.framesShown - first.framesShown;
        const seen = `${frames} new frames of ${picture.width}×${picture.height}, ${[...colours].join()}`;
        return (isTheirs && frames >= MOVING_FRAMES) || seen;
      },
      deadlineMs,
    );
  }

  /** Letters on the other's shared screen stand out sharply, in a picture of at least that height, pixels. */
  async expectReadsScreenOf(other: Person, minHeight: number): Promise<void> {
    const screen = this.screenOf(other);
    await this.waitFor(screen);
    await eventually(`${this.name} reads the screen of ${other.name}`, async () => {
      const [shown] = await this.tab.runOn(
        screen,
        (_, element) => window.jumpaProbe.shown(element, true),
        null,
      );
      if (!shown?.isPainted) return 'not painted';
      const { height, sharpness } = shown;
      return (height >= minHeight && sharpness > 0.5) || `${height} px, sharpness ${sharpness}`;
    });
  }

  /** The other's tile is there without a picture. */
  async expectSeesNoPictureOf(other: Person): Promise<void> {
    await eventually(`${this.name} sees no picture of ${other.name}`, async () => {
      const picture = await this.#picture(this.tileOf(other));
      return picture?.isPainted ? 'a picture is painted' : true;
    });
  }

  /** The other's voice is heard, and stands out from those who are silent. */
  async expectHears(other: Person, silent: readonly Person[] = []): Promise<number> {
    const pitches = silent.map((person) => person.identity.toneHz);
    return eventually(`${this.name} hears ${other.name}`, () =>
      this.#hearing.look(other.identity.toneHz, pitches),
    );
  }

  /** The other's voice stays away for a while. */
  async expectDoesNotHear(other: Person): Promise<void> {
    let silentSince: number | null = null;
    await eventually(`${this.name} does not hear ${other.name}`, async () => {
      const look: Look = await this.#hearing.lookForSilence(other.identity.toneHz);
      if (look !== true) {
        silentSince = null;
        return look;
      }
      silentSince ??= performance.now();
      const silentMs = performance.now() - silentSince;
      return silentMs >= SILENCE_MS || `silent for ${silentMs.toFixed(0)} ms`;
    });
  }

  /** A message stands in the open chat. */
  async expectMessage(text: string): Promise<void> {
    await this.open('chat');
    await eventually(`${this.name} reads the message "${text}"`, async () => {
      const count = await this.countMessages(text);
      return count > 0 || 'not in the chat';
    });
  }

  /** How often a message stands in the open chat. */
  async countMessages(text: string): Promise<number> {
    const panel = { role: 'complementary', name: this.say('chat.title') };
    const list = { role: 'log', name: /^/, within: panel };
    if (!(await this.tab.isThere(list))) return 0;
    return this.tab.runOn(
      list,
      (wanted, element) => (element.textContent ?? '').split(wanted).length - 1,
      text,
    );
  }

  /** Both directions, picture and voice. */
  async expectMeets(other: Person): Promise<void> {
    await this.expectSees(other);
    await other.expectSees(this);
    await this.expectHears(other);
    await other.expectHears(this);
  }

  /** Everything that arrives at this person's browser. */
  inbound(): Promise<Inbound[]> {
    return this.tab.run(() => window.jumpaProbe.inbound(), null);
  }

  /** The own tile says that it can be moved while it stands in a corner. */
  #ownTileName(): RegExp {
    const names = [this.say('common.name_you', { name: this.name }), this.say('tile.self_view')];
    return new RegExp(`^(?:${names.map(literal).join('|')})$`);
  }

  #stage(): Target {
    return { role: 'region', name: this.say('call.landmark_stage') };
  }

  async #picture(tile: Target): Promise<Shown | null> {
    if (!(await this.tab.isThere(tile))) return null;
    const [picture] = await this.tab.runOn(
      tile,
      (_, element) => window.jumpaProbe.shown(element),
      null,
    );
    return picture ?? null;
  }

  async #whatIsThere(role: string): Promise<string> {
    const names = await this.tab.run((asked) => window.jumpaProbe.names(asked), role);
    return `${role}s: ${names.map((name) => `"${name}"`).join(', ') || 'none'}`;
  }
}
