import { isObject, listAt, textAt, timeAt } from '#core/json.ts';
import { creation, eventMoments, memberMoments, moment, momentAhead, orderStory } from '#core/live/jobs/story.ts';
import type { DataCluster, HealthLevel, StoryMoment } from '#core/live/model.ts';
import type { LiveCustom, LiveEvent } from '#core/live/objects.ts';
import { messageText } from '#core/live/plainText.ts';
import { isTfJob } from '#core/systems/tfjob/live/gatherTfJobs.ts';
import { readRunPolicy } from '#core/systems/tfjob/live/replicas.ts';
import { shortName } from '#core/systems/tfjob/live/replicaTrouble.ts';

/** What has happened to a training and what is ahead of it, oldest first. */
export function tellTraining(cluster: DataCluster, events: readonly LiveEvent[]): readonly StoryMoment[] {
  const { resource } = cluster;
  const ofPods = memberMoments(cluster, shortName);
  if (resource === undefined) return orderStory(ofPods);
  return orderStory([
    creation(resource),
    ...eventMoments(events, resource),
    ...conditionMoments(resource),
    ...ofPods,
    ...(isTfJob(resource) ? limits(resource) : []),
  ]);
}

const levels: ReadonlyMap<string, HealthLevel> = new Map<string, HealthLevel>([
  ['Failed', 'unhealthy'],
  ['Restarting', 'warning'],
]);

/** A condition that no longer holds tells when it ended, which its successor tells as well. */
function conditionMoments({ status }: LiveCustom): readonly StoryMoment[] {
  const conditions = listAt(status, 'conditions').filter(isObject);
  return conditions
    .filter((condition) => textAt(condition, 'status') === 'True')
    .map((condition) => {
      const type = textAt(condition, 'type');
      const message = messageText(textAt(condition, 'message'));
      const word = messageText(type, 63).toLowerCase();
      const at = timeAt(condition, 'lastTransitionTime') ?? timeAt(condition, 'lastUpdateTime');
      return moment(at, levels.get(type) ?? 'done', message === '' ? word : `${word}: ${message}`);
    });
}

function limits(resource: LiveCustom): readonly StoryMoment[] {
  const { status } = resource;
  const { deadlineSeconds, keptSeconds } = readRunPolicy(resource);
  const startedAt = timeAt(status, 'startTime');
  const endedAt = timeAt(status, 'completionTime');
  const isOver = ['Succeeded', 'Failed'].some((type) =>
    listAt(status, 'conditions').some((one) => textAt(one, 'type') === type && textAt(one, 'status') === 'True'),
  );
  return [
    momentAhead(
      isOver || deadlineSeconds === undefined || startedAt === undefined
        ? undefined
        : startedAt + deadlineSeconds * 1_000,
      'its deadline: what still runs is ended then',
    ),
    momentAhead(
      keptSeconds === undefined || endedAt === undefined ? undefined : endedAt + keptSeconds * 1_000,
      'to be deleted, as ttlSecondsAfterFinished says',
    ),
  ];
}
