import { parseQuantity } from '#core/kubernetes/quantity.ts';
import { downwardRefs, type DownwardRef } from '#core/kubernetes/rules/container/downwardRefs.ts';
import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import { nearestName } from '#core/text/distance.ts';

const RESOURCES = ['limits', 'requests'].flatMap((list) =>
  ['cpu', 'memory', 'ephemeral-storage'].map((name) => `${list}.${name}`),
);

const POWERS = [0, 1, 2, 3, 4, 5, 6];

export const resourceFieldRef: PodRule = {
  id: 'POD13',
  title: 'A resourceFieldRef names a resource or divisor that cannot be given',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateContainerResourceFieldSelector, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A container can be told its limits and requests of CPU, memory, ephemeral storage and huge pages, divided by one unit: 1m or 1 for CPU, a
single k, M, G or Ki, Mi, Gi and so on for the others. In a volume it must be said of which container.`,
  subject: 'pod',
  check: (pod, report) => {
    for (const ref of downwardRefs(pod, 'resourceFieldRef', report)) {
      if (!lacksContainer(ref)) checkResource(ref);
      checkDivisor(ref);
    }
  },
};

function lacksContainer({ ref, path, holder, report }: DownwardRef): boolean {
  const view = ref.field('containerName');
  if (holder === 'env' || !(view.isAbsent || view.text === '')) return false;
  const message = 'The container is not named whose resource this is; in a volume it must be.';
  report({ at: view, path: `${path}.containerName`, cause: 'required', message });
  return true;
}

function checkResource({ ref, path, report }: DownwardRef): void {
  const view = ref.field('resource');
  const { text, content } = view;
  const at = { at: view, path: `${path}.resource` };
  if (text === '') report({ ...at, cause: 'required', message: 'The resource is empty.' });
  if (text === undefined || text === '' || isOffered(text)) return;
  const near = nearestName(text, RESOURCES);
  report({
    ...at,
    cause: 'unsupported',
    message: `${quoteText(text)} is no resource that can be given. There are ${listNames(RESOURCES, 'and')}.`,
    fixes: () =>
      near !== undefined && content?.kind === 'scalar' ? [replaceScalar(content, near, `Change to ${near}`)] : [],
  });
}

function isOffered(resource: string): boolean {
  return RESOURCES.includes(resource) || /^(?:limits|requests)\.hugepages-/.test(resource);
}

function checkDivisor({ ref, path, report }: DownwardRef): void {
  const view = ref.field('divisor');
  const resource = ref.field('resource').text;
  if (view.content?.kind !== 'scalar' || view.isUnknown || resource === undefined || !isOffered(resource)) return;
  const { text } = view.content;
  const isCpu = resource.endsWith('.cpu');
  if (isUnit(text, isCpu) !== false) return;
  const units = isCpu ? '1m or 1' : '1 or a single unit such as 1k, 1M, 1Ki or 1Mi';
  const message = `The divisor ${quoteText(text)} of ${resource} must be ${units}.`;
  report({ at: view, path: `${path}.divisor`, cause: 'invalid', message });
}

/** Whether an amount is one unit, however it is written; 0 is the same as none. Undefined when it is no amount at all. */
function isUnit(text: string, isCpu: boolean): boolean | undefined {
  const quantity = parseQuantity(text);
  if (!quantity) return undefined;
  const { value, suffix } = quantity;
  if (value === 0 || value === 1) return true;
  if (isCpu) return value === 1e-3;
  if (/[eE]\d/.test(text)) return false;
  const base = suffix.endsWith('i') ? 1024 : 1000;
  return POWERS.some((power) => value === base ** power);
}
