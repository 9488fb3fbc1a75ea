// Builds as it is shipped, packs the extension into dist/data-clusters-VERSION.vsix and refuses one that is too big.
import { readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { packageCommand, runCommand } from './editor/commands.mjs';
import { node24Program } from './editor/node24.mjs';
import { inProject } from './editor/paths.mjs';

const megabyte = 1_000_000;
const sizeLimit = 3 * megabyte;

/** Writes a VSIX of what `dist` holds now; throws with the packager's words when it fails. */
export async function packageExtension(/** @type {string} */ target) {
  rmSync(target, { force: true });
  const args = ['package', '--no-dependencies', '--no-rewrite-relative-links', '--out', target];
  const { code, stdout, stderr } = await runCommand(
    node24Program(),
    [packageCommand('@vscode/vsce', 'vsce'), ...args],
    { cwd: inProject() },
  );
  if (code !== 0) throw new Error(`vsce could not package the extension:\n${stdout}${stderr}`);
  return stdout;
}

async function main() {
  const built = await runCommand(node24Program(), [inProject('scripts', 'build.mjs'), '--production'], {
    cwd: inProject(),
  });
  process.stdout.write(built.stdout);
  if (built.code !== 0) throw new Error(`The build failed:\n${built.stderr}`);
  const { name, version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  const target = inProject('dist', `${name}-${version}.vsix`);
  process.stdout.write(await packageExtension(target));
  const { size } = statSync(target);
  process.stdout.write(`${path.relative(inProject(), target)}: ${(size / megabyte).toFixed(2)} MB\n`);
  if (size > sizeLimit) {
    throw new Error(`The package is over its limit of ${sizeLimit / megabyte} MB.`);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
