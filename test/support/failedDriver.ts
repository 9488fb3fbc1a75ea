import type { JudgedCluster } from '#core/live/view.ts';
import { sparkLive } from '#core/systems/spark/live.ts';
import { makeCustom, makeEnd, makeNamespace, makeState, NOW, timeAgo } from '#test/support/jobObjects.ts';
import { API, driver, driverInfo, spec } from '#test/support/sparkObjects.ts';

/** A Spark application whose driver has failed, with its pod still there, as the watch would show it. */
export function gatherFailedDriver(): JudgedCluster {
  const resource = makeCustom(API, 'SparkApplication', 'daily-report', {
    spec,
    status: {
      applicationState: { state: 'FAILED', errorMessage: 'driver container failed with ExitCode: 1, Reason: Error' },
      driverInfo,
      executionAttempts: 4,
      submissionAttempts: 1,
      lastSubmissionAttemptTime: timeAgo(600),
      terminationTime: timeAgo(60),
    },
  });
  const pod = driver({ phase: 'Failed', states: [makeState('spark-kubernetes-driver', { ended: makeEnd(1) })] });
  const [cluster] = sparkLive.gather(makeNamespace({ customs: [resource], pods: [pod] }));
  if (cluster === undefined) throw new Error('no data cluster');
  const members = cluster.members.map((member) => ({
    member,
    health: sparkLive.memberHealth(member, cluster, undefined, NOW),
  }));
  return { cluster, health: sparkLive.health(cluster, undefined, NOW), members, inside: undefined };
}
