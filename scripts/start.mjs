// Opens a real editor with the extension on the samples.
//   --browser       use code-server even when a desktop editor is installed
//   --no-open       print the address only, do not open the browser
//   --port NUMBER   the port of code-server (default: any free one)
//   FOLDER          the folder to open (default: samples)
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { freePort, installExtension, prepareProfile, startCodeServer } from './editor/codeServer.mjs';
import { ensureCodeServer } from './editor/codeServerInstall.mjs';
import { findOnPath, runCommand, runVisibly } from './editor/commands.mjs';
import { findDesktopEditor } from './editor/desktop.mjs';
import { cacheFolder, inProject } from './editor/paths.mjs';
import { quietSettings } from './editor/settings.mjs';
import { packageExtension } from './package.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    browser: { type: 'boolean', default: false },
    open: { type: 'boolean', default: true },
    port: { type: 'string' },
  },
  allowNegative: true,
});
const folder = path.resolve(positionals[0] ?? inProject('samples'));

try {
  const desktop = values.browser ? undefined : findDesktopEditor();
  process.exitCode = desktop === undefined ? await serveInBrowser() : await openDesktop(desktop);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function openDesktop(/** @type {string} */ program) {
  process.stdout.write(`Opening ${folder} in ${program}\n`);
  const args = [`--extensionDevelopmentPath=${inProject()}`, '--new-window', folder];
  return runVisibly(program, process.platform === 'win32' ? args.map((text) => `"${text}"`) : args);
}

async function serveInBrowser() {
  const entry = await ensureCodeServer();
  const profile = prepareProfile(path.join(cacheFolder(), 'start-profile'), quietSettings);
  const vsix = path.join(tmpdir(), `data-clusters-start-${process.pid}.vsix`);
  await packageExtension(vsix);
  await installExtension(entry, profile, vsix);
  const port = values.port === undefined ? await freePort() : Number(values.port);
  const server = await startCodeServer({ entry, profile, port });
  const address = `${server.url}?folder=${encodeURIComponent(folder)}`;
  process.stdout.write(`\nThe editor is at  ${address}\nCtrl-C stops it.\n`);
  if (values.open) await openBrowser(address);
  return waitForEnd(server);
}

/** Opens the address where there is a desktop to open it on; elsewhere the printed address is the result. */
async function openBrowser(/** @type {string} */ address) {
  const hasDesktop = process.platform === 'darwin' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
  const program = findOnPath(process.platform === 'darwin' ? 'open' : 'xdg-open');
  if (hasDesktop && program !== undefined) await runCommand(program, [address]);
}

function waitForEnd(server) {
  return new Promise((resolve) => {
    const stop = () => void server.stop().then(() => resolve(0));
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    server.child.once('exit', (code) => resolve(code ?? 0));
  });
}
