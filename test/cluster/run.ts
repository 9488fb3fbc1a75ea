// Live suites against a real cluster: the one of KUBECONFIG, or the local test bed. Refuses any cluster that is not
// marked as a test cluster.
//   NAME...    run only the suites of these names, also those that take minutes
import process from 'node:process';
import { createReport, StepFailure, type Report } from '../e2e/support/report.ts';
import { requireTestCluster } from './bed/mark.ts';
import { deployedWorkloads } from './bed/workloads/deploy.ts';
import { suites } from './suites/index.ts';
import { chooseAccess } from './support/chooseAccess.ts';
import type { Suite, TestCluster } from './support/suite.ts';

const write = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const report = createReport(write);
let skipped = 0;
try {
  await runAll(report, process.argv.slice(2));
} catch (error) {
  report.fail('the live suites could not run', error instanceof Error ? error.message : error);
}
write(`${report.passed} passed, ${report.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = report.failed === 0 && report.passed > 0 ? 0 : 1;

async function runAll(report: Report, names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) throw new Error(`No such suite. There are: ${suites.map(({ name }) => name).join(', ')}.`);
  const access = await chooseAccess();
  const mark = await requireTestCluster(access);
  if (!mark.hasNodes) throw new Error('This cluster has no nodes. Bring up one that has: npm run cluster up');
  const note = (text: string): void => write(`         ${text}`);
  const cluster: TestCluster = { access, mark, workloads: await deployedWorkloads(access), note };
  for (const suite of chooseSuites(names, cluster)) await runSuite(suite, cluster, report);
}

/** Named suites, or all whose workloads somebody deploys on purpose; the default ones must be there. */
function chooseSuites(names: readonly string[], cluster: TestCluster): Suite[] {
  if (names.length > 0) return suites.filter(({ name }) => names.includes(name));
  return suites.filter(
    ({ optional, isLong, needs }) => !isLong && (!optional || needs.every((one) => cluster.workloads.includes(one))),
  );
}

async function runSuite(suite: Suite, cluster: TestCluster, report: Report): Promise<void> {
  write(suite.name);
  const missing = suite.needs.filter((need) => !cluster.workloads.includes(need));
  if (missing.length > 0) {
    report.fail(suite.name, `It needs ${missing.join(', ')}: npm run cluster up ${missing.join(' ')}`);
    return;
  }
  for (const { title, run, skippedBecause } of suite.tests) {
    const reason = skippedBecause?.(cluster);
    if (reason !== undefined) {
      skipped += 1;
      write(`  skipped ${title}: ${reason}`);
      continue;
    }
    await report
      .step(title, () => run(cluster))
      .catch((error: unknown) => {
        if (!(error instanceof StepFailure)) throw error;
      });
  }
}
