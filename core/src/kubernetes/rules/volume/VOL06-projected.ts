import { repetitions, reportMalformed, reportMissing } from '#core/kubernetes/rules/fields.ts';
import { filesOf } from '#core/kubernetes/rules/volume/files.ts';
import { checkPathInVolume } from '#core/kubernetes/rules/volume/paths.ts';
import { checkedVolumes, sourceNamed } from '#core/kubernetes/rules/volume/sources.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';

const KINDS = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken'];
const SHORTEST_TOKEN = 600;
const LONGEST_TOKEN = 2 ** 32;

export const projected: PodRule = {
  id: 'VOL06',
  title: 'A source of a projected volume is wrong',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateProjectionSources, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A projected volume puts several sources into one directory: each item of its list is one source, and no two make the same file. A
token of a service account lives for at least ten minutes.`,
  subject: 'pod',
  check: (pod, reportRaw) => {
    for (const { volume, report } of checkedVolumes(pod, reportRaw)) {
      const source = sourceNamed(volume, 'projected');
      if (!source) continue;
      for (const projection of source.field('sources').items) {
        reportSeveral(projection, report);
        checkToken(projection.field('serviceAccountToken'), source, report);
      }
      reportSameFile(source, report);
    }
  },
};

function reportSeveral(projection: NodeView, report: Report): void {
  const kinds = KINDS.filter((kind) => projection.field(kind).isPresent);
  const [first = '', second] = kinds;
  if (second === undefined || projection.isOpen) return;
  report({
    at: projection.field(second),
    path: projection.path,
    cause: 'forbidden',
    message: `This item of sources has ${listNames(kinds, 'and')}; each must be an item of its own.`,
    related: [{ at: projection.field(first), message: 'The first source' }],
  });
}

function checkToken(token: NodeView, source: NodeView, report: Report): void {
  const seconds = token.field('expirationSeconds');
  if (seconds.integer !== undefined && (seconds.integer < SHORTEST_TOKEN || seconds.integer > LONGEST_TOKEN)) {
    const message = `The token would live for ${seconds.integer} seconds; it must be at least ${SHORTEST_TOKEN} and at most ${LONGEST_TOKEN}.`;
    report({ at: seconds, cause: 'invalid', message });
  }
  // The server prints the path of the token without the list.
  const printed: Report = (hit) => report({ ...hit, path: `${source.path}.path` });
  reportMissing(token.field('path'), 'path of the token', printed);
  reportMalformed(token.field('path'), 'path', checkPathInVolume, printed);
}

function reportSameFile(source: NodeView, report: Report): void {
  if (source.isOpen) return;
  const items = filesOf(source).flatMap(({ files }) => files.map(({ item }) => item));
  for (const [item, earlier] of repetitions(items, (one) => one.field('path').text)) {
    const at = item.field('path');
    report({
      at,
      path: source.path,
      cause: 'invalid',
      message: `Two sources of this volume make the file ${quoteText(at.text ?? '')}.`,
      related: [{ at: earlier.field('path'), message: 'It is made here before' }],
    });
  }
}
