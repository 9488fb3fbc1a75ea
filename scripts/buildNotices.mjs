// The licences of the packages that end up in the bundles, as their authors ask for.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { inProject } from './editor/paths.mjs';

const licenceFile = /^(licen[cs]e|notice|copying)(\.|$)/i;

/** One text with name, version and licence of every package named in the bundler's metafiles. */
export function collectNotices(/** @type {readonly import('esbuild').Metafile[]} */ metafiles) {
  const inputs = metafiles.flatMap(({ inputs: files }) => Object.keys(files));
  const folders = [...new Set([...inputs.flatMap(packageOf), 'node_modules/kubernetes-models'])];
  return folders.toSorted().map(describePackage).join('\n');
}

/** The folder of the innermost package that a bundled file belongs to. */
function packageOf(/** @type {string} */ file) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
  return match?.[1] === undefined ? [] : [match[1]];
}

function describePackage(/** @type {string} */ folder) {
  const manifest = JSON.parse(readFileSync(inProject(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(inProject(folder))
    .filter((name) => licenceFile.test(name))
    .map((name) => readFileSync(path.join(inProject(folder), name), 'utf8').trim());
  const title = `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})`;
  return [title, '-'.repeat(title.length), ...texts, ''].join('\n');
}
