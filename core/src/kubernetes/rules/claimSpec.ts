import { checkDnsSubdomain } from '#core/kubernetes/names.ts';
import { reportMalformed, reportUnsupported } from '#core/kubernetes/rules/fields.ts';
import { checkLabelSelector } from '#core/kubernetes/rules/requirements.ts';
import type { Fix } from '#core/lint/finding.ts';
import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';

const ACCESS_MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

/** As kubectl prints them, which is not how they are written. */
const SHORT_MODES: Readonly<Record<string, string>> = {
  RWO: 'ReadWriteOnce',
  ROX: 'ReadOnlyMany',
  RWX: 'ReadWriteMany',
  RWOP: 'ReadWriteOncePod',
};

/** Reports what the server refuses in the spec of a claim. Source: k8s.io/kubernetes pkg/apis/core/validation ValidatePersistentVolumeClaimSpec, 1.34. */
export function checkClaimSpec(spec: NodeView, report: Report): void {
  checkAccessModes(spec.field('accessModes'), report);
  checkStorage(spec, report);
  reportMalformed(spec.field('storageClassName'), 'name of the storage class', checkDnsSubdomain, report);
  reportUnsupported(spec.field('volumeMode'), 'volume mode', ['Filesystem', 'Block'], report);
  checkSources(spec, report);
  checkLabelSelector(spec.field('selector'), report);
}

function checkAccessModes(modes: NodeView, report: Report): void {
  if (modes.count === 0) {
    const message = `The claim has no access mode; it needs one of ${listNames(ACCESS_MODES)}.`;
    report({ at: modes, cause: 'required', message });
  }
  // The server prints the path of the list.
  const printed: Report = (hit) => report({ ...hit, path: modes.path });
  for (const mode of modes.items) {
    if (!reportShortMode(mode, printed)) reportUnsupported(mode, 'access mode', ACCESS_MODES, printed);
  }
  const written = modes.items.map(({ text }) => text);
  const single = modes.items.find(({ text }) => text === 'ReadWriteOncePod');
  if (!single || modes.isOpen || !ACCESS_MODES.some((mode) => mode !== 'ReadWriteOncePod' && written.includes(mode)))
    return;
  const message = 'ReadWriteOncePod is for one pod alone, so it cannot stand beside other access modes.';
  report({ at: single, path: modes.path, cause: 'forbidden', message });
}

function checkStorage(spec: NodeView, report: Report): void {
  const storage = spec.at('resources', 'requests', 'storage');
  const path = `${spec.path}.resources[storage]`;
  if (storage.isAbsent) {
    report({ at: storage, path, cause: 'required', message: 'The claim does not say how much storage it requests.' });
  } else if (storage.quantity !== undefined && storage.quantity <= 0) {
    report({ at: storage, path, cause: 'invalid', message: 'The claim requests no storage; it must be more than 0.' });
  }
}

/** @returns whether it is one */
function reportShortMode(mode: NodeView, report: Report): boolean {
  const { text, content } = mode;
  const meant = SHORT_MODES[text ?? ''];
  if (text === undefined || meant === undefined || content?.kind !== 'scalar') return false;
  const message = `${quoteText(text)} is how kubectl prints an access mode; it is written ${meant}.`;
  const fixes = (): readonly Fix[] => [replaceScalar(content, meant, `Change to ${meant}`)];
  report({ at: mode, cause: 'unsupported', message, fixes });
  return true;
}

function checkSources(spec: NodeView, report: Report): void {
  const [source, reference] = [spec.field('dataSource'), spec.field('dataSourceRef')];
  if (spec.isOpen || !source.isPresent || !reference.isPresent || reference.field('namespace').isPresent) return;
  const differs = ['kind', 'name'].some((field) => {
    const [a, b] = [source.field(field).text, reference.field(field).text];
    return a !== undefined && b !== undefined && a !== b;
  });
  if (!differs) return;
  const message = 'dataSource and dataSourceRef name different things; one of them is enough.';
  report({
    at: source,
    cause: 'invalid',
    message,
    path: spec.path,
    related: [{ at: reference, message: 'The other' }],
  });
}
