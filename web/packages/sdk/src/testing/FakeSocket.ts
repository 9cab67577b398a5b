import type { ClientMessage, ServerMessage } from '../generated/protocol.js';
import type { SignalSocket } from '../SignalClient.js';

/** A WebSocket whose other end is the test. */
export class FakeSocket implements SignalSocket {
  onopen: ((event: Event) => unknown) | null = null;
  onclose: ((event: CloseEvent) => unknown) | null = null;
  onmessage: ((event: MessageEvent) => unknown) | null = null;
  /** What the client sent. */
  readonly sent: ClientMessage[] = [];
  isClosed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
  }

  /** The server takes the connection. */
  open(): void {
    this.onopen?.(new Event('open'));
  }

  /** The server, or the network, ends the connection. */
  drop(code = 1006): void {
    this.onclose?.({ code } as CloseEvent);
  }

  /** The server says something. */
  receive(message: ServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) } as MessageEvent);
  }

  /** The newest request of a type. */
  last<Type extends ClientMessage['type']>(type: Type): Extract<ClientMessage, { type: Type }> {
    const message = this.sent.findLast((request) => request.type === type);
    if (!message) {
      const types = this.sent.map((request) => request.type).join(', ');
      throw new Error(`no ${type} was sent, only: ${types}`);
    }
    return message as Extract<ClientMessage, { type: Type }>;
  }

  /** Answers the newest request of a type with `ok`. */
  ok(type: ClientMessage['type']): void {
    this.receive({ type: 'ok', request_id: this.last(type).request_id });
  }
}
