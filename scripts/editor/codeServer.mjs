// Starts and stops code-server with a profile of its own; nothing of the user's home is read or written.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from './commands.mjs';
import { node24Program } from './node24.mjs';

const startLimit = 60_000;
const stopLimit = 5000;

/**
 * Any free port of this machine.
 * @returns {Promise<number>}
 */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => {
          if (address !== null && typeof address === 'object') resolve(address.port);
          else reject(new Error('The machine gave no port.'));
        });
      });
  });
}

/** A profile folder: user data, extensions and the configuration file that keeps code-server out of ~/.config. */
export function prepareProfile(/** @type {string} */ folder, /** @type {Record<string, unknown>} */ settings) {
  const profile = {
    folder,
    userData: path.join(folder, 'user-data'),
    extensions: path.join(folder, 'extensions'),
    configuration: path.join(folder, 'config.yaml'),
    log: path.join(folder, 'code-server.log'),
  };
  mkdirSync(path.join(profile.userData, 'User'), { recursive: true });
  mkdirSync(profile.extensions, { recursive: true });
  writeFileSync(path.join(profile.userData, 'User', 'settings.json'), JSON.stringify(settings, undefined, 2));
  writeFileSync(profile.configuration, 'auth: none\n');
  return profile;
}

/** Installs a packaged extension into a profile; throws with what code-server said when it refuses. */
export async function installExtension(/** @type {string} */ entry, profile, /** @type {string} */ vsix) {
  const args = [entry, ...profileArguments(profile), '--install-extension', vsix, '--force'];
  const { code, stdout, stderr } = await runCommand(node24Program(), args, {
    env: editorEnvironment(),
  });
  if (code !== 0) throw new Error(`The editor refused ${vsix}:\n${stdout}${stderr}`);
}

/**
 * Starts code-server on this machine only and resolves when it answers.
 * The returned stop() ends the process group that was started here, and nothing else.
 */
export async function startCodeServer({ entry, profile, port, extraArguments = [], environment = {} }) {
  const child = spawn(
    node24Program(),
    [
      entry,
      ...profileArguments(profile),
      '--auth=none',
      `--bind-addr=127.0.0.1:${port}`,
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-workspace-trust',
      '--disable-getting-started-override',
      ...extraArguments,
    ],
    { env: { ...editorEnvironment(), ...environment }, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const log = createWriteStream(profile.log);
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const server = { url: `http://127.0.0.1:${port}/`, child, stop: () => stopGroup(child) };
  try {
    await waitUntilHealthy(server, profile.log);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

const profileArguments = (profile) => [
  `--config=${profile.configuration}`,
  `--user-data-dir=${profile.userData}`,
  `--extensions-dir=${profile.extensions}`,
];

/** No market place is asked, and a terminal inside another editor does not redirect the commands to that editor. */
function editorEnvironment() {
  const { VSCODE_IPC_HOOK_CLI: _, ...environment } = process.env;
  return { ...environment, EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
}

async function waitUntilHealthy(server, /** @type {string} */ log) {
  const deadline = Date.now() + startLimit;
  while (Date.now() < deadline) {
    if (server.child.exitCode !== null) throw new Error(`code-server ended at once; see ${log}`);
    if (await answers(`${server.url}healthz`)) return;
    await sleep(100);
  }
  throw new Error(`code-server did not answer within ${startLimit / 1000} s; see ${log}`);
}

const answers = (/** @type {string} */ url) =>
  fetch(url).then(
    (response) => response.ok,
    () => false,
  );

async function stopGroup(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  signalGroup(child, 'SIGTERM');
  await Promise.race([ended, sleep(stopLimit, undefined, { ref: false })]);
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child, /** @type {NodeJS.Signals} */ signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}
