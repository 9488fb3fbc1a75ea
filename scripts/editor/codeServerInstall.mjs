// code-server is VS Code's own workbench behind a local web server: a real editor where no desktop is.
// It is installed on first use, by npm alone, into the cache folder, and found there from then on.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { findOnPath } from './commands.mjs';
import { compilerPackages, ensurePackages } from './debianPackages.mjs';
import { node24Environment, node24Headers, node24Program, node24Version } from './node24.mjs';
import { cacheFolder } from './paths.mjs';

const version = '4.139.1';
const entryInFolder = path.join('node_modules', 'code-server', 'out', 'node', 'entry.js');

/**
 * Returns the JavaScript file that starts code-server, after installing it when it is not there yet (about two minutes).
 * Throws an error that tells the reader what is missing on the machine.
 */
export async function ensureCodeServer() {
  const folder = path.join(
    cacheFolder(),
    `code-server-${version}-node${node24Version()}-${process.platform}-${process.arch}`,
  );
  const entry = path.join(folder, entryInFolder);
  if (!existsSync(entry)) {
    if (process.platform === 'win32') throw new Error('code-server does not run on Windows: install VS Code.');
    if (process.platform === 'linux') await ensurePackages(compilerPackages, 'Compiling code-server');
    await install(folder);
  }
  return entry;
}

/** Installs beside the final place and moves the result there, so that an interrupted run leaves nothing half-done. */
async function install(/** @type {string} */ folder) {
  const draft = `${folder}.installing-${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  writeFileSync(path.join(draft, 'package.json'), '{ "private": true }\n');
  try {
    await runNpm(draft);
    if (!existsSync(path.join(draft, entryInFolder))) throw new Error('npm left no code-server behind.');
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function runNpm(/** @type {string} */ folder) {
  const log = path.join(cacheFolder(), 'code-server-install.log');
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  process.stdout.write(
    `Installing code-server ${version} once, into ${folder}\n` +
      `(about 2 minutes and 620 MB; what npm says goes to ${log})\n`,
  );
  const tick = setInterval(() => process.stdout.write(`  still installing, ${seconds()} s\n`), 15_000);
  const code = await npmInstall(folder, log).finally(() => clearInterval(tick));
  if (code !== 0) throw new Error(`npm could not install code-server:\n${lastLines(log)}`);
  process.stdout.write(`code-server is installed, ${seconds()} s.\n`);
}

function npmInstall(/** @type {string} */ folder, /** @type {string} */ log) {
  const headers = node24Headers();
  const args = ['install', '--prefix', folder, '--omit=dev', '--no-audit', '--no-fund', '--ignore-scripts=false'];
  const { program, before } = npmCommand();
  const child = spawn(program, [...before, ...args, `code-server@${version}`], {
    cwd: folder,
    env: { ...node24Environment(), ...(headers ? { npm_config_nodedir: headers } : {}) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = createWriteStream(log);
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  return new Promise((resolve) => {
    const finish = (/** @type {number | null} */ code) => file.end(() => resolve(code ?? 1));
    child.once('error', (error) => {
      file.write(`${error.message}\n`);
      finish(127);
    });
    child.once('close', finish);
  });
}

/** npm itself, run by Node 24, because native modules are compiled for the Node that runs npm. */
function npmCommand() {
  const script = process.env.npm_execpath;
  const isScript = script !== undefined && /npm-cli\.c?js$/.test(script);
  return isScript
    ? { program: node24Program(), before: [script] }
    : { program: findOnPath('npm') ?? 'npm', before: [] };
}

const lastLines = (/** @type {string} */ file) =>
  readFileSync(file, 'utf8').trimEnd().split('\n').slice(-25).join('\n');
