import { ago } from '#core/live/durations.ts';
import { worstLevel, type Evidence, type Health, type HealthLevel } from '#core/live/model.ts';
import type { LivePod, LiveWorkload } from '#core/live/objects.ts';
import type { RecognizedOperator } from '#core/live/operators/recognize.ts';
import { describeEnd, podTrouble } from '#core/live/podTrouble.ts';

/** How long a restart of an operator is worth a word. */
const RECENT_MS = 60 * 60_000;

/** Whether an operator is alive. Without pods, which may be hidden, the numbers of its Deployment count alone. */
export function judgeOperator(
  workload: LiveWorkload,
  pods: readonly LivePod[],
  { operator }: RecognizedOperator,
  now: number,
): Health {
  const ofPods = pods.flatMap((pod) => judgePod(pod, now));
  const running = judgeRunning(workload, ofPods);
  const ended = operator.ended === undefined ? [] : [evidence('warning', `the project ${operator.ended}`)];
  const all = [running, ...ofPods, ...ended];
  const level = worstLevel(all.map((one) => one.level));
  return { level, sentence: all.map(({ text }) => text).join(', '), evidence: worstFirst(all) };
}

function judgeRunning({ replicas, readyReplicas }: LiveWorkload, ofPods: readonly Evidence[]): Evidence {
  if (replicas === 0) return evidence('warning', 'scaled to 0, nobody reconciles');
  const text = `${readyReplicas} of ${replicas} ready`;
  if (readyReplicas >= replicas) return evidence('healthy', text);
  const isStarting = ofPods.length > 0 && ofPods.every(({ level }) => level === 'working');
  if (readyReplicas > 0) return evidence(isStarting ? 'working' : 'warning', text);
  return evidence(isStarting ? 'working' : 'unhealthy', `${text}, nobody reconciles`);
}

/** What is wrong with a pod; else that one of its containers runs again after it ended. */
function judgePod(pod: LivePod, now: number): readonly Evidence[] {
  const { name } = pod.meta;
  const trouble = podTrouble(pod, now);
  if (trouble) return [{ ...evidence(trouble.level, `${name} ${trouble.sentence}`), member: name }];
  return pod.states.flatMap(({ isInit, state, restarts, lastEnd }): Evidence[] => {
    const at = lastEnd?.finishedAt;
    if (isInit || state !== 'running' || !lastEnd || at === undefined || now - at > RECENT_MS) return [];
    const times = restarts === 1 ? 'once' : `${restarts} times`;
    const text = `${name} was restarted ${times}, last ${ago(now - at)} after ${describeEnd(lastEnd)}`;
    return [{ ...evidence('warning', text), member: name, at }];
  });
}

function evidence(level: HealthLevel, text: string): Evidence {
  return { level, text, source: 'kubernetes' };
}

function worstFirst(all: readonly Evidence[]): readonly Evidence[] {
  const levels: readonly HealthLevel[] = ['unhealthy', 'warning', 'unknown', 'working', 'done', 'healthy'];
  return all.toSorted((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
}
