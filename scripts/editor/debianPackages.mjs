// Programs and headers that come from the system, named by their Debian packages.
import { existsSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { findOnPath, runVisibly } from './commands.mjs';

/** How to see that a package is there without asking the package manager, which other systems do not have. */
const presence = {
  chromium: () => findOnPath('chromium', 'chromium-browser', 'google-chrome') !== undefined,
  neovim: () => findOnPath('nvim') !== undefined,
  'emacs-nox': () => findOnPath('emacs') !== undefined,
  'elpa-eglot': () => hasEglot(),
  'libkrb5-dev': () => existsSync('/usr/include/gssapi/gssapi.h') || process.platform !== 'linux',
  'g++': () => findOnPath('g++', 'c++', 'clang++') !== undefined,
  make: () => findOnPath('make', 'gmake') !== undefined,
  pngquant: () => findOnPath('pngquant') !== undefined,
  python3: () => findOnPath('python3') !== undefined,
};

/** What compiling code-server's native modules takes. */
export const compilerPackages = ['g++', 'make', 'python3', 'libkrb5-dev'];

/** What the editor tests drive. */
export const editorPackages = ['chromium', 'neovim', 'emacs-nox', 'elpa-eglot'];

/** Those of the given packages that are not there. */
export const missingPackages = (/** @type {readonly string[]} */ names) => names.filter((name) => !presence[name]());

/**
 * Sees to it that the packages are there: installs them when this user may, otherwise throws an error that names the
 * command to run.
 */
export async function ensurePackages(/** @type {readonly string[]} */ names, /** @type {string} */ purpose) {
  const missing = missingPackages(names);
  if (missing.length === 0) return;
  const mayInstall = process.getuid?.() === 0 && findOnPath('apt-get') !== undefined;
  if (mayInstall) await installPackages(missing);
  const stillMissing = missingPackages(missing);
  if (stillMissing.length === 0) return;
  throw new Error(
    `${purpose} needs ${stillMissing.join(', ')}. On Debian or Ubuntu:\n` +
      `  sudo apt-get install ${stillMissing.join(' ')}`,
  );
}

async function installPackages(/** @type {readonly string[]} */ names) {
  process.stdout.write(`Installing ${names.join(', ')} with apt-get.\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  /** @type {import('node:child_process').SpawnOptions} */
  const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  await runVisibly('apt-get', ['-qq', 'update'], quiet);
  await runVisibly('apt-get', ['-qq', '-y', 'install', '--no-install-recommends', ...names], quiet);
}

/** Eglot is a package of its own before Emacs 29 and comes with Emacs from then on. */
function hasEglot() {
  const folders = ['/usr/share/emacs/site-lisp/elpa-src', ...emacsFolders()];
  return folders
    .filter((folder) => existsSync(folder))
    .some((folder) => readdirSync(folder).some((name) => name.startsWith('eglot')));
}

function emacsFolders() {
  const top = '/usr/share/emacs';
  return existsSync(top) ? readdirSync(top).map((name) => `${top}/${name}/lisp/progmodes`) : [];
}
