import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.ts';

/** The program under test: the debug build unless `JUMPA_BIN` names another. */
const PROGRAM =
  process.env.JUMPA_BIN ??
  join(process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/jumpa/target'), 'debug/jumpa');

/** Ports of one server: pages, and media workers behind them. */
const PORTS_PER_SERVER = 16;

/** Below the ports that the system gives to connections: nobody takes one between two starts. */
const RESERVED = { from: 12_000, to: 30_000 };

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}

/** The first of so many free ports in a row. */
async function freePorts(): Promise<number> {
  const places = Math.floor((RESERVED.to - RESERVED.from) / PORTS_PER_SERVER);
  const start = process.pid % places;
  for (let index = 0; index < places; index += 1) {
    const first = RESERVED.from + ((start + index) % places) * PORTS_PER_SERVER;
    const ports = Array.from({ length: PORTS_PER_SERVER }, (_, offset) => first + offset);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return first;
  }
  throw new Error('no free ports for a server');
}

/** How long a server may take from its start to accepting calls, on a machine full of browsers. */
const START_DEADLINE_MS = 20_000;

/** What the server writes into its ready file. */
interface Ready {
  readonly address: string;
  readonly first_login_url: string | null;
  readonly media_port: number;
}

/** Options of a join token. */
export interface TokenOptions {
  readonly app: string;
  readonly room: string;
  readonly name: string;
  readonly isModerator?: boolean;
}

const execute = promisify(execFile);

/** A real `jumpa serve` with a data folder of its own, on free ports of this machine. */
export class Server {
  readonly #data = mkdtempSync(join(tmpdir(), 'jumpa-e2e-'));
  readonly #arguments: readonly string[];
  #process: ChildProcess | null = null;
  #ready: Ready | null = null;
  #app: string | null = null;
  #log = '';

  constructor(options: { arguments?: readonly string[] } = {}) {
    this.#arguments = options.arguments ?? [];
    if (!existsSync(PROGRAM)) {
      throw new Error(`${PROGRAM} does not exist: run \`make e2e\`, which builds it`);
    }
  }

  /** Everything the server has printed, over all its starts. */
  get log(): string {
    return this.#log;
  }

  /** Address of the HTTP side: `http://127.0.0.1:41234`. */
  get address(): string {
    return this.#started().address;
  }

  /** Port that the HTTP side listens on. */
  get port(): number {
    return Number(new URL(this.address).port);
  }

  /** The link with which the first operator sets the server up. */
  get firstLoginUrl(): string {
    const { first_login_url: url } = this.#started();
    if (url === null) throw new Error('the server has an operator already');
    return url;
  }

  /** App id of the clinic, whose key signs tokens and which lets guests in too. */
  get app(): string {
    if (this.#app === null) throw new Error('the server was not started');
    return this.#app;
  }

  get processId(): number {
    const id = this.#process?.pid;
    if (id === undefined) throw new Error('the server does not run');
    return id;
  }

  /** Starts the program; a second start takes the ports of the first, as a service manager would. */
  async start(): Promise<void> {
    this.#app ??= await this.#createApp();
    const readyFile = join(this.#data, 'ready.json');
    rmSync(readyFile, { force: true });
    const before = this.#ready;
    const first = before ? this.port : await freePorts();
    const listen = `127.0.0.1:${first}`;
    const mediaPort = before?.media_port ?? first + 1;
    this.#process = spawn(
      PROGRAM,
      [
        'serve',
        '--listen',
        listen,
        '--media-port',
        String(mediaPort),
        '--data',
        join(this.#data, 'data'),
        '--ready-file',
        readyFile,
        ...this.#arguments,
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, JUMPA__ADMIN__LISTEN: 'off' },
      },
    );
    const keep = (chunk: Buffer) => {
      this.#log += chunk.toString('utf8');
    };
    this.#process.stdout?.on('data', keep);
    this.#process.stderr?.on('data', keep);

    await eventually(
      'the server is ready',
      () => {
        if (this.#process?.exitCode !== null) throw new Error(`it ended:\n${this.#log}`);
        const isWritten = existsSync(readyFile) && readFileSync(readyFile, 'utf8').endsWith('}\n');
        return isWritten || this.#log.slice(-500);
      },
      START_DEADLINE_MS,
    );
    this.#ready = JSON.parse(readFileSync(readyFile, 'utf8')) as Ready;
  }

  /** Waits until a text stands in what the server keeps of its calls. */
  async expectKeeps(text: string): Promise<void> {
    const folder = join(this.#data, 'data', 'calls');
    await eventually(`the server keeps "${text}"`, () => {
      const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
      return files.some((file) => file.includes(text)) || `${files.length} files without it`;
    });
  }

  /** Ends the program without a chance to say goodbye. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends the program as a service manager does. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends the program and deletes its data. */
  async dispose(): Promise<void> {
    await this.#end('SIGKILL');
    rmSync(this.#data, { recursive: true, force: true });
  }

  /** Makes a join token with the program's own command. */
  async token({ app, room, name, isModerator = false }: TokenOptions): Promise<string> {
    const { stdout } = await execute(PROGRAM, [
      'token',
      '--data',
      join(this.#data, 'data'),
      '--app',
      app,
      '--room',
      room,
      '--name',
      name,
      ...(isModerator ? ['--moderator'] : []),
    ]);
    return stdout.trim();
  }

  async #createApp(): Promise<string> {
    const data = join(this.#data, 'data');
    const { stdout } = await execute(PROGRAM, [
      'app',
      'create',
      '--data',
      data,
      '--name',
      'Klinik Sehat',
      '--guests',
    ]);
    const id = /^app id +(\S+)$/m.exec(stdout)?.[1];
    if (!id) throw new Error(`no app id in: ${stdout}`);
    return id;
  }

  #started(): Ready {
    if (!this.#ready) throw new Error('the server was not started');
    return this.#ready;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => {
      running.once('exit', () => resolve());
    });
    running.kill(signal);
    await ended;
    this.#process = null;
  }
}
