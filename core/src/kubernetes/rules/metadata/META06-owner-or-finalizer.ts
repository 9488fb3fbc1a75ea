import { checkQualifiedName } from '#core/kubernetes/names.ts';
import { reportMissing } from '#core/kubernetes/rules/fields.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const ownerOrFinalizer: ObjectRule = {
  id: 'META06',
  title: 'An owner or a finalizer of an object is malformed',
  severity: 'error',
  source: 'k8s.io/apimachinery pkg/api/validation ValidateOwnerReferences and ValidateFinalizers, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `Owners decide when an object goes, finalizers who must act before it does. An owner is named by version, kind, name and uid, and only
one may be the controller. A finalizer carries the domain of the program that takes it off again; without one nobody would.`,
  subject: 'object',
  check: (object, report) => {
    reportOwners(object, report);
    reportFinalizers(object, report);
  },
};

/** The server prints the paths without the index of the owner. */
function reportOwners({ metadata }: ObjectView, report: Report): void {
  const owners = metadata.field('ownerReferences');
  for (const field of owners.items.flatMap((owner) =>
    ['apiVersion', 'kind', 'name', 'uid'].map((name) => owner.field(name)),
  )) {
    const { text, step } = field;
    const path = `${owners.path}.${String(step)}`;
    reportMissing(field, `${String(step)} of the owner`, (hit) => report({ ...hit, path }), 'invalid');
    if (step === 'apiVersion' && text !== undefined && text !== '' && !/^(?:[^/]*\/)?[^/]+$/.test(text)) {
      const message = `${quoteText(text)} is no apiVersion, which is a version, or a group, "/" and a version.`;
      report({ at: field, cause: 'invalid', message, path });
    }
  }
  const [first, second] = owners.items.filter((owner) => owner.field('controller').boolean === true);
  if (!first || !second || owners.isOpen) return;
  const related = [{ at: first.field('controller'), message: 'The first controller' }];
  const message = 'Two owners say that they are the controller; only one can be.';
  report({ at: second.field('controller'), cause: 'invalid', message, path: owners.path, related });
}

/** Finalizers without a domain that the server knows (k8s.io/kubernetes pkg/apis/core/helper IsStandardFinalizerName). */
const STANDARD = ['kubernetes', 'orphan', 'foregroundDeletion'];

function reportFinalizers({ metadata, kind }: ObjectView, report: Report): void {
  const finalizers = metadata.field('finalizers');
  for (const at of finalizers.items) {
    const { text } = at;
    if (text === undefined) continue;
    const problem = checkQualifiedName(text);
    // Only built-in kinds ask for a domain.
    const isPlain = kind.since !== undefined && !text.includes('/') && !STANDARD.includes(text);
    if (problem !== undefined) {
      report({ at, cause: 'invalid', message: `The finalizer ${quoteText(text)} ${problem}.`, path: finalizers.path });
    } else if (isPlain) {
      report({ at, cause: 'invalid', message: `The finalizer ${quoteText(text)} has no domain before a "/".` });
    }
  }
  const names = finalizers.items.map(({ text }) => text);
  const second = finalizers.items[Math.max(names.indexOf('orphan'), names.indexOf('foregroundDeletion'))];
  if (!second || finalizers.isOpen || !names.includes('orphan') || !names.includes('foregroundDeletion')) return;
  const message = 'The finalizers orphan and foregroundDeletion exclude each other.';
  report({ at: second, cause: 'invalid', message, path: finalizers.path });
}
