// usage: node scripts/fuzz_api.mjs [examples] [seed]
// Sends what openapi.json allows, and what it forbids, to every operation of a real server: as an operator,
// as the owner of a tenant, and with the API key of an app. Fails when an answer is not what the document says, when
// something forbidden is taken, or when the server says that it is at fault. `examples` for each operation; 15. `seed` chooses them; 1.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { run } from './lib/commands.mjs';
import { ROOT } from './lib/repository.mjs';

const [EXAMPLES = '15', SEED = '1'] = process.argv.slice(2);
const CACHE = join(homedir(), '.cache/jumpa');
const PROGRAM =
  process.env.JUMPA_BIN ??
  join(process.env.CARGO_TARGET_DIR ?? join(CACHE, 'target'), 'debug/jumpa');
const TOOL = process.env.JUMPA_SCHEMATHESIS ?? join(CACHE, 'schemathesis/bin/schemathesis');
const READY_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;
const PASSWORD = 'kata sandi yang panjang';

/** What is left out: it would end the session that the run needs. */
const LEFT_OUT = ['/v1/logout'];

/** Semantic rules stand in no schema, and every refusal has a test of its own. */
const CHECKS_LEFT_OUT = 'positive_data_acceptance';

const folder = mkdtempSync(join(tmpdir(), 'jumpa-api-fuzz-'));
const data = join(folder, 'data');
const readyFile = join(folder, 'ready.json');

/** What the server may not count: the API key asks as often as the machine is fast. */
const LIMITS = ['key_reads', 'key_changes', 'address_reads', 'address_changes']
  .map((limit) => `${limit}_per_minute = 1_000_000\n`)
  .join('');

/** Starts the server behind a trusted proxy on https, which this script plays. */
async function start() {
  const config = join(folder, 'jumpa.toml');
  writeFileSync(
    config,
    `[http]\ntrusted_proxies = ["127.0.0.1"]\n[api]\n${LIMITS}[admin]\nlisten = "off"\n`,
  );
  const flags = ['--listen', '127.0.0.1:0', '--media-port', '0', '--ready-file', readyFile];
  const server = spawn(PROGRAM, ['serve', '--config', config, '--data', data, ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  server.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(existsSync(readyFile) && readFileSync(readyFile, 'utf8').endsWith('}\n'))) {
    if (server.exitCode !== null || Date.now() > deadline) throw new Error(`no server:\n${log}`);
    await pause(LOOK_EVERY_MS);
  }
  return { server, ready: JSON.parse(readFileSync(readyFile, 'utf8')), log: () => log };
}

/** Sends one request as a browser behind the proxy would. */
async function post(address, path, body, cookie) {
  const response = await fetch(`${address}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: address.replace('http:', 'https:'),
      'x-forwarded-proto': 'https',
      ...(cookie && { cookie: `__Host-jumpa=${cookie}` }),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  const session = /__Host-jumpa=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1];
  return { answer: await response.json(), session };
}

/** An operator, the owner of a tenant with an app, and the app's back end. */
async function settle({ address, first_login_url: link }) {
  const token = new URL(link).searchParams.get('token');
  const operator = await post(address, '/v1/first_login', {
    token,
    email: 'ops@jumpa.example',
    name: 'Ops',
    password: PASSWORD,
  });
  const create = (name) =>
    post(
      address,
      '/v1/operator/tenants',
      { name, owner: { email: 'siti@melati.example' }, app: { name } },
      operator.session,
    );
  const { answer: tenant } = await create('Toko Melati');
  const { answer: other } = await create('Klinik Sehat');
  const owner = await post(address, '/v1/invitation_links/accept', {
    token: new URL(tenant.invitation.link).searchParams.get('token'),
    name: 'Siti',
    password: PASSWORD,
  });
  const path = `/v1/apps/${tenant.app.id}/api_keys`;
  const { answer: apiKey } = await post(address, path, { name: 'booking' }, owner.session);
  return [
    {
      who: 'operator',
      auth: { session: { api_key: operator.session } },
      parameters: { tenant_id: other.tenant.id, app_id: other.app.id },
    },
    {
      who: 'owner',
      auth: { session: { api_key: owner.session } },
      parameters: {
        app_id: tenant.app.id,
        key_id: tenant.key.id,
        'X-Jumpa-Tenant': tenant.tenant.id,
      },
    },
    {
      who: 'api_key',
      auth: { api_key: { bearer: apiKey.secret } },
      parameters: { app_id: tenant.app.id },
    },
  ];
}

/** One run of the tool. Resolves with its exit code and what it printed. */
function attack(address, { who, auth, parameters }) {
  const config = join(folder, `${who}.toml`);
  const lines = [
    ...Object.entries(auth).flatMap(([scheme, given]) => [
      `[auth.openapi.${scheme}]`,
      ...Object.entries(given).map(([kind, secret]) => `${kind} = ${JSON.stringify(secret)}`),
    ]),
    // Bodies beyond the limit are refused as such (RFC 9110, section 15.5.14); the tool does not count on it.
    '[checks.negative_data_rejection]',
    'expected-statuses = ["400", "401", "403", "404", "409", "413", "415", "422", "428", "429"]',
    // 502 says that another server is at fault: an identity provider that does not answer (RFC 9110, section 15.6.3).
    '[checks.not_a_server_error]',
    'expected-statuses = ["2xx", "3xx", "4xx", "502"]',
    '[parameters]',
    ...Object.entries(parameters).map(([name, value]) => `"${name}" = ${JSON.stringify(value)}`),
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const flags = [
    ['--config-file', config],
    ['run', join(ROOT, 'crates/api/openapi.json'), '--url', address],
    ['--max-examples', EXAMPLES, '--seed', SEED, '--phases', 'coverage,fuzzing'],
    ['--continue-on-failure', '--exclude-checks', CHECKS_LEFT_OUT, '--warnings', 'off'],
    ['-H', `Origin: ${address.replace('http:', 'https:')}`, '-H', 'X-Forwarded-Proto: https'],
    LEFT_OUT.flatMap((path) => ['--exclude-path', path]),
  ];
  console.log(`\n== as ${who}`);
  const hooks = join(ROOT, 'scripts/api_fuzz/hooks.py');
  return run([TOOL, ...flags.flat()], { cwd: folder, env: { SCHEMATHESIS_HOOKS: hooks } });
}

const { server, ready, log } = await start();
try {
  const ended = once(server, 'exit');
  const codes = [];
  for (const actor of await settle(ready)) codes.push((await attack(ready.address, actor)).code);
  if (server.exitCode !== null) throw new Error(`the server ended:\n${log()}`);
  server.kill('SIGTERM');
  await ended;
  process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
} finally {
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
