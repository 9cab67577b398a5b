import type { Tab } from './browser/Tab.ts';
import type { Look } from './eventually.ts';

/** A voice counts as heard above this, far over what concealment and comfort noise make. */
const HEARD_DB = -65;

/** A voice has to stand out from the pitches of silent people by this much. */
const APART_DB = 12;

/** Energy that a voice adds within one look; the unit is that of `totalAudioEnergy` (volts squared times seconds). */
const HEARD_ENERGY = 0.0005;

/**
 * Listens to what one page receives. Chromium tells voices apart by pitch; Firefox plays no sound on a machine
 * without a sound device, so there the received energy has to grow, whoever it comes from.
 */
export class Hearing {
  readonly #tab: Tab;
  #energyBefore: number | null = null;

  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** Whether the voice at `pitchHz` is heard now, and stands out from `others`, who are silent. */
  async look(pitchHz: number, others: readonly number[] = []): Promise<Look> {
    const levels = await this.#levels([pitchHz, ...others]);
    if (levels === null) return this.#lookAtEnergy();
    const [own = -200, ...rest] = levels;
    const loudestOther = Math.max(-200, ...rest);
    const isHeard = own > HEARD_DB && own - loudestOther > APART_DB;
    return (
      isHeard || `${own.toFixed(0)} dB at ${pitchHz} Hz, others up to ${loudestOther.toFixed(0)} dB`
    );
  }

  /** Whether the voice at `pitchHz` is silent now while others may speak. */
  async lookForSilence(pitchHz: number): Promise<Look> {
    const levels = await this.#levels([pitchHz]);
    if (levels === null) {
      const heard = await this.#lookAtEnergy();
      return heard === true ? 'energy still grows' : true;
    }
    const [own = -200] = levels;
    return own < HEARD_DB - APART_DB || `${own.toFixed(0)} dB at ${pitchHz} Hz`;
  }

  #levels(pitchesHz: number[]): Promise<number[] | null> {
    return this.#tab.run((pitches) => window.jumpaProbe.loudness(pitches), pitchesHz);
  }

  async #lookAtEnergy(): Promise<Look> {
    const received = await this.#tab.run(() => window.jumpaProbe.inbound(), null);
    const energy = received.reduce((sum, { totalAudioEnergy }) => sum + totalAudioEnergy, 0);
    const before = this.#energyBefore;
    this.#energyBefore = energy;
    const grown = energy - (before ?? energy);
    return grown > HEARD_ENERGY || `energy ${energy.toFixed(4)}, grown by ${grown.toFixed(5)}`;
  }
}
