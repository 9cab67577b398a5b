/**
 * Typed events for a few listeners. A listener that throws does not keep the others from hearing.
 */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

  /** Calls `listener` at each `name` event until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    let set = this.#listeners.get(name);
    if (!set) {
      set = new Set();
      this.#listeners.set(name, set);
    }
    // A wrapper of its own, so that one function can listen twice and stop once.
    const entry = (event: never): void => listener(event);
    set.add(entry);
    return () => {
      set.delete(entry);
    };
  }

  /** Tells every listener of `name`; errors of listeners surface as uncaught errors of the page. */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(event as never);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
