import { isOddIpAddress } from '#core/kubernetes/ip.ts';
import { repetitions } from '#core/kubernetes/rules/fields.ts';
import { filesOf } from '#core/kubernetes/rules/volume/files.ts';
import { sourceOf } from '#core/kubernetes/rules/volume/sources.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

/** Items of the pod that stand twice, where one would do or hides the other. */
export function warnOfRepeated({ spec, volumes }: PodView, report: Report): void {
  const aliases = spec.field('hostAliases').items;
  warnTwice(aliases, 'ip', 'address', report);
  warnTwice(spec.field('imagePullSecrets').items, 'name', 'secret', report);
  for (const volume of volumes) warnOfOverlaps(volume, report);
  const addresses = aliases.map((alias) => alias.field('ip'));
  for (const address of [...addresses, ...spec.at('dnsConfig', 'nameservers').items]) warnOfOddAddress(address, report);
}

function warnTwice(items: readonly NodeView[], key: string, what: string, report: Report): void {
  for (const [item, earlier] of repetitions(items, (one) => one.field(key).text)) {
    const name = item.field(key);
    report({
      at: name,
      cause: 'duplicate',
      message: `The ${what} ${quoteText(name.text ?? '')} stands twice; tools that merge lists keep one of them only.`,
      related: [{ at: earlier.field(key), message: 'It stands here before' }],
    });
  }
}

function warnOfOddAddress(address: NodeView, report: Report): void {
  if (address.text === undefined || !isOddIpAddress(address.text)) return;
  const message = `${quoteText(address.text)} is an unusual way to write an IP address, which later versions of Kubernetes will refuse.`;
  report({ at: address, cause: 'invalid', message });
}

/** Files of a volume of which one is in the place of another: the same path, or a path below a file. */
function warnOfOverlaps(volume: NodeView, report: Report): void {
  const source = sourceOf(volume);
  if (!source || source.isOpen) return;
  const paths = filesOf(source).flatMap(({ files }) => files.map(({ item }) => item.field('path')));
  const tokens = source.field('sources').items.map((item) => item.at('serviceAccountToken', 'path'));
  const all = [...paths, ...tokens].filter(({ text }) => text !== undefined && text !== '');
  for (const [index, path] of all.entries()) {
    const other = all.slice(0, index).find((earlier) => overlaps(path.text ?? '', earlier.text ?? ''));
    if (!other || isRefused(source, path, other)) continue;
    const [one, two] = [other, path].map(({ text }) => quoteText(text ?? ''));
    const message =
      one === two
        ? `The file ${one} is made twice in this volume, so one hides the other.`
        : `The files ${one} and ${two} are in each other's place: one of them would have to be a directory.`;
    report({ at: path, cause: 'duplicate', message, related: [{ at: other, message: 'The other file' }] });
  }
}

/** The same path twice is refused in a projected volume (VOL06), but for tokens. */
function isRefused(source: NodeView, path: NodeView, other: NodeView): boolean {
  const isToken = [path, other].some(({ parent }) => parent?.step === 'serviceAccountToken');
  return source.step === 'projected' && !isToken && path.text === other.text;
}

function overlaps(path: string, other: string): boolean {
  const [one, two] = [path, other].map((text) => `${text.replace(/\/+$/, '')}/`);
  return one !== undefined && two !== undefined && (one.startsWith(two) || two.startsWith(one));
}
