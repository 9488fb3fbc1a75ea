import { keyOf, readDependencies, type ChartDependency } from '#core/charts/dependencies.ts';
import type { ChartRule } from '#core/charts/chartRule.ts';
import { itemsOf, nearestPlace, rangeOfPlace } from '#core/charts/rules/places.ts';
import { isVersionRange } from '#core/charts/semver.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { nodeAt, resolveAlias } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

export const dependencyFault: ChartRule = {
  id: 'HLM04',
  title: 'A dependency of a chart cannot be resolved',
  severity: 'error',
  source: 'Metadata.Validate (pkg/chart) and Resolver.Resolve (internal/resolver) of helm v3.22.0',
  fixable: false,
  subject: 'chart',
  refusedBy: 'nobody',
  why: 'Helm loads no chart with two dependencies of one name, and `helm dependency update` stops at a version that is no range and at a repository it cannot reach by its address.',
  roles: ['chart', 'requirements'],
  check: ({ document: { root } }, report) => {
    const items = itemsOf(nodeAt(root, ['dependencies'])).filter(([, item]) => resolveAlias(item)?.kind === 'map');
    const seen = new Set<string>();
    for (const [at, dependency] of readDependencies(root).entries()) {
      const index = items[at]?.[0] ?? at;
      const fault = findFault(dependency, seen);
      seen.add(keyOf(dependency));
      if (!fault) continue;
      const [field, message] = fault;
      const path = ['dependencies', index, field];
      report({ range: rangeOfPlace(nearestPlace(root, path)), path: formatPath(path), message });
    }
  },
};

/** The field that is at fault, and what is wrong with it. */
function findFault(dependency: ChartDependency, seen: ReadonlySet<string>): readonly [string, string] | undefined {
  const { name, version, repository, alias } = dependency;
  if (name === '') return ['name', 'A dependency needs the name of its chart.'];
  if (alias !== '' && !/^[A-Za-z0-9_-]+$/.test(alias)) {
    return [
      'alias',
      `The alias ${quoteText(alias)} may only have letters, digits, - and _. Helm does not load the chart.`,
    ];
  }
  if (seen.has(keyOf(dependency))) {
    const field = alias === '' ? 'name' : 'alias';
    return [
      field,
      `Another dependency is called ${keyOf(dependency)} already; give this one an alias of its own. Helm does not load the chart.`,
    ];
  }
  if (version === '') {
    return repository === ''
      ? undefined
      : [
          'version',
          `The dependency ${name} names no version, so helm dependency update refuses it. Write a range such as ^1.2.0.`,
        ];
  }
  if (!isVersionRange(version)) {
    return [
      'version',
      `${quoteText(version)} is no version and no range of versions, such as 1.2.3, ^1.2.0 or >=1.2 <2. helm dependency update refuses it.`,
    ];
  }
  if (repository === '' || /^(?:https?|oci|file|[a-z][a-z0-9+.-]*):\/\/|^@|^alias:/.test(repository)) return undefined;
  return [
    'repository',
    `${quoteText(repository)} is no address of a repository: it begins with https://, oci://, file://, @ or alias:.`,
  ];
}
