import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServerMessage } from '../generated/protocol.js';

const FOLDER = fileURLToPath(
  new URL('../../../../../crates/protocol/tests/fixtures/', import.meta.url),
);

/** Names of the golden messages of the protocol that begin with `prefix`. */
export function fixtureNames(prefix: string): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.replace('.json', ''));
}

/** One golden message as it stands on the wire. */
export function fixtureText(name: string): string {
  return readFileSync(`${FOLDER}${name}.json`, 'utf8');
}

/** One golden message of the server. */
export function serverMessage<Type extends ServerMessage['type']>(
  name: string,
  type: Type,
): Extract<ServerMessage, { type: Type }> {
  const message: ServerMessage = JSON.parse(fixtureText(name));
  if (message.type !== type) throw new Error(`${name} is no ${type}`);
  return message as Extract<ServerMessage, { type: Type }>;
}
