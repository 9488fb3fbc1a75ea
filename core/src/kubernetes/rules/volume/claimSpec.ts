import { checkDnsSubdomain } from '#core/kubernetes/names.ts';
import { reportMalformed, reportUnsupported } from '#core/kubernetes/rules/fields.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { listNames } from '#core/lint/structure/describe.ts';

const ACCESS_MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

/** Reports what the server refuses in the spec of a claim. Source: k8s.io/kubernetes pkg/apis/core/validation ValidatePersistentVolumeClaimSpec, 1.34. */
export function checkClaimSpec(spec: NodeView, report: Report): void {
  checkAccessModes(spec.field('accessModes'), report);
  checkStorage(spec, report);
  reportMalformed(spec.field('storageClassName'), 'name of the storage class', checkDnsSubdomain, report);
}

function checkAccessModes(modes: NodeView, report: Report): void {
  if (modes.count === 0) {
    const message = `The claim has no access mode; it needs one of ${listNames(ACCESS_MODES)}.`;
    report({ at: modes, cause: 'required', message });
  }
  // The server prints the path of the list.
  const printed: Report = (hit) => report({ ...hit, path: modes.path });
  for (const mode of modes.items) reportUnsupported(mode, 'access mode', ACCESS_MODES, printed);
  const written = modes.items.map(({ text }) => text);
  const single = modes.items.find(({ text }) => text === 'ReadWriteOncePod');
  if (!single || !ACCESS_MODES.some((mode) => mode !== 'ReadWriteOncePod' && written.includes(mode))) return;
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
