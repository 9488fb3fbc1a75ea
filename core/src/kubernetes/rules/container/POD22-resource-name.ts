import { checkQualifiedName } from '#core/kubernetes/names.ts';
import { isStandard, resourceEntries, type ResourceEntry } from '#core/kubernetes/rules/container/resourceLists.ts';
import { renameKey } from '#core/lint/fixes/edits.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { nearestName } from '#core/text/distance.ts';

const NAMES = ['cpu', 'memory', 'ephemeral-storage'];

/** Words that lie near a name by their letters and mean something else. */
const OTHER_THINGS = /gpu|^storage$/i;

export const resourceName: PodRule = {
  id: 'POD22',
  title: 'A container asks for a resource that does not exist',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateContainerResourceName, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `Containers ask for \`cpu\`, \`memory\`, \`ephemeral-storage\` and \`hugepages-<size>\`. Everything else has the prefix of who hands it out, as
\`nvidia.com/gpu\` does.`,
  subject: 'pod',
  check: ({ containers }, report) => {
    for (const { view } of containers) {
      for (const list of ['limits', 'requests']) {
        for (const entry of resourceEntries(view.at('resources', list))) checkName(entry, report);
      }
    }
  },
};

function checkName({ name, view, path }: ResourceEntry, report: Report): void {
  const problem = explainName(name);
  if (problem === undefined) return;
  const { entry } = view;
  const near = OTHER_THINGS.test(name) || name.includes('/') ? undefined : nearestName(name, NAMES);
  report({
    at: view,
    ...(entry ? { range: entry.key.range } : {}),
    path,
    cause: 'invalid',
    message: `The resource name ${quoteText(name)} ${problem}${near === undefined ? '.' : `; did you mean ${near}?`}`,
    fixes: () => (near !== undefined && entry ? [renameKey(entry, near)] : []),
  });
}

function explainName(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (!name.includes('/') && !isStandard(name)) {
    return 'is none a container can ask for, and has no prefix such as that of example.com/device';
  }
  const problem = checkQualifiedName(name);
  if (problem !== undefined || name.includes('kubernetes.io/') || !name.includes('/')) return problem;
  // A quota counts the resource as "requests.<name>", so that must be a name as well.
  return name.startsWith('requests.') ? 'must not begin with "requests."' : checkQualifiedName(`requests.${name}`);
}
