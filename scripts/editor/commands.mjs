// Starting other programs, the same way on every system.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { inProject } from './paths.mjs';

const require = createRequire(inProject('package.json'));

/** The folder of an installed npm package. */
export const packageFolder = (/** @type {string} */ name) => path.dirname(require.resolve(`${name}/package.json`));

/** The version of an installed npm package. */
export const packageVersion = (/** @type {string} */ name) => readManifest(name).version;

/**
 * The JavaScript file behind a command of an npm package. Starting it with Node avoids the shell scripts of
 * `node_modules/.bin`, which Windows cannot spawn without a shell.
 */
export function packageCommand(/** @type {string} */ name, /** @type {string} */ command = name) {
  const bin = readManifest(name).bin;
  return path.join(packageFolder(name), typeof bin === 'string' ? bin : bin[command]);
}

function readManifest(/** @type {string} */ name) {
  // Some packages do not export their package.json, so the folder is looked up by hand.
  return JSON.parse(readFileSync(inProject('node_modules', name, 'package.json'), 'utf8'));
}

/** The first of the given programs that is on the PATH, as an absolute path. */
export function findOnPath(/** @type {string[]} */ ...names) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return names
    .flatMap((name) => folders.flatMap((folder) => endings.map((ending) => path.join(folder, name + ending))))
    .find((file) => existsSync(file));
}

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & { input?: string }} [options]
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>} the exit code, 127 when the program could
 *   not be started, and what it wrote when stdio is a pipe.
 */
export function runCommand(program, args, { input, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      // The command files of Windows (.cmd) start in a shell only.
      shell: process.platform === 'win32' && /\.(cmd|bat)$/i.test(program),
      ...options,
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.once('error', (error) => resolve({ code: 127, stdout, stderr: `${stderr}${error.message}\n` }));
    child.once('close', (code, signal) => resolve({ code: code ?? (signal ? 128 : 1), stdout, stderr }));
    if (input !== undefined) child.stdin?.end(input);
  });
}

/** Runs a program that writes to this terminal; resolves to its exit code. */
export async function runVisibly(
  /** @type {string} */ program,
  /** @type {readonly string[]} */ args,
  /** @type {import('node:child_process').SpawnOptions} */ options = {},
) {
  const { code } = await runCommand(program, args, {
    cwd: inProject(),
    stdio: ['ignore', 'inherit', 'inherit'],
    ...options,
  });
  return code;
}
