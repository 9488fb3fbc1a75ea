// Finds the desktop editor of this machine.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { findOnPath } from './commands.mjs';

const names = ['code', 'code-insiders', 'codium'];

/** Where installers put the command when it is not on the PATH. */
const usualPlaces = {
  darwin: ['/Applications', path.join(homedir(), 'Applications')].flatMap((folder) => [
    `${folder}/Visual Studio Code.app/Contents/Resources/app/bin/code`,
    `${folder}/Visual Studio Code - Insiders.app/Contents/Resources/app/bin/code-insiders`,
    `${folder}/VSCodium.app/Contents/Resources/app/bin/codium`,
  ]),
  win32: [process.env.LOCALAPPDATA, process.env.ProgramFiles]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      path.join(folder, 'Programs', 'Microsoft VS Code', 'bin', 'code.cmd'),
      path.join(folder, 'Microsoft VS Code', 'bin', 'code.cmd'),
      path.join(folder, 'Programs', 'VSCodium', 'bin', 'codium.cmd'),
    ]),
};

/** The command of an installed desktop editor, or undefined. */
export function findDesktopEditor() {
  const found = names.map((name) => findOnPath(name)).find((file) => file !== undefined && isDesktop(file));
  return found ?? usualPlaces[process.platform]?.find((file) => existsSync(file));
}

/** In a remote window `code` is a small program that cannot load an extension under development. */
const isDesktop = (/** @type {string} */ file) => !file.split(path.sep).includes('remote-cli');
