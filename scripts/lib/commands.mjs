// Runs commands for the checks and tests: output is shown as it comes and kept.

import { spawn } from 'node:child_process';
import { ROOT } from './repository.mjs';

/**
 * Runs a program and resolves with its exit code and everything it printed.
 * @param {string[]} command program and arguments
 * @param {{ cwd?: string, quiet?: boolean, env?: Record<string, string> }} [options]
 */
export function run(command, { cwd = ROOT, quiet = false, env = {} } = {}) {
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = [];
    const keep = (target) => (chunk) => {
      output.push(chunk);
      if (!quiet) target.write(chunk);
    };
    child.stdout.on('data', keep(process.stdout));
    child.stderr.on('data', keep(process.stderr));
    child.on('error', (error) => resolve({ code: 127, output: `${program}: ${error.message}\n` }));
    child.on('close', (code, signal) =>
      resolve({ code: code ?? `signal ${signal}`, output: Buffer.concat(output).toString('utf8') }),
    );
  });
}

/** Seconds since `startMs`, for people. */
export function secondsSince(startMs) {
  return `${((Date.now() - startMs) / 1000).toFixed(1)} s`;
}
