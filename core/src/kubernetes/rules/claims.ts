import { checkDnsSubdomain } from '#core/kubernetes/names.ts';
import { reportUnsupported } from '#core/kubernetes/rules/choices.ts';
import { reportMalformed } from '#core/kubernetes/rules/fields.ts';
import { reportSelector } from '#core/kubernetes/rules/selector.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

const ACCESS_MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

/** As kubectl prints them, which is not how they are written. */
const SHORT_MODES: Readonly<Record<string, string>> = {
  RWO: 'ReadWriteOnce',
  ROX: 'ReadOnlyMany',
  RWX: 'ReadWriteMany',
  RWOP: 'ReadWriteOncePod',
};

/**
 * Reports what is wrong in the spec of a claim, of its own or as a template. Source: k8s.io/kubernetes pkg/apis/core/validation
 * ValidatePersistentVolumeClaimSpec; confirmed against kube-apiserver 1.34.4.
 */
export function reportClaim(spec: NodeView, report: Report): void {
  reportAccessModes(spec.field('accessModes'), report);
  reportStorage(spec, report);
  reportMalformed(spec.field('storageClassName'), 'storage class name', checkDnsSubdomain, report);
  const volumeMode = { what: 'volume mode', allowed: ['Filesystem', 'Block'], cause: 'unsupported' } as const;
  reportUnsupported(spec.field('volumeMode'), { ...volumeMode, empty: 'refused' }, report);
  reportSources(spec, report);
  reportSelector(spec.field('selector'), report);
}

function reportAccessModes(modes: NodeView, report: Report): void {
  if (modes.count === 0) {
    const message = 'The claim has no access mode; ReadWriteOnce is the usual one for a disk of one pod.';
    report({ at: modes, cause: 'required', message });
  }
  const choice = { what: 'access mode', allowed: ACCESS_MODES, meant: SHORT_MODES, cause: 'unsupported' } as const;
  for (const mode of modes.items) {
    reportUnsupported(mode, { ...choice, path: modes.path, empty: 'refused' }, report);
  }
  const names = new Set(modes.items.map(({ text }) => text));
  if (!modes.isOpen && names.has('ReadWriteOncePod') && names.size > 1 && !names.has(undefined)) {
    const message = 'ReadWriteOncePod allows no other access mode beside it.';
    report({ at: modes, cause: 'forbidden', message });
  }
}

/** The server prints neither `requests` nor a dot. */
function reportStorage(spec: NodeView, report: Report): void {
  const storage = spec.at('resources', 'requests', 'storage');
  const path = `${spec.path}.resources[storage]`;
  const { quantity } = storage;
  if (storage.isAbsent) {
    const message = 'The claim does not say how much storage it requests, as resources.requests.storage.';
    report({ at: storage, cause: 'required', message, path });
  } else if (quantity !== undefined && quantity <= 0) {
    report({ at: storage, cause: 'invalid', message: 'The claim must request more than no storage.', path });
  }
}

function reportSources(spec: NodeView, report: Report): void {
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
