import { CHART_FILE } from '#core/charts/chartFiles.ts';
import type { Chart } from '#core/charts/chart.ts';
import type { ChartRule } from '#core/charts/chartRule.ts';
import { lockDigest, lockDigestOfHelm2, readDependencies, type ChartDependency } from '#core/charts/dependencies.ts';
import { nearestPlace } from '#core/charts/rules/places.ts';
import { isExactVersion, isVersionRange } from '#core/charts/semver.ts';
import type { Severity } from '#core/lint/finding.ts';
import { listNames } from '#core/lint/structure/describe.ts';
import { nodeAt, textAt } from '#core/yaml/nodes.ts';

export const staleLock: ChartRule = {
  id: 'HLM05',
  title: 'The lock file of a chart does not belong to its dependencies',
  severity: 'warning',
  source: 'Manager.Build (pkg/downloader) and HashReq (internal/resolver) of helm v3.22.0',
  fixable: false,
  subject: 'chart',
  refusedBy: 'nobody',
  why: '`helm dependency build` takes what `Chart.lock` names, and refuses a lock that was written for other dependencies. Without a lock, a range can mean another version on every machine.',
  roles: ['chart', 'requirements'],
  check: ({ chart, path, document: { root } }, report) => {
    if (path !== chart.dependencyFile || chart.dependencies.length === 0) return;
    const found = nodeAt(root, ['dependencies']) && findFault(chart);
    if (!found) return;
    const { entry } = nearestPlace(root, ['dependencies']);
    if (entry) report({ range: entry.key.range, path: 'dependencies', ...found });
  },
};

interface LockFault {
  readonly message: string;
  readonly severity?: Severity;
}

function findFault(chart: Chart): LockFault | undefined {
  const wanted = chart.dependencies;
  const { lockFile } = chart;
  if (lockFile === undefined) return wanted.some(isOpen) ? NO_LOCK : undefined;
  const document = chart.document(lockFile);
  const digest = textAt(document?.root, ['digest']);
  if (!document || document.problems.length > 0 || digest === undefined) return undefined;
  const locked = readDependencies(document.root);
  const missing = wanted.filter(({ name }) => !locked.some((one) => one.name === name)).map(({ name }) => name);
  if (missing.length > 0) return tell(lockFile, `It does not have ${listNames(missing, 'and')}.`);
  // Helm puts the address of a repository that was added in place of its name, which only its own machine knows.
  if (wanted.some(({ repository }) => /^@|^alias:/.test(repository))) return undefined;
  const isSame = digest === lockDigest(wanted, locked, chart.source.digest);
  if (isSame || (isVersionOne(chart) && digest === lockDigestOfHelm2(wanted, chart.source.digest))) return undefined;
  return tell(lockFile, 'It was written for other versions, repositories or conditions.');
}

const NO_LOCK: LockFault = {
  severity: 'hint',
  message:
    'There is no Chart.lock, so these ranges can mean other versions elsewhere. helm dependency update writes one.',
};

function tell(lockFile: string, why: string): LockFault {
  return {
    message: `${lockFile} does not belong to these dependencies, so helm dependency build refuses it. ${why} Run helm dependency update.`,
  };
}

/** Whether it means another version tomorrow: a range of a repository. */
function isOpen({ version, repository }: ChartDependency): boolean {
  return repository !== '' && !repository.startsWith('file://') && isVersionRange(version) && !isExactVersion(version);
}

function isVersionOne(chart: Chart): boolean {
  return textAt(chart.root(CHART_FILE), ['apiVersion']) !== 'v2';
}
