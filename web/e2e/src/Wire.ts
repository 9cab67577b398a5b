import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** The TCP way from a browser to the server, which a test can cut. Media takes its own way over UDP. */
export class Wire {
  readonly #port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(port: number, server: Server) {
    this.#port = port;
    this.#server = server;
  }

  /** Opens a way to `port` of this machine. */
  static async to(port: number): Promise<Wire> {
    const server = createServer();
    const wire = new Wire(port, server);
    server.on('connection', (socket) => wire.#forward(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  /** Address that a browser uses instead of the server's. */
  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Number of connections that stand. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Breaks every connection and refuses new ones. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Lets new connections through again. */
  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #forward(socket: Socket): void {
    if (this.#isCut) {
      socket.resetAndDestroy();
      return;
    }
    const upstream = connect(this.#port, '127.0.0.1');
    this.#sockets.add(socket);
    const end = () => {
      this.#sockets.delete(socket);
      socket.destroy();
      upstream.destroy();
    };
    for (const side of [socket, upstream]) side.on('error', end).on('close', end);
    socket.pipe(upstream);
    upstream.pipe(socket);
  }
}
